// `imagebridge job`: work that a cloud does on its own time.
import { type Job, waitForJob } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { jobView, type WaitCommandOptions, waitOptions } from '../jobs.ts';
import { type CloudCommandOptions, cloudOptions, examples } from '../options.ts';
import { EXIT_CODES, printResult } from '../outcome.ts';

/** Adds the commands. */
export function addJob(program: Command): void {
  const job = program.command('job').description('look at work that a cloud does, and wait for it');
  const one = (name: string, description: string) =>
    cloudOptions(job.command(name).description(description).argument('<id>', 'id of the job'));

  examples(one('show', 'how a job stands'), 'imagebridge job show ID --json').action(
    async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CloudCommandOptions>();
      await withCloud(options, async (cloud, signal) => {
        const found = await cloud.getJob({ id }, { signal });
        printResult(options, found, jobFacts(found));
      });
    },
  );

  examples(waitOptions(one('wait', 'wait until a job has ended')), 'imagebridge job wait ID --timeout 2h')
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CloudCommandOptions & WaitCommandOptions>();
      const view = jobView('waiting', options);
      try {
        await withCloud(
          options,
          async (cloud, signal) => {
            const ended = await waitForJob(cloud, { id }, `wait for job ${id}`, { ...view.wait, signal });
            view.end();
            printResult(options, ended, jobFacts(ended));
          },
          () => {
            view.end();
            return 'stopped waiting; the cloud goes on with the job';
          },
        );
      } finally {
        view.end();
      }
    });
}

function jobFacts(job: Job): string {
  const { imageIds, progress, ...facts } = job;
  return [
    ...Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value instanceof Date ? value.toISOString() : String(value)}`],
    ),
    ...(progress === undefined ? [] : [`progress: ${Math.floor(progress * 100)}%`]),
    ...(imageIds.length === 0 ? [] : [`images: ${imageIds.join(', ')}`]),
  ].join('\n');
}
