// Keeps two processes from making the same conversion. A help, no more: every process writes under a name of its own and
// renames it when it is whole, so that two that do it all the same only waste time. Touches one file.
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { BusyError } from '../model/index.ts';
import { localFileError, systemCode } from './archive-file.ts';

/** How often a living owner touches its lock, and for how long a lock is believed, in ms. */
const renewMs = 10_000;
const believeMs = 60_000;

const cardSchema = z.object({ pid: z.number(), host: z.string() });

/**
 * Takes the lock.
 * @returns what gives it up
 * @throws BusyError naming the process that has it; LocalFileError
 */
export async function takeLock(lockPath: string, operation: string): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries++) {
    try {
      const handle = await open(lockPath, 'wx', 0o600);
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      break;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw localFileError(`write ${lockPath}`, lockPath, error);
    }
    const owner = await livingOwner(lockPath);
    if (owner !== undefined || tries > 3)
      throw new BusyError({
        operation,
        reason: owner ?? 'other processes are at it',
        hint: 'Wait until it is done, and do it again: what it made is used then.',
        retryable: true,
      });
    await rm(lockPath, { force: true });
  }
  const renew = setInterval(() => {
    const now = new Date();
    utimes(lockPath, now, now).catch(() => {});
  }, renewMs);
  renew.unref();
  return async () => {
    clearInterval(renew);
    await rm(lockPath, { force: true }).catch(() => {});
  };
}

/** Who has the lock, in words; undefined when nobody that is alive has. */
export async function livingOwner(lockPath: string): Promise<string | undefined> {
  try {
    const { mtimeMs } = await stat(lockPath);
    const fresh = Date.now() - mtimeMs < believeMs;
    const card = cardSchema.safeParse(JSON.parse(await readFile(lockPath, 'utf8').catch(() => '{}'))).data;
    // Without a card it is being written this moment, or was left by a crash.
    if (!card) return fresh ? 'another process is at it' : undefined;
    if (card.host !== hostname()) return fresh ? `process ${card.pid} on ${card.host} is at it` : undefined;
    return fresh && isAlive(card.pid) ? `process ${card.pid} is at it` : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process cannot be asked, but is there.
    return systemCode(error) === 'EPERM';
  }
}
