// The client against real servers on loopback: what it repeats, what it gives up, what it says.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, FileChangedError, ProtocolError, UnavailableError } from '../model/index.ts';
import { HttpClient, type HttpClientOptions, type HttpRequest, type RequestGate } from './client.ts';
import type { RequestEvent } from './observer.ts';
import { parseJson } from './parse.ts';
import { fakeClock, type Handler, json, startServer, type TestServer } from './test-server.ts';
import { USER_AGENT } from './version.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setUp(handler: Handler, options: HttpClientOptions = {}) {
  const server = await startServer(handler);
  const clock = fakeClock();
  const events: RequestEvent[] = [];
  const http = new HttpClient({
    clock,
    random: () => 0.5,
    observer: (event) => events.push(event),
    ...options,
  });
  cleanups.push(server.close, () => http.close());
  return { server, clock, http, events };
}

const get = (server: TestServer, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: new URL('/thing', server.url),
  context: { operation: 'read the thing', cloud: 'huaweicloud "prod"', endpointHint: 'Check it.' },
  ...more,
});

/** Lets what has arrived be dealt with. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The error that a promise rejects with. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: unknown) => error,
  );
}

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

describe('answers', () => {
  it('gives body, headers and the id of the request', async () => {
    const { server, http } = await setUp((_, response) =>
      json(response, 200, { a: 1 }, { 'X-Request-Id': 'r-1' }),
    );
    const reply = await http.send(get(server));
    expect(parseJson(reply, get(server).context)).toEqual({ a: 1 });
    expect(reply.requestId).toBe('r-1');
    expect(server.received[0]?.headers['user-agent']).toBe(USER_AGENT);
  });

  it('sends a JSON body with DELETE', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    await http.send(get(server, { method: 'DELETE', body: '{"images":["x"]}' }));
    expect(server.received[0]?.body.toString()).toBe('{"images":["x"]}');
    expect(server.received[0]?.headers['content-length']).toBe('16');
  });

  it('follows no redirect', async () => {
    const { server, http } = await setUp((_, response) => {
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    const reply = await http.send(get(server));
    expect(reply.status).toBe(302);
    expect(server.received).toHaveLength(1);
  });

  it('says that HTML came instead of JSON', async () => {
    const { server, http } = await setUp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><title>Login</title></html>');
    });
    const reply = await http.send(get(server));
    expect(() => parseJson(reply, get(server).context)).toThrow(
      expect.objectContaining({
        message:
          'Could not read the thing on huaweicloud "prod": answered HTML instead of JSON (a proxy or a wrong endpoint?); the service answered: HTTP 200. Check it.',
        details: expect.objectContaining({ foreign: true }),
      }),
    );
  });

  it('says that JSON is cut off', async () => {
    const { server, http } = await setUp((_, response) => {
      response.end('{"images":[{"id":"1"},{"i');
    });
    const reply = await http.send(get(server));
    expect(() => parseJson(reply, get(server).context)).toThrow('truncated reply');
  });

  it('stops reading an answer that is too large', async () => {
    const { server, http } = await setUp((_, response) => response.end(Buffer.alloc(100_000)), {
      maxReplyBytes: 50_000,
    });
    const error = await failure(http.send(get(server)));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('the answer is larger than 50000 bytes');
    expect(server.received).toHaveLength(1);
  });
});

describe('repetitions', () => {
  it('repeats a read after 500, with full jitter under a doubling bound', async () => {
    let calls = 0;
    const { server, http, clock, events } = await setUp((_, response) => {
      calls += 1;
      json(response, calls < 4 ? 500 : 200, { calls });
    });
    const reply = await http.send(get(server));
    expect(reply.status).toBe(200);
    expect(clock.sleeps).toEqual([50, 100, 200]);
    expect(events.map(({ attempt, status, retryInMs }) => [attempt, status, retryInMs])).toEqual([
      [1, 500, 50],
      [2, 500, 100],
      [3, 500, 200],
      [4, 200, undefined],
    ]);
  });

  it('gives the last answer when the attempts are used up', async () => {
    const { server, http } = await setUp((_, response) => json(response, 503, {}));
    expect((await http.send(get(server))).status).toBe(503);
    expect(server.received).toHaveLength(4);
  });

  it('waits as long as Retry-After says, in seconds or as a date, at most a minute', async () => {
    const clock = fakeClock();
    const values = ['7', new Date(clock.now() + 7_000 + 20_000).toUTCString(), '86400'];
    const { server, http } = await setUp(
      (_, response) => {
        const value = values.shift();
        if (value === undefined) json(response, 200, {});
        else json(response, 429, {}, { 'Retry-After': value });
      },
      { clock },
    );
    await http.send(get(server));
    expect(clock.sleeps).toEqual([7_000, 20_000, 60_000]);
  });

  it.each([500, 502, 503, 504, 408])('does not repeat a POST after %i', async (status) => {
    const { server, http } = await setUp((_, response) => json(response, status, {}));
    expect((await http.send(get(server, { method: 'POST', body: '{}' }))).status).toBe(status);
    expect(server.received).toHaveLength(1);
  });

  it('repeats a POST after 429 and after a 503 that says "too many", from a longer base', async () => {
    let calls = 0;
    const { server, http, clock } = await setUp((_, response) => {
      calls += 1;
      if (calls === 1) json(response, 429, {});
      else if (calls === 2) json(response, 503, { code: 'SlowDown' });
      else json(response, 200, {});
    });
    const reply = await http.send(
      get(server, {
        method: 'POST',
        body: '{}',
        isThrottled: (answer) => answer.status === 503 && answer.text().includes('SlowDown'),
      }),
    );
    expect(reply.status).toBe(200);
    expect(clock.sleeps).toEqual([250, 500]);
  });

  it('asks for the headers again for each attempt', async () => {
    let calls = 0;
    const { server, http } = await setUp((_, response) => json(response, calls < 2 ? 500 : 200, {}));
    await http.send(
      get(server, {
        headers: () => {
          calls += 1;
          return { 'x-date': String(calls) };
        },
      }),
    );
    expect(server.received.map(({ headers }) => headers['x-date'])).toEqual(['1', '2']);
  });

  it('repeats once-only requests never', async () => {
    const { server, http } = await setUp((_, response) => json(response, 429, {}));
    await http.send(get(server, { method: 'PUT', repeat: 'once' }));
    expect(server.received).toHaveLength(1);
  });
});

describe('the gate', () => {
  it('lets each attempt pass, and is told of its end', async () => {
    const seen: string[] = [];
    let replies = 0;
    const gate: RequestGate = {
      enter: async (service, bulk) => {
        seen.push(`in ${new URL(service).hostname} ${bulk}`);
        return () => seen.push('out');
      },
    };
    const answer: Handler = (_, response) => json(response, replies++ === 0 ? 500 : 200, {});
    const { server, http } = await setUp(answer, { gate });
    await http.send(get(server));
    expect(seen).toEqual(['in 127.0.0.1 false', 'out', 'in 127.0.0.1 false', 'out']);
    seen.length = 0;
    await http.send(get(server, { method: 'PUT', body: Buffer.alloc(1024 ** 2) }));
    expect(seen).toEqual(['in 127.0.0.1 true', 'out']);
  });

  it('sends nothing when the wait for it is aborted', async () => {
    const gate: RequestGate = {
      enter: async () => {
        throw new CancelledError({ operation: 'wait', reason: 'it was cancelled' });
      },
    };
    let asked = 0;
    const { server, http } = await setUp((_, response) => json(response, 200, { asked: ++asked }), { gate });
    expect(await failure(http.send(get(server)))).toMatchObject({
      kind: 'cancelled',
      details: { operation: 'read the thing' },
    });
    expect(asked).toBe(0);
  });
});

describe('broken connections', () => {
  it('repeats anything when the connection was refused, then says where', async () => {
    const server = await startServer(() => {});
    const { url } = server;
    await server.close();
    const clock = fakeClock();
    const http = new HttpClient({ clock, random: () => 0 });
    cleanups.push(() => http.close());
    const error = await failure(
      http.send({ method: 'POST', url, context: { operation: 'do it' }, body: '{}' }),
    );
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(`connection refused by 127.0.0.1:${url.port}`);
    expect(String(error)).toContain(`Check the endpoint http://127.0.0.1:${url.port}`);
    expect(clock.sleeps).toHaveLength(3);
    expect((error as UnavailableError).retryable).toBe(true);
  });

  it('repeats a read when the connection is cut before the answer, but no POST', async () => {
    let calls = 0;
    const { server, http } = await setUp((_, response, raw) => {
      calls += 1;
      if (calls === 1) raw.socket.destroy();
      else json(response, 200, {});
    });
    expect((await http.send(get(server))).status).toBe(200);
    calls = 0;
    const error = await failure(http.send(get(server, { method: 'POST', body: '{}' })));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('the connection was reset');
    expect((error as UnavailableError).retryable).toBe(false);
    expect(calls).toBe(1);
  });

  it('notices an answer that is shorter than announced', async () => {
    const { server, http } = await setUp((_, response, raw) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half of it');
      setTimeout(() => raw.socket.destroy(), 20);
    });
    const error = await failure(http.send(get(server)));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('truncated reply');
    expect(server.received).toHaveLength(4);
  });

  it('notices an answer that is no HTTP', async () => {
    const raw = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    raw.listen(0, '127.0.0.1');
    await once(raw, 'listening');
    cleanups.push(async () => void raw.close());
    const http = new HttpClient({ clock: fakeClock() });
    cleanups.push(() => http.close());
    const { port } = raw.address() as { port: number };
    const error = await failure(
      http.send({ method: 'GET', url: new URL(`http://127.0.0.1:${port}/`), context: { operation: 'ask' } }),
    );
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('answered something that is not HTTP');
  });

  it('gives up waiting for an answer after the time', async () => {
    // Time passes only here: a machine that is busy with other things makes nothing late.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    cleanups.push(async () => void vi.useRealTimers());
    const { server, http } = await setUp(() => {}, { timeoutMs: 60, maxAttempts: 2 });
    let isOver = false;
    const failed = failure(http.send(get(server))).finally(() => {
      isOver = true;
    });
    for (const attempt of [1, 2]) {
      while (server.received.length < attempt) await turn();
      vi.advanceTimersByTime(59);
      await turn();
      expect(isOver).toBe(false);
      vi.advanceTimersByTime(1);
    }
    const error = await failed;
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('timed out after 60 ms without an answer');
    expect(server.received).toHaveLength(2);
  });

  it('does not time out while an answer comes slowly, and does when it stops', async () => {
    const { server, http } = await setUp(
      (request, response) => {
        response.writeHead(200, { 'content-length': '5' });
        let sent = 0;
        const timer = setInterval(() => {
          sent += 1;
          response.write('x');
          if (sent === (request.url === '/stops' ? 2 : 5)) clearInterval(timer);
        }, 60);
      },
      { timeoutMs: 150, maxAttempts: 1 },
    );
    const reply = await http.send(get(server));
    expect(reply.text()).toBe('xxxxx');
    const error = await failure(http.send(get(server, { url: new URL('/stops', server.url) })));
    expect(String(error)).toContain('timed out: the answer stopped for 150 ms');
  });

  it('ends at once when it is aborted, and repeats nothing', async () => {
    const controller = new AbortController();
    const { server, http } = await setUp(() => controller.abort());
    const error = await failure(http.send(get(server, { signal: controller.signal })));
    expect(error).toBeInstanceOf(CancelledError);
    expect(String(error)).toBe(
      'CancelledError: Could not read the thing on huaweicloud "prod": it was cancelled.',
    );
    expect(server.received).toHaveLength(1);
    expect(await failure(http.send(get(server, { signal: controller.signal })))).toBeInstanceOf(
      CancelledError,
    );
    expect(server.received).toHaveLength(1);
  });

  it('ends what is under way when it is closed', async () => {
    let close: (() => Promise<void>) | undefined;
    const { server, http } = await setUp(() => void close?.());
    close = () => http.close();
    expect(await failure(http.send(get(server)))).toBeInstanceOf(CancelledError);
  });
});

describe('streamed bodies', () => {
  it('sends the bytes with their length', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    const large = Buffer.alloc(1_000_000, 'ab');
    await http.send(
      get(server, {
        method: 'PUT',
        repeat: 'once',
        upload: { sizeBytes: large.length + 3, open: () => chunksOf(large, 'end') },
      }),
    );
    expect(server.received[0]?.headers['content-length']).toBe('1000003');
    expect(server.received[0]?.headers['transfer-encoding']).toBeUndefined();
    expect(server.received[0]?.body.equals(Buffer.concat([large, Buffer.from('end')]))).toBe(true);
  });

  it('sends an empty body', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    const upload = { sizeBytes: 0, open: () => chunksOf() };
    expect((await http.send(get(server, { method: 'PUT', repeat: 'once', upload }))).status).toBe(200);
    expect(server.received[0]?.headers['content-length']).toBe('0');
  });

  it('does not time out while bytes flow, longer than the time in all', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}), { timeoutMs: 150 });
    async function* slow() {
      for (let i = 0; i < 6; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        yield Buffer.alloc(10);
      }
    }
    const upload = { sizeBytes: 60, open: slow };
    expect((await http.send(get(server, { method: 'PUT', repeat: 'once', upload }))).status).toBe(200);
  });

  it('does not count the time that the source takes', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}), { timeoutMs: 80 });
    async function* throttled() {
      yield Buffer.alloc(10);
      await new Promise((resolve) => setTimeout(resolve, 250));
      yield Buffer.alloc(10);
    }
    const upload = { sizeBytes: 20, open: throttled };
    expect((await http.send(get(server, { method: 'PUT', repeat: 'once', upload }))).status).toBe(200);
  });

  it('times out when the service takes no more bytes, and ends the source', async () => {
    const raw = createServer((socket) => {
      socket.on('error', () => {});
      socket.pause();
    });
    raw.listen(0, '127.0.0.1');
    await once(raw, 'listening');
    cleanups.push(async () => void raw.close());
    const http = new HttpClient({ clock: fakeClock(), timeoutMs: 200 });
    cleanups.push(() => http.close());
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(1024 * 1024);
      } finally {
        ended = true;
      }
    }
    const { port } = raw.address() as { port: number };
    const error = await failure(
      http.send({
        method: 'PUT',
        url: new URL(`http://127.0.0.1:${port}/`),
        repeat: 'once',
        upload: { sizeBytes: 2 ** 40, open: endless },
        context: { operation: 'upload' },
      }),
    );
    expect(String(error)).toContain('timed out: no byte could be sent for 200 ms');
    expect(ended).toBe(true);
  });

  it('gives the error of the source, not that of the connection it broke', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    const changed = new FileChangedError({ operation: 'read disk.raw' });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      throw changed;
    }
    const upload = { sizeBytes: 100, open: broken };
    expect(await failure(http.send(get(server, { method: 'PUT', repeat: 'once', upload })))).toBe(changed);
  });

  it('refuses a source that is shorter than announced', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    const upload = { sizeBytes: 100, open: () => chunksOf('short') };
    const error = await failure(http.send(get(server, { method: 'PUT', repeat: 'once', upload })));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('the body had another length than announced');
  });

  it('has ended the source when an abort is answered', async () => {
    const controller = new AbortController();
    const { server, http } = await setUp((_, response) => json(response, 200, {}));
    let running = 0;
    async function* source() {
      try {
        for (;;) {
          running += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
          running -= 1;
          yield Buffer.alloc(10);
          if (!controller.signal.aborted) controller.abort();
        }
      } finally {
        running -= 100;
      }
    }
    const upload = { sizeBytes: 10_000, open: source };
    const error = await failure(
      http.send(get(server, { method: 'PUT', repeat: 'once', upload, signal: controller.signal })),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect(running).toBe(-100);
  });

  it('gives the answer that came before the body was through', async () => {
    const { createServer: createHttpServer } = await import('node:http');
    const { listen } = await import('./test-server.ts');
    const server = await listen(
      createHttpServer((request, response) => {
        request.on('error', () => {});
        request.once('data', () => json(response, 403, { code: 'AccessDenied' }));
      }),
    );
    cleanups.push(server.close);
    const http = new HttpClient({ clock: fakeClock(), timeoutMs: 2_000 });
    cleanups.push(() => http.close());
    async function* endless() {
      for (;;) yield Buffer.alloc(64 * 1024);
    }
    const reply = await http.send({
      method: 'PUT',
      url: server.url,
      repeat: 'once',
      upload: { sizeBytes: 2 ** 40, open: endless },
      context: { operation: 'upload' },
    });
    expect(reply.status).toBe(403);
  });
});

describe('streamed answers', () => {
  it('hands bytes over while they arrive', async () => {
    const { server, http } = await setUp((_, response) => response.end(Buffer.alloc(300_000, 7)), {
      maxReplyBytes: 10,
    });
    const stream = await http.open(get(server));
    if (!stream.ok) throw new Error('no stream');
    let sizeBytes = 0;
    for await (const chunk of stream.body) sizeBytes += chunk.byteLength;
    expect(sizeBytes).toBe(300_000);
  });

  it('gives a failed answer whole, after the repetitions', async () => {
    const { server, http } = await setUp((_, response) => json(response, 503, { code: 'x' }));
    const stream = await http.open(get(server));
    expect(stream.ok).toBe(false);
    expect(server.received).toHaveLength(4);
  });

  it('says that a stream broke off', async () => {
    const { server, http } = await setUp((_, response, raw) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
      setTimeout(() => raw.socket.destroy(), 20);
    });
    const stream = await http.open(get(server));
    if (!stream.ok) throw new Error('no stream');
    const read = async () => {
      for await (const _ of stream.body);
    };
    const error = await failure(read());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('truncated reply');
  });

  it('does not count the time that the reader takes', async () => {
    const { server, http } = await setUp((_, response) => response.end(Buffer.alloc(1_000_000)), {
      timeoutMs: 80,
    });
    const stream = await http.open(get(server));
    if (!stream.ok) throw new Error('no stream');
    let first = true;
    let sizeBytes = 0;
    for await (const chunk of stream.body) {
      if (first) await new Promise((resolve) => setTimeout(resolve, 200));
      first = false;
      sizeBytes += chunk.byteLength;
    }
    expect(sizeBytes).toBe(1_000_000);
  });
});

describe('proxies', () => {
  it('never asks a proxy for this machine', async () => {
    const { server, http } = await setUp((_, response) => json(response, 200, {}), {
      env: { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' },
    });
    expect((await http.send(get(server))).status).toBe(200);
  });

  it('asks the proxy of the environment for other hosts', async () => {
    const proxy = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        asked.push(data.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      });
    });
    const asked: string[] = [];
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    cleanups.push(async () => void proxy.close());
    const { port } = proxy.address() as { port: number };
    const http = new HttpClient({
      clock: fakeClock(),
      env: { HTTPS_PROXY: `http://127.0.0.1:${port}` },
      maxAttempts: 1,
    });
    cleanups.push(() => http.close());
    const error = await failure(
      http.send({ method: 'GET', url: new URL('https://ims.example/'), context: { operation: 'ask' } }),
    );
    expect(asked).toEqual(['CONNECT ims.example:443 HTTP/1.1']);
    expect(String(error)).toContain('the proxy refused the connection (HTTP 407)');
  });
});
