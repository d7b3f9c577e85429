// Where the web variant listens, and under which names browsers may come. Touches the network's interfaces.
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { InvalidInputError, UnavailableError } from '@imagebridge/core';

/** The port that is tried first. */
export const USUAL_PORT = 47_180;

/**
 * Binds the port, and returns it. Without one it is the usual port or, where that is taken, any free one.
 * @throws UnavailableError when the port is taken; InvalidInputError when there is no such address
 */
export async function listen(http: Server, host: string, port: number | undefined): Promise<number> {
  try {
    return await tryListen(http, host, port ?? USUAL_PORT);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (port === undefined && (code === 'EADDRINUSE' || code === 'EACCES')) return tryListen(http, host, 0);
    const operation = `listen on ${host}:${port ?? USUAL_PORT}`;
    if (code === 'EADDRINUSE') {
      const hint = 'Choose another one with --port, or leave the option out.';
      throw new UnavailableError({ operation, reason: 'another program has this port', hint });
    }
    if (code === 'EACCES') {
      const hint = 'Choose one above 1023 with --port.';
      throw new InvalidInputError({ operation, reason: 'this user may not use that port', hint });
    }
    const hint = 'Check --host: it must be an address of this machine.';
    throw new InvalidInputError({ operation, reason: code || 'it is not possible', hint, cause: thrown });
  }
}

function tryListen(http: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host, port, exclusive: true }, () => {
      http.off('error', reject);
      const bound = http.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

/** Names under which browsers may come when it listens beyond loopback: addresses of this machine, and its name. */
export function namesOf(host: string): string[] {
  if (isLoopbackAddress(host)) return [urlHost(host)];
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map((one) => one.address),
  );
  return [host, hostname().toLowerCase(), ...addresses].map(urlHost);
}

/** True for addresses that only this machine can reach. */
export const isLoopbackAddress = (host: string) =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const urlHost = (host: string) => (isIP(host) === 6 ? `[${host.replace(/%.*/, '')}]` : host);

/** The host of a link: an address that a browser can go to. */
export const displayHost = (host: string) =>
  host === '0.0.0.0' || host === '::' ? hostname().toLowerCase() : urlHost(host);
