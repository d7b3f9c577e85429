// Where the server listens: a unix socket, or a loopback port where that cannot be.
import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
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

/** Folders are named after their process, so that a later one can tell whether it is still there. */
export const FOLDER = /^tfplugin-(\d+)-[A-Za-z0-9]{6}$/;
const prefix = () => `tfplugin-${process.pid}-`;
/** The socket's name in its folder. */
export const SOCKET = 's';

type Env = Readonly<Record<string, string | undefined>>;

/** Starts to listen. Throws where neither a socket nor a port can be had. */
export async function listen(server: Server, env: Env, platform: NodeJS.Platform): Promise<Address> {
  if (platform !== 'win32') {
    const parent = env.PLUGIN_UNIX_SOCKET_DIR || tmpdir();
    if (Buffer.byteLength(join(parent, `${prefix()}XXXXXX`, SOCKET)) <= MAX_SOCKET_PATH_BYTES) {
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
  const folder = mkdtempSync(join(parent, prefix()));
  const text = join(folder, SOCKET);
  const remove = () => {
    // Terraform may have removed the socket already.
    for (const step of [() => unlinkSync(text), () => rmdirSync(folder)]) {
      try {
        step();
      } catch {}
    }
  };
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
