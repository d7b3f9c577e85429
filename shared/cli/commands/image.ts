// `imagebridge image`: the images of a cloud. Looking at them is here; what changes, removes and fetches them is beside.
import {
  channelMarks,
  deprecatedAt,
  findImage,
  type Image,
  type ImageCloud,
  type ImageFilter,
} from '@imagebridge/core';
import { type Command, Option } from 'commander';
import { withCloud } from '../cloud.ts';
import { formatBytes, type Row } from '../format.ts';
import { printList } from '../listing.ts';
import {
  type CloudCommandOptions,
  cloudOptions,
  examples,
  IMAGE_ARGUMENT,
  integer,
  keyAndValue,
} from '../options.ts';
import { printResult } from '../outcome.ts';
import { addImageChange } from './image-change.ts';
import { addImageDelete } from './image-delete.ts';
import { addImageDownload } from './image-download.ts';
import { addImageExport } from './image-export.ts';

const STATUSES = ['pending', 'importing', 'active', 'failed', 'deactivated', 'deleted', 'unknown'] as const;

interface ListImagesOptions extends CloudCommandOptions {
  name?: string;
  namePrefix?: string;
  scope: 'own' | 'shared' | 'public' | 'all';
  status?: (typeof STATUSES)[number];
  tag?: { key: string; value: string };
  channel?: string;
  hidden?: boolean;
  limit?: number;
}

/** Adds the commands. */
export function addImage(program: Command): void {
  const image = program
    .command('image')
    .description('list, show, change, delete, download and export images');
  examples(
    cloudOptions(image.command('list', { isDefault: true }).description('list images'))
      .option('--name <name>', 'only images of exactly this name')
      .option('--name-prefix <text>', 'only images whose name begins so')
      .addOption(
        new Option('--scope <scope>', 'own, shared (with this project, accepted), public, or all of them')
          .choices(['own', 'shared', 'public', 'all'])
          .default('own'),
      )
      .addOption(new Option('--status <status>', 'only images in this status').choices(STATUSES))
      .option('--tag <key=value>', 'only images with this tag', keyAndValue)
      .option('--channel <name>', 'only images that are, or were, in this channel')
      .option('--hidden', 'only images that are hidden from listings (openstack)')
      .option('--limit <n>', 'at most so many', integer(1)),
    'imagebridge image list --cloud prod --name-prefix debian-12- --status active',
    'imagebridge image list --tag team=web --json',
    'imagebridge image list --channel debian-12-stable',
  ).action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<ListImagesOptions>();
    await withCloud(options, async (cloud, signal) => {
      await printList(listed(cloud, options, signal), {
        json: options.json,
        headings: ['ID', 'NAME', 'STATUS', 'SIZE', 'OS', 'CHANNELS', 'CREATED'],
        row: imageRow,
        droppable: ['OS', 'CHANNELS', 'CREATED', 'SIZE'],
        none: 'no images',
        limit: options.limit,
      });
    });
  });
  examples(
    cloudOptions(image.command('show').description('show one image').argument('<image>', IMAGE_ARGUMENT)),
    'imagebridge image show channel:debian-12-stable --json',
  ).action(async (text: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CloudCommandOptions>();
    await withCloud(options, async (cloud, signal) => {
      const found = await findImage(cloud, text, { signal });
      printResult(options, found, imageFacts(found));
    });
  });
  addImageChange(image);
  addImageDelete(image);
  addImageDownload(image);
  addImageExport(image);
}

async function* listed(
  cloud: ImageCloud,
  options: ListImagesOptions,
  signal: AbortSignal,
): AsyncGenerator<Image> {
  const { name, namePrefix, scope, status, tag, channel, hidden } = options;
  const filter: ImageFilter = { name, status, tag, hidden, ...(scope === 'all' ? {} : { scope }) };
  for await (const image of cloud.listImages(filter, { signal })) {
    if (namePrefix !== undefined && !image.name.startsWith(namePrefix)) continue;
    if (channel !== undefined && !channelMarks(image).some((mark) => mark.channel === channel)) continue;
    yield image;
  }
}

/** A row of a table of images. */
function imageRow(image: Image): Row {
  return [
    image.id,
    image.name,
    deprecatedAt(image) ? `${image.status}, retired` : image.status,
    image.sizeBytes === undefined ? '' : formatBytes(image.sizeBytes),
    image.osVersion ?? '',
    channelMarks(image)
      .filter((mark) => mark.state !== 'former')
      .map((mark) => (mark.state === 'current' ? mark.channel : `${mark.channel}/${mark.state}`))
      .join(' '),
    image.createdAt ? `${image.createdAt.toISOString().slice(0, 16)}Z` : '',
  ];
}

/** An image as lines of `name: value`. */
export function imageFacts(image: Image): string {
  const { tags, properties, ...facts } = image;
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [
    ...rows.map(([name, value]) => `${name}: ${factText(value)}`),
    ...Object.entries(tags).map(([key, value]) => `tag: ${key}=${value}`),
    ...Object.entries(properties).map(([key, value]) => `property: ${key}=${value}`),
  ].join('\n');
}

function factText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key} ${String(one)}`)
    .join(', ');
}
