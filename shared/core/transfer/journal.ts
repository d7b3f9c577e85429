// The journal of one upload on disk: append, fsync, compact, repair. Touches only the upload's own folder.
import { randomBytes } from 'node:crypto';
import { copyFile, type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, LocalFileError } from '../model/index.ts';
import {
  applyRecord,
  decodeJournal,
  encodeRecord,
  foldJournal,
  type JournalState,
  type RecordBody,
  recordsOf,
} from './journal-records.ts';
import { systemCode } from './source-file.ts';

const fileName = 'journal.jsonl';

/** Folder of all uploads of a state directory. */
export const uploadsFolder = (stateDir: string) => join(stateDir, 'uploads');
/** Folder of one upload. */
export const uploadFolder = (stateDir: string, uploadId: string) => join(uploadsFolder(stateDir), uploadId);

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idPattern = /^[0-9a-z]{15}$/;

/** A new local upload id: 15 letters and digits, later ones sort later. */
export function newUploadId(nowMs: number): string {
  let id = '';
  for (let rest = nowMs; id.length < 9; rest = Math.floor(rest / 32)) id = (alphabet[rest % 32] ?? '0') + id;
  for (const byte of randomBytes(6)) id += alphabet[byte % 32] ?? '0';
  return id;
}

/** True for what may be an upload id; anything else must not become a path. */
export const isUploadId = (text: string) => idPattern.test(text);

/** The error of a journal that cannot be written or read. */
export function journalError(operation: string, path: string, cause: unknown): LocalFileError {
  const code = systemCode(cause);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new LocalFileError({
    operation,
    object: path,
    reason: full ? 'the disk is full' : `the system answered ${code ?? 'an unknown error'}`,
    hint: full
      ? 'Free some space on the disk of the state directory; an upload that was under way can then be resumed.'
      : 'The state directory must be writable for this user.',
    cause,
  });
}

/** Makes names in a folder durable. Windows cannot, and needs not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Reads a journal without opening it for work. */
export async function readJournal(
  folder: string,
): Promise<{ state: JournalState | undefined; damage?: 'torn' | 'damaged' | undefined } | undefined> {
  const path = join(folder, fileName);
  try {
    const decoded = decodeJournal(await readFile(path));
    return { state: foldJournal(decoded), damage: decoded.damage };
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw journalError(`read the journal ${path}`, path, cause);
  }
}

/** Ids of the uploads that have a folder, the oldest first. A state directory that does not exist has none. */
export async function listUploadIds(stateDir: string): Promise<string[]> {
  const path = uploadsFolder(stateDir);
  try {
    return (await readdir(path)).filter(isUploadId).sort();
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw journalError(`read the uploads in ${path}`, path, cause);
  }
}

/** Makes the folder of an upload, readable for this user only. */
export async function makeUploadFolder(stateDir: string, uploadId: string): Promise<string> {
  const folder = uploadFolder(stateDir, uploadId);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(uploadsFolder(stateDir));
  } catch (cause) {
    throw journalError(`create the folder ${folder}`, folder, cause);
  }
  return folder;
}

/** Removes the folder of an upload and everything in it. */
export async function removeUploadFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw journalError(`remove ${folder}`, folder, cause);
  }
}

interface Append {
  body: RecordBody;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** An open journal. One owner at a time: hold the upload's lock. */
export class Journal {
  readonly #folder: string;
  readonly #path: string;
  readonly #clock: Clock;
  #handle: FileHandle;
  #state: JournalState;
  #goodBytes: number;
  #count: number;
  #queue: Append[] = [];
  #flushing: Promise<void> | undefined;

  /** What was wrong with it when it was opened. */
  readonly damage: 'torn' | 'damaged' | undefined;

  private constructor(
    folder: string,
    clock: Clock,
    at: { handle: FileHandle; state: JournalState; goodBytes: number; count: number },
    damage?: 'torn' | 'damaged',
  ) {
    this.#folder = folder;
    this.#path = join(folder, fileName);
    this.#clock = clock;
    this.#handle = at.handle;
    this.#state = at.state;
    this.#goodBytes = at.goodBytes;
    this.#count = at.count;
    this.damage = damage;
  }

  /**
   * Creates the journal of a new upload; durable when this resolves.
   * @throws LocalFileError when it cannot be written, e.g. the disk is full
   */
  static async create(folder: string, state: JournalState, clock: Clock): Promise<Journal> {
    return new Journal(folder, clock, await writeWhole(folder, state, clock));
  }

