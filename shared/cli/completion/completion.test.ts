// Completion: the script for bash is loaded by bash, and completes.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashScript, fishScript, zshScript } from './scripts.ts';
import { treeOf } from './tree.ts';

const run = promisify(execFile);
const hasBash = spawnSync('bash', ['-c', 'type complete']).status === 0;

function program(): Command {
  const root = new Command('imagebridge').version('1').option('--config <file>', 'profiles file');
  const image = root.command('image').description("the user's images: all");
  image
    .command('list')
    .description('list')
    .option('--cloud <name>', 'profile')
    .addOption(new Option('--scope <scope>').choices(['own', 'shared', 'public']))
    .option('--json', 'print JSON');
  image.command('show').argument('<image>').option('-y, --yes', 'do not ask');
  root.command('inspect').argument('<file>');
  return root;
}

describe.skipIf(!hasBash)('in bash', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'imagebridge-completion-'));
    writeFileSync(path.join(dir, 'completion.bash'), bashScript(treeOf(program())));
    writeFileSync(path.join(dir, 'disk one.qcow2'), '');
    mkdirSync(path.join(dir, 'bin'));
    // Stands for the command, which is asked for the names of profiles.
    writeFileSync(path.join(dir, 'bin', 'imagebridge'), '#!/bin/sh\nprintf "prod\\nlab\\n"\n', {
      mode: 0o755,
    });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** What a Tab at the end of the words offers. */
  async function complete(...words: string[]): Promise<string[]> {
    const script = `source ./completion.bash
COMP_WORDS=(imagebridge "$@"); COMP_CWORD=$#
_imagebridge
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${path.join(dir, 'bin')}:${process.env.PATH}` };
    const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', ...words], { cwd: dir, env });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it.each([
    [[''], ['image', 'inspect']],
    [['im'], ['image']],
    [
      ['image', ''],
      ['list', 'show'],
    ],
    [['--config', 'image', 'ins'], ['inspect']],
    [['image', 'list', '--s'], ['--scope']],
    [
      ['image', 'list', '--scope', ''],
      ['own', 'shared', 'public'],
    ],
    [['image', 'list', '--scope', 'sh'], ['shared']],
    [
      ['image', 'list', '--cloud', ''],
      ['prod', 'lab'],
    ],
    [['image', 'list', '--cloud', 'show', '--j'], ['--json']],
    [
      ['image', 'show', '-'],
      ['--yes', '-y', '--config', '--help', '-h'],
    ],
    [['image', 'show', ''], []],
    [['inspect', 'disk'], ['disk one.qcow2']],
    [['--version'], ['--version']],
  ])('%j offers %j', async (words, offers) => {
    expect(await complete(...words)).toEqual(offers);
  });
});

describe('in shells that are not installed everywhere', () => {
  it('zsh has every command, with descriptions that are quoted', () => {
    const script = zshScript(treeOf(program()));
    expect(script).toMatch(/^#compdef imagebridge/);
    expect(script).toContain("'image:the user'\\''s images\\: all'");
    expect(script).toContain("'image list/--scope') compadd -- own shared public ;;");
    const zsh = spawnSync('zsh', ['-n'], { input: script });
    if (!zsh.error) expect(zsh.status).toBe(0);
  });

  it('fish has every command, with descriptions that are quoted', () => {
    const script = fishScript(treeOf(program()));
    expect(script).toContain(`-n '__imagebridge_at ""' -f -a image -d 'the user\\'s images: all'`);
    expect(script).toContain(`-n '__imagebridge_at "image list"' -l scope -d '' -x -a 'own shared public'`);
    const fish = spawnSync('fish', ['-n', '/dev/stdin'], { input: script });
    if (!fish.error) expect(fish.status).toBe(0);
  });
});
