// `imagebridge copy`: an image again, in its region, in another one, as a base image, or in further stores.
import {
  copyImage,
  findImage,
  type Image,
  type ImageCloud,
  type Job,
  waitForImage,
  waitForJob,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { jobView, type WaitCommandOptions, waitOptions } from '../jobs.ts';
import { type CloudCommandOptions, cloudOptions, collectList, examples, IMAGE_ARGUMENT } from '../options.ts';
import { printResult, UsageError } from '../outcome.ts';

interface CopyOptions extends CloudCommandOptions, WaitCommandOptions {
  toRegion?: string;
  toBaseImage?: boolean;
  toStore?: string[];
  name?: string;
  description?: string;
  agency?: string;
  project?: string;
  vault?: string;
  kmsKey?: string;
}

/** Adds the command. */
export function addCopy(program: Command): void {
  examples(
    waitOptions(
      cloudOptions(
        program
          .command('copy')
          .description(
            'copy an image inside its region, to another region, to a base image or to further stores',
          )
          .argument('<image>', IMAGE_ARGUMENT),
      )
        .option('--to-region <region>', 'region of the copy')
        .option('--to-base-image', 'make a base image, which all tenants can be given (ucloudstack)')
        .option(
          '--to-store <id>',
          'further store for the same image (openstack); may be repeated',
          collectList,
        )
        .option('--name <name>', "name of the copy (default: the image's; in the same region with -copy)")
        .option('--description <text>', 'description of the copy')
        .option(
          '--agency <name>',
          'agency to act under across regions (huaweicloud; default: of the profile)',
        )
        .option('--project <name>', 'project in the other region that will own the copy')
        .option('--vault <id>', 'vault in the other region, for whole-server images')
        .option('--kms-key <id>', 'key that the copy is to be encrypted with'),
    ),
    'imagebridge copy ID --to-region cn-south-1 --agency image-copier --cloud prod',
    'imagebridge copy ID --name web-copy --kms-key KEY',
    'imagebridge copy ID --to-base-image --name base --cloud stack-admin',
  ).action(async (text: string, _: unknown, command: Command) => {
    await copy(text, command.optsWithGlobals<CopyOptions>());
  });
}

async function copy(text: string, options: CopyOptions): Promise<void> {
  const targets = [options.toRegion, options.toBaseImage, options.toStore].filter((one) => one !== undefined);
  if (targets.length > 1) throw new UsageError('Choose one of --to-region, --to-base-image and --to-store.');
  let jobId: string | undefined;
  await withCloud(
    options,
    async (cloud, signal) => {
      const source = await findImage(cloud, text, { signal });
      const view = jobView(`copying ${source.name}`, options);
      const wait = {
        ...view.wait,
        signal,
        onJob: (job: Job) => {
          jobId = job.id;
          view.wait.onJob?.(job);
        },
      };
      const crosses = options.toRegion !== undefined && options.toRegion !== cloud.region;
      const request = {
        sourceImageId: source.id,
        name: options.name ?? (crosses || options.toStore ? source.name : `${source.name}-copy`),
        description: options.description,
        region: options.toRegion,
        projectName: options.project,
        agencyName: options.agency,
        vaultId: options.vault,
        kmsKeyId: options.kmsKey,
        toBaseImage: options.toBaseImage,
        toStores: options.toStore,
      };
      try {
        const made =
          options.toBaseImage || options.toStore
            ? await copyElsewhere(cloud, source, request, wait)
            : await copyImage(cloud, request, wait);
        view.end();
        const where = `${cloud.name}/${made.target.region}`;
        const { image, adopted } = made;
        printResult(
          options,
          { image, adopted, cloud: cloud.name, region: made.target.region },
          options.toStore
            ? `image ${image.id} lies in ${options.toStore.join(', ')} too`
            : `image ${image.id} ${JSON.stringify(image.name)} is ${image.status} in ${where}`,
        );
      } finally {
        view.end();
      }
    },
    () =>
      jobId === undefined
        ? 'interrupted'
        : `interrupted; the cloud goes on. To wait again, run the same command, or: imagebridge job wait ${jobId}`,
  );
}

/** A copy that the region's own copying does not make: a base image, or the same image in further stores. */
async function copyElsewhere(
  cloud: ImageCloud,
  source: Image,
  request: Parameters<ImageCloud['copyImage']>[0],
  wait: Parameters<typeof waitForJob>[3] & { signal: AbortSignal },
): Promise<{ image: Image; target: ImageCloud; adopted: boolean }> {
  const ref = await cloud.copyImage(request, { signal: wait.signal });
  const job = await waitForJob(cloud, ref, `copy image ${source.id}`, wait);
  const id = request.toStores ? source.id : (job.imageIds[0] ?? source.id);
  return { image: await waitForImage(cloud, id, wait), target: cloud, adopted: false };
}
