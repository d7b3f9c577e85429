// The command as a whole: help, typos, exit codes, readers that go away, colour.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandPlace, makePlace } from './testing/command.ts';

let place: CommandPlace;
beforeAll(async () => {
  place = await makePlace();
}, 60_000);
afterAll(() => place.close());

describe('mistakes', () => {
  it.each([
    [['imgae', 'list'], /Did you mean image\?/],
    [['image', 'lst'], /Did you mean list\?/],
    [['image', 'list', '--stauts', 'active'], /Did you mean --status\?/],
    [['image', 'list', '--status', 'actve'], /Allowed choices are pending, importing, active/],
    [['image', 'list', '--cloud', 'lokal'], /Did you mean local\?/],
    [['prune', '--name-prefix', 'x'], /--keep/],
    [['prune', '--name-prefix', 'x', '--keep', '1', '--min-age', 'old'], /such as 90s, 30m, 12h, 14d or 2w/],
    [['push', 'x.img', '--limit-rate', 'fast'], /500k, 60M or 1\.5G/],
    [['push', '*.none'], /No file matches/],
    [['push'], /Name a file/],
  ])('%j: code 2, and what to do', async (args, told) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['nothing there', 'nope.img', /there is no such file/],
    ['an empty file', 'empty.img', /empty/],
    ['a folder', '.', /folder|directory|regular/i],
  ])('%s: code 3, and nothing is sent', async (_, file, told) => {
    await writeFile(path.join(place.dir, 'empty.img'), '');
    const { code, stderr } = await place.run(['push', file]);
    expect(stderr).toMatch(told);
    expect(code).toBe(3);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a cloud that nobody answers for: code 4, and where it was', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close();
    const config = path.join(place.dir, 'dead.yaml');
    await writeFile(
      config,
      `clouds:
  dead:
    family: openstack
    region: R
    auth_url: http://127.0.0.1:${port}/v3
    username: me
    password: x
    user_domain_name: Default
    project_name: p
    project_domain_name: Default
`,
    );
    const { code, stderr, stdout } = await place.run([
      'image',
      'list',
      '--cloud',
      'dead',
      '--config',
      config,
      '--json',
    ]);
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'unavailable' } });
  });
});

it('a reader that goes away is no failure', async () => {
  const child = spawn(
    'sh',
    ['-c', '"$0" "$1" api --list --json | head -c 100', process.execPath, place.script],
    {
      env: place.env,
    },
  );
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += String(text);
  });
  child.stdout.resume();
  await once(child, 'close');
  expect(stderr).toBe('');
});

it('colours only what a terminal reads, and not where NO_COLOR is set', async () => {
  const mistake = ['push', '*.none'];
  expect((await place.run(mistake)).stderr).not.toContain('\x1b');
  expect((await place.run(mistake, { FORCE_COLOR: '1' })).stderr).toContain('\x1b[31m');
  expect((await place.run(mistake, { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain('\x1b');
});

it('--quiet prints the result and nothing else', { timeout: 30_000 }, async () => {
  const file = await place.disk('quiet.img', 1 << 20);
  const { code, stdout, stderr } = await place.run(['push', file, '--quiet']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^image \S+ "quiet" is active in local\/local-1 \(1\.0 MiB\)\n$/);
});

it('Ctrl-C twice stops at once', { timeout: 30_000 }, async () => {
  const file = await place.disk('twice.img', 1 << 20);
  const running = place.start([
    'push',
    file,
    '--part-size',
    '100k',
    '--limit-rate',
    '20k',
    '--progress',
    'json',
  ]);
  await running.sees(/"type":"upload-progress"/);
  running.child.kill('SIGINT');
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
});
