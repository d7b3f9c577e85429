// Finds out what the server has of this upload: goes on with its upload id, adopts an unfinished upload that nobody
// remembers, or begins a new one.
import {
  type CallOptions,
  CancelledError,
  ImageBridgeError,
  type RemotePart,
  UnavailableError,
} from '../model/index.ts';
import type { JournalPart } from './journal-records.ts';
import { planForParts, reconcile, sampleOf } from './reconcile.ts';
import { retrying } from './retry.ts';
import { headOf, isGone, isOurObject, rulesOf, type Work } from './work.ts';

/** How long a pause waits for the reply of a call whose lost reply would leave an orphan on the server, in ms. */
const lingerMs = 5_000;

/** What is left to do. */
export interface Remaining {
  serverUploadId: string;
  /** Parts to be sent, or to be checked first, in order. */
  pending: number[];
  /** ETags the server has for pending parts: where the local MD5 is the same, the part need not be sent. */
  remoteEtags: Map<number, string>;
}

/** All parts that the server has of an upload. */
export function partsOnServer(
  work: Work,
  serverUploadId: string,
  signal: AbortSignal,
): Promise<RemotePart[]> {
  return retrying(rulesOf(work, signal), 'list the parts on the server', async () => {
    const parts: RemotePart[] = [];
    for await (const part of work.target.listParts(serverUploadId, { signal })) parts.push(part);
    return parts;
  });
}

/**
 * Asks the server where the upload stands.
 * @returns what is left; `undefined` when the object is complete already
 * @throws what the target throws
 */
