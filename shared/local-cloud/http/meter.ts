// Slows or cuts a request's body as a fault demands. Touches only the streams it is given.

import type { Readable } from 'node:stream';
import { pipeline, Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** What is to happen to the bytes. */
export interface MeterOptions {
  bytesPerSecond?: number | undefined;
  cutAfterBytes?: number | undefined;
  /** Called when `cutAfterBytes` have gone through. */
  cut(): void;
  signal: AbortSignal;
}

/** The same bytes, no faster than asked; the connection is cut after as many as asked. */
export function meter(source: Readable, options: MeterOptions): Readable {
  let passed = 0;
  const startedMs = performance.now();
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (options.cutAfterBytes !== undefined && passed >= options.cutAfterBytes) {
        options.cut();
        done(new Error('the connection was cut on request'));
        return;
      }
      const dueMs = options.bytesPerSecond === undefined ? 0 : (passed / options.bytesPerSecond) * 1000;
      const waitMs = dueMs - (performance.now() - startedMs);
      if (waitMs < 1) done(null, chunk);
      else delay(waitMs, undefined, { signal: options.signal }).then(() => done(null, chunk), done);
    },
  });
  // Errors reach the reader through the transform itself.
  return pipeline(source, transform, () => {});
}
