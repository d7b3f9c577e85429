// Looking at uploads and commanding them from outside: list, read, facts, discard, control. Works on journals and locks.
import {
  BusyError,
  InvalidInputError,
  type MultipartTarget,
  NotFoundError,
  type StreamTarget,
  systemClock,
} from '../model/index.ts';
import { activeUpload, obey } from './active.ts';
import { sendCommand } from './control-client.ts';
import { type ControlCommand, type ControlRequest, phraseOf } from './control-protocol.ts';
import {
  isUploadId,
  Journal,
  listUploadIds,
  readJournal,
  removeUploadFolder,
  uploadFolder,
} from './journal.ts';
import { type JournalState, sameTarget } from './journal-records.ts';
import {
  acquireLock,
  endpointAddress,
  isAlive,
  isForeignOwner,
  platformLockKind,
  readOwner,
  type UploadLock,
} from './lock.ts';
import { identityDifference, SourceFile } from './source-file.ts';
import {
  type EngineOptions,
  type JournalSummary,
  type TimelineEntry,
  transferredFact,
  type UploadSnapshot,
} from './types.ts';

/**
 * All uploads of this machine's state directory, the oldest first, finished ones included. One whose journal cannot be
 * read is reported with state `attention` and a problem; its file and target are then empty.
 *
 * @example
 * for (const upload of await listUploads({ stateDir })) show(upload.file.path, upload.state, upload.active);
 *
 * @throws LocalFileError when the state directory itself cannot be read
 */
export async function listUploads(options: EngineOptions): Promise<JournalSummary[]> {
  const ids = await listUploadIds(options.stateDir);
  const found = await Promise.all(ids.map((id) => summaryOf(id, options)));
  return found.filter((summary) => summary !== undefined);
}

/**
 * One upload; undefined when this state directory has none of that id.
 *
 * @example
 * const jobId = (await readUpload(uploadId, { stateDir }))?.facts['import-job'];
 */
export async function readUpload(
  uploadId: string,
  options: EngineOptions,
): Promise<JournalSummary | undefined> {
  return isUploadId(uploadId) ? await summaryOf(uploadId, options) : undefined;
}

/**
 * The last 200 notable moments of an upload, the oldest first, whether somebody works on it or not. Empty when this
 * state directory has none of that id.
 * @throws LocalFileError when the journal cannot be read
 */
export async function readTimeline(
  uploadId: string,
  options: EngineOptions,
): Promise<readonly TimelineEntry[]> {
  const running = activeUpload(options.stateDir, uploadId);
  if (running !== undefined) return running.timeline();
  if (!isUploadId(uploadId)) return [];
  return (await readJournal(uploadFolder(options.stateDir, uploadId)))?.state?.notes ?? [];
}

async function summaryOf(uploadId: string, options: EngineOptions): Promise<JournalSummary | undefined> {
  const folder = uploadFolder(options.stateDir, uploadId);
  const active = await isActive(uploadId, folder, options);
  try {
    const found = await readJournal(folder);
    if (found === undefined) return undefined;
    if (found.state !== undefined) return summarise(found.state, active);
    return unreadable(
      uploadId,
      active,
      'Its journal is damaged from the beginning. Start the upload again: parts that are on the server are found there.',
    );
  } catch (error) {
    return unreadable(uploadId, active, error instanceof Error ? error.message : String(error));
  }
}

function summarise(state: JournalState, active: boolean): JournalSummary {
  const isWhole = state.state === 'uploaded' || state.facts.has(transferredFact);
  return {
    uploadId: state.uploadId,
    state: state.state,
    file: state.file,
    target: state.target,
    partsTotal: state.partsTotal,
    partsDone: isWhole ? state.partsTotal : state.parts.size,
    partSizeBytes: state.partSizeBytes,
    createdAt: new Date(state.createdAtMs),
    updatedAt: new Date(state.updatedAtMs),
    facts: Object.fromEntries(state.facts),
    active,
    ...(state.sha256 === undefined ? {} : { sha256: state.sha256 }),
    ...(state.problem === undefined ? {} : { problem: state.problem }),
  };
}

