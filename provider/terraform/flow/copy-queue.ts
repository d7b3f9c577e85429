// Copies to other regions: a Huawei Cloud account may have five under way; further ones wait here. Imports types of the core.
import type { CallOptions, Clock, CopyRequest, ImageCloud, Job, JobRef } from '@imagebridge/core';
import { Turnstile } from './turnstile.ts';

/** Copies to other regions that one account may have under way. */
const MOST_COPIES = 5;
/** Only their number is limited, not how fast they begin. */
const STARTS_PER_SECOND = 1000;
/** When nobody has asked for a job for so long, its waiter has given up, and its place is given on. In ms. */
const FORGOTTEN_AFTER_MS = 150_000;

/** How often those who wait look for such places, in ms. */
const LOOK_EVERY_MS = 15_000;

/** The copies of one account, whatever region they come from or go to. */
export class CopyQueue {
  readonly #places: Turnstile;
  readonly #clock: Clock;
  readonly #onWait: (request: CopyRequest) => void;
  /** What gives a place back, by the job's id. */
  readonly #underWay = new Map<string, { leave: () => void; askedAtMs: number }>();

  /**
   * @param onWait told of each copy that has to wait
   * @param cancelled makes the error of a caller that has aborted
   */
  constructor(onWait: (request: CopyRequest) => void, clock: Clock, cancelled: () => Error) {
    this.#clock = clock;
    this.#onWait = onWait;
    this.#places = new Turnstile({ perSecond: STARTS_PER_SECOND, parallel: MOST_COPIES }, clock, cancelled);
  }

  /** As the port's `copyImage`, once there is a place. */
  async copyImage(cloud: ImageCloud, request: CopyRequest, options: CallOptions = {}): Promise<JobRef> {
    const leave = await this.#place(request, options.signal);
    try {
      const ref = await cloud.copyImage(request, options);
      this.#underWay.set(ref.id, { leave, askedAtMs: this.#clock.now() });
      return ref;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** To be told of every job that is asked for, with its state where it is known: the end of a copy makes a place free. */
  saw(ref: JobRef, job?: Job): void {
    const place = this.#underWay.get(ref.id);
    if (place === undefined) return;
    place.askedAtMs = this.#clock.now();
    if (job?.status === 'succeeded' || job?.status === 'failed') this.#free(ref.id, place);
  }

  async #place(request: CopyRequest, signal: AbortSignal | undefined): Promise<() => void> {
    if (!this.#places.isFull) return this.#places.enter(signal);
    this.#onWait(request);
    const waiting = new AbortController();
    void this.#lookForForgotten(waiting.signal);
    try {
      return await this.#places.enter(signal);
    } finally {
      waiting.abort();
    }
  }

  async #lookForForgotten(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      for (const [id, place] of this.#underWay)
        if (this.#clock.now() - place.askedAtMs >= FORGOTTEN_AFTER_MS) this.#free(id, place);
      await this.#clock.sleep(LOOK_EVERY_MS, until).catch(() => {});
    }
  }

  #free(id: string, { leave }: { readonly leave: () => void }): void {
    this.#underWay.delete(id);
    leave();
  }
}
