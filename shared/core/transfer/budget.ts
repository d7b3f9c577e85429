// What several uploads of one process share: a limit of the parts under way and a limit of the rate, both changeable.
import { CancelledError, type Clock, systemClock } from '../model/index.ts';
import { steadyClock } from './steady.ts';
import { Throttle } from './throttle.ts';

/** Limits of a `TransferBudget`; what is absent is not limited. */
export interface BudgetLimits {
  /** Parts under way at once, of all uploads together; a stream counts as one. */
  parallelParts?: number | undefined;
  /** Bytes per second of all uploads together. */
  limitBytesPerSecond?: number | undefined;
}

/** Holds senders back. */
export interface Pace {
  /** Largest size of the next chunk, in bytes. */
  pieceBytes(): number;
  /**
   * Waits until these bytes may be sent.
   * @throws CancelledError when `signal` aborts first
   */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

interface Waiting {
  share: BudgetShare;
  order: number;
  go(): void;
}

/**
 * One budget for several uploads.
 *
 * @example
 * const budget = new TransferBudget({ parallelParts: 8, limitBytesPerSecond: 20e6 });
 * await startUpload({ path, target, budget, priority: 10 }, options);
 * budget.setLimit(undefined);
 */
export class TransferBudget implements Pace {
  readonly #throttle: Throttle;
  #slots: number;
  #used = 0;
  #next = 0;
  #waiting: Waiting[] = [];

  constructor(limits: BudgetLimits = {}, clock: Clock = systemClock) {
    this.#throttle = new Throttle(steadyClock(clock), limits.limitBytesPerSecond);
    this.#slots = limits.parallelParts ?? Number.POSITIVE_INFINITY;
  }

  /** Parts under way now. */
  get partsUnderWay(): number {
    return this.#used;
  }

  /** Sets the limit of the rate in bytes per second; undefined: none. */
  setLimit(bytesPerSecond: number | undefined): void {
    this.#throttle.set(bytesPerSecond);
  }

  /** Sets the limit of the parts under way; undefined: none. Parts that are under way stay so. */
  setParallelParts(parts: number | undefined): void {
    this.#slots = parts === undefined ? Number.POSITIVE_INFINITY : Math.max(1, parts);
    this.#admit();
  }

  /** A share for one upload. */
  join(priority = 0): BudgetShare {
    return new BudgetShare(priority, (share, signal) => this.#slot(share, signal));
  }

  pieceBytes(): number {
    return this.#throttle.pieceBytes();
  }

  take(bytes: number, signal: AbortSignal): Promise<void> {
    return this.#throttle.take(bytes, signal);
  }

  async #slot(share: BudgetShare, signal: AbortSignal): Promise<() => void> {
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        share,
        order: this.#next++,
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((w) => w !== waiting);
        reject(new CancelledError({ operation: 'send a part', reason: 'it was stopped' }));
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#used--;
      this.#admit();
    };
  }

  #admit(): void {
    while (this.#used < this.#slots && this.#waiting.length > 0) {
      // The list is short, and priorities change: looking is simpler than keeping an order.
      const first = this.#waiting.reduce((a, b) => {
        const higher = b.share.priority - a.share.priority;
        return higher > 0 || (higher === 0 && b.order < a.order) ? b : a;
      });
      this.#waiting = this.#waiting.filter((w) => w !== first);
      this.#used++;
      first.go();
    }
  }
}

/** What one upload has of a budget. */
export class BudgetShare {
  /** Higher ones are served first. May be changed at any time. */
  priority: number;
  readonly #take: (share: BudgetShare, signal: AbortSignal) => Promise<() => void>;

  constructor(priority: number, take: (share: BudgetShare, signal: AbortSignal) => Promise<() => void>) {
    this.priority = priority;
    this.#take = take;
  }

  /**
   * Waits until one more part may be under way.
   * @returns ends it
   * @throws CancelledError when `signal` aborts first
   */
  slot(signal: AbortSignal): Promise<() => void> {
    return this.#take(this, signal);
  }
}

/** An upload's place in a budget, or in none. */
export class BudgetPlace {
  readonly #share: BudgetShare | undefined;
  #queueing = 0;

  constructor(budget: TransferBudget | undefined, priority: number | undefined) {
    this.#share = budget?.join(priority);
  }

  /** True while parts wait for the budget. */
  get isQueueing(): boolean {
    return this.#queueing > 0;
  }

  /** Changes the place among the others. */
  setPriority(priority: number): void {
    if (this.#share !== undefined) this.#share.priority = priority;
  }

  /** As `BudgetShare.slot`; at once where there is no budget. */
  async slot(signal: AbortSignal): Promise<() => void> {
    if (this.#share === undefined) return () => {};
    this.#queueing++;
    try {
      return await this.#share.slot(signal);
    } finally {
      this.#queueing--;
    }
  }
}

/** Several limits at once: the strictest one counts. */
export function paceOf(limits: readonly Pace[]): Pace {
  return {
    pieceBytes: () => Math.min(...limits.map((pace) => pace.pieceBytes())),
    async take(bytes, signal) {
      for (const pace of limits) await pace.take(bytes, signal);
    },
  };
}
