// The files of a download: FILE once it is whole; until then FILE.part, and FILE.part.json that says what it is a part of.
import { type FileHandle, link, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LocalFileError } from '../model/index.ts';

const partOfSchema = z.object({
  version: z.literal(1),
  cloud: z.string(),
  region: z.string(),
  imageId: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  checksums: z.record(z.string(), z.string()),
});

/** What FILE.part is a part of. */
export type PartOf = z.infer<typeof partOfSchema>;

/** The files of one download. What fails on a disk is a LocalFileError. */
export class DownloadFiles {
  readonly partPath: string;
  readonly #path: string;
  readonly #operation: string;
  readonly #sidecarPath: string;

  /**
   * @param file absolute path of FILE
   * @param operation what is done, as errors tell it
   */
  constructor(file: string, operation: string) {
    this.#path = file;
    this.#operation = operation;
    this.partPath = `${file}.part`;
    this.#sidecarPath = `${file}.part.json`;
  }

  async refuseExisting(): Promise<void> {
    if ((await this.#sizeOf(this.#path)) === undefined) return;
    throw new LocalFileError({
      operation: this.#operation,
      object: this.#path,
      reason: 'there is a file of that name already, and it is not overwritten',
      hint: 'Choose another name, or remove that file.',
    });
  }

  /** What an earlier run of the same image left in FILE.part; undefined when it left nothing. Refuses what is of others. */
  async earlier(
    own: Pick<PartOf, 'cloud' | 'region' | 'imageId'>,
  ): Promise<{ partOf: PartOf; gotBytes: number } | undefined> {
    const text = await readFile(this.#sidecarPath, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.error(`read ${this.#sidecarPath}`, error);
    });
    const gotBytes = await this.#sizeOf(this.partPath);
    const partOf = text === undefined ? undefined : partOfSchema.safeParse(parseJson(text)).data;
    if (text === undefined && gotBytes === undefined) return undefined;
    if (partOf?.imageId === own.imageId && partOf.cloud === own.cloud && partOf.region === own.region)
      return gotBytes === undefined ? undefined : { partOf, gotBytes };
    throw new LocalFileError({
      operation: this.#operation,
      object: this.partPath,
      reason: partOf
        ? `${this.partPath} is a part of image ${partOf.imageId} of ${partOf.cloud}/${partOf.region}`
        : `${this.partPath} lies there, and nothing says what it is a part of`,
      hint: `Choose another name, or remove it and ${path.basename(this.#sidecarPath)}.`,
    });
  }

  /** Makes an empty FILE.part. The sidecar is there first, so that no part is ever without one. */
  async begin(partOf: PartOf): Promise<void> {
    const folder = path.dirname(this.#path);
    const space = await statfs(folder).catch((error: unknown) => {
      throw this.error(`write to ${folder}`, error);
    });
    const freeBytes = space.bavail * space.bsize;
    if (freeBytes < partOf.sizeBytes)
      throw new LocalFileError({
        operation: this.#operation,
        object: folder,
        reason: `the image has ${partOf.sizeBytes} bytes, and ${freeBytes} are free there`,
        hint: 'Make room, or choose another place.',
      });
    try {
      await writeFile(`${this.#sidecarPath}.new`, `${JSON.stringify(partOf)}\n`, { mode: 0o600 });
      await rename(`${this.#sidecarPath}.new`, this.#sidecarPath);
      await writeFile(this.partPath, '');
    } catch (error) {
      throw this.error(`write ${this.partPath}`, error);
    }
  }

  async openPart(flags: 'r' | 'r+'): Promise<FileHandle> {
    return open(this.partPath, flags).catch((error: unknown) => {
      throw this.error(`open ${this.partPath}`, error);
    });
  }

  /** FILE.part is whole: gives it its name. */
  async complete(): Promise<void> {
    try {
      // Unlike a rename, a link never takes the place of a file that has come meanwhile.
      await link(this.partPath, this.#path).catch(async (error: unknown) => {
        if (codeOf(error) === 'EEXIST') throw error;
        await rename(this.partPath, this.#path);
      });
      await this.remove();
    } catch (error) {
      throw this.error(`write ${this.#path}`, error);
    }
  }

  /** Removes FILE.part, and what says of what it is. */
  async remove(): Promise<void> {
    await rm(this.partPath, { force: true });
    await rm(this.#sidecarPath, { force: true });
  }

  /** The error of a disk, in our words. */
  error(operation: string, cause: unknown): LocalFileError {
    return new LocalFileError({
      operation,
      object: this.#path,
      reason: codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause)),
      hint:
        codeOf(cause) === 'ENOSPC'
          ? 'The disk is full: make room, and run the same command again; it goes on where it stopped.'
          : 'Check the path and its permissions.',
      cause,
    });
  }

  async #sizeOf(file: string): Promise<number | undefined> {
    return stat(file).then(
      ({ size }) => size,
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw this.error(`look at ${file}`, error);
      },
    );
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
