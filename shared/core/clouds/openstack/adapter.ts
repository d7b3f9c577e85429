// The port for clouds of the openstack family.
import type { HttpClientOptions } from '../../http/index.ts';
import { type ImageCloud, type OpenstackProfile, UnsupportedError } from '../../model/index.ts';

/** Opens a cloud of the family. Sends nothing until it is asked something. */
export function openOpenstack(profile: OpenstackProfile, _options: HttpClientOptions = {}): ImageCloud {
  throw new UnsupportedError({
    operation: `open the cloud "${profile.name}"`,
    reason: 'clouds of the family openstack are not supported yet',
  });
}
