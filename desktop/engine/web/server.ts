// The HTTP server of the web variant: the built window, and a WebSocket to the engine, for browsers that came by a link.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, systemClock } from '@imagebridge/core';
import type { Transport } from '@imagebridge/desktop-contract';
import { WebSocketServer } from 'ws';
import type { Log } from '../context.ts';
import { Access } from './access.ts';
import type { Asset } from './assets.ts';
import { displayHost, listen, namesOf } from './listen.ts';
import { goOnPage, needLinkPage, PLAIN_CSS } from './pages.ts';
import { redirect, reply, sendAsset } from './reply.ts';
import { readPaths, SECOND_START_PATH, type SecondStartAnswer } from './second-start.ts';
import { webSocketLine } from './transport.ts';

/** Where the window's WebSocket goes. */
export const ENGINE_PATH = '/engine';
/** Ten thousand paths or forms fit. */
const MAX_MESSAGE_BYTES = 16 * 1024 ** 2;
const MAX_WINDOWS = 64;
const MAX_WARNINGS = 20;
const WARNINGS_MS = 60_000;
const HTML = 'text/html; charset=utf-8';

/** What is needed of the engine. */
export interface Served {
  connect(transport: Transport): void;
  add(paths: readonly string[]): Promise<string[]>;
}

/** How the server is started. */
export interface WebServerOptions {
  engine: Served;
  assets: ReadonlyMap<string, Asset>;
  dataDir: string;
  log: Log;
  clock?: Clock | undefined;
  /** Default 127.0.0.1. The caller has asked whether another one is meant. */
  host?: string | undefined;
  /** Default: the usual one, or a free one when that is taken. 0: a free one. */
  port?: number | undefined;
  /** Where browsers reach it, when a proxy with TLS stands in front. */
  publicUrl?: string | undefined;
  maxMessageBytes?: number | undefined;
}

/** A running server. */
export interface WebServer {
  /** Where it answers, without a token. */
  readonly address: string;
  /** The same, as seen from this machine. */
  readonly localAddress: string;
  readonly port: number;
  /** A new link; the one before, if unused, is no longer good. */
  newLink(): string;
  /** What a later start on the same data folder needs to ask for a link. */
  readonly linkKey: string;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Starts the server. @throws UnavailableError when the port is taken; InvalidInputError when there is no such address */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { engine, assets, dataDir, log, clock = systemClock, host = '127.0.0.1', publicUrl } = options;
  const http = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 10_000 });
  const port = await listen(http, host, options.port);
  const origins = publicUrl === undefined ? [] : [new URL(publicUrl).origin];
  const access = new Access({ dataDir, clock, log, port, names: namesOf(host), origins });
  const address = new URL(publicUrl ?? `http://${displayHost(host)}:${port}`).origin;
  const newLink = () => `${address}/?token=${access.mint()}`;
  const isSecure = address.startsWith('https:');
  const warn = limited((text) => log.warn(text), clock);

  http.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      warn(`A request could not be answered: ${thrown instanceof Error ? thrown.message : 'unknown'}.`);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const refusal = whyNot(access, request);
    if (refusal !== undefined) return reply(response, 403, refusal);
    const target = request.url ?? '/';
    if (!URL.canParse(target, 'http://localhost')) return reply(response, 400, 'That is no address.');
    const url = new URL(target, 'http://localhost');
    if (method === 'POST' && url.pathname === SECOND_START_PATH) return secondStart(request, response);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return reply(response, 405, 'This address only answers GET.');
    }
    const token = url.pathname === '/' && method === 'GET' ? url.searchParams.get('token') : null;
    if (token !== null) return exchange(request, response, token);
    if (url.pathname === '/plain.css') return reply(response, 200, PLAIN_CSS, 'text/css; charset=utf-8');
    if (!access.hasSession(headers)) {
      return url.pathname === '/'
        ? reply(response, 401, needLinkPage(), HTML)
        : reply(response, 401, 'A link of the uploader is needed.');
    }
    const asset = assets.get(url.pathname);
    if (asset === undefined) return reply(response, 404, 'There is nothing here.');
    await sendAsset(request, response, asset);
  }

  async function secondStart(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('connection', 'close');
    if (!access.hasLinkKey(request.headers)) return reply(response, 401, 'The key is wrong.');
    const paths = await readPaths(request);
    if (paths === undefined) return reply(response, 400, 'That has a wrong shape.');
    const refused = paths.length === 0 ? [] : await engine.add(paths);
    const answer: SecondStartAnswer = { url: newLink(), refused };
    reply(response, 200, JSON.stringify(answer), 'application/json; charset=utf-8');
  }

  function exchange(request: IncomingMessage, response: ServerResponse, token: string): void {
    const { headers } = request;
    // A browser that fetches ahead must not use the link up.
    if (/prefetch|prerender/.test(String(headers['sec-purpose'] ?? headers.purpose ?? ''))) {
      reply(response, 503, 'Not ahead of time.');
      return;
    }
    const session = access.redeem(token);
    if (session === undefined) {
      // Whoever reloads the address of a used link, and is in already, just goes on.
      if (access.hasSession(headers)) redirect(response);
      else {
        warn('Somebody came with a wrong or used link.');
        reply(response, 401, needLinkPage(), HTML);
      }
      return;
    }
    response.setHeader(
      'set-cookie',
      `${access.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`,
    );
    // A strict cookie does not travel with a redirect that another page has begun.
    const isFromElsewhere = /cross-site|same-site/.test(String(headers['sec-fetch-site'] ?? ''));
    if (isFromElsewhere) reply(response, 200, goOnPage(), HTML);
    else redirect(response);
  }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    // On this machine packing costs more than it saves.
    perMessageDeflate: false,
    clientTracking: true,
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = whyNotUpgrade(access, request, sockets.clients.size);
    if (refusal !== undefined) {
      warn(`A connection was refused: ${refusal.text}`);
      return refuse(socket, refusal.status, refusal.text);
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      engine.connect(webSocketLine(opened, { onBadMessage: (why) => warn(`A window sent ${why}.`) }));
    });
  });

  const open = new Set<Socket>();
  http.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });

  return {
    address,
    localAddress: `http://${displayHost(host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)}:${port}`,
    port,
    newLink,
    linkKey: access.linkKey,
    async close() {
      const ended = new Promise((resolve) => http.close(resolve));
      for (const client of sockets.clients) client.close(1001);
      http.closeIdleConnections();
      const late = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, 500);
      await ended;
      clearTimeout(late);
      await access.saved();
    },
  };
}

