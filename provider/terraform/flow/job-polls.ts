// Looks at jobs: one poller for each job service, however many wait. Imports types of the core.
import type { CallOptions, Clock, ImageCloud, Job, JobRef } from '@imagebridge/core';
import { SharedCalls } from './shared-calls.ts';
import { Turnstile } from './turnstile.ts';

/** Looks per second; those who wait take turns. Ten waits are not slowed down, a thousand are. */
const LOOKS_PER_SECOND = 8;
const LOOKS_AT_ONCE = 4;

/** The jobs of one cloud in one region. */
export class JobPolls {
  readonly #cloud: ImageCloud;
  readonly #line: Turnstile;
  readonly #looks: SharedCalls<Job>;

  /** @param cancelled makes the error of a caller that has aborted */
  constructor(cloud: ImageCloud, clock: Clock, cancelled: () => Error) {
    this.#cloud = cloud;
    this.#line = new Turnstile({ perSecond: LOOKS_PER_SECOND, parallel: LOOKS_AT_ONCE }, clock, cancelled);
    this.#looks = new SharedCalls(cancelled);
  }

  /** As the port's, in turn; who asks for the same job meanwhile gets the same answer. */
  getJob(ref: JobRef, options: CallOptions = {}): Promise<Job> {
    const look = async (signal: AbortSignal) => {
      const leave = await this.#line.enter(signal);
      try {
        return await this.#cloud.getJob(ref, { signal });
      } finally {
        leave();
      }
    };
    return this.#looks.run(ref.id, look, options.signal);
  }
}
