// Chooses the adapter of a profile's family.
import type { RequestGate, RequestObserver } from '../http/index.ts';
import type { Clock, ImageCloud, Profile } from '../model/index.ts';
import { openHuaweicloud } from './huaweicloud/adapter.ts';
import { openOpenstack } from './openstack/adapter.ts';
import { openUcloudstack } from './ucloudstack/adapter.ts';

/** How a cloud is opened; everything has a default. */
export interface OpenCloudOptions {
  clock?: Clock | undefined;
  /** 0 ≤ x < 1, for the jitter of waits. Default: Math.random. */
  random?: (() => number) | undefined;
  /** Where the proxy variables (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) are read from. Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sees every attempt of every request, without secrets; for debug logs. */
  observer?: RequestObserver | undefined;
  /** Holds requests back, so that they keep within what the services bear. Default: nothing does. */
  gate?: RequestGate | undefined;
  /** How long nothing may move in a call, in ms. Default 30 s; parts of uploads and completions have longer ones. */
  timeoutMs?: number | undefined;
  /** Attempts of a call that may be repeated. Default 4. */
  maxAttempts?: number | undefined;
}

/**
 * Opens a cloud. Sends nothing: wrong credentials show at the first call. Close it when it is no longer needed; it
 * shares its connections with the clouds that came of its `inRegion`, so closing any of them closes all.
 * @throws InvalidInputError when a file that the profile names (`caFile`) cannot be used
 */
export function openCloud(profile: Profile, options: OpenCloudOptions = {}): ImageCloud {
  const { proxy, caFile, insecure } = profile;
  const all = { ...options, env: options.env ?? process.env, connection: { proxy, caFile, insecure } };
  switch (profile.family) {
    case 'huaweicloud':
      return openHuaweicloud(profile, all);
    case 'openstack':
      return openOpenstack(profile, all);
    case 'ucloudstack':
      return openUcloudstack(profile, all);
  }
}
