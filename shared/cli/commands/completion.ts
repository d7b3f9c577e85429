// `imagebridge completion`: scripts that let shells complete the command line.
import { loadProfiles } from '@imagebridge/core';
import { Argument, type Command } from 'commander';
import { bashScript, fishScript, zshScript } from '../completion/scripts.ts';
import { treeOf } from '../completion/tree.ts';
import { examples } from '../options.ts';
import type { CommonOptions } from '../outcome.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Adds the command. The program must hold all other commands when it is run. */
export function addCompletion(program: Command): void {
  examples(
    program
      .command('completion')
      .description('print a script that lets a shell complete the command line')
      .addArgument(
        new Argument('<shell>', 'bash, zsh or fish; profiles prints the names of the profiles').choices([
          ...Object.keys(SCRIPTS),
          'profiles',
        ]),
      ),
    'source <(imagebridge completion bash)      # in ~/.bashrc',
    'source <(imagebridge completion zsh)       # in ~/.zshrc, after compinit',
    'imagebridge completion fish | source       # in ~/.config/fish/config.fish',
  ).action(async (shell: keyof typeof SCRIPTS | 'profiles', _: unknown, command: Command) => {
    if (shell === 'profiles') {
      const { config } = command.optsWithGlobals<CommonOptions>();
      const profiles = loadProfiles({ path: config, env: process.env }).list();
      for (const { name } of profiles) process.stdout.write(`${name}\n`);
      return;
    }
    process.stdout.write(SCRIPTS[shell](treeOf(program)));
  });
}
