// A last look before qemu-img opens an image: does it name other files? The inspection has said so before, but the file may
// have been another one then. Reads the file's header only.
import { type FileHandle, open } from 'node:fs/promises';
import { type DiskFormat, RefusedError } from '../model/index.ts';
import { localFileError } from './archive-file.ts';

/** What the header shows against opening it; undefined when nothing. Bytes: the first 1 KiB, or less when there is less. */
type Objection = (header: Buffer, handle: FileHandle) => Promise<string | undefined> | string | undefined;

const another = (format: string) => `it does not begin as a ${format} image does`;
const BACKING = 'it names a backing file';

/** Only formats whose images can name other files; what the others (raw, VHD, VHDX, VDI) name, qemu-img does not open. */
const objections: Record<string, Objection> = {
  qcow2: (header) => {
    if (header.toString('latin1', 0, 4) !== 'QFI\xfb' || header.length < 72) return another('qcow2');
    const version = header.readUInt32BE(4);
    if (version !== 2 && version !== 3) return another('qcow2');
    if (header.readBigUInt64BE(8) !== 0n) return BACKING;
    if (header.readUInt32BE(32) !== 0) return 'it is encrypted';
    // Incompatible features: bit 2 is an external data file.
    if (version === 3 && (header.length < 104 || (header.readUInt32BE(76) & 4) !== 0))
      return 'its data lies in another file';
    return undefined;
  },
  qed: (header) => {
    if (header.toString('latin1', 0, 4) !== 'QED\0' || header.length < 64) return another('QED');
    // Features: bit 0 is a backing file.
    return (header.readUInt32LE(16) & 1) !== 0 ? BACKING : undefined;
  },
  vmdk: async (header, handle) => {
    if (header.toString('latin1', 0, 4) !== 'KDMV' || header.length < 512) return another('sparse VMDK');
    const sector = 512;
    const capacity = header.readBigUInt64LE(12);
    const at = header.readBigUInt64LE(28);
    const sectors = header.readBigUInt64LE(36);
    // Without a capacity, or without a descriptor, qemu-img takes the names of its parts from elsewhere.
    if (capacity === 0n || at === 0n || at > 2048n || sectors === 0n || sectors > 2048n)
      return 'its descriptor is not where one is expected';
    const descriptor = Buffer.alloc(Number(sectors) * sector);
    const { bytesRead } = await handle.read(descriptor, 0, descriptor.length, Number(at) * sector);
    const text = descriptor.toString('latin1', 0, bytesRead).split('\0', 1)[0] ?? '';
    if (!/^\s*createType\s*=\s*"(monolithicSparse|streamOptimized)"/im.test(text))
      return 'it may have its data in other files';
    if (!/^\s*parentCID\s*=\s*"?ffffffff/im.test(text) || /parentFileNameHint/i.test(text)) return BACKING;
    return undefined;
  },
};

/**
 * Makes sure that an image does not make qemu-img open other files.
 * @throws RefusedError when it might; LocalFileError when it cannot be read
 */
export async function requireStandsAlone(path: string, format: DiskFormat): Promise<void> {
  const objection = objections[format];
  if (objection === undefined) return;
  let found: string | undefined;
  try {
    const handle = await open(path, 'r');
    try {
      const header = Buffer.alloc(1024);
      const { bytesRead } = await handle.read(header, 0, header.length, 0);
      found = await objection(header.subarray(0, bytesRead), handle);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw localFileError(`read ${path}`, path, cause);
  }
  if (found === undefined) return;
  throw new RefusedError({
    operation: `convert ${path}`,
    object: path,
    reason: `${found}, and qemu-img would follow what whoever made it wrote into it`,
    hint: 'Inspect it, and convert it by hand if you trust it.',
  });
}
