// From a profile's name to a cloud: composes config and clouds.
import { type OpenCloudOptions, openCloud } from '../clouds/index.ts';
import { loadProfiles } from '../config/index.ts';
import type { ImageCloud, Profile } from '../model/index.ts';

/** Which cloud to connect to. Nothing is sent until it is used. */
export interface ConnectOptions extends OpenCloudOptions {
  /** Name of the profile. Default: IMAGEBRIDGE_CLOUD, the file's default, or the only one. */
  cloud?: string | undefined;
  /** Region instead of the profile's. */
  region?: string | undefined;
  /** Profiles file. Default: IMAGEBRIDGE_CONFIG, or the platform's place. */
  configPath?: string | undefined;
  /** Called with things the user should know, as sentences. */
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Opens the cloud that a profile names.
 * @throws InvalidInputError when there is no such profile or it is wrong; LocalFileError; UnsupportedError
 */
export async function connect(options: ConnectOptions = {}): Promise<ImageCloud> {
  const { cloud, region, configPath, onWarning, ...rest } = options;
  const profiles = loadProfiles({ path: configPath, env: rest.env ?? process.env });
  const profile = await profiles.open(cloud);
  // After the profile is taken: what is special about it is told too (certificates that are not checked).
  for (const warning of profiles.warnings) onWarning?.(warning);
  return connectProfile(profile, region, rest);
}

/** Opens the cloud of a profile that is at hand, e.g. of a Terraform configuration. */
export function connectProfile(
  profile: Profile,
  region?: string,
  options: OpenCloudOptions = {},
): ImageCloud {
  const home = openCloud(profile, options);
  return region === undefined || region === home.region ? home : home.inRegion(region);
}
