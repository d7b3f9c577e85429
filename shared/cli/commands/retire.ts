// `imagebridge retire`: an image should not be used any more. It is marked, never deleted.
import { deprecatedAt, findImage, retireImage, unretireImage } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { type CloudCommandOptions, cloudOptions, examples, IMAGE_ARGUMENT } from '../options.ts';
import { printResult } from '../outcome.ts';

interface RetireOptions extends CloudCommandOptions {
  reason?: string;
  hide?: boolean;
  deactivate?: boolean;
  force?: boolean;
  undo?: boolean;
}

/** Adds the command. */
export function addRetire(program: Command): void {
  examples(
    cloudOptions(
      program
        .command('retire')
        .description('mark an image as one that should not be used any more; nothing is deleted')
        .argument('<image>', IMAGE_ARGUMENT),
    )
      .option('--reason <text>', 'why, for those who use it')
      .option('--hide', 'hide it from listings too, and so from prune; it stays usable by its id (openstack)')
      .option('--deactivate', 'take it out of use too, where the cloud can')
      .option('--force', 'although it is the current image of a channel, which is then empty')
      .option('--undo', 'bring it back'),
    'imagebridge retire name:debian-12-20290101 --reason "CVE-2030-1234"',
    'imagebridge retire ID --undo',
  ).action(async (text: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<RetireOptions>();
    await withCloud(options, async (cloud, signal) => {
      const found = await findImage(cloud, text, { signal });
      const { reason, hide, deactivate, force, undo } = options;
      const { image, changed } = undo
        ? await unretireImage(cloud, found, { signal })
        : await retireImage(cloud, found, { reason, hide, deactivate, force, signal });
      const what = `image ${image.id} ${JSON.stringify(image.name)}`;
      const state = undo
        ? 'is not retired'
        : `is retired since ${deprecatedAt(image)?.toISOString() ?? 'now'}`;
      printResult(
        options,
        {
          imageId: image.id,
          name: image.name,
          status: image.status,
          retiredAt: deprecatedAt(image),
          changed,
        },
        `${what} ${state}${changed ? '' : ' already'}`,
      );
    });
  });
}
