// The pages of a listing: how they are loaded, refreshed and kept.
import {
  connectEngine,
  type Handlers,
  type ImageView,
  serveContract,
  transportPair,
} from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { Listing } from './listing.ts';
import { someImage } from './testing.ts';

/** A listing over so many images, two to a page, and how often it was asked. */
function open(count: number) {
  const [near, far] = transportPair();
  let images = Array.from({ length: count }, (_, i) => someImage({ id: `i${i}`, name: `n${i}` }));
  const asked: (string | undefined)[] = [];
  let failing = false;
  const handlers = {
    'images.list': ({ cursor }: { cursor?: string }) => {
      asked.push(cursor);
      if (failing) throw new Error('refused');
      const from = Number(cursor ?? 0);
      const next = from + 2 < images.length ? { cursor: String(from + 2) } : {};
      return { images: images.slice(from, from + 2), ...next };
    },
  } as unknown as Handlers;
  serveContract(far, handlers, { toProblem: (e) => ({ kind: 'refused', message: String(e) }) });
  const listing = new Listing(connectEngine(near), { cloud: 'lab', scope: 'own' });
  const ids = () => listing.state.images.map(({ id }) => id).join(' ');
  return {
    listing,
    asked,
    ids,
    fail: (now: boolean) => {
      failing = now;
    },
    change: (to: (before: ImageView[]) => ImageView[]) => {
      images = to(images);
    },
  };
}

describe('a listing', () => {
  it('loads page by page until the end', async () => {
    const { listing, asked, ids } = open(3);
    await listing.more();
    expect(ids()).toBe('i0 i1');
    expect(listing.state).toMatchObject({ loaded: true, more: true, busy: 'nothing' });
    await listing.more();
    expect(ids()).toBe('i0 i1 i2');
    await listing.more();
    expect(asked).toEqual([undefined, '2']);
  });

  it('loads everything, and stops when it is told to', async () => {
    const whole = open(9);
    await whole.listing.all();
    expect(whole.listing.state.images).toHaveLength(9);
    const stopped = open(9);
    stopped.listing.subscribe(() => {
      if (stopped.listing.state.images.length >= 4) stopped.listing.stopAll();
    });
    await stopped.listing.all();
    expect(stopped.ids()).toBe('i0 i1 i2 i3');
    expect(stopped.listing.state).toMatchObject({ more: true, busy: 'nothing' });
  });

  it('refreshes as many pages as it has, without showing less meanwhile', async () => {
    const { listing, ids, change } = open(6);
    await listing.more();
    await listing.more();
    change((images) => images.slice(1));
    const lengths: number[] = [];
    listing.subscribe(() => lengths.push(listing.state.images.length));
    await listing.refresh();
    expect(ids()).toBe('i1 i2 i3 i4');
    expect(new Set(lengths)).toEqual(new Set([4]));
  });

  it('does a refresh that was asked for while it was busy afterwards', async () => {
    const { listing, asked, change, ids } = open(2);
    const first = listing.more();
    change((images) => [...images].reverse());
    await listing.refresh();
    await first;
    expect(asked).toHaveLength(2);
    expect(ids()).toBe('i1 i0');
  });

  it('keeps what it has when a page fails, and goes on after a retry', async () => {
    const { listing, ids, fail } = open(4);
    await listing.more();
    fail(true);
    await listing.more();
    expect(ids()).toBe('i0 i1');
    expect(listing.state.problem?.message).toContain('refused');
    fail(false);
    await listing.more();
    expect(ids()).toBe('i0 i1 i2 i3');
    expect(listing.state.problem).toBeUndefined();
  });

  it('takes in what is learned elsewhere, of its own images only', async () => {
    const { listing, ids } = open(2);
    await listing.more();
    listing.update(someImage({ id: 'i1', status: 'failed' }));
    listing.update(someImage({ id: 'foreign' }));
    expect(listing.state.images[1]?.status).toBe('failed');
    listing.remove('i0');
    expect(ids()).toBe('i1');
  });

  it('says nothing any more once it is closed', async () => {
    const { listing } = open(2);
    const going = listing.more();
    listing.close();
    await going;
    expect(listing.state.problem).toBeUndefined();
    expect(listing.state.images).toEqual([]);
  });
});
