// A packed file (gz, bz2, xz, zst) as a source of what is inside it, unpacked on the way. Composes convert and inspect.
import path from 'node:path';
import { archiveReader, type MeasureProgress, openUnpacked, type UnpackedSource } from '../convert/index.ts';
import { inspectSource } from '../inspect/index.ts';
import type { CallOptions } from '../model/index.ts';
import type { PublishSource } from './publish-source.ts';

const SCHEME = 'unpacked:';

/** The file that the name of a source means; undefined when it is none that is unpacked. */
export const parsePackedFile = (name: string): string | undefined =>
  name.startsWith(SCHEME) ? name.slice(SCHEME.length) : undefined;

/** How a packed file is read. */
export interface PackedFileOptions {
  /** Keeps what the measuring pass found out. */
  stateDir: string;
  /** Most bytes that may come out. */
  maxUnpackedBytes?: number | undefined;
  /** Called during the measuring pass, which reads the whole file once. Must not throw. */
  onMeasure?: ((progress: MeasureProgress) => void) | undefined;
}

/** A packed file. It is measured at the first use: only then are its size and checksum known. */
export function packedFile(file: string, options: PackedFileOptions): PublishSource {
  const absolute = path.resolve(file);
  const open = (call: CallOptions = {}) => openUnpacked(absolute, { ...options, ...call });
  const within = async <T>(work: (source: UnpackedSource) => Promise<T>, call?: CallOptions): Promise<T> => {
    const source = await open(call);
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  };
  return {
    path: `${SCHEME}${absolute}`,
    open,
    identify: () => within(async ({ identity }) => identity),
    inspect: (call) =>
      within(async (source) => {
        const facts = await inspectSource(archiveReader(source));
        return { path: absolute, fileSizeBytes: source.identity.sizeBytes, ...facts };
      }, call),
    // Measured already: the checksum is at hand.
    fingerprint: (call) => within(async ({ sha256 }) => sha256, call),
  };
}
