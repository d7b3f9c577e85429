// The smallest qcow2, for tests. Pure.

const CLUSTER = 65_536;

/** A disk of 64 MiB that holds nothing, but for some text: five clusters, 320 KiB. */
export function tinyQcow2(text: string): Buffer {
  const bytes = Buffer.alloc(5 * CLUSTER);
  bytes.write('QFI\xfb', 'latin1');
  bytes.writeUInt32BE(2, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(64n << 20n, 24);
  bytes.writeUInt32BE(1, 36);
  bytes.writeBigUInt64BE(BigInt(3 * CLUSTER), 40);
  bytes.writeBigUInt64BE(BigInt(CLUSTER), 48);
  bytes.writeUInt32BE(1, 56);
  bytes.writeBigUInt64BE(BigInt(2 * CLUSTER), CLUSTER);
  for (let cluster = 0; cluster < 5; cluster += 1) bytes.writeUInt16BE(1, 2 * CLUSTER + 2 * cluster);
  bytes.write(text, 4 * CLUSTER);
  return bytes;
}
