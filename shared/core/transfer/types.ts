// The public types of the upload engine. The engine knows parts, files and journals; it knows no cloud family.
import type {
  ByteSource,
  Clock,
  ErrorDetails,
  HashName,
  ImageBridgeError,
  MultipartTarget,
  SourceIdentity,
  StreamTarget,
  TargetLocator,
  UploadRoute,
} from '../model/index.ts';

import type { TransferBudget } from './budget.ts';

/** Where an upload stands. `attention`: it stopped with an error that the user has to look at; it can be resumed. */
export type UploadState =
  | 'planned'
  | 'uploading'
  | 'paused'
  | 'verifying'
  | 'completing'
  | 'importing'
  | 'uploaded'
  | 'attention'
  | 'aborted';

/** What an upload waits for most. `disk`: its source; `server`: the service, after it has all bytes of a part. */
export type Bottleneck = 'disk' | 'hash' | 'network' | 'server' | 'throttle';

/** A notable moment of an upload, in words. */
export interface TimelineEntry {
  /** Milliseconds since 1970. */
  at: number;
  kind: 'state' | 'retry' | 'stalled' | 'note';
  text: string;
  /** The same as data. Absent of notes, and of what an older version has written. */
  moment?: Moment | undefined;
}

/** What a moment says, for faces that have words of their own. What a service has sent may be in it. */
export type Moment =
  | { type: 'state'; state: UploadState; cause?: Cause | undefined }
  | {
      type: 'retry';
      partNumber?: number | undefined;
      /** The try that failed, from 1. */
      attempt: number;
      /** Until the next one. */
      waitMs: number;
      cause: Cause;
    }
  | { type: 'stalled'; stalledMs: number };

/** What an error says of why, without what was tried and what to do. See `ErrorDetails`. */
export type Cause = Pick<ErrorDetails, 'reason' | 'code' | 'httpStatus' | 'requestId'>;

/** Why an upload stopped, or why its last try failed. */
export interface UploadProblem {
  kind: string;
  message: string;
  /** Absent from a process of an older version. */
  cause?: Cause | undefined;
}

/** Where a part stands, as one byte: what a window draws. */
export const partState = { pending: 0, checking: 1, sending: 2, confirmed: 3 } as const;

/** Name of the journal's fact that says that all bytes are there, verified: their SHA-256. Kept while work follows. */
export const transferredFact = 'transferred';

/** Identity of a source; of a local file, taken from the open descriptor. */
export type FileIdentity = SourceIdentity;

/** A moment of an upload, complete in itself: show it and forget it. */
export interface UploadSnapshot {
  uploadId: string;
  state: UploadState;
  file: FileIdentity;
  target: TargetLocator;
  /** How the bytes travel. The engine always tells it; absent only from a process of an older version. */
  route?: UploadRoute | undefined;
  /** False: when it is paused or breaks off, it starts again from 0. Absent: as `route`. */
  resumable?: boolean | undefined;
  partSizeBytes: number;
  /** 1 for a stream. */
  partsTotal: number;
  /** Parts the service has confirmed, those found on the server at the start included. */
  partsDone: number;
  /** Parts that were already on the server when this run started, and so were not sent again. */
  partsSkipped: number;
  /** Bytes of confirmed parts. Never decreases while the server keeps its parts. */
  confirmedBytes: number;
  /** Bytes of parts under way that were handed to the network and are not confirmed yet. Absent from an older process. */
  underWayBytes?: number | undefined;
  /** Bytes handed to the network in this run, unconfirmed and repeated ones included. */
  sentBytes: number;
  /** Smoothed rate of confirmed and in-flight bytes, bytes per second. */
  bytesPerSecond: number;
  /** Estimated time left, in ms. Absent until there is a rate. */
  etaMs?: number | undefined;
  /** SHA-256 of the whole file in hex, when it is known. */
  sha256?: string | undefined;
  /** Bytes that have gone into the SHA-256 of the whole file; the file's size when it is known. */
  hashedBytes: number;
  /** Parts that may be under way at once just now. */
  parallelParts?: number | undefined;
  /** What it has waited for most in the last seconds; absent until that is known, and while it does not run. */
  bottleneck?: Bottleneck | undefined;
  /** How long no byte has moved, in ms; only while that is longer than the set time. */
  stalledMs?: number | undefined;
  /** What the service does with the bytes, while the state is `importing`. */
  work?: FollowUpWork | undefined;
  /** Why the state is `attention`, or why the last try failed. */
  problem?: UploadProblem | undefined;
}

