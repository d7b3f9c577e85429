// Looks after a running upload every second: does anything move, was the machine asleep? Touches timers only.
import { systemClock } from '../model/index.ts';
import { steadyClock } from './steady.ts';
import { Watchdog } from './watchdog.ts';

/** Ticks come from the machine's timers; so their gaps are measured with its own clocks, whatever a test injects. */
const machine = steadyClock(systemClock);

/** What a vigil asks and tells. */
export interface VigilHooks {
  /** A number that changes when a byte moves; undefined while none is meant to. */
  moved(): number | undefined;
  /** True while the upload works. */
  works(): boolean;
  /** Nothing has moved for the set time. Told once. */
  stalled(stalledMs: number): void;
  /** One more look is over. */
  looked(): void;
  /** The machine was away while the upload worked. */
  slept(sleptMs: number): void;
}

/** See above. It does not keep the process alive. */
export class Vigil {
  readonly #watchdog: Watchdog;
  readonly #tickMs: number;
  readonly #hooks: VigilHooks;
  #timer: NodeJS.Timeout | undefined;
  #stalledMs: number | undefined;

  constructor(stalledAfterMs: number, tickMs: number, hooks: VigilHooks) {
    this.#watchdog = new Watchdog(stalledAfterMs, systemClock.now(), machine.now());
    this.#tickMs = tickMs;
    this.#hooks = hooks;
  }

  /** How long nothing has moved, in ms, once that is longer than the set time. */
  get stalledMs(): number | undefined {
    return this.#stalledMs;
  }

  /** What stood still moves again: there is no need to wait for the next look. */
  somethingMoved(): void {
    this.#stalledMs = undefined;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#tickMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { stalledMs, newlyStalled, sleptMs } = this.#watchdog.look(
      systemClock.now(),
      machine.now(),
      this.#hooks.moved(),
      this.#tickMs,
    );
    this.#stalledMs = stalledMs === undefined ? undefined : Math.round(stalledMs);
    if (newlyStalled && this.#stalledMs !== undefined) this.#hooks.stalled(this.#stalledMs);
    this.#hooks.looked();
    if (sleptMs !== undefined && this.#hooks.works()) this.#hooks.slept(sleptMs);
  }
}
