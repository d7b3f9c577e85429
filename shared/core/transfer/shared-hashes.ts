// Several uploads of the same file in this process share its hashes: each is computed once.
import { Hasher } from './hasher.ts';
import type { PartPlan } from './plan.ts';
import type { SourceFile } from './source-file.ts';

interface Entry {
  key: string;
  hasher: Hasher;
  /** Kept open for the hasher's threads, whichever upload ends first. */
  file: SourceFile;
  users: number;
}

const entries = new Map<string, Entry>();

/** One upload's part in the hashes of a file. Release it before the file is closed. */
export class SharedHashes {
  readonly #plan: PartPlan;
  readonly #file: SourceFile;
  #entry: Entry;

  /** Joins the uploads that hash this very file (path, size, time, inode), cut in the same way. */
  constructor(file: SourceFile, plan: PartPlan) {
    this.#file = file;
    this.#plan = plan;
    const { path, sizeBytes, mtimeMs, inode } = file.identity;
    const key = [path, sizeBytes, mtimeMs, inode, plan.partSizeBytes].join('\0');
    const entry = entries.get(key) ?? this.#newEntry(key);
    entries.set(key, entry);
    entry.users++;
    this.#entry = entry;
  }

  get hasher(): Hasher {
    return this.#entry.hasher;
  }

  /** True when no other upload uses them. */
  get alone(): boolean {
    return this.#entry.users === 1;
  }

  /** Goes on with hashes of its own, of which nothing is known: the others are not disturbed. */
  async renew(): Promise<void> {
    const old = this.#entry;
    if (entries.get(old.key) === old) entries.delete(old.key);
    this.#entry = this.#newEntry(old.key);
    this.#entry.users = 1;
    await leave(old);
  }

  /** Leaves; the last one ends the threads. */
  release(): Promise<void> {
    return leave(this.#entry);
  }

  #newEntry(key: string): Entry {
    const file = this.#file.share();
    return { key, file, hasher: new Hasher(file, this.#plan), users: 0 };
  }
}

async function leave(entry: Entry): Promise<void> {
  if (--entry.users > 0) return;
  if (entries.get(entry.key) === entry) entries.delete(entry.key);
  await entry.hasher.close();
  await entry.file.close();
}