/** Whoever tries again and again must not push everything else out of the log. */
function limited(warn: (text: string) => void, clock: Clock): (text: string) => void {
  let sinceMs = 0;
  let told = 0;
  return (text) => {
    if (clock.now() - sinceMs > WARNINGS_MS) {
      sinceMs = clock.now();
      told = 0;
    }
    told++;
    if (told <= MAX_WARNINGS) warn(text);
    if (told === MAX_WARNINGS) warn('More of that kind is not noted for a minute.');
  };
}

/** Why a request is refused, whoever sends it. */
function whyNot(access: Access, { headers }: IncomingMessage): string | undefined {
  if (!access.isOurHost(headers))
    return 'This address is not one of the uploader: use the link that it printed.';
  if (headers.origin !== undefined && !access.isOurOrigin(headers))
    return 'Other pages may not use the uploader.';
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  if ((site === 'cross-site' || site === 'same-site') && mode !== 'navigate') {
    return 'Other pages may not use the uploader.';
  }
  return undefined;
}

function whyNotUpgrade(
  access: Access,
  request: IncomingMessage,
  windows: number,
): { status: string; text: string } | undefined {
  const refusal = whyNot(access, request);
  if (refusal !== undefined) return { status: '403 Forbidden', text: refusal };
  // Every browser says where a connection comes from; what does not say it is none.
  if (!access.isOurOrigin(request.headers)) return { status: '403 Forbidden', text: 'There is no Origin.' };
  if (request.url !== ENGINE_PATH) return { status: '404 Not Found', text: 'There is nothing here.' };
  if (!access.hasSession(request.headers)) return { status: '401 Unauthorized', text: 'A link is needed.' };
  if (windows >= MAX_WINDOWS)
    return { status: '503 Service Unavailable', text: 'There are too many windows.' };
  return undefined;
}

function refuse(socket: Duplex, status: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