function unreadable(uploadId: string, active: boolean, message: string): JournalSummary {
  return {
    uploadId,
    state: 'attention',
    file: { path: '', sizeBytes: 0, mtimeMs: 0, inode: 0 },
    target: { cloud: '', region: '', bucket: '', key: '' },
    partsTotal: 0,
    partsDone: 0,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    facts: {},
    active,
    problem: { kind: 'local-file', message },
  };
}

async function isActive(uploadId: string, folder: string, options: EngineOptions): Promise<boolean> {
  if (activeUpload(options.stateDir, uploadId) !== undefined) return true;
  if (await isForeignOwner(folder, Date.now())) return true;
  return await isAlive(await addressOf(uploadId, options));
}

const addressOf = (uploadId: string, options: EngineOptions) =>
  endpointAddress(options.stateDir, uploadId, options.lockKind ?? platformLockKind);

async function lockFor(uploadId: string, operation: string, options: EngineOptions): Promise<UploadLock> {
  const { stateDir } = options;
  const folder = uploadFolder(stateDir, uploadId);
  if (!isUploadId(uploadId) || (await readJournal(folder)) === undefined) throw unknown(uploadId, operation);
  const at = { stateDir, folder, uploadId, operation };
  return await acquireLock(at, options.lockKind ?? platformLockKind, options.clock ?? systemClock);
}

const unknown = (uploadId: string, operation: string) =>
  new NotFoundError({ operation, object: uploadId, reason: 'this machine has no such upload' });

/**
 * Stores a durable fact of another layer in an upload's journal (the id of an import job, of an image); `undefined`
 * removes it. Works whether this process is uploading it or nobody is.
 *
 * @example
 * await setFact(uploadId, 'import-job', job.id, { stateDir });
 *
 * @throws NotFoundError when there is no such upload, BusyError when another process works on it
 * @throws LocalFileError when the journal cannot be written
 */
