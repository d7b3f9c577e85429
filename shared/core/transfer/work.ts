// What the steps of one running upload share. Types and small helpers only.
import {
  type ByteSource,
  type Clock,
  type ImageBridgeError,
  IntegrityError,
  type MultipartTarget,
  NotFoundError,
  type RemoteObject,
} from '../model/index.ts';
import type { Pace } from './budget.ts';
import type { Concurrency } from './concurrency.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { PartFeed } from './part-feed.ts';
import type { PartPlan } from './plan.ts';
import { objectEtag, plainEtag } from './reconcile.ts';
import { type Outage, type RetryRules, retrying } from './retry.ts';
import type { UploadResult, UploadState } from './types.ts';
import type { Waits } from './waits.ts';

/** What every running upload has, whichever way its bytes go. */
export interface RunContext {
  readonly source: ByteSource;
  readonly journal: Journal;
  readonly throttle: Pace;
  /** Waits until one more part may be under way, of all uploads that share a budget; gives what ends it. */
  slot(signal: AbortSignal): Promise<() => void>;
  readonly outage: Outage;
  /** The same for reading a source that is not on this machine: it may be in another network. */
  readonly sourceOutage: Outage;
  /** For measuring and waiting: it never jumps. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxAttempts: number;
  /** How long a service that is away, or busy with itself, is waited for, in ms. */
  readonly patienceMs: number;
  readonly ledger: Ledger;
  readonly waits: Waits;
  note(text: string): void;
  progress(force: boolean): void;
  retried(error: ImageBridgeError, attempt: number, waitMs: number, partNumber?: number): void;
}

/** Makes a new state known and durable. */
export type EnterState = (state: UploadState) => Promise<void>;

/** The way that the bytes of an upload go. It lives as long as the run; its sessions follow one another. */
export interface Transfer {
  readonly plan: PartPlan;
  /** Parts that may be under way at once just now. */
  readonly parallelParts: number;
  /** It goes on where it was stopped. */
  readonly resumable: boolean;
  /** Bytes that are in the SHA-256 so far, and the digest in hex once it is known. */
  readonly hashedBytes: number;
  readonly sha256: string | undefined;
  /** What a user should hear before it begins, and when it is paused. */
  readonly warning?: string | undefined;
  readonly pauseNote?: string | undefined;
  /** What it adds to the result. */
  readonly outcome: Pick<UploadResult, 'recordId' | 'jobId' | 'hashes'>;
  /**
   * Works until the service has everything, verified. When it ends, however it ends, nothing is under way any more.
   * @returns SHA-256 of the source in hex
   * @throws what stopped it; anything after `signal` aborted means no more than that
   */
  run(enter: EnterState, signal: AbortSignal): Promise<string>;
  /** True when the service still has what an earlier session brought there, or works on it. */
  isThere(signal: AbortSignal): Promise<boolean>;
  /** True when connections that broke unnoticed may be dropped at no cost. */
  readonly mayReconnect: boolean;
  /** Removes from the service what was sent. Called while nothing runs. */
  undo(): Promise<void>;
  close(): Promise<void>;
}

/** One running upload in parts, as its steps see it. */
export interface Work extends RunContext {
  readonly target: MultipartTarget;
  /** How many parts may be under way. */
  readonly concurrency: Concurrency;
  /** True when the part size is to stay: the user asked for it, or it was made smaller once. */
  fixedPartSize: boolean;
  /** Changes when an unfinished upload with another part size is adopted. */
  plan: PartPlan;
  feed: PartFeed;
  /** Cuts the file in another way: a new plan in the journal, nothing confirmed. */
  replan(plan: PartPlan): Promise<void>;
}

/** The rules for retries of one call. */
export function rulesOf(work: RunContext, signal: AbortSignal, partNumber?: number): RetryRules {
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

/** The rules for retries of reading a source. */
export const sourceRulesOf = (work: RunContext) => (signal: AbortSignal) => ({
  ...rulesOf(work, signal),
  outage: work.sourceOutage,
});

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

/**
 * Makes sure that the bytes are those that the source promised, before anything is completed from them.
 * @throws IntegrityError
 */
export function checkExpected(source: ByteSource, sha256: string): void {
  if (source.sha256 === undefined || source.sha256.toLowerCase() === sha256) return;
  throw new IntegrityError({
    operation: `upload ${source.identity.path}`,
    object: source.identity.path,
    reason: `its bytes have the SHA-256 ${sha256}, and they should have ${source.sha256}`,
    hint: 'The data was changed or damaged before it was sent. Nothing was completed from it.',
  });
}
