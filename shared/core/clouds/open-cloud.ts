// Chooses the adapter of a profile's family.
import type { RequestObserver } from '../http/index.ts';
import { type Clock, type ImageCloud, type Profile, UnsupportedError } from '../model/index.ts';
import { openHuaweicloud } from './huaweicloud/adapter.ts';

/** How a cloud is opened; everything has a default. */
export interface OpenCloudOptions {
  clock?: Clock | undefined;
  /** 0 ≤ x < 1, for the jitter of waits. Default: Math.random. */
  random?: (() => number) | undefined;
  /** Where the proxy variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) are read from. Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sees every attempt of every request, without secrets; for debug logs. */
  observer?: RequestObserver | undefined;
  /** How long nothing may move in a call, in ms. Default 30 s; parts of uploads and completions have longer ones. */
  timeoutMs?: number | undefined;
  /** Attempts of a call that may be repeated. Default 4. */
  maxAttempts?: number | undefined;
}

const FAMILIES = ['huaweicloud'];

/**
 * Opens a cloud. Sends nothing: wrong credentials show at the first call. Close it when it is no longer needed; it
 * shares its connections with the clouds that came of its `inRegion`, so closing any of them closes all.
 * @throws UnsupportedError when the family has no adapter yet
 */
export function openCloud(profile: Profile, options: OpenCloudOptions = {}): ImageCloud {
  switch (profile.family) {
    case 'huaweicloud':
      return openHuaweicloud(profile, { ...options, env: options.env ?? process.env });
    default:
      throw new UnsupportedError({
        operation: `open the cloud "${profile.name}"`,
        reason: `clouds of the family ${profile.family} are not supported yet`,
        hint: `Families that work: ${FAMILIES.join(', ')}.`,
      });
  }
}
