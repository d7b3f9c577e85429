// Where the images are that the screen shows: a cloud, a region, whose images. In the address; the last one is remembered.
import type { ImageQuery, ProfileView } from '@imagebridge/desktop-contract';
import { navigate } from '../../state/route.ts';

/** Whose images. */
export const SCOPES = ['own', 'shared', 'public'] as const;
/** See `SCOPES`. */
export type Scope = ImageQuery['scope'];

/** What the address says. */
export interface Place {
  cloud: string | undefined;
  /** Absent: the profile's own. */
  region: string | undefined;
  scope: Scope;
  /** The image whose details are open. */
  image: string | undefined;
}

const KEY = 'imagebridge.images';

/** Reads the address; without a cloud in it, what was looked at last, else the default. A cloud that is gone is not shown. */
export function placeOf(
  params: Readonly<Record<string, string>>,
  profiles: readonly ProfileView[],
  defaultCloud: string | undefined,
): Place {
  const given = params.cloud === undefined ? { ...remembered(), ...params } : params;
  const has = (name: string | undefined) => profiles.some((profile) => profile.name === name);
  const scope = SCOPES.find((one) => one === given.scope) ?? 'own';
  if (has(given.cloud)) return { cloud: given.cloud, region: given.region, scope, image: given.image };
  const first = has(defaultCloud)
    ? defaultCloud
    : (profiles.find(({ isDefault }) => isDefault) ?? profiles[0])?.name;
  return { cloud: first, region: undefined, scope, image: undefined };
}

/** Goes to a place, and remembers it. */
export function go(place: Place, { replace = false } = {}): void {
  const { cloud, region, scope, image } = place;
  const kept = {
    ...(cloud === undefined ? {} : { cloud }),
    ...(region === undefined ? {} : { region }),
    scope,
  };
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Where a page may keep nothing, the place is not remembered.
  }
  navigate('images', { ...kept, image }, { replace });
}

function remembered(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch {
    return {};
  }
}
