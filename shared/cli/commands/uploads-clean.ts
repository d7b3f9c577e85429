// `imagebridge uploads clean|orphans`: what uploads leave behind on this machine and on clouds.
import {
  cleanUploads,
  type FoundUpload,
  findOrphans,
  type ImageCloud,
  openBucket,
  removeOrphans,
  stateDir,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { requireConsent } from '../consent.ts';
import { formatBytes, formatDays, type Row } from '../format.ts';
import { printList } from '../listing.ts';
import { type CloudCommandOptions, cloudOptions, duration, examples } from '../options.ts';
import {
  type CommonOptions,
  EXIT_CODES,
  errorData,
  exitCodeOfMany,
  printError,
  printResult,
} from '../outcome.ts';
import { readBucket } from '../push/targets.ts';
import { abortOnSignal } from '../signals.ts';

const DAY_MS = 86_400_000;
const engine = () => ({ stateDir: stateDir(process.env) });

interface OrphansOptions extends CloudCommandOptions {
  bucket?: string;
  endpointUrl?: string;
  olderThan: number;
  foreign?: boolean;
  remove?: boolean;
  yes?: boolean;
}

/** Adds the commands below `uploads`. */
export function addUploadsClean(uploads: Command): void {
  examples(
    uploads
      .command('clean')
      .description('forget uploads of this machine that are over, and conversions that nobody came back for')
      .option('--older-than <time>', 'only those that ended so long ago', duration, 7 * DAY_MS)
      .option('--dry-run', 'say which, and forget none')
      .option('--json', 'print JSON'),
    'imagebridge uploads clean --older-than 30d',
  )
    .addHelpText('after', '\n--older-than is 7d unless it is given.')
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { olderThan: number; dryRun?: boolean }>();
      const { olderThan: olderThanMs, dryRun } = options;
      const cleaned = await cleanUploads({ olderThanMs, dryRun }, engine());
      const { uploads: forgotten, freedBytes } = cleaned;
      const count = `${forgotten.length} ${forgotten.length === 1 ? 'upload' : 'uploads'}`;
      const freed = freedBytes > 0 ? `, and freed ${formatBytes(freedBytes)} of conversions` : '';
      const lines = forgotten.map((upload) => `  ${upload.uploadId} ${upload.state} ${upload.file.path}`);
      printResult(
        options,
        cleaned,
        [`${dryRun ? 'would forget' : 'forgot'} ${count}${freed}`, ...lines].join('\n'),
      );
    });

  examples(
    cloudOptions(
      uploads
        .command('orphans')
        .description(
          'find unfinished uploads on a cloud that no journal of this machine knows, and remove them',
        ),
    )
      .option(
        '--bucket <name>',
        'bucket, or s3://BUCKET of a service of your own (default: the staging bucket)',
      )
      .option(
        '--endpoint-url <url>',
        'the service of s3:// (default: AWS_ENDPOINT_URL); keys come from AWS_*',
      )
      .option('--older-than <time>', 'younger ones may be at work on another machine', duration, DAY_MS)
      .option('--foreign', 'count uploads of other programs in')
      .option('--remove', 'remove the orphans, with their parts')
      .option('-y, --yes', 'do not ask; needed where nobody can be asked'),
    'imagebridge uploads orphans --cloud prod',
    'imagebridge uploads orphans --cloud prod --remove --older-than 2d --yes',
    'imagebridge uploads orphans --bucket s3://images --endpoint-url https://s3.example',
  )
    .addHelpText('after', `\n--older-than is 1d unless it is given. ${EXIT_CODES}`)
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<OrphansOptions>();
      if (options.bucket === undefined || !/^s3:/i.test(options.bucket))
        return withCloud(options, (cloud, signal) =>
          orphans(cloud, `${cloud.name}/${cloud.region}`, options.bucket, options, signal),
        );
      const { bucket } = readBucket(options.bucket);
      const store = openBucket({ endpoint: options.endpointUrl, region: options.region });
      const keeper: Keeper = {
        listUnfinishedUploads: (name = bucket, call) => store.listUnfinishedUploads(name, call),
        abortUnfinishedUpload: (upload, call) => store.abortUnfinishedUpload(upload, call),
      };
      const { signal, release } = abortOnSignal();
      try {
        await orphans(keeper, store.name, bucket, options, signal);
      } finally {
        release();
        await store.close();
      }
    });
}

type Keeper = Pick<ImageCloud, 'listUnfinishedUploads' | 'abortUnfinishedUpload'>;

async function orphans(
  keeper: Keeper,
  where: string,
  bucket: string | undefined,
  options: OrphansOptions,
  signal: AbortSignal,
): Promise<void> {
  const { olderThan: olderThanMs, foreign } = options;
  const found = await findOrphans(keeper, { bucket, olderThanMs, foreign, signal }, engine());
  const count = found.filter(({ verdict }) => verdict === 'orphan').length;
  const list = () =>
    printList(found, {
      json: options.json,
      headings: ['KEY', 'BUCKET', 'AGE', 'WHAT', 'UPLOAD ID'],
      row: uploadRow,
      none: `no unfinished uploads in ${where}`,
    });
  if (!options.remove || count === 0) {
    await list();
    if (!options.json && count > 0) process.stderr.write(`${count} can be removed with --remove\n`);
    return;
  }
  if (!options.json) await list();
  await requireConsent(`Remove ${count} unfinished uploads from ${where}?`, options, signal);
  const errors: unknown[] = [];
  const outcomes: Record<string, unknown>[] = [];
  for await (const { upload, outcome, error } of removeOrphans(keeper, found, { signal })) {
    if (error) {
      errors.push(error);
      printError(error, false);
    }
    outcomes.push({ ...upload, outcome, ...(error ? { error: errorData(error) } : {}) });
  }
  printResult(options, outcomes, `removed ${outcomes.length - errors.length} of ${count} unfinished uploads`);
  process.exitCode = exitCodeOfMany(outcomes.length, errors);
}

const WORDS: Readonly<Record<FoundUpload['verdict'], string>> = {
  known: 'known to this machine',
  young: 'too young to tell',
  foreign: 'of another program',
  undated: 'of unknown age',
  orphan: 'orphan',
};

const uploadRow = ({ key, bucket, ageMs, verdict, uploadId }: FoundUpload): Row => [
  key,
  bucket,
  ageMs === undefined ? '' : formatDays(ageMs),
  WORDS[verdict],
  uploadId,
];
