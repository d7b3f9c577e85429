// Starting an upload, or going on with an unfinished one: open the file, find the journal, take the lock.
import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import {
  type ByteSource,
  CancelledError,
  FileChangedError,
  InvalidInputError,
  LocalFileError,
  systemClock,
  type TargetLocator,
} from '../model/index.ts';
import { forgetActive, rememberActive } from './active.ts';
import { defaultConcurrency } from './concurrency.ts';
import {
  Journal,
  listUploadIds,
  makeUploadFolder,
  newUploadId,
  readJournal,
  removeUploadFolder,
  uploadFolder,
} from './journal.ts';
import { type JournalState, sameTarget } from './journal-records.ts';
import { acquireLock, platformLockKind, type UploadLock, withShortLock } from './lock.ts';
import { setFact } from './manage.ts';
import { PartTransfer } from './part-transfer.ts';
import { type PartPlan, planParts, planStream } from './plan.ts';
import { UploadRun } from './run.ts';
import { smallerPartSize } from './slow-link.ts';
import { identityDifference, SourceFile } from './source-file.ts';
import { StreamTransfer } from './stream-transfer.ts';
import type { EngineOptions, StreamRequest, TransferRequest, Upload, UploadRequest } from './types.ts';
import type { RunContext, Transfer } from './work.ts';

/**
 * Starts the upload of a file or another source, or goes on with an unfinished one of the same path to the same target.
 *
 * The promise resolves as soon as the upload is under way; `done` of the result settles at its end. Everything that
 * can be refused locally is refused here, before a byte is sent.
 *
 * @example
 * const upload = await startUpload({ path: 'disk.qcow2', target }, { stateDir });
 * process.once('SIGINT', () => upload.detach());
 * const { sha256 } = await upload.done;
 *
 * @throws LocalFileError when the file is missing, empty, unreadable or not a regular file, or the journal cannot be written
 * @throws InvalidInputError when neither `path` nor `source` is given, the target cannot take a file of this size, or the part size is not allowed
 * @throws BusyError when another process, or this one, works on this upload already; its `object` is the id to attach to
 * @throws FileChangedError when the file is not the one whose upload was begun
 * @throws CancelledError when the request's signal is aborted already
 */
export function startUpload(request: UploadRequest, options: EngineOptions): Promise<Upload> {
  return start(options, {
    request,
    target: request.target.locator,
    planOf: (sizeBytes) => planFor(sizeBytes, request),
    transferOf: (context, plan) => new PartTransfer(context, request, plan),
  });
}

/**
 * Starts an upload in one stream, or repeats an unfinished one of the same path to the same target. It cannot go on
 * where it broke off, and says so in its first event; all else is as with `startUpload`.
 *
 * @example
 * const upload = await startStream({ path: 'disk.qcow2', target }, { stateDir });
 * const { recordId, jobId } = await upload.done;
 *
 * @throws as `startUpload`
 */
export function startStream(request: StreamRequest, options: EngineOptions): Promise<Upload> {
  return start(options, {
    request,
    target: { ...request.target.locator, route: 'stream' },
    planOf: planStream,
    transferOf: (context, plan) => new StreamTransfer(context, request, plan),
  });
}

function planFor(sizeBytes: number, request: UploadRequest): PartPlan {
  const { partSizeBytes, limitBytesPerSecond, parallelParts = defaultConcurrency.start } = request;
  const { limits } = request.target;
  const plan = planParts(sizeBytes, limits, partSizeBytes);
  if (partSizeBytes !== undefined || limitBytesPerSecond === undefined || limitBytesPerSecond <= 0)
    return plan;
  const smaller = smallerPartSize(plan, limits, limitBytesPerSecond / parallelParts);
  return smaller === undefined ? plan : planParts(sizeBytes, limits, smaller);
}

/** What the kinds of uploads differ in. */
interface Start {
  request: TransferRequest;
  target: TargetLocator;
  planOf(sizeBytes: number): PartPlan;
  transferOf(context: RunContext, plan: PartPlan): Transfer;
}

