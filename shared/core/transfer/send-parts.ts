// Sends the pending parts: some at a time, each hashed before.
import { setMaxListeners } from 'node:events';
import { partAt } from './plan.ts';
import { sendPart } from './send-part.ts';
import type { Remaining } from './server-upload.ts';
import { FirstRate, smallerPartSize } from './slow-link.ts';
import type { Work } from './work.ts';

/** Hashes are asked for this many parts ahead: with fewer the hash thread does not come to speed. */
const hashedAhead = 8;

/**
 * Sends what is pending. Resolves when every part is confirmed and in the journal. When it throws, or when the signal
 * aborts, nothing is under way any more.
 * @returns a smaller part size, when the link of a new upload turned out to be too slow for its parts; none is confirmed
 * @throws what stopped it: the target's error, FileChangedError, LocalFileError, IntegrityError
 */
export async function sendParts(
  work: Work,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<number | undefined> {
  const stop = new AbortController();
  // Every part under way listens to it: many listeners are no leak here.
  setMaxListeners(0, stop.signal);
  const follow = () => stop.abort();
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) stop.abort();
  let next = 0;
  let running = 0;
  let failure: unknown;
  let smaller: number | undefined;
  const mayCutSmaller = !work.fixedPartSize && remaining.pending.length === work.plan.partsTotal;
  const first = new FirstRate();
  /** Called for each piece: a new upload may find its link too slow for its parts, until the first part is through. */
  const onPiece = () => {
    if (!mayCutSmaller || work.ledger.confirmed.size > 0 || stop.signal.aborted) return;
    const rate = first.perPart(work.clock.now(), work.ledger.sentBytes, running);
    if (rate === undefined) return;
    smaller = smallerPartSize(work.plan, work.target.limits, rate);
    if (smaller !== undefined) stop.abort();
  };
  const { mostPrepared } = work.feed;
  work.feed.keepOnly(new Set(remaining.pending.slice(0, mostPrepared)));
  const lane = async (index: number, partNumber: number) => {
    for (const ahead of remaining.pending.slice(index, next + hashedAhead)) {
      work.feed.prepare(ahead, stop.signal, ahead !== partNumber).catch(() => {});
    }
    try {
      await bring(work, remaining, partNumber, onPiece, stop.signal);
    } catch (error) {
      // The first failure is the reason; the others only follow from stopping.
      if (!stop.signal.aborted) failure = error;
      stop.abort();
    }
  };
  await new Promise<void>((resolve) => {
    const fill = () => {
      while (!stop.signal.aborted && running < Math.min(work.concurrency.limit, mostPrepared)) {
        const partNumber = remaining.pending[next];
        if (partNumber === undefined) break;
        running++;
        const ended = () => {
          running--;
          fill();
        };
        lane(next++, partNumber).then(ended, ended);
      }
      if (running === 0) resolve();
    };
    fill();
  });
  await work.feed.idle();
  signal.removeEventListener('abort', follow);
  if (failure !== undefined) throw failure;
  return signal.aborted ? undefined : smaller;
}

/** Makes sure that one part is on the server. */
async function bring(
  work: Work,
  remaining: Remaining,
  partNumber: number,
  onPiece: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, feed, waits } = work;
  const leave = await work.slot(signal);
  ledger.checking(partNumber, true);
  try {
    await work.source.check();
    const from = waits.now();
    const md5 = await feed.prepare(partNumber, signal);
    const waitedMs = waits.now() - from;
    waits.add(feed.slowedBy(waitedMs, partAt(work.plan, partNumber).sizeBytes), waitedMs);
    ledger.checking(partNumber, false);
    const there = remaining.remoteEtags.get(partNumber);
    const sent = there !== md5;
    const etag = sent
      ? await sendPart(work, remaining.serverUploadId, partNumber, md5, onPiece, signal)
      : there;
    feed.free(partNumber);
    // Bytes that changed since the check before may have been hashed and sent alike: they must not be remembered as good.
    if (work.source.fd !== undefined) await work.source.check();
    await work.journal.append({ type: 'part', partNumber, etag, md5 });
    ledger.confirm(partNumber, { etag, md5 }, sent);
    if (sent) work.concurrency.arrived(work.clock.now(), partAt(work.plan, partNumber).sizeBytes);
    work.progress(true);
  } finally {
    ledger.checking(partNumber, false);
    leave();
  }
}
