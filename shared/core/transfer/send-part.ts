// Sends one part: read, throttled, counted, checked after, repeated when it fails.
import {
  FileChangedError,
  type ImageBridgeError,
  IntegrityError,
  LocalFileError,
  ThrottledError,
  UnavailableError,
} from '../model/index.ts';
import { type PlannedPart, partAt } from './plan.ts';
import { plainEtag } from './reconcile.ts';
import { retrying } from './retry.ts';
import { rulesOf, type Work } from './work.ts';

/**
 * Sends one part until the service has it.
 * @param onPiece called for each piece that went to the network
 * @returns its ETag
 * @throws what the target throws, FileChangedError, LocalFileError, IntegrityError
 */
export async function sendPart(
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
  let replyLost = false;
  const once = async () => {
    work.ledger.begin(partNumber);
    try {
      // All bytes were out, and nobody answered: the service may have them.
      if (replyLost && (await isOnServer(work, uploadId, part, md5, signal))) return md5;
      replyLost = false;
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
      const silent = error instanceof UnavailableError && error.details.httpStatus === undefined;
      replyLost ||= silent && bodyEndedAt !== undefined && work.target.etagIsMd5;
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

/** True when the service lists the part as it was sent. */
async function isOnServer(
  work: Work,
  uploadId: string,
  { partNumber, sizeBytes }: PlannedPart,
  md5: string,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const there of work.target.listParts(uploadId, { signal })) {
    if (there.partNumber < partNumber) continue;
    return there.partNumber === partNumber && there.sizeBytes === sizeBytes && plainEtag(there.etag) === md5;
  }
  return false;
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
