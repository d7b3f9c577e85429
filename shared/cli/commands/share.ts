// `imagebridge share`: images that other projects may use, and the answers of those projects.
import {
  answerShare,
  findImage,
  type ImageCloud,
  type Share,
  shareImage,
  unshareImage,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { printList } from '../listing.ts';
import { attemptEach, errorsOf } from '../many.ts';
import { type CloudCommandOptions, cloudOptions, collectList, examples, IMAGE_ARGUMENT } from '../options.ts';
import { EXIT_CODES, errorData, exitCodeOfMany, printResult } from '../outcome.ts';

/** Adds the commands. */
export function addShare(program: Command): void {
  const share = program.command('share').description('share images with other projects, and answer shares');
  const one = (name: string, description: string) =>
    cloudOptions(share.command(name).description(description).argument('<image>', IMAGE_ARGUMENT));

  examples(
    one('add', 'let projects use an image').argument(
      '<project...>',
      'ids of the projects; commas separate too',
      collectList,
    ),
    'imagebridge share add channel:debian-12-stable 4f1c… 9d02… --cloud prod',
  )
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (text: string, projects: string[], _: unknown, command: Command) => {
      await eachProject(text, projects, command.optsWithGlobals(), {
        work: (cloud, imageId, projectId, signal) => shareImage(cloud, imageId, projectId, { signal }),
        text: (imageId, projectId, made) =>
          `image ${imageId} is shared with ${projectId} (${made?.status ?? 'done'})`,
      });
    });

  examples(
    one('remove', 'end shares; no error when there is none').argument(
      '<project...>',
      'ids of the projects',
      collectList,
    ),
    'imagebridge share remove ID 4f1c…',
  )
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (text: string, projects: string[], _: unknown, command: Command) => {
      await eachProject(text, projects, command.optsWithGlobals(), {
        work: async (cloud, imageId, projectId, signal) => {
          await unshareImage(cloud, imageId, projectId, { signal });
          return undefined;
        },
        text: (imageId, projectId) => `image ${imageId} is not shared with ${projectId} any more`,
      });
    });

  examples(one('list', 'whom an image is shared with'), 'imagebridge share list ID --json').action(
    async (text: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CloudCommandOptions>();
      await withCloud(options, async (cloud, signal) => {
        const { id } = await findImage(cloud, text, { signal });
        await printList(cloud.listShares(id, { signal }), {
          json: options.json,
          headings: ['PROJECT', 'STATUS', 'SINCE'],
          row: ({ projectId, status, createdAt }: Share) => [
            projectId,
            status,
            createdAt?.toISOString() ?? '',
          ],
          none: 'not shared',
        });
      });
    },
  );

  for (const [name, answer] of [
    ['accept', 'accepted'],
    ['reject', 'rejected'],
  ] as const)
    examples(
      cloudOptions(
        share
          .command(name)
          .description(`${name} an image that is shared with this project`)
          .argument('<image>', 'id of the image'),
      ),
      `imagebridge share ${name} ID --cloud partner`,
    ).action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CloudCommandOptions>();
      await withCloud(options, async (cloud, signal) => {
        const answered = await answerShare(cloud, id, answer, { signal });
        printResult(options, answered, `the share of image ${id} is ${answered.status}`);
      });
    });
}

async function eachProject(
  text: string,
  projects: readonly string[],
  options: CloudCommandOptions,
  {
    work,
    text: textOf,
  }: {
    work: (
      cloud: ImageCloud,
      imageId: string,
      projectId: string,
      signal: AbortSignal,
    ) => Promise<Share | undefined>;
    text: (imageId: string, projectId: string, share: Share | undefined) => string;
  },
): Promise<void> {
  await withCloud(options, async (cloud, signal) => {
    const { id: imageId } = await findImage(cloud, text, { signal });
    const attempts = await attemptEach(new Set(projects), (projectId) =>
      work(cloud, imageId, projectId, signal),
    );
    printResult(
      options,
      attempts.map((one) => ({
        imageId,
        projectId: one.item,
        ...(one.error ? { error: errorData(one.error) } : one.result),
      })),
      attempts.flatMap((one) => (one.error ? [] : [textOf(imageId, one.item, one.result)])).join('\n'),
    );
    process.exitCode = exitCodeOfMany(attempts.length, errorsOf(attempts));
  });
}
