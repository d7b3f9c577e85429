// Where the server listens: a unix socket, or a loopback port where that cannot be.
import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { createConnection, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

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
const prefix = () => `tfplugin-${process.pid}-`;
const FOLDER = /^tfplugin-(\d+)-[A-Za-z0-9]{6}$/;
const SOCKET = 's';
/** Younger folders may belong to a process that is just starting, perhaps in a container with other process numbers. */
const SWEEP_AGE_MS = 60_000;

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

/**
 * Removes the folders that killed processes left beside ours. Only what is surely such a folder is touched: of our name and
 * user, old enough, of a process that is no more, holding nothing but a socket on which nobody listens. Never throws.
 */
export async function sweep(address: Address, now: number = Date.now()): Promise<void> {
  if (address.network !== 'unix') return;
  const parent = dirname(dirname(address.text));
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = FOLDER.exec(name)?.[1];
    // Errors do not matter: somebody else may be sweeping as well.
    if (pid !== undefined && isGone(Number(pid))) await sweepFolder(join(parent, name), now).catch(() => {});
  }
}

async function sweepFolder(folder: string, now: number): Promise<void> {
  const stat = await lstat(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || now - stat.mtimeMs < SWEEP_AGE_MS) return;
  const names = await readdir(folder);
  if (names.some((name) => name !== SOCKET)) return;
  const socket = join(folder, SOCKET);
  if (names.length > 0) {
    if (!(await lstat(socket)).isSocket() || !(await isDeaf(socket))) return;
    await unlink(socket);
  }
  await rmdir(folder);
}

/** True where no process has this number. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** True where nobody listens on a socket. */
function isDeaf(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'));
  });
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
