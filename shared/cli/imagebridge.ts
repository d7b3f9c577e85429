// The `imagebridge` command. Parses, runs one command, and ends with an exit code that scripts rely on.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addImage } from './commands/image.ts';
import { addInspect } from './commands/inspect.ts';
import { addLocalCloud } from './commands/local-cloud.ts';
import { addPush } from './commands/push.ts';
import { addUploads } from './commands/uploads.ts';
import { EXIT, exitCodeOf, printError } from './outcome.ts';

/** The command, ready to parse. */
export function program(version: string): Command {
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
  for (const add of [addPush, addUploads, addImage, addInspect, addLocalCloud]) add(root);
  return root;
}

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  try {
    await program(version()).parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Commander has printed its own message already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    printError(error, json);
    return exitCodeOf(error);
  }
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const found: unknown = JSON.parse(text);
  return typeof found === 'object' && found !== null && 'version' in found
    ? String(found.version)
    : 'unknown';
}

process.exitCode = await main(process.argv.slice(2));
