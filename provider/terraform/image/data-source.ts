// The data source imagebridge_image: exactly one image, or an error that lists the candidates.
import type { Image, ImageCloud, ImageFilter } from '@imagebridge/core';
import { failure, type KnownConfigModel, path, type StateModel } from '@imagebridge/terraform-plugin';
import { defineDataSource } from '../definers.ts';
import { placeOf } from '../place.ts';
import { imageDataSchema } from './data-schema.ts';
import { SHA256_PROPERTY, userTags } from './state.ts';

type Config = KnownConfigModel<typeof imageDataSchema>;
type State = StateModel<typeof imageDataSchema>;

/** How many candidates an error lists. */
const SHOWN = 10;

export const imageDataSource = defineDataSource({
  schema: imageDataSchema,

  async validateConfig({ config, diagnostics }) {
    if (config.id === null) return;
    for (const other of ['name', 'scope', 'tag', 'most_recent'] as const) {
      if (config[other] !== null)
        diagnostics.error(
          'Contradicting search',
          `id names one image already: ${other} cannot be given with it.`,
          path(other),
        );
    }
  },

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const image =
      config.id === null ? await search(cloud, config, signal) : await byId(cloud, config.id, signal);
    return toState(config, image, cloud.region);
  },
});

async function byId(cloud: ImageCloud, id: string, signal: AbortSignal): Promise<Image> {
  const image = await cloud.getImage(id, { signal });
  if (image && image.status !== 'deleted') return image;
  throw failure(
    `There is no image ${id} on ${cloud.family} "${cloud.name}" (${cloud.region})`,
    'Check the id, the region and the project; a shared image must be accepted first.',
    path('id'),
  );
}

async function search(cloud: ImageCloud, config: Config, signal: AbortSignal): Promise<Image> {
  const filter = filterOf(config);
  const found: Image[] = [];
  for await (const image of cloud.listImages(filter, { signal })) {
    if (image.status === 'deleted' || (config.name !== null && image.name !== config.name)) continue;
    found.push(image);
  }
  return choose(found, config, `${cloud.family} "${cloud.name}" (${cloud.region})`);
}

function filterOf(config: Config): ImageFilter {
  const { name, scope, tag } = config;
  return {
    ...(name === null ? {} : { name }),
    ...(scope === 'own' || scope === 'shared' || scope === 'public' ? { scope } : {}),
    ...(tag === null ? {} : { tag: { key: tag.key, value: tag.value ?? '' } }),
  };
}

/**
 * The one image that is meant.
 * @param where the cloud, for messages
 * @throws DiagnosticError listing the candidates when there is not exactly one
 */
export function choose(
  found: readonly Image[],
  config: Pick<Config, 'name' | 'scope' | 'tag' | 'most_recent'>,
  where: string,
): Image {
  const [first, ...others] = newestFirst(found);
  const wanted = describe(config);
  if (first === undefined)
    throw failure(
      `No image matches on ${where}`,
      `Looked for ${wanted}. Check the spelling, the region and the project; a shared image must be accepted first.`,
    );
  if (others.length === 0 || config.most_recent === true) return first;
  const listed = [first, ...others].slice(0, SHOWN).map(line);
  const more = found.length > SHOWN ? [`  … and ${found.length - SHOWN} more`] : [];
  throw failure(
    `${found.length} images match on ${where}`,
    [`Looked for ${wanted}. Candidates, the newest first:`, ...listed, ...more].join('\n') +
      '\n\nGive id, narrow the search (name, scope, tag), or set most_recent = true.',
  );
}

const newestFirst = (images: readonly Image[]) =>
  [...images].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));

const line = (image: Image) =>
  `  ${image.id}  ${JSON.stringify(image.name)}  ${image.status}  ${image.createdAt?.toISOString() ?? 'age unknown'}`;

function describe({ name, scope, tag }: Pick<Config, 'name' | 'scope' | 'tag'>): string {
  const parts = [
    name === null ? undefined : `name ${JSON.stringify(name)}`,
    scope === null ? undefined : `scope ${scope}`,
    tag === null ? undefined : `tag ${tag.key}=${tag.value ?? ''}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'any image' : parts.join(', ');
}

function toState(config: Config, image: Image, region: string): State {
  return {
    ...config,
    id: image.id,
    name: image.name,
    region: config.region ?? region,
    description: image.description ?? null,
    status: image.status,
    disk_format: image.diskFormat ?? null,
    size_bytes: image.sizeBytes ?? null,
    min_disk_gib: image.minDiskGiB ?? null,
    min_ram_mib: image.minRamMiB ?? null,
    os_type: image.osType ?? null,
    os_version: image.osVersion ?? null,
    architecture: image.architecture ?? null,
    owner_id: image.ownerId ?? null,
    visibility: image.visibility ?? null,
    source_image_id: image.sourceImageId ?? null,
    sha256: image.properties[SHA256_PROPERTY] ?? null,
    created_at: image.createdAt?.toISOString() ?? null,
    updated_at: image.updatedAt?.toISOString() ?? null,
    tags: userTags(image),
  };
}
