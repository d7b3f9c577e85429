// Where the server listens: a unix socket, or a loopback port where that cannot be.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An address as the handshake and TF_REATTACH_PROVIDERS name it. */
export interface Address {
  readonly network: 'unix' | 'tcp';
  readonly text: string;
  /** Removes what was made on disk. */
  readonly remove: () => void;
}

/** Systems cut longer socket paths silently (104 bytes on macOS, 108 on Linux), and nobody finds the socket. */
const MAX_SOCKET_PATH_BYTES = 103;

type Env = Readonly<Record<string, string | undefined>>;

/** Starts to listen. Throws where neither a socket nor a port can be had. */
export async function listen(server: Server, env: Env, platform: NodeJS.Platform): Promise<Address> {
  if (platform !== 'win32') {
    const parent = env.PLUGIN_UNIX_SOCKET_DIR || tmpdir();
    // The folder's random suffix and the file's name take 16 bytes more.
    if (Buffer.byteLength(join(parent, 'plugin-XXXXXX', 's')) <= MAX_SOCKET_PATH_BYTES) {
      try {
        return await listenOnSocket(server, parent);
      } catch {
        // A folder that cannot be written: a port serves as well.
      }
    }
  }
  return listenOnPort(server, env);
}

async function listenOnSocket(server: Server, parent: string): Promise<Address> {
  // A folder of our own, which others cannot enter.
  const folder = mkdtempSync(join(parent, 'plugin-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const text = join(folder, 's');
  try {
    await listening(server, { path: text });
  } catch (error) {
    remove();
    throw error;
  }
  return { network: 'unix', text, remove };
}

async function listenOnPort(server: Server, env: Env): Promise<Address> {
  const first = Number(env.PLUGIN_MIN_PORT) || 0;
  const last = Math.max(Number(env.PLUGIN_MAX_PORT) || 0, first);
  const host = '127.0.0.1';
  for (let port = first; ; port++) {
    try {
      await listening(server, { host, port });
      break;
    } catch (error) {
      if (port >= last) throw error;
    }
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : first;
  return { network: 'tcp', text: `${host}:${port}`, remove: () => {} };
}

function listening(
  server: Server,
  options: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
