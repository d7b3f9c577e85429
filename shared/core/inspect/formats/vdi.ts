// VDI, VirtualBox's format (QEMU block/vdi.c tells its header).
import type { ByteReader } from '../byte-reader.ts';
import { type Bytes, wholeSectors } from '../bytes.ts';
import { DAMAGED, error, GET_AGAIN } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader } from '../mapped-reader.ts';
import type { Finding } from '../types.ts';

const SIGNATURE = 0xbeda107f;
const HEADER_BYTES = 0x1c8;
const MAX_BLOCK_BYTES = 2 ** 26;
/** Numbers of blocks from here on are marks: not there, or zeros. */
const FIRST_MARK = 0xffff_fffe;
const TYPES: Record<number, string> = { 1: 'dynamic', 2: 'static', 3: 'undo', 4: 'differencing' };

/** Reads VDI. */
export const vdi: FormatReader = {
  format: 'vdi',
  matches: ({ head }) => head.u32le(0x40) === SIGNATURE,
  async read({ head, file }: Probe): Promise<Layout> {
    const virtualSizeBytes = wholeSectors(head.u64le(0x170));
    if (head.length < HEADER_BYTES)
      return {
        virtualSizeBytes,
        findings: [error('vdi-truncated', 'The file ends inside its own header.', GET_AGAIN)],
      };
    const type = head.u32le(0x4c);
    const findings: Finding[] = [];
    const hasParent = type === 3 || type === 4 || !head.isZero(0x1a8, 32);
    if (hasParent)
      findings.push(
        error(
          'vdi-differencing',
          'The image holds only the differences to another disk, which a cloud does not have.',
          'Write the whole disk with the program that made it: VBoxManage clonemedium disk IN whole.vdi.',
        ),
      );
    else if (TYPES[type] === undefined)
      findings.push(error('vdi-bad-header', `The header gives an unknown kind of image (${type}).`, DAMAGED));
    findings.push(...shapeFindings(head, file.sizeBytes));
    return {
      virtualSizeBytes,
      variant: TYPES[type],
      findings,
      guest: findings.length === 0 ? guestOf(file, head) : undefined,
    };
  },
};

function shapeFindings(head: Bytes, fileSizeBytes: number): Finding[] {
  const blockBytes = head.u32le(0x178);
  const blocks = head.u32le(0x180);
  const isPossible =
    blockBytes >= 512 &&
    blockBytes <= MAX_BLOCK_BYTES &&
    blockBytes % 512 === 0 &&
    blocks * blockBytes >= head.u64le(0x170);
  if (!isPossible || head.u32le(0x44) >>> 16 !== 1)
    return [error('vdi-bad-header', 'The header gives impossible sizes.', DAMAGED)];
  const dataEnd = head.u32le(0x158) + head.u32le(0x184) * (blockBytes + head.u32le(0x17c));
  if (dataEnd <= fileSizeBytes && head.u32le(0x154) + blocks * 4 <= fileSizeBytes) return [];
  const message = 'The file ends before the data that its header counts: it is not complete.';
  return [error('vdi-truncated', message, GET_AGAIN)];
}

function guestOf(file: ByteReader, head: Bytes): ByteReader {
  const blockBytes = head.u32le(0x178);
  const extraBytes = head.u32le(0x17c);
  return mappedReader(file, head.u64le(0x170), blockBytes, async (block) => {
    if (block >= head.u32le(0x180)) return 'unreadable';
    const entry = await entryOf(file, head.u32le(0x154), block, 4);
    if (!entry) return 'unreadable';
    const place = entry.u32le(0);
    if (place >= FIRST_MARK) return 'zeros';
    return { at: head.u32le(0x158) + place * (blockBytes + extraBytes) + extraBytes };
  });
}
