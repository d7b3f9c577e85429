// For tests of the web server: one with a small window, and what browsers and others ask of it.
import { request as httpRequest } from 'node:http';
import { systemClock } from '@imagebridge/core';
import type { Transport } from '@imagebridge/desktop-contract';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testFolder } from '../../clouds/testing.ts';
import { Asset } from '../assets.ts';
import { startWebServer, type WebServer } from '../server.ts';

/** The window's page. */
export const index = '<!doctype html><title>the window</title>';
/** One of its scripts. */
export const script = `console.log(${JSON.stringify('x'.repeat(5000))})`;
const assets = new Map([
  ['/', new Asset('/index.html', Buffer.from(index))],
  ['/index.html', new Asset('/index.html', Buffer.from(index))],
  ['/assets/main-AbCd1234.js', new Asset('/assets/main-AbCd1234.js', Buffer.from(script))],
]);

/** What was answered. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Asks as a browser would, with headers that no browser lets pages choose. */
export function ask(
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

/** A server over an engine that notes what it is given. It is closed when the test ends. */
export async function setUp(
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
  onTestFinished(() => server.close());
  return { server, lines, warnings, added, dataDir, port: server.port };
}

/** Path and query of a link. */
export const pathOf = (link: string) => new URL(link).pathname + new URL(link).search;

/** Uses a link up; returns the cookie. */
export async function signIn(server: WebServer): Promise<string> {
  const reply = await ask(server.port, pathOf(server.newLink()));
  expect(reply.status).toBe(303);
  return String(reply.headers['set-cookie']).split(';')[0] ?? '';
}

/** Opens a WebSocket; gives the status where it is refused. */
export function upgrade(
  port: number,
  headers: Record<string, string>,
  path = '/engine',
): Promise<number | WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}
