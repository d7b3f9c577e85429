// The oracle: after each client, is what it says true, and is what the cloud has right? Reads the cloud by its own HTTP API
// and from its own books, and journals with a reader of its own. The product is asked one thing only: to find its orphans.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientEnd, startClient } from './client-process.ts';
import type { HeldUpload } from './cloud-process.ts';
import { readJournals } from './journal-file.ts';
import { PATH, removeOrphans, type Task } from './paths.ts';
import type { FaultKind, Round } from './plan.ts';
import { MIRROR } from './stored.ts';

/** What a judgement is based on. */
export interface Circumstances {
  task: Task;
  round: Round;
  /** Faults that really happened while the client ran. */
  met: ReadonlySet<FaultKind>;
  /** The same, of the whole run so far. */
  metEver: ReadonlySet<FaultKind>;
  isLast: boolean;
  /** Of the file as it was when the client began. */
  sha256: string;
  /** True when another machine has worked on the same upload. */
  isShared: boolean;
  /** True when a journal of this run was damaged. */
  damaged: boolean;
}

/**
 * Kinds of errors that tell the truth about a fault. A client need not fail; if it does, it must be for one of these. A
 * fault without any must be survived.
 */
const TRUE_REASONS: Readonly<Record<FaultKind, readonly string[]>> = {
  'kill-client': [],
  'kill-server': ['unavailable'],
  cut: ['unavailable'],
  'lost-reply': ['unavailable'],
  stall: [],
  'stall-for-good': ['unavailable'],
  storm: ['unavailable', 'throttled'],
  'lost-part': [],
  duplicate: [],
  late: ['unavailable'],
  'expired-token': [],
  'vanished-upload': [],
  'full-disk': ['local-file'],
  'changed-file': ['file-changed', 'local-file'],
  // Either of two may find that the other has the upload, or the name.
  'second-process': ['busy', 'conflict'],
  'clock-jump': ['authentication', 'permission'],
  interrupt: ['cancelled'],
  abort: ['cancelled'],
  'failed-job': ['job-failed'],
  'journal-torn': [],
  'journal-zeros': [],
  'journal-flipped': [],
  'journal-lost': [],
};

/** Judges how a client ended. @param isSecond it was started while another one worked on the same upload */
export function judgeEnd(end: ClientEnd, context: Circumstances, isSecond: boolean): string[] {
  const { met, isLast, sha256 } = context;
  const who = isSecond ? 'the second client' : isLast ? 'the last, undisturbed client' : 'the client';
  if (end.code === 0) {
    return end.sha256 === undefined || end.sha256 === sha256
      ? []
      : [`${who} reports SHA-256 ${end.sha256}, and the file has ${sha256}`];
  }
  if (end.signal === 'SIGKILL') return [];
  // Ctrl-C before the client can hear it ends it as any command; nothing has begun then.
  if (end.signal === 'SIGINT' && met.has('interrupt')) return [];
  if (end.isMute || end.error === undefined || end.error.kind === 'internal') {
    return [`${who} ended without an explanation (code ${end.code}): ${end.error?.message ?? end.stderr}`];
  }
  const { kind, message } = end.error;
  if (isLast) return [`${who} did not succeed: ${kind}: ${message}`];
  const reasons = new Set([...met].flatMap((fault) => TRUE_REASONS[fault]));
  // Two machines stage the same bytes in one place: the first removes what the second is about to import.
  if (context.isShared) for (const reason of ['invalid-input', 'not-found']) reasons.add(reason);
  if (!reasons.has(kind)) {
    return [`${who} says ${kind} (${message}), and nothing of the kind was done to it`];
  }
  if (/\n\s+at /.test(end.stderr)) return [`${who} shows a stack trace: ${end.stderr}`];
  return [];
}

/** Judges what is in the cloud, and what the journals say about it. */
export async function judgeState(
  context: Circumstances,
  { isDone, isAborted, ended }: { isDone: boolean; isAborted: boolean; ended: ClientEnd },
): Promise<string[]> {
  const { task, sha256 } = context;
  const { noun } = PATH[task.scenario.path];
  const found = await PATH[task.scenario.path].find(task);
  const problems: string[] = [];
  if (isDone) {
    if (found.sha256s.length === 0) problems.push(`success was reported, but the ${noun} is not there`);
    if (found.sha256s.length > 1) problems.push(`there are ${found.sha256s.length} ${noun}s instead of one`);
    // A record whose making was repeated behind the client's back is known to nobody; a listing shows it.
    const isRepeated = context.metEver.has('duplicate') || context.metEver.has('late');
    if (found.unready.length > 0 && !isRepeated) {
      problems.push(`beside the ${noun} stands another one, of status ${found.unready.join(', ')}`);
    }
    // Of two machines that make the same image, one comes too late, and only its own journal knows what it has staged.
    if (!context.isShared) problems.push(...found.problems);
  }
  for (const stored of found.sha256s) {
    if (stored !== sha256)
      problems.push(`the stored bytes are not the file's: SHA-256 ${stored}, and the file has ${sha256}`);
  }
  problems.push(...(await judgeJournals(context, { isDone, ended })));
  if (isAborted && !isDone) {
    const mine = new Set(readJournals(task.stateDir).map(({ serverUploadId }) => serverUploadId));
    const left = (await task.place.cloud.unfinished()).filter((upload) => mine.has(upload.uploadId));
    if (left.length > 0) problems.push('the abort succeeded, but the upload is still on the server');
  }
  return problems;
}

