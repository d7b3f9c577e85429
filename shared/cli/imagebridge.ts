// The `imagebridge` command. Parses, runs one command, and ends with an exit code that scripts rely on.
import { readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf, output, printError, UsageError } from './outcome.ts';
import { program } from './program.ts';
import { nearestWord } from './typo.ts';

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
