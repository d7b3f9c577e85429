// Where the services of a region are, by a profile. Pure.
import { isLoopback } from '../../http/index.ts';
import { type HuaweicloudProfile, InvalidInputError } from '../../model/index.ts';

/** The services that are used. */
export type Service = 'iam' | 'ims' | 'obs';

/**
 * The base URL of a service: the region's own endpoint, else the profile's (both may hold `{region}`), else
 * `https://{service}.{region}.{domain suffix}` (seed 001 §3.1).
 * @throws InvalidInputError when a given endpoint is no http(s) URL
 */
export function endpointOf(profile: HuaweicloudProfile, service: Service, region: string): URL {
  const given = profile.regions[region]?.endpoints[service] ?? profile.endpoints[service];
  const text = (given ?? `https://${service}.{region}.${profile.domainSuffix}`).replaceAll(
    '{region}',
    region,
  );
  const fail = (reason: string) =>
    new InvalidInputError({
      operation: `find the ${service} endpoint of region ${region}`,
      cloud: `huaweicloud "${profile.name}"`,
      reason,
      hint: `Correct endpoints.${service} of the profile "${profile.name}".`,
    });
  // The region becomes part of a host name: nothing in it may lead the credentials elsewhere.
  if (!/^[A-Za-z0-9_-]+$/.test(region))
    throw fail('the name of the region holds other characters than letters, digits and hyphens');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('it is no URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw fail('it is neither http nor https');
  if (url.username !== '' || url.password !== '') throw fail('it holds credentials');
  return url;
}

/** True when the bucket belongs into the path: said by the profile, or the host cannot have sub-domains. */
export function usesPathStyle(profile: HuaweicloudProfile, base: URL): boolean {
  if (profile.obsPathStyle !== undefined) return profile.obsPathStyle;
  return (
    isLoopback(base.hostname) ||
    base.hostname.startsWith('[') ||
    /^\d{1,3}(\.\d{1,3}){3}$/.test(base.hostname)
  );
}
