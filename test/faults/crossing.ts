// One request on its way from a client through the proxy to the embedded cloud, and its answer on the way back. Traps hold
// it, cut it off or repeat it. Touches loopback sockets only.
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { What } from './plan.ts';
import { type ServiceName, type Sight, sightOf } from './requests.ts';

/** Where a request is on its way. See `Moment`. */
export type Stage = 'request' | 'held' | 'body' | 'reply';

/** Waits for the nth request of a kind to come to a stage. Springs once. */
export interface Trap {
  what: What;
  nth: number;
  stage: Stage;
  /** With stage `body`: share of the body that has gone on. */
  share?: number | undefined;
  /** The request waits until it resolves. `cut`: both connections are destroyed. */
  spring(passage: Passage): Promise<'cut' | undefined>;
}

/** A request on its way, as a trap sees it. */
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
  /** The head of a part has come; nothing of it has gone on until this resolves. */
  onPart?(sight: Sight, head: PartHead): Promise<void>;
  /** Bytes of a file came from the client. */
  onBytes?(count: number): void;
  /** The client has the whole answer. `order`: of the request's arrival. `text`: of a listing of parts. */
  onAnswered?(sight: Sight, status: number, order: number, text: string): void;
}

/** What a crossing needs of the proxy. */
export interface Surroundings {
  service: ServiceName;
  /** Port of the embedded cloud, as it is now. */
  port(): number;
  events: ProxyEvents;
  order: number;
  clientGone: Promise<void>;
  /** The traps that a request of this kind steps into. */
  traps(what: What): Trap[];
  /** Keeps an eye on a repeated request. */
  onReplay(replay: Promise<void>): void;
  /** Leads addresses in an answer through the proxy; absent for services that tell none. */
  rewrite?: ((body: Buffer) => Buffer) | undefined;
}

const HOST = '127.0.0.1';

/** See above. */
export class Crossing {
  readonly #around: Surroundings;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #body: PassThrough;
  /** What has come of the body, where it may be needed again. */
  readonly #seen: Buffer[] = [];
  #traps: Trap[] = [];
  #passage: Passage | undefined;

  constructor(around: Surroundings, request: IncomingMessage, response: ServerResponse) {
    this.#around = around;
    this.#request = request;
    this.#response = response;
    request.on('error', () => {});
    response.on('error', () => {});
    this.#body = eager(request);
  }