async function start(options: EngineOptions, how: Start): Promise<Upload> {
  const source = await openSource(how.request);
  try {
    const plan = how.planOf(source.identity.sizeBytes);
    // Two processes that start the same upload at the same time: the second one finds the first one's journal.
    const opened = await withShortLock(options.stateDir, 'start', options.lockKind ?? platformLockKind, () =>
      openUpload(source, plan, how.target, options),
    );
    return run(source, opened, how, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openSource({ path, source, signal }: TransferRequest): Promise<ByteSource> {
  const name = source?.identity.path ?? path;
  if (name === undefined) {
    throw new InvalidInputError({ operation: 'start the upload', reason: 'a path or a source is needed' });
  }
  if (!signal?.aborted) return source ?? (await SourceFile.open(name));
  await source?.close();
  throw new CancelledError({ operation: `upload ${name}`, reason: 'it was cancelled before it began' });
}

interface OpenedUpload {
  journal: Journal;
  lock: UploadLock;
}

function run(
  source: ByteSource,
  opened: OpenedUpload,
  { request, transferOf }: Start,
  options: EngineOptions,
): Upload {
  const { partSizeBytes, partsTotal, uploadId } = opened.journal.state;
  const plan = { sizeBytes: source.identity.sizeBytes, partSizeBytes, partsTotal };
  const upload = new UploadRun({
    request: { ...request, budget: request.budget ?? options.budget },
    transfer: (context) => transferOf(context, plan),
    source,
    ...opened,
    plan,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    tickMs: options.tickMs ?? 1000,
    setFactLater: (key, value) => setFact(uploadId, key, value, options),
    onClosed: () => forgetActive(options.stateDir, uploadId),
  });
  rememberActive(options.stateDir, upload);
  upload.start();
  return upload;
}

async function openUpload(
  source: ByteSource,
  plan: PartPlan,
  target: TargetLocator,
  options: EngineOptions,
): Promise<OpenedUpload> {
  const known = await findUnfinished(source.identity.path, target, options.stateDir);
  const clock = options.clock ?? systemClock;
  const kind = options.lockKind ?? platformLockKind;
  const { stateDir } = options;
  const operation = `upload ${source.identity.path}`;
  if (known !== undefined) {
    const folder = uploadFolder(stateDir, known.uploadId);
    const lock = await acquireLock({ stateDir, folder, uploadId: known.uploadId, operation }, kind, clock);
    try {
      const journal = await Journal.open(folder, clock);
      if (journal !== undefined) return await checked(journal, lock, source, clock.now());
      // Its owner discarded it a moment ago.
      await lock.release();
    } catch (error) {
      await lock.release();
      throw error;
    }
  }
  const nowMs = clock.now();
  const uploadId = newUploadId(nowMs);
  const folder = await makeUploadFolder(stateDir, uploadId);
  const state: JournalState = {
    uploadId,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    file: { ...source.identity },
    target: { ...target },
    partSizeBytes: plan.partSizeBytes,
    partsTotal: plan.partsTotal,
    parts: new Map(),
    state: 'planned',
    facts: new Map(),
    notes: [],
  };
  let lock: UploadLock | undefined;
  try {
    lock = await acquireLock({ stateDir, folder, uploadId, operation }, kind, clock);
    return { lock, journal: await Journal.create(folder, state, clock) };
  } catch (error) {
    await lock?.release();
    // Nothing has been sent: no trace is left of an upload that could not begin.
    await removeUploadFolder(folder).catch(() => {});
    throw error;
  }
}

async function checked(
  journal: Journal,
  lock: UploadLock,
  source: ByteSource,
  nowMs: number,
): Promise<OpenedUpload> {
  const { state } = journal;
  const difference = identityDifference(state.file, source.identity);
  if (difference === undefined) {
    // A copy that was put back has size and time of the old file; only its bytes can tell that it is the same.
    const moved = state.file.inode !== source.identity.inode;
    if (moved) {
      const text =
        'The file stands at another place of the disk than before (its inode changed): every part is checked.';
      await journal.append({ type: 'file', file: { ...source.identity } });
      await journal.append({ type: 'note', at: nowMs, kind: 'note', text });
    }
    return { journal, lock };
  }
  await journal.close();
  const { path } = source.identity;
  throw new FileChangedError({
    operation: `go on with the upload of ${path}`,
    object: path,
    reason: `the file changed since its upload ${state.uploadId} began: ${difference}`,
    hint: `Put the old file back, or discard upload ${state.uploadId} and start again; its parts on the server were left alone.`,
  });
}

async function findUnfinished(
  path: string,
  target: TargetLocator,
  stateDir: string,
): Promise<JournalState | undefined> {
  // One file has many spellings: symbolic links, and composed or decomposed letters. Other sources have one name.
  const spelling = async (p: string) =>
    isAbsolute(p) ? (await realpath(p).catch(() => p)).normalize('NFC') : p;
  const wanted = await spelling(path);
  for (const uploadId of (await listUploadIds(stateDir)).reverse()) {
    const state = await readJournal(uploadFolder(stateDir, uploadId)).then(
      (found) => found?.state,
      (error: unknown) => {
        if (error instanceof LocalFileError) return undefined;
        throw error;
      },
    );
    if (state === undefined || state.state === 'uploaded' || state.state === 'aborted') continue;
    if (!sameTarget(state.target, target)) continue;
    if (state.file.path === path || (await spelling(state.file.path)) === wanted) return state;
  }
  return undefined;
}
