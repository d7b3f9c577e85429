// What uploads leave behind. Orphans: uploads in parts that lie unfinished on a cloud, and that no journal of this machine
// knows; their parts cost money and are seen in no listing of objects. Journals of what is over, and conversions that
// nobody came back for. Composes the port, the journals and the spool of conversions.
import { cleanSpool } from '../convert/index.ts';
import {
  type BucketStore,
  type CallOptions,
  type Clock,
  ImageBridgeError,
  type ImageCloud,
  systemClock,
  type UnfinishedUpload,
} from '../model/index.ts';
import {
  discardUpload,
  type EngineOptions,
  type JournalSummary,
  listUploads,
  readUpload,
} from '../transfer/index.ts';
import { spoolDirOf } from './prepare-source.ts';
import { isPublished } from './publish.ts';

/** What the keys of our own uploads begin with. */
const OWN_PREFIX = 'imagebridge/';

/** An unfinished upload of a cloud, and what speaks for and against removing it. */
export interface FoundUpload extends UnfinishedUpload {
  /** Time since it was begun, in ms, where the service tells when. */
  ageMs?: number | undefined;
  /**
   * `known`: a journal of this machine goes on with it; `young`: it may be another machine's, at work right now;
   * `foreign`: its key is none of ours; `undated`: its age is not known; `orphan`: none of these.
   */
  verdict: 'known' | 'young' | 'foreign' | 'undated' | 'orphan';
}

/** Where to look, and what counts as an orphan. */
export interface OrphanOptions extends CallOptions {
  clock?: Clock | undefined;
  /** Default: the bucket that files are staged in; a bucket service of one's own has none. */
  bucket?: string | undefined;
  /** Younger uploads are left alone, in ms: other machines may be at work on them. */
  olderThanMs: number;
  /** Count uploads of other programs in, which share the bucket. */
  foreign?: boolean | undefined;
}

/** What an unfinished upload is. Pure. @param nowMs ms since 1970 */
export function judgeUpload(
  upload: UnfinishedUpload,
  journals: readonly Pick<JournalSummary, 'state' | 'target'>[],
  options: Pick<OrphanOptions, 'olderThanMs' | 'foreign'>,
  nowMs: number,
): FoundUpload {
  const age = upload.startedAt ? { ageMs: Math.max(0, nowMs - upload.startedAt.getTime()) } : {};
  const known = journals.some(
    ({ state, target }) =>
      state !== 'uploaded' &&
      state !== 'aborted' &&
      target.bucket === upload.bucket &&
      target.key === upload.key,
  );
  const verdict = known
    ? 'known'
    : !options.foreign && !upload.key.startsWith(OWN_PREFIX)
      ? 'foreign'
      : age.ageMs === undefined
        ? 'undated'
        : age.ageMs < options.olderThanMs
          ? 'young'
          : 'orphan';
  return { ...upload, ...age, verdict };
}

/**
 * Lists the unfinished uploads of a cloud's bucket with what they are.
 * @throws LocalFileError when the journals cannot be read; UnsupportedError; others of the port
 */
export async function findOrphans(
  keeper: Pick<ImageCloud, 'listUnfinishedUploads'>,
  options: OrphanOptions,
  engine: EngineOptions,
): Promise<FoundUpload[]> {
  const call = { signal: options.signal };
  const nowMs = (options.clock ?? systemClock).now();
  // The cloud first: an upload that begins meanwhile has its journal before it has parts.
  const uploads: UnfinishedUpload[] = [];
  for await (const upload of keeper.listUnfinishedUploads(options.bucket, call)) uploads.push(upload);
  const journals = await listUploads(engine);
  return uploads.map((upload) => judgeUpload(upload, journals, options, nowMs));
}

/** What became of an orphan. */
export interface OrphanOutcome {
  upload: FoundUpload;
  outcome: 'removed' | 'failed';
  error?: ImageBridgeError | undefined;
}

/**
 * Removes the orphans among what was found, with their parts. A failure of one does not keep the others.
 * @throws CancelledError when the signal aborts
 */
export async function* removeOrphans(
  keeper: Pick<ImageCloud, 'abortUnfinishedUpload'>,
  found: readonly FoundUpload[],
  options: CallOptions = {},
): AsyncGenerator<OrphanOutcome> {
  for (const upload of found) {
    if (upload.verdict !== 'orphan') continue;
    try {
      await keeper.abortUnfinishedUpload(upload, options);
      yield { upload, outcome: 'removed' };
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      yield { upload, outcome: 'failed', error };
    }
  }
}

/** True when nothing is left to be done for an upload: aborted, become an image, or put into a bucket of one's own. */
export function isOver(upload: Pick<JournalSummary, 'state' | 'facts' | 'target'>): boolean {
  if (upload.state !== 'uploaded') return upload.state === 'aborted';
  return isPublished(upload) || isPlainUpload(upload);
}

/** True when the upload goes to a bucket of one's own, and is to become no image. */
export const isPlainUpload = ({ target, facts }: Pick<JournalSummary, 'facts' | 'target'>): boolean =>
  target.cloud.startsWith('s3:') && Object.keys(facts).length === 0;

/** What to clean up. */
export interface CleanOptions {
  clock?: Clock | undefined;
  /** Time since the last change, in ms. */
  olderThanMs: number;
  /** True: tell which journals, and remove nothing. */
  dryRun?: boolean | undefined;
}

/** What was cleaned up. */
export interface Cleaning {
  /** Uploads that were forgotten. */
  uploads: JournalSummary[];
  /** Bytes of conversions that nobody came back for. */
  freedBytes: number;
}

/**
 * Removes the journals of uploads that are over, and conversions of files that nobody came back for. Nothing in any cloud
 * changes.
 * @throws LocalFileError when they cannot be read or removed
 */
export async function cleanUploads(options: CleanOptions, engine: EngineOptions): Promise<Cleaning> {
  const before = new Date((options.clock ?? systemClock).now() - options.olderThanMs);
  const all = await listUploads(engine);
  const uploads = all.filter((upload) => isOver(upload) && !upload.active && upload.updatedAt <= before);
  if (options.dryRun) return { uploads, freedBytes: 0 };
  for (const { uploadId } of uploads) await discardUpload(uploadId, engine);
  const keep = all.filter((upload) => !isOver(upload)).map(({ file }) => file.path);
  const { freedBytes } = await cleanSpool(spoolDirOf(engine), before, keep);
  return { uploads, freedBytes };
}

/**
 * Gives up an upload to a bucket of one's own: removes its parts, then its journal. An object that is complete stays.
 * @throws BusyError while a process is working on it; others of the port
 */
export async function discardPlainUpload(
  store: Pick<BucketStore, 'target'>,
  uploadId: string,
  engine: EngineOptions,
): Promise<void> {
  const journal = await readUpload(uploadId, engine);
  if (journal === undefined) return;
  await discardUpload(uploadId, engine, store.target(journal.target.bucket, journal.target.key));
}
