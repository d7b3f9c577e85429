// What a file is, told from its first bytes, as far as an import needs it.
import type { BlobStore, Manifest } from '../../store/blobs.ts';

const headBytes = 33 << 10;
const isoMarkOffset = 32_769;

const magics: [format: string, offset: number, magic: Buffer][] = [
  ['vmdk', 0, Buffer.from('KDMV')],
  ['vmdk', 0, Buffer.from('# Disk DescriptorFile')],
  ['vhd', 0, Buffer.from('conectix')],
  ['vhdx', 0, Buffer.from('vhdxfile')],
  ['qed', 0, Buffer.from('QED\0')],
  ['vdi', 0x40, Buffer.from([0x7f, 0x10, 0xda, 0xbe])],
  ['iso', isoMarkOffset, Buffer.from('CD001')],
];

/**
 * The format of some content; `raw` for what is nothing else.
 * @returns undefined for an encrypted qcow2, which the service does not take (seed 002)
 */
export async function sniff(blobs: BlobStore, manifest: Manifest): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of blobs.read(manifest, 0, headBytes)) chunks.push(chunk);
  const head = Buffer.concat(chunks);
  if (head.subarray(0, 4).equals(Buffer.from('QFI\xfb', 'latin1')) && head.length >= 36) {
    if (head.readUInt32BE(32) !== 0) return undefined;
    return head.readUInt32BE(4) === 1 ? 'qcow' : 'qcow2';
  }
  const found = magics.find(([, offset, magic]) =>
    head.subarray(offset, offset + magic.length).equals(magic),
  );
  return found?.[0] ?? 'raw';
}
