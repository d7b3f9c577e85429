// tar archives: OVA, the package of a machine that VMware and VirtualBox export, and others. Members are never opened.
import { Bytes, shown, wholeSectors } from '../bytes.ts';
import { error } from '../findings.ts';
import type { FormatReader, Probe } from '../format.ts';

const MAX_MEMBERS = 64;
const BLOCK_BYTES = 512;

const isTar = (head: Bytes) => head.has('ustar', 257);
const nameOf = (header: Bytes) => shown(header.latin1(0, 100).split('\0', 1)[0] ?? '');
/** The description comes first, as the OVF specification wants it. */
const isOva = (head: Bytes) => isTar(head) && /\.ovf$/i.test(nameOf(head));

/** Reads OVA. qemu-img has no name for it. */
export const ova: FormatReader = {
  format: 'ova',
  matches: ({ head }) => isOva(head),
  async read(probe) {
    const members = await membersOf(probe);
    const disks = members.filter((name) => /\.(vmdk|vhdx?|vdi|qcow2|img|raw|iso)(\.gz)?$/i.test(name));
    const disk = disks[0] ?? 'DISK.vmdk';
    return {
      virtualSizeBytes: wholeSectors(probe.file.sizeBytes),
      boot: 'unknown',
      refersTo: [],
      findings: [
        error(
          'ova',
          `The file is a package (OVA) of a machine with ${disks.length === 1 ? 'one disk' : `${disks.length} disks`}, and no disk itself.`,
          `Take the disk out and convert it: tar -xf IN; qemu-img convert -O qcow2 ${JSON.stringify(disk)} OUT.`,
        ),
      ],
    };
  },
};

/** Reads other tar archives. */
export const tar: FormatReader = {
  format: 'raw',
  matches: ({ head }) => isTar(head) && !isOva(head),
  read: async (probe) => ({
    virtualSizeBytes: wholeSectors(probe.file.sizeBytes),
    boot: 'none',
    findings: [
      error(
        'archive',
        `The file is a tar archive, which begins with ${JSON.stringify(nameOf(probe.head))}.`,
        'Take the image out of it: tar -xf IN.',
      ),
    ],
  }),
};

async function membersOf({ file, head }: Probe): Promise<string[]> {
  const names: string[] = [];
  let header = head;
  for (let at = 0; names.length < MAX_MEMBERS && isTar(header); ) {
    names.push(nameOf(header));
    const size = Number.parseInt(header.latin1(124, 12), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    at += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    header = new Bytes(await file.read(at, BLOCK_BYTES));
  }
  return names;
}
