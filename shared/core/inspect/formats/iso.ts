// ISO 9660 with its relatives Joliet, Rock Ridge, El Torito and UDF (ECMA-119, ECMA-167). A disk image at the same time
// (isohybrid) is what such media usually are, and no contradiction.
import type { ByteReader } from '../byte-reader.ts';
import { type Bytes, shown, wholeSectors } from '../bytes.ts';
import { readLoaders } from '../disk/fat.ts';
import { hasGptSignature } from '../disk/gpt.ts';
import { readMbr } from '../disk/mbr.ts';
import { error, GET_AGAIN, warning } from '../findings.ts';
import type { FormatReader, Layout, Probe } from '../format.ts';
import type { BootHint, Finding } from '../types.ts';
import { type BootEntry, readBootCatalog } from './el-torito.ts';
import { readMedium } from './iso-medium.ts';
import { ISO_SECTOR_BYTES, type IsoDirectory } from './iso-tree.ts';
import { udfLabel } from './udf.ts';

const FIRST_DESCRIPTOR = 16;
const LAST_DESCRIPTOR = 31;
/** Burning programs leave off so much at the end at most (150 sectors of run-out). */
const TOLERATED_LACK_BYTES = 150 * ISO_SECTOR_BYTES;
const TYPE = { boot: 0, primary: 1, supplementary: 2 } as const;

const NO_VOLUME = warning(
  'iso-no-volume',
  'The file has the mark of an ISO, but describes no file system.',
  GET_AGAIN,
);

interface Descriptors {
  primary?: Bytes;
  joliet?: Bytes;
  bootCatalogSector?: number;
  isUdf: boolean;
}

/** Reads ISO 9660 and UDF. */
export const iso: FormatReader = {
  format: 'iso',
  matches: ({ head }) => {
    const first = FIRST_DESCRIPTOR * ISO_SECTOR_BYTES;
    return head.has('CD001', first + 1) || (head.has('BEA01', first + 1) && descriptorsOf(head).isUdf);
  },
  read: readIso,
};

async function readIso({ head, file }: Probe): Promise<Layout> {
  const found = descriptorsOf(head);
  const catalog =
    found.bootCatalogSector === undefined ? undefined : await readBootCatalog(file, found.bootCatalogSector);
  const tree = treeOf(found);
  const medium = tree === undefined ? {} : await readMedium(file, tree);
  const boots = catalog?.entries ?? [];
  const architecture = medium.architecture ?? (await loaderArchitecture(file, boots));
  const mbr = readMbr(head.slice(0, 512));
  const isGpt = hasGptSignature(head);
  const hasMbr = mbr.partitions.length > 0;
  const label = await labelOf(file, found);
  return {
    virtualSizeBytes: wholeSectors(file.sizeBytes),
    boot: bootOf(boots),
    findings: [
      ...(found.primary || found.isUdf ? [] : [NO_VOLUME]),
      ...lackFindings(found, boots, file.sizeBytes),
      ...(catalog?.findings ?? []),
    ],
    features: [
      found.primary ? 'iso9660' : '',
      found.joliet ? 'joliet' : '',
      found.isUdf ? 'udf' : '',
      catalog ? 'el-torito' : '',
      hasMbr || isGpt ? 'isohybrid' : '',
    ].filter((name) => name !== ''),
    partitionTable: isGpt ? 'gpt' : hasMbr ? 'mbr' : 'none',
    volumeLabel: label === '' ? undefined : label,
    ...windowsMedium(label),
    ...medium,
    architecture: architecture ?? windowsMedium(label).architecture,
  };
}

function descriptorsOf(head: Bytes): Descriptors {
  const found: Descriptors = { isUdf: false };
  for (let sector = FIRST_DESCRIPTOR; sector <= LAST_DESCRIPTOR; sector++) {
    const d = head.slice(sector * ISO_SECTOR_BYTES, ISO_SECTOR_BYTES);
    if (d.has('NSR02', 1) || d.has('NSR03', 1)) found.isUdf = true;
    if (!d.has('CD001', 1)) continue;
    if (d.u8(0) === TYPE.primary) found.primary ??= d;
    if (d.u8(0) === TYPE.supplementary && /^%\/[@CE]/.test(d.latin1(88, 3))) found.joliet ??= d;
    if (d.u8(0) === TYPE.boot && d.has('EL TORITO', 7)) found.bootCatalogSector ??= d.u32le(71);
  }
  return found;
}

function treeOf({ primary, joliet }: Descriptors): IsoDirectory | undefined {
  const root = joliet ?? primary;
  if (!root) return undefined;
  return { sector: root.u32le(158), lengthBytes: root.u32le(166), isJoliet: joliet !== undefined };
}

async function labelOf(file: ByteReader, { primary, isUdf }: Descriptors): Promise<string> {
  const label = primary ? shown(primary.latin1(40, 32)) : '';
  return label === '' && isUdf ? udfLabel(file) : label;
}

function bootOf(boots: readonly BootEntry[]): BootHint {
  const bios = boots.some(({ platform }) => platform === 'bios');
  const uefi = boots.some(({ platform }) => platform === 'uefi');
  if (bios) return uefi ? 'bios+uefi' : 'bios';
  return uefi ? 'uefi' : 'none';
}

/** What UEFI starts is a small FAT file system; the names in it tell the processors. */
async function loaderArchitecture(file: ByteReader, boots: readonly BootEntry[]) {
  const uefi = boots.find(({ platform }) => platform === 'uefi');
  return uefi ? (await readLoaders(file, uefi.startBytes))?.architectures[0] : undefined;
}

/** The label of Microsoft's installation media tells the processor: CCCOMA_X64FRE_EN-US_DV9. */
function windowsMedium(label: string): Pick<Layout, 'osType' | 'architecture'> {
  const processor = /^[A-Z]{3,8}_(X64|X86|A64)FRE/.exec(label)?.[1];
  if (processor === undefined) return {};
  const architecture = processor === 'X64' ? 'x86_64' : processor === 'X86' ? 'x86' : 'aarch64';
  return { osType: 'windows', architecture };
}

function lackFindings(
  { primary }: Descriptors,
  boots: readonly BootEntry[],
  fileSizeBytes: number,
): Finding[] {
  const stated = primary ? primary.u32le(80) * ISO_SECTOR_BYTES : 0;
  const lack = stated - fileSizeBytes;
  const isBootCut = boots.some(({ startBytes }) => startBytes >= fileSizeBytes);
  const message = `The file is ${Math.max(0, lack)} bytes shorter than the file system on it.`;
  if (isBootCut || lack > TOLERATED_LACK_BYTES) return [error('iso-truncated', message, GET_AGAIN)];
  return lack > 0 ? [warning('iso-short', message, GET_AGAIN)] : [];
}
