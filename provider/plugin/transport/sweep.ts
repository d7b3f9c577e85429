// Removes what killed processes left where unix sockets are made. Touches nothing that is not surely such a leaving.
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { type Address, FOLDER, SOCKET } from './listen.ts';

/** Younger folders may belong to a process that is just starting, perhaps in a container with other process numbers. */
const SWEEP_AGE_MS = 60_000;

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
