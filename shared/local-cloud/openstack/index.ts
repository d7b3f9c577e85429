// The openstack family of the embedded cloud.
import type { FamilyContext } from '../family.ts';
import type { Service } from '../http/exchange.ts';
import type { StoredImage } from '../options.ts';

/** The services of the family, and what they hold. */
export interface OpenstackCloud {
  keystone: Service;
  glance(region: string): Service;
  storedImages(): Promise<StoredImage[]>;
}

/** Loads the family's state and makes its services. */
export function openstackCloud(_context: FamilyContext): OpenstackCloud {
  return {
    keystone: () => ({ status: 501 }),
    glance: () => () => ({ status: 501 }),
    storedImages: async () => [],
  };
}
