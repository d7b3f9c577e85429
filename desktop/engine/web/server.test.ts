import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ask, index, pathOf, script, setUp, signIn, upgrade } from './testing/served.ts';

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

  it('that is guessed again and again does not fill the log', async () => {
    const { port, warnings } = await setUp();
    for (let n = 0; n < 40; n++) await ask(port, `/?token=${n}`);
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toContain('not noted for a minute');
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

describe('the port', () => {
  it('that was asked for and is taken is an error; the usual one gives way', async () => {
    const { port } = await setUp();
    await expect(setUp({ port })).rejects.toThrow(
      `listen on 127.0.0.1:${port}: another program has this port`,
    );
  });
});
