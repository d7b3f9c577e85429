// A network with a sign-in page, for tests: everything passes it, until it answers every request itself. For vitest only.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalCloud } from '@imagebridge/local-cloud';

/** What such networks do: they answer themselves, or lead to their page. `silence`: a network that is gone says nothing, and takes nothing. */
export type PortalKind = 'page' | 'redirect' | 'silence';

/** The network between a test and its cloud. */
export interface Portal {
  /** How it answers instead of the cloud; undefined: it lets everything through. */
  kind: PortalKind | undefined;
  /** Requests that it has answered itself. */
  readonly answered: number;
  close(): Promise<void>;
}

const PAGE = '<!DOCTYPE html><html><head><title>Hotel Wi-Fi</title></head><body>Please sign in</body></html>';

/** Puts a network before a cloud, and writes the cloud's profiles so that they lead through it. */
export async function openPortal(cloud: LocalCloud, profilesPath: string): Promise<Portal> {
  const servers = new Map<string, Server>();
  let answered = 0;
  const portal: Portal = {
    kind: undefined,
    get answered() {
      return answered;
    },
    async close() {
      for (const server of servers.values()) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  const answer = (request: IncomingMessage, response: ServerResponse, port: string) => {
    if (portal.kind === undefined) return pass(request, response, port);
    answered++;
    if (portal.kind === 'silence') return;
    request.resume();
    if (portal.kind === 'redirect') response.writeHead(302, { location: 'http://portal.invalid/' }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  };
  /** The address before one of the cloud's. */
  const before = async (url: string): Promise<string> => {
    const { port } = new URL(url);
    let server = servers.get(port);
    if (server === undefined) {
      server = createServer((request, response) => answer(request, response, port));
      servers.set(port, server);
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    }
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  let text = readFileSync(cloud.profilesPath, 'utf8');
  for (const url of new Set(text.match(/http:\/\/127\.0\.0\.1:\d+/g)))
    text = text.replaceAll(url, await before(url));
  // Else Keystone's catalogue leads past it.
  const glance = await before(cloud.endpoints.regions['local-1']?.glance ?? '');
  text = text.replaceAll(/^( +)auth_url: .*$/gm, `$&\n$1image_endpoint: "${glance}"`);
  writeFileSync(profilesPath, text, { mode: 0o600 });
  return portal;
}

/** Hands a request on as it is, signature included. */
function pass(request: IncomingMessage, response: ServerResponse, port: string): void {
  const { method, url, rawHeaders } = request;
  const headers = headersOf(rawHeaders);
  const onward = forward({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    reply.pipe(response);
  });
  const end = () => {
    onward.destroy();
    response.destroy();
  };
  onward.on('error', end);
  request.on('error', end);
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) headers[raw[at] ?? ''] = raw[at + 1] ?? '';
  return headers;
}
