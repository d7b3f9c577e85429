// What a running upload tells of itself: where it stands, its events, its result. Notable moments get into the journal.
import type { Clock, ImageBridgeError } from '../model/index.ts';
import { Chronicle } from './chronicle.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { bytesOf } from './plan.ts';
import { problemOf } from './timeline.ts';
import {
  type FollowUpWork,
  partState,
  type UploadEvent,
  type UploadProblem,
  type UploadResult,
  type UploadSnapshot,
  type UploadState,
} from './types.ts';
import type { Vigil } from './vigil.ts';
import type { Waits } from './waits.ts';
import type { Transfer } from './work.ts';

const progressMs = 200;
/** Longest time without any word from an upload that works, in ms. */
const standstillMs = 1_000;

/** What a report is made from. */
export interface ReportParts {
  journal: Journal;
  /** Tells when something happened. */
  clock: Clock;
  /** For measuring: it never jumps. */
  steady: Clock;
  ledger: Ledger;
  waits: Waits;
  vigil: Vigil;
  /** Hears each event before all others. */
  onEvent: ((event: UploadEvent) => void) | undefined;
  /** The way that the bytes go; not asked before there is something to tell. */
  transfer(): Transfer;
  /** True while the upload works. */
  works(): boolean;
}

/** The run says what it does, and the report tells it. */
export class RunReport {
  state: UploadState;
  problem: UploadProblem | undefined;
  /** True when an earlier run brought all bytes there. */
  wasThere = false;
  readonly chronicle: Chronicle;
  readonly #parts: ReportParts;
  #followUpWork: FollowUpWork | undefined;
  #progressAt = 0;
  #awayTold = false;

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.state = parts.journal.state.state;
    this.chronicle = new Chronicle(parts.journal, parts.onEvent);
  }

  snapshot(): UploadSnapshot {
    const { journal, ledger, steady, vigil, waits, transfer: transferOf, works } = this.#parts;
    const { uploadId, file, target, parts } = journal.state;
    const transfer = transferOf();
    const figures = ledger.figures(steady.now());
    // Before the server has been asked, the journal is the best that is known: a bar must not start at zero.
    if (ledger.confirmed.size === 0 && parts.size > 0) {
      figures.partsDone = parts.size;
      figures.partsSkipped = parts.size;
      figures.confirmedBytes = bytesOf(transfer.plan, parts.keys());
    }
    if (this.wasThere) {
      figures.partsDone = transfer.plan.partsTotal;
      figures.partsSkipped = transfer.plan.partsTotal;
      figures.confirmedBytes = transfer.plan.sizeBytes;
      delete figures.etaMs;
    }
    const sha256 = transfer.sha256 ?? journal.state.sha256;
    return {
      uploadId,
      state: this.state,
      file: { ...file },
      target: { ...target },
      route: target.route ?? 'bucket',
      resumable: transfer.resumable,
      partSizeBytes: transfer.plan.partSizeBytes,
      partsTotal: transfer.plan.partsTotal,
      ...figures,
      hashedBytes: transfer.hashedBytes,
      parallelParts: transfer.parallelParts,
      bottleneck: works() ? waits.most : undefined,
      stalledMs: vigil.stalledMs,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(this.#followUpWork === undefined ? {} : { work: this.#followUpWork }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  /** See `Upload.partStates`. */
  partStates(): Uint8Array {
    const { journal, ledger } = this.#parts;
    const states = ledger.states();
    // As in the snapshot: before the server has been asked, the journal is the best that is known.
    if (ledger.confirmed.size > 0) return states;
    for (const n of journal.state.parts.keys()) states[n - 1] = partState.confirmed;
    return states;
  }

  result(sha256: string): UploadResult {
    const { journal, ledger, transfer: transferOf } = this.#parts;
    const transfer = transferOf();
    const { sizeBytes, partsTotal } = transfer.plan;
    return {
      uploadId: journal.state.uploadId,
      target: { ...journal.state.target },
      sizeBytes,
      sha256,
      partsTotal,
      partsSkipped: this.wasThere ? partsTotal : ledger.partsSkipped,
      sentBytes: ledger.sentBytes,
      ...transfer.outcome,
    };
  }

  /** Tells the state. */
  tellState(): void {
    this.chronicle.tell({ type: 'state', ...this.#now() });
  }

  /** Tells what a user should know, as a sentence. */
  note(text: string): void {
    this.chronicle.tell({ type: 'note', ...this.#now(), text });
  }

  /** Tells how far it is, now and then; at once where `force` says that a part got through. */
  progress(force: boolean): void {
    const now = this.#parts.steady.now();
    if (!force && now - this.#progressAt < progressMs) return;
    // A part got through: what went wrong before is over.
    if (force) this.problem = undefined;
    this.#progressAt = now;
    this.#parts.vigil.somethingMoved();
    this.#tellProgress();
  }

  /** Tells how far what follows the bytes is; undefined: there is none now. */
  followUp(work: FollowUpWork | undefined): void {
    this.#followUpWork = work;
    if (work !== undefined) this.#tellProgress();
  }

  /** Tells that something is tried again. `isAway`: nothing is answered at all. */
  retried(
    retry: { error: ImageBridgeError; attempt: number; waitMs: number; partNumber: number | undefined },
    isAway: boolean,
  ): void {
    this.problem = problemOf(retry.error);
    this.chronicle.tell({ type: 'retry', ...this.#now(), ...retry });
    if (isAway && !this.#awayTold) {
      this.note('Nothing is answered at all: the network seems to be away. The upload waits and tries on.');
    }
    this.#awayTold = isAway;
  }

  /** Tells that nothing has moved for long. */
  stalled(stalledMs: number): void {
    this.chronicle.tell({ type: 'stalled', ...this.#now(), stalledMs });
  }

  /** While nothing moves nobody would hear how the rate falls and the time left grows. */
  standstill(): void {
    const now = this.#parts.steady.now();
    if (!this.#parts.works() || now - this.#progressAt < standstillMs) return;
    this.#progressAt = now;
    this.#tellProgress();
  }

  #tellProgress(): void {
    this.chronicle.tell({ type: 'progress', ...this.#now() });
  }

  #now(): { at: number; snapshot: UploadSnapshot } {
    return { at: this.#parts.clock.now(), snapshot: this.snapshot() };
  }
}
