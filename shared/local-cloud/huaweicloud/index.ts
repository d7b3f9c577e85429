// The Huawei Cloud family: identity, image and object services over one set of stores.
import { join } from 'node:path';
import type { FamilyContext } from '../family.ts';
import { type Exchange, header, type Service } from '../http/exchange.ts';
import { obsService } from '../object-store/index.ts';
import type { LocalAccount, StoredImage } from '../options.ts';
import { iamService } from './iam.ts';
import { imsService } from './ims/index.ts';
import { Jobs } from './ims/jobs.ts';
import { ImsStore } from './ims/records.ts';
import { TemporaryKeys } from './temporary-keys.ts';
import { Tokens } from './tokens.ts';

/** The services of the family, and what they hold. */
export interface HuaweiCloud {
  iam: Service;
  ims(region: string): Service;
  obs(region: string): Service;
  storedImages(): Promise<StoredImage[]>;
  /** For whoever else checks signatures: `temporaryKeys.lookup(accessKey)`. */
  temporaryKeys: TemporaryKeys;
}

/** Loads the family's state and makes its services. */
export function huaweiCloud(options: FamilyContext): HuaweiCloud {
  const { folder, accounts, regions, blobs, objects, clock } = options;
  const tokens = new Tokens(join(folder, 'tokens'), options.tokenLifetimeMs);
  const temporaryKeys = new TemporaryKeys(clock);
  const images = new ImsStore(join(folder, 'ims'), blobs);
  const jobs = new Jobs(images, objects, options.jobDurationMs);
  const settle = (now: number) => jobs.settle(now);
  return {
    temporaryKeys,
    iam: iamService({ accounts, tokens, temporaryKeys, endpoints: options.endpoints }),
    ims: (region) =>
      imsService({
        region,
        tokens,
        temporaryKeys,
        accounts,
        regions,
        store: images,
        objects,
        jobs,
        imageQuota: options.imageQuota,
        maxImportSizeBytes: options.maxImportSizeBytes,
      }),
    obs: (region) => (exchange) =>
      obsService({
        region,
        defaultRegion: regions[0] ?? region,
        store: objects,
        accounts: signers(exchange, accounts, temporaryKeys),
        settle,
      })(exchange),
    async storedImages() {
      settle(clock.now());
      const stored: StoredImage[] = [];
      for (const { id } of images.images()) {
        const sha256 = await digestOf(images, id);
        const image = images.image(id);
        if (image === undefined) continue;
        const { region, projectId, name, status, sizeBytes, tags } = image;
        stored.push({
          family: 'huaweicloud',
          region,
          projectId,
          id,
          name,
          status,
          sizeBytes,
          tags,
          ...(sha256 ? { sha256 } : {}),
        });
      }
      return stored;
    },
  };
}

const tokenNames = ['x-obs-security-token', 'x-amz-security-token'];

/** Who may have signed a request to the object store: with a security token only the bearer of its temporary key. */
function signers(
  exchange: Exchange,
  accounts: readonly LocalAccount[],
  temporaryKeys: TemporaryKeys,
): readonly LocalAccount[] {
  const inQuery = [...exchange.query].find(([name]) => tokenNames.includes(name.toLowerCase()))?.[1];
  const token = tokenNames.map((name) => header(exchange, name)).find((value) => value) || inQuery;
  if (!token) return accounts;
  const key = temporaryKeys.ofToken(token);
  return accounts
    .filter((account) => account.domainId === key?.domainId)
    .map((account) => ({ ...account, accessKey: key?.accessKey ?? '', secretKey: key?.secretKey ?? '' }));
}

/** The SHA-256 of an image's bytes, read once and kept with the image. */
async function digestOf(store: ImsStore, id: string): Promise<string | undefined> {
  const image = store.image(id);
  if (image === undefined || image.status !== 'active' || image.sha256 !== undefined) return image?.sha256;
  const { manifest } = image;
  store.blobs.retain(manifest);
  try {
    const sha256 = await store.blobs.sha256(manifest);
    const current = store.image(id);
    if (current !== undefined) store.putImage({ ...current, sha256 });
    return sha256;
  } finally {
    store.blobs.release(manifest);
  }
}
