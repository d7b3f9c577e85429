// The lock of an upload is a bound local endpoint: the system gives it up when its process dies, however it dies.
// Touches local sockets, and the owner's card (owner.json) in the upload's folder.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readlinkSync } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { BusyError, type Clock } from '../model/index.ts';
import { journalError } from './journal.ts';
import { systemCode } from './source-file.ts';

/** How the lock is bound: an abstract Unix socket, a named pipe, or a socket file where neither exists. */
export type LockKind = 'abstract' | 'pipe' | 'socket-file';

/** What this platform has. */
export const platformLockKind: LockKind =
  process.platform === 'linux' ? 'abstract' : process.platform === 'win32' ? 'pipe' : 'socket-file';

/**
 * Address of an endpoint. Same user, same state directory (however it is spelt), same name: same address.
 * @param name an upload id, or the name of a short lock of the state directory
 */
export async function endpointAddress(stateDir: string, name: string, kind: LockKind): Promise<string> {
  const real = await realpath(stateDir).catch(() => stateDir);
  const digest = createHash('sha256').update(`${real}\0${name}`).digest('hex');
  const uid = process.getuid?.() ?? 'user';
  // Node versions differ in padding abstract names with zeros: a name of full length (108 bytes) is the same for all.
  if (kind === 'abstract') return `\0imagebridge/${uid}/${digest}`.padEnd(108, '/');
  if (kind === 'pipe') return `\\\\.\\pipe\\imagebridge-${digest}`;
  // Not in the state directory: a socket's path may have only some 100 bytes.
  const folder = join(tmpdir(), `imagebridge-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${digest.slice(0, 24)}.sock`);
}

/** Binds an endpoint. Undefined when another process, or another part of this one, has it. */
export async function bindEndpoint(address: string, kind: LockKind): Promise<Server | undefined> {
  const bound = await tryBind(address);
  if (bound || kind !== 'socket-file' || (await isAlive(address))) return bound;
  return await recoverStale(address);
}

function tryBind(address: string): Promise<Server | undefined> {
  const server = createServer({ pauseOnConnect: false });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      systemCode(error) === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: address, exclusive: true }, () => resolve(server));
  });
}

/** True when somebody answers at the address. */
export function isAlive(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ path: address });
    const finish = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', (error) => finish(systemCode(error) === 'EAGAIN'));
  });
}

// A killed process leaves its socket file behind. Two processes that both find it dead must not both remove it, or the
// second would remove the first one's new socket: a file that only one can create decides who clears up.
async function recoverStale(address: string): Promise<Server | undefined> {
  const guard = `${address}.recover`;
  try {
    await (await open(guard, 'wx', 0o600)).close();
  } catch {
    const age = await stat(guard).then(
      (s) => Date.now() - s.mtimeMs,
      () => 0,
    );
    // Either way: the clock may have been set.
    if (Math.abs(age) > 10_000) await rm(guard, { force: true });
    return undefined;
  }
  try {
    if (await isAlive(address)) return undefined;
    await rm(address, { force: true });
    return await tryBind(address);
  } finally {
    await rm(guard, { force: true });
  }
}

const ownerSchema = z.object({
  pid: z.number(),
  host: z.string(),
  /** Network namespace: abstract sockets of two containers do not see each other. */
  namespace: z.string(),
  sinceMs: z.number(),
  token: z.string(),
});

/** The owner's card: who works on an upload, and the token that proves the right to command it. Mode 0600. */
export type OwnerCard = z.infer<typeof ownerSchema>;

const ownerPath = (folder: string) => join(folder, 'owner.json');
/** How often a living owner renews its card, and for how long a card of another host is believed, in ms. */
const renewMs = 10_000;
const believeMs = 60_000;

function namespaceName(): string {
  try {
    return readlinkSync('/proc/self/ns/net');
  } catch {
    return '';
  }
}

