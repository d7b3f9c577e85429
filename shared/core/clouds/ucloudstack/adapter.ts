// The port for clouds of the ucloudstack family.
import type { HttpClientOptions } from '../../http/index.ts';
import { type ImageCloud, type UcloudstackProfile, UnsupportedError } from '../../model/index.ts';

/** Opens a cloud of the family. Sends nothing until it is asked something. */
export function openUcloudstack(profile: UcloudstackProfile, _options: HttpClientOptions = {}): ImageCloud {
  throw new UnsupportedError({
    operation: `open the cloud "${profile.name}"`,
    reason: 'clouds of the family ucloudstack are not supported yet',
  });
}
