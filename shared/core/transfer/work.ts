// What the steps of one running upload share. Types and small helpers only.
import {
  type ByteSource,
  type Clock,
  type ImageBridgeError,
  type MultipartTarget,
  NotFoundError,
  type RemoteObject,
} from '../model/index.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { PartFeed } from './part-feed.ts';
import type { PartPlan } from './plan.ts';
import { objectEtag, plainEtag } from './reconcile.ts';
import { type Outage, type RetryRules, retrying } from './retry.ts';
import type { Throttle } from './throttle.ts';

/** One running upload, as its steps see it. */
export interface Work {
  readonly source: ByteSource;
  readonly journal: Journal;
  readonly target: MultipartTarget;
  readonly throttle: Throttle;
  readonly outage: Outage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly parallelParts: number;
  readonly maxAttempts: number;
  readonly ledger: Ledger;
  /** True when the user asked for the part size. */
  readonly fixedPartSize: boolean;
  /** Changes when an unfinished upload with another part size is adopted. */
  plan: PartPlan;
  feed: PartFeed;
  /** Cuts the file in another way: a new plan in the journal, nothing confirmed. */
  replan(plan: PartPlan): Promise<void>;
  note(text: string): void;
  progress(force: boolean): void;
  retried(error: ImageBridgeError, attempt: number, waitMs: number, partNumber?: number): void;
}

/** The rules for retries of one call. */
export function rulesOf(work: Work, signal: AbortSignal, partNumber?: number): RetryRules {
  const { clock, random, maxAttempts, outage } = work;
  return {
    clock,
    random,
    maxAttempts,
    outage,
    signal,
    onRetry: (error, attempt, waitMs) => work.retried(error, attempt, waitMs, partNumber),
  };
}

/** True when the service does not know the upload id (any more). */
export const isGone = (error: unknown): boolean =>
  error instanceof NotFoundError && (error.details.code ?? 'NoSuchUpload') === 'NoSuchUpload';

/** The finished object; tries again while the service is away. */
export function headOf(work: Work, signal: AbortSignal): Promise<RemoteObject | undefined> {
  const operation = `look at ${work.target.locator.bucket}/${work.target.locator.key}`;
  return retrying(rulesOf(work, signal), operation, () => work.target.head({ signal }));
}

/** ETag that the finished object must have, as far as the MD5s of all parts are known; undefined when they are not. */
export function expectedObjectEtag(work: Work): string | undefined {
  const md5s: string[] = [];
  for (let n = 1; n <= work.plan.partsTotal; n++) {
    const md5 = (work.ledger.confirmed.get(n) ?? work.journal.state.parts.get(n))?.md5;
    if (md5 === undefined) return undefined;
    md5s.push(md5);
  }
  return objectEtag(md5s);
}

/**
 * True when an object is what this upload makes. The size must be right; then the upload id decides where the service
 * tells it, else the ETag, else (a service that tells neither) that we had asked for the completion.
 */
export function isOurObject(work: Work, object: RemoteObject | undefined, serverUploadId: string): boolean {
  if (object === undefined || object.sizeBytes !== work.plan.sizeBytes) return false;
  if (object.uploadId !== undefined) return object.uploadId === serverUploadId;
  if (work.target.etagIsMd5) return plainEtag(object.etag) === expectedObjectEtag(work);
  return work.journal.state.state === 'completing';
}
