// One port of the cloud: takes requests, carries faults out, sends replies, logs, and stops within a bounded time.
import { setMaxListeners } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalCloudError } from '../failure.ts';
import type { ChosenFaults, FaultSubject, Faults } from '../faults.ts';
import type { LocalCertificate, RequestLogEntry } from '../options.ts';
import { type Exchange, newId, type Reply, type Service } from './exchange.ts';
import { meter } from './meter.ts';

/** What a listener needs of the cloud. */
export interface ListenerOptions {
  service: string;
  region?: string | undefined;
  handle: Service;
  faults: Faults;
  clock: { now(): number };
  tls?: LocalCertificate | undefined;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
  /** What to answer when a client half-closes the connection in the middle of a body. */
  onShortBody?: ((requestId: string) => Reply) | undefined;
}

interface Connection {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
}

interface Progress {
  bytesIn: number;
  bytesOut: number;
  status: number;
  error?: string;
}

const htmlPage =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Please sign in</h1></body></html>\n';

/** A listening port. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #stop = new AbortController();
  readonly #underway = new Set<Promise<void>>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    // Every request that is delayed or slowed down listens, and there may be any number of them.
    setMaxListeners(0, this.#stop.signal);
    // A slow upload is no attack here: no limit on how long a request may take.
    const times = { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 65_000 };
    const { tls } = options;
    this.#server =
      tls === undefined
        ? createServer(times)
        : createTlsServer({ ...times, cert: tls.certificate, key: tls.privateKey });
    this.#server.on('request', (request, response) => {
      const work = this.#answer(request, response).finally(() => this.#underway.delete(work));
      this.#underway.add(work);
    });
    this.#server.on('clientError', (error: Error & { code?: string }, socket) => {
      const reply = error.code === 'HPE_INVALID_EOF_STATE' ? options.onShortBody?.(newId()) : undefined;
      if (!socket.writable) return socket.destroy();
      const body = typeof reply?.body === 'string' ? reply.body : '';
      const lines = [
        'HTTP/1.1 400 Bad Request',
        'connection: close',
        `content-length: ${Buffer.byteLength(body)}`,
        ...Object.entries(reply?.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      ];
      return socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
    });
  }

  /**
   * Starts to listen.
   * @returns the port
   * @throws LocalCloudError when the port is taken and `fallback` is false
   */
  async listen(host: string, port: number, fallback: boolean): Promise<number> {
    const attempt = (wanted: number) =>
      new Promise<number>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen({ host, port: wanted, exclusive: true }, () => {
          this.#server.off('error', reject);
          resolve((this.#server.address() as AddressInfo).port);
        });
      });
    try {
      return await attempt(port);
    } catch (error) {
      if (port !== 0 && fallback) return attempt(0);
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new LocalCloudError(
        `Could not listen on ${host}:${port} (${code}). Choose another base port, or stop what is listening there.`,
      );
    }
  }

  /** Stops listening, destroys every connection and waits until the work under way has noticed. */
  async close(): Promise<void> {
    this.#stop.abort();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    const limit = new AbortController();
    await Promise.race([
      Promise.allSettled([closed, ...this.#underway]),
      delay(800, undefined, { signal: limit.signal }).catch(() => {}),
    ]);
    limit.abort();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { service, region, clock, onRequest } = this.#options;
    const startedMs = performance.now();
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const subject: FaultSubject = { service, region, method, target };
    const faults = this.#options.faults.choose(subject);
    const progress: Progress = { bytesIn: 0, bytesOut: 0, status: 0 };
    const [rawPath = '/', search = ''] = target.split(/\?(.*)/s);
    // Kept here because a request that was destroyed forgets its socket.
    const { socket } = request;
    // A broken connection is noticed by whoever reads or writes; it must not bring the process down.
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      if (faults.delayMs > 0) await delay(faults.delayMs, undefined, { signal: this.#stop.signal });
      const exchange: Exchange = {
        method,
        rawPath,
        rawQuery: search,
        query: new URLSearchParams(search),
        headers: faults.expiresToken ? { ...request.headers, 'x-auth-token': 'expired' } : request.headers,
        requestId: newId(),
        now: clock.now(),
        region,
        body: this.#body({ request, socket }, faults),
        addBytesIn: (count) => {
          progress.bytesIn += count;
        },
        takeJobFailure: () => this.#options.faults.takeJobFailure(subject),
        stallsJob: faults.stallsJob,
        losesPart: faults.losesPart,
      };
      await this.#carryOut(exchange, { request, response, socket }, faults, progress);
    } catch {
      // Only a broken connection or the end of the cloud comes here: there is nobody left to tell.
      socket.destroy();
    }
    onRequest?.({
      service,
      region,
      method,
      path: withoutValues(rawPath, search),
      status: progress.status,
      ms: Math.round(performance.now() - startedMs),
      bytesIn: progress.bytesIn,
      bytesOut: progress.bytesOut,
      fault:
        faults.main?.kind ?? (faults.bytesPerSecond ? 'bandwidth' : faults.delayMs ? 'delay' : undefined),
      error: progress.error,
    });
  }

  #body({ request, socket }: Omit<Connection, 'response'>, faults: ChosenFaults): Readable {
    const cutAfterBytes =
      faults.main?.kind === 'cut' && hasBody(request) ? faults.main.afterBytes : undefined;
    if (cutAfterBytes === undefined && faults.bytesPerSecond === undefined) return request;
    return meter(request, {
      bytesPerSecond: faults.bytesPerSecond,
      cutAfterBytes,
      cut: () => socket.destroy(),
      signal: this.#stop.signal,
    });
  }

  async #carryOut(
    exchange: Exchange,
    { request, response, socket }: Connection,
    faults: ChosenFaults,
    progress: Progress,
  ): Promise<void> {
    const fault = faults.main;
    if (fault?.kind === 'cut' && fault.afterBytes === undefined) {
      socket.destroy();
      return;
    }
    const reply = await this.#reply(exchange, fault, socket, progress);
    if (fault?.kind === 'lose-reply') {
      socket.destroy();
      return;
    }
    const size = sizeOf(reply);
    let limit: number | undefined;
    if (fault?.kind === 'truncate') limit = Math.floor(size / 2);
    if (fault?.kind === 'cut') limit = hasBody(request) ? 0 : fault.afterBytes;
    if (limit === 0 || (limit !== undefined && exchange.method === 'HEAD')) {
      socket.destroy();
      return;
    }
    const headers: OutgoingHttpHeaders = { 'x-request-id': exchange.requestId, ...reply.headers };
    if (reply.status !== 204 && headers['content-length'] === undefined) headers['content-length'] = size;
    progress.status = reply.status;
    response.writeHead(reply.status, headers);
    if (exchange.method === 'HEAD' || size === 0) {
      response.end();
      return;
    }
    await send(response, reply, limit, progress);
    if (limit !== undefined) socket.destroy();
  }

  async #reply(
    exchange: Exchange,
    fault: ChosenFaults['main'],
    socket: Socket,
    progress: Progress,
  ): Promise<Reply> {
    if (fault?.kind === 'status') {
      return { status: fault.status, headers: fault.headers, body: fault.body ?? '' };
    }
    if (fault?.kind === 'html') {
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: htmlPage,
      };
    }
    try {
      return await this.#options.handle(exchange);
    } catch (error) {
      if (socket.destroyed) throw error;
      progress.error = error instanceof Error ? error.message : String(error);
      return { status: 500, body: '' };
    }
  }
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

function sizeOf(reply: Reply): number {
  if (reply.body === undefined) return 0;
  return typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.sizeBytes;
}

async function send(
  response: ServerResponse,
  reply: Reply,
  limit = Number.POSITIVE_INFINITY,
  progress: Progress,
): Promise<void> {
  const chunks = typeof reply.body === 'string' ? [Buffer.from(reply.body)] : (reply.body?.read() ?? []);
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, limit - progress.bytesOut);
    progress.bytesOut += part.length;
    if (response.destroyed) throw new Error('the connection is gone');
    if (!response.write(part)) await drained(response);
    if (progress.bytesOut >= limit) {
      // What was written must leave before the connection is destroyed, or the fault would be a plain cut.
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => () => {
      response.off('drain', onDrain).off('close', onClose);
      action();
    };
    const onDrain = settle(resolve);
    const onClose = settle(() => reject(new Error('the connection is gone')));
    response.on('drain', onDrain).on('close', onClose);
  });
}

/** The values of a query may be secret; their names are not. */
function withoutValues(rawPath: string, search: string): string {
  const names = [...new URLSearchParams(search).keys()];
  return names.length === 0 ? rawPath : `${rawPath}?${names.join('&')}`;
}
