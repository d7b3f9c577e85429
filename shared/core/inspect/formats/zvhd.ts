// ZVHD and ZVHD2, Huawei Cloud's own formats, as far as its public converter (github.com/huaweicloud/ims-qemu-img) tells:
// a header like the footer of a VHD but little-endian, then packed blocks. The blocks are not read.
import type { Bytes } from '../bytes.ts';
import { complementSum } from '../checksum.ts';
import { DAMAGED, error, GET_AGAIN } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';

const HEADER_BYTES = 512;
const CHECKSUM_AT = 64;

const isSound = (head: Bytes) =>
  head.length >= HEADER_BYTES &&
  complementSum(head.slice(0, HEADER_BYTES).buffer, CHECKSUM_AT) === head.u32le(CHECKSUM_AT);

function layoutOf({ head }: Probe): Layout {
  return { virtualSizeBytes: head.u64le(48), boot: 'unknown', features: ['compressed-blocks'] };
}

/** Reads the header of ZVHD. Its mark is a common word, so that the checksum has to agree too. */
export const zvhd: FormatReader = {
  format: 'zvhd',
  matches: ({ head }) => head.has('stream') && isSound(head),
  read: async (probe) => layoutOf(probe),
};

/** Reads the header of ZVHD2. */
export const zvhd2: FormatReader = {
  format: 'zvhd2',
  matches: ({ head }) => head.has('z2strm'),
  async read(probe) {
    const { head, file } = probe;
    const layout = layoutOf(probe);
    if (!isSound(head))
      return {
        ...layout,
        findings: [error('zvhd2-bad-checksum', 'The checksum of the header is wrong.', DAMAGED)],
      };
    const [indexStart, bitmapStart] = [head.u64le(96), head.u64le(104)];
    if (Math.max(indexStart, bitmapStart) < file.sizeBytes) return layout;
    const message = 'The file ends before the index that its header points to: it is not complete.';
    return { ...layout, findings: [error('zvhd2-truncated', message, GET_AGAIN)] };
  },
};
