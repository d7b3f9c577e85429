// Standard output belongs to the handshake: everything else that is written there becomes log lines.
import { formatWithOptions } from 'node:util';
import type { Logger } from '../logger.ts';

/** Makes log lines of everything that would be written to standard output, and of `console`. */
export function redirectOutput(log: () => Logger): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error' } as const;
  for (const [name, level] of Object.entries(levels)) {
    Reflect.set(console, name, (...parts: unknown[]) =>
      log()[level](formatWithOptions({ colors: false }, ...parts)),
    );
  }
  process.stdout.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    log().info(typeof chunk === 'string' ? chunk.trimEnd() : String(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}
