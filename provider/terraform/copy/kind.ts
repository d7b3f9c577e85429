// Which kind of copy a declaration means, and what contradicts itself in one. Talks to no service.
import {
  type ConfigModel,
  type Diagnostics,
  isKnown,
  path,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import type { copySchema } from './schema.ts';

/**
 * `stores`: the same image in further stores. `base`: a base image. `across`: brought to another cloud, or to another place of
 * the same one, by a fetch or through this machine. `region`: copied by the cloud itself, in its region or to another.
 */
export type CopyKind = 'stores' | 'base' | 'across' | 'region';

interface Declared {
  readonly cloud: string | null | Unknown;
  readonly target_cloud: string | null | Unknown;
  readonly to_base_image: boolean | null | Unknown;
  readonly to_stores: readonly (string | Unknown)[] | null | Unknown;
  readonly via: string | null | Unknown;
}

/** The kind of a copy; undefined while it is known only after apply. */
export function kindOf(provider: Pick<Connections, 'nameOf'>, declared: Declared): CopyKind | undefined {
  const { cloud, target_cloud: target, to_base_image: base, to_stores: stores, via } = declared;
  if (!isKnown(stores) || !isKnown(base) || !isKnown(target) || !isKnown(via) || !isKnown(cloud))
    return undefined;
  if (stores !== null) return 'stores';
  if (base === true) return 'base';
  const elsewhere = target !== null && provider.nameOf(target) !== provider.nameOf(cloud);
  return elsewhere || via !== null ? 'across' : 'region';
}

type Config = ConfigModel<typeof copySchema>;

/** What each of these arguments contradicts. */
const CONTRADICTIONS: Readonly<Record<string, readonly (keyof Config)[]>> = {
  to_stores: [
    'name',
    'description',
    'to_base_image',
    'target_cloud',
    'target_region',
    'target_project',
    'via',
    'staging_bucket',
    'agency_name',
    'vault_id',
    'kms_key_id',
    'tags',
    'properties',
    'protected',
  ],
  to_base_image: ['target_cloud', 'target_region', 'target_project', 'via', 'staging_bucket', 'agency_name'],
};

const BECAUSE: Readonly<Record<string, string>> = {
  to_stores: 'A copy to further stores is the same image: it is described where it is declared',
  to_base_image: 'A base image is made in the place of its source',
};

/** See `Resource.validateConfig`. */
export function validateCopy(config: Config, diagnostics: Diagnostics): void {
  for (const [wish, others] of Object.entries(CONTRADICTIONS)) {
    const wished = wish === 'to_stores' ? config.to_stores !== null : config.to_base_image === true;
    if (!wished) continue;
    for (const other of others) {
      const value = config[other];
      if (value === null || value === false || !isKnown(value)) continue;
      // What was written by `terraform plan -generate-config-out` names where the source is.
      if (other === 'target_region' && value === config.region) continue;
      diagnostics.error(
        `${other} and ${wish} contradict each other`,
        `${BECAUSE[wish]}. Leave ${other} out.`,
        path(other),
      );
    }
  }
  if (config.to_stores !== null && isKnown(config.on_destroy) && config.on_destroy !== 'retain')
    diagnostics.error(
      'A copy in a further store cannot be removed',
      'The service has no call that takes the data of an image out of a store. Set on_destroy = "retain": destroying the ' +
        'copy then only forgets it, and the data go with the image.',
      path('on_destroy'),
    );
}
