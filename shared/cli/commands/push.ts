// `imagebridge push`: local files become images of clouds, or objects in buckets.
import { type Command, Option } from 'commander';
import {
  bytes,
  collectList,
  collectPair,
  duration,
  examples,
  integer,
  progressOptions,
  sha256,
} from '../options.ts';
import { EXIT_CODES } from '../outcome.ts';
import { push } from '../push/push.ts';
import type { PushOptions } from '../push/request.ts';

/** Adds the command. */
export function addPush(program: Command): void {
  const command = program
    .command('push')
    .description('publish image files: inspect, upload so that it can resume, import, verify')
    .argument('[file...]', 'the image files; patterns such as "out/*.qcow2" too')
    .option(
      '--to <target>',
      'profile, PROFILE/REGION or s3://BUCKET/KEY; may be repeated, commas separate too (default: IMAGEBRIDGE_CLOUD, or the default of the profiles)',
      collectList,
    )
    .option('--region <region>', "region (default: the profile's)")
    .option('--name <name>', 'name of the image (default: from the file name)')
    .option('--description <text>', 'description of the image')
    .option(
      '--os-version <text>',
      'operating system as the cloud spells it, e.g. "Ubuntu 22.04 server 64bit"; imagebridge os-versions lists them',
    )
    .option('--os-type <type>', 'e.g. linux')
    .option('--os-distribution <name>', 'e.g. Ubuntu, where the cloud wants it apart from the version')
    .option('--architecture <name>', 'e.g. x86_64')
    .addOption(new Option('--boot-mode <mode>', 'how it boots').choices(['bios', 'uefi']))
    .option('--min-disk <GiB>', 'smallest disk of a server made from it (default: from the file)', integer(1))
    .option('--min-ram <MiB>', 'least memory of a server made from it', integer(0))
    .option('--visibility <who>', 'who can see it, e.g. private, shared, community, public')
    .option('--protect', 'make the cloud refuse to delete it')
    .option('--tag <key=value>', 'tag; may be repeated', collectPair, {})
    .option('--property <key=value>', 'property of your own; may be repeated', collectPair)
    .option('--disk-format <format>', 'format of the file (default: found by inspection)')
    .option(
      '--no-unpack',
      'refuse a file that is packed (gz, bz2, xz, zst) instead of unpacking it on the way',
    )
    .option(
      '--no-convert',
      'refuse a format that a cloud does not take instead of converting it with qemu-img',
    )
    .option('--sha256 <hex>', 'refuse the file when its SHA-256 is another', sha256)
    .addOption(
      new Option(
        '--if-exists <what>',
        'when a cloud has an image of that name: fail; skip it where the content is the same; or make a new one',
      )
        .choices(['skip', 'fail', 'new'])
        .default('fail'),
    )
    .addOption(
      new Option('--route <route>', 'direct: to the image service itself; staged: by way of a bucket')
        .choices(['auto', 'direct', 'staged'])
        .default('auto'),
    )
    .option(
      '--bucket <name>',
      'staging bucket of the cloud itself (default: of the profile, else one per project)',
    )
    .option('--via <url>', 'stage in a bucket of your own, s3://BUCKET/PREFIX, that the cloud fetches from')
    .option('--keep-staged', 'keep the staged object after success')
    .option('--endpoint-url <url>', 'the service of s3:// (default: AWS_ENDPOINT_URL); keys come from AWS_*')
    .option('--path-style', 'put the bucket of s3:// into the path of URLs (default: except at Amazon)')
    .option('--no-path-style', 'put the bucket of s3:// into the host name of URLs')
    .option('--limit-rate <rate>', 'at most so many bytes per second, e.g. 60M', bytes)
    .option('--part-size <size>', 'size of a part, e.g. 64M (default: chosen)', bytes)
    .option('--parallel <n>', 'parts under way at once in each upload (default: chosen)', integer(1))
    .option('--uploads <n>', 'uploads under way at once (default: one file to all targets)', integer(1))
    .option('--wait', 'wait until the clouds have imported it (default)')
    .option('--no-wait', 'end as soon as the clouds have taken the import on')
    .option('--import-timeout <time>', 'give up waiting for an import after so long, e.g. 2h', duration)
    .option('--dry-run', 'inspect, and ask whether the clouds would take it; send nothing')
    .option('--result <file>', 'write what became of everything to a JSON file')
    .option('--retry-from <file>', 'do again what did not succeed according to a --result file');
  examples(
    progressOptions(command).option('--json', 'print the result as JSON on stdout'),
    'imagebridge push ./ubuntu.qcow2 --to prod --os-version "Ubuntu 18.04 server 64bit" --tag team=web',
    'imagebridge push "out/*.qcow2" --to prod,lab/RegionTwo --if-exists skip --result result.json',
    'imagebridge push --retry-from result.json',
    'imagebridge push ./disk.qcow2 --to s3://images/disk.qcow2 --endpoint-url https://s3.example',
    'imagebridge push ./disk.qcow2 --to prod --dry-run',
  )
    .addHelpText(
      'after',
      `
Ctrl-C once pauses safely; the same command goes on where it stopped. Twice stops at once.
${EXIT_CODES}`,
    )
    .action(async (files: string[], _: unknown, self: Command) => {
      await push(files, self.optsWithGlobals<PushOptions>());
    });
}
