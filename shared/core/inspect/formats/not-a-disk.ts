// Files that are taken for images by mistake: an error page that was downloaded, a pointer to a large file, a kernel.
import { type Bytes, wholeSectors } from '../bytes.ts';
import { error, warning } from '../findings.ts';
import type { FormatReader } from '../format.ts';
import type { Finding } from '../types.ts';

const GET_IT = 'Get the image itself, and compare its checksum.';

const KINDS: [is: (head: Bytes) => boolean, finding: Finding][] = [
  [
    (head) => /^\s*(<!doctype html|<html|<head)/i.test(head.latin1(0, 256)),
    error('web-page', 'The file is a web page: perhaps the answer of a server instead of the image.', GET_IT),
  ],
  [
    (head) => head.has('version https://git-lfs.github.com/'),
    error(
      'lfs-pointer',
      'The file is a pointer of Git LFS to the image, and not the image.',
      'Fetch it: git lfs pull.',
    ),
  ],
  [
    (head) => head.has('PK\x03\x04') || head.has("7z\xbc\xaf'\x1c"),
    error(
      'archive',
      'The file is an archive (zip or 7z).',
      'Take the image out of it: unzip IN, or 7z x IN.',
    ),
  ],
  [
    // The mark of a Linux kernel for PCs stands where a disk has its second sector.
    (head) => head.has('HdrS', 514),
    warning(
      'kernel',
      'The file is a Linux kernel, and not a disk.',
      'Give the disk format aki, if that is meant.',
    ),
  ],
  [
    (head) => head.has('\x7fELF') || head.has('070701') || head.has('%PDF-'),
    warning(
      'not-a-disk',
      'The file is a program, an archive of files or a document, and not a disk.',
      GET_IT,
    ),
  ],
];

const kindOf = (head: Bytes) => KINDS.find(([is]) => is(head))?.[1];

/** Reads nothing but the kind. qemu-img takes such files for raw disks. */
export const notADisk: FormatReader = {
  format: 'raw',
  matches: ({ head }) => kindOf(head) !== undefined,
  async read({ head, file }) {
    const finding = kindOf(head);
    return {
      virtualSizeBytes: wholeSectors(file.sizeBytes),
      boot: 'none',
      findings: finding ? [finding] : [],
    };
  },
};
