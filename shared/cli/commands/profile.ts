// `imagebridge profile`: the clouds that this user has, and whether they work.
import {
  connectProfile,
  type ImageCloud,
  loadProfiles,
  type ProbeFinding,
  type Profile,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { printWarnings } from '../cloud.ts';
import { table } from '../format.ts';
import { examples } from '../options.ts';
import { type CommonOptions, exitCodeOf, printResult, UsageError } from '../outcome.ts';
import { abortOnSignal } from '../signals.ts';
import { confirm, readSecrets, terminal } from './profile-input.ts';

interface ProfileOptions extends CommonOptions {
  family?: string;
  region?: string;
  set: string[];
  setSecret: string[];
  default?: boolean;
  force?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

type Profiles = ReturnType<typeof loadProfiles>;

const collect = (text: string, texts: string[]) => [...texts, text];

/** Adds the commands. */
export function addProfile(program: Command): void {
  const profile = program.command('profile').description('the clouds that you have, and whether they work');
  profile
    .command('add')
    .description('write a profile into the profiles file')
    .argument('<name>', 'name of the profile')
    .requiredOption('--family <family>', 'ucloudstack, huaweicloud or openstack')
    .requiredOption('--region <region>', 'region of the cloud')
    .option('--set <field=value>', 'a field; nested ones with a dot: part_transport.kind=s3', collect, [])
    .option(
      '--set-secret <field>',
      'a secret, which is asked for, or read from standard input (a line each), and goes to the keychain',
      collect,
      [],
    )
    .option('--default', 'use this profile where none is named')
    .option('--force', 'replace a profile of this name')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  imagebridge profile add lab --family openstack --region RegionOne --set auth_url=https://keystone.example/v3 \\
    --set username=me --set user_domain_name=Default --set project_name=images --set project_domain_name=Default \\
    --set-secret password
  imagebridge profile add prod --family huaweicloud --region cn-north-4 --set access_key=AK --set 'secret_key=\${SK}'
  printf '%s\\n' "$KEY" | imagebridge profile add stack --family ucloudstack --region cn \\
    --set endpoint=https://console.example/api --set public_key=PUBLIC --set-secret private_key`,
    )
    .action(run(add));
  examples(
    withJson(profile.command('list', { isDefault: true }).description('list profiles of all sources')),
    'imagebridge profile',
  ).action(async (_: unknown, command: Command) => list(command.optsWithGlobals<ProfileOptions>()));
  examples(
    withJson(profile.command('show').description('show a profile without its secrets, and where they are')),
    'imagebridge profile show prod',
  )
    .argument('[name]', 'name of the profile (default: the one that is used when none is named)')
    .action(run(show));
  examples(
    withJson(profile.command('test').description('sign in and read a page of images')),
    'imagebridge profile test prod --region cn-north-4',
  )
    .argument('[name]', 'name of the profile (default: the one that is used when none is named)')
    .option('--region <region>', "region (default: the profile's)")
    .action(run(test));
  examples(
    withJson(
      profile
        .command('probe')
        .description('try harmlessly what documents cannot tell, and record the answers in the profile'),
    ),
    'imagebridge profile probe stack --dry-run',
  )
    .argument('[name]', 'name of the profile (default: the one that is used when none is named)')
    .option('--region <region>', "region (default: the profile's)")
    .option('--dry-run', 'record nothing')
    .action(run(probe));
  examples(
    withJson(profile.command('remove').description('remove a profile and its stored secrets')),
    'imagebridge profile remove lab --yes',
  )
    .argument('<name>', 'name of the profile')
    .option('--yes', 'do not ask')
    .action(run(remove));
}

const withJson = (command: Command): Command => command.option('--json', 'print JSON');

/** The action of a command that takes a name. */
const run =
  <Name extends string | undefined>(action: (name: Name, options: ProfileOptions) => Promise<void>) =>
  (name: Name, _: unknown, command: Command) =>
    action(name, command.optsWithGlobals<ProfileOptions>());

const load = (options: ProfileOptions, mustExist = true): Profiles =>
  loadProfiles({ path: options.config, mustExist, env: process.env });

async function add(name: string, options: ProfileOptions): Promise<void> {
  const profiles = load(options, false);
  const kept = await profiles.add(name, {
    fields: readFields(options),
    secretFields: options.setSecret,
    readSecrets,
    overwrite: options.force,
    makeDefault: options.default,
  });
  printResult(
    options,
    { name, path: profiles.path, secrets: kept },
    [`The profile ${name} is in ${profiles.path}.`, ...kept, `Try it: imagebridge profile test ${name}`].join(
      '\n',
    ),
  );
}

const SWITCHES = new Set(['insecure', 'obs_path_style']);

function readFields({ family, region, set }: ProfileOptions): Record<string, unknown> {
  const fields: Record<string, unknown> = { family, region };
  for (const text of set) {
    const at = text.indexOf('=');
    // What follows the name may be a secret: it is not repeated.
    if (at <= 0) throw new UsageError('--set needs FIELD=VALUE.');
    const path = text.slice(0, at).split('.');
    if (path.includes('') || path.includes('__proto__')) {
      throw new UsageError(`--set ${text.slice(0, at)}: this is no name of a field.`);
    }
    setField(fields, path, text.slice(at + 1));
  }
  return fields;
}

function setField(fields: Record<string, unknown>, [name = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    const isSwitch = SWITCHES.has(name) && (value === 'true' || value === 'false');
    fields[name] = isSwitch ? value === 'true' : value;
    return;
  }
  const inner = Object.hasOwn(fields, name) ? fields[name] : {};
  const map: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {};
  setField(map, rest, value);
  fields[name] = map;
}

function list(options: ProfileOptions): void {
  const profiles = load(options);
  printWarnings(profiles.warnings);
  const found = profiles.list();
  const rows = found.map(({ name, family, region, source, isDefault }) => [
    isDefault ? '*' : '',
    name,
    family ?? '?',
    region ?? '?',
    source,
  ]);
  printResult(
    options,
    found,
    found.length === 0
      ? `no profiles (${profiles.path}); write one with imagebridge profile add`
      : table([['', 'NAME', 'FAMILY', 'REGION', 'SOURCE'], ...rows]),
  );
}

async function show(name: string | undefined, options: ProfileOptions): Promise<void> {
  const profiles = load(options);
  const shown = await profiles.describe(name);
  printWarnings(profiles.warnings);
  printResult(
    options,
    shown,
    [
      `name: ${shown.name}${shown.isDefault ? ' (default)' : ''}`,
      `source: ${shown.source}`,
      ...flatten(shown.fields, ''),
      ...shown.secrets.map(({ field, place }) => `the secret ${field} is in: ${place}`),
      ...(shown.problem === undefined ? [] : [`problem: ${shown.problem}`]),
    ].join('\n'),
  );
}

function flatten(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${String(value)}`];
  return Object.entries(value).flatMap(([name, inner]) =>
    flatten(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** Opens the cloud of a profile for one piece of work that Ctrl-C ends. */
async function withCloud(
  name: string | undefined,
  options: ProfileOptions,
  work: (cloud: ImageCloud, signal: AbortSignal, profiles: Profiles, profile: Profile) => Promise<void>,
): Promise<void> {
  const { signal, release } = abortOnSignal();
  const profiles = load(options);
  try {
    const profile = await profiles.open(name);
    printWarnings(profiles.warnings);
    const cloud = connectProfile(profile, options.region, { env: process.env });
    try {
      await work(cloud, signal, profiles, profile);
    } finally {
      await cloud.close();
    }
  } finally {
    release();
  }
}

function test(name: string | undefined, options: ProfileOptions): Promise<void> {
  return withCloud(name, options, async (cloud, signal) => {
    const findings: ProbeFinding[] = [];
    let failure: unknown;
    const attempt = async (subject: string, work: () => Promise<string>) => {
      if (failure !== undefined) {
        findings.push({ subject, outcome: 'not-tried', detail: '' });
        return;
      }
      try {
        findings.push({ subject, outcome: 'works', detail: await work() });
      } catch (error) {
        if (signal.aborted) throw error;
        failure = error;
        findings.push({ subject, outcome: 'failed', detail: messageOf(error) });
      }
    };
    await attempt('signing in', async () => `The project is ${await cloud.projectId({ signal })}.`);
    await attempt('reading images', async () => {
      // Leaving the loop at the first one asks for no second page.
      for await (const image of cloud.listImages({}, { signal })) return `The first one is ${image.name}.`;
      return 'There are none yet.';
    });
    printFindings(cloud, findings, options);
    if (failure !== undefined) process.exitCode = exitCodeOf(failure);
  });
}

function probe(name: string | undefined, options: ProfileOptions): Promise<void> {
  return withCloud(name, options, async (cloud, signal, profiles, profile) => {
    const { findings, settings } = await cloud.probe({ signal });
    const names = Object.keys(settings);
    const inFile = profiles.list().some((one) => one.name === profile.name && one.kind === 'file');
    const recorded = names.length > 0 && inFile && options.dryRun !== true;
    if (recorded) profiles.record(profile.name, settings);
    const found = names.map((field) => `${field}: ${String(settings[field])}`);
    printFindings(cloud, findings, options, { settings, recorded }, [
      ...(recorded ? [`Recorded in ${profiles.path}:`, ...found] : []),
      ...(!recorded && names.length > 0 ? ['Not recorded:', ...found] : []),
      ...(!recorded && names.length > 0 && options.dryRun !== true
        ? [`The profile is not in ${profiles.path}: write these fields where it comes from.`]
        : []),
    ]);
  });
}

function printFindings(
  cloud: ImageCloud,
  findings: readonly ProbeFinding[],
  options: ProfileOptions,
  more: Record<string, unknown> = {},
  lines: readonly string[] = [],
): void {
  const { name, family, region } = cloud;
  const rows = findings.map(({ subject, outcome, detail }) => [subject, outcome, detail]);
  printResult(
    options,
    { name, family, region, findings, ...more },
    [
      `${family} "${name}" (${region})`,
      rows.length === 0 ? 'nothing to try' : table([['WHAT', 'OUTCOME', 'DETAIL'], ...rows]),
      ...lines,
    ].join('\n'),
  );
}

async function remove(name: string, options: ProfileOptions): Promise<void> {
  const profiles = load(options);
  const isOurs = profiles.list().some((one) => one.name === name && one.kind === 'file');
  if (options.yes !== true && isOurs) {
    if (!terminal.input.isTTY)
      throw new UsageError('Removing a profile needs --yes where nobody can be asked.');
    if (!(await confirm(`Remove the profile ${name} from ${profiles.path}, and its stored secrets?`))) {
      printResult(options, { name, removed: false }, 'nothing was removed');
      return;
    }
  }
  const { removed: secrets, left } = await profiles.remove(name);
  printWarnings(left);
  printResult(
    options,
    { name, removed: true, secrets, left },
    [
      `The profile ${name} is removed from ${profiles.path}.`,
      ...(secrets.length === 0 ? [] : [`Its secrets too: ${secrets.join(', ')}.`]),
    ].join('\n'),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
