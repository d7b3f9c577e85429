// The ucloudstack family of the embedded cloud: the action API and the S3 service of each region over one set of stores.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { FamilyContext } from '../family.ts';
import type { Service } from '../http/exchange.ts';
import type { StoredImage } from '../options.ts';
import { apiService } from './api.ts';
import { contentSize, readContent } from './content.ts';
import { isGoing } from './context.ts';
import { DownloadLinks } from './download.ts';
import { Lifecycle } from './lifecycle.ts';
import { makeMirror, mirrorService } from './mirror.ts';
import { ImageStore } from './records.ts';
import { plantImages } from './seeds.ts';

/** The services of the family, and what they hold. */
export interface UcloudstackCloud {
  /** The action API, at the path `/api`. */
  api: Service;
  /** Takes the parts of local uploads, serves downloads, and is the common object store otherwise. */
  s3(region: string): Service;
  /** What users made, without what was deleted. */
  storedImages(): Promise<StoredImage[]>;
  /** Stops downloads of remote imports; they go on after the next start. */
  close(): Promise<void>;
}

/** Loads the family's state and makes its services. */
export function ucloudstackCloud(context: FamilyContext): UcloudstackCloud {
  const { folder, accounts, regions, blobs, objects, clock } = context;
  mkdirSync(folder, { recursive: true });
  const store = new ImageStore(folder, blobs);
  const links = new DownloadLinks(folder);
  const lifecycle = new Lifecycle({
    store,
    objects,
    durationMs: context.jobDurationMs,
    maxImportSizeBytes: context.maxImportSizeBytes,
  });
  const defaultRegion = regions[0] ?? '';
  plantImages(store, accounts, regions);
  makeMirror(objects, defaultRegion, clock.now());
  return {
    api: apiService({
      accounts,
      regions,
      store,
      objects,
      lifecycle,
      links,
      imageQuota: context.imageQuota,
      maxImportSizeBytes: context.maxImportSizeBytes,
    }),
    s3: (region) => mirrorService({ region, defaultRegion, objects, accounts, store, links }),
    async storedImages() {
      lifecycle.settle(clock.now());
      const stored: StoredImage[] = [];
      for (const { id, system } of store.images()) {
        if (system) continue;
        const sha256 = await digestOf(store, id);
        const image = store.image(id);
        if (image === undefined || isGoing(image)) continue;
        stored.push({
          family: 'ucloudstack',
          region: image.region,
          projectId: image.projectId,
          id,
          name: image.name,
          status: lifecycle.progressOf(image, clock.now()).status,
          sizeBytes: image.content === undefined ? 0 : contentSize(image.content),
          tags: Object.fromEntries(image.tags.map(({ key, value }) => [key, value])),
          ...(sha256 === undefined ? {} : { sha256 }),
        });
      }
      return stored;
    },
    close: () => lifecycle.close(),
  };
}

/** The SHA-256 of an image's bytes, read once and kept with the image. */
async function digestOf(store: ImageStore, id: string): Promise<string | undefined> {
  const image = store.image(id);
  if (image?.content === undefined || image.phase !== 'used' || image.sha256 !== undefined)
    return image?.sha256;
  const hash = createHash('sha256');
  for await (const chunk of readContent(store.blobs, image.content)) hash.update(chunk);
  const sha256 = hash.digest('hex');
  const current = store.image(id);
  if (current?.phase === 'used') store.put({ ...current, sha256 });
  return sha256;
}
