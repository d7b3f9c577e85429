// Puts checksums right after a change, so that what stands behind them is reached too. Places are those of the corpus.
import { crc32 } from 'node:zlib';
import { complementSum, crc32c } from '../../shared/core/inspect/checksum.ts';

const KIB = 1024;
const SECTOR = 512;

const has = (bytes: Buffer, at: number, text: string, length: number) =>
  at >= 0 && at + length <= bytes.length && bytes.subarray(at, at + text.length).toString('latin1') === text;

/** Changes the bytes in place. */
export function repair(bytes: Buffer): void {
  for (const at of [0, bytes.length - SECTOR])
    if (has(bytes, at, 'conectix', SECTOR))
      bytes.writeUInt32BE(complementSum(bytes.subarray(at, at + SECTOR), 64), at + 64);
  if (has(bytes, 512, 'cxsparse', 1024))
    bytes.writeUInt32BE(complementSum(bytes.subarray(512, 1536), 36), 512 + 36);
  for (const mark of ['stream', 'z2strm'])
    if (has(bytes, 0, mark, SECTOR)) bytes.writeUInt32LE(complementSum(bytes.subarray(0, SECTOR), 64), 64);
  for (const at of [64 * KIB, 128 * KIB])
    if (has(bytes, at, 'head', 4 * KIB))
      bytes.writeUInt32LE(crc32c(bytes.subarray(at, at + 4 * KIB), 4), at + 4);
  for (const at of [192 * KIB, 256 * KIB])
    if (has(bytes, at, 'regi', 64 * KIB))
      bytes.writeUInt32LE(crc32c(bytes.subarray(at, at + 64 * KIB), 4), at + 4);
  if (has(bytes, SECTOR, 'EFI PART', SECTOR)) repairGpt(bytes);
  if (has(bytes, 50 * 2 * KIB, '\x01', 32)) repairCatalogue(bytes, 50 * 2 * KIB);
}

function repairGpt(bytes: Buffer): void {
  const header = bytes.subarray(SECTOR, 2 * SECTOR);
  const start = Number(header.readBigUInt64LE(72)) * SECTOR;
  const length = header.readUInt32LE(80) * header.readUInt32LE(84);
  if (start + length <= bytes.length && length <= 64 * KIB)
    header.writeUInt32LE(crc32(bytes.subarray(start, start + length)), 88);
  const headerBytes = header.readUInt32LE(12);
  if (headerBytes > SECTOR) return;
  header.writeUInt32LE(0, 16);
  header.writeUInt32LE(crc32(header.subarray(0, headerBytes)), 16);
}

function repairCatalogue(bytes: Buffer, at: number): void {
  bytes.writeUInt16LE(0, at + 28);
  let sum = 0;
  for (let i = 0; i < 32; i += 2) sum += bytes.readUInt16LE(at + i);
  bytes.writeUInt16LE((0x1_0000 - (sum % 0x1_0000)) % 0x1_0000, at + 28);
}
