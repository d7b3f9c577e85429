// Parts of a source that has no file descriptor: an image of a cloud, an archive unpacked on the way. Each part is read
// once, in ascending order, into memory; it is hashed, sent and sent again from there. Touches memory and one thread.
import { type ByteSource, CancelledError } from '../model/index.ts';
import { PartHash } from './memory-hash.ts';
import type { PartFeed } from './part-feed.ts';
import { type PartPlan, partAt } from './plan.ts';
import { type RetryRules, retrying } from './retry.ts';

/** Memory for parts of one upload, in bytes, unless one part alone needs more. */
export const defaultPartMemoryBytes = 96 * 1024 * 1024;

/** Reads that are under way at once: enough to keep a connection busy while another one is being opened. */
const mostReads = 3;

/** The SHA-256 of the first parts, to be gone on with. */
export interface WholeState {
  /** How many parts are in it. */
  parts: number;
  /** In hex; only `memory-hash.ts` knows its form. */
  state: string;
}

/** What a feed from memory needs. */
export interface MemoryFeedOptions {
  /** Limit of the memory for parts, in bytes. */
  memoryBytes: number;
  /** Rules by which a failed read is tried again. */
  rules: (signal: AbortSignal) => RetryRules;
  /** How far the SHA-256 of the whole had come in an earlier run. */
  whole?: WholeState | undefined;
  /** Told how far it has come. */
  onWhole: (whole: WholeState) => void;
}

interface Asked {
  promise: Promise<string>;
  resolve(md5: string): void;
  reject(error: unknown): void;
}

/** See `PartFeed`. */
export class MemoryFeed implements PartFeed {
  readonly mostPrepared: number;
  readonly #source: ByteSource;
  readonly #plan: PartPlan;
  readonly #options: MemoryFeedOptions;
  readonly #thread = new PartHash();
  readonly #spare: SharedArrayBuffer[] = [];
  #buffers = 0;
  readonly #asked = new Map<number, Asked>();
  readonly #known = new Map<number, string>();
  readonly #released = new Set<number>();
  /** Parts whose bytes are to be kept, and those that are there. */
  readonly #wanted = new Set<number>();
  readonly #held = new Map<number, SharedArrayBuffer>();
  readonly #underWay = new Map<number, Promise<void>>();
  /** The first part that is not in the SHA-256, and the first one that has not been read for it. */
  #shaPart = 1;
  #readPart = 1;
  /** State of the SHA-256 before `#shaPart`. */
  #shaState = '';
  #sha256: string | undefined;
  #shaRuns = false;
  #failure: unknown;
  #pump: { stop: AbortController; ended: Promise<void> } | undefined;
  #wake: () => void = () => {};

  constructor(source: ByteSource, plan: PartPlan, options: MemoryFeedOptions) {
    this.#source = source;
    this.#plan = plan;
    this.#options = options;
    this.mostPrepared = Math.max(1, Math.floor(options.memoryBytes / plan.partSizeBytes));
    if (options.whole === undefined) return;
    this.#shaState = options.whole.state;
    this.#shaPart = options.whole.parts + 1;
    this.#readPart = this.#shaPart;
  }

