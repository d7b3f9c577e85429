// Which screen is shown, kept in the address (`#/images?cloud=east`), so that back, forward and reload work.
import { useMemo, useSyncExternalStore } from 'react';

/** The screens. */
export const SCREENS = ['queue', 'images', 'activities', 'history', 'profiles', 'settings', 'about'] as const;
/** See `SCREENS`. */
export type Screen = (typeof SCREENS)[number];

/** Where the window is. */
export interface Route {
  screen: Screen;
  /** What the screen is about: a task, a cloud, an image. */
  params: Readonly<Record<string, string>>;
}

/** Reads an address. What is unknown is the queue. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const screen = SCREENS.find((one) => one === path) ?? 'queue';
  return { screen, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a route, for links. */
export function hrefOf(screen: Screen, params: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = new URLSearchParams(given).toString();
  return `#/${screen}${query === '' ? '' : `?${query}`}`;
}

/** Goes to a screen. `replace` leaves no step to go back to. */
export function navigate(
  screen: Screen,
  params: Readonly<Record<string, string | undefined>> = {},
  { replace = false } = {},
): void {
  const href = hrefOf(screen, params);
  if (replace) {
    window.history.replaceState(null, '', href);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else window.location.hash = href;
}

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

/** Where the window is now. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
