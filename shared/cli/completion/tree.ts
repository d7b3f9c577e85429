// The command tree as data for completion: which words and options stand where. Pure.
import type { Argument, Command, Option } from 'commander';

/** What may follow an option, or stand as an argument. */
export type Values = { kind: 'words'; words: readonly string[] } | { kind: 'profiles' | 'files' | 'none' };

/** An option as completion sees it. */
export interface TreeOption {
  long: string;
  short?: string | undefined;
  description: string;
  /** Absent: it takes no value. */
  values?: Values | undefined;
}

/** One command. */
export interface TreeNode {
  /** Words that lead to it: `image list`; empty for the root. */
  path: string;
  description: string;
  commands: { name: string; description: string }[];
  options: TreeOption[];
  /** What its arguments are; undefined when it takes none. */
  values?: Values | undefined;
}

/** All commands, the root first. */
export function treeOf(root: Command): TreeNode[] {
  const nodes: TreeNode[] = [];
  const visit = (command: Command, path: string, above: readonly TreeOption[]) => {
    const own = command.options.filter((option) => !option.hidden && option.long).map(optionOf);
    const help = { long: '--help', short: '-h', description: 'show the help' };
    const options = [...own, ...above];
    nodes.push({
      path,
      description: command.description(),
      commands: command.commands.map((one) => ({ name: one.name(), description: one.description() })),
      options: [...options, help],
      values: argumentValues(command.registeredArguments),
    });
    // Options of the root are taken anywhere; but it alone tells the version.
    const below = path === '' ? own.filter(({ long }) => long !== '--version') : above;
    for (const one of command.commands) visit(one, `${path} ${one.name()}`.trim(), below);
  };
  visit(root, '', []);
  return nodes;
}

function optionOf(option: Option): TreeOption {
  const { long = '', short, description } = option;
  return {
    long,
    short,
    description,
    ...(option.required || option.optional ? { values: optionValues(option) } : {}),
  };
}

function optionValues(option: Option): Values {
  if (option.argChoices) return { kind: 'words', words: option.argChoices };
  if (['--cloud', '--to', '--for'].includes(option.long ?? '')) return { kind: 'profiles' };
  return /<(file|dir)>/.test(option.flags) ? { kind: 'files' } : { kind: 'none' };
}

function argumentValues(taken: readonly Argument[]): Values | undefined {
  const [first] = taken;
  if (first === undefined) return undefined;
  if (first.argChoices) return { kind: 'words', words: first.argChoices };
  return taken.some((one) => one.name() === 'file') ? { kind: 'files' } : { kind: 'none' };
}

/** Long and short names of all options that take a value, each once. */
export const optionsWithValue = (nodes: readonly TreeNode[]): string[] => [
  ...new Set(
    nodes
      .flatMap(({ options }) => options)
      .filter(({ values }) => values)
      .flatMap(({ long, short }) => (short ? [long, short] : [long])),
  ),
];

/** Prints the names of the profiles, one per line; what scripts call for values of --cloud and --to. */
export const PROFILES_COMMAND = 'imagebridge completion profiles 2>/dev/null';