/** How far the work is that follows the transfer. */
export interface FollowUpWork {
  /** What is done, e.g. `importing, job 1234`. */
  text: string;
  /** 0 to 1, where the service tells. */
  fraction?: number | undefined;
}

/**
 * Work that follows the transfer and belongs to the upload: an import, a registration. The upload keeps its lock and its
 * control channel meanwhile, and is over when this is.
 */
export interface FollowUp {
  /**
   * Does the rest once the service has all bytes, verified. After an interruption it is called again, perhaps in another
   * process: it finds its place by the facts of the journal. When it throws, the upload stops with `attention`.
   */
  run(uploaded: UploadResult, about: FollowUpContext): Promise<void>;
  /** Undoes what can be undone when the upload is aborted after the transfer; what was sent is removed afterwards. */
  abandon?(facts: Readonly<Record<string, string>>, note: (text: string) => void): Promise<void>;
}

/** What the work is given. */
export interface FollowUpContext {
  /** Aborts when the upload is paused or aborted. */
  signal: AbortSignal;
  /** Shows how far it is. */
  report(work: FollowUpWork): void;
}

/** What happens during an upload. Every event carries the snapshot after it. */
export type UploadEvent =
  | { type: 'state'; at: number; snapshot: UploadSnapshot }
  | { type: 'progress'; at: number; snapshot: UploadSnapshot }
  | {
      type: 'retry';
      at: number;
      snapshot: UploadSnapshot;
      partNumber?: number | undefined;
      attempt: number;
      waitMs: number;
      error: ImageBridgeError;
    }
  | { type: 'note'; at: number; snapshot: UploadSnapshot; text: string }
  /** No byte has moved for the set time. Told once; the state stays, and the upload goes on trying. */
  | { type: 'stalled'; at: number; snapshot: UploadSnapshot; stalledMs: number };

/** What an upload made. */
export interface UploadResult {
  uploadId: string;
  target: TargetLocator;
  sizeBytes: number;
  sha256: string;
  partsTotal: number;
  partsSkipped: number;
  sentBytes: number;
  /** Of a stream: the record that has the bytes, */
  recordId?: string | undefined;
  /** the service's own work that follows, if there is any, */
  jobId?: string | undefined;
  /** and the hashes in hex that were compared with the service's, as far as it told them by then. */
  hashes?: Readonly<Partial<Record<HashName, string>>> | undefined;
}

/** What the engine needs besides the file and the target. */
export interface EngineOptions {
  /** Folder of the journals; one folder per upload below it. */
  stateDir: string;
  /**
   * Names whoever begins things here, as 24 hexadecimal digits: what has the same name is taken for an earlier run's own.
   * Default: a random name of the state directory.
   */
  origin?: string | undefined;
  clock?: Clock | undefined;
  /** 0 ≤ x < 1; injected in tests. Default: Math.random. */
  random?: (() => number) | undefined;
  /** How often a running upload looks whether anything moves, in ms. Default 1000. */
  tickMs?: number | undefined;
  /** Shared by all uploads that are started with these options and name no budget of their own. */
  budget?: TransferBudget | undefined;
  /** How the lock is bound. Default: what the platform has; tests choose `socket-file`. */
  lockKind?: 'abstract' | 'pipe' | 'socket-file' | undefined;
}

