// Reads of single shares, answered from one listing where several of the same image are asked for. Imports types of the core.
import type { CallOptions, Clock, ImageCloud, Share } from '@imagebridge/core';
import { SharedCalls } from './shared-calls.ts';
import type { Written } from './written.ts';

/** How long a listing answers, from its beginning, in ms. */
const LISTING_AGE_MS = 5 * 60_000;

interface Listing {
  readonly beganAtMs: number;
  /** By the id of the project; undefined where the listing failed. */
  readonly shares: ReadonlyMap<string, Share> | undefined;
}

/**
 * The reads of one cloud in one region. The first share of an image is asked for by itself; the second one asks for all of
 * them. What is not listed is asked for before it is called absent, and so is every share of an image that this process writes to.
 */
export class ShareReads {
  readonly #cloud: ImageCloud;
  readonly #written: Written;
  readonly #clock: Clock;
  readonly #single: SharedCalls<Share | undefined>;
  readonly #lists: SharedCalls<Listing>;
  /** The projects asked for, by image. */
  readonly #asked = new Map<string, Set<string>>();
  readonly #listings = new Map<string, Listing>();

  /** @param cancelled makes the error of a caller that has aborted */
  constructor(cloud: ImageCloud, written: Written, clock: Clock, cancelled: () => Error) {
    this.#cloud = cloud;
    this.#written = written;
    this.#clock = clock;
    this.#single = new SharedCalls(cancelled);
    this.#lists = new SharedCalls(cancelled);
  }

  /** As the port's. */
  async getShare(imageId: string, projectId: string, options: CallOptions = {}): Promise<Share | undefined> {
    if (options.fresh) return this.#cloud.getShare(imageId, projectId, options);
    if (!this.#written.has(imageId)) {
      const listed = await this.#listed(imageId, projectId, options.signal);
      if (listed !== undefined && !this.#written.has(imageId)) return { ...listed };
    }
    return this.#single.run(
      JSON.stringify([this.#written.revision, imageId, projectId]),
      (signal) => this.#cloud.getShare(imageId, projectId, { signal }),
      options.signal,
    );
  }

  async #listed(
    imageId: string,
    projectId: string,
    signal: AbortSignal | undefined,
  ): Promise<Share | undefined> {
    const asked = this.#asked.get(imageId) ?? new Set();
    this.#asked.set(imageId, asked.add(projectId));
    if (asked.size < 2) return undefined;
    let listing = this.#listings.get(imageId);
    if (listing === undefined || this.#clock.now() - listing.beganAtMs > LISTING_AGE_MS) {
      listing = await this.#lists.run(imageId, (until) => this.#list(imageId, until), signal);
      this.#listings.set(imageId, listing);
    }
    return listing.shares?.get(projectId);
  }

  async #list(imageId: string, signal: AbortSignal): Promise<Listing> {
    const beganAtMs = this.#clock.now();
    const shares = new Map<string, Share>();
    try {
      for await (const share of this.#cloud.listShares(imageId, { signal }))
        shares.set(share.projectId, share);
      return { beganAtMs, shares };
    } catch {
      // Not everybody who may read his own share may list them: each one tells its own error.
      return { beganAtMs, shares: undefined };
    }
  }
}
