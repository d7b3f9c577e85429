// The end of an upload: a last look at the server's parts, the completion (safe to repeat), a check of the object.
import {
  ImageBridgeError,
  IntegrityError,
  type RemoteObject,
  type RemotePart,
  UnavailableError,
} from '../model/index.ts';
import { partAt } from './plan.ts';
import { plainEtag } from './reconcile.ts';
import { asImageBridgeError, retrying, waitBeforeRetryMs } from './retry.ts';
import { partsOnServer } from './server-upload.ts';
import { expectedObjectEtag, headOf, isGone, isOurObject, rulesOf, type Work } from './work.ts';

/**
 * The parts to complete with, as the server lists them now. Undefined when a part is missing there or another one than
 * was sent: then the server has to be asked again what is left.
 */
export async function partsToComplete(
  work: Work,
  serverUploadId: string,
  signal: AbortSignal,
): Promise<RemotePart[] | undefined> {
  const listed = new Map((await partsOnServer(work, serverUploadId, signal)).map((p) => [p.partNumber, p]));
  const parts: RemotePart[] = [];
  for (let n = 1; n <= work.plan.partsTotal; n++) {
    const there = listed.get(n);
    const ours = work.ledger.confirmed.get(n);
    const sizeIsRight = there?.sizeBytes === partAt(work.plan, n).sizeBytes;
    if (there === undefined || ours === undefined || !sizeIsRight) return undefined;
    if (plainEtag(there.etag) !== plainEtag(ours.etag)) return undefined;
    parts.push(there);
  }
  return parts;
}

/**
 * Completes the upload. Where the outcome of a try is unknown, the object decides, so that it is never completed twice
 * and a success whose reply was lost is a success.
 * @throws NotFoundError with NoSuchUpload when the upload is gone without an object of ours
 */
export async function complete(
  work: Work,
  serverUploadId: string,
  parts: readonly RemotePart[],
  signal: AbortSignal,
): Promise<void> {
  const operation = `complete the upload of ${work.source.identity.path}`;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work.target.complete(serverUploadId, parts, { signal });
    } catch (thrown) {
      const error = asImageBridgeError(thrown, operation);
      const unknown = error instanceof UnavailableError || isGone(error);
      if (signal.aborted || !(unknown || error.retryable)) throw error;
      if (unknown && isOurObject(work, await headOf(work, signal), serverUploadId)) return;
      if (isGone(error) || attempt >= work.maxAttempts) throw error;
      const waitMs = waitBeforeRetryMs(error, attempt, work.random);
      work.retried(error, attempt, waitMs);
      await work.clock.sleep(waitMs, signal);
    }
  }
}

/**
 * Checks the finished object against the file.
 * @throws IntegrityError when it is missing, has another size, or another checksum
 */
export async function verifyObject(work: Work, serverUploadId: string, signal: AbortSignal): Promise<void> {
  const { bucket, key } = work.target.locator;
  const object = `${bucket}/${key}`;
  const operation = `verify ${object} after its upload`;
  const missing = () =>
    new IntegrityError({
      operation,
      object,
      reason: 'the service reported success, but there is no such object',
      retryable: true,
    });
  // Some stores show a new object a moment late.
  const found: RemoteObject = await retrying(rulesOf(work, signal), operation, async () => {
    const head = await work.target.head({ signal });
    if (head === undefined) throw missing();
    return head;
  });
  const reason = differs(work, found, serverUploadId);
  if (reason !== undefined) {
    throw new IntegrityError({
      operation,
      object,
      reason,
      hint: 'Do not use this object. Upload the file again.',
    });
  }
}

function differs(work: Work, found: RemoteObject, serverUploadId: string): string | undefined {
  if (found.sizeBytes !== work.plan.sizeBytes) {
    return `it has ${found.sizeBytes} bytes, and the file has ${work.plan.sizeBytes}`;
  }
  if (found.uploadId !== undefined && found.uploadId !== serverUploadId) {
    return 'another upload to the same key has replaced it';
  }
  const etag = plainEtag(found.etag);
  const expected = expectedObjectEtag(work);
  // Other forms are no checksum of the parts (server-side encryption): they say nothing.
  const comparable = work.target.etagIsMd5 && new RegExp(`^[0-9a-f]{32}-${work.plan.partsTotal}$`).test(etag);
  if (comparable && expected !== undefined && etag !== expected) {
    return `its checksum is ${etag}, and the parts that were sent make ${expected}`;
  }
  return undefined;
}

/** Aborts on the server and makes sure that no part is left there: a part that was under way may arrive late. */
export async function abortOnServer(work: Work, serverUploadId: string, signal: AbortSignal): Promise<void> {
  const rules = { ...rulesOf(work, signal), maxAttempts: Math.min(work.maxAttempts, 5) };
  await retrying(rules, 'abort the upload on the server', async () => {
    await work.target.abort(serverUploadId, { signal });
    try {
      for await (const part of work.target.listParts(serverUploadId, { signal })) {
        throw new UnavailableError({
          operation: 'abort the upload on the server',
          reason: `part ${part.partNumber} is still there after the abort`,
          httpStatus: 200,
          retryable: true,
        });
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  });
}

/** Removes the object when this very upload has made it, after an abort that came too late. */
export async function removeIfFinished(
  work: Work,
  serverUploadId: string,
  signal: AbortSignal,
): Promise<void> {
  const head = await headOf(work, signal).catch((error: unknown) => {
    if (error instanceof ImageBridgeError) return undefined;
    throw error;
  });
  if (head?.uploadId !== serverUploadId) return;
  work.note('The upload had been completed just before the abort: the finished object is removed.');
  await retrying(rulesOf(work, signal), 'remove the finished object', () => work.target.remove({ signal }));
}
