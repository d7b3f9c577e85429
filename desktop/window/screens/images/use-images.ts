// The listing of a place as a hook, and the gentle refreshing of images that are not finished yet.
import type { ImageQuery, ImageView } from '@imagebridge/desktop-contract';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection } from '../../state/connection.tsx';
import { problemOf, useImagesCount } from '../../state/hooks.ts';
import { Listing, type ListingState, NOT_LOADED } from './listing.ts';

/** How often an unfinished image is asked for, in ms. */
export const LIVE_MS = 5000;
/** Most images that are asked for at once. */
const LIVE_AT_ONCE = 10;

/** True while the service is still at work on it. */
export const isUnfinished = ({ status }: Pick<ImageView, 'status'>): boolean =>
  status === 'pending' || status === 'importing';

const silent = () => () => {};

/** The images of a place; undefined: of none. Asked for again when images of some cloud have changed. */
export function useListing(query: ImageQuery | undefined): {
  listing: Listing | undefined;
  state: ListingState;
} {
  const { client } = useConnection();
  const changes = useImagesCount();
  const key = query === undefined ? undefined : JSON.stringify(query);
  const [opened, setOpened] = useState<{ key: string; listing: Listing }>();

  useEffect(() => {
    if (key === undefined) return;
    const listing = new Listing(client, JSON.parse(key));
    setOpened({ key, listing });
    void listing.more();
    return () => listing.close();
  }, [client, key]);

  const listing = opened?.key === key ? opened?.listing : undefined;
  const seen = useRef(changes);
  useEffect(() => {
    if (seen.current === changes) return;
    seen.current = changes;
    void listing?.refresh();
  }, [changes, listing]);

  const state = useSyncExternalStore(
    listing === undefined ? silent : (listener) => listing.subscribe(listener),
    () => listing?.state ?? NOT_LOADED,
  );
  return { listing, state };
}

/**
 * Asks for images that are unfinished and in sight every few seconds, while the window is shown.
 * @param inSight the images in sight, asked for at each turn
 */
export function useLiveStatus(
  listing: Listing | undefined,
  place: { cloud: string; region?: string | undefined } | undefined,
  inSight: () => readonly ImageView[],
): void {
  const { client } = useConnection();
  const latest = useRef(inSight);
  latest.current = inSight;
  const cloud = place?.cloud;
  const region = place?.region;

  useEffect(() => {
    if (listing === undefined || cloud === undefined) return;
    const stop = new AbortController();
    const asked = new Set<string>();
    const ask = async (imageId: string) => {
      asked.add(imageId);
      try {
        const params = { cloud, imageId, ...(region === undefined ? {} : { region }) };
        listing.update((await client.call('images.detail', params, stop.signal)).image);
      } catch (thrown) {
        // Whatever else went wrong: the next turn asks again.
        if (problemOf(thrown).kind === 'not-found') listing.remove(imageId);
      } finally {
        asked.delete(imageId);
      }
    };
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden') return;
      const wanted = latest.current().filter((image) => isUnfinished(image) && !asked.has(image.id));
      for (const { id } of wanted.slice(0, LIVE_AT_ONCE - asked.size)) void ask(id);
    }, LIVE_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [client, listing, cloud, region]);
}
