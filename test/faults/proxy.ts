// Stands between the clients and the embedded cloud, one port for each of its services: sees every request, and has the traps
// that they step into. Touches loopback sockets only.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Crossing, type ProxyEvents, type Surroundings, type Trap } from './crossing.ts';
import type { What } from './plan.ts';
import type { ServiceName } from './requests.ts';

interface Route {
  service: ServiceName;
  server: Server;
  /** Port of the embedded cloud. */
  upstream: number;
}

/** Services that tell addresses of others. */
const TELLING: readonly ServiceName[] = ['keystone', 'iam', 'ucloudstack'];

/** One proxy for all services of one embedded cloud. */
export class FaultProxy {
  readonly #routes: Route[] = [];
  readonly #clients = new Map<Socket, Promise<void>>();
  readonly #replays = new Set<Promise<void>>();
  #traps: { trap: Trap; seen: number }[] = [];
  #order = 0;
  events: ProxyEvents = {};

  /** Listens for a service. @returns the port */
  async add(service: ServiceName, upstream: number): Promise<number> {
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 });
    const route: Route = { service, server, upstream };
    server.on('connection', (socket) => {
      const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      this.#clients.set(socket, gone);
      socket.once('close', () => this.#clients.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    server.on('request', (request, response) => {
      const around = this.#around(route, this.#clients.get(request.socket) ?? Promise.resolve());
      new Crossing(around, request, response).cross().catch(() => request.socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#routes.push(route);
    return portOf(server);
  }

  /** The embedded cloud has come back on other ports. */
  retarget(ports: Readonly<Record<ServiceName, number>>): void {
    for (const route of this.#routes) route.upstream = ports[route.service];
  }

  /** Sets traps; those that were set before are removed. */
  arm(traps: readonly Trap[]): void {
    this.#traps = traps.map((trap) => ({ trap, seen: 0 }));
  }

  /** Resolves when no repeated request is on its way any more. */
  async settled(): Promise<void> {
    while (this.#replays.size > 0) await Promise.all(this.#replays);
  }

  async close(): Promise<void> {
    this.#traps = [];
    for (const socket of this.#clients.keys()) socket.destroy();
    await Promise.all(this.#routes.map(({ server }) => new Promise((resolve) => server.close(resolve))));
    await this.settled();
  }

  #around(route: Route, clientGone: Promise<void>): Surroundings {
    return {
      service: route.service,
      port: () => route.upstream,
      events: this.events,
      order: ++this.#order,
      clientGone,
      traps: (what) => this.#steppedInto(what),
      onReplay: (replay) => {
        const watched: Promise<void> = replay.finally(() => this.#replays.delete(watched));
        this.#replays.add(watched);
      },
      rewrite: TELLING.includes(route.service) ? (body) => this.#rewritten(body) : undefined,
    };
  }

  #steppedInto(what: What): Trap[] {
    const mine: Trap[] = [];
    for (const entry of this.#traps) {
      if (entry.trap.what !== what) continue;
      entry.seen++;
      if (entry.seen === entry.trap.nth) mine.push(entry.trap);
    }
    return mine;
  }

  /** Addresses that services tell of each other lead through the proxy too. */
  #rewritten(body: Buffer): Buffer {
    let text = body.toString('utf8');
    for (const { server, upstream } of this.#routes) {
      text = text.replaceAll(new RegExp(`(127\\.0\\.0\\.1):${upstream}\\b`, 'g'), `$1:${portOf(server)}`);
    }
    return Buffer.from(text);
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
