// The OpenStack family of the embedded cloud: Keystone for all regions, Glance in each.
import { join } from 'node:path';
import type { FamilyContext } from '../family.ts';
import type { Service } from '../http/exchange.ts';
import type { StoredImage } from '../options.ts';
import { settle } from './glance/imports.ts';
import { glanceService } from './glance/index.ts';
import { ImageStore } from './glance/records.ts';
import { keystoneService } from './keystone.ts';
import { Tokens } from './tokens.ts';

/** The services of the family, and what they hold. */
export interface OpenstackCloud {
  keystone: Service;
  glance(region: string): Service;
  storedImages(): Promise<StoredImage[]>;
}

/** Loads the family's state and makes its services. */
export function openstackCloud(context: FamilyContext): OpenstackCloud {
  const { accounts, regions, clock, jobDurationMs, maxImportSizeBytes } = context;
  const tokens = new Tokens(join(context.folder, 'tokens'), context.tokenLifetimeMs);
  const store = new ImageStore(context.folder, context.blobs);
  const endpoints = () => context.endpoints();
  return {
    keystone: keystoneService({ accounts, tokens, regions, endpoints }),
    glance: (region) =>
      glanceService({
        region,
        accounts,
        tokens,
        store,
        keystoneUrl: () => endpoints().keystone,
        clock,
        jobDurationMs,
        maxImageSizeBytes: maxImportSizeBytes,
      }),
    async storedImages() {
      for (const region of regions) await settle(store, region, clock.now());
      return store.all().map((image) => ({
        family: 'openstack',
        region: image.region,
        projectId: image.owner,
        id: image.id,
        name: image.name ?? '',
        status: image.status,
        sizeBytes: image.content?.sizeBytes ?? 0,
        ...(image.content === undefined ? {} : { sha256: image.content.sha256 }),
        tags: Object.fromEntries(image.tags.map((tag) => [tag, ''])),
      }));
    },
  };
}
