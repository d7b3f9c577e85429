// The ucloudstack family of the embedded cloud.
import type { FamilyContext } from '../family.ts';
import type { Service } from '../http/exchange.ts';
import type { StoredImage } from '../options.ts';

/** The services of the family, and what they hold. */
export interface UcloudstackCloud {
  api: Service;
  s3(region: string): Service;
  storedImages(): Promise<StoredImage[]>;
}

/** Loads the family's state and makes its services. */
export function ucloudstackCloud(_context: FamilyContext): UcloudstackCloud {
  return {
    api: () => ({ status: 501 }),
    s3: () => () => ({ status: 501 }),
    storedImages: async () => [],
  };
}
