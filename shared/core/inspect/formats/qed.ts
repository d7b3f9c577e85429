// QED (QEMU docs/interop/qed_spec.rst). Old, and taken by few clouds.
import type { ByteReader } from '../byte-reader.ts';
import { type Bytes, isPowerOfTwo, shown } from '../bytes.ts';
import { DAMAGED, error, GET_AGAIN, TO_QCOW2, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader } from '../mapped-reader.ts';
import type { Finding } from '../types.ts';

const HEADER_BYTES = 64;
const FEATURE = { backingFile: 1, needsCheck: 2, backingIsRaw: 4 } as const;

/** Reads QED. */
export const qed: FormatReader = {
  format: 'qed',
  matches: ({ head }) => head.has('QED\0'),
  async read({ head, file }: Probe): Promise<Layout> {
    const virtualSizeBytes = head.u64le(48);
    if (head.length < HEADER_BYTES)
      return {
        virtualSizeBytes,
        findings: [error('qed-truncated', 'The file ends inside its own header.', GET_AGAIN)],
      };
    const features = head.u32le(16);
    const findings: Finding[] = [];
    const hasParent = (features & FEATURE.backingFile) !== 0;
    const name = shown(head.slice(head.u32le(56), Math.min(1023, head.u32le(60))).buffer.toString('utf8'));
    if (hasParent)
      findings.push(
        error(
          'qed-backing-file',
          `The image depends on another file (a backing file, ${JSON.stringify(name)}), which a cloud does not have.`,
          `Flatten it: ${TO_QCOW2}.`,
        ),
      );
    if ((features & FEATURE.needsCheck) !== 0)
      findings.push(
        warning('qed-dirty', 'The image was not closed cleanly.', 'Repair a copy: qemu-img check -r all IN.'),
      );
    if (head.u32le(20) !== 0 || features > 7)
      findings.push(
        error(
          'qed-unknown-features',
          'The image uses features that are not known here.',
          `Write it anew: ${TO_QCOW2}.`,
        ),
      );
    findings.push(...shapeFindings(head, file.sizeBytes));
    const isSound = !findings.some(({ severity }) => severity === 'error');
    return {
      virtualSizeBytes,
      findings,
      refersTo: hasParent ? [name] : [],
      guest: isSound ? guestOf(file, head) : undefined,
    };
  },
};

function shapeFindings(head: Bytes, fileSizeBytes: number): Finding[] {
  const clusterBytes = head.u32le(4);
  const tableClusters = head.u32le(8);
  const isPossible =
    isPowerOfTwo(clusterBytes) &&
    clusterBytes >= 4096 &&
    clusterBytes <= 2 ** 26 &&
    isPowerOfTwo(tableClusters) &&
    tableClusters <= 16;
  if (!isPossible)
    return [error('qed-bad-header', 'The header gives impossible sizes of its tables.', DAMAGED)];
  if (head.u64le(40) + tableClusters * clusterBytes <= fileSizeBytes) return [];
  return [error('qed-truncated', 'The file ends before the table that its header points to.', GET_AGAIN)];
}

function guestOf(file: ByteReader, head: Bytes): ByteReader {
  const clusterBytes = head.u32le(4);
  const entries = (head.u32le(8) * clusterBytes) / 8;
  return mappedReader(file, head.u64le(48), clusterBytes, async (cluster) => {
    const l1Index = Math.floor(cluster / entries);
    if (l1Index >= entries) return 'unreadable';
    const l1 = await entryOf(file, head.u64le(40), l1Index, 8);
    if (!l1) return 'unreadable';
    if (l1.u64le(0) === 0) return 'zeros';
    const l2 = await entryOf(file, l1.u64le(0), cluster % entries, 8);
    if (!l2) return 'unreadable';
    // 0: not there; 1: there, and zeros.
    return l2.u64le(0) <= 1 ? 'zeros' : { at: l2.u64le(0) };
  });
}
