import { readFileSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { systemClock } from '@imagebridge/core';
import { connectEngine, serveContract, type Transport } from '@imagebridge/desktop-contract';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testFolder } from '../clouds/testing.ts';
import { Asset } from './assets.ts';
import { startWebServer, type WebServer } from './server.ts';
import { webSocketLine } from './transport.ts';

const index = '<!doctype html><title>the window</title>';
const script = `console.log(${JSON.stringify('x'.repeat(5000))})`;
const assets = new Map([
  ['/', new Asset('/index.html', Buffer.from(index))],
  ['/index.html', new Asset('/index.html', Buffer.from(index))],
  ['/assets/main-AbCd1234.js', new Asset('/assets/main-AbCd1234.js', Buffer.from(script))],
]);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function setUp(
  more: { dataDir?: string; port?: number; publicUrl?: string; maxMessageBytes?: number } = {},
) {
  const dataDir = more.dataDir ?? testFolder();
  const lines: Transport[] = [];
  const warnings: string[] = [];
  const added: string[] = [];
  const log = { info: () => {}, warn: (text: string) => void warnings.push(text), lines: () => [] };
  const server = await startWebServer({
    engine: {
      connect: (line) => void lines.push(line),
      async add(paths) {
        added.push(...paths);
        return paths.filter((path) => path === '/refused').map((path) => `no ${path}`);
      },
    },
    assets,
    dataDir,
    log,
    clock: systemClock,
    port: 0,
    ...more,
  });
  ends.push(() => server.close());
  return { server, lines, warnings, added, dataDir, port: server.port };
}

const pathOf = (link: string) => new URL(link).pathname + new URL(link).search;

async function signIn(server: WebServer): Promise<string> {
  const reply = await ask(server.port, pathOf(server.newLink()));
  expect(reply.status).toBe(303);
  return String(reply.headers['set-cookie']).split(';')[0] ?? '';
}

