// `imagebridge inspect`: what a local file is, found by its content.
import { type Inspection, inspectFile, judgeFor } from '@imagebridge/core';
import type { Command } from 'commander';
import { openCloud } from '../cloud.ts';
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
      .option('--for <cloud>', 'profile of a cloud: tell what that very cloud would say')
      .option('--json', 'print JSON'),
    'imagebridge inspect ./disk.qcow2 --json',
    'imagebridge inspect ./disk.qcow2 --for prod',
  )
    .addHelpText('after', '\nExit code 3 when there is a finding of severity "error".')
    .action(async (file: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { for?: string }>();
      const found = await inspectFile(file);
      if (options.for !== undefined) found.findings = await judged(found, options.for, options);
      printResult(options, found, factsOf(found).join('\n'));
      if (found.findings.some((finding) => finding.severity === 'error')) process.exitCode = EXIT.refused;
    });
}

/** What a cloud would say; it is not asked for that. */
async function judged(
  found: Inspection,
  cloud: string,
  options: CommonOptions,
): Promise<Inspection['findings']> {
  const opened = await openCloud({ cloud, config: options.config });
  try {
    const { family, capabilities } = opened;
    return judgeFor(found, { family, capabilities });
  } finally {
    await opened.close();
  }
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
