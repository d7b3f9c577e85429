// The connections: direct to loopback, through the profile's or the environment's proxy to everything else.
import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import { InvalidInputError, type ProfileConnection } from '../model/index.ts';
import { authoritiesWith } from './authorities.ts';

/** Connections of one client. */
export interface Connections {
  for(url: URL): Dispatcher;
  /** Cuts what is under way and closes everything. */
  destroy(): Promise<void>;
}

/** How connections are made. */
export interface ConnectionOptions {
  connectTimeoutMs: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY (in either case) are read from. */
  env: Readonly<Record<string, string | undefined>>;
  /** The profile's own proxy wins over the environment's, and knows no exceptions but this machine itself. */
  connection?: ProfileConnection | undefined;
}

// Tokens of several kilobytes travel in headers.
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Makes the connections; nothing is opened until the first request.
 * @throws InvalidInputError, LocalFileError when the proxy or the file of certificates cannot be used
 */
export function openConnections(options: ConnectionOptions): Connections {
  const { caFile, insecure } = options.connection ?? {};
  const connect: { timeout: number; rejectUnauthorized?: boolean; secureContext?: SecureContext } = {
    timeout: options.connectTimeoutMs,
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
    ...(caFile === undefined ? {} : { secureContext: createSecureContext({ ca: authoritiesWith(caFile) }) }),
  };
  const common = {
    connect,
    // A proxy's connections take theirs from here: to the proxy, and through it.
    proxyTls: connect,
    requestTls: connect,
    // The client has its own idle timer, which a slow upload refreshes; undici's would end it.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const direct = new Agent(common);
  const proxied = profileProxy(options.connection, common) ?? environmentProxy(options.env, common);
  return {
    for: (url) => (proxied === undefined || isLoopback(url.hostname) ? direct : proxied),
    destroy: async () => {
      await Promise.all([direct.destroy(), proxied?.destroy()]);
    },
  };
}

type Common = Omit<ProxyAgent.Options, 'uri'>;

function profileProxy(connection: ProfileConnection | undefined, common: Common): Dispatcher | undefined {
  const proxy = connection?.proxy?.reveal();
  if (proxy === undefined) return undefined;
  return usable('the field proxy of the profile', () => {
    const url = new URL(proxy);
    const token = basicToken(url);
    return new ProxyAgent({ ...common, uri: url.origin, ...(token === undefined ? {} : { token }) });
  });
}

function environmentProxy(
  env: Readonly<Record<string, string | undefined>>,
  common: Common,
): Dispatcher | undefined {
  const variable = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const httpProxy = variable('HTTP_PROXY');
  const httpsProxy = variable('HTTPS_PROXY');
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  return usable('HTTP_PROXY or HTTPS_PROXY', () => {
    return new EnvHttpProxyAgent({
      ...common,
      // Empty texts, not absent ones: an absent one would be read from the process's own environment.
      httpProxy: withScheme(httpProxy ?? ''),
      httpsProxy: withScheme(httpsProxy ?? ''),
      noProxy: variable('NO_PROXY') ?? '',
    });
  });
}

/** Other tools take `host:port` for a proxy. */
const withScheme = (proxy: string): string =>
  proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;

/** Credentials of a proxy's URL as the proxy wants them. */
function basicToken(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function usable<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch {
    // No cause: what was thrown quotes the URL, which may hold credentials.
    throw new InvalidInputError({
      operation: 'use the proxy',
      reason: `${what} is no URL of a proxy`,
      hint: 'Write it as http://host:port; special characters of a password as %XX.',
    });
  }
}

/** True for names and addresses of this machine itself. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    name === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}
