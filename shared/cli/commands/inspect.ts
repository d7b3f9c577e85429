// `imagebridge inspect`: what a local file is, found by its content.
import { type Inspection, inspectFile } from '@imagebridge/core';
import type { Command } from 'commander';
import { formatBytes } from '../format.ts';
import { examples } from '../options.ts';
import { type CommonOptions, EXIT, printResult } from '../outcome.ts';

/** Adds the command. */
export function addInspect(program: Command): void {
  examples(
    program
      .command('inspect')
      .description('tell what an image file is, and what a cloud would say to it')
      .argument('<file>', 'the image file')
      .option('--json', 'print JSON'),
    'imagebridge inspect ./disk.qcow2 --json',
    'imagebridge push ./disk.qcow2 --to prod --dry-run     # what that very cloud would say',
  )
    .addHelpText('after', '\nExit code 3 when there is a finding of severity "error".')
    .action(async (file: string, _: unknown, command: Command) => {
      const found = await inspectFile(file);
      printResult(command.optsWithGlobals<CommonOptions>(), found, factsOf(found).join('\n'));
      if (found.findings.some((finding) => finding.severity === 'error')) process.exitCode = EXIT.refused;
    });
}

function factsOf(found: Inspection): string[] {
  const size = (bytes: number) => `${formatBytes(bytes)} (${bytes} bytes)`;
  const facts: [string, string | undefined][] = [
    ['path', found.path],
    ['format', [found.format, found.variant].filter(Boolean).join(', ')],
    ['packed', found.compression],
    ['file size', size(found.fileSizeBytes)],
    ['virtual size', size(found.virtualSizeBytes)],
    ['boot', found.boot],
    ['architecture', found.architecture],
    ['system', found.osHint ?? found.osType],
    ['label', found.volumeLabel],
    ['partition table', found.partitionTable],
    ...(found.partitions ?? []).map(({ number, type, sizeBytes, fileSystem }): [string, string] => [
      `partition ${number}`,
      [type, formatBytes(sizeBytes), fileSystem].filter(Boolean).join(', '),
    ]),
    ['file system', found.fileSystem],
    ['encrypted', found.encrypted ? 'yes' : undefined],
    ['features', found.features.join(', ') || undefined],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
    ...found.findings.map((f) => `${f.severity}: ${f.message} ${f.remedy} [${f.code}]`),
  ];
}
