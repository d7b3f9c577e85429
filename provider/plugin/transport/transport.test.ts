// Handshake line, refusals, log lines and addresses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { handshakeLine, MAGIC_COOKIE, reattachValue, refusal } from './handshake.ts';
import { listen } from './listen.ts';
import { createLogger, levelFromEnvironment, logLine } from './log.ts';
import { sweep } from './sweep.ts';

const cookie = { [MAGIC_COOKIE.name]: MAGIC_COOKIE.value };

describe('the handshake', () => {
  it('refuses to run by hand, in words', () => {
    expect(refusal({})?.('registry.terraform.io/a/b')).toMatch(
      /registry.terraform.io\/a\/b.*Terraform starts it by itself/,
    );
    expect(refusal({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: '5' })?.('x')).toContain('protocol 6');
    expect(refusal({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: '6,5' })).toBeUndefined();
  });

  it('names the address and the certificate without padding', () => {
    const address = { network: 'unix', text: '/tmp/s' };
    expect(handshakeLine(address, Buffer.from('a'), {})).toBe('1|6|unix|/tmp/s|grpc|YQ\n');
    expect(handshakeLine(address, undefined, { PLUGIN_MULTIPLEX_GRPC: 'true' })).toBe(
      '1|6|unix|/tmp/s|grpc||false\n',
    );
  });

  it('prints what Terraform needs to reattach', () => {
    const value: unknown = JSON.parse(reattachValue('r/n/t', 7, { network: 'tcp', text: '127.0.0.1:1' }));
    expect(value).toEqual({
      'r/n/t': {
        Protocol: 'grpc',
        ProtocolVersion: 6,
        Pid: 7,
        Test: true,
        Addr: { Network: 'tcp', String: '127.0.0.1:1' },
      },
    });
  });
});

describe('log lines', () => {
  const at = new Date('2026-01-02T03:04:05.678Z');

  it('have six fractional digits', () => {
    expect(JSON.parse(logLine('info', 'hello', at, { a: 1n, b: Symbol('x') }))).toEqual({
      '@level': 'info',
      '@message': 'hello',
      '@timestamp': '2026-01-02T03:04:05.678000Z',
      a: '1',
      b: '(unknown)',
    });
  });

  it('stay below 64 KB whatever they are given', () => {
    const long = 'ä'.repeat(100_000);
    expect(Buffer.byteLength(logLine('info', long, at, { long }))).toBeLessThan(60_001);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_one, index) => [`f${index}`, long]));
    const line: unknown = JSON.parse(logLine('info', 'x', at, many));
    expect(line).toMatchObject({ '@message': 'x', '@cut': true });
  });

  it('are written from the wanted level on', () => {
    const lines: string[] = [];
    const target = { write: (line: string) => void lines.push(line), now: () => at, level: 'warn' as const };
    const log = createLogger(target, { '@module': 'm' }).with({ more: true });
    log.info('no');
    log.warn('yes');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { '@message': 'yes', '@module': 'm', more: true },
    ]);
    expect(levelFromEnvironment({})).toBeUndefined();
    expect(levelFromEnvironment({ TF_LOG: 'JSON' })).toBe('trace');
    expect(levelFromEnvironment({ TF_LOG: 'trace', TF_LOG_PROVIDER: 'ERROR' })).toBe('error');
  });

  it('survive fields that have no JSON form', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(logLine('info', 'x', at, { loop })).toContain('"@message":"x"');
  });
});

describe('the address', () => {
  const use = async (env: Record<string, string>, platform: NodeJS.Platform) => {
    const server = createServer();
    const address = await listen(server, env, platform);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    address.remove();
    return address;
  };

  it('is a unix socket, or a port on Windows and where the path is too long', async () => {
    expect((await use({}, 'linux')).network).toBe('unix');
    expect(await use({}, 'win32')).toMatchObject({
      network: 'tcp',
      text: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    const base = mkdtempSync(join(tmpdir(), 'long-'));
    try {
      expect((await use({ PLUGIN_UNIX_SOCKET_DIR: join(base, 'x'.repeat(90)) }, 'linux')).network).toBe(
        'tcp',
      );
      expect((await use({ PLUGIN_UNIX_SOCKET_DIR: join(base, 'absent') }, 'linux')).network).toBe('tcp');
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  it('keeps to the ports Terraform allows', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const bound = taken.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    try {
      const { text } = await use(
        { PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port + 20) },
        'win32',
      );
      const got = Number(text.split(':')[1]);
      expect(got).toBeGreaterThan(port);
      expect(got).toBeLessThanOrEqual(port + 20);
    } finally {
      taken.close();
    }
  });

  it('is swept after a process that was killed, and nothing else is', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'sweep-'));
    const server = createServer();
    try {
      // A process that listens and is killed leaves its socket.
      const dead = spawn(process.execPath, [
        '-e',
        `const { mkdirSync } = require('node:fs');
         const folder = ${JSON.stringify(parent)} + '/tfplugin-' + process.pid + '-aaaaaa';
         mkdirSync(folder);
         require('node:net').createServer().listen(folder + '/s', () => process.kill(process.pid, 'SIGKILL'));`,
      ]);
      await once(dead, 'exit');
      const make = (name: string, ...files: string[]) => {
        mkdirSync(join(parent, name));
        for (const file of files) writeFileSync(join(parent, name, file), '');
      };
      make(`tfplugin-${dead.pid}-bbbbbb`);
      make(`tfplugin-${dead.pid}-cccccc`, 's');
      make(`tfplugin-${dead.pid}-dddddd`, 'other');
      make(`tfplugin-${process.pid}-eeeeee`);
      make('tfplugin-notes');
      const address = await listen(server, { PLUGIN_UNIX_SOCKET_DIR: parent }, 'linux');
      const all = readdirSync(parent).sort();
      await sweep(address);
      // Too young to be touched.
      expect(readdirSync(parent).sort()).toEqual(all);
      await sweep(address, Date.now() + 120_000);
      const gone = [`tfplugin-${dead.pid}-aaaaaa`, `tfplugin-${dead.pid}-bbbbbb`];
      expect(readdirSync(parent).sort()).toEqual(all.filter((name) => !gone.includes(name)));
    } finally {
      server.close();
      rmSync(parent, { recursive: true });
    }
  });
});
