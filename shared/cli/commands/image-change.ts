// `imagebridge image update|tag|protect|unprotect|deactivate|activate`: changes of one image.
import { findImage, type Image, type ImageChanges, type ImageCloud } from '@imagebridge/core';
import { type Command, Option } from 'commander';
import { withCloud } from '../cloud.ts';
import {
  type CloudCommandOptions,
  cloudOptions,
  collectList,
  collectPair,
  examples,
  IMAGE_ARGUMENT,
  integer,
} from '../options.ts';
import { printResult, UsageError } from '../outcome.ts';

interface UpdateOptions extends CloudCommandOptions {
  name?: string;
  description?: string;
  osType?: string;
  osDistribution?: string;
  osVersion?: string;
  architecture?: string;
  bootMode?: 'bios' | 'uefi';
  minDisk?: number;
  minRam?: number;
  visibility?: string;
  property?: Record<string, string>;
  removeProperty?: string[];
}

/** Adds the commands below `image`. */
export function addImageChange(image: Command): void {
  const one = (name: string, description: string) =>
    cloudOptions(image.command(name).description(description).argument('<image>', IMAGE_ARGUMENT));

  examples(
    one('update', 'change the name, the description and other facts of an image')
      .option('--name <name>', 'the new name')
      .option('--description <text>', 'the new description; an empty one removes it')
      .option('--os-type <type>', 'e.g. linux')
      .option('--os-distribution <name>', 'e.g. Ubuntu')
      .option('--os-version <text>', 'as the cloud spells it')
      .option('--architecture <name>', 'e.g. x86_64')
      .addOption(new Option('--boot-mode <mode>').choices(['bios', 'uefi']))
      .option('--min-disk <GiB>', 'smallest disk of a server made from it', integer(0))
      .option('--min-ram <MiB>', 'least memory of a server made from it', integer(0))
      .option('--visibility <who>', 'who can see it, e.g. private, shared, community, public')
      .option('--property <key=value>', 'set a property; may be repeated', collectPair)
      .option('--remove-property <key>', 'remove a property; may be repeated', collectList),
    'imagebridge image update ID --name debian-12-20300131 --min-ram 1024',
    'imagebridge image update name:web --property build=4711',
  ).action(async (text: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<UpdateOptions>();
    const changes = changesOf(options);
    if (Object.keys(changes).length === 0)
      throw new UsageError(
        'Say what to change, e.g. --name NEW. imagebridge image update --help lists it all.',
      );
    await change(text, options, 'changed', (cloud, found, call) =>
      cloud.updateImage(found.id, changes, call),
    );
  });

  examples(
    one('tag', 'set and remove tags of an image')
      .argument('[key=value...]', 'tags to set')
      .option('--remove <key>', 'remove a tag; may be repeated', collectList),
    'imagebridge image tag ID team=web stage=beta --remove draft',
  ).action(async (text: string, pairs: string[], _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CloudCommandOptions & { remove?: string[] }>();
    const tags: Record<string, string | null> = {};
    for (const pair of pairs) Object.assign(tags, collectPair(pair));
    for (const key of options.remove ?? []) tags[key] = null;
    if (Object.keys(tags).length === 0)
      throw new UsageError('Say which tags to set (KEY=VALUE) or to remove (--remove KEY).');
    await change(text, options, 'tagged', (cloud, found, call) =>
      cloud.updateImage(found.id, { tags }, call),
    );
  });

  for (const [name, wanted] of [
    ['protect', true],
    ['unprotect', false],
  ] as const)
    examples(
      one(name, wanted ? 'make the cloud refuse to delete an image' : 'let an image be deleted again'),
      `imagebridge image ${name} ID`,
    ).action(async (text: string, _: unknown, command: Command) => {
      await change(text, command.optsWithGlobals(), `${name}ed`, async (cloud, found, call) =>
        found.protected === wanted ? found : cloud.updateImage(found.id, { protected: wanted }, call),
      );
    });

  for (const [name, wanted] of [
    ['deactivate', false],
    ['activate', true],
  ] as const)
    examples(
      one(name, wanted ? 'put an image back into use' : 'take an image out of use without deleting it'),
      `imagebridge image ${name} ID`,
    ).action(async (text: string, _: unknown, command: Command) => {
      await change(text, command.optsWithGlobals(), `${name}d`, async (cloud, found, call) => {
        if (found.status === (wanted ? 'active' : 'deactivated')) return found;
        await cloud.setActive(found.id, wanted, call);
        return (await cloud.getImage(found.id, call)) ?? found;
      });
    });
}

async function change(
  text: string,
  options: CloudCommandOptions,
  done: string,
  work: (cloud: ImageCloud, found: Image, call: { signal: AbortSignal }) => Promise<Image>,
): Promise<void> {
  await withCloud(options, async (cloud, signal) => {
    const found = await findImage(cloud, text, { signal });
    const changed = await work(cloud, found, { signal });
    printResult(options, changed, `image ${changed.id} ${JSON.stringify(changed.name)} is ${done}`);
  });
}

function changesOf(options: UpdateOptions): ImageChanges {
  const { name, description, osType, osDistribution, osVersion, architecture, bootMode, visibility } =
    options;
  const properties: Record<string, string | null> = { ...options.property };
  for (const key of options.removeProperty ?? []) properties[key] = null;
  const all: ImageChanges = {
    name,
    description: description === '' ? null : description,
    osType,
    osDistribution,
    osVersion,
    architecture,
    bootMode,
    visibility,
    minDiskGiB: options.minDisk,
    minRamMiB: options.minRam,
    properties: Object.keys(properties).length > 0 ? properties : undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
