// `imagebridge push`: a local file becomes an image of a cloud.
import path from 'node:path';
import {
  claimImage,
  legalName,
  type PublishRequest,
  publishImage,
  resumePublish,
  stateDir,
} from '@imagebridge/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { openCloud } from '../cloud.ts';
import { formatBytes, parseBytes } from '../format.ts';
import { type CommonOptions, printResult, UsageError } from '../outcome.ts';
import { type ProgressMode, progressView } from '../progress.ts';
import { interruptible } from '../signals.ts';

interface PushOptions extends CommonOptions {
  to?: string;
  region?: string;
  name?: string;
  description?: string;
  osVersion?: string;
  minDisk?: number;
  minRam?: number;
  tag: Record<string, string>;
  diskFormat?: string;
  sha256?: string;
  bucket?: string;
  keepStaged?: boolean;
  limitRate?: number;
  partSize?: number;
  parallel?: number;
  progress: 'auto' | ProgressMode;
}

/** Adds the command. */
export function addPush(program: Command): void {
  program
    .command('push')
    .description('publish a local image file: inspect, upload in parts, import, verify')
    .argument('<file>', 'the image file')
    .option(
      '--to <cloud>',
      'profile of the target cloud (default: IMAGEBRIDGE_CLOUD, or the default of the profiles)',
    )
    .option('--region <region>', "region (default: the profile's)")
    .option('--name <name>', 'name of the image (default: from the file name)')
    .option('--description <text>', 'description of the image')
    .option(
      '--os-version <text>',
      'operating system as the cloud spells it, e.g. "Ubuntu 22.04 server 64bit"',
    )
    .option('--min-disk <GiB>', 'smallest disk of a server made from it (default: from the file)', integer(1))
    .option('--min-ram <MiB>', 'least memory of a server made from it', integer(0))
    .option('--tag <key=value>', 'tag; may be repeated', collectTag, {})
    .option('--disk-format <format>', 'format of the file (default: found by inspection)')
    .option('--sha256 <hex>', 'refuse the file when its SHA-256 is another', sha256)
    .option('--bucket <name>', 'staging bucket (default: of the profile, else one per project)')
    .option('--keep-staged', 'keep the staged object after success')
    .option('--limit-rate <rate>', 'at most so many bytes per second, e.g. 60M', bytes)
    .option('--part-size <size>', 'size of a part, e.g. 64M (default: chosen)', bytes)
    .option('--parallel <n>', 'parts under way at once (default: 4)', integer(1))
    .addOption(
      new Option('--progress <how>', 'how to show progress, on stderr')
        .choices(['auto', 'line', 'log', 'json', 'none'])
        .default('auto'),
    )
    .option('--json', 'print the result as JSON on stdout')
    .addHelpText(
      'after',
      `
Ctrl-C once pauses safely; the same command goes on where it stopped. Twice stops at once.
Exit codes: 0 done, 2 wrong usage, 3 refused by inspection, 4 the cloud said no, 130 paused.

Example:
  imagebridge push ./ubuntu.qcow2 --to prod --os-version "Ubuntu 18.04 server 64bit" --tag team=web`,
    )
    .action(async (file: string, _: unknown, command: Command) => {
      await push(file, command.optsWithGlobals<PushOptions>());
    });
}

async function push(file: string, options: PushOptions): Promise<void> {
  const request: PublishRequest = {
    path: path.resolve(file),
    image: {
      name: options.name ?? legalName(path.basename(file).replace(/\.[A-Za-z0-9]{1,5}$/, '')),
      description: options.description,
      osVersion: options.osVersion,
      minDiskGiB: options.minDisk,
      minRamMiB: options.minRam,
      tags: options.tag,
    },
    diskFormat: options.diskFormat,
    sha256: options.sha256,
    bucket: options.bucket,
    keepStaged: options.keepStaged,
    limitBytesPerSecond: options.limitRate,
    partSizeBytes: options.partSize,
    parallelParts: options.parallel,
  };
  await runPublish(request, { ...options, cloud: options.to });
}

/** What is common to a first push and to `uploads resume`. */
export async function runPublish(
  request: PublishRequest | { uploadId: string; limitBytesPerSecond?: number | undefined },
  options: CommonOptions & {
    cloud?: string | undefined;
    region?: string | undefined;
    progress: 'auto' | ProgressMode;
  },
): Promise<void> {
  const mode = options.progress === 'auto' ? (process.stderr.isTTY ? 'line' : 'log') : options.progress;
  const view = progressView(mode, process.stderr);
  const engine = { stateDir: stateDir(process.env) };
  let uploadId: string | undefined;
  const cloud = await openCloud(options);
  try {
    const result = await interruptible(
      async (signal) => {
        const onUpload = ({ id }: { id: string }) => {
          uploadId = id;
        };
        const running = { signal, onEvent: view.onEvent, onUpload };
        const published =
          'uploadId' in request
            ? await resumePublish(cloud, { ...request, ...running }, engine)
            : await publishImage(cloud, { ...request, ...running }, engine);
        await claimImage(cloud, published.image, { signal });
        return published;
      },
      () => {
        view.end();
        process.stderr.write(`pausing safely … (Ctrl-C again stops at once)\n`);
      },
      () => {
        view.end();
        const resume = uploadId === undefined ? '' : `, or: imagebridge uploads resume ${uploadId}`;
        process.stderr.write(`paused. To go on, run the same command again${resume}\n`);
      },
    );
    view.end();
    const { image, ...rest } = result;
    printResult(
      options,
      { ...rest, image: { ...image }, cloud: cloud.name, region: cloud.region },
      `image ${image.id} ${JSON.stringify(image.name)} is ${image.status} in ${cloud.name}/${cloud.region} (${formatBytes(result.sizeBytes)})`,
    );
  } finally {
    view.end();
    await cloud.close();
  }
}

function integer(min: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min} on.`);
    return value;
  };
}

/** Reads a size or a rate of the command line. */
export function bytes(text: string): number {
  const value = parseBytes(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a size such as 500k, 60M or 1.5G.');
  return value;
}

function sha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('It must be 64 hexadecimal digits.');
  return text.toLowerCase();
}

function collectTag(text: string, tags: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at === 0) throw new UsageError(`--tag ${JSON.stringify(text)} has no key`);
  const key = at < 0 ? text : text.slice(0, at);
  return { ...tags, [key]: at < 0 ? '' : text.slice(at + 1) };
}
