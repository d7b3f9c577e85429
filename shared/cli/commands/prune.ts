// `imagebridge prune`: deletes or retires old images by rules, after showing the plan.
import {
  executePrune,
  findPrunable,
  type ImageCloud,
  type PruneAction,
  type PruneOutcome,
  type PruneRules,
  type PruneVerdict,
} from '@imagebridge/core';
import { type Command, Option } from 'commander';
import { withCloud } from '../cloud.ts';
import { requireConsent } from '../consent.ts';
import { formatBytes, formatDays, table } from '../format.ts';
import {
  type CloudCommandOptions,
  cloudOptions,
  duration,
  examples,
  integer,
  keyAndValue,
} from '../options.ts';
import { EXIT_CODES, errorData, exitCodeOfMany, printError, printResult, UsageError } from '../outcome.ts';

interface PruneCommandOptions extends CloudCommandOptions {
  namePrefix?: string;
  channel?: string;
  tag?: { key: string; value: string };
  keep: number;
  minAge: number;
  action: PruneAction;
  reason?: string;
  force?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** Adds the command. */
export function addPrune(program: Command): void {
  examples(
    cloudOptions(program.command('prune').description('delete old images by rules, after showing the plan'))
      .option('--name-prefix <text>', 'look at images whose name begins so')
      .option('--channel <name>', 'look at images that are or were in this channel')
      .option('--tag <key=value>', 'look at images with this tag', keyAndValue)
      .requiredOption('--keep <n>', 'so many of the newest of them stay', integer(0))
      .option('--min-age <time>', 'younger ones stay, e.g. 14d or 12h', duration, 14 * 86_400_000)
      .addOption(
        new Option('--action <action>', 'what is done to the others; all but delete mark them as retired')
          .choices(['delete', 'deprecate', 'hide', 'deactivate'])
          .default('delete'),
      )
      .option('--reason <text>', 'why, for those who use what is retired and not deleted')
      .option('--force', 'also what is shared with others or public')
      .option('--dry-run', 'show the plan, and change nothing')
      .option('-y, --yes', 'do not ask; needed where nobody can be asked'),
    'imagebridge prune --name-prefix debian-12- --keep 3 --min-age 14d --dry-run',
    'imagebridge prune --channel debian-12-stable --keep 5 --yes --json',
    'imagebridge prune --name-prefix debian-12- --keep 3 --action deprecate',
  )
    .addHelpText(
      'after',
      `
--min-age is 14d unless it is given. What is protected, current or previous in a channel, or being made, always stays.
Each image is looked at again before its turn. ${EXIT_CODES}`,
    )
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<PruneCommandOptions>();
      await withCloud(options, (cloud, signal) => prune(cloud, options, signal));
    });
}

const WORDS: Readonly<Record<PruneAction, { verb: string; done: string }>> = {
  delete: { verb: 'Delete', done: 'deleted' },
  deprecate: { verb: 'Deprecate', done: 'deprecated' },
  hide: { verb: 'Hide', done: 'hidden' },
  deactivate: { verb: 'Deactivate', done: 'deactivated' },
};

async function prune(cloud: ImageCloud, options: PruneCommandOptions, signal: AbortSignal): Promise<void> {
  const { namePrefix, channel, tag, keep, minAge, force, action, reason } = options;
  if (!namePrefix && channel === undefined && tag === undefined)
    throw new UsageError('Say which images are meant: --name-prefix, --channel or --tag.');
  const rules: PruneRules = {
    namePrefix,
    channel,
    tags: tag && { [tag.key]: tag.value },
    keep,
    minAgeMs: minAge,
    force,
    action,
    reason,
  };
  const plan = await findPrunable(cloud, rules, { signal });
  const going = plan.filter((verdict) => verdict.action !== 'keep');
  const { verb, done } = WORDS[action];
  // The plan is for people: with --json it goes where progress goes.
  const show = (text: string) => (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  show(
    plan.length === 0 ? 'no images match' : planTable(plan, options.json ? process.stderr : process.stdout),
  );
  if (plan.length > 0)
    show(`${going.length} of ${plan.length} images ${options.dryRun ? 'would be' : 'to be'} ${done}`);
  if (options.dryRun || going.length === 0)
    return options.json ? printResult(options, planData(plan, []), '') : undefined;
  await requireConsent(
    `${verb} ${going.length} ${going.length === 1 ? 'image' : 'images'} of ${cloud.name}/${cloud.region}?`,
    options,
    signal,
  );
  const outcomes: PruneOutcome[] = [];
  for await (const done of executePrune(cloud, plan, rules, { signal })) {
    outcomes.push(done);
    const { image, outcome, reason, error } = done;
    if (error) printError(error, false);
    else if (!options.json)
      process.stdout.write(
        `${image.id} ${JSON.stringify(image.name)}: ${outcome}${reason ? `, ${reason}` : ''}\n`,
      );
  }
  if (options.json) printResult(options, planData(plan, outcomes), '');
  process.exitCode = exitCodeOfMany(
    outcomes.length,
    outcomes.flatMap(({ error }) => error ?? []),
  );
}

function planTable(plan: readonly PruneVerdict[], stream: NodeJS.WriteStream): string {
  return table(
    [
      ['ID', 'NAME', 'AGE', 'SIZE', 'ACTION', 'WHY'],
      ...plan.map(({ image, action, reason, ageMs }) => [
        image.id,
        image.name,
        ageMs === undefined ? '' : formatDays(ageMs),
        image.sizeBytes === undefined ? '' : formatBytes(image.sizeBytes),
        action,
        reason,
      ]),
    ],
    stream.isTTY ? stream.columns : undefined,
  );
}

const planData = (plan: readonly PruneVerdict[], outcomes: readonly PruneOutcome[]) =>
  plan.map(({ image, action, reason, ageMs }) => {
    const done = outcomes.find((one) => one.image.id === image.id);
    return {
      imageId: image.id,
      name: image.name,
      action,
      reason: done?.reason ?? reason,
      ageMs,
      createdAt: image.createdAt,
      sizeBytes: image.sizeBytes,
      ...(done ? { outcome: done.outcome } : {}),
      ...(done?.error ? { error: errorData(done.error) } : {}),
    };
  });
