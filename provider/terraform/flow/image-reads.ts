// Reads of single images, answered from one listing where there are many of them. Imports types of the core.
//
// The rules:
// 1. The first few images are asked for one by one; from then on a listing of the project's own images answers.
// 2. A listing answers for five minutes, which is a long refresh. Those who wait for an image, or must be sure, say so (`fresh`), and are not answered so.
// 3. What the listing does not hold (shared, hidden, of another project, just made, gone) is asked for: an image is called
//    gone only by the service.
// 4. An image that this process has changed is asked for from then on. Once this process has written more than changes of
//    single images it is applying, and listings answer no more.
// 5. A listing that fails answers nothing: each image is asked for, and gives its own error.
import type { CallOptions, Clock, Image, ImageCloud } from '@imagebridge/core';
import { SharedCalls } from './shared-calls.ts';
import type { Written } from './written.ts';

/** So many different images are asked for one by one. */
const SINGLE_READS = 8;
/** How long a listing answers, from its beginning, in ms. */
const LISTING_AGE_MS = 5 * 60_000;
/** A project with more images than this is not held in memory: its images are asked for one by one. */
const MOST_IMAGES = 10_000;

/** What was listed. */
interface Listing {
  readonly beganAtMs: number;
  /** Undefined while it is under way. */
  images?: ReadonlyMap<string, Image>;
}

/** The reads of one cloud in one region. */
export class ImageReads {
  readonly #cloud: ImageCloud;
  readonly #written: Written;
  readonly #clock: Clock;
  readonly #single: SharedCalls<Image | undefined>;
  readonly #listings: SharedCalls<void>;
  readonly #asked = new Set<string>();
  #listing: Listing | undefined;
  /** True once a listing has failed. */
  #refused = false;

  /** @param cancelled makes the error of a caller that has aborted */
  constructor(cloud: ImageCloud, written: Written, clock: Clock, cancelled: () => Error) {
    this.#cloud = cloud;
    this.#written = written;
    this.#clock = clock;
    this.#single = new SharedCalls(cancelled);
    this.#listings = new SharedCalls(cancelled);
  }

  /** As the port's. */
  async getImage(id: string, options: CallOptions = {}): Promise<Image | undefined> {
    if (options.fresh) return this.#cloud.getImage(id, options);
    if (this.#mayList(id)) {
      const listed = await this.#listed(id, options.signal);
      // The listing may have taken its time: look again whether it still counts.
      if (listed !== undefined && this.#mayList(id)) return copyOf(listed);
    }
    const key = `${this.#written.revision} ${id}`;
    return this.#single.run(key, (signal) => this.#cloud.getImage(id, { signal }), options.signal);
  }

  #mayList(id: string): boolean {
    return !this.#refused && !this.#written.more && !this.#written.has(id);
  }

  /** The image as a listing has it. */
  async #listed(id: string, signal: AbortSignal | undefined): Promise<Image | undefined> {
    this.#asked.add(id);
    const nowMs = this.#clock.now();
    if (this.#listing === undefined || nowMs - this.#listing.beganAtMs > LISTING_AGE_MS) {
      if (this.#asked.size <= SINGLE_READS) return undefined;
      this.#listing = { beganAtMs: nowMs };
    }
    const listing = this.#listing;
    if (listing.images === undefined)
      await this.#listings.run(String(listing.beganAtMs), (until) => this.#list(listing, until), signal);
    const image = listing.images?.get(id);
    // What a service may list and yet not give is asked for.
    return image?.status === 'deleted' ? undefined : image;
  }

  async #list(listing: Listing, signal: AbortSignal): Promise<void> {
    const images = new Map<string, Image>();
    try {
      for await (const image of this.#cloud.listImages({ scope: 'own' }, { signal })) {
        images.set(image.id, image);
        if (images.size > MOST_IMAGES) break;
      }
    } catch {
      // Where nobody waited any more, the next caller asks again.
      if (!signal.aborted) this.#refused = true;
      return;
    }
    if (images.size > MOST_IMAGES) this.#refused = true;
    else listing.images = images;
  }
}

/** Callers may keep and change what they get. */
const copyOf = (image: Image): Image => ({
  ...image,
  tags: { ...image.tags },
  properties: { ...image.properties },
});
