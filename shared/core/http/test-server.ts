// A scripted server on loopback for tests of the core. No part of the product.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Received {
  method: string;
  /** Path with query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Answers a request whose body has been read. */
export type Handler = (request: Received, response: ServerResponse, raw: IncomingMessage) => void;

/** A running server. */
export interface TestServer {
  url: URL;
  received: Received[];
  close(): Promise<void>;
}

/** Starts a server on a free port; it reads each body before it calls the handler. */
export async function startServer(handler: Handler): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const got = { method, url, headers, body: Buffer.concat(chunks) };
      received.push(got);
      handler(got, response, request);
    });
  });
  return { ...(await listen(server)), received };
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<{ url: URL; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** A clock whose time is steered by the test: a sleep takes no real time and is written down. */
export function fakeClock(startMs = Date.UTC(2023, 3, 19, 12)): {
  now(): number;
  sleep(ms: number): Promise<void>;
  sleeps: number[];
  advance(ms: number): void;
} {
  let now = startMs;
  const sleeps: number[] = [];
  return {
    now: () => now,
    sleep: async (ms) => {
      sleeps.push(ms);
      now += ms;
    },
    sleeps,
    advance: (ms) => {
      now += ms;
    },
  };
}
