// The MD5s of the parts of one file, several at a time: four side by side cost hardly more than one. Parts that are needed
// now and parts that will be needed soon are taken together.
import { CancelledError } from '../model/index.ts';
import { HashThread } from './hash-thread.ts';
import { type PartPlan, partAt } from './plan.ts';
import type { SourceFile } from './source-file.ts';

/** When an MD5 is needed: `ahead` leaves it until there is enough for the thread to do, or others are needed now. */
export type HashUrgency = 'now' | 'ahead';

interface Entry {
  promise: Promise<string>;
  resolve(md5: string): void;
  reject(error: unknown): void;
  urgent: boolean;
  /** Callers that have not been aborted. Without any, nobody is left to hash it for. */
  callers: number;
}

/** See above. Any number of callers at a time; each MD5 is computed once. Close it before the file. */
export class PartHashes {
  readonly #file: SourceFile;
  readonly #plan: PartPlan;
  readonly #thread: HashThread;
  readonly #known = new Map<number, string>();
  /** In the order in which they were asked for. */
  readonly #waiting = new Map<number, Entry>();
  readonly #underWay = new Map<number, Entry>();
  #running: Promise<void> | undefined;
  #stop = new AbortController();

  constructor(file: SourceFile, plan: PartPlan) {
    this.#file = file;
    this.#plan = plan;
    this.#thread = new HashThread(file, 'md5');
  }

  /**
   * MD5 of a part in hex.
   * @throws FileChangedError, LocalFileError; CancelledError when `signal` aborts first
   */
  md5(partNumber: number, signal: AbortSignal, urgency: HashUrgency): Promise<string> {
    const known = this.#known.get(partNumber);
    if (known !== undefined) return Promise.resolve(known);
    if (signal.aborted) return Promise.reject(this.#cancelled());
    let entry = this.#underWay.get(partNumber) ?? this.#waiting.get(partNumber);
    if (entry === undefined) {
      entry = newEntry();
      this.#waiting.set(partNumber, entry);
    }
    if (urgency === 'now') entry.urgent = true;
    const promise = this.#joined(partNumber, entry, signal);
    this.#wake();
    return promise;
  }

  /** Resolves when nothing that somebody still waits for is being hashed. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Gives the thread back, unless it is at work. */
  async rest(): Promise<void> {
    if (this.#running === undefined) await this.#thread.rest();
  }

  /** Ends the thread; what is not answered fails with CancelledError. */
  async close(): Promise<void> {
    for (const entry of this.#waiting.values()) entry.reject(this.#cancelled());
    this.#waiting.clear();
    await this.#thread.close();
  }

  /** One caller's share in an entry. */
  #joined(partNumber: number, entry: Entry, signal: AbortSignal): Promise<string> {
    entry.callers++;
    const promise = new Promise<string>((resolve, reject) => {
      const onAbort = () => {
        entry.callers--;
        if (entry.callers === 0) this.#abandon(partNumber, entry);
        reject(this.#cancelled());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = () => signal.removeEventListener('abort', onAbort);
      entry.promise.then(
        (md5) => {
          settled();
          resolve(md5);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
    // Asked for ahead of need: a failure is met when the part is.
    promise.catch(() => {});
    return promise;
  }

  #abandon(partNumber: number, entry: Entry): void {
    if (this.#waiting.get(partNumber) === entry) this.#waiting.delete(partNumber);
    if ([...this.#underWay.values()].every(({ callers }) => callers === 0)) this.#stop.abort();
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Whoever asks for several parts at once has asked for all of them before the first are taken.
    await Promise.resolve();
    for (let batch = this.#batch(); batch.length > 0; batch = this.#batch()) {
      this.#stop = new AbortController();
      for (const [partNumber, entry] of batch) {
        this.#waiting.delete(partNumber);
        this.#underWay.set(partNumber, entry);
      }
      try {
        const ranges = batch.map(([partNumber]) => partAt(this.#plan, partNumber));
        const digests = await this.#thread.md5s(ranges, this.#stop.signal);
        for (const [i, [partNumber, entry]] of batch.entries()) {
          const md5 = digests[i] ?? '';
          this.#known.set(partNumber, md5);
          entry.resolve(md5);
        }
      } catch (error) {
        this.#failed(batch, error);
      }
      this.#underWay.clear();
    }
    // In the same step as the last look for work: whoever asks from now on starts anew.
    this.#running = undefined;
  }

  /** What to hash next: as much as goes at once, or whatever there is when some of it is needed now. */
  #batch(): [number, Entry][] {
    const waiting = [...this.#waiting];
    const { lanes } = this.#thread;
    const urgent = waiting.filter(([, entry]) => entry.urgent);
    if (waiting.length < lanes && urgent.length === 0) return [];
    const others = waiting.filter(([, entry]) => !entry.urgent);
    return [...urgent, ...others].slice(0, lanes);
  }

  /** A file that cannot be read fails all that were being read; what was given up may have found a new caller since. */
  #failed(batch: readonly [number, Entry][], error: unknown): void {
    for (const [partNumber, entry] of batch) {
      if (this.#stop.signal.aborted && entry.callers > 0) this.#waiting.set(partNumber, entry);
      else entry.reject(error);
    }
  }

  #cancelled(): CancelledError {
    const operation = `hash ${this.#file.identity.path}`;
    return new CancelledError({ operation, reason: 'it was cancelled' });
  }
}

function newEntry(): Entry {
  let resolve: Entry['resolve'] = () => {};
  let reject: Entry['reject'] = () => {};
  const promise = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject, urgent: false, callers: 0 };
}
