// Sends the pending parts: some at a time, each hashed before, checked after, repeated when it fails.
import { setMaxListeners } from 'node:events';
import {
  FileChangedError,
  type ImageBridgeError,
  IntegrityError,
  LocalFileError,
  ThrottledError,
  UnavailableError,
} from '../model/index.ts';
import { partAt } from './plan.ts';
import { plainEtag } from './reconcile.ts';
import { retrying } from './retry.ts';
import type { Remaining } from './server-upload.ts';
import { FirstRate, smallerPartSize } from './slow-link.ts';
import { rulesOf, type Work } from './work.ts';

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
    const etag = sent ? await send(work, remaining.serverUploadId, partNumber, md5, onPiece, signal) : there;
    feed.free(partNumber);
    await work.journal.append({ type: 'part', partNumber, etag, md5 });
    ledger.confirm(partNumber, { etag, md5 }, sent);
    if (sent) work.concurrency.arrived(work.clock.now(), partAt(work.plan, partNumber).sizeBytes);
    work.progress(true);
  } finally {
    ledger.checking(partNumber, false);
    leave();
  }
}

/** Sends one part until the service has it. Returns its ETag. */
async function send(
  work: Work,
  uploadId: string,
  partNumber: number,
  md5: string,
  onPiece: () => void,
  signal: AbortSignal,
): Promise<string> {
  const part = partAt(work.plan, partNumber);
  const operation = `upload part ${partNumber} of ${work.plan.partsTotal} of ${work.source.identity.path}`;
  const { waits } = work;
  let fault: ImageBridgeError | undefined;
  let bodyEndedAt: number | undefined;
  async function* body(): AsyncGenerator<Uint8Array> {
    work.ledger.begin(partNumber);
    bodyEndedAt = undefined;
    const chunks = work.feed.bytes(partNumber, () =>
      Math.min(work.throttle.pieceBytes(), work.ledger.pieceBytes(work.clock.now())),
    );
    try {
      for (let from = waits.now(); ; ) {
        const { done, value: chunk } = await chunks.next();
        if (done) break;
        waits.add('disk', waits.now() - from);
        await waits.during('throttle', work.throttle.take(chunk.length, signal));
        const offered = waits.now();
        yield chunk;
        from = waits.now();
        waits.add('network', from - offered);
        work.ledger.sent(partNumber, chunk.length);
        work.progress(false);
        onPiece();
      }
      bodyEndedAt = waits.now();
    } catch (error) {
      // An HTTP client wraps what its body throws: keep the reason.
      if (error instanceof FileChangedError || error instanceof LocalFileError) fault = error;
      throw error;
    } finally {
      await chunks.return(undefined);
    }
  }
  const once = async () => {
    work.ledger.begin(partNumber);
    try {
      const request = {
        uploadId,
        partNumber,
        sizeBytes: part.sizeBytes,
        md5: Buffer.from(md5, 'hex'),
        body,
      };
      const etag = plainEtag((await work.target.uploadPart(request, { signal })).etag);
      if (bodyEndedAt !== undefined) waits.add('server', waits.now() - bodyEndedAt);
      if (work.target.etagIsMd5 && etag !== md5) throw damaged(work, operation, etag, md5);
      return etag;
    } catch (error) {
      if (fault !== undefined) throw fault;
      // A part that the service calls damaged is, most often, one whose bytes changed after they were hashed.
      if (!signal.aborted) await work.source.check();
      if (isOverload(error, work)) work.concurrency.failed(work.clock.now());
      throw error;
    } finally {
      work.ledger.drop(partNumber);
    }
  };
  // A damaged part is sent again, whether the service or we have noticed it.
  return await retrying(
    rulesOf(work, signal, partNumber),
    operation,
    once,
    (error) => error.retryable || error instanceof IntegrityError,
  );
}

/** True when fewer parts at once may help. A network that is away as a whole says nothing about their number. */
function isOverload(error: unknown, { outage }: Work): boolean {
  if (error instanceof ThrottledError) return true;
  return error instanceof UnavailableError && (error.details.httpStatus !== undefined || !outage.isAway);
}

function damaged(work: Work, operation: string, etag: string, md5: string): IntegrityError {
  return new IntegrityError({
    operation,
    object: `${work.target.locator.bucket}/${work.target.locator.key}`,
    reason: `the service confirmed other bytes than were sent (its ETag is ${etag}, their MD5 is ${md5})`,
    hint: 'Something between here and the service changes the data; check proxies and memory, then resume.',
    retryable: true,
  });
}
