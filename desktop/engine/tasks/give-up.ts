// Giving uploads up: what is unfinished is removed from the server, whoever works on it and also when nobody does.

import path from 'node:path';
import {
  CancelledError,
  type Clock,
  cloudOfUpload,
  controlUpload,
  discardPlainUpload,
  discardPublish,
  discardSpool,
  discardUpload,
  type EngineOptions,
  ImageBridgeError,
  isPlainUpload,
  type JournalSummary,
  NotFoundError,
  openBucket,
  readUpload,
  UnavailableError,
  type Upload,
} from '@imagebridge/core';
import type { Clouds, Log } from '../context.ts';
import { within } from './timers.ts';

/** Longest time that a cancel waits for a service, in ms. The upload is then still known, and can be cancelled again. */
const PATIENCE_MS = 45_000;

/** What is needed. */
export interface GiveUpTools {
  clock: Clock;
  clouds: Clouds;
  engine: EngineOptions;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
}

/**
 * Gives a running upload of this process up.
 * @throws what the service answers, and UnavailableError when it does not; nothing is forgotten then
 */
export function abortUpload(upload: Upload, tools: GiveUpTools): Promise<void> {
  return patiently(upload.abort(), upload.id, tools);
}

/**
 * Removes from the server what an upload has left there, then its journal.
 * @throws what the service answers; BusyError; UnavailableError when the service does not answer. The journal is then still there
 */
export async function giveUp(uploadId: string, tools: GiveUpTools): Promise<void> {
  const { engine } = tools;
  const journal = await readUpload(uploadId, engine);
  if (journal === undefined) return;
  const isTold =
    journal.active &&
    (await patiently(controlUpload(uploadId, 'abort', engine), uploadId, tools)) !== undefined;
  if (isTold || journal.state === 'aborted') await forget(uploadId, tools);
  else await patiently(discardOnce(journal, tools), uploadId, tools);
  await dropConversion(journal, engine);
}

/** Connections that were dropped meanwhile are made anew. */
async function discardOnce(journal: JournalSummary, tools: GiveUpTools): Promise<void> {
  try {
    await discard(journal, tools);
  } catch (thrown) {
    if (!(thrown instanceof CancelledError)) throw thrown;
    await discard(journal, tools);
  }
}

/** A conversion that was made for an upload is of no use any more. */
async function dropConversion({ file }: JournalSummary, { stateDir }: EngineOptions): Promise<void> {
  const spoolDir = path.resolve(stateDir, 'spool');
  if (!path.resolve(file.path).startsWith(`${spoolDir}${path.sep}`)) return;
  // What cannot be removed now is with the next cleaning.
  await discardSpool(spoolDir, file.path).catch(() => {});
}

async function discard(journal: JournalSummary, { engine, clouds, env }: GiveUpTools): Promise<void> {
  if (isPlainUpload(journal)) {
    // Its keys are in the environment of whoever began it; they may be in ours, too.
    const { target } = journal;
    const place = { endpoint: target.cloud.slice('s3:'.length), region: target.region };
    const store = openBucket(place, env);
    try {
      return await discardPlainUpload(store, journal.uploadId, engine);
    } finally {
      await store.close();
    }
  }
  const { cloud: name, region } = cloudOfUpload(journal);
  const cloud = await clouds.open(name, region === '' ? undefined : region);
  await discardPublish(cloud, journal.uploadId, engine);
}

/** Removes a journal, and nothing from the server. One that is held by another process stays. */
export async function forget(uploadId: string, { engine, log }: GiveUpTools): Promise<void> {
  try {
    await discardUpload(uploadId, engine);
  } catch (thrown) {
    if (!(thrown instanceof ImageBridgeError)) throw thrown;
    if (!(thrown instanceof NotFoundError)) log.warn(`The journal ${uploadId} stays: ${thrown.message}`);
  }
}

const patiently = <T>(work: Promise<T>, uploadId: string, { clock }: GiveUpTools): Promise<T> =>
  within(
    clock,
    PATIENCE_MS,
    work,
    () =>
      new UnavailableError({
        operation: `remove upload ${uploadId} from the server`,
        reason: `nothing was answered for ${PATIENCE_MS / 1000} s`,
        hint: 'Cancel it again when the cloud can be reached; until then its parts stay there.',
      }),
  );
