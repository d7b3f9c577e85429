// A timer that fires when nothing has moved for a while. Uses Node's timers only.

/** Fires once after `ms` without a `touch`. Starts running. */
export class IdleTimer {
  readonly #ms: number;
  readonly #onExpire: () => void;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /**
   * @param ms how long nothing may move, in milliseconds
   * @param onExpire called at most once
   */
  constructor(ms: number, onExpire: () => void) {
    this.#ms = ms;
    this.#onExpire = onExpire;
    this.#start();
  }

  /** Something moved: begins again, also after a pause. */
  touch(): void {
    if (this.#ended) return;
    if (this.#timer) this.#timer.refresh();
    else this.#start();
  }

  /** Stands still until the next `touch`: it is not the network that is being waited for. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Never fires any more. */
  stop(): void {
    this.#ended = true;
    this.pause();
  }

  #start(): void {
    this.#timer = setTimeout(() => {
      this.#ended = true;
      this.#onExpire();
    }, this.#ms);
  }
}
