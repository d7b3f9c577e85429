// The qcow2 header (versions 2 and 3), read as facts: QEMU docs/interop/qcow2.rst.
import type { ByteReader } from './byte-reader.ts';
import type { Finding } from './types.ts';

const MAGIC = Buffer.from('QFI\xfb', 'latin1');
const V2_HEADER_BYTES = 72;
const INCOMPATIBLE = { dirty: 0, corrupt: 1, dataFile: 2, compression: 3, extendedL2: 4 } as const;

/** What a qcow2 (or old qcow) header says. */
export interface Qcow2Facts {
  version: number;
  virtualSizeBytes: number;
  findings: Finding[];
}

/** True when the bytes at the start of a file are those of a qcow or qcow2 image. */
export const isQcow = (head: Buffer): boolean => head.subarray(0, 4).equals(MAGIC);

/**
 * Reads the header and checks what the file itself can tell.
 * @returns undefined when the header is cut short
 */
export async function readQcow2(reader: ByteReader): Promise<Qcow2Facts | undefined> {
  const h = await reader.read(0, 112);
  if (h.length < V2_HEADER_BYTES || !isQcow(h)) return undefined;
  const version = h.readUInt32BE(4);
  const findings: Finding[] = [];
  const virtualSizeBytes = safeNumber(h.readBigUInt64BE(24));

  if (h.readBigUInt64BE(8) !== 0n)
    findings.push({
      severity: 'error',
      code: 'qcow2-backing-file',
      message: 'The image depends on another file (a backing file), which a cloud does not have.',
      remedy: 'Flatten it: qemu-img convert -O qcow2 IN OUT.',
    });
  if (h.readUInt32BE(32) !== 0)
    findings.push({
      severity: 'error',
      code: 'qcow2-encrypted',
      message: 'The image is encrypted inside the qcow2 format.',
      remedy: 'Decrypt it with qemu-img convert, and let the cloud encrypt the copy.',
    });
  if (version >= 3 && h.length >= 104) findings.push(...featureFindings(h.readBigUInt64BE(72)));

  const clusterBits = h.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21)
    findings.push({
      severity: 'error',
      code: 'qcow2-bad-header',
      message: `The header gives an impossible cluster size (2^${clusterBits} bytes).`,
      remedy: 'The file is damaged: get it again, or convert it from its source.',
    });
  findings.push(...tableFindings(h, reader.sizeBytes));
  return { version, virtualSizeBytes, findings };
}

function featureFindings(features: bigint): Finding[] {
  const has = (bit: number) => (features & (1n << BigInt(bit))) !== 0n;
  const findings: Finding[] = [];
  if (has(INCOMPATIBLE.corrupt))
    findings.push({
      severity: 'error',
      code: 'qcow2-corrupt',
      message: 'The image is marked as corrupt.',
      remedy: 'Repair a copy with qemu-img check -r all.',
    });
  if (has(INCOMPATIBLE.dataFile))
    findings.push({
      severity: 'error',
      code: 'qcow2-data-file',
      message: 'The data of the image is in another file.',
      remedy: 'Put both together: qemu-img convert -O qcow2 IN OUT.',
    });
  if (has(INCOMPATIBLE.dirty))
    findings.push({
      severity: 'warning',
      code: 'qcow2-dirty',
      message: 'The image was not closed cleanly.',
      remedy: 'Run qemu-img check -r leaks on a copy.',
    });
  return findings;
}

/** The L1 and refcount tables must lie inside the file; where they do not, the file was cut. */
function tableFindings(h: Buffer, fileSizeBytes: number): Finding[] {
  const l1End = h.readBigUInt64BE(40) + BigInt(h.readUInt32BE(36)) * 8n;
  const refcountStart = h.readBigUInt64BE(48);
  if (l1End <= BigInt(fileSizeBytes) && refcountStart < BigInt(fileSizeBytes)) return [];
  return [
    {
      severity: 'error',
      code: 'qcow2-truncated',
      message: 'The file ends before the tables that its header points to: it is not complete.',
      remedy: 'Get the file again and compare its checksum.',
    },
  ];
}

const safeNumber = (value: bigint) =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
