// Knows a message port of Electron by its shape only.
import type { Port } from '@imagebridge/desktop-contract';

/** True for what has the shape of a port. */
export function isPort(value: unknown): value is Port {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['on', 'postMessage', 'start', 'close'].every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