export async function openServerUpload(work: Work, signal: AbortSignal): Promise<Remaining | undefined> {
  const known = work.journal.state.serverUploadId;
  if (known === undefined) return (await adopt(work, signal)) ?? (await begin(work, signal));
  try {
    return await remainingOf(work, known, await partsOnServer(work, known, signal), signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  if (isOurObject(work, await headOf(work, signal), known)) return undefined;
  work.note(
    'The server no longer knows this upload and has no finished object of it: starting again with a new upload id.',
  );
  return await begin(work, signal);
}

async function remainingOf(
  work: Work,
  serverUploadId: string,
  remote: RemotePart[],
  signal: AbortSignal,
): Promise<Remaining> {
  const { plan, target, journal } = work;
  let sorted = reconcile(plan, remote, journal.state.parts, target.etagIsMd5);
  // Size and time of the file are unchanged, but times can be set: a few parts must prove it.
  const unproven = [...sorted.trusted.keys()].filter((n) => !work.ledger.confirmed.has(n));
  for (const n of sampleOf(unproven, 3, work.random)) {
    if ((await work.feed.md5(n, signal)) === sorted.trusted.get(n)?.md5) continue;
    work.note(`Part ${n} of the file no longer has the bytes that were sent: checking every part.`);
    await work.feed.forget();
    sorted = reconcile(plan, remote, new Map(), target.etagIsMd5);
    break;
  }
  const lost = [...journal.state.parts.keys()].some((n) => !sorted.trusted.has(n));
  if (lost) await journal.append({ type: 'parts', parts: listed(sorted.trusted) });
  work.ledger.replace(sorted.trusted);
  for (const n of sorted.trusted.keys()) work.feed.release(n);
  const pending = [...sorted.missing, ...sorted.doubtful.keys()].sort((a, b) => a - b);
  return { serverUploadId, pending, remoteEtags: sorted.doubtful };
}

const listed = (parts: ReadonlyMap<number, JournalPart>) =>
  [...parts].map(([partNumber, part]) => ({ partNumber, etag: part.etag, md5: part.md5 }));

/** Looks for an unfinished upload to the same key whose parts are parts of this very file. */
async function adopt(work: Work, signal: AbortSignal): Promise<Remaining | undefined> {
  // Without MD5s there is no telling whose parts they are.
  if (!work.target.etagIsMd5) return undefined;
  const wanted = work.plan;
  for (const id of await unfinished(work, signal)) {
    const remote = await partsOnServer(work, id, signal).catch((error: unknown) => {
      if (isGone(error)) return undefined;
      throw error;
    });
    if (remote === undefined) continue;
    // Nothing can be wrong with one that has no parts: a run began it and heard no answer, or died.
    const plan =
      remote.length === 0 ? wanted : planForParts(remote, wanted, work.target.limits, work.fixedPartSize);
    if (plan === undefined) continue;
    if (plan.partSizeBytes !== work.plan.partSizeBytes) await work.replan(plan);
    if (!(await sampleAgrees(work, remote, signal))) {
      work.note('An unfinished upload to the same place is of another file; it is left alone.');
      continue;
    }
    work.note(
      `Found an unfinished upload of this file with ${remote.length} parts on the server: going on with it.`,
    );
    await work.journal.append({ type: 'server', serverUploadId: id });
    return await remainingOf(work, id, remote, signal);
  }
  if (work.plan.partSizeBytes !== wanted.partSizeBytes) await work.replan(wanted);
  return undefined;
}

async function unfinished(work: Work, signal: AbortSignal): Promise<string[]> {
  try {
    return await retrying(rulesOf(work, signal), 'look for unfinished uploads', () =>
      work.target.findUploads({ signal }),
    );
  } catch (error) {
    // Listing needs a right of its own; whoever lacks it can still upload.
    const helpless = error instanceof ImageBridgeError && ['permission', 'unsupported'].includes(error.kind);
    if (!helpless || signal.aborted) throw error;
    work.note(`Unfinished uploads on the server could not be looked for: ${error.message}`);
    return [];
  }
}

async function sampleAgrees(work: Work, remote: RemotePart[], signal: AbortSignal): Promise<boolean> {
  const etags = reconcile(work.plan, remote, new Map(), true).doubtful;
  for (const n of sampleOf([...etags.keys()], 3, work.random)) {
    if ((await work.feed.md5(n, signal)) !== etags.get(n)) return false;
  }
  return true;
}

/** Begins a new upload on the server; its id is in the journal before any part is sent. */
async function begin(work: Work, signal: AbortSignal): Promise<Remaining> {
  const linger = lingering(work, signal);
  let tries = 0;
  try {
    const id = await retrying(rulesOf(work, signal), 'start the upload on the server', async () => {
      const before = await unfinished(work, signal);
      // What an earlier try of this very loop began without hearing of it.
      const orphan = tries++ === 0 ? undefined : await emptyOf(work, before, linger.options);
      if (orphan !== undefined) return orphan;
      try {
        return await work.target.initiate(linger.options);
      } catch (error) {
        const orphan =
          error instanceof UnavailableError ? await newcomer(work, before, linger.options) : undefined;
        if (orphan === undefined) throw error;
        return orphan;
      }
    });
    await work.journal.append({ type: 'server', serverUploadId: id });
    work.ledger.replace(new Map());
    const pending = Array.from({ length: work.plan.partsTotal }, (_, i) => i + 1);
    if (signal.aborted) throw new CancelledError({ operation: 'start the upload', reason: 'it was stopped' });
    return { serverUploadId: id, pending, remoteEtags: new Map() };
  } finally {
    linger.end();
  }
}

/** The first of some uploads that has no parts yet. */
async function emptyOf(
  work: Work,
  ids: readonly string[],
  { signal }: CallOptions,
): Promise<string | undefined> {
  if (!work.target.etagIsMd5 || signal === undefined) return undefined;
  for (const id of ids) {
    const parts = await partsOnServer(work, id, signal).catch((error: unknown) => {
      if (isGone(error)) return undefined;
      throw error;
    });
    if (parts?.length === 0) return id;
  }
  return undefined;
}

/** The upload that a call made whose reply was lost: the only one that was not there before, and still empty. */
async function newcomer(work: Work, before: string[], options: CallOptions): Promise<string | undefined> {
  try {
    const fresh = (await work.target.findUploads(options)).filter((id) => !before.includes(id));
    const [id] = fresh;
    if (id === undefined || fresh.length > 1) return undefined;
    for await (const _ of work.target.listParts(id, options)) return undefined;
    return id;
  } catch {
    return undefined;
  }
}

/** A signal that follows another one late, so that a reply under way can still arrive. */
function lingering(work: Work, signal: AbortSignal): { options: CallOptions; end: () => void } {
  const late = new AbortController();
  const ended = new AbortController();
  const follow = () => {
    work.clock.sleep(lingerMs, ended.signal).then(
      () => late.abort(),
      () => {},
    );
  };
  if (signal.aborted) late.abort();
  else signal.addEventListener('abort', follow, { once: true });
  return {
    options: { signal: late.signal },
    end() {
      signal.removeEventListener('abort', follow);
      ended.abort();
    },
  };
}
