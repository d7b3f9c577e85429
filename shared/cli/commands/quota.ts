// `imagebridge quota`: limits of the project, and how much of them is used.
import type { Quota } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { printList } from '../listing.ts';
import { type CloudCommandOptions, cloudOptions, examples } from '../options.ts';

/** Adds the command. */
export function addQuota(program: Command): void {
  examples(
    cloudOptions(program.command('quota').description('limits of the project, and how much of them is used')),
    'imagebridge quota --cloud prod --json',
  ).action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CloudCommandOptions>();
    await withCloud(options, async (cloud, signal) => {
      await printList(await cloud.getQuotas({ signal }), {
        json: options.json,
        headings: ['RESOURCE', 'USED', 'LIMIT', 'LEFT'],
        row: ({ resource, used, limit }: Quota) => {
          const known = limit >= 0;
          return [
            resource,
            String(used),
            known ? String(limit) : 'none',
            known ? String(Math.max(0, limit - used)) : '',
          ];
        },
        none: 'the cloud tells no limits',
      });
    });
  });
}
