// LUKS: a whole disk that is encrypted (the LUKS1 and LUKS2 on-disk formats).
import { wholeSectors } from '../bytes.ts';
import { error } from '../findings.ts';
import type { FormatReader } from '../format.ts';

/** First bytes of LUKS, on a disk or a partition. */
export const LUKS_MAGIC = 'LUKS\xba\xbe';

/** Reads LUKS. */
export const luks: FormatReader = {
  format: 'luks',
  matches: ({ head }) => head.has(LUKS_MAGIC) && (head.u16be(6) === 1 || head.u16be(6) === 2),
  async read({ head, file }) {
    const version = head.u16be(6);
    // Version 2 keeps the place of its data in JSON; as qemu-img does, the whole file is taken for the disk then.
    const payloadBytes = version === 1 ? head.u32be(104) * 512 : 0;
    return {
      virtualSizeBytes: wholeSectors(Math.max(0, file.sizeBytes - payloadBytes)),
      variant: `v${version}`,
      encrypted: true,
      boot: 'unknown',
      findings: [
        error(
          'luks-encrypted',
          'The whole disk is encrypted (LUKS): no server starts from it, and a cloud cannot look inside.',
          'Take the decrypted disk and let the cloud encrypt it, or upload it as a raw data disk on purpose.',
        ),
      ],
    };
  },
};
