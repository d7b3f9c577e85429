// `imagebridge promote`: an image becomes the current one of a channel.
import { findImage, type Promotion, promoteImage } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { type CloudCommandOptions, cloudOptions, examples, IMAGE_ARGUMENT } from '../options.ts';
import { printResult } from '../outcome.ts';

/** Adds the command. */
export function addPromote(program: Command): void {
  examples(
    cloudOptions(
      program
        .command('promote')
        .description('make an image the current one of a channel')
        .argument('<image>', IMAGE_ARGUMENT),
    )
      .requiredOption('--channel <name>', 'the channel, e.g. debian-12-stable')
      .option('--dry-run', 'say what would change, and change nothing'),
    'imagebridge promote name:debian-12-20300131 --channel debian-12-stable',
    'imagebridge promote channel:debian-12-beta --channel debian-12-stable',
    'imagebridge promote channel:debian-12-stable/previous --channel debian-12-stable   # roll back',
    'imagebridge image show channel:debian-12-stable',
  )
    .addHelpText(
      'after',
      `
A channel is a mark on its images (imagebridge_channel_NAME: current, previous or former): a tag where the cloud lets
tags be changed, else a property. The image that was current becomes previous. Doing it twice changes nothing.`,
    )
    .action(async (text: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CloudCommandOptions & { channel: string; dryRun?: boolean }>();
      await withCloud(options, async (cloud, signal) => {
        const image = await findImage(cloud, text, { signal });
        const { channel, dryRun } = options;
        const done = await promoteImage(cloud, image, channel, { signal, dryRun });
        printResult(options, promotionData(done, dryRun === true), promotionText(done, dryRun === true));
      });
    });
}

const promotionData = ({ channel, image, previous, steps }: Promotion, dryRun: boolean) => ({
  channel,
  imageId: image.id,
  name: image.name,
  ...(previous ? { previousImageId: previous.id } : {}),
  changed: steps.length > 0 && !dryRun,
  ...(dryRun ? { dryRun } : {}),
  steps: steps.map(({ image: one, from, to }) => ({ imageId: one.id, name: one.name, from, to })),
});

function promotionText({ channel, image, previous, steps }: Promotion, dryRun: boolean): string {
  if (steps.length === 0)
    return `image ${image.id} ${JSON.stringify(image.name)} is the current one of ${channel} already`;
  const changes = steps.map(
    ({ image: one, from, to }) =>
      `  ${one.id} ${JSON.stringify(one.name)}: ${from === undefined ? to : `${from} → ${to}`}`,
  );
  const head = dryRun
    ? `would change in channel ${channel}:`
    : `channel ${channel}: ${image.id} ${JSON.stringify(image.name)} is current${previous ? `, ${previous.id} previous` : ''}`;
  return dryRun ? [head, ...changes].join('\n') : head;
}