export async function setFact(
  uploadId: string,
  key: string,
  value: string | undefined,
  options: EngineOptions,
): Promise<void> {
  const running = activeUpload(options.stateDir, uploadId);
  if (running !== undefined) return await running.setFact(key, value);
  const operation = `store ${key} of upload ${uploadId}`;
  const lock = await lockFor(uploadId, operation, options);
  try {
    const folder = uploadFolder(options.stateDir, uploadId);
    const journal = await Journal.open(folder, options.clock ?? systemClock);
    if (journal === undefined) throw unknown(uploadId, operation);
    try {
      await journal.append({ type: 'fact', key, value: value ?? null });
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/**
 * Removes an upload's journal. With a target, its parts, or the record of its stream, are removed from the server first;
 * what is finished stays.
 *
 * @throws NotFoundError when there is no such upload, BusyError while a process works on it
 * @throws InvalidInputError when the target is not the one of this upload
 * @throws what the target throws; the journal is then still there
 */
export async function discardUpload(
  uploadId: string,
  options: EngineOptions,
  target?: MultipartTarget | StreamTarget,
): Promise<void> {
  const operation = `discard upload ${uploadId}`;
  const lock = await lockFor(uploadId, operation, options);
  try {
    const folder = uploadFolder(options.stateDir, uploadId);
    const state = (await readJournal(folder))?.state;
    if (target !== undefined && state !== undefined) {
      if (!sameTarget(state.target, target.locator)) {
        const { bucket, key } = state.target;
        throw new InvalidInputError({
          operation,
          reason: `it goes to ${bucket}/${key}, not to the given target`,
        });
      }
      const over = state.state === 'uploaded' || state.state === 'aborted';
      if (state.serverUploadId !== undefined && !over) {
        if ('send' in target) await target.remove(state.serverUploadId);
        else await target.abort(state.serverUploadId);
      }
    }
    await removeUploadFolder(folder);
  } finally {
    await lock.release();
  }
}

/**
 * Notes that the file of an unfinished upload stands at another path now. What was sent stays on the server; when the
 * upload goes on, every part there is compared with the file at its new place.
 *
 * @throws NotFoundError when there is no such upload, BusyError while a process works on it
 * @throws FileChangedError when the file has another size; LocalFileError when it cannot be opened, or the journal not written
 */
export async function relocateUpload(uploadId: string, path: string, options: EngineOptions): Promise<void> {
  const operation = `go on with upload ${uploadId} from ${path}`;
  const source = await SourceFile.open(path);
  await source.close();
  const lock = await lockFor(uploadId, operation, options);
  try {
    const clock = options.clock ?? systemClock;
    const journal = await Journal.open(uploadFolder(options.stateDir, uploadId), clock);
    if (journal === undefined) throw unknown(uploadId, operation);
    try {
      const { file } = journal.state;
      const difference = identityDifference({ ...file, mtimeMs: source.identity.mtimeMs }, source.identity);
      if (difference !== undefined) throw source.changed(difference);
      await journal.append({ type: 'file', file: { ...source.identity } });
      const text = `The file is now ${source.identity.path}: every part is checked.`;
      await journal.append({ type: 'note', at: clock.now(), kind: 'note', text });
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/**
 * Asks the process that works on an upload, this one included, to pause, resume or abort it, to change its limits, or how
 * it stands.
 *
 * @example
 * const snapshot = await controlUpload(uploadId, 'pause', { stateDir });
 *
 * @returns the snapshot after the command; undefined when no process works on it
 * @throws UnavailableError when that process refuses, fails or does not answer
 * @throws BusyError when that process runs on another host or in another container, where it cannot be reached
 */
export async function controlUpload(
  uploadId: string,
  command: ControlCommand,
  options: EngineOptions,
): Promise<UploadSnapshot | undefined> {
  const running = activeUpload(options.stateDir, uploadId);
  if (running !== undefined) {
    await obey(running, command);
    return running.snapshot();
  }
  const request = requestOf(command);
  const owner = await ownerOf(uploadId, request.command, options);
  if (owner === undefined) return undefined;
  const answer = await sendCommand(owner.address, owner.token, request);
  return answer !== undefined && 'snapshot' in answer ? answer.snapshot : undefined;
}

function requestOf(command: ControlCommand): ControlRequest {
  if (typeof command === 'string') return { command };
  if (command.command === 'set-priority') return { command: 'set-priority', value: command.priority };
  return { command: 'set-limit', value: command.bytesPerSecond ?? null };
}

/** Where each part of an upload stands, asked of whoever works on it: one byte of `partState` for each. */
export async function partStatesOf(uploadId: string, options: EngineOptions): Promise<Uint8Array> {
  const running = activeUpload(options.stateDir, uploadId);
  if (running !== undefined) return running.partStates();
  const owner = await ownerOf(uploadId, 'watch', options);
  const answer = owner && (await sendCommand(owner.address, owner.token, { command: 'parts' }));
  return answer !== undefined && 'parts' in answer
    ? new Uint8Array(Buffer.from(answer.parts, 'base64'))
    : new Uint8Array();
}

/**
 * Where the process that works on an upload listens; undefined when there is none.
 * @throws BusyError when it runs on another host or in another container, where it cannot be reached
 */
export async function ownerOf(
  uploadId: string,
  command: ControlRequest['command'],
  options: EngineOptions,
): Promise<{ address: string; token: string } | undefined> {
  if (!isUploadId(uploadId)) return undefined;
  const folder = uploadFolder(options.stateDir, uploadId);
  const owner = await readOwner(folder);
  if (owner === undefined) return undefined;
  if (await isForeignOwner(folder, Date.now())) {
    throw new BusyError({
      operation: phraseOf(command, uploadId),
      reason: `process ${owner.pid} on ${owner.host} works on it, and cannot be reached from here`,
    });
  }
  return { address: await addressOf(uploadId, options), token: owner.token };
}
