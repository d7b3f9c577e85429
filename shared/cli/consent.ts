// Asks before something is destroyed: on a terminal by a question, elsewhere by demanding --yes.
import { CancelledError } from '@imagebridge/core';
import { confirm, terminal } from './commands/profile-input.ts';
import { UsageError } from './outcome.ts';

/**
 * Returns when the user agrees.
 * @param what what will happen, as a question: `Delete 3 images?`
 * @throws UsageError when nobody can be asked and --yes is not given; CancelledError when the answer is no
 */
export async function requireConsent(
  what: string,
  options: { yes?: boolean | undefined },
  signal?: AbortSignal,
): Promise<void> {
  if (options.yes) return;
  if (!terminal.input.isTTY)
    throw new UsageError(`${what} Nobody can be asked here: give --yes to do it without a question.`);
  const interrupted = new Promise<boolean>((resolve) => {
    signal?.addEventListener('abort', () => resolve(false), { once: true });
  });
  const agreed = await Promise.race([confirm(what), interrupted]);
  terminal.input.pause();
  if (!agreed)
    throw new CancelledError({ operation: 'go on', reason: 'you did not agree; nothing was changed' });
}