  /**
   * Opens the journal of an unfinished upload and repairs it: a torn end is cut; of a damaged one the good beginning
   * is kept and the original set aside as `journal.damaged.jsonl`.
   * @returns undefined when there is none, or nothing in it can be read
   * @throws LocalFileError when it cannot be read or written
   */
  static async open(folder: string, clock: Clock): Promise<Journal | undefined> {
    const path = join(folder, fileName);
    let handle: FileHandle | undefined;
    try {
      const decoded = decodeJournal(await readFile(path));
      const state = foldJournal(decoded);
      if (state === undefined) return undefined;
      const count = decoded.records.length;
      if (decoded.damage === 'damaged') await copyFile(path, join(folder, 'journal.damaged.jsonl'));
      if (decoded.damage === 'damaged' || count > 2 * recordsOf(state).length + 200) {
        return new Journal(folder, clock, await writeWhole(folder, state, clock), decoded.damage);
      }
      handle = await open(path, 'r+');
      if (decoded.damage === 'torn') {
        await handle.truncate(decoded.goodBytes);
        await handle.datasync();
      }
      const at = { handle, state, goodBytes: decoded.goodBytes, count: (decoded.records.at(-1)?.n ?? 0) + 1 };
      return new Journal(folder, clock, at, decoded.damage);
    } catch (cause) {
      await handle?.close();
      if (cause instanceof LocalFileError) throw cause;
      if (systemCode(cause) === 'ENOENT') return undefined;
      throw journalError(`open the journal ${path}`, path, cause);
    }
  }

  /** What the durable records add up to. Look, do not change. */
  get state(): Readonly<JournalState> {
    return this.#state;
  }

  /**
   * Appends a record. Durable when this resolves; records asked for at the same time share one fsync.
   * @throws LocalFileError when it cannot be written; the journal then still ends with its last good record
   */
  append(body: RecordBody): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ body, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0);
      try {
        const atMs = this.#clock.now();
        const text = batch.map((a, i) => encodeRecord(this.#count + i, atMs, a.body)).join('');
        await writeAll(this.#handle, Buffer.from(text), this.#goodBytes);
        await this.#handle.datasync();
        this.#goodBytes += Buffer.byteLength(text);
        this.#count += batch.length;
        for (const a of batch) {
          this.#state = applyRecord(this.#state, a.body, atMs) ?? this.#state;
          a.resolve();
        }
      } catch (cause) {
        // Half a record may have reached the disk; a reader would cut it off, and so do we.
        await this.#handle.truncate(this.#goodBytes).catch(() => {});
        const error = journalError(`write the journal ${this.#path}`, this.#path, cause);
        for (const a of batch) a.reject(error);
      }
    }
    // At once, not in a later turn: whoever was waiting for the last record may append the next one in between.
    this.#flushing = undefined;
  }

  /** Writes what is under way, makes the file small when it has grown silly, and closes it. Never throws. */
  async close(): Promise<void> {
    await this.#flushing;
    try {
      if (this.#count > 4 * recordsOf(this.#state).length + 1000) {
        const old = this.#handle;
        this.#handle = (await writeWhole(this.#folder, this.#state, this.#clock)).handle;
        await old.close();
      }
    } catch {
      // Being large is no reason to fail: the old file is still whole.
    }
    await this.#handle.close().catch(() => {});
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

async function writeWhole(folder: string, state: JournalState, clock: Clock) {
  const path = join(folder, fileName);
  const fresh = join(folder, `${fileName}.new`);
  let handle: FileHandle | undefined;
  try {
    const records = recordsOf(state);
    const atMs = clock.now();
    const bytes = Buffer.from(records.map((r, n) => encodeRecord(n, atMs, r)).join(''));
    handle = await open(fresh, 'w+', 0o600);
    await writeAll(handle, bytes, 0);
    await handle.sync();
    // Windows does not rename an open file.
    await handle.close();
    handle = undefined;
    await rename(fresh, path);
    await syncFolder(folder);
    handle = await open(path, 'r+');
    return { handle, state, goodBytes: bytes.length, count: records.length };
  } catch (cause) {
    await handle?.close().catch(() => {});
    await rm(fresh, { force: true }).catch(() => {});
    throw journalError(`write the journal ${path}`, path, cause);
  }
}
