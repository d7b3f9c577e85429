// The help of every command: it has examples, and they can be typed as they stand. Completion is of the same tree.
import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { bashScript } from './completion/scripts.ts';
import { treeOf } from './completion/tree.ts';
import { program } from './program.ts';

let root: Command;
beforeAll(async () => {
  root = await program('1.0.0', undefined);
}, 60_000);

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

/** The help as it is printed, what stands after it included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

/** Words of a line as a shell splits it, up to a comment, a pipe or the end. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const end = words.findIndex((word) => word === '#' || word === '|' || word === '\\');
  return end < 0 ? words : words.slice(0, end);
}

it('has the commands that scripts rely on, under headings', () => {
  const help = helpOf(root);
  expect(help).toMatch(/^Publish:$/m);
  expect(help).toMatch(/^Images:$/m);
  expect(leavesOf(root).map(nameOf)).toEqual(
    expect.arrayContaining([
      'imagebridge push',
      'imagebridge inspect',
      'imagebridge uploads resume',
      'imagebridge prune',
    ]),
  );
});

describe('the help', () => {
  it('of every command has a description and examples of that very command', () => {
    for (const leaf of leavesOf(root)) {
      const name = nameOf(leaf);
      expect(leaf.description(), name).not.toBe('');
      const [, examples = ''] = helpOf(leaf).split(/^Examples?:$/m);
      const group = name.split(' ').slice(0, 2).join(' ');
      expect(examples, name).toContain(group);
    }
  });

  it('has examples that can be typed as they stand', async () => {
    for (const leaf of leavesOf(root)) {
      const [, examples = ''] = helpOf(leaf).split(/^Examples?:$/m);
      for (const line of examples
        .split('\n')
        .filter((one) => /^ {2}imagebridge /.test(one) && !one.endsWith('\\'))) {
        const parsed: string[] = [];
        const tree = await program('1.0.0', undefined);
        for (const one of leavesOf(tree))
          one.exitOverride().action(() => {
            parsed.push(nameOf(one));
          });
        await tree.parseAsync(wordsOf(line.trim()).slice(1), { from: 'user' });
        expect(parsed, line).toHaveLength(1);
      }
    }
  });
});

it('completion of the whole tree is a script that bash reads', () => {
  const script = bashScript(treeOf(root));
  for (const leaf of leavesOf(root)) expect(script).toContain(leaf.name());
  const bash = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  if (!bash.error) expect(bash.stderr).toBe('');
});
