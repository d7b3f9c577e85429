// Listings page by page: nothing is read ahead, few are open, and none stays open.
import type { Image } from '@imagebridge/core';
import type { ImageQuery } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { LONG, ManualClock, never } from '../clouds/testing.ts';
import { type Listable, Listings } from './listing.ts';

const QUERY: ImageQuery = { cloud: 'c', scope: 'own' };

/** A cloud with so many images that counts what is read, and what is closed. */
function bigCloud(size: number) {
  const seen = { read: 0, alive: 0, most: 0, closed: 0 };
  async function* list(signal: AbortSignal | undefined): AsyncGenerator<Image> {
    try {
      for (let index = 0; index < size; index += 1) {
        signal?.throwIfAborted();
        seen.read += 1;
        yield {
          id: String(index),
          name: `image ${index}`,
          status: 'active',
          rawStatus: 'active',
          tags: {},
          properties: {},
        };
      }
    } finally {
      seen.closed += 1;
    }
  }
  const clouds: Listable = {
    open: async () => ({ listImages: (_, options) => list(options?.signal) }),
  };
  return { seen, clouds };
}

describe('listings', () => {
  it('of 10,000 images hold none of them between the pages', async () => {
    const { seen, clouds } = bigCloud(10_000);
    const listings = new Listings(clouds, new ManualClock());
    let cursor: string | undefined;
    let count = 0;
    let pages = 0;
    do {
      const page = await listings.page(QUERY, cursor, never);
      count += page.images.length;
      pages += 1;
      cursor = page.cursor;
      expect(seen.read).toBe(count);
      expect(page.images.length).toBeLessThanOrEqual(200);
      expect(listings.size).toBe(cursor === undefined ? 0 : 1);
    } while (cursor !== undefined);
    expect([count, pages, seen.closed]).toEqual([10_000, 51, 1]);
  });

  it('are closed after two minutes', async () => {
    const { seen, clouds } = bigCloud(1000);
    const clock = new ManualClock();
    const listings = new Listings(clouds, clock);
    const { cursor } = await listings.page(QUERY, undefined, never);
    clock.advance(119_000);
    const next = await listings.page(QUERY, cursor, never);
    clock.advance(119_000);
    expect(listings.size).toBe(1);
    clock.advance(1_000);
    await expect.poll(() => [listings.size, seen.closed], LONG).toEqual([0, 1]);
    await expect(listings.page(QUERY, next.cursor, never)).rejects.toThrow('not open any more');
    expect(clock.waiting).toBe(0);
  });

  it('are few', async () => {
    const { seen, clouds } = bigCloud(1000);
    const clock = new ManualClock();
    const listings = new Listings(clouds, clock);
    const first = await listings.page(QUERY, undefined, never);
    for (let index = 0; index < 16; index += 1) await listings.page(QUERY, undefined, never);
    expect(listings.size).toBe(16);
    await expect(listings.page(QUERY, first.cursor, never)).rejects.toThrow('not open any more');
    listings.stop();
    await expect.poll(() => [listings.size, clock.waiting, seen.closed], LONG).toEqual([0, 0, 17]);
  });

  it('belong to their query, and each cursor is good once', async () => {
    const { clouds } = bigCloud(1000);
    const listings = new Listings(clouds, new ManualClock());
    const { cursor } = await listings.page(QUERY, undefined, never);
    await expect(listings.page({ ...QUERY, scope: 'public' }, cursor, never)).rejects.toThrow('not open');
    expect((await listings.page(QUERY, cursor, never)).images[0]?.id).toBe('200');
    await expect(listings.page(QUERY, cursor, never)).rejects.toThrow('not open');
  });

  it('end when the window gives up', async () => {
    const { seen, clouds } = bigCloud(1000);
    const listings = new Listings(clouds, new ManualClock());
    const controller = new AbortController();
    controller.abort();
    await expect(listings.page(QUERY, undefined, controller.signal)).rejects.toThrow();
    expect(listings.size).toBe(0);
    expect(seen.read).toBe(0);
  });
});
