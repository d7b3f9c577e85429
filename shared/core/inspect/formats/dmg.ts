// Apple's disk image: known by its footer only, and taken by no cloud.
import { error } from '../findings.ts';
import type { FormatReader, Probe } from '../format.ts';

const FOOTER_BYTES = 512;
const SECTOR_COUNT_AT = 492;

const footerOf = ({ tail }: Probe) => tail.slice(Math.max(0, tail.length - FOOTER_BYTES), FOOTER_BYTES);

/** Reads the footer. */
export const dmg: FormatReader = {
  format: 'dmg',
  matches: (probe) => footerOf(probe).has('koly\0\0\0\x04'),
  read: async (probe) => ({
    virtualSizeBytes: footerOf(probe).u64be(SECTOR_COUNT_AT) * 512,
    boot: 'unknown',
    findings: [
      error(
        'dmg',
        "It is an image of Apple's kind (DMG), which no cloud takes.",
        'Convert it: qemu-img convert -O qcow2 IN OUT.',
      ),
    ],
  }),
};
