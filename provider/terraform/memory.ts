// Keeps the memory of the process low. V8 collects old objects late, as if it were alone on the machine; Terraform runs many
// providers side by side.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident bytes that a provider has anyway: below nothing is worth a collection. */
const CALM_BYTES = 82e6;
/** Growth that is worth the next one, in bytes. */
const GROWTH_BYTES = 1e6;
const LOOK_EVERY_MS = 150;

/** Collects garbage whenever the process has grown by some megabytes. Keeps no process alive. */
export function keepMemoryLow(): void {
  let limitBytes = CALM_BYTES;
  const collect = collector();
  setInterval(() => {
    if (process.memoryUsage.rss() <= limitBytes) return;
    collect();
    // What the live objects need is not asked for again and again.
    limitBytes = Math.max(CALM_BYTES, process.memoryUsage.rss() + GROWTH_BYTES);
  }, LOOK_EVERY_MS).unref();
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return typeof gc === 'function' ? () => void gc() : () => {};
}
