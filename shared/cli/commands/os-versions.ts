// `imagebridge os-versions`: the operating systems that a cloud's catalogue knows, as --os-version wants them.
import type { OsVersion } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { printList } from '../listing.ts';
import { type CloudCommandOptions, cloudOptions, examples } from '../options.ts';

/** Adds the command. */
export function addOsVersions(program: Command): void {
  examples(
    cloudOptions(
      program.command('os-versions').description("list the operating systems of a cloud's catalogue"),
    ).option('--search <text>', 'only those that have all these words, in any case'),
    'imagebridge os-versions --cloud prod --search "ubuntu 22"',
  ).action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CloudCommandOptions & { search?: string }>();
    await withCloud(options, async (cloud, signal) => {
      const all = await cloud.listOsVersions({ signal });
      await printList(
        all.filter((version) => matchesSearch(version, options.search ?? '')),
        {
          json: options.json,
          headings: ['OS VERSION', 'PLATFORM', 'TYPE', 'ARCHITECTURE'],
          row: ({ osVersion, platform, osType, architecture, bits }: OsVersion) => [
            osVersion,
            platform,
            osType,
            architecture ?? (bits === undefined ? '' : `${bits} bit`),
          ],
          none:
            options.search === undefined ? 'the catalogue is empty' : 'nothing like that in the catalogue',
        },
      );
    });
  });
}

/** True when every word of the search is in one of the fields. */
export function matchesSearch(version: OsVersion, search: string): boolean {
  const text = Object.values(version).join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
