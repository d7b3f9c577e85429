// Checks of a configuration of imagebridge_image that need no cloud. Pure.
import { type ConfigModel, type Diagnostics, isKnown, path } from '@imagebridge/terraform-plugin';
import { grantsAccess, ORIGINS, type OriginAttribute } from './origin.ts';
import type { imageSchema } from './schema.ts';

type Config = ConfigModel<typeof imageSchema>;
type Source = Exclude<Config['source'], symbol>;

/** Attributes of `source` that belong to certain origins. */
const BELONGS: Readonly<Record<string, readonly OriginAttribute[]>> = {
  disk_id: ['server_id'],
  storage_set: ['server_id'],
  vault_id: ['whole_server_id', 'backup_id'],
  data_disk: ['file', 'object', 'volume_id'],
  unpack: ['file'],
  convert: ['file'],
  url_wo_version: ['url_wo'],
  sha512: ['file', 'url', 'url_wo', 'object'],
  md5: ['file', 'url', 'url_wo', 'object'],
};

/** See `Resource.validateConfig`. */
export function validateImage(config: Config, diagnostics: Diagnostics): void {
  const { source } = config;
  if (!isKnown(source)) return;
  const named = ORIGINS.filter((name) => source[name] !== null);
  if (named.length > 1) {
    diagnostics.error(
      'More than one source',
      `An image is made from one thing, and source names ${named.join(' and ')}. Leave all but one out.`,
      path('source').attribute(named[1] ?? ''),
    );
    return;
  }
  checkCompanions(source, named[0], diagnostics);
  if (isKnown(source.url) && source.url !== null && grantsAccess(source.url))
    diagnostics.error(
      'The URL grants access',
      'source.url is stored in the state, and this one holds a signature, a token or a password. ' +
        'Give it as source.url_wo, which is never stored.',
      path('source').attribute('url'),
    );
}

function checkCompanions(
  source: Source,
  origin: OriginAttribute | undefined,
  diagnostics: Diagnostics,
): void {
  // An imported image may say anything of its origin but what it is.
  if (origin === undefined) return;
  for (const [name, value] of Object.entries(source)) {
    const owners = BELONGS[name];
    if (owners === undefined || value === null || value === false || owners.includes(origin)) continue;
    diagnostics.error(
      'Contradicting source',
      `source.${name} goes with ${owners.join(' or ')} only, and the source is ${origin}.`,
      path('source').attribute(name),
    );
  }
}
