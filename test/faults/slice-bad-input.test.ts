// Bad input at the command line, as a stranger would give it: a clear sentence, the right exit code, nothing sent.
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCommand } from '../fixtures/cli-process.ts';
import { makeWork, type Work } from '../fixtures/work.ts';

const MIB = 1024 ** 2;
let work: Work;
let requests: string[] = [];

beforeAll(async () => {
  work = await makeWork({
    onRequest: (entry) => requests.push(`${entry.method} ${entry.service} ${entry.path}`),
  });
});
afterAll(() => work.close());
beforeEach(() => {
  requests = [];
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = work.env) => startCommand(args, env).ended;
const push = (file: string, ...more: string[]) => run(['push', file, '--to', 'local', ...more]);

describe('a file that cannot be published', () => {
  it('a 0-byte file', async () => {
    const ended = await push(await work.file('empty.qcow2', 0));
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/empty\.qcow2.*it is empty \(0 bytes\)\. Get or build the image again\./);
    expect(requests).toEqual([]);
  });

  it('a directory', async () => {
    await mkdir(path.join(work.dir, 'folder.iso'));
    const ended = await push(path.join(work.dir, 'folder.iso'));
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/it is a directory/)]);
    expect(requests).toEqual([]);
  });

  it('a missing file', async () => {
    const ended = await push(path.join(work.dir, 'nowhere.iso'));
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/there is no such file/)]);
    expect(requests).toEqual([]);
  });

  it('a file without permission to read it', async ({ skip }) => {
    if (process.getuid?.() === 0 && process.platform !== 'linux') skip('root may read every file here');
    const file = await work.file('secret.raw', MIB);
    await chmod(file, 0o000);
    if (process.getuid?.() !== 0) {
      const ended = await push(file);
      expect([ended.code, ended.stderr]).toEqual([
        3,
        expect.stringMatching(/permission to read it is denied/),
      ]);
      return;
    }
    // Root may read everything, so the command runs as another user, who gets at nothing but the bundle and the file.
    await chmod(work.dir, 0o755);
    const folder = path.join(work.dir, 'dist', 'bundle');
    await cp(new URL('../../shared/cli/dist/bundle/', import.meta.url), folder, { recursive: true });
    const bundle = path.join(folder, 'imagebridge.js');
    await writeFile(path.join(work.dir, 'package.json'), '{"type":"module","version":"0.0.0"}');
    const { status, stderr } = spawnSync(process.execPath, [bundle, 'inspect', file], {
      uid: 65534,
      gid: 65534,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, IMAGEBRIDGE_STATE_DIR: work.stateDir },
    });
    expect([status, stderr]).toEqual([3, expect.stringMatching(/permission to read it is denied/)]);
  });

  it('a qcow2 that depends on another file', async () => {
    const file = await work.file('overlay.qcow2', MIB);
    const bytes = await readFile(file);
    bytes.fill(0, 0, 104);
    bytes.write('QFI\xfb', 0, 'latin1');
    bytes.writeUInt32BE(3, 4);
    bytes.writeBigUInt64BE(104n, 8);
    bytes.writeUInt32BE(16, 20);
    await writeFile(file, bytes);
    const ended = await push(file);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/depends on another file.*Flatten it: qemu-img convert/);
    expect(requests.filter((r) => r.includes('obs'))).toEqual([]);
  });

  it('a name that the cloud does not take', async () => {
    const ended = await push(await work.file('ok.raw', MIB), '--name', '<script>');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/use "<script>" as an image name.*not legal there.*For example: "script"/);
  });
});

describe('a file name in Chinese with spaces', () => {
  it('is published under a legal name', async () => {
    const file = await work.file('我的 镜像 1.raw', MIB);
    const ended = await push(file, '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      image: { name: '1', status: 'active' },
      sizeBytes: MIB,
    });
    expect((await run(['uploads'])).stdout).toContain('我的 镜像 1.raw');
  });
});

