// Deadlines of operations: Terraform sets none of its own.
import { failure } from '@imagebridge/terraform-plugin';
import { isKind } from './core.ts';

/**
 * Runs an operation that must end in time. The operation's signal fires when Terraform is interrupted, or the time is over.
 * @throws DiagnosticError that names the attribute to raise, when the time was over; else what the operation throws
 */
export async function within<T>(
  limitMs: number,
  setting: string,
  what: string,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let late = false;
  const stop = new AbortController();
  // Not `AbortSignal.any`, whose signals stay in memory for long.
  const interrupted = () => stop.abort(outer.reason);
  if (outer.aborted) interrupted();
  outer.addEventListener('abort', interrupted, { once: true });
  const timeout = setTimeout(() => {
    late = true;
    stop.abort();
  }, limitMs);
  try {
    return await run(stop.signal);
  } catch (error) {
    if (late && !outer.aborted && isKind(error, 'cancelled'))
      throw failure(
        `Could not ${what} in time`,
        `It was not finished after ${Math.round(limitMs / 1000)} s. It may still end in the cloud: apply again to look, or raise ${setting}.`,
      );
    throw error;
  } finally {
    clearTimeout(timeout);
    outer.removeEventListener('abort', interrupted);
  }
}
