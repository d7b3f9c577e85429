// Servers that mean harm: huge, endless, slow, compressed, deep and poisoned answers, and redirects.
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProtocolError, UnavailableError } from '../model/index.ts';
import { HttpClient, type HttpClientOptions } from './client.ts';
import { parseJson, parseReply } from './parse.ts';
import { parseUntrusted } from './safe-json.ts';
import { type Handler, startServer } from './test-server.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const context = { operation: 'list images', cloud: 'openstack "lab"' };
const MIB = 1024 * 1024;

function client(options: HttpClientOptions = {}) {
  const http = new HttpClient({ maxAttempts: 1, ...options });
  cleanups.push(() => http.close());
  return http;
}

const get = (url: URL, headers?: Record<string, string>) => ({ method: 'GET', url, context, headers });

async function serve(handler: Handler) {
  const server = await startServer(handler);
  cleanups.push(server.close);
  return server;
}

/** A server that speaks for itself, below HTTP. */
async function raw(handler: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => handler(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return new URL(`http://127.0.0.1:${port}/`);
}

/** Writes chunks for as long as the other side reads; tells how many bytes that were. */
function pour(socket: Socket, chunk: Buffer | string): () => number {
  let sentBytes = 0;
  const more = () => {
    while (!socket.destroyed && sentBytes < 10 * 1024 * MIB) {
      sentBytes += chunk.length;
      if (!socket.write(chunk)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
  return () => sentBytes;
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: unknown) => error,
  );

describe('an answer of 10 GB', () => {
  it.each([
    ['without a length', 'transfer-encoding: chunked', '10000\r\n'],
    ['with a length', 'content-length: 10737418240', ''],
  ])('%s is cut at the limit, and memory does not grow', async (_, header, prefix) => {
    let sentBytes = () => 0;
    const chunk = Buffer.concat([
      Buffer.from(prefix),
      Buffer.alloc(65_536, 'x'),
      Buffer.from(prefix === '' ? '' : '\r\n'),
    ]);
    const url = await raw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${header}\r\n\r\n`);
      sentBytes = pour(socket, chunk);
    });
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const error = await failure(client().send(get(url)));
    clearInterval(watch);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('the answer is larger than 16777216 bytes');
    expect(Math.max(peak, process.memoryUsage().rss) - before).toBeLessThan(128 * MIB);
    await delay(50);
    const sent = sentBytes();
    expect(sent).toBeLessThan(64 * MIB);
    await delay(50);
    // The connection is gone: nothing flows any more.
    expect(sentBytes()).toBe(sent);
  });

  it('has no limit where its bytes are handed on, and stops when the reader does', async () => {
    let sentBytes = () => 0;
    const url = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n');
      sentBytes = pour(socket, Buffer.alloc(65_536));
    });
    const stream = await client().open(get(url));
    if (!stream.ok) throw new Error('it was refused');
    let readBytes = 0;
    for await (const chunk of stream.body) {
      readBytes += chunk.byteLength;
      if (readBytes > 32 * MIB) break;
    }
    await delay(50);
    expect(sentBytes()).toBeLessThan(64 * MIB);
  });
});

describe('compression', () => {
  it('is neither asked for nor unpacked: a bomb stays small', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    const reply = await client().send(get(server.url));
    expect(reply.body.byteLength).toBe(bomb.byteLength);
    expect(server.received[0]?.headers['accept-encoding']).toBeUndefined();
    expect(() => parseJson(reply, context)).toThrow('answered compressed data, which was not asked for');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%i to another origin is not followed, and takes nothing along',
    async (status) => {
      const thief = await serve((_, response) => response.end('{}'));
      const server = await serve((_, response) =>
        response.writeHead(status, { location: thief.url.href }).end('moved'),
      );
      const http = client();
      const secrets = { 'x-auth-token': 'topsecret', authorization: 'OBS AK:topsecret' };
      const reply = await http.send(get(server.url, secrets));
      expect(reply.status).toBe(status);
      expect(() => parseJson(reply, context)).toThrow(ProtocolError);
      const opened = await http.open(get(server.url, secrets));
      expect(opened.ok).toBe(false);
      await http.send({ ...get(server.url, secrets), method: 'POST', body: '{"password":"topsecret"}' });
      expect(server.received).toHaveLength(3);
      expect(thief.received).toHaveLength(0);
    },
  );
});

describe('a header', () => {
  it('without an end is cut', async () => {
    let sentBytes = () => 0;
    const url = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      sentBytes = pour(socket, `x-filler: ${'y'.repeat(4096)}\r\n`);
    });
    const error = await failure(client().send(get(url)));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('the header of the answer is too large');
    await delay(50);
    expect(sentBytes()).toBeLessThan(16 * MIB);
  });

  it('that trickles is given up after the time', async () => {
    const url = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const error = await failure(client({ timeoutMs: 200 }).send(get(url)));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('timed out after 200 ms without an answer');
  });

  it.each([
    ['100 Continue', 'the connection was reset'],
    ['103 Early Hints', 'timed out after 200 ms without an answer'],
  ])('that is announced for ever (%s) is given up', async (status, message) => {
    const url = await raw((socket) => {
      const timer = setInterval(() => socket.write(`HTTP/1.1 ${status}\r\n\r\n`), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const error = await failure(client({ timeoutMs: 200 }).send(get(url)));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(message);
  });
});

describe('an answer that trickles', () => {
  it('is given up, though it never stops', async () => {
    const url = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    const startedMs = performance.now();
    const error = await failure(client({ timeoutMs: 500 }).send(get(url)));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('timed out: the answer came at less than 1024 bytes a second');
    expect(performance.now() - startedMs).toBeGreaterThan(2_500);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

describe('poisoned JSON', () => {
  const reply = async (text: string) => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text);
    });
    return client().send(get(server.url));
  };

  it.each([
    '{"__proto__":{"polluted":1},"id":"a"}',
    '{"\\u005f_proto__":{"polluted":1},"id":"a"}',
    '{"constructor":{"prototype":{"polluted":1}},"id":"a"}',
    '{"id":"a","inner":[{"__proto__":{"polluted":1}}]}',
  ])('loses what reaches for prototypes: %s', async (text) => {
    const value = parseJson(await reply(text), context) as Record<string, unknown>;
    const copies = [value, { ...value }, Object.assign({}, value), structuredClone(value)];
    for (const copy of copies) {
      expect(copy.id).toBe('a');
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
      expect(copy.polluted).toBeUndefined();
      expect(JSON.stringify(copy)).not.toContain('polluted');
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keeps honest members of such names', async () => {
    const text = '{"constructor":"ACME","prototype":{"a":1},"text":"__proto__ and \\u4e2d"}';
    expect(parseJson(await reply(text), context)).toEqual(JSON.parse(text));
  });

  it('sets no prototype by way of a schema that keeps unknown members', async () => {
    const schema = z.looseObject({ id: z.string(), inner: z.looseObject({}).optional() });
    const text = '{"id":"a","__proto__":{"polluted":1},"inner":{"__proto__":{"polluted":1},"x":1}}';
    const data = parseReply(await reply(text), schema, context);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(data.inner)).toBe(Object.prototype);
    expect(data.polluted).toBeUndefined();
    expect(data.inner).toEqual({ x: 1 });
    // The schema by itself, too: not every value that meets one came through here.
    const bare = schema.parse(JSON.parse(text));
    expect(Object.getPrototypeOf(bare)).toBe(Object.prototype);
    expect(bare.polluted).toBeUndefined();
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('nested too deep is refused, not followed: %s', async (_, open, close) => {
    const deep = (levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
    const bomb = await reply(deep(1_000_000));
    expect(() => parseJson(bomb, context)).toThrow('answered JSON nested deeper than 100 levels');
    expect(() => parseJson(bomb, context)).toThrow(ProtocolError);
    expect(JSON.stringify(parseUntrusted(deep(100)))).toBe(deep(100));
    expect(() => parseUntrusted(deep(101))).toThrow();
  });

  it('is otherwise what JSON.parse makes of it, whatever it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 12 }), (text) => {
        fc.pre(!/__proto__|constructor/.test(text));
        expect(parseUntrusted(text)).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        let outcome: unknown;
        try {
          outcome = JSON.parse(text);
        } catch {
          expect(() => parseUntrusted(text)).toThrow(SyntaxError);
          return;
        }
        expect(parseUntrusted(text)).toEqual(outcome);
      }),
    );
  });

  it('is not taken for deep because of brackets in texts', () => {
    const value = { a: '['.repeat(500), 'b"\\': `{"\\"${'{'.repeat(500)}`, c: '\\', d: [[1]] };
    expect(parseUntrusted(JSON.stringify(value))).toEqual(value);
  });
});