  get hashedBytes(): number {
    if (this.#sha256 !== undefined) return this.#plan.sizeBytes;
    return (this.#shaPart - 1) * this.#plan.partSizeBytes;
  }

  get sha256(): string | undefined {
    return this.#sha256;
  }

  know(sha256: string | undefined): void {
    this.#sha256 = sha256;
  }

  md5(partNumber: number, signal: AbortSignal): Promise<string> {
    this.#released.add(partNumber);
    const known = this.#known.get(partNumber);
    if (known !== undefined) return Promise.resolve(known);
    return this.#ask(partNumber, signal);
  }

  prepare(partNumber: number, signal: AbortSignal): Promise<string> {
    this.#wanted.add(partNumber);
    this.#released.add(partNumber);
    const known = this.#known.get(partNumber);
    if (known !== undefined && this.#held.has(partNumber)) return Promise.resolve(known);
    return this.#ask(partNumber, signal);
  }

  /** A part is hashed as soon as it is read, in the time of some milliseconds. */
  slowedBy(): 'disk' {
    return 'disk';
  }

  async *bytes(partNumber: number, pieceBytes: () => number): AsyncGenerator<Uint8Array, void> {
    const { sizeBytes } = partAt(this.#plan, partNumber);
    for (let at = 0; at < sizeBytes; ) {
      const held = this.#held.get(partNumber);
      if (held === undefined) throw stopped(this.#source);
      const piece = new Uint8Array(held, at, Math.min(pieceBytes(), sizeBytes - at));
      yield piece;
      at += piece.length;
    }
  }

  free(partNumber: number): void {
    this.#wanted.delete(partNumber);
    const held = this.#held.get(partNumber);
    this.#held.delete(partNumber);
    if (held !== undefined) this.#spare.push(held);
    this.#wake();
  }

  keepOnly(partNumbers: ReadonlySet<number>): void {
    for (const n of [...this.#held.keys(), ...this.#wanted]) if (!partNumbers.has(n)) this.free(n);
  }

  release(partNumber: number): void {
    this.#released.add(partNumber);
    this.#wake();
  }

  async runSha256(signal: AbortSignal): Promise<string | undefined> {
    const onAbort = () => this.#wake();
    signal.addEventListener('abort', onAbort);
    this.#shaRuns = true;
    this.#failure = undefined;
    try {
      while (this.#sha256 === undefined && !signal.aborted) {
        if (this.#failure !== undefined) throw this.#failure;
        this.#start();
        await this.#change();
      }
      return this.#sha256;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#shaRuns = false;
      if (signal.aborted) await this.#stop();
    }
  }

  async forget(): Promise<void> {
    await this.#stop();
    this.#known.clear();
    this.#sha256 = undefined;
    this.#shaState = '';
    this.#shaPart = 1;
    this.#readPart = 1;
    this.keepOnly(new Set());
  }

  async idle(): Promise<void> {
    // Whoever asked has gone away when it is called; only the SHA-256 may still have a use for the next parts.
    if (!this.#shaRuns) await this.#stop();
  }

  /** Its thread holds the hash of the whole, and its memory is given back part by part. */
  async rest(): Promise<void> {}

  async close(): Promise<void> {
    for (const n of [...this.#asked.keys()]) this.#answer(n, undefined, stopped(this.#source));
    await this.#stop();
    await this.#thread.close();
    this.keepOnly(new Set());
  }

  #ask(partNumber: number, signal: AbortSignal): Promise<string> {
    if (signal.aborted) return Promise.reject(stopped(this.#source));
    let asked = this.#asked.get(partNumber);
    if (asked === undefined) {
      asked = makeAsked();
      this.#asked.set(partNumber, asked);
      const onAbort = () => this.#answer(partNumber, undefined, stopped(this.#source));
      const forget = () => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      // Asked for ahead of need: a failure is met when the part is.
      asked.promise.then(forget, forget);
    }
    this.#start();
    return asked.promise;
  }

  #answer(partNumber: number, md5: string | undefined, error?: unknown): void {
    const asked = this.#asked.get(partNumber);
    this.#asked.delete(partNumber);
    if (md5 === undefined) asked?.reject(error);
    else asked?.resolve(md5);
  }

  /** Resolves at the next change of anything that decides what to read. */
  #change(): Promise<void> {
    const before = this.#wake;
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = () => {};
        resolve();
        before();
      };
    });
  }

  #start(): void {
    if (this.#pump === undefined) {
      const stop = new AbortController();
      this.#pump = { stop, ended: this.#run(stop.signal) };
    } else {
      this.#wake();
    }
  }

  async #stop(): Promise<void> {
    const pump = this.#pump;
    pump?.stop.abort();
    this.#wake();
    await pump?.ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    // Those who ask for several parts at once have asked for all of them before the first is chosen.
    await Promise.resolve();
    while (!signal.aborted) {
      const partNumber = this.#underWay.size < mostReads ? this.#choose() : undefined;
      const buffer = partNumber === undefined ? undefined : this.#takeBuffer();
      if (partNumber === undefined || buffer === undefined) {
        await this.#change();
        continue;
      }
      const forSha = this.#sha256 === undefined && partNumber === this.#readPart;
      if (forSha) this.#readPart++;
      const before = forSha ? this.#underWay.get(partNumber - 1) : undefined;
      const task = this.#bring(partNumber, buffer, forSha, before, signal)
        .catch((error: unknown) => this.#failed(error, signal))
        .finally(() => {
          this.#underWay.delete(partNumber);
          this.#wake();
        });
      this.#underWay.set(partNumber, task);
    }
    await Promise.allSettled(this.#underWay.values());
    this.#readPart = this.#shaPart;
    this.#pump = undefined;
    // Somebody may have asked while the last reads were ending.
    if (this.#asked.size > 0 || (this.#shaRuns && this.#failure === undefined)) this.#start();
  }

  /** The next part to read: what was passed already, or is only to be looked at; then on in order. */
  #choose(): number | undefined {
    const asked = [...this.#asked.keys()].filter((n) => !this.#underWay.has(n)).sort((a, b) => a - b);
    const next = this.#readPart;
    const atOnce = asked.find((n) => this.#sha256 !== undefined || n < next || !this.#wanted.has(n));
    if (atOnce !== undefined || this.#sha256 !== undefined) return atOnce;
    const goesOn = asked.length > 0 || (this.#shaRuns && this.#released.has(next));
    return next <= this.#plan.partsTotal && goesOn && !this.#underWay.has(next) ? next : undefined;
  }

  #takeBuffer(): SharedArrayBuffer | undefined {
    const spare = this.#spare.pop();
    if (spare !== undefined || this.#buffers >= this.mostPrepared) return spare;
    this.#buffers++;
    return new SharedArrayBuffer(Math.min(this.#plan.partSizeBytes, this.#plan.sizeBytes));
  }

  async #bring(
    partNumber: number,
    buffer: SharedArrayBuffer,
    forSha: boolean,
    before: Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { startByte, sizeBytes } = partAt(this.#plan, partNumber);
      const bytes = new Uint8Array(buffer, 0, sizeBytes);
      const operation = `read part ${partNumber} of ${this.#source.identity.path}`;
      await retrying(this.#options.rules(signal), operation, () =>
        this.#source.read(startByte, bytes, { signal }),
      );
      await before;
      // The one before may have failed: then this one has no place in the SHA-256.
      if (signal.aborted || (forSha && this.#shaPart !== partNumber)) throw stopped(this.#source);
      const md5 = this.#asked.has(partNumber) || this.#wanted.has(partNumber);
      const last = partNumber === this.#plan.partsTotal;
      const whole = forSha ? { before: this.#shaState, totalBefore: startByte, last } : undefined;
      const reply = await this.#thread.hash({ bytes, md5, whole });
      if (forSha) this.#shaPart++;
      if (reply.state !== undefined) {
        this.#shaState = reply.state;
        this.#options.onWhole({ parts: partNumber, state: reply.state });
      }
      if (reply.sha256 !== undefined) this.#sha256 = reply.sha256;
      if (reply.md5 !== undefined) this.#known.set(partNumber, reply.md5);
      if (this.#wanted.has(partNumber) && !this.#held.has(partNumber)) this.#held.set(partNumber, buffer);
      if (reply.md5 !== undefined) this.#answer(partNumber, reply.md5);
    } finally {
      if (this.#held.get(partNumber) !== buffer) this.#spare.push(buffer);
    }
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#failure = error;
    this.#pump?.stop.abort();
    for (const n of [...this.#asked.keys()]) this.#answer(n, undefined, error);
  }
}

function makeAsked(): Asked {
  let resolve: Asked['resolve'] = () => {};
  let reject: Asked['reject'] = () => {};
  const promise = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const stopped = (source: ByteSource) =>
  new CancelledError({ operation: `read ${source.identity.path}`, reason: 'it was stopped' });
