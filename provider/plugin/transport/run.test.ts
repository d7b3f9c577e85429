// The bundled example as a process, with a client in Terraform's place: handshake, encryption, streams and every way to end.
import { type ChildProcess, spawn } from 'node:child_process';
import { type EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { createConnection } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleExample, cleanEnv } from '../example/bundle.ts';
import { type Decoded, decode, encode, type Message } from '../wire/protobuf.ts';
import { calls } from '../wire/tfplugin6.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { MAGIC_COOKIE } from './handshake.ts';

const cookie = { [MAGIC_COOKIE.name]: MAGIC_COOKIE.value, PLUGIN_PROTOCOL_VERSIONS: '5,6' };
const PROVIDER = '/tfplugin6.Provider';
const cleanups: (() => void)[] = [];
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleExample();
});
afterAll(() => bundle.remove());
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function start(env: Readonly<Record<string, string>>, program = bundle.program): ChildProcess {
  const child = spawn(process.execPath, [program], {
    // What a killed process leaves behind goes with the bundle.
    env: cleanEnv({ PLUGIN_UNIX_SOCKET_DIR: bundle.folder, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  return child;
}

async function handshake(child: ChildProcess) {
  if (child.stdout === null) throw new Error('no stdout');
  const [chunk]: unknown[] = await once(child.stdout, 'data');
  const fields = String(chunk).trimEnd().split('|');
  return { fields, address: fields[3] ?? '', cert: fields[5] ?? '' };
}

/** A session without encryption. */
function session(address: string): ClientHttp2Session {
  const client = connect('http://localhost', { createConnection: () => createConnection(address) });
  client.on('error', () => {});
  cleanups.push(() => client.destroy());
  return client;
}

/** Waits for the end of a stream or socket, in peace or by an error. */
const closed = (emitter: EventEmitter): Promise<string> =>
  new Promise((resolve) => {
    emitter.on('error', () => {});
    emitter.once('close', () => resolve('closed'));
  });

interface Answer {
  readonly status: string;
  readonly message: string;
  readonly body: Buffer;
}

async function call(client: ClientHttp2Session, path: string, message: Uint8Array): Promise<Answer> {
  const stream = client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.write(head);
  stream.end(message);
  const headers: Record<string, unknown> = {};
  stream.on('response', (given) => Object.assign(headers, given));
  stream.on('trailers', (given) => Object.assign(headers, given));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await closed(stream);
  return {
    status: String(headers['grpc-status']),
    message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
    body: Buffer.concat(chunks).subarray(5),
  };
}

async function ask<Q extends object, R extends object>(
  client: ClientHttp2Session,
  name: string,
  types: { readonly request: Message<Q>; readonly response: Message<R> },
  request: Partial<Q>,
): Promise<Decoded<Message<R>>> {
  const answer = await call(client, `${PROVIDER}/${name}`, encode(types.request, request));
  expect(answer.status).toBe('0');
  return decode(types.response, answer.body);
}

/** True while a process runs; one that ended, but that nobody asked about yet, does not. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const ended = async (child: ChildProcess): Promise<unknown> => {
  if (child.exitCode !== null) return child.exitCode;
  const [code]: unknown[] = await once(child, 'exit');
  return code;
};

describe('a provider process', () => {
  it('run by hand says what it is', async () => {
    const child = start({});
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    expect(await ended(child)).toBe(1);
    expect(said).toContain('is the Terraform provider registry.terraform.io/example/notes');
  });

  it('answers over a socket, and ends when told to', async () => {
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1', PLUGIN_CLIENT_CERT: 'unused' });
    const { fields, address } = await handshake(child);
    expect(fields.slice(0, 3)).toEqual(['1', '6', 'unix']);
    expect(fields.slice(4)).toEqual(['grpc', '']);
    const client = session(address);
    const schema = await ask(client, 'GetProviderSchema', calls.GetProviderSchema, {});
    expect(Object.keys(schema.resourceSchemas)).toEqual(['notes_note']);
    expect(schema.serverCapabilities).toMatchObject({ planDestroy: true, getProviderSchemaOptional: true });
    expect((await call(client, '/plugin.GRPCController/Shutdown', new Uint8Array(0))).status).toBe('0');
    expect(await ended(child)).toBe(0);
  });

  it.each([
    ['the provider itself', "import { provider } from './provider.ts'; void serve(provider);", false],
    ['a loader, in files of its own', "void serve(() => import('./provider.ts'));", true],
  ])('serves %s, and who connects at once waits', async (what, source, split) => {
    const { folder } = bundle;
    const type = split ? 'split' : 'whole';
    const made = await bundleExample({
      source: `import { serve } from '../index.ts'; ${source}`,
      split,
      type,
      folder,
    });
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' }, made.program);
    const { address } = await handshake(child);
    const schema = await ask(session(address), 'GetProviderSchema', calls.GetProviderSchema, {});
    expect(Object.keys(schema.resourceSchemas), what).toEqual(['notes_note']);
  });

  it('says to every call why the provider could not be loaded, and still ends in order', async () => {
    const source = `import { serve } from '../index.ts'; void serve(async () => { throw new Error('no licence'); });`;
    const { program } = await bundleExample({ source, type: 'broken', folder: bundle.folder });
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' }, program);
    const { address } = await handshake(child);
    const client = session(address);
    const answer = await call(client, `${PROVIDER}/GetProviderSchema`, new Uint8Array(0));
    expect(answer).toMatchObject({ status: '13', message: 'the provider could not be loaded: no licence' });
    await call(client, '/plugin.GRPCController/Shutdown', new Uint8Array(0));
    expect(await ended(child)).toBe(0);
  });

  it('says UNIMPLEMENTED to what it does not know, and names types it does not have', async () => {
    const { address } = await handshake(start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' }));
    const client = session(address);
    // What Terraform from 1.12 on asks for, and takes for "cannot" when it is told so.
    const later = ['GetResourceIdentitySchemas', 'UpgradeResourceIdentity', 'ListResource', 'PlanAction'];
    for (const name of later) {
      const unknown = await call(client, `${PROVIDER}/${name}`, new Uint8Array(0));
      expect(unknown).toMatchObject({ status: '12', message: expect.stringContaining(name) });
    }
    const { request } = calls.ReadResource;
    const absent = await call(client, `${PROVIDER}/ReadResource`, encode(request, { typeName: 'nö' }));
    expect(absent).toMatchObject({ status: '3', message: 'this provider has no resource type "nö"' });
    const broken = await call(client, `${PROVIDER}/ReadResource`, Buffer.from([0x0a, 200]));
    expect(broken.status).toBe('13');
  });

  it('carries messages far larger than the flow-control windows, both ways', async () => {
    const { address } = await handshake(start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' }));
    const text = 'x'.repeat(20_000_000);
    const upgraded = await ask(session(address), 'UpgradeResourceState', calls.UpgradeResourceState, {
      typeName: 'notes_note',
      version: 0,
      rawState: { json: Buffer.from(JSON.stringify({ id: 'i', title: text })) },
    });
    expect(upgraded.diagnostics).toEqual([]);
    expect(upgraded.upgradedState?.msgpack.length).toBeGreaterThan(text.length);
  });

  it('stays small under many calls, and silent', async () => {
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' });
    const said: unknown[] = [];
    child.stderr?.on('data', (chunk) => said.push(String(chunk)));
    const { address } = await handshake(child);
    const client = session(address);
    const json = Buffer.from(JSON.stringify({ id: 'i', title: 't', text: 'x'.repeat(500) }));
    const upgrade = () =>
      ask(client, 'UpgradeResourceState', calls.UpgradeResourceState, {
        typeName: 'notes_note',
        version: 0,
        rawState: { json },
      });
    for (let round = 0; round < 300; round++) await Promise.all(Array.from({ length: 10 }, upgrade));
    expect(said).toEqual([]);
    if (process.platform !== 'linux') return;
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    expect(Number(kib) / 1024).toBeLessThan(90);
  });

  it('ends when the one who holds its stream is gone', async () => {
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1' });
    const { address } = await handshake(child);
    const client = session(address);
    const stream = client.request({ ':method': 'POST', ':path': '/plugin.GRPCStdio/StreamStdio' });
    stream.on('error', () => {});
    stream.end(Buffer.alloc(5));
    await once(stream, 'response');
    child.kill('SIGINT');
    // Ctrl-C alone ends nothing: it reaches the whole process group.
    await ask(client, 'StopProvider', calls.StopProvider, {});
    expect(child.exitCode).toBeNull();
    client.destroy();
    expect(await ended(child)).toBe(0);
  });

  it.runIf(process.platform === 'linux')(
    'ends when its parent is gone, even one that never connected (reads /proc)',
    async () => {
      // A parent that starts the provider, tells its number, and is killed.
      const script = `const child = require('node:child_process').spawn(process.execPath, [process.argv[1]],
      { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => console.log(child.pid));`;
      const parent = spawn(process.execPath, ['-e', script, bundle.program], {
        env: cleanEnv({ PLUGIN_UNIX_SOCKET_DIR: bundle.folder, ...cookie, TF_DISABLE_PLUGIN_TLS: '1' }),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line]: unknown[] = await once(parent.stdout, 'data');
      const pid = Number(line);
      cleanups.push(() => isAlive(pid) && process.kill(pid, 'SIGKILL'));
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    },
  );

  it('tells standard error, not standard output, what a handler prints, as lines Terraform parses', async () => {
    const child = start({ ...cookie, TF_DISABLE_PLUGIN_TLS: '1', TF_LOG: 'TRACE' });
    let log = '';
    child.stderr?.on('data', (chunk) => {
      log += String(chunk);
    });
    const { address } = await handshake(child);
    await call(session(address), '/plugin.GRPCController/Shutdown', new Uint8Array(0));
    await ended(child);
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ '@level': 'debug', '@message': 'ending' }));
  });

  describe('with encryption', () => {
    async function talk(
      client: Certificate | undefined,
      expected: Certificate,
      program = bundle.program,
    ): Promise<string> {
      const child = start({ ...cookie, PLUGIN_CLIENT_CERT: expected.certPem }, program);
      const { address, cert } = await handshake(child);
      // Without padding, as Terraform decodes it.
      expect(cert).not.toContain('=');
      const pem = `-----BEGIN CERTIFICATE-----\n${cert}${'='.repeat((4 - (cert.length % 4)) % 4)}\n-----END CERTIFICATE-----`;
      const socket = connectTls({
        path: address,
        servername: 'localhost',
        ca: pem,
        ALPNProtocols: ['h2'],
        ...(client && { cert: client.certPem, key: client.keyPem }),
      });
      const gone = closed(socket);
      cleanups.push(() => socket.destroy());
      if ((await Promise.race([once(socket, 'secureConnect'), gone])) === 'closed') return 'closed';
      const http2 = connect('https://localhost', { createConnection: () => socket });
      http2.on('error', () => {});
      const answered = call(http2, '/plugin.GRPCController/Shutdown', new Uint8Array(0)).then(
        ({ status }) => status,
      );
      return Promise.race([answered, gone]);
    }

    it('serves the client that started it', async () => {
      const mine = makeCertificate();
      expect(await talk(mine, mine)).toBe('0');
      // In files of its own, encryption is still being loaded when the client begins.
      const source = "import { serve } from '../index.ts'; void serve(() => import('./provider.ts'));";
      const { program } = await bundleExample({ source, split: true, type: 'tls', folder: bundle.folder });
      expect(await talk(mine, mine, program)).toBe('0');
    });

    it('lets in nobody else: neither another certificate nor none', async () => {
      expect(await talk(makeCertificate(), makeCertificate())).not.toBe('0');
      expect(await talk(undefined, makeCertificate())).not.toBe('0');
    });
  });
});
