// The command tree. Each command is loaded when it is called for.
import { Command } from 'commander';

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
export async function program(version: string, name: string | undefined): Promise<Command> {
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
