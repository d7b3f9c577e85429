// Faults over real connections, the control port, and the way down.
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import type { RequestLogEntry } from './options.ts';
import { imsOf, obs, send, startTestCloud, type TestCloud, upload } from './testing/client.ts';

let test: TestCloud;
let log: RequestLogEntry[];
beforeEach(async () => {
  log = [];
  test = await startTestCloud({ onRequest: (entry) => log.push(entry) });
  await upload(test, 'box/k', '0123456789');
});
afterEach(() => test.remove());

const put = (fault: Fault) => test.cloud.faults.add(fault);
const get = () => obs(test, 'GET', 'box/k');

describe('a fault', () => {
  it('answers with a status instead of the work, as often as it says', async () => {
    put({
      service: 'obs',
      count: 2,
      action: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    });
    const first = await get();
    expect([first.status, first.headers['retry-after']]).toEqual([429, '3']);
    expect((await get()).status).toBe(429);
    expect((await get()).status).toBe(200);
    expect(log.find((entry) => entry.fault === 'status')).toMatchObject({
      service: 'obs',
      region: 'local-1',
      status: 429,
    });
  });

  it('matches by service, region, method and path, and skips the first ones', async () => {
    const action = { kind: 'status', status: 500 } as const;
    put({ service: 'ims', action });
    put({ region: 'local-2', action });
    put({ method: 'PUT', action });
    put({ path: '/other', action });
    put({
      path: /^\/box\/k$/g,
      after: 1,
      count: Number.POSITIVE_INFINITY,
      action: { kind: 'status', status: 503 },
    });
    expect((await get()).status).toBe(200);
    for (let i = 0; i < 3; i += 1) expect((await get()).status).toBe(503);
    expect(test.cloud.faults.list()).toHaveLength(5);
    test.cloud.faults.clear();
    expect((await get()).status).toBe(200);
  });

  it('cuts the connection before the work', async () => {
    put({ action: { kind: 'cut' } });
    await expect(obs(test, 'DELETE', 'box/k')).rejects.toThrow();
    expect((await get()).status).toBe(200);
    expect(log.find((entry) => entry.fault === 'cut')).toMatchObject({ method: 'DELETE', status: 0 });
  });

  it('cuts the connection in the middle of a reply or of a request', async () => {
    put({ method: 'GET', action: { kind: 'cut', afterBytes: 4 } });
    await expect(get()).rejects.toThrow();
    expect(log.at(-1)).toMatchObject({ bytesOut: 4 });
    put({ method: 'PUT', action: { kind: 'cut', afterBytes: 1000 } });
    await expect(obs(test, 'PUT', 'box/k', { body: Buffer.alloc(300_000) })).rejects.toThrow();
    expect((await get()).text).toBe('0123456789');
  });

  it('sends half of a reply under the full length', async () => {
    put({ action: { kind: 'truncate' } });
    await expect(get()).rejects.toThrow();
    expect(log.at(-1)).toMatchObject({ status: 200, bytesOut: 5, fault: 'truncate' });
  });

  it('sends a page of HTML', async () => {
    put({ action: { kind: 'html' } });
    const page = await get();
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    put({ action: { kind: 'html', status: 502 } });
    expect((await get()).status).toBe(502);
  });

  it('does the work and loses the reply', async () => {
    put({ action: { kind: 'lose-reply' } });
    await expect(obs(test, 'DELETE', 'box/k')).rejects.toThrow();
    expect((await get()).status).toBe(404);
  });

  it('delays, and slows a body down', async () => {
    put({ method: 'GET', action: { kind: 'delay', ms: 120 } });
    let started = performance.now();
    expect((await get()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(110);
    put({ method: 'PUT', action: { kind: 'bandwidth', bytesPerSecond: 1_000_000 } });
    started = performance.now();
    expect((await obs(test, 'PUT', 'box/slow', { body: Buffer.alloc(200_000) })).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(180);
  });

  it('delays many at once without a warning', async () => {
    const warnings: string[] = [];
    const take = (warning: Error) => void warnings.push(warning.name);
    process.on('warning', take);
    try {
      put({ method: 'GET', count: 15, action: { kind: 'delay', ms: 200 } });
      const replies = await Promise.all(Array.from({ length: 15 }, () => get()));
      expect(replies.map(({ status }) => status)).toEqual(Array(15).fill(200));
    } finally {
      process.off('warning', take);
    }
    expect(warnings).toEqual([]);
  });

  it('must be well-formed', () => {
    // @ts-expect-error: what JavaScript callers may pass
    expect(() => put({ action: { kind: 'explode' } })).toThrow(/Not a fault/);
  });
});

describe('the control port', () => {
  const control = (path: string, options: Parameters<typeof send>[1] = {}) =>
    send(`${test.cloud.endpoints.control}${path}`, options);

  it('tells its health and takes faults as JSON', async () => {
    expect(JSON.parse((await control('/_health')).text)).toMatchObject({ status: 'ok' });
    const fault = {
      service: 'obs',
      pathPattern: 'box.k$',
      count: 'always',
      action: { kind: 'status', status: 500 },
    };
    expect((await control('/_faults', { method: 'PUT', body: JSON.stringify([fault]) })).status).toBe(204);
    expect((await get()).status).toBe(500);
    expect(JSON.parse((await control('/_faults')).text).faults).toEqual([{ ...fault, after: 0 }]);
    expect((await control('/_faults', { method: 'DELETE' })).status).toBe(204);
    expect((await get()).status).toBe(200);
    for (const body of ['{', '{"action":{}}', '{"pathPattern":"(","action":{"kind":"cut"}}']) {
      expect((await control('/_faults', { method: 'PUT', body })).status).toBe(400);
    }
    expect((await control('/elsewhere')).status).toBe(404);
  });

  it('refuses what may come from a web page', async () => {
    expect((await control('/_health', { headers: { host: 'evil.example.com' } })).status).toBe(403);
    expect((await control('/_health', { headers: { origin: 'http://127.0.0.1' } })).status).toBe(403);
    expect((await control('/_health', { headers: { host: 'localhost:1' } })).status).toBe(200);
  });
});

describe('the log', () => {
  it('has no value of a query and counts bytes', async () => {
    const ims = await imsOf(test);
    await ims.call('GET', '/v2/cloudimages?name=secret&limit=1');
    expect(log.at(-1)).toMatchObject({
      method: 'GET',
      service: 'ims',
      path: '/v2/cloudimages?name&limit',
      status: 200,
    });
    await obs(test, 'PUT', 'box/k', { body: '12345' });
    expect(log.at(-1)).toMatchObject({ bytesIn: 5, bytesOut: 0 });
  });
});

describe('close', () => {
  it('ends within a second, whatever is open', async () => {
    const { port } = new URL(test.cloud.endpoints.regions['local-1']?.obs ?? '');
    const idle = connect({ port: Number(port), host: '127.0.0.1' });
    const half = connect({ port: Number(port), host: '127.0.0.1' });
    idle.on('error', () => {});
    half.on('error', () => {});
    half.write('PUT /box/k HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nabc');
    put({ method: 'GET', action: { kind: 'delay', ms: 60_000 } });
    put({ method: 'PUT', path: '/box/slow', action: { kind: 'bandwidth', bytesPerSecond: 1000 } });
    const delayed = get().catch((error: Error) => error);
    const slow = obs(test, 'PUT', 'box/slow', { body: Buffer.alloc(100_000) }).catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    await test.cloud.close();
    await test.cloud.close();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await delayed).toBeInstanceOf(Error);
    expect(await slow).toBeInstanceOf(Error);
    await expect(get()).rejects.toThrow();
    idle.destroy();
    half.destroy();
  });
});
