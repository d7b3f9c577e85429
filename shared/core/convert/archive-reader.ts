// What an inspection reads of an archive's content: its beginning and its end. Reads through an unpacked source only.
import { UnsupportedError } from '../model/index.ts';
import type { ArchiveReader, UnpackedSource } from './types.ts';

/** How much of the content's beginning can be read, in bytes. */
export const archiveHeadBytes = 4 * 1024 * 1024;

/**
 * A reader over the first 4 MiB and the last 64 KiB of an archive's content. That holds all headers, the partition
 * tables with GPT's copy, the sectors of an ISO file and of UDF from 32 KiB on, VHDX's region and metadata tables where
 * qemu-img and Hyper-V put them, the footers of VHD and of streamOptimized VMDK. It does not hold tables and
 * directories that lie further inside: qcow2's L1 and refcount tables of large images, boot images and directories of an
 * ISO file, extents of a VMDK. Those cannot be looked at without unpacking up to there, and an inspection does not.
 */
export function archiveReader(source: UnpackedSource): ArchiveReader {
  const { sizeBytes } = source.identity;
  const tailStart = sizeBytes - source.tail.length;
  let head: Promise<Buffer> | undefined;
  const readHead = async () => {
    const bytes = Buffer.alloc(Math.min(archiveHeadBytes, sizeBytes));
    await source.read(0, bytes);
    return bytes;
  };
  return {
    sizeBytes,
    async read(offset, lengthBytes) {
      const end = Math.min(offset + lengthBytes, sizeBytes);
      if (!Number.isSafeInteger(offset) || offset < 0 || end <= offset) return Buffer.alloc(0);
      if (offset >= tailStart) return Buffer.from(source.tail.slice(offset - tailStart, end - tailStart));
      if (end > archiveHeadBytes)
        throw new UnsupportedError({
          operation: `look at bytes ${offset} to ${end - 1} inside of ${source.archivePath}`,
          object: source.archivePath,
          reason: 'of a packed image only the first 4 MiB and the last 64 KiB can be inspected',
          hint: 'Unpack it to have it inspected as a whole.',
        });
      head ??= readHead();
      return Buffer.from((await head).subarray(offset, end));
    },
  };
}
