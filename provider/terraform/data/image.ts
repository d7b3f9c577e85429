// The data source imagebridge_image: exactly one image, or an error that lists the candidates.
import type { Image, ImageCloud } from '@imagebridge/core';
import { failure, isKnown, type KnownConfigModel, path } from '@imagebridge/terraform-plugin';
import { core, isKind } from '../core.ts';
import { defineDataSource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { placeOf } from '../place.ts';
import { imageDataSchema } from './image-schemas.ts';
import { findImages, imageState, matcher, newestFirst, type Search } from './search.ts';

type Config = KnownConfigModel<typeof imageDataSchema>;

/** How many candidates an error lists. */
const SHOWN = 10;
/** What is no condition of a search. */
const NO_CONDITION = ['id', 'cloud', 'region', 'most_recent', 'channel'];

export const imageDataSource = defineDataSource({
  schema: imageDataSchema,

  async validateConfig({ config, diagnostics }) {
    const { cloud: _, region: __, id, ...conditions } = config;
    const refuse = (name: string, why: string) =>
      diagnostics.error('Contradicting search', `${why}: ${name} cannot be given with it.`, path(name));
    if (id !== null)
      for (const [name, value] of Object.entries(conditions))
        if (value !== null) refuse(name, 'id names one image already');
    if (isKnown(config.channel) && config.channel !== null && config.most_recent !== null)
      refuse('most_recent', 'channel names one image already');
  },

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const image = await found(cloud, config, signal);
    const state = await imageState(image);
    return {
      ...config,
      ...state,
      region: config.region ?? cloud.region,
      // Where the cloud keeps no properties, an image matches by its marker and does not tell its hash.
      sha256: config.sha256 ?? state.sha256,
    };
  },
});

async function found(cloud: ImageCloud, config: Config, signal: AbortSignal): Promise<Image> {
  if (config.id !== null) return byId(cloud, config.id, signal);
  const search: Search = {
    ...config,
    status: config.status ?? 'active',
    retired: config.retired ?? false,
    channel: null,
  };
  if (config.channel !== null) return inChannel(cloud, config.channel, search, signal);
  return choose(await findImages(cloud, search, signal), config, where(cloud));
}

const where = (cloud: ImageCloud) => `${cloud.family} "${cloud.name}" (${cloud.region})`;

async function byId(cloud: ImageCloud, id: string, signal: AbortSignal): Promise<Image> {
  const image = await cloud.getImage(id, { signal });
  if (image && image.status !== 'deleted') return image;
  throw failure(
    `There is no image ${id} on ${where(cloud)}`,
    'Check the id, the region and the project; a shared image must be accepted first.',
    path('id'),
  );
}

async function inChannel(
  cloud: ImageCloud,
  channel: string,
  search: Search,
  signal: AbortSignal,
): Promise<Image> {
  const { findImage } = await core();
  try {
    const image = await findImage(cloud, `channel:${channel}`, { signal });
    if ((await matcher(cloud, search, signal))(image)) return image;
    throw failure(
      `The image of channel ${channel} does not match on ${where(cloud)}`,
      `It is ${line(image).trim()}. Looked for ${describe({ ...search })}.`,
      path('channel'),
    );
  } catch (error) {
    throw isKind(error, 'not-found', 'invalid-input') ? at(path('channel'), error) : error;
  }
}

/**
 * The one image that is meant.
 * @param config what was looked for
 * @param place the cloud, for messages
 * @throws DiagnosticError listing the candidates when there is not exactly one
 */
export function choose(
  images: readonly Image[],
  config: Readonly<Record<string, unknown>>,
  place: string,
): Image {
  const [first, ...others] = newestFirst(images);
  const wanted = describe(config);
  if (first === undefined)
    throw failure(
      `No image matches on ${place}`,
      `Looked for ${wanted}. Check the spelling, the region and the project; a shared image must be accepted first. ` +
        'Images that are not active, or are retired, are found only when status or retired ask for them.',
    );
  if (others.length === 0 || config.most_recent === true) return first;
  const listed = [first, ...others].slice(0, SHOWN).map(line);
  const more = images.length > SHOWN ? [`  … and ${images.length - SHOWN} more`] : [];
  throw failure(
    `${images.length} images match on ${place}`,
    [`Looked for ${wanted}. Candidates, the newest first:`, ...listed, ...more].join('\n') +
      '\n\nGive id, narrow the search (name, scope, with_tags …), or set most_recent = true.',
  );
}

const line = (image: Image) =>
  `  ${image.id}  ${JSON.stringify(image.name)}  ${image.status}  ${image.createdAt?.toISOString() ?? 'age unknown'}`;

function describe(search: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(search)
    .filter(([name, value]) => value !== null && !NO_CONDITION.includes(name))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return parts.length === 0 ? 'any image' : parts.join(', ');
}
