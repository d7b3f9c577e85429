// `imagebridge inspect`: what a local file is, found by its content.

import { inspectFile } from '@imagebridge/core';
import type { Command } from 'commander';
import { formatBytes } from '../format.ts';
import { type CommonOptions, EXIT, printResult } from '../outcome.ts';

/** Adds the command. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('tell what an image file is, and what a cloud would say to it')
    .argument('<file>', 'the image file')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 3 when there is a finding of severity "error".')
    .action(async (file: string, _: unknown, command: Command) => {
      const found = await inspectFile(file);
      const facts = [
        `path: ${found.path}`,
        `format: ${found.format}`,
        `file size: ${formatBytes(found.fileSizeBytes)} (${found.fileSizeBytes} bytes)`,
        `virtual size: ${formatBytes(found.virtualSizeBytes)} (${found.virtualSizeBytes} bytes)`,
        `boot: ${found.boot}`,
        ...found.findings.map((f) => `${f.severity}: ${f.message} ${f.remedy} [${f.code}]`),
      ];
      printResult(command.optsWithGlobals<CommonOptions>(), found, facts.join('\n'));
      if (found.findings.some((finding) => finding.severity === 'error')) process.exitCode = EXIT.refused;
    });
}
