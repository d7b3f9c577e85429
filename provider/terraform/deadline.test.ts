// Operations that must end in time.
import { CancelledError } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { within } from './deadline.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const end = () => reject(new CancelledError({ operation: 'work' }));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });

describe('within', () => {
  it('says which limit was too short', async () => {
    const { signal } = new AbortController();
    await expect(within(5, 'timeouts.delete', 'delete image i', signal, untilAborted)).rejects.toThrow(
      /Could not delete image i in time/,
    );
  });

  it('leaves interruptions and other errors as they are', async () => {
    const interrupted = new AbortController();
    const work = within(60_000, 'timeouts.delete', 'delete', interrupted.signal, untilAborted);
    interrupted.abort();
    await expect(work).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(within(60_000, '', '', AbortSignal.abort(), untilAborted)).rejects.toMatchObject({
      kind: 'cancelled',
    });
    const broken = within(60_000, '', '', interrupted.signal, () => Promise.reject(new Error('other')));
    await expect(broken).rejects.toThrow('other');
    expect(await within(60_000, '', '', new AbortController().signal, async () => 1)).toBe(1);
  });
});
