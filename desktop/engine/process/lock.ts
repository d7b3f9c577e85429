// One engine per data folder: a bound local endpoint is the lock, and dies with its process. Touches engine.json there.
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BusyError,
  bindEndpoint,
  endpointAddress,
  LocalFileError,
  platformLockKind,
} from '@imagebridge/core';
import { z } from 'zod';
import { systemReason, writeWhole } from '../files/write-file.ts';

const cardSchema = z.object({
  pid: z.number(),
  variant: z.enum(['app', 'web']),
  sinceMs: z.number(),
  /** Of the web variant: where it answers, without a token. */
  url: z.string().optional(),
  /** The same, as seen from this machine. */
  localUrl: z.string().optional(),
  /** Of the web variant: who knows it may ask for a new link. As secret as the folder. */
  linkKey: z.string().optional(),
});

/** Who has a data folder. */
export type EngineCard = z.infer<typeof cardSchema>;

/** The held lock. */
export interface EngineLock {
  /** Adds to what others can read about this engine. */
  describe(about: Pick<EngineCard, 'url' | 'localUrl' | 'linkKey'>): Promise<void>;
  release(): Promise<void>;
}

/** Another engine has the data folder. */
export class EngineRunningError extends BusyError {
  /** What is known of it. */
  readonly card: EngineCard | undefined;

  constructor(dataDir: string, card: EngineCard | undefined) {
    const who =
      card === undefined
        ? 'another process'
        : `process ${card.pid}${card.variant === 'web' ? ` (in the browser${card.url ? `: ${card.url}` : ''})` : ' (the app)'}`;
    super({
      operation: 'start the uploader',
      object: dataDir,
      reason: `${who} has its data folder${card === undefined ? '' : ` since ${new Date(card.sinceMs).toISOString()}`}`,
      hint: 'Use that one, or stop it first. Another folder (IMAGEBRIDGE_DESKTOP_DIR) gives a queue of its own.',
    });
    this.card = card;
  }
}

const cardPath = (dataDir: string) => join(dataDir, 'engine.json');

/** Takes the lock. @throws EngineRunningError when another process has it; LocalFileError when the folder cannot be written */
export async function lockDataDir(
  dataDir: string,
  about: Pick<EngineCard, 'variant' | 'sinceMs'>,
): Promise<EngineLock> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const hint = 'Name another one by IMAGEBRIDGE_DESKTOP_DIR or --data, or make this one writable.';
    throw new LocalFileError({
      operation: 'use the data folder',
      object: dataDir,
      reason: systemReason(cause),
      hint,
      cause,
    });
  }
  const address = await endpointAddress(dataDir, 'desktop-engine', platformLockKind);
  const server = await bindEndpoint(address, platformLockKind);
  if (server === undefined) throw new EngineRunningError(dataDir, readCard(dataDir));
  server.on('connection', (socket) => socket.destroy());
  server.unref();
  await removeDrafts(dataDir);
  const card: EngineCard = { pid: process.pid, ...about };
  const write = (more: Pick<EngineCard, 'url' | 'localUrl' | 'linkKey'>) =>
    writeWhole(cardPath(dataDir), `${JSON.stringify({ ...card, ...more })}\n`, "the engine's card");
  const release = async () => {
    // First the card, then the endpoint: whoever binds next must not find its own card removed.
    await rm(cardPath(dataDir), { force: true }).catch(() => {});
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    await write({});
  } catch (thrown) {
    await release();
    throw thrown;
  }
  return { describe: write, release };
}

/** What `writeWhole` had not finished when its process was killed: nobody else would ever remove it. */
async function removeDrafts(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch(() => []);
  for (const name of names.filter((one) => /^\..+\.[0-9a-f]{12}$/.test(one)))
    await rm(join(dataDir, name), { force: true }).catch(() => {});
}

function readCard(dataDir: string): EngineCard | undefined {
  try {
    return cardSchema.safeParse(JSON.parse(readFileSync(cardPath(dataDir), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
