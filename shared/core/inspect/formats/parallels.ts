// Parallels' expanding disk, also OpenVZ's ploop (QEMU docs/interop/parallels.rst).
import { DAMAGED, error, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import { entryOf, mappedReader } from '../mapped-reader.ts';

const OLD_MAGIC = 'WithoutFreeSpace';
const NEW_MAGIC = 'WithouFreSpacExt';
const TABLE_START = 64;
const IN_USE = 0x746f_6e59;
const SECTOR_BYTES = 512;

/** Reads Parallels' format. */
export const parallels: FormatReader = {
  format: 'parallels',
  matches: ({ head }) => head.has(OLD_MAGIC) || head.has(NEW_MAGIC),
  async read({ head, file }: Probe): Promise<Layout> {
    const isNew = head.has(NEW_MAGIC);
    const blockSectors = head.u32le(28);
    const blocks = head.u32le(32);
    // The old form has 32 bits for the size; what follows them means nothing.
    const sectors = isNew ? head.u64le(36) : head.u32le(36);
    const isPossible = blockSectors > 0 && blockSectors <= 2 ** 20 && blocks * blockSectors >= sectors;
    const findings = isPossible
      ? []
      : [error('parallels-bad-header', 'The header gives impossible sizes.', DAMAGED)];
    if (head.u32le(44) === IN_USE)
      findings.push(
        warning(
          'parallels-in-use',
          'The image was not closed cleanly, or is in use.',
          'Shut the machine down, or repair a copy: qemu-img check -r all IN.',
        ),
      );
    const unit = isNew ? blockSectors : 1;
    return {
      virtualSizeBytes: sectors * SECTOR_BYTES,
      findings,
      guest: isPossible
        ? mappedReader(file, sectors * SECTOR_BYTES, blockSectors * SECTOR_BYTES, async (block) => {
            if (block >= blocks) return 'unreadable';
            const entry = await entryOf(file, TABLE_START, block, 4);
            if (!entry) return 'unreadable';
            return entry.u32le(0) === 0 ? 'zeros' : { at: entry.u32le(0) * unit * SECTOR_BYTES };
          })
        : undefined,
    };
  },
};
