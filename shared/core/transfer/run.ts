// One running upload: its states, its commands, its sessions. What it tells, and the steps themselves, are in the files it
// imports.
import {
  type ByteSource,
  CancelledError,
  type Clock,
  ConflictError,
  type ImageBridgeError,
} from '../model/index.ts';
import { obey } from './active.ts';
import { BudgetPlace, paceOf } from './budget.ts';
import { serveControl } from './control.ts';
import { phraseOf } from './control-protocol.ts';
import { type FollowUpHost, transferAndFollowUp } from './follow-up.ts';
import type { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import type { UploadLock } from './lock.ts';
import type { PartPlan } from './plan.ts';
import { RunReport } from './report.ts';
import { asImageBridgeError, Outage } from './retry.ts';
import { steadyClock } from './steady.ts';
import { Throttle } from './throttle.ts';
import { problemOf } from './timeline.ts';
import {
  type TimelineEntry,
  type TransferRequest,
  transferredFact,
  type Upload,
  type UploadEvent,
  type UploadProblem,
  type UploadResult,
  type UploadSnapshot,
  type UploadState,
} from './types.ts';
import { Vigil } from './vigil.ts';
import { Waits } from './waits.ts';
import type { RunContext, Transfer } from './work.ts';

/** What a run is made of. It owns the source, the journal and the lock from then on. */
export interface RunParts {
  request: TransferRequest;
  /** Makes the way that the bytes go. */
  transfer(context: RunContext): Transfer;
  source: ByteSource;
  journal: Journal;
  lock: UploadLock;
  plan: PartPlan;
  clock: Clock;
  random: () => number;
  /** How often the run looks after itself, in ms. */
  tickMs: number;
  /** Stores a fact once this run has closed the journal. */
  setFactLater(key: string, value: string | undefined): Promise<void>;
  /** Called when the run has let go of everything. */
  onClosed(): void;
}

interface Session {
  controller: AbortController;
  ended: Promise<void>;
}

/** See `Upload`. */
export class UploadRun implements Upload {
  readonly id: string;
  readonly done: Promise<UploadResult>;
  readonly #parts: RunParts;
  readonly #ledger: Ledger;
  readonly #steady: Clock;
  readonly #throttle: Throttle;
  readonly #place: BudgetPlace;
  readonly #waits: Waits;
  readonly #vigil: Vigil;
  readonly #report: RunReport;
  readonly #endWatches: () => void;
  readonly #context: RunContext;
  readonly #transfer: Transfer;
  readonly #settle: { resolve(result: UploadResult): void; reject(error: ImageBridgeError): void };
  #session: Session | undefined;
  #closed: Promise<void> | undefined;
  #commands: Promise<unknown> = Promise.resolve();

  constructor(parts: RunParts) {
    const { journal, clock } = parts;
    this.#parts = parts;
    this.id = journal.state.uploadId;
    this.#steady = steadyClock(clock);
    this.#ledger = new Ledger(parts.plan, this.#steady.now());
    this.#throttle = new Throttle(this.#steady, parts.request.limitBytesPerSecond);
    this.#place = new BudgetPlace(parts.request.budget, parts.request.priority);
    this.#waits = new Waits(() => this.#steady.now());
    let resolve: (result: UploadResult) => void = () => {};
    let reject: (error: ImageBridgeError) => void = () => {};
    this.done = new Promise<UploadResult>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    this.#settle = { resolve, reject };
    // Whoever watches only the events must not be ended by an unhandled rejection.
    this.done.catch(() => {});
    this.#vigil = new Vigil(parts.request.stalledAfterMs ?? 30_000, parts.tickMs, {
      moved: () => this.#moved(),
      works: () => this.#session !== undefined && this.#report.state !== 'paused',
      stalled: (stalledMs) => this.#report.stalled(stalledMs),
      looked: () => this.#report.standstill(),
      slept: (sleptMs) => this.#wakeUp(sleptMs),
    });
    this.#report = new RunReport({
      journal,
      clock,
      steady: this.#steady,
      ledger: this.#ledger,
      waits: this.#waits,
      vigil: this.#vigil,
      onEvent: parts.request.onEvent,
      transfer: () => this.#transfer,
      works: () => this.#session !== undefined,
    });
    this.#context = this.#makeContext();
    this.#transfer = parts.transfer(this.#context);
    this.#endWatches = serveControl(parts.lock.server, parts.lock.token, {
      obey: (command) => obey(this, command),
      snapshot: () => this.snapshot(),
      timeline: () => this.timeline(),
      partStates: () => this.partStates(),
      subscribe: (onEvent) => this.subscribe(onEvent),
    });
  }

  #makeContext(): RunContext {
    const { request, source, journal, random } = this.#parts;
    const report = this.#report;
    const patienceMs = request.offlinePatienceMs ?? 10 * 60_000;
    const context: RunContext = {
      source,
      journal,
      throttle: paceOf(request.budget === undefined ? [this.#throttle] : [this.#throttle, request.budget]),
      slot: (signal) => this.#place.slot(signal),
      outage: new Outage(patienceMs),
      sourceOutage: new Outage(patienceMs),
      clock: this.#steady,
      random,
      maxAttempts: request.maxAttempts ?? 8,
      patienceMs,
      ledger: this.#ledger,
      waits: this.#waits,
      note: (text) => report.note(text),
      progress: (force) => report.progress(force),
      retried: (error, attempt, waitMs, partNumber) =>
        report.retried({ error, attempt, waitMs, partNumber }, context.outage.isAway),
    };
    return context;
  }

  /** Begins to work. Called once. */
  start(): void {
    const { signal } = this.#parts.request;
    const { journal } = this.#parts;
    if (journal.damage === 'damaged') {
      this.#context.note('The journal of this upload was damaged; what is missing is asked from the server.');
    }
    if (this.#transfer.warning !== undefined) this.#context.note(this.#transfer.warning);
    const onAbort = () => {
      this.detach().catch(() => {});
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const forget = () => signal?.removeEventListener('abort', onAbort);
    this.done.then(forget, forget);
    this.#vigil.start();
    this.#begin();
    if (signal?.aborted) onAbort();
  }

  snapshot(): UploadSnapshot {
    return this.#report.snapshot();
  }

  pause(): Promise<void> {
    return this.#command(() => this.#stop(true));
  }

  resume(): Promise<void> {
    return this.#command(async () => {
      if (this.#closed !== undefined) throw this.#over('resume');
      if (this.#session === undefined) this.#begin();
    });
  }

  abort(): Promise<void> {
    return this.#command(async () => {
      const wasAborted = this.#report.state === 'aborted';
      await this.#stop();
      if (wasAborted) return;
      if (this.#closed !== undefined) throw this.#over('abort');
      try {
        const { facts } = this.#parts.journal.state;
        if (facts.has(transferredFact))
          await this.#parts.request.followUp?.abandon?.(Object.fromEntries(facts), this.#context.note);
        await this.#transfer.undo();
        await this.#enter('aborted');
      } catch (thrown) {
        const error = asImageBridgeError(thrown, 'abort the upload');
        this.#report.problem = problemOf(error);
        throw error;
      }
      await this.#close();
      this.#settle.reject(new CancelledError({ operation: this.#what, reason: 'it was aborted' }));
    });
  }

  detach(): Promise<void> {
    return this.#command(async () => {
      await this.#stop(true);
      if (this.#closed !== undefined) return;
      await this.#close();
      const hint = 'Start it again with the same file and target to go on with it.';
      this.#settle.reject(new CancelledError({ operation: this.#what, reason: 'it was paused', hint }));
    });
  }

  setLimit(bytesPerSecond: number | undefined): void {
    this.#throttle.set(bytesPerSecond);
  }

  setPriority(priority: number): void {
    this.#place.setPriority(priority);
  }

  timeline(): readonly TimelineEntry[] {
    return this.#report.chronicle.moments;
  }

  partStates(): Uint8Array {
    return this.#report.partStates();
  }

  subscribe(onEvent: (event: UploadEvent) => void): () => void {
    return this.#report.chronicle.subscribe(onEvent);
  }

  async setFact(key: string, value: string | undefined): Promise<void> {
    if (this.#closed === undefined) {
      await this.#parts.journal.append({ type: 'fact', key, value: value ?? null });
      return;
    }
    await this.#closed;
    await this.#parts.setFactLater(key, value);
  }

  get #what(): string {
    return `upload ${this.#parts.source.identity.path}`;
  }

  #over(command: 'resume' | 'abort'): ConflictError {
    return new ConflictError({
      operation: phraseOf(command, this.id),
      reason: `it is over in this process (its state is ${this.#report.state})`,
      hint: 'Start it again with the same file and target.',
    });
  }

  /** Commands run one after the other, so that no two of them can meet in the middle. */
  #command<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#commands.then(work);
    this.#commands = result.catch(() => {});
    return result;
  }

  #begin(): void {
    const controller = new AbortController();
    this.#ledger.restartRate(this.#steady.now());
    this.#waits.restart();
    this.#report.problem = undefined;
    const ended = this.#work(controller.signal).then(
      (sha256) => this.#finish(sha256),
      (error: unknown) => this.#failed(error, controller.signal),
    );
    this.#session = { controller, ended };
  }

  #work(signal: AbortSignal): Promise<string> {
    const { followUp } = this.#parts.request;
    const enter = (state: UploadState) => this.#enter(state);
    if (followUp === undefined) return this.#transfer.run(enter, signal);
    const { journal, source } = this.#parts;
    const host: FollowUpHost = {
      followUp,
      transfer: this.#transfer,
      journal,
      source,
      enter,
      report: (work) => this.#report.followUp(work),
      note: this.#context.note,
      wasThere: () => {
        this.#report.wasThere = true;
      },
      result: (sha256) => this.#report.result(sha256),
    };
    return transferAndFollowUp(host, signal);
  }

  /** Ends the session, if there is one, and says so in the journal. */
  async #stop(toGoOn = false): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    session.controller.abort();
    await session.ended;
    this.#session = undefined;
    if (this.#closed !== undefined) return;
    this.#report.problem = undefined;
    const { pauseNote } = this.#transfer;
    const isThere = this.#parts.journal.state.facts.has(transferredFact);
    if (toGoOn && pauseNote !== undefined && !isThere) this.#context.note(pauseNote);
    await this.#enter('paused').catch(() => {
      // A journal that cannot be written still says that the upload is unfinished, which is all that matters.
    });
  }

  async #finish(sha256: string): Promise<void> {
    const result = this.#report.result(sha256);
    await this.#close();
    this.#settle.resolve(result);
  }

  async #failed(thrown: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const error = asImageBridgeError(thrown, this.#what);
    this.#report.problem = problemOf(error);
    await this.#enter('attention', this.#report.problem).catch(() => {});
    await this.#close();
    this.#settle.reject(error);
  }

  #close(): Promise<void> {
    const { journal, source, lock, onClosed } = this.#parts;
    this.#closed ??= (async () => {
      this.#vigil.stop();
      this.#endWatches();
      this.#report.chronicle.close();
      await this.#transfer.close();
      await journal.close();
      await source.close();
      await lock.release();
      onClosed();
    })();
    return this.#closed;
  }

  async #enter(state: UploadState, problem?: UploadProblem): Promise<void> {
    this.#report.state = state;
    try {
      await this.#parts.journal.append({ type: 'state', state, ...(problem ? { problem } : {}) });
    } finally {
      this.#report.tellState();
    }
  }

  /** A number that changes when a byte moves; undefined while none is meant to. */
  #moved(): number | undefined {
    // While the service puts the object together, or others have the budget, no byte is meant to move.
    if (this.#session === undefined || this.#report.state !== 'uploading') return undefined;
    if (this.#place.isQueueing && !this.#ledger.isSending) return undefined;
    return this.#ledger.sentBytes + this.#ledger.confirmed.size + this.#transfer.hashedBytes;
  }

  /** After a sleep connections may be dead without anybody having been told. */
  #wakeUp(sleptMs: number): void {
    const away = `This machine was asleep for about ${Math.round(sleptMs / 1000)} s, or its clock was set`;
    if (!this.#transfer.mayReconnect) {
      this.#context.note(`${away}.`);
      return;
    }
    this.#context.note(`${away}: connections are opened anew, and the server is asked what it has.`);
    this.#command(async () => {
      const session = this.#session;
      if (session === undefined || this.#closed !== undefined) return;
      session.controller.abort();
      await session.ended;
      if (this.#closed === undefined) this.#begin();
    }).catch(() => {});
  }
}
