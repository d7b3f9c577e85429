// Checksums that headers carry. Pure.

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), as VHDX has it, with the four bytes at `zeroAt` taken as zero. */
export function crc32c(bytes: Uint8Array, zeroAt?: number): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) {
    const byte = isIn(i, zeroAt) ? 0 : (bytes[i] ?? 0);
    crc = (crc >>> 8) ^ (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** The one's complement of the sum of all bytes, as VHD has it, with the four bytes at `zeroAt` taken as zero. */
export function complementSum(bytes: Uint8Array, zeroAt: number): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) if (!isIn(i, zeroAt)) sum += bytes[i] ?? 0;
  return ~sum >>> 0;
}

const isIn = (i: number, at: number | undefined) => at !== undefined && i >= at && i < at + 4;