/** What starts of every kind have in common. */
export interface TransferRequest {
  /** What is done once the bytes are there, as a part of the upload. Absent: nothing. */
  followUp?: FollowUp | undefined;
  /** Path of the file. Not looked at when there is a `source`. */
  path?: string | undefined;
  /**
   * The opened source; the engine closes it, also when the start fails. One without a descriptor is read in order, each
   * part once, into memory. Its SHA-256, where it is known beforehand, must come out.
   */
  source?: ByteSource | undefined;
  /** Upper limit of the rate in bytes per second; absent: none. Can be changed while running. */
  limitBytesPerSecond?: number | undefined;
  /** Limits that this upload shares with others of this process. */
  budget?: TransferBudget | undefined;
  /** Uploads of a higher number get parts of the budget first. Default 0. */
  priority?: number | undefined;
  /** Tries of one part, or of the stream, before the upload stops with `attention`. Default 8. */
  maxAttempts?: number | undefined;
  /**
   * How long the upload waits for a network that is away as a whole, in ms. While no part gets through and no
   * reply comes at all, failures do not count as tries; afterwards they do. Default 10 minutes.
   */
  offlinePatienceMs?: number | undefined;
  /** How long no byte may move before the upload says that it is stalled, in ms. Default 30 seconds. */
  stalledAfterMs?: number | undefined;
  /** Called for every event, in order. Must not throw. */
  onEvent?: ((event: UploadEvent) => void) | undefined;
  /** Aborting it pauses the upload safely: parts under way are dropped, the journal is closed. */
  signal?: AbortSignal | undefined;
}

/** Start, or go on with, an upload in parts of a file or of another source. */
export interface UploadRequest extends TransferRequest {
  target: MultipartTarget;
  /** Default: chosen from the size and the target's limits; 16 MiB unless the file needs larger parts. Bytes. */
  partSizeBytes?: number | undefined;
  /** Parts under way at once, always. Default: chosen while it runs, from 4 on, by what brings most bytes per second. */
  parallelParts?: number | undefined;
  /** Upper bound of that choice. Default 16. */
  mostParallelParts?: number | undefined;
  /** Memory for parts of a source that has no descriptor, in bytes; bounds the parts under way. Default 96 MiB. */
  partMemoryBytes?: number | undefined;
}

/** Start, or repeat, an upload in one stream of a file or of another source. */
export interface StreamRequest extends TransferRequest {
  target: StreamTarget;
}

/** A running upload. */
export interface Upload {
  readonly id: string;
  /** Settles when the object is complete and verified; rejects with an `ImageBridgeError`. Pausing does not settle it. */
  readonly done: Promise<UploadResult>;
  snapshot(): UploadSnapshot;
  /** The last 200 notable moments, those of earlier runs included, the oldest first. */
  timeline(): readonly TimelineEntry[];
  /** Where each part stands: one byte of `partState` for each. */
  partStates(): Uint8Array;
  /**
   * Tells a listener every event from now on, besides `onEvent`. With `snapshot` and `timeline` it knows what was before.
   * @returns ends it
   */
  subscribe(onEvent: (event: UploadEvent) => void): () => void;
  /** Stops sending. Resolves when nothing is under way any more and the journal says `paused`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops, removes the parts from the server and marks the journal aborted. `done` rejects with CancelledError. */
  abort(): Promise<void>;
  /** Stops this process's work on it as a pause does, gives up the lock; `done` rejects with CancelledError. */
  detach(): Promise<void>;
  setLimit(bytesPerSecond: number | undefined): void;
  /** Changes the place among uploads that share a budget. */
  setPriority(priority: number): void;
  /**
   * Stores a fact of another layer durably in the journal; `undefined` removes it. Also after `done` has settled.
   * @throws LocalFileError when the journal cannot be written
   * @throws BusyError when another process has taken the upload over
   */
  setFact(key: string, value: string | undefined): Promise<void>;
}

/** What a journal tells about its upload, without opening it for work. */
export interface JournalSummary {
  uploadId: string;
  state: UploadState;
  file: FileIdentity;
  target: TargetLocator;
  partsTotal: number;
  partsDone: number;
  /** Size of a part in bytes; absent where the journal cannot be read. */
  partSizeBytes?: number | undefined;
  createdAt: Date;
  updatedAt: Date;
  /** Facts that other layers stored: the import job's id, the image's id, the declaration's marker. */
  facts: Record<string, string>;
  /** True when a process is working on it now. */
  active: boolean;
  /** SHA-256 of the file in hex, when the upload got to know it. */
  sha256?: string | undefined;
  /** Why the state is `attention`, e.g. that the journal itself cannot be read. */
  problem?: UploadProblem | undefined;
}
