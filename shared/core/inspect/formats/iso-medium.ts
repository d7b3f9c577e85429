// What an installation medium tells of itself: the files that distributions put there, and the names of EFI loaders.
import type { ByteReader } from '../byte-reader.ts';
import { shown } from '../bytes.ts';
import { architectureOf } from '../disk/fat.ts';
import type { ImageFacts } from '../types.ts';
import { findIso, ISO_SECTOR_BYTES, type IsoDirectory, listIso } from './iso-tree.ts';

const MAX_TEXT_BYTES = 2048;

/** Looks for a few known files. Reads little, and only inside the medium. */
export async function readMedium(
  file: ByteReader,
  root: IsoDirectory,
): Promise<Pick<ImageFacts, 'architecture' | 'osType' | 'osHint'>> {
  const top = await listIso(file, root);
  const text = async (...names: string[]) => {
    const found = await findIso(file, top, ...names);
    if (!found || found.isDirectory) return undefined;
    const length = Math.min(found.lengthBytes, MAX_TEXT_BYTES);
    return (await file.read(found.sector * ISO_SECTOR_BYTES, length)).toString('utf8');
  };
  // Debian and Ubuntu have one line; Fedora and its relatives have an INI file.
  const line = (await text('.DISK', 'INFO'))?.split('\n', 1)[0];
  const tree = line === undefined ? ((await text('.TREEINFO')) ?? '') : '';
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(.+)$`, 'm').exec(tree)?.[1];
  const osHint = shown(
    line ?? value('name') ?? [value('family'), value('version')].filter(Boolean).join(' '),
    120,
  );
  const isWindows = (await findIso(file, top, 'SOURCES', 'BOOT.WIM')) !== undefined;

  const efi = await findIso(file, top, 'EFI', 'BOOT');
  const loaders = efi?.isDirectory ? await listIso(file, efi) : [];
  const architecture = loaders.map(({ name }) => architectureOf(name)).find((name) => name !== undefined);
  return {
    ...(architecture === undefined ? {} : { architecture }),
    ...(isWindows
      ? { osType: 'windows' as const }
      : osHint === ''
        ? {}
        : { osType: 'linux' as const, osHint }),
  };
}
