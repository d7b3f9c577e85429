// A folder of JSON documents, held in memory and written through. May touch only its own folder.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const plain = /^[a-z0-9-]{1,64}$/;

/** Documents by key. The key is derived from the document, so a file's name carries no meaning of its own. */
export class Collection<T> {
  readonly #folder: string;
  readonly #keyOf: (document: T) => string;
  readonly #documents = new Map<string, T>();
  #version = 0;

  /** Loads what is there; makes the folder where needed. Half-written temporary files are removed. */
  constructor(folder: string, schema: z.ZodType<T>, keyOf: (document: T) => string) {
    this.#folder = folder;
    this.#keyOf = keyOf;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (name.endsWith('.tmp')) rmSync(path, { force: true });
      if (!name.endsWith('.json')) continue;
      const document = readJsonFile(path, schema);
      if (document !== undefined) this.#documents.set(keyOf(document), document);
    }
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#documents.size;
  }

  get(key: string): T | undefined {
    return this.#documents.get(key);
  }

  values(): T[] {
    return [...this.#documents.values()];
  }

  /** Adds or replaces a document, on disk first. */
  put(document: T): T {
    const key = this.#keyOf(document);
    writeJsonFile(this.#path(key), document);
    this.#documents.set(key, document);
    this.#version += 1;
    return document;
  }

  delete(key: string): void {
    rmSync(this.#path(key), { force: true });
    this.#documents.delete(key);
    this.#version += 1;
  }

  /** Removes every document and the folder itself. */
  destroy(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#documents.clear();
    this.#version += 1;
  }

  #path(key: string): string {
    const name = plain.test(key) ? key : createHash('sha256').update(key).digest('hex');
    return join(this.#folder, `${name}.json`);
  }
}
