// One session of an upload: from "where does the server stand?" to the verified object, or to whatever stops it.
import { CancelledError, IntegrityError } from '../model/index.ts';
import { complete, partsToComplete, verifyObject } from './complete.ts';
import { planParts } from './plan.ts';
import { sendParts } from './send-parts.ts';
import { openServerUpload } from './server-upload.ts';
import { checkExpected, type EnterState, isGone, type Work } from './work.ts';

/** How often an upload may find the server's parts not as it left them before that is called an error. */
const mostRounds = 4;

/**
 * Works until the object is complete and verified. When it ends, however it ends, nothing is under way any more.
 * @param enter makes a new state known and durable
 * @returns SHA-256 of the file in hex
 * @throws what stopped it; anything after `outer` aborted means no more than that
 */
export async function runSession(work: Work, enter: EnterState, outer: AbortSignal): Promise<string> {
  const inner = new AbortController();
  const follow = () => inner.abort();
  outer.addEventListener('abort', follow, { once: true });
  let sha: WholeHash | undefined;
  let shaFailure: unknown;
  try {
    await enter('uploading');
    for (let round = 1; ; round++) {
      await work.source.check();
      const remaining = await openServerUpload(work, inner.signal);
      // Begun here, because only now is it known how the file is cut.
      sha ??= new WholeHash(work, (error) => {
        shaFailure = error;
        inner.abort();
      });
      if (remaining === undefined) return await alreadyComplete(work, enter, sha.digest, inner.signal);
      const { serverUploadId } = remaining;
      try {
        const smaller = await sendParts(work, remaining, inner.signal);
        if (inner.signal.aborted) throw stopped(work);
        if (smaller !== undefined) {
          await sha.stop();
          sha = undefined;
          await cutSmaller(work, smaller, serverUploadId);
          round--;
          continue;
        }
        await enter('verifying');
        const sha256 = await sha.digest;
        const parts = await partsToComplete(work, serverUploadId, inner.signal);
        await work.source.check();
        if (parts !== undefined) {
          await enter('completing');
          await complete(work, serverUploadId, parts, inner.signal);
          await verifyObject(work, serverUploadId, inner.signal);
          await enter('uploaded');
          return sha256;
        }
      } catch (error) {
        if (!isGone(error) || inner.signal.aborted || round >= mostRounds) throw error;
      }
      if (round >= mostRounds) throw unsteady(work);
      work.note('The server does not have the parts as they were confirmed: asking it again.');
      await enter('uploading');
    }
  } catch (error) {
    throw shaFailure !== undefined && !outer.aborted ? shaFailure : error;
  } finally {
    outer.removeEventListener('abort', follow);
    inner.abort();
    await sha?.stop();
    await work.feed.idle();
  }
}

const operationOf = (work: Work) => `upload ${work.source.identity.path}`;

const stopped = (work: Work) =>
  new CancelledError({ operation: operationOf(work), reason: 'it was stopped' });

const unsteady = (work: Work) =>
  new IntegrityError({
    operation: operationOf(work),
    reason: 'the server changes or loses parts that it has confirmed',
    hint: 'Make sure that nothing else uploads to the same place, then resume.',
  });

/** The SHA-256 of everything, computed beside the parts. */
class WholeHash {
  readonly digest: Promise<string>;
  readonly #stop = new AbortController();

  constructor(work: Work, onFailure: (error: unknown) => void) {
    this.digest = sha256Of(work, this.#stop.signal);
    this.digest.catch((error: unknown) => {
      if (!this.#stop.signal.aborted) onFailure(error);
    });
  }

  /** Ends it; what it knows is kept by the feed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.digest.catch(() => {});
  }
}

async function sha256Of(work: Work, signal: AbortSignal): Promise<string> {
  const sha256 = await work.feed.runSha256(signal);
  if (sha256 === undefined) throw stopped(work);
  checkExpected(work.source, sha256);
  // A hash over bytes of two moments is that of no file.
  await work.source.check();
  if (work.journal.state.sha256 !== sha256) await work.journal.append({ type: 'sha256', sha256 });
  return sha256;
}

/** Cuts the file into smaller parts, of which the same upload on the server has none yet. */
async function cutSmaller(work: Work, partSizeBytes: number, serverUploadId: string): Promise<void> {
  const mib = Math.round(partSizeBytes / 1024 ** 2);
  work.note(`The link is slow: the upload begins again with parts of ${mib} MiB, so that none takes long.`);
  work.fixedPartSize = true;
  await work.replan(planParts(work.plan.sizeBytes, work.target.limits, partSizeBytes));
  await work.journal.append({ type: 'server', serverUploadId });
}

/** The object is there already: an earlier session completed it without hearing of it. It is verified all the same. */
async function alreadyComplete(
  work: Work,
  enter: EnterState,
  sha: Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const { parts, serverUploadId } = work.journal.state;
  work.note('The server has the finished object of this upload already.');
  await enter('verifying');
  for (let n = 1; n <= work.plan.partsTotal; n++) {
    work.feed.release(n);
    const known = work.ledger.confirmed.get(n) ?? parts.get(n);
    const md5 = known?.md5 ?? (await work.feed.md5(n, signal));
    work.ledger.confirm(n, known ?? { etag: md5, md5 }, false);
  }
  const sha256 = await sha;
  await work.source.check();
  await verifyObject(work, serverUploadId ?? '', signal);
  await enter('uploaded');
  return sha256;
}