/** Resolves with the status of a refusal, or 101. */
function upgrade(
  port: number,
  headers: Record<string, string>,
  path = '/engine',
): Promise<number | WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  ends.push(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

describe('the link', () => {
  it('is exchanged once for a strict cookie, and the address is clean afterwards', async () => {
    const { server, port, warnings } = await setUp();
    const link = server.newLink();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    const first = await ask(port, pathOf(link));
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    expect(String(first.headers['set-cookie'])).toMatch(
      new RegExp(`^imagebridge-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const again = await ask(port, pathOf(link));
    expect(again.status).toBe(401);
    expect(again.body).toContain('A link is needed');
    expect(warnings).toEqual(['Somebody came with a wrong or used link.']);
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    expect((await ask(port, '/', { cookie })).body).toBe(index);
    // A reload of the used link by whoever is in already.
    expect((await ask(port, pathOf(link), { cookie })).status).toBe(303);
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(9000)])('is refused when it is wrong (%#)', async (token) => {
    const { port } = await setUp();
    const reply = await ask(port, `/?token=${token}`);
    expect(reply.status).toBe(401);
    expect(reply.body).not.toContain('xxxx');
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  it('makes the one before useless', async () => {
    const { server, port } = await setUp();
    const old = server.newLink();
    const young = server.newLink();
    expect((await ask(port, pathOf(old))).status).toBe(401);
    expect((await ask(port, pathOf(young))).status).toBe(303);
  });

  it('is not used up by a browser that fetches ahead, nor by HEAD', async () => {
    const { server, port } = await setUp();
    const link = server.newLink();
    expect((await ask(port, pathOf(link), { 'sec-purpose': 'prefetch;prerender' })).status).toBe(503);
    expect((await ask(port, pathOf(link), {}, 'HEAD')).status).toBe(401);
    expect((await ask(port, pathOf(link))).status).toBe(303);
  });

  it('that another page opened goes on by a page, which carries the strict cookie', async () => {
    const { server, port } = await setUp();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const reply = await ask(port, pathOf(server.newLink()), headers);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('http-equiv="refresh" content="0;url=/"');
    expect(reply.headers['set-cookie']).toBeDefined();
  });

  it('can be asked for with the key, and only with it; files are handed over with it', async () => {
    const { server, port, added } = await setUp();
    const second = (authorization: string, body: string) =>
      ask(port, '/second-start', { authorization }, 'POST', body);
    const right = `Bearer ${server.linkKey}`;
    const reply = await second(right, '{"paths":["/a","/refused"]}');
    const { url, refused } = JSON.parse(reply.body) as { url: string; refused: string[] };
    expect((await ask(port, pathOf(url))).status).toBe(303);
    expect([added, refused]).toEqual([['/a', '/refused'], ['no /refused']]);
    expect((await second('Bearer x', '{"paths":[]}')).status).toBe(401);
    expect((await ask(port, '/second-start', { cookie: await signIn(server) }, 'POST')).status).toBe(401);
    for (const body of ['', '{', '[]', '{"paths":"all"}', `{"paths":["${'x'.repeat(5000)}"]}`]) {
      expect((await second(right, body)).status, body.slice(0, 20)).toBe(400);
    }
    expect(added).toHaveLength(2);
  });
});

describe('a session', () => {
  it('outlives a restart; the file has no more than digests', async () => {
    const first = await setUp();
    const cookie = await signIn(first.server);
    await first.server.close();
    const file = join(first.dataDir, 'web-sessions.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(cookie.split('=')[1]);
    const second = await setUp({ dataDir: first.dataDir, port: first.port });
    expect((await ask(second.port, '/', { cookie })).status).toBe(200);
  });

  it('is needed for everything', async () => {
    const { port } = await setUp();
    for (const path of ['/', '/index.html', '/assets/main-AbCd1234.js', '/nothing', '/engine']) {
      expect((await ask(port, path)).status, path).toBe(401);
    }
    const wrong = { cookie: `imagebridge-${port}=${'x'.repeat(43)}; imagebridge-1=y` };
    expect((await ask(port, '/', wrong)).status).toBe(401);
  });
});

describe('what other pages try', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    'a@127.0.0.1',
    '[::2]',
  ])('under the host %j is refused (DNS rebinding)', async (host) => {
    const { server, port } = await setUp();
    const cookie = await signIn(server);
    expect((await ask(port, '/', { host, cookie })).status).toBe(403);
    expect((await ask(port, pathOf(server.newLink()), { host })).status).toBe(403);
    expect(await upgrade(port, { host, cookie, origin: `http://${host}` })).toBe(403);
  });

  it('comes in under any name of this machine, with the port of a tunnel', async () => {
    const { server, port } = await setUp();
    const cookie = await signIn(server);
    for (const host of [`localhost:${port}`, '127.0.0.1:8080', 'localhost:9', `[::1]:${port}`]) {
      expect((await ask(port, '/', { host, cookie })).status, host).toBe(200);
      expect(await upgrade(port, { host, cookie, origin: `http://${host}` }), host).toBeInstanceOf(WebSocket);
    }
  });

  it.each(['http://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1', 'file://'])(
    'from the origin %s is refused, on HTTP and on the WebSocket',
    async (origin) => {
      const { server, port, lines } = await setUp();
      const cookie = await signIn(server);
      expect((await ask(port, '/', { origin, cookie })).status).toBe(403);
      expect(await upgrade(port, { origin, cookie })).toBe(403);
      expect(lines).toEqual([]);
    },
  );

  it('without an origin, a session or the right path gets no line', async () => {
    const { server, port, lines } = await setUp();
    const cookie = await signIn(server);
    const origin = `http://127.0.0.1:${port}`;
    expect(await upgrade(port, { cookie })).toBe(403);
    expect(await upgrade(port, { origin })).toBe(401);
    expect(await upgrade(port, { origin, cookie }, '/other')).toBe(404);
    expect(lines).toEqual([]);
  });

  it('as a script, an image or a frame is refused', async () => {
    const { server, port } = await setUp();
    const cookie = await signIn(server);
    const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask(port, '/assets/main-AbCd1234.js', headers)).status).toBe(403);
    const reply = await ask(port, '/', { cookie });
    expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(reply.headers['x-frame-options']).toBe('DENY');
    expect(reply.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('can come through a proxy with TLS that was named', async () => {
    const { server, port } = await setUp({ publicUrl: 'https://upload.example.com' });
    const link = server.newLink();
    expect(link).toMatch(/^https:\/\/upload\.example\.com\/\?token=/);
    const host = 'upload.example.com';
    const reply = await ask(port, pathOf(link), { host });
    expect(String(reply.headers['set-cookie'])).toContain('; Secure');
    const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? '';
    expect(await upgrade(port, { host, cookie, origin: `https://${host}` })).toBeInstanceOf(WebSocket);
    expect(await upgrade(port, { host, cookie, origin: 'https://evil.example' })).toBe(403);
  });
});

describe('files', () => {
  it('are those of the window and no others', async () => {
    const { server, port } = await setUp();
    const cookie = await signIn(server);
    for (const path of [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/../../../etc/passwd',
      '/etc/passwd',
      '//etc/passwd',
      '/assets/main-AbCd1234.js.map',
      '/%00',
      '/__proto__',
      '/constructor',
    ]) {
      expect((await ask(port, path, { cookie })).status, path).toBe(404);
    }
    expect((await ask(port, 'http://[', { cookie })).status).toBe(400);
    expect((await ask(port, '/', { cookie }, 'PUT')).status).toBe(405);
  });

  it('are packed, cached for ever when their name has a digest, and asked for again when not', async () => {
    const { server, port } = await setUp();
    const cookie = await signIn(server);
    const packed = await ask(port, '/assets/main-AbCd1234.js', {
      cookie,
      'accept-encoding': 'gzip, deflate, br',
    });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(packed.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    expect(Number(packed.headers['content-length'])).toBeLessThan(500);
    expect(
      (await ask(port, '/assets/main-AbCd1234.js', { cookie, 'accept-encoding': 'gzip' })).headers[
        'content-encoding'
      ],
    ).toBe('gzip');
    expect((await ask(port, '/assets/main-AbCd1234.js', { cookie })).body).toBe(script);
    const page = await ask(port, '/', { cookie });
    expect(page.headers['cache-control']).toBe('no-cache');
    const same = await ask(port, '/', { cookie, 'if-none-match': String(page.headers.etag) });
    expect([same.status, same.body]).toEqual([304, '']);
    expect((await ask(port, '/', { cookie }, 'HEAD')).body).toBe('');
  });
});

describe('a line', () => {
  async function line(more: Parameters<typeof setUp>[0] = {}) {
    const about = await setUp(more);
    const cookie = await signIn(about.server);
    const socket = await upgrade(about.port, { cookie, origin: `http://127.0.0.1:${about.port}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const [far] = about.lines;
    if (far === undefined) throw new Error('no line');
    return { ...about, socket, far };
  }

  it('carries the contract', async () => {
    const { socket, far } = await line();
    const handlers = new Proxy(
      {},
      { get: (_, name) => () => (name === 'files.roots' ? { roots: [] } : null) },
    );
    serveContract(far, handlers as Parameters<typeof serveContract>[1], {
      toProblem: () => ({ kind: 'internal', message: '' }),
    });
    const client = connectEngine(webSocketLine(socket, { onBadMessage: () => {} }));
    expect(await client.call('files.roots', {})).toEqual({ roots: [] });
  });

  it('drops what is no JSON or no text, notes it, and goes on', async () => {
    const { socket, far, warnings } = await line();
    const got: unknown[] = [];
    socket.send('{"kind":');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('{"kind":"cancel","id":1}');
    // What came before anybody listened is not lost.
    await expect.poll(() => warnings.length).toBe(2);
    far.onMessage((message) => got.push(message));
    await expect.poll(() => got).toEqual([{ kind: 'cancel', id: 1 }]);
    expect(warnings.join()).not.toContain('kind');
  });

  it('ends at a message that is too large, without taking it in', async () => {
    const { socket, far, warnings } = await line({ maxMessageBytes: 10_000 });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    let ended = false;
    far.onClose(() => {
      ended = true;
    });
    socket.send(JSON.stringify({ kind: 'call', id: 1, method: 'x'.repeat(20_000), params: {} }));
    expect(await closed).toBe(1009);
    await expect.poll(() => ended).toBe(true);
    expect(warnings[0]).toContain('breaks the line');
  });

  it('is closed with the server, within a second, whoever still hangs on it', async () => {
    const { socket, server, far } = await line();
    socket.pause();
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(1500);
    let ended = false;
    far.onClose(() => {
      ended = true;
    });
    await expect.poll(() => ended).toBe(true);
    // Nothing happens any more.
    far.send({ late: true });
  });
});

describe('slow and vanished windows', () => {
  async function pair(options: { pingMs?: number; maxWaitingBytes?: number }) {
    const { server, port, lines } = await setUp();
    const cookie = await signIn(server);
    const socket = await upgrade(port, { cookie, origin: `http://127.0.0.1:${port}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const told: string[] = [];
    return {
      line: webSocketLine(socket, { ...options, onBadMessage: (why) => told.push(why) }),
      told,
      lines,
      socket,
    };
  }

  it('that do not answer are given up', async () => {
    const { line, socket } = await pair({ pingMs: 30 });
    let ended = false;
    line.onClose(() => {
      ended = true;
    });
    // Those that answer stay.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(ended).toBe(false);
    socket.pong = () => {};
    socket.pause();
    await expect.poll(() => ended).toBe(true);
  });

  it('that cannot keep up are cut off', async () => {
    const { line, told } = await pair({ maxWaitingBytes: 100_000 });
    for (let n = 0; n < 200 && told.length === 0; n++) line.send({ text: 'x'.repeat(100_000) });
    expect(told[0]).toContain('cannot keep up');
  });
});

describe('the port', () => {
  it('that was asked for and is taken is an error; the usual one gives way', async () => {
    const { port } = await setUp();
    await expect(setUp({ port })).rejects.toThrow(
      `listen on 127.0.0.1:${port}: another program has this port`,
    );
  });
});
