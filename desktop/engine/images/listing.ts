// Listings that are read page by page. An open one holds the place in the service's own pages, and no image.
import { randomUUID } from 'node:crypto';
import type { Clock, Image, ImageCloud } from '@imagebridge/core';
import { EngineError, type ImageQuery } from '@imagebridge/desktop-contract';

const PAGE = 200;
const MOST_OPEN = 16;
const OPEN_MS = 2 * 60_000;

/** One page. */
export interface Page {
  images: Image[];
  /** For the next page; absent on the last one. */
  cursor?: string;
}

/** What is needed of the clouds. */
export interface Listable {
  open(cloud: string, region?: string): Promise<Pick<ImageCloud, 'listImages'>>;
}

interface Reading {
  query: string;
  iterator: AsyncIterator<Image>;
  controller: AbortController;
}

/** Open listings, by cursor. */
export class Listings {
  readonly #clouds: Listable;
  readonly #clock: Clock;
  readonly #open = new Map<string, { reading: Reading; timer: AbortController }>();

  constructor(clouds: Listable, clock: Clock) {
    this.#clouds = clouds;
    this.#clock = clock;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * The first page, or the next one of a cursor, which is used up by that.
   * @throws EngineError when the cursor is none; whatever the cloud throws
   */
  async page(query: ImageQuery, cursor: string | undefined, signal: AbortSignal): Promise<Page> {
    const reading = cursor === undefined ? await this.#begin(query) : this.#take(query, cursor);
    const giveUp = () => reading.controller.abort();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      if (signal.aborted) giveUp();
      const images: Image[] = [];
      while (images.length < PAGE) {
        const next = await reading.iterator.next();
        if (next.done) return { images };
        images.push(next.value);
      }
      return { images, cursor: this.#keep(reading) };
    } catch (error) {
      reading.controller.abort();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Closes all. */
  stop(): void {
    for (const cursor of [...this.#open.keys()]) this.#close(cursor);
  }

  async #begin(query: ImageQuery): Promise<Reading> {
    const cloud = await this.#clouds.open(query.cloud, query.region);
    const controller = new AbortController();
    const images = cloud.listImages({ scope: query.scope }, { signal: controller.signal });
    return { query: nameOf(query), iterator: images[Symbol.asyncIterator](), controller };
  }

  #take(query: ImageQuery, cursor: string): Reading {
    const found = this.#open.get(cursor);
    if (found === undefined || found.reading.query !== nameOf(query)) {
      throw new EngineError({
        kind: 'not-found',
        message: 'This listing is not open any more.',
        hint: 'List the images again, from the start.',
      });
    }
    this.#open.delete(cursor);
    found.timer.abort();
    return found.reading;
  }

  #keep(reading: Reading): string {
    const cursor = randomUUID();
    const timer = new AbortController();
    this.#open.set(cursor, { reading, timer });
    this.#clock.sleep(OPEN_MS, timer.signal).then(
      () => this.#close(cursor),
      () => {},
    );
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#close(oldest);
    return cursor;
  }

  #close(cursor: string): void {
    const found = this.#open.get(cursor);
    if (found === undefined) return;
    this.#open.delete(cursor);
    found.timer.abort();
    found.reading.controller.abort();
    // Lets the listing free its connection; it may refuse, being aborted.
    void Promise.resolve(found.reading.iterator.return?.()).catch(() => {});
  }
}

const nameOf = ({ cloud, region, scope }: ImageQuery): string => JSON.stringify([cloud, region ?? '', scope]);