/** A journal may know less than the server, never more; and its state must be what happened. */
async function judgeJournals(
  { task, met, damaged }: Circumstances,
  { isDone, ended }: { isDone: boolean; ended: ClientEnd },
): Promise<string[]> {
  const problems: string[] = [];
  const held = await task.place.cloud.unfinished();
  const isTampered = ['lost-part', 'vanished-upload', 'abort'].some((kind) => met.has(kind as FaultKind));
  for (const journal of readJournals(task.stateDir)) {
    const upload = held.find(({ uploadId }) => uploadId === journal.serverUploadId);
    if (journal.state === 'uploaded' && upload !== undefined) {
      problems.push('the journal says uploaded, and the upload is unfinished on the server');
    }
    if (upload !== undefined && !isTampered && !damaged) {
      const there = await task.place.store.parts(upload);
      const ahead = [...journal.parts].filter(([n, etag]) => there?.get(n) !== etag).map(([n]) => n);
      if (ahead.length > 0)
        problems.push(`the journal has parts that the server has not: ${ahead.join(', ')}`);
    }
    const isExplained = ended.error !== undefined && !met.has('full-disk') && !met.has('second-process');
    if (!isDone && isExplained && journal.state !== undefined)
      problems.push(...judgeStanding(journal, ended));
  }
  return problems;
}

/** A client that explained its end must have left the same explanation in the journal. */
function judgeStanding(
  { state, problem }: { state: string | undefined; problem: { kind: string } | undefined },
  { error }: ClientEnd,
): string[] {
  if (error?.kind === 'cancelled') {
    return ['paused', 'aborted', 'planned', 'uploading', 'uploaded'].includes(state ?? '')
      ? []
      : [`the client was paused, and the journal says ${state}`];
  }
  // Some failures come before the upload is taken up (the service cannot be reached), or after it is over (the import).
  if (state === 'attention' && problem?.kind !== error?.kind && problem !== undefined) {
    return [`the client says ${error?.kind}, and the journal says ${problem.kind}`];
  }
  return [];
}

/** Faults after which the client cannot know that the server began an upload: only a listing shows it then. */
const ORPHANING: readonly FaultKind[] = [
  'kill-client',
  'kill-server',
  'cut',
  'lost-reply',
  'late',
  'duplicate',
  'stall-for-good',
  'full-disk',
  'journal-torn',
  'journal-zeros',
  'journal-flipped',
  'journal-lost',
];

/**
 * Judges what a run leaves behind on the server, and cleans it up.
 * @param before unfinished uploads that were there already
 */
export async function judgeLeftovers(
  task: Task,
  before: readonly HeldUpload[],
  met: ReadonlySet<FaultKind>,
  problems: string[],
): Promise<{ empty: number; withParts: number }> {
  const { place, scenario, name } = task;
  const known = new Set(before.map(({ uploadId }) => uploadId));
  const left = (await place.cloud.unfinished()).filter(({ uploadId }) => !known.has(uploadId));
  const listed = new Set((await place.store.unfinished()).map(({ uploadId }) => uploadId));
  for (const { uploadId, bucket } of left) {
    if (bucket !== MIRROR && !listed.has(uploadId))
      problems.push(`no listing shows the unfinished upload ${uploadId}`);
  }
  const held = new Set((await place.cloud.unfinished()).map(({ uploadId }) => uploadId));
  for (const uploadId of partFolders(place.dir)) {
    if (!held.has(uploadId))
      problems.push(`parts of the upload ${uploadId} lie on the server, and no upload has them`);
  }
  if (left.length > 0 && problems.length === 0 && !ORPHANING.some((kind) => met.has(kind))) {
    const parts = left.map((upload) => upload.parts).join(', ');
    problems.push(`${left.length} unfinished upload(s) (${parts} parts) were left behind without any need`);
  }
  if (problems.length === 0) problems.push(...(await judgeOrphans(task, left)));
  for (const upload of left) if (upload.bucket !== MIRROR) await place.store.abort(upload);
  if (scenario.path === 'bucket') await place.store.remove('faults', name);
  return {
    empty: left.filter(({ parts }) => parts === 0).length,
    withParts: left.filter(({ parts }) => parts > 0).length,
  };
}

/** What is left must be found, and removed, by the product's own command for it. */
async function judgeOrphans(task: Task, left: readonly HeldUpload[]): Promise<string[]> {
  const problems: string[] = [];
  for (const bucket of new Set(left.map((upload) => upload.bucket))) {
    if (bucket === MIRROR) continue;
    const end = await startClient(removeOrphans(task, bucket)).ended;
    if (end.code !== 0) problems.push(`"uploads orphans" failed: ${end.error?.message ?? end.stderr}`);
  }
  const ids = new Set(left.filter(({ bucket }) => bucket !== MIRROR).map(({ uploadId }) => uploadId));
  const still = (await task.place.cloud.unfinished()).filter(({ uploadId }) => ids.has(uploadId));
  if (still.length > 0) problems.push(`"uploads orphans" does not find ${still.length} unfinished upload(s)`);
  return problems;
}

/** Uploads whose parts lie in the cloud's data folder, whatever its books say. */
function partFolders(dir: string): string[] {
  const folder = join(dir, 'cloud', 'huaweicloud', 'obs', 'parts');
  try {
    return readdirSync(folder).filter((id) =>
      readdirSync(join(folder, id)).some((name) => name.endsWith('.json')),
    );
  } catch {
    return [];
  }
}
