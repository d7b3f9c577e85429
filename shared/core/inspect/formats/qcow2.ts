// qcow2, versions 2 and 3 (QEMU docs/interop/qcow2.rst). Names found inside are told, never opened.
import { Bytes, isPowerOfTwo, shown } from '../bytes.ts';
import { DAMAGED, error, GET_AGAIN, info, TO_QCOW2, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import type { Finding } from '../types.ts';
import { qcow2Guest } from './qcow2-guest.ts';

/** First bytes of qcow and qcow2; the version follows. */
export const QCOW_MAGIC = 'QFI\xfb';
const V2_HEADER_BYTES = 72;
const V3_HEADER_BYTES = 104;
/** QEMU opens no larger L1 table. */
const MAX_L1_BYTES = 32 * 1024 * 1024;
/** Entries of the refcount table that are looked through for the end of the image. */
const MAX_REFCOUNT_TABLE_BYTES = 256 * 1024;
const MAX_REFCOUNT_BLOCK_BYTES = 64 * 1024;

const INCOMPATIBLE = { dirty: 1, corrupt: 2, dataFile: 4, compression: 8, extendedL2: 16 } as const;
const KNOWN_INCOMPATIBLE = 31;
const LAZY_REFCOUNTS = 1;
const EXTENSION = { end: 0, backingFormat: 0xe2792aca, dataFile: 0x44415441, bitmaps: 0x23852875 } as const;

/** Fields of the header that others compute with. Nothing in it is believed yet. */
export interface Qcow2Header {
  version: number;
  virtualSizeBytes: number;
  clusterBits: number;
  cryptMethod: number;
  l1Entries: number;
  l1Start: number;
  refcountStart: number;
  refcountClusters: number;
  refcountBits: number;
  backingStart: number;
  backingLength: number;
  snapshots: number;
  /** The lower half of the incompatible features. */
  features: number;
  zstd: boolean;
  headerBytes: number;
}

/** Reads qcow2. */
export const qcow2: FormatReader = {
  format: 'qcow2',
  matches: ({ head }) => head.has(QCOW_MAGIC) && head.u32be(4) !== 1,
  read: readQcow2,
};

async function readQcow2(probe: Probe): Promise<Layout> {
  const { head, file } = probe;
  const version = head.u32be(4);
  if (version !== 2 && version !== 3)
    return {
      virtualSizeBytes: 0,
      boot: 'unknown',
      findings: [
        error('qcow2-unknown-version', `The header says version ${version}; only 2 and 3 exist.`, DAMAGED),
      ],
    };
  if (head.length < (version === 2 ? V2_HEADER_BYTES : V3_HEADER_BYTES))
    return {
      virtualSizeBytes: head.u64be(24),
      findings: [error('qcow2-truncated', 'The file ends inside its own header.', GET_AGAIN)],
    };
  const h = headerOf(head);
  const extensions = readExtensions(head, h);
  const shapeProblem = shapeOf(h);
  const findings = [
    ...referenceFindings(h, extensions),
    ...featureFindings(head, h),
    ...(shapeProblem === undefined ? tableFindings(h, file.sizeBytes) : [shapeProblem]),
  ];
  // What the tables say means nothing where the tables themselves are not sound.
  const isSound = !findings.some(({ code }) => code === 'qcow2-truncated' || code === 'qcow2-bad-header');
  if (isSound && (h.features & (INCOMPATIBLE.dirty | INCOMPATIBLE.dataFile)) === 0)
    findings.push(...(await cutFindings(probe, h)));
  findings.push(...goodToKnow(h, extensions));
  const isReadable = isSound && h.cryptMethod === 0 && (h.features & INCOMPATIBLE.dataFile) === 0;
  const hasParent = h.backingStart !== 0;
  return {
    virtualSizeBytes: h.virtualSizeBytes,
    variant: `v${version}`,
    encrypted: h.cryptMethod !== 0,
    features: featureNames(head, h, extensions),
    findings,
    refersTo: [extensions.backingFile, extensions.dataFile].filter((name) => name !== undefined),
    // Without its backing file an overlay shows holes where there is data.
    guest: isReadable && !hasParent ? qcow2Guest(file, h) : undefined,
  };
}

function headerOf(head: Bytes): Qcow2Header {
  const isV3 = head.u32be(4) === 3;
  const headerBytes = isV3 ? head.u32be(100) : V2_HEADER_BYTES;
  const features = isV3 ? head.u32be(76) : 0;
  return {
    version: head.u32be(4),
    virtualSizeBytes: head.u64be(24),
    clusterBits: head.u32be(20),
    cryptMethod: head.u32be(32),
    l1Entries: head.u32be(36),
    l1Start: head.u64be(40),
    refcountStart: head.u64be(48),
    refcountClusters: head.u32be(56),
    refcountBits: isV3 ? 2 ** Math.min(7, head.u32be(96)) : 16,
    backingStart: head.u64be(8),
    backingLength: head.u32be(16),
    snapshots: head.u32be(60),
    features,
    zstd: (features & INCOMPATIBLE.compression) !== 0 && headerBytes > 104 && head.u8(104) === 1,
    headerBytes,
  };
}

interface Extensions {
  backingFile?: string;
  dataFile?: string;
  bitmaps?: number;
}

/** The extensions follow the header; each has a type and a length, and they end with type 0. */
function readExtensions(head: Bytes, h: Qcow2Header): Extensions {
  const found: Extensions = {};
  if (h.backingStart !== 0 && h.backingStart + h.backingLength <= head.length)
    found.backingFile = shown(head.slice(h.backingStart, h.backingLength).buffer.toString('utf8'));
  for (let at = h.headerBytes, count = 0; at + 8 <= head.length && count < 32; count++) {
    const type = head.u32be(at);
    const length = head.u32be(at + 4);
    if (type === EXTENSION.end) break;
    const body = head.slice(at + 8, length);
    if (type === EXTENSION.dataFile) found.dataFile = shown(body.buffer.toString('utf8'));
    if (type === EXTENSION.bitmaps) found.bitmaps = body.u32be(0);
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return found;
}

function referenceFindings(h: Qcow2Header, { backingFile }: Extensions): Finding[] {
  const findings: Finding[] = [];
  const name = backingFile ? `a backing file, ${JSON.stringify(backingFile)}` : 'a backing file';
  if (h.backingStart !== 0)
    findings.push(
      error(
        'qcow2-backing-file',
        `The image depends on another file (${name}), which a cloud does not have.`,
        `Flatten it: ${TO_QCOW2}.`,
      ),
    );
  if (h.cryptMethod !== 0)
    findings.push(
      error(
        'qcow2-encrypted',
        `The image is encrypted inside the qcow2 format (${['', 'AES', 'LUKS'][h.cryptMethod] ?? 'unknown method'}).`,
        'Decrypt it: qemu-img convert --object secret,id=s,file=PASSPHRASE --image-opts driver=qcow2,encrypt.key-secret=s,file.filename=IN -O qcow2 OUT; then let the cloud encrypt the copy.',
      ),
    );
  return findings;
}

function featureFindings(head: Bytes, h: Qcow2Header): Finding[] {
  if (h.version < 3) return [];
  const findings: Finding[] = [];
  const has = (bit: number) => (h.features & bit) !== 0;
  if (has(INCOMPATIBLE.corrupt))
    findings.push(
      error('qcow2-corrupt', 'The image is marked as corrupt.', 'Repair a copy: qemu-img check -r all IN.'),
    );
  if (has(INCOMPATIBLE.dataFile))
    findings.push(
      error(
        'qcow2-data-file',
        'The data of the image is in another file.',
        `Put both together: ${TO_QCOW2}.`,
      ),
    );
  if (has(INCOMPATIBLE.dirty))
    findings.push(
      warning(
        'qcow2-dirty',
        'The image was not closed cleanly.',
        'Repair a copy: qemu-img check -r leaks IN.',
      ),
    );
  if (head.u32be(72) !== 0 || (h.features & ~KNOWN_INCOMPATIBLE) !== 0)
    findings.push(
      error(
        'qcow2-unknown-features',
        'The image uses features of the format that are not known here, and that every reader must know.',
        `Write it anew with a tool that knows them: ${TO_QCOW2}.`,
      ),
    );
  return findings;
}

/** Sizes in the header that cannot be, whatever the file is. */
function shapeOf(h: Qcow2Header): Finding | undefined {
  const bad = (message: string) => error('qcow2-bad-header', message, DAMAGED);
  if (h.clusterBits < 9 || h.clusterBits > 21)
    return bad(`The header gives an impossible cluster size (2^${h.clusterBits} bytes).`);
  const clusterBytes = 2 ** h.clusterBits;
  if (h.version === 3 && (h.headerBytes < V3_HEADER_BYTES || h.headerBytes > clusterBytes))
    return bad(`The header gives an impossible length of itself (${h.headerBytes} bytes).`);
  if (h.refcountBits > 64 || !isPowerOfTwo(h.refcountBits))
    return bad('The header gives impossible refcounts.');
  if (h.l1Entries * 8 > MAX_L1_BYTES) return bad('The header gives an L1 table that is too large.');
  const entryBytes = (h.features & INCOMPATIBLE.extendedL2) !== 0 ? 16 : 8;
  if (h.l1Entries * (clusterBytes / entryBytes) * clusterBytes < h.virtualSizeBytes)
    return bad('The L1 table is too small for the disk that the header tells of.');
  if (h.l1Start % clusterBytes !== 0 || h.refcountStart % clusterBytes !== 0)
    return bad('The tables do not begin where a cluster begins.');
  if (h.backingStart + h.backingLength > clusterBytes || h.backingLength > 1023)
    return bad('The name of the backing file lies outside the header.');
  return undefined;
}

/** The L1 and refcount tables must lie inside the file; where they do not, the file was cut. */
function tableFindings(h: Qcow2Header, fileSizeBytes: number): Finding[] {
  const l1End = h.l1Start + h.l1Entries * 8;
  const refcountEnd = h.refcountStart + h.refcountClusters * 2 ** h.clusterBits;
  if (l1End <= fileSizeBytes && refcountEnd <= fileSizeBytes) return [];
  const message = 'The file ends before the tables that its header points to: it is not complete.';
  return [error('qcow2-truncated', message, GET_AGAIN)];
}

/** The last cluster that is in use must lie inside the file too: the refcounts tell which that is. */
async function cutFindings({ file }: Probe, h: Qcow2Header): Promise<Finding[]> {
  const clusterBytes = 2 ** h.clusterBits;
  const tableBytes = Math.min(h.refcountClusters * clusterBytes, MAX_REFCOUNT_TABLE_BYTES);
  const table = new Bytes(await file.read(h.refcountStart, tableBytes));
  let last = Math.floor(table.length / 8) - 1;
  while (last >= 0 && table.u64be(last * 8) === 0) last -= 1;
  if (last < 0) return [];
  const blockStart = table.u64be(last * 8);
  const blockLength = Math.min(clusterBytes, MAX_REFCOUNT_BLOCK_BYTES);
  const block = await file.read(blockStart, blockLength);
  let lastByte = block.length - 1;
  while (lastByte >= 0 && block[lastByte] === 0) lastByte -= 1;
  const clustersPerBlock = (clusterBytes * 8) / h.refcountBits;
  const lastCluster = last * clustersPerBlock + Math.floor((Math.max(0, lastByte) * 8) / h.refcountBits);
  if (block.length > 0 && lastCluster * clusterBytes < file.sizeBytes) return [];
  // Clusters that were counted and never written, after a crash, look the same.
  return [
    error(
      'qcow2-truncated',
      'The file ends before the data that its tables count: it is not complete.',
      'Get the file again and compare its checksum; if it is whole, repair a copy: qemu-img check -r all IN.',
    ),
  ];
}

function goodToKnow(h: Qcow2Header, { bitmaps }: Extensions): Finding[] {
  const findings: Finding[] = [];
  if (h.snapshots > 0)
    findings.push(
      info(
        'qcow2-snapshots',
        `The image holds ${h.snapshots} internal snapshots, which take space and are of no use in a cloud.`,
        `Leave them out: ${TO_QCOW2}.`,
      ),
    );
  if (bitmaps !== undefined)
    findings.push(
      info(
        'qcow2-bitmaps',
        `The image holds ${bitmaps} dirty bitmaps for backups, which are of no use in a cloud.`,
        `Leave them out: ${TO_QCOW2}.`,
      ),
    );
  return findings;
}

function featureNames(head: Bytes, h: Qcow2Header, extensions: Extensions): string[] {
  const has = (bit: number) => (h.features & bit) !== 0;
  const lazy = h.version >= 3 && (head.u32be(84) & LAZY_REFCOUNTS) !== 0;
  return [
    h.snapshots > 0 ? 'snapshots' : '',
    extensions.bitmaps === undefined ? '' : 'bitmaps',
    h.zstd ? 'zstd' : '',
    has(INCOMPATIBLE.extendedL2) ? 'extended-l2' : '',
    has(INCOMPATIBLE.dataFile) ? 'data-file' : '',
    h.backingStart === 0 ? '' : 'backing-file',
    lazy ? 'lazy-refcounts' : '',
  ].filter((name) => name !== '');
}