  /** Takes the request over and the answer back, or neither. Resolves when it is over. */
  async cross(): Promise<void> {
    const { service, order, events, traps } = this.#around;
    const { method = 'GET', url = '/', headers } = this.#request;
    // The action API says in its body what it is asked.
    const isApi = service === 'ucloudstack';
    if (isApi) this.#seen.push(await readAll(this.#body));
    const sight = sightOf(service, method, url, isApi ? Buffer.concat(this.#seen).toString('utf8') : '');
    this.#traps = traps(sight.what);
    this.#passage = {
      ...sight,
      clientGone: this.#around.clientGone,
      replay: (afterMs) => this.#around.onReplay(this.#replay(Buffer.concat(this.#seen), afterMs)),
    };
    const sizeBytes = isApi ? size(this.#seen) : Number(headers['content-length'] ?? 0);
    if (sight.what === 'part') {
      const md5 = Buffer.from(String(headers['content-md5'] ?? ''), 'base64').toString('hex');
      await events.onPart?.(sight, { md5, sizeBytes, order });
    }
    if (!(await this.#springs('request'))) return;
    const isHeld = this.#traps.some(({ stage }) => stage === 'held');
    if (isHeld && !isApi) this.#seen.push(await readAll(this.#body, (chunk) => this.#count(sight, chunk)));
    if (isHeld && (size(this.#seen) < sizeBytes || !(await this.#springs('held')))) return;
    await this.#over(sight, isHeld || isApi, sizeBytes);
  }

  /** @param isWhole the whole body has been read */
  async #over(sight: Sight, isWhole: boolean, sizeBytes: number): Promise<void> {
    const { socket } = this.#request;
    const onward = this.#open();
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      onward.once('response', resolve);
      onward.once('error', reject);
      onward.once('close', () => reject(new Error('closed')));
    });
    answered.catch(() => {});
    onward.on('error', () => {});
    const abandon = () => onward.destroy();
    socket.once('close', abandon);
    const sending = (isWhole ? this.#sendWhole(onward) : this.#stream(onward, sight, sizeBytes)).catch(() => {
      onward.destroy();
    });
    try {
      await this.#handBack(sight, await answered);
    } catch {
      // The server is away or went away: nothing will come any more.
      socket.destroy();
    } finally {
      socket.off('close', abandon);
      await sending;
    }
  }

  async #sendWhole(onward: ClientRequest): Promise<void> {
    if (await this.#springs('body')) onward.end(Buffer.concat(this.#seen));
    else onward.destroy();
  }

  async #stream(onward: ClientRequest, sight: Sight, sizeBytes: number): Promise<void> {
    const stops = this.#traps.filter(({ stage }) => stage === 'body');
    const stopAt = Math.floor(sizeBytes * Math.max(0, ...stops.map((trap) => trap.share ?? 0)));
    const isKept = this.#traps.some(({ stage }) => stage === 'reply');
    let passed = 0;
    let isStopAhead = stops.length > 0;
    const write = async (bytes: Buffer) => {
      if (bytes.length > 0 && !onward.write(bytes)) await drained(onward);
      passed += bytes.length;
    };
    for await (const chunk of this.#body as AsyncIterable<Buffer>) {
      this.#count(sight, chunk);
      if (isKept) this.#seen.push(chunk);
      const before = isStopAhead ? Math.min(chunk.length, stopAt - passed) : chunk.length;
      await write(chunk.subarray(0, before));
      if (isStopAhead && passed >= stopAt) {
        isStopAhead = false;
        if (!(await this.#springs('body'))) {
          onward.destroy();
          return;
        }
      }
      await write(chunk.subarray(before));
    }
    // A client that died in the middle must not be taken for one that is done.
    if (this.#request.complete) onward.end();
    else onward.destroy();
  }

  async #handBack(sight: Sight, reply: IncomingMessage): Promise<void> {
    const { events, order, rewrite } = this.#around;
    const response = this.#response;
    reply.on('error', () => {});
    const isListing = sight.what === 'list-parts';
    const whole = rewrite !== undefined || isListing ? await readAll(reply) : undefined;
    const body = rewrite !== undefined && whole !== undefined ? rewrite(whole) : whole;
    if (!(await this.#springs('reply'))) {
      reply.destroy();
      return;
    }
    const headers = {
      ...reply.headers,
      ...(body === undefined ? {} : { 'content-length': String(body.length) }),
    };
    // `close` is between proxy and server. An answer before the end of the body ends the connection, as a server would.
    delete headers.connection;
    if (!this.#request.complete) headers.connection = 'close';
    const status = reply.statusCode ?? 502;
    response.writeHead(status, headers);
    if (body !== undefined) response.write(body);
    else {
      for await (const chunk of reply as AsyncIterable<Buffer>) {
        if (!response.write(chunk)) await drained(response);
      }
      if (!reply.complete) throw new Error('the answer was cut off');
    }
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(resolve);
    });
    const text = isListing ? (body?.toString('utf8') ?? '') : '';
    if (response.writableFinished) events.onAnswered?.(sight, status, order, text);
  }

  /** Springs the traps of a stage. @returns whether the request may go on */
  async #springs(stage: Stage): Promise<boolean> {
    const { socket } = this.#request;
    for (const trap of this.#traps) {
      if (trap.stage !== stage || this.#passage === undefined) continue;
      if ((await trap.spring(this.#passage)) === 'cut') socket.destroy();
      if (socket.destroyed) return false;
    }
    return true;
  }

  #count({ what }: Sight, chunk: Buffer): void {
    if (what === 'part' || what === 'data') this.#around.events.onBytes?.(chunk.length);
  }

  #open(): ClientRequest {
    const { method, url, headers } = this.#request;
    return httpRequest({ host: HOST, port: this.#around.port(), method, path: url, headers, agent: false });
  }

  async #replay(body: Buffer, afterMs: number): Promise<void> {
    await delay(afterMs);
    await new Promise<void>((resolve) => {
      const again = this.#open();
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

const size = (chunks: readonly Buffer[]) => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

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