/** Reads the owner's card; undefined when there is none or it is unreadable. */
export async function readOwner(folder: string): Promise<OwnerCard | undefined> {
  try {
    return ownerSchema.safeParse(JSON.parse(await readFile(ownerPath(folder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** True when the card belongs to another host (or container) that renewed it lately. */
export async function isForeignOwner(folder: string, nowMs: number): Promise<boolean> {
  const owner = await readOwner(folder);
  if (owner === undefined) return false;
  if (owner.host === hostname() && owner.namespace === namespaceName()) return false;
  const renewed = await stat(ownerPath(folder)).then(
    (s) => s.mtimeMs,
    () => 0,
  );
  return nowMs - renewed < believeMs;
}

/** A held lock. */
export interface UploadLock {
  readonly server: Server;
  readonly token: string;
  release(): Promise<void>;
}

/**
 * Takes the lock of an upload.
 * @throws BusyError naming the process that has it; its `object` is the upload's id, to attach to
 * @throws LocalFileError when the owner's card cannot be written
 */
export async function acquireLock(
  at: { stateDir: string; folder: string; uploadId: string; operation: string },
  kind: LockKind,
  clock: Clock,
): Promise<UploadLock> {
  const address = await endpointAddress(at.stateDir, at.uploadId, kind);
  if (await isForeignOwner(at.folder, Date.now())) throw busy(at, await readOwner(at.folder));
  const server = await bindEndpoint(address, kind);
  if (server === undefined) throw busy(at, await readOwner(at.folder));
  const path = ownerPath(at.folder);
  const token = randomBytes(24).toString('hex');
  const card: OwnerCard = {
    pid: process.pid,
    host: hostname(),
    namespace: namespaceName(),
    sinceMs: clock.now(),
    token,
  };
  try {
    await mkdir(at.folder, { recursive: true, mode: 0o700 });
    await rm(`${path}.new`, { force: true });
    await writeFile(`${path}.new`, JSON.stringify(card), { mode: 0o600, flag: 'wx' });
    await rename(`${path}.new`, path);
  } catch (cause) {
    await new Promise((resolve) => server.close(resolve));
    throw journalError(`write ${path}`, path, cause);
  }
  const renew = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, renewMs);
  renew.unref();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  return {
    server,
    token,
    async release() {
      clearInterval(renew);
      // First the card, then the endpoint: whoever binds next must not find ours removed after writing its own.
      await rm(path, { force: true }).catch(() => {});
      server.close();
      // A command that brought this about is still waiting for its answer; nobody else is worth staying alive for.
      for (const socket of sockets) socket.unref();
      setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 2_000).unref();
    },
  };
}

/** Runs something that only one process of this state directory may do at a time. Short things only. */
export async function withShortLock<T>(
  stateDir: string,
  name: string,
  kind: LockKind,
  work: () => Promise<T>,
): Promise<T> {
  const address = await endpointAddress(stateDir, name, kind);
  for (let tries = 0; tries < 400; tries++) {
    const server = await bindEndpoint(address, kind);
    if (server === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      continue;
    }
    server.on('connection', (socket) => socket.destroy());
    try {
      return await work();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  throw new BusyError({
    operation: 'look for the upload',
    reason: 'another process has been busy with the list of uploads for 10 seconds',
    retryable: true,
  });
}

/** The error that names the upload and the process that holds it. */
function busy(at: { operation: string; uploadId: string }, owner: OwnerCard | undefined): BusyError {
  const who =
    owner === undefined
      ? 'another process'
      : owner.pid === process.pid && owner.host === hostname() && owner.namespace === namespaceName()
        ? `this very process (pid ${owner.pid})`
        : `process ${owner.pid} on ${owner.host}`;
  const since = owner === undefined ? '' : ` since ${new Date(owner.sinceMs).toISOString()}`;
  return new BusyError({
    operation: at.operation,
    object: at.uploadId,
    reason: `${who} has been working on this upload${since}`,
    hint: 'Watch or pause it there, or wait until it is done.',
  });
}
