// `imagebridge copy`: an image again, in its region, in another one, as a base image, in further stores, or in another cloud.
import { copyAcross, copyImage, findImage, type ImageCloud, type Job, stateDir } from '@imagebridge/core';
import { type Command, Option } from 'commander';
import { openCloud, withCloud } from '../cloud.ts';
import { jobView, type WaitCommandOptions, waitOptions } from '../jobs.ts';
import {
  bytes,
  type CloudCommandOptions,
  cloudOptions,
  collectList,
  examples,
  IMAGE_ARGUMENT,
} from '../options.ts';
import { printResult, UsageError } from '../outcome.ts';
import { modeOf, progressView } from '../progress.ts';
import { readTargets } from '../push/targets.ts';
import { interruptible } from '../signals.ts';

interface CopyOptions extends CloudCommandOptions, WaitCommandOptions {
  to?: string;
  through: 'auto' | 'pull' | 'stream';
  limitRate?: number;
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
            'copy an image inside its region, to another one, to a base image, further stores or another cloud',
          )
          .argument('<image>', IMAGE_ARGUMENT),
      )
        .option('--to <cloud>', 'another cloud: PROFILE or PROFILE/REGION')
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
        .option('--kms-key <id>', 'key that the copy is to be encrypted with')
        .addOption(
          new Option(
            '--through <way>',
            'to another cloud: pull, it fetches the image itself; stream, by way of this machine',
          )
            .choices(['auto', 'pull', 'stream'])
            .default('auto'),
        )
        .option('--limit-rate <rate>', 'by way of this machine: at most so many bytes per second', bytes),
    ),
    'imagebridge copy ID --to-region cn-south-1 --agency image-copier --cloud prod',
    'imagebridge copy ID --name web-copy --kms-key KEY',
    'imagebridge copy channel:web-stable --cloud prod --to lab',
    'imagebridge copy ID --to-base-image --name base --cloud stack-admin',
  ).action(async (text: string, _: unknown, command: Command) => {
    await copy(text, command.optsWithGlobals<CopyOptions>());
  });
}

async function copy(text: string, options: CopyOptions): Promise<void> {
  const targets = [options.to, options.toRegion, options.toBaseImage, options.toStore];
  if (targets.filter((one) => one !== undefined).length > 1)
    throw new UsageError('Choose one of --to, --to-region, --to-base-image and --to-store.');
  if (options.to !== undefined) return copyToCloud(text, options.to, options);
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
        const made = await copyImage(cloud, request, wait);
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

/** A copy to another cloud, which fetches it by itself where it can. */
async function copyToCloud(text: string, to: string, options: CopyOptions): Promise<void> {
  const [target] = readTargets([to], undefined);
  if (target?.kind !== 'cloud')
    throw new UsageError('--to names a profile: write PROFILE or PROFILE/REGION.');
  const view = progressView(modeOf(options), process.stderr, {
    intervalMs: options.progressInterval * 1000,
  });
  const opened: ImageCloud[] = [];
  const open = async (cloud: string | undefined, region: string | undefined) => {
    const one = await openCloud({ cloud, region, config: options.config });
    opened.push(one);
    return one;
  };
  try {
    await interruptible(
      async (signal) => {
        const from = await open(options.cloud, options.region);
        const dest = await open(target.cloud, target.region);
        const { id } = await findImage(from, text, { signal });
        const { name, description } = options;
        const made = await copyAcross(
          from,
          dest,
          {
            sourceImageId: id,
            image: {
              ...(name === undefined ? {} : { name }),
              ...(description === undefined ? {} : { description }),
            },
            via: options.through,
            limitBytesPerSecond: options.limitRate,
            importTimeoutMs: options.timeout,
            onEvent: view.onEvent,
            signal,
          },
          { stateDir: stateDir(process.env) },
        );
        view.end();
        const { image, via, adopted } = made;
        const how = via === 'pull' ? 'the cloud fetched it' : 'by way of this machine';
        printResult(
          options,
          { image, via, adopted, cloud: dest.name, region: dest.region },
          `image ${image.id} ${JSON.stringify(image.name)} is ${image.status} in ${dest.name}/${dest.region} (${how})`,
        );
      },
      () => {
        view.end();
        process.stderr.write('pausing safely … (Ctrl-C again stops at once)\n');
      },
      () => {
        view.end();
        process.stderr.write('paused. To go on, run the same command again\n');
      },
    );
  } finally {
    view.end();
    await Promise.all(opened.map((one) => one.close()));
  }
}
