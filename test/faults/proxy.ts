// Stands between the client and the embedded cloud: sees every request, counts what is sent again, and springs traps at
// exact moments: it can hold, cut, slow down, repeat and delay a request. Touches loopback sockets only.
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { What } from './plan.ts';
import { type ServiceName, type Sight, sightOf } from './requests.ts';

/** Where a request is on its way. See `Moment`. */
export type Stage = 'request' | 'held' | 'body' | 'reply';

/** Waits for the nth request of a kind to come to a stage. Springs once. */
export interface Trap {
  what: What | 'any';
  nth: number;
  stage: Stage;
  /** With stage `body`: share of the body that has gone on. */
  share?: number | undefined;
  /** Springs at the next one, and the next …, so often. Default 1. */
  times?: number | undefined;
  /** The request waits until it resolves. `cut`: both connections are destroyed. A number: it is answered with that status. */
  spring(passage: Passage): Promise<'cut' | Answer | undefined>;
}

/** An answer that the server never gave. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
}

/** A request on its way. */
export interface Passage extends Sight {
  /** Resolves when the client's connection has ended. */
  readonly clientGone: Promise<void>;
  /** Sends the request, with the whole body that was seen, to the server once more after a while; tells nobody. */
  replay(afterMs: number): void;
}

/** What the head of a part says. */
export interface PartHead {
  /** In hex, as the client states it. */
  md5: string;
  sizeBytes: number;
  /** Of its arrival among all requests. */
  order: number;
}

/** What the proxy tells its owner of. */
export interface ProxyEvents {
  /** The head of a part has come; nothing of it has gone on. */
  onPart?(sight: Sight, head: PartHead): Promise<void>;
  /** Bytes of a file came from the client. */
  onBytes?(count: number): void;
  /** The client has the whole answer. `order`: of the request's arrival. */
  onAnswered?(sight: Sight, status: number, order: number): void;
  onArrived?(sight: Sight, order: number): void;
}

interface Route {
  service: ServiceName;
  server: Server;
  /** Port of the embedded cloud. */
  upstream: number;
}

const HOST = '127.0.0.1';

/** One proxy for all services of one embedded cloud. */
export class FaultProxy {
  readonly #routes: Route[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #gone = new WeakMap<Socket, Promise<void>>();
  readonly #replays = new Set<Promise<void>>();
  #traps: { trap: Trap; seen: number; left: number }[] = [];
  #order = 0;
  events: ProxyEvents = {};

