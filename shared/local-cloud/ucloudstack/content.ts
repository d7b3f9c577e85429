// The bytes of an image: reading them, and telling what a file is by its first bytes.
import { type BlobStore, manifestSize } from '../store/blobs.ts';
import type { Content, Outcome } from './records.ts';

const gib = 2 ** 30;
const clusterBytes = 1 << 16;
/** What one entry of a qcow2's first table reaches with clusters of 64 KiB. */
const tableReachBytes = 2 ** 29;
const headBytes = 33 << 10;
const isoMark = { offset: 32_769, text: 'CD001' };
const qcow2Magic = Buffer.from('QFI\xfb', 'latin1');

/** Largest virtual size that an image may have, in GiB. */
export const maxImageGiB = 2000;

/** Size in bytes. */
export function contentSize(content: Content): number {
  return content.kind === 'stored' ? manifestSize(content.manifest) : 4 * clusterBytes;
}

/** The bytes from `start` up to and without `end`. They stay while they are being read. */
export async function* readContent(
  blobs: BlobStore,
  content: Content,
  start = 0,
  end = contentSize(content),
): AsyncGenerator<Buffer, void, undefined> {
  if (content.kind === 'generated') {
    yield emptyQcow2(content).subarray(start, end);
    return;
  }
  blobs.retain(content.manifest);
  try {
    yield* blobs.read(content.manifest, start, end);
  } finally {
    blobs.release(content.manifest);
  }
}

/** A valid qcow2 file of an empty disk; the label, in a header extension, makes each one another file. */
function emptyQcow2({ label, virtualGiB }: { label: string; virtualGiB: number }): Buffer {
  const file = Buffer.alloc(4 * clusterBytes);
  qcow2Magic.copy(file);
  file.writeUInt32BE(2, 4);
  file.writeUInt32BE(16, 20);
  file.writeBigUInt64BE(BigInt(virtualGiB * gib), 24);
  file.writeUInt32BE(Math.ceil((virtualGiB * gib) / tableReachBytes), 36);
  file.writeBigUInt64BE(BigInt(3 * clusterBytes), 40);
  file.writeBigUInt64BE(BigInt(clusterBytes), 48);
  file.writeUInt32BE(1, 56);
  const text = Buffer.from(label);
  file.writeUInt32BE(0x4c4f434c, 72);
  file.writeUInt32BE(text.length, 76);
  text.copy(file, 80);
  // The table of reference counts, and the counts of the four clusters.
  file.writeBigUInt64BE(BigInt(2 * clusterBytes), clusterBytes);
  for (let cluster = 0; cluster < 4; cluster += 1) file.writeUInt16BE(1, 2 * clusterBytes + 2 * cluster);
  return file;
}

/** Whether some content is what it was said to be, and how large a disk it needs. */
export async function examine(
  blobs: BlobStore,
  content: Content,
  expected: { format: 'qcow2' | 'iso'; sizeGiB: number },
): Promise<Outcome> {
  const sizeBytes = contentSize(content);
  const chunks: Buffer[] = [];
  for await (const chunk of readContent(blobs, content, 0, Math.min(headBytes, sizeBytes)))
    chunks.push(chunk);
  const head = Buffer.concat(chunks);
  const isQcow2 = head.subarray(0, 4).equals(qcow2Magic);
  const isIso =
    head.toString('latin1', isoMark.offset, isoMark.offset + isoMark.text.length) === isoMark.text;
  if (expected.format === 'qcow2' ? !isQcow2 : !isIso) {
    return { ok: false, reason: `镜像文件的格式不是 ${expected.format}` };
  }
  const virtualBytes = isQcow2 && head.length >= 32 ? Number(head.readBigUInt64BE(24)) : sizeBytes;
  const probedGiB = Math.ceil(Math.max(virtualBytes, sizeBytes, 1) / gib);
  if (probedGiB > maxImageGiB)
    return { ok: false, reason: `镜像大小 ${probedGiB} GiB 超出上限 ${maxImageGiB} GiB` };
  return { ok: true, content, sizeGiB: Math.max(probedGiB, expected.sizeGiB) };
}