describe('wrong usage', () => {
  it.each([
    [['pusch', 'x.iso'], /unknown command 'pusch'[\s\S]*Did you mean push\?/],
    [['push'], /Name a file to push/],
    [['push', 'x.iso', '--limit-rate', 'fast'], /must be a size such as 500k/],
    [['push', 'x.iso', '--sha256', 'abc'], /64 hexadecimal digits/],
    [['push', 'x.iso', '--to', 'prod'], /prod.*local, local-openstack/s],
    [['uploads', 'pause', 'nope'], /this machine has no such upload/],
  ])('%j', async (args, message) => {
    const ended = await run(args);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(2);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('prints errors as data with --json', async () => {
    const ended = await run(['image', 'show', 'none', '--json']);
    expect(ended.code).toBe(4);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { kind: 'not-found', cloud: expect.stringContaining('local') },
    });
  });

  it('every command has --help', async () => {
    for (const args of [
      [],
      ['push'],
      ['uploads'],
      ['uploads', 'resume'],
      ['image'],
      ['image', 'list'],
      ['inspect'],
      ['local-cloud'],
    ]) {
      const ended = await run([...args, '--help']);
      expect([args, ended.code, ended.stdout]).toEqual([
        args,
        0,
        expect.stringContaining('Usage: imagebridge'),
      ]);
    }
  });
});

describe('a state directory that cannot be written', () => {
  it('is a file', async () => {
    const blocked = path.join(work.dir, 'state-is-a-file');
    await writeFile(blocked, '');
    const file = await work.file('journal.raw', MIB);
    const ended = await run(['push', file, '--to', 'local'], { ...work.env, IMAGEBRIDGE_STATE_DIR: blocked });
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining(blocked)]);
    expect(requests.some((request) => request.includes('uploadId'))).toBe(false);
  });

  it('is on a full disk', async ({ skip }) => {
    const full = path.join(work.dir, 'full');
    await mkdir(full);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', full], { encoding: 'utf8' });
    if (mount.status !== 0)
      skip(`a small file system could not be mounted here: ${mount.stderr?.trim() || mount.error?.message}`);
    try {
      await writeFile(path.join(full, 'filler'), Buffer.alloc(64 * 1024)).catch(() => {});
      const file = await work.file('full.raw', MIB);
      const ended = await run(['push', file, '--to', 'local'], { ...work.env, IMAGEBRIDGE_STATE_DIR: full });
      expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/disk is full|no space/i)]);
      expect(requests.some((request) => request.includes('uploadId'))).toBe(false);
    } finally {
      spawnSync('umount', [full]);
    }
  });
});

describe('wrong profiles', () => {
  it('wrong credentials', async () => {
    const file = path.join(work.dir, 'wrong.yaml');
    const text = await readFile(work.cloud.profilesPath, 'utf8');
    await writeFile(file, text.replace(/password: .*/g, 'password: "not-the-password"'));
    const ended = await run(['image', 'list', '--config', file, '--cloud', 'local']);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/HTTP 401/);
    expect(ended.stderr).not.toContain('not-the-password');
  });

  it('a wrong secret key for the object storage', async () => {
    const file = path.join(work.dir, 'wrong-key.yaml');
    const text = await readFile(work.cloud.profilesPath, 'utf8');
    await writeFile(file, text.replace(/secret_key: .*/g, 'secret_key: "not-the-key"'));
    const ended = await run(['push', await work.file('key.raw', MIB), '--config', file, '--to', 'local']);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/SignatureDoesNotMatch/);
    expect(ended.stderr).not.toContain('not-the-key');
  });

  it('an endpoint that nobody listens on', async () => {
    const file = path.join(work.dir, 'nobody.yaml');
    const text = await readFile(work.cloud.profilesPath, 'utf8');
    await writeFile(file, text.replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:9'));
    const ended = await run(['image', 'list', '--config', file, '--cloud', 'local']);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/connection refused.*127\.0\.0\.1:9/);
  });

  it('warns of a profiles file with secrets that others can read', async ({ skip }) => {
    if (process.platform === 'win32') skip('files have no such modes on Windows');
    const file = path.join(work.dir, 'open.yaml');
    await copyFile(work.cloud.profilesPath, file);
    await chmod(file, 0o644);
    const ended = await run(['image', 'list', '--config', file, '--cloud', 'local']);
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/warning: .*open\.yaml/)]);
  });

  it('no profiles at all', async () => {
    const { IMAGEBRIDGE_CONFIG: _, ...env } = work.env;
    const ended = await run(['image', 'list'], {
      ...env,
      XDG_CONFIG_HOME: path.join(work.dir, 'none'),
      HOME: work.dir,
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/profiles\.yaml/);
  });
});

describe('a link', () => {
  it('is followed', async () => {
    const file = await work.file('target.raw', MIB);
    await symlink(file, path.join(work.dir, 'link.raw'));
    const ended = await push(path.join(work.dir, 'link.raw'), '--name', 'linked');
    expect(ended.code, ended.stderr).toBe(0);
    await rm(file);
  });
});
