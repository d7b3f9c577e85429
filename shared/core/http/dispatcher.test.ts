// Certificates and proxies, with real TLS and a real CONNECT proxy on loopback.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo, connect as connectSocket, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InvalidInputError, LocalFileError, type ProfileConnection, Secret } from '../model/index.ts';
import { HttpClient, type HttpClientOptions } from './client.ts';
import type { RequestEvent } from './observer.ts';
import { listen } from './test-server.ts';

let dir: string;
let caFile: string;
let server: Server;
let port: number;
const seen: IncomingMessage['headers'][] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-tls-'));
  caFile = join(dir, 'ca.pem');
  const file = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...newKey, '-subj', '/CN=Test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...newKey, '-subj', '/CN=server', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(file('ext'), 'subjectAltName=DNS:ims.example,IP:127.0.0.1\n');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-extfile', 'ext', '-days', '2', '-out', 'server.pem'],
  );
  server = createTlsServer(
    { key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) },
    (request, response) => {
      seen.push(request.headers);
      response.end('{"ok":true}');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
}, 30_000);

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(dir, { recursive: true, force: true });
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  seen.length = 0;
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function client(connection: ProfileConnection, more: HttpClientOptions = {}) {
  const events: RequestEvent[] = [];
  const http = new HttpClient({ maxAttempts: 1, connection, observer: (e) => events.push(e), ...more });
  cleanups.push(() => http.close());
  const send = (url: string) =>
    http.send({ method: 'GET', url: new URL(url), context: { operation: 'ask', cloud: 'openstack "lab"' } });
  return { send, events };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: unknown) => error,
  );

describe('certificates', () => {
  const url = () => `https://127.0.0.1:${port}/`;

  it('of an unknown authority are refused, with a hint', async () => {
    expect(String(await failure(client({}).send(url())))).toMatch(
      /the certificate of 127\.0\.0\.1:\d+ is not trusted \([A-Z_]+\)\. Where the cloud has its own authority, name the file with its certificate in ca_file of the profile\./,
    );
    expect(seen).toHaveLength(0);
  });

  it('are trusted when the profile names the authority', async () => {
    expect((await client({ caFile }).send(url())).text()).toBe('{"ok":true}');
  });

  it('are checked for the name of the host, all the same', async () => {
    const other = `https://localhost:${port}/`;
    const error = await failure(client({ caFile }).send(other));
    expect(String(error)).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(error).toMatchObject({ details: { foreign: true } });
    expect(seen).toHaveLength(0);
  });

  it('are unchecked only when that is asked for', async () => {
    expect((await client({ insecure: true }).send(url())).status).toBe(200);
    expect(String(await failure(client({ insecure: false }).send(url())))).toContain('is not trusted');
  });

  it('are named by a file that must be there and hold some', () => {
    const none = join(dir, 'none.pem');
    expect(() => client({ caFile: none })).toThrow(LocalFileError);
    expect(() => client({ caFile: none })).toThrow(
      `Could not read the certificates in ${none}: the file does not exist. Check ca_file of the profile.`,
    );
    const key = join(dir, 'ca.key');
    expect(() => client({ caFile: key })).toThrow(InvalidInputError);
    expect(() => client({ caFile: key })).toThrow(/ca\.key: the file has no certificate/);
    const broken = join(dir, 'broken.pem');
    writeFileSync(broken, readFileSync(caFile, 'utf8').replace(/M/g, 'x'));
    expect(() => client({ caFile: broken })).toThrow(/broken\.pem: certificate 1 of the file is broken/);
  });
});

/** A proxy that tunnels everything to the TLS server, whatever host is asked for. */
async function startProxy(password?: string) {
  const asked: string[] = [];
  const proxy = createHttpServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '');
    const wanted = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
    socket.on('error', () => {});
    if (password !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const target = connectSocket(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  const { url, close } = await listen(proxy);
  cleanups.push(close);
  return { asked, url };
}

describe('the proxy of a profile', () => {
  const target = 'https://ims.example/v2';

  it('is asked for every host, with the certificates of the profile', async () => {
    const proxy = await startProxy();
    const { send } = client({ proxy: new Secret(proxy.url.href), caFile }, { env: { NO_PROXY: '*' } });
    expect((await send(target)).text()).toBe('{"ok":true}');
    expect(proxy.asked).toEqual(['ims.example:443']);
    const { send: distrusting } = client({ proxy: new Secret(proxy.url.href) });
    expect(String(await failure(distrusting(target)))).toContain('is not trusted');
    expect(seen).toHaveLength(1);
  });

  it('wins over the environment', async () => {
    const [own, other] = [await startProxy(), await startProxy()];
    const { send } = client(
      { proxy: new Secret(own.url.href), insecure: true },
      { env: { HTTPS_PROXY: other.url.href, HTTP_PROXY: other.url.href } },
    );
    await send(target);
    expect(own.asked).toHaveLength(1);
    expect(other.asked).toEqual([]);
  });

  it('is never asked for this machine', async () => {
    const proxy = await startProxy();
    const { send } = client({ proxy: new Secret(proxy.url.href), caFile });
    expect((await send(`https://127.0.0.1:${port}/`)).status).toBe(200);
    expect(proxy.asked).toEqual([]);
  });

  it('gets its credentials, and nobody else sees them', async () => {
    const proxy = await startProxy('top/secret');
    const withPassword = (password: string) =>
      new Secret(proxy.url.href.replace('//', `//user:${encodeURIComponent(password)}@`));
    const good = client({ proxy: withPassword('top/secret'), caFile });
    expect((await good.send(target)).status).toBe(200);
    expect(JSON.stringify(seen)).not.toContain('proxy-authorization');
    const bad = client({ proxy: withPassword('hunter2'), caFile });
    const error = await failure(bad.send(target));
    expect(String(error)).toContain('the proxy refused the connection (HTTP 407)');
    expect(String(error)).toContain('other credentials');
    const shown = inspect([error, good.events, bad.events, JSON.stringify(error)], { depth: 9 });
    for (const secret of ['hunter2', 'top/secret', 'top%2Fsecret', 'Basic '])
      expect(shown).not.toContain(secret);
  });

  it('is named when it cannot be reached', async () => {
    const closed = createNetServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port: free } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { send } = client({ proxy: new Secret(`http://user:hunter2@127.0.0.1:${free}`) });
    const error = await failure(send(target));
    expect(String(error)).toContain(`connection refused by the proxy at 127.0.0.1:${free}`);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('must be a URL, and is not quoted when it is none', () => {
    const make = () => client({ proxy: new Secret('http://user:hunter2%@') });
    expect(make).toThrow('the field proxy of the profile is no URL of a proxy');
    expect(make).not.toThrow('hunter2');
  });
});

it('takes a proxy of the environment without http://', async () => {
  const proxy = await startProxy();
  const { send } = client({ caFile }, { env: { HTTPS_PROXY: proxy.url.host } });
  expect((await send('https://ims.example/')).status).toBe(200);
  expect(proxy.asked).toEqual(['ims.example:443']);
});
