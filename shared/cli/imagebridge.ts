// The `imagebridge` command. Parses, runs one command, and ends with an exit code that scripts rely on.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf, output, printError, UsageError } from './outcome.ts';
import { nearestWord } from './typo.ts';

type AddCommand = (program: Command) => void;

/** Each command is loaded when it is called for: what it needs takes longer to load than many commands take to run. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  push: async () => (await import('./commands/push.ts')).addPush,
  uploads: async () => (await import('./commands/uploads.ts')).addUploads,
  inspect: async () => (await import('./commands/inspect.ts')).addInspect,
  image: async () => (await import('./commands/image.ts')).addImage,
  share: async () => (await import('./commands/share.ts')).addShare,
  copy: async () => (await import('./commands/copy.ts')).addCopy,
  promote: async () => (await import('./commands/promote.ts')).addPromote,
  retire: async () => (await import('./commands/retire.ts')).addRetire,
  prune: async () => (await import('./commands/prune.ts')).addPrune,
  job: async () => (await import('./commands/job.ts')).addJob,
  'os-versions': async () => (await import('./commands/os-versions.ts')).addOsVersions,
  quota: async () => (await import('./commands/quota.ts')).addQuota,
  profile: async () => (await import('./commands/profile.ts')).addProfile,
  api: async () => (await import('./commands/api.ts')).addApi,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
  'local-cloud': async () => (await import('./commands/local-cloud.ts')).addLocalCloud,
};

const GROUPS: readonly (readonly [heading: string, names: readonly string[]])[] = [
  ['Publish:', ['push', 'uploads', 'inspect']],
  ['Images:', ['image', 'share', 'copy', 'promote', 'retire', 'prune', 'job']],
  ['Clouds:', ['profile', 'os-versions', 'quota', 'api', 'local-cloud']],
];

/** The heading that a command stands under in the help. */
const groupOf = (name: string): string => GROUPS.find(([, names]) => names.includes(name))?.[0] ?? 'Further:';

/** The command, ready to parse. Only the named command is in it; without a name that it knows, all are. */
async function program(version: string, name: string | undefined): Promise<Command> {
  const root = new Command('imagebridge')
    .description('Move machine images into clouds and manage them there.')
    .version(version)
    .option(
      '--config <file>',
      'profiles file (default: IMAGEBRIDGE_CONFIG, or profiles.yaml in the configuration folder)',
    )
    .showHelpAfterError('(imagebridge --help lists the commands)')
    .showSuggestionAfterError()
    .exitOverride();
  // Completion is of the whole tree.
  const named = name === undefined || name === 'completion' ? undefined : COMMANDS[name];
  for (const load of named === undefined ? Object.values(COMMANDS) : [named]) (await load())(root);
  for (const command of root.commands) {
    command.helpGroup(groupOf(command.name()));
    pointToHelp(command, `imagebridge ${command.name()}`);
  }
  return root;
}

/** After a mistake, each command names its own help. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help tells more)`);
  for (const below of command.commands) pointToHelp(below, `${name} ${below.name()}`);
}

/** A word after a group of commands that is none of them would be taken for an argument of the group's default. */
function refuseUnknownWord(root: Command, argv: readonly string[], name: string | undefined): void {
  const group = root.commands.find((command) => command.name() === name);
  const word = argv[argv.indexOf(name ?? '') + 1];
  if (group === undefined || group.commands.length === 0 || word === undefined || word.startsWith('-'))
    return;
  const known = group.commands.map((command) => command.name());
  if (known.includes(word) || word === 'help') return;
  const meant = nearestWord(word, known);
  const hint = meant === undefined ? `It has ${known.join(', ')}.` : `Did you mean ${meant}?`;
  throw new UsageError(`unknown command ${JSON.stringify(`${name} ${word}`)}. ${hint}`);
}

/** The first word that is neither an option nor the value of the one option that stands before commands. */
function commandName(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word, i) => !word.startsWith('-') && argv[i - 1] !== '--config');
  return at < 0 ? undefined : argv[at];
}

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  try {
    const name = commandName(argv);
    const root = await program(version(), name);
    refuseUnknownWord(root, argv, name);
    await root.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Commander has printed its own message already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    printError(error, json);
    return exitCodeOf(error);
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const found: unknown = JSON.parse(text);
  return typeof found === 'object' && found !== null && 'version' in found
    ? String(found.version)
    : 'unknown';
}

// A reader that has seen enough (head, a pager) is no failure; what is being done is done to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  output.closed = true;
  if (error.code !== 'EPIPE') process.exitCode = EXIT.failed;
});
process.exitCode = await main(process.argv.slice(2));