  /** Listens for a service. @returns the port */
  async add(service: ServiceName, upstream: number): Promise<number> {
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 });
    const route: Route = { service, server, upstream };
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      const gone = new Promise<void>((resolve) => {
        socket.on('close', () => {
          this.#sockets.delete(socket);
          resolve();
        });
      });
      this.#gone.set(socket, gone);
      socket.on('error', () => socket.destroy());
    });
    server.on('request', (request, response) => {
      this.#pass(route, request, response).catch(() => request.socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    this.#routes.push(route);
    return (server.address() as AddressInfo).port;
  }

  /** The embedded cloud has come back on other ports. */
  retarget(ports: Readonly<Record<ServiceName, number>>): void {
    for (const route of this.#routes) route.upstream = ports[route.service];
  }

  /** Sets traps; those that were set before are removed. */
  arm(traps: readonly Trap[]): void {
    this.#traps = traps.map((trap) => ({ trap, seen: 0, left: trap.times ?? 1 }));
  }

  /** Resolves when no repeated request is on its way any more. */
  async settled(): Promise<void> {
    while (this.#replays.size > 0) await Promise.all(this.#replays);
  }

  async close(): Promise<void> {
    this.#traps = [];
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#routes.map(({ server }) => new Promise((resolve) => server.close(resolve))));
    await this.settled();
  }

  /** The traps that a request steps into, in the order of their stages. */
  #traced(what: What): Trap[] {
    const mine: Trap[] = [];
    for (const entry of this.#traps) {
      if (entry.trap.what !== 'any' && entry.trap.what !== what) continue;
      entry.seen++;
      if (entry.seen < entry.trap.nth || entry.left === 0) continue;
      entry.left--;
      mine.push(entry.trap);
    }
    return mine;
  }

  async #pass(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const order = ++this.#order;
    request.on('error', () => {});
    response.on('error', () => {});
    // The action API says in its body what it is asked.
    const incoming = eager(request);
    const early = route.service === 'ucloudstack' ? await readAll(incoming) : undefined;
    const sight = sightOf(route.service, method, target, early?.toString('utf8') ?? '');
    const traps = this.#traced(sight.what);
    const seen: Buffer[] = early === undefined ? [] : [early];
    const passage: Passage = {
      ...sight,
      clientGone: this.#gone.get(socket) ?? Promise.resolve(),
      replay: (afterMs) => {
        const body = Buffer.concat(seen);
        const replay: Promise<void> = this.#replay(route, request, body, afterMs).finally(() =>
          this.#replays.delete(replay),
        );
        this.#replays.add(replay);
      },
    };
    this.events.onArrived?.(sight, order);
    if (sight.what === 'part') {
      const md5 = Buffer.from(String(request.headers['content-md5'] ?? ''), 'base64').toString('hex');
      const sizeBytes = Number(request.headers['content-length'] ?? 0);
      await this.events.onPart?.(sight, { md5, sizeBytes, order });
    }
    const isFile = sight.what === 'part' || sight.what === 'data';
    const springs = async (stage: Stage): Promise<boolean> => {
      for (const trap of traps.filter((one) => one.stage === stage)) {
        const verdict = await trap.spring(passage);
        if (verdict === 'cut') socket.destroy();
        else if (verdict !== undefined && !socket.destroyed) await answer(response, verdict);
        if (verdict !== undefined || socket.destroyed) return false;
      }
      return true;
    };
    if (!(await springs('request'))) return;
    const size = early?.length ?? Number(request.headers['content-length'] ?? 0);
    const isHeld = traps.some((trap) => trap.stage === 'held');
    const keeps = isHeld || traps.some((trap) => trap.stage === 'reply');
    const count = (chunk: Buffer) => {
      if (isFile) this.events.onBytes?.(chunk.length);
    };
    if (isHeld) {
      const body = early ?? (await readAll(incoming, count));
      seen.splice(0, seen.length, body);
      if (body.length < size || !(await springs('held'))) return;
    }

    const onward = httpRequest({
      host: HOST,
      port: route.upstream,
      method,
      path: target,
      headers: request.headers,
      agent: false,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      onward.once('response', resolve);
      onward.once('error', reject);
      onward.once('close', () => reject(new Error('closed')));
    });
    answered.catch(() => {});
    onward.on('error', () => {});
    const abandon = () => onward.destroy();
    socket.once('close', abandon);
    const pump = async () => {
      if (isHeld || early !== undefined) {
        if (await springs('body')) onward.end(Buffer.concat(seen));
        else onward.destroy();
        return;
      }
      const stops = traps.filter((trap) => trap.stage === 'body');
      const stopAt = Math.floor(size * Math.max(0, ...stops.map((trap) => trap.share ?? 0)));
      let passed = 0;
      let stopped = stops.length === 0;
      const write = async (bytes: Buffer) => {
        if (bytes.length > 0 && !onward.write(bytes)) await drained(onward);
        passed += bytes.length;
      };
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        count(chunk);
        if (keeps) seen.push(chunk);
        const before = stopped ? chunk.length : Math.min(chunk.length, Math.max(0, stopAt - passed));
        await write(chunk.subarray(0, before));
        if (!stopped && passed >= stopAt) {
          stopped = true;
          if (!(await springs('body'))) {
            onward.destroy();
            return;
          }
        }
        await write(chunk.subarray(before));
      }
      // A client that died in the middle must not be taken for one that is done.
      if (request.complete) onward.end();
      else onward.destroy();
    };
    const pumping = pump().catch(() => {
      onward.destroy();
    });
    try {
      const reply = await answered;
      await this.#handBack(route, sight, reply, request, response, () => springs('reply'), order);
    } catch {
      // The server is away or went away; a connection through which nothing will come any more ends.
      socket.destroy();
    } finally {
      socket.off('close', abandon);
      await pumping;
    }
  }

  async #handBack(
    route: Route,
    sight: Sight,
    reply: IncomingMessage,
    request: IncomingMessage,
    response: ServerResponse,
    springs: () => Promise<boolean>,
    order: number,
  ): Promise<void> {
    reply.on('error', () => {});
    const body = rewrites(route.service) ? this.#rewritten(await readAll(reply)) : undefined;
    if (!(await springs())) {
      reply.destroy();
      return;
    }
    const headers = {
      ...reply.headers,
      ...(body === undefined ? {} : { 'content-length': String(body.length) }),
    };
    // `close` is between this proxy and the server. An answer before the end of the body ends the connection, as a server would.
    delete headers.connection;
    if (!request.complete) headers.connection = 'close';
    response.writeHead(reply.statusCode ?? 502, headers);
    if (body !== undefined) response.write(body);
    else {
      for await (const chunk of reply as AsyncIterable<Buffer>) {
        if (!response.write(chunk)) await drained(response);
      }
      if (!reply.complete) {
        request.socket.destroy();
        return;
      }
    }
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(resolve);
    });
    if (response.writableFinished) this.events.onAnswered?.(sight, reply.statusCode ?? 0, order);
  }

  /** Addresses that services tell of each other lead through the proxy too. */
  #rewritten(body: Buffer): Buffer {
    let text = body.toString('utf8');
    for (const { server, upstream } of this.#routes) {
      const own = (server.address() as AddressInfo | null)?.port;
      text = text.replaceAll(new RegExp(`(127\\.0\\.0\\.1):${upstream}\\b`, 'g'), `$1:${own}`);
    }
    return Buffer.from(text);
  }

  async #replay(route: Route, request: IncomingMessage, body: Buffer, afterMs: number): Promise<void> {
    await delay(afterMs);
    await new Promise<void>((resolve) => {
      const again = httpRequest({
        host: HOST,
        port: route.upstream,
        method: request.method,
        path: request.url,
        headers: request.headers,
        agent: false,
      });
      again.on('response', (reply) => {
        reply.on('error', () => {}).on('close', resolve);
        reply.resume();
      });
      again.on('error', () => resolve());
      again.on('close', () => resolve());
      again.end(body);
    });
  }
}

const rewrites = (service: ServiceName) =>
  service === 'keystone' || service === 'iam' || service === 'ucloudstack';

async function answer(response: ServerResponse, { status, headers }: Answer): Promise<void> {
  response.writeHead(status, { 'content-length': '0', connection: 'close', ...headers });
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(resolve);
  });
}

/** A body that is read as it comes, wanted or not: the end of a connection is seen only behind what was read of it. */
function eager(request: IncomingMessage): PassThrough {
  const body = new PassThrough({ highWaterMark: 2 ** 26 });
  body.on('error', () => {});
  request.once('close', () => {
    if (!request.complete) body.destroy();
  });
  return request.pipe(body);
}

async function readAll(from: Readable, onChunk: (chunk: Buffer) => void = () => {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of from as AsyncIterable<Buffer>) {
    onChunk(chunk);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) return resolve();
    const done = () => {
      stream.off('drain', done).off('close', done).off('error', done);
      resolve();
    };
    stream.on('drain', done).on('close', done).on('error', done);
  });
}
