// Files for tests: small on the disk, large enough for several parts. Writes where it is told to.
import { open } from 'node:fs/promises';
import path from 'node:path';
import { tinyQcow2 } from '../../testing/tiny-qcow2.ts';

const MIB = 1024 ** 2;

/** A raw disk with a boot sector; different seeds, different bytes. Most of it is a hole. */
export async function rawDisk(dir: string, name: string, sizeMib: number, seed = name): Promise<string> {
  const file = path.join(dir, name);
  const handle = await open(file, 'w');
  try {
    await handle.truncate(sizeMib * MIB);
    for (let at = 0; at < sizeMib; at++) await handle.write(`${seed} ${at}`, at * MIB + 600);
    // Boot code, and an active partition of Linux behind it.
    const sector = Buffer.alloc(512);
    sector.write('\xeb\x63', 'latin1');
    sector.set([0x80, 0, 0, 0, 0x83], 446);
    sector.writeUInt32LE(64, 446 + 8);
    sector.writeUInt32LE((sizeMib * MIB) / 512 - 64, 446 + 12);
    sector.writeUInt16LE(0xaa55, 510);
    await handle.write(sector, 0, 512, 0);
  } finally {
    await handle.close();
  }
  return file;
}

/** A qcow2 of a disk of 64 MiB, with a tail that nothing refers to: it has the size that a test wants. */
export async function qcow2Disk(dir: string, name: string, sizeMib: number): Promise<string> {
  const bytes = tinyQcow2(name);
  const file = path.join(dir, name);
  const handle = await open(file, 'w');
  try {
    await handle.write(bytes);
    await handle.truncate(Math.max(bytes.length, sizeMib * MIB));
    for (let at = 1; at < sizeMib; at++) await handle.write(`${name} ${at}`, at * MIB + 600);
  } finally {
    await handle.close();
  }
  return file;
}
