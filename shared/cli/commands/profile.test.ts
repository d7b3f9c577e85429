// `imagebridge profile` as a user calls it, on files of a folder of its own, and against the embedded cloud.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exitCodeOf } from '../outcome.ts';
import { addProfile } from './profile.ts';
import { terminal } from './profile-input.ts';

let dir: string;
let path: string;
const realInput = terminal.input;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-cli-profile-'));
  path = join(dir, 'profiles.yaml');
  for (const name of Object.keys(process.env)) {
    if (/^(IMAGEBRIDGE_|HW_|OS_|UCLOUDSTACK_)/.test(name)) vi.stubEnv(name, '');
  }
  vi.stubEnv('HOME', dir);
  vi.stubEnv('XDG_CONFIG_HOME', join(dir, 'config'));
  vi.stubEnv('IMAGEBRIDGE_SECRET_STORE', 'file');
  vi.stubEnv('IMAGEBRIDGE_SECRETS_FILE', join(dir, 'secrets.json'));
});

afterEach(() => {
  terminal.input = realInput;
  process.exitCode = undefined;
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

/** Runs a command; `input` is what standard input has. */
async function run(args: string[], input?: string) {
  if (input !== undefined) {
    const stdin = new PassThrough();
    stdin.end(input);
    terminal.input = stdin;
  }
  let [stdout, stderr] = ['', ''];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  const root = new Command('imagebridge').option('--config <file>').exitOverride();
  addProfile(root);
  let error: unknown;
  try {
    await root.parseAsync(['profile', ...args, '--config', path], { from: 'user' });
  } catch (thrown) {
    error = thrown;
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  const code = error === undefined ? Number(process.exitCode ?? 0) : exitCodeOf(error);
  process.exitCode = undefined;
  return { stdout, stderr, error, code, json: () => JSON.parse(stdout) as unknown };
}

const STACK = [
  ...['add', 'stack', '--family', 'ucloudstack', '--region', 'cn'],
  ...['--set', 'endpoint=https://127.0.0.1:9/api', '--set', 'public_key=PUBLIC'],
];

describe('add, show, list, remove', () => {
  it('go round, and no secret is ever printed', async () => {
    const added = await run([...STACK, '--set-secret', 'private_key'], 'topsecret\n');
    expect(added.error).toBeUndefined();
    expect(added.stdout).toContain(`The profile stack is in ${path}.`);
    expect(added.stdout).toContain(
      `The secret private_key is kept unencrypted in the file ${join(dir, 'secrets.json')}, which only you may read`,
    );
    expect(readFileSync(path, 'utf8')).toBe(
      'clouds:\n  stack:\n    family: ucloudstack\n    region: cn\n    endpoint: https://127.0.0.1:9/api\n    public_key: PUBLIC\n    private_key:\n      stored: true\n',
    );
    expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).toContain('topsecret');
    if (process.platform !== 'win32') {
      for (const file of ['profiles.yaml', 'secrets.json']) {
        expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
      }
    }

    const shown = await run(['show', '--json']);
    expect(shown.json()).toMatchObject({
      name: 'stack',
      isDefault: true,
      fields: { endpoint: 'https://127.0.0.1:9/api', private_key: '***' },
      secrets: [{ field: 'private_key', place: `the file ${join(dir, 'secrets.json')}` }],
    });
    expect(shown.json()).not.toHaveProperty('problem');
    const text = await run(['show', 'stack']);
    expect(text.stdout).toContain('private_key: ***');

    const listed = await run(['list']);
    expect(listed.stdout.split('\n')).toEqual([
      expect.stringMatching(/^ +NAME +FAMILY +REGION +SOURCE$/),
      expect.stringMatching(/^\* +stack +ucloudstack +cn +.*profiles\.yaml$/),
      '',
    ]);
    for (const { stdout, stderr } of [added, shown, text, listed]) {
      expect(stdout + stderr).not.toContain('topsecret');
    }

    const removed = await run(['remove', 'stack', '--yes', '--json']);
    expect(removed.json()).toEqual({ name: 'stack', removed: true, secrets: ['private_key'], left: [] });
    expect(readFileSync(path, 'utf8')).toBe('clouds: {}\n');
    expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).not.toContain('topsecret');
  });

  it('add takes nested fields, switches, variables and a default', async () => {
    const { error } = await run([
      ...[...STACK, '--set', `private_key=\${KEY}`, '--set', 'insecure=true', '--set', 'company_id=7'],
      ...['--set', 'part_transport.kind=s3', '--set', 'part_transport.endpoint=https://s3.example'],
      '--default',
    ]);
    expect(error).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toContain(
      'insecure: true\n    company_id: "7"\n    part_transport:\n      kind: s3\n      endpoint: https://s3.example\ndefault: stack\n',
    );
  });

  it.each([
    [['--set', 'private_key=topsecret'], 'the field private_key is a secret. Give it with --set-secret'],
    [['--set', 'topsecret'], '--set needs FIELD=VALUE'],
    [['--set', '__proto__.x=topsecret'], 'this is no name of a field'],
    [['--set', 'privat_key=topsecret'], 'the field privat_key is unknown. Did you mean private_key?'],
    [[], 'the field private_key is missing'],
  ])('add refuses %j as a mistake of the call', async (args, message) => {
    const { error, code, stdout, stderr } = await run([...STACK, ...args]);
    expect(String(error)).toContain(message);
    expect(String(error) + stdout + stderr).not.toContain('topsecret');
    expect(code).toBe(2);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('add replaces only by force', async () => {
    const args = [...STACK, '--set', `private_key=\${KEY}`];
    await run(args);
    const again = await run(args);
    expect(String(again.error)).toContain('it is there already');
    expect(again.code).toBe(2);
    expect((await run([...args, '--set', 'project_id=p', '--force'])).error).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toContain('project_id: p');
  });

  it('remove asks: on a terminal, or for --yes', async () => {
    writeFileSync(path, 'clouds: { a: { family: huaweicloud } }\n', { mode: 0o600 });
    const nobody = await run(['remove', 'a'], '');
    expect([nobody.code, String(nobody.error)]).toEqual([2, expect.stringContaining('needs --yes')]);
    for (const [answer, removed] of [
      ['n\n', false],
      ['y\n', true],
    ] as const) {
      terminal.input = Object.assign(new PassThrough(), { isTTY: true });
      (terminal.input as unknown as PassThrough).write(answer);
      expect((await run(['remove', 'a', '--json'])).json()).toMatchObject({ removed });
    }
    expect(readFileSync(path, 'utf8')).toBe('clouds: {}\n');
    const gone = await run(['remove', 'a', '--yes']);
    expect([gone.code, String(gone.error)]).toEqual([2, expect.stringContaining('find cloud "a"')]);
  });

  it('list shows every source', async () => {
    vi.stubEnv('HW_ACCESS_KEY', 'a');
    vi.stubEnv('HW_REGION_NAME', 'r-9');
    writeFileSync(join(dir, 'c.yaml'), 'clouds: { lab: { region_name: R } }');
    vi.stubEnv('OS_CLIENT_CONFIG_FILE', join(dir, 'c.yaml'));
    writeFileSync(path, 'clouds: { mine: { family: ucloudstack, region: cn } }');
    expect((await run(['list', '--json'])).json()).toEqual([
      { name: 'mine', family: 'ucloudstack', region: 'cn', kind: 'file', source: path, isDefault: false },
      {
        name: 'env',
        family: 'huaweicloud',
        region: 'r-9',
        kind: 'environment',
        source: 'the environment',
        isDefault: false,
      },
      {
        name: 'clouds.yaml:lab',
        family: 'openstack',
        region: 'R',
        kind: 'clouds.yaml',
        source: join(dir, 'c.yaml'),
        isDefault: false,
      },
    ]);
  });
});

describe('test and probe', () => {
  let server: LocalCloud;
  let data: string;
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'imagebridge-cli-cloud-'));
    server = await startLocalCloud({ dataDir: data });
  });
  afterAll(async () => {
    await server.close();
    rmSync(data, { recursive: true, force: true });
  });
  beforeEach(() => writeFileSync(path, readFileSync(server.profilesPath, 'utf8'), { mode: 0o600 }));

  it('test says what works', async () => {
    const { error, code, stdout } = await run(['test', 'local']);
    expect(error).toBeUndefined();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^huaweicloud "local" \(local-1\)\n/);
    expect(stdout).toMatch(/signing in +works +The project is [0-9a-f]{32}\./);
    expect(stdout).toMatch(/reading images +works +/);
  });

  it('test says what fails, with the exit code of a cloud that refuses', async () => {
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/password: .*/g, 'password: "topsecret"'));
    const { error, code, stdout, stderr, json } = await run(['test', 'local', '--json']);
    expect(error).toBeUndefined();
    expect(code).toBe(4);
    expect(json()).toMatchObject({
      name: 'local',
      findings: [
        { subject: 'signing in', outcome: 'failed', detail: expect.stringContaining('huaweicloud "local"') },
        { subject: 'reading images', outcome: 'not-tried' },
      ],
    });
    expect(stdout + stderr).not.toContain('topsecret');
  });

  it('test warns loudly where certificates are not checked', async () => {
    writeFileSync(path, readFileSync(path, 'utf8').replace('  local:\n', '  local:\n    insecure: true\n'));
    const { stderr, code } = await run(['test', 'local']);
    expect(code).toBe(0);
    expect(stderr).toContain('imagebridge: warning: CERTIFICATES ARE NOT CHECKED for cloud "local"');
  });

  it('probe tells its findings, and changes the profile only by what it found', async () => {
    const before = readFileSync(path, 'utf8');
    const dry = await run(['probe', 'local', '--dry-run', '--json']);
    expect(dry.error).toBeUndefined();
    expect(dry.json()).toMatchObject({ name: 'local', family: 'huaweicloud', recorded: false });
    expect(readFileSync(path, 'utf8')).toBe(before);
    const { findings, settings, recorded } = (await run(['probe', 'local', '--json'])).json() as {
      findings: { outcome: string }[];
      settings: Record<string, unknown>;
      recorded: boolean;
    };
    expect(findings.every(({ outcome }) => outcome !== 'failed')).toBe(true);
    expect(recorded).toBe(Object.keys(settings).length > 0);
    for (const [field, value] of Object.entries(settings)) {
      expect(readFileSync(path, 'utf8')).toContain(`${field.split('.').at(-1)}: ${String(value)}`);
    }
  });
});
