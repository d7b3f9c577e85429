// Which address a profile leads to. Pure.
import type { Profile } from '@imagebridge/core';

/** The address of a profile's main service; `{region}` is filled in. */
export function endpointOf(profile: Profile): string {
  switch (profile.family) {
    case 'ucloudstack':
      return profile.endpoint;
    case 'openstack':
      return profile.authUrl;
    case 'huaweicloud': {
      const { region, domainSuffix, endpoints, regions } = profile;
      const given = regions[region]?.endpoints.ims ?? endpoints.ims ?? endpoints.iam;
      return (given ?? `https://ims.${region}.${domainSuffix}`).replaceAll('{region}', region);
    }
  }
}

/** Regions that a profile names, its own first. */
export function regionsOf(profile: Profile): string[] {
  const named = profile.family === 'openstack' ? [] : Object.keys(profile.regions);
  return [...new Set([profile.region, ...named])];
}
