// What is published: a local file, or other bytes with a name. Touches inspect and, through it, the file.
import { type Inspection, inspectFile } from '../inspect/index.ts';
import type { ByteSource, CallOptions } from '../model/index.ts';
import { identifyFile } from '../transfer/index.ts';
import { fileFingerprint } from './staging-key.ts';

/** Something that can become an image. */
export interface PublishSource {
  /** How messages and journals call it: the absolute path of a file, or a name with a scheme (`SourceIdentity.path`). */
  readonly path: string;
  /** SHA-256 of all bytes in hex, where it is known beforehand. */
  readonly sha256?: string | undefined;
  /** Finds out what it is. */
  inspect(options?: CallOptions): Promise<Inspection>;
  /** A digest that names the content well enough to find an unfinished upload of it; see `contentFingerprint`. */
  fingerprint(options?: CallOptions): Promise<string>;
  /** Size and last change, to tell whether an earlier upload was of the same bytes. */
  identify(): Promise<{ sizeBytes: number; mtimeMs: number }>;
  /** Opens it for the engine, which closes it. Absent for local files, which the engine opens by their path. */
  open?(options?: CallOptions): Promise<ByteSource>;
  /** Removes what was made to reach the bytes, once they are an image. Without it, the next run uses it again. */
  dispose?(): Promise<void>;
}

/** A local file. */
export function localFile(path: string): PublishSource {
  return {
    path,
    inspect: (options) => inspectFile(path, options),
    fingerprint: () => fileFingerprint(path),
    identify: () => identifyFile(path),
  };
}
