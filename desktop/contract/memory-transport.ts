// Both ends of a line inside one process, for tests and for an engine in the same process.
import { Line } from './line.ts';
import type { Transport } from './transport.ts';

/**
 * Two connected ends. Messages are copied as JSON, so that nothing passes which a real line would not carry.
 */
export function transportPair(): [Transport, Transport] {
  const near: Line = end(() => far);
  const far: Line = end(() => near);
  return [near, far];
}

const end = (other: () => Line): Line =>
  new Line({
    send(message) {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => other().deliver(copy));
    },
    close: () => queueMicrotask(() => other().close()),
  });
