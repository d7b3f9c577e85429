// The connections: direct to loopback, through the environment's proxy to everything else.
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

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
}

// Tokens of several kilobytes travel in headers.
const MAX_HEADER_BYTES = 64 * 1024;

/** Makes the connections; nothing is opened until the first request. */
export function openConnections(options: ConnectionOptions): Connections {
  const common = {
    connect: { timeout: options.connectTimeoutMs },
    // The client has its own idle timer, which a slow upload refreshes; undici's would end it.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const direct = new Agent(common);
  const variable = (name: string) => options.env[name.toLowerCase()] || options.env[name] || undefined;
  const httpProxy = variable('HTTP_PROXY');
  const httpsProxy = variable('HTTPS_PROXY');
  const proxied =
    httpProxy === undefined && httpsProxy === undefined
      ? undefined
      : new EnvHttpProxyAgent({
          ...common,
          // Empty texts, not absent ones: an absent one would be read from the process's own environment.
          httpProxy: httpProxy ?? '',
          httpsProxy: httpsProxy ?? '',
          noProxy: variable('NO_PROXY') ?? '',
        });
  return {
    for: (url) => (proxied === undefined || isLoopback(url.hostname) ? direct : proxied),
    destroy: async () => {
      await Promise.all([direct.destroy(), proxied?.destroy()]);
    },
  };
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
