// `imagebridge image`: the images of a cloud.

import { type Image, type ImageCloud, NotFoundError } from '@imagebridge/core';
import type { Command } from 'commander';
import { openCloud } from '../cloud.ts';
import { formatBytes, table } from '../format.ts';
import { type CommonOptions, printResult } from '../outcome.ts';

interface ImageOptions extends CommonOptions {
  cloud?: string;
  region?: string;
  name?: string;
  scope?: 'own' | 'shared' | 'public';
}

/** Adds the commands. */
export function addImage(program: Command): void {
  const image = program.command('image').description('the images of a cloud');
  cloudOptions(image.command('list', { isDefault: true }).description('list images'))
    .option('--name <name>', 'only images of exactly this name')
    .option('--scope <scope>', 'own, shared (with this project, accepted) or public', 'own')
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<ImageOptions>();
      await withCloud(options, async (cloud) => {
        const images: Image[] = [];
        for await (const found of cloud.listImages({ scope: options.scope, name: options.name }))
          images.push(found);
        printResult(options, images, images.length === 0 ? 'no images' : imageTable(images));
      });
    });
  cloudOptions(
    image.command('show').description('show one image').argument('<id>', 'id of the image'),
  ).action(async (id: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<ImageOptions>();
    await withCloud(options, async (cloud) => {
      const found = await cloud.getImage(id);
      if (!found)
        throw new NotFoundError({
          operation: `show image ${id}`,
          cloud: `${cloud.family} "${cloud.name}" (${cloud.region})`,
          reason: 'there is no such image in this project',
          hint: 'Check the id, the region and the project.',
        });
      printResult(options, found, imageFacts(found));
    });
  });
}

const cloudOptions = (command: Command): Command =>
  command
    .option(
      '--cloud <name>',
      'profile of the cloud (default: IMAGEBRIDGE_CLOUD, or the default of the profiles)',
    )
    .option('--region <region>', "region (default: the profile's)")
    .option('--json', 'print JSON');

async function withCloud(options: ImageOptions, work: (cloud: ImageCloud) => Promise<void>): Promise<void> {
  const cloud = await openCloud(options);
  try {
    await work(cloud);
  } finally {
    await cloud.close();
  }
}

function imageTable(images: readonly Image[]): string {
  return table([
    ['ID', 'NAME', 'STATUS', 'SIZE', 'OS', 'CREATED'],
    ...images.map((image) => [
      image.id,
      image.name,
      image.status,
      image.sizeBytes === undefined ? '' : formatBytes(image.sizeBytes),
      image.osVersion ?? '',
      image.createdAt ? `${image.createdAt.toISOString().slice(0, 16)}Z` : '',
    ]),
  ]);
}

function imageFacts(image: Image): string {
  const { tags, properties, ...facts } = image;
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [
    ...rows.map(([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : String(value)}`),
    ...Object.entries(tags).map(([key, value]) => `tag: ${key}=${value}`),
    ...Object.entries(properties).map(([key, value]) => `property: ${key}=${value}`),
  ].join('\n');
}
