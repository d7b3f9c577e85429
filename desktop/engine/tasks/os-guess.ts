// Which entry of a cloud's catalogue a file's system is: by what the medium says of itself, else by the name of the file.
// Pure. Where it is not certain, nothing is said.
import type { OsVersion } from '@imagebridge/core';

/** What is known of the system. */
export interface OsClues {
  /** What the medium calls itself. */
  osHint?: string | undefined;
  fileName: string;
  /** By its usual Linux name. */
  architecture?: string | undefined;
}

/** Distributions by the words that tell them, the most particular first. */
const DISTRIBUTIONS: readonly { key: string; words: RegExp }[] = [
  { key: 'openeuler', words: /open[\s_-]?euler/i },
  { key: 'euleros', words: /euleros/i },
  { key: 'opensuse', words: /open[\s_-]?suse(?:[\s_-]?leap)?/i },
  { key: 'suse', words: /suse linux enterprise(?: server)?|\bsuse\b|\bsles?\b/i },
  { key: 'oracle', words: /oracle[\s_-]?linux(?: server)?(?: release)?|\boraclelinux/i },
  { key: 'redhat', words: /red ?hat(?: enterprise)?(?: linux)?(?: enterprise)?|\brhel/i },
  { key: 'tencentos', words: /tencentos(?:[\s_-]server)?/i },
  { key: 'neokylin', words: /neokylin/i },
  { key: 'kylin', words: /kylin/i },
  { key: 'almalinux', words: /alma[\s_-]?linux/i },
  { key: 'rocky', words: /rocky(?:[\s_-]?linux)?/i },
  { key: 'centos', words: /centos(?:[\s_-]?(?:linux|stream))?/i },
  { key: 'fedora', words: /fedora(?:[\s_-](?:server|cloud|linux|workstation|base))*/i },
  { key: 'ubuntu', words: /ubuntu(?:[\s_-](?:server|desktop|cloud))*/i },
  { key: 'debian', words: /debian(?:[\s_-](?:gnu\/linux|gnu|linux))?/i },
  { key: 'windows', words: /windows(?:[\s_-]server)?/i },
];

interface System {
  key: string;
  version: number[];
  /** What stands after the version: SP4, R2, Datacenter. */
  rest: string;
}

/** Reads a distribution and its version in a text. */
function systemIn(text: string): System | undefined {
  for (const { key, words } of DISTRIBUTIONS) {
    const found = words.exec(text);
    if (found === null) continue;
    const after = text.slice(found.index + found[0].length);
    // The version follows; words and one hyphen may stand between.
    const version =
      /^[\s_-]*(?:(?:release|live|generic|genericcloud|nocloud|netinst|server|linux|GenericCloud|Cloud|Base|DVD|v)[\s_-]*)*(\d+(?:\.\d+)*)(.*)$/i.exec(
        after,
      );
    if (version?.[1] === undefined) return undefined;
    const numbers = version[1].split('.').map(Number);
    // A date or a build is no version.
    if ((numbers[0] ?? 0) > 2100) return undefined;
    return { key, version: numbers, rest: version[2] ?? '' };
  }
  return undefined;
}

/** The architecture that a file's name tells. */
export function architectureIn(fileName: string): string | undefined {
  if (/(?:^|[^a-z0-9])(amd64|x86_64|x64)(?:[^a-z0-9]|$)/i.test(fileName)) return 'x86_64';
  if (/(?:^|[^a-z0-9])(arm64|aarch64)(?:[^a-z0-9]|$)/i.test(fileName)) return 'aarch64';
  return undefined;
}

/** The entry of the catalogue; undefined where there is none, or several fit equally. */
export function guessOs(catalogue: readonly OsVersion[], clues: OsClues): OsVersion | undefined {
  const system = systemIn(clues.osHint ?? '') ?? (clues.osHint ? undefined : systemIn(clues.fileName));
  if (system === undefined) return undefined;
  const architecture =
    clues.architecture ?? architectureIn(clues.osHint ?? '') ?? architectureIn(clues.fileName);
  const fitting = catalogue.flatMap((entry) => {
    const other = systemOf(entry);
    if (other === undefined || other.key !== system.key || !fits(entry, architecture)) return [];
    const closeness = closenessOf(system, other);
    return closeness === undefined ? [] : [{ entry, closeness }];
  });
  const best = Math.max(...fitting.map(({ closeness }) => closeness));
  const [first, ...others] = fitting.filter(({ closeness }) => closeness === best);
  return others.length > 0 ? undefined : first?.entry;
}

/** What an entry is about: its parts are in one text or in several. */
function systemOf({ osDistribution, platform, osVersion }: OsVersion): System | undefined {
  const plain = osVersion.replace(/\s*\(?\d\d[\s-]?bit\)?\s*$/i, '');
  return systemIn(plain) ?? systemIn(`${osDistribution ?? platform} ${plain.replaceAll('_', ' ')}`);
}

function fits(entry: OsVersion, architecture: string | undefined): boolean {
  const is64 = architecture === undefined || architecture.endsWith('64');
  if (entry.bits !== undefined && (entry.bits === 64) !== is64) return false;
  // Where the catalogue tells the processor, it must be known.
  return entry.architecture === undefined || entry.architecture === architecture;
}

/** The higher, the closer; undefined where it is another system. */
function closenessOf(wanted: System, entry: System): number | undefined {
  if (wanted.key === 'windows' && !sameEdition(wanted, entry)) return undefined;
  if (!samePack(wanted, entry)) return undefined;
  const shared = sharedLength(wanted.version, entry.version);
  if (shared === 0) return undefined;
  const entryRest = entry.version.slice(shared);
  const wantedRest = wanted.version.slice(shared);
  if (entryRest.length === 0) return 10 + shared - wantedRest.length / 100;
  // `12` and the catalogue's `12.0.0`; a point release of Debian is still that release.
  const isSame = wantedRest.length === 0 || (wanted.key === 'debian' && shared >= 1);
  return isSame && entryRest.every((number) => number === 0) ? shared : undefined;
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

/** SUSE's service packs are versions of their own; elsewhere one that the catalogue names must be the right one. */
function samePack(wanted: System, entry: System): boolean {
  const packOf = ({ rest }: System) => /(?:^|[\s_-])SP(\d)/i.exec(rest)?.[1];
  const pack = packOf(entry);
  if (wanted.key !== 'suse') return pack === undefined || pack === packOf(wanted);
  return (pack ?? entry.version[1] ?? 0).toString() === (packOf(wanted) ?? wanted.version[1] ?? 0).toString();
}

/** Standard and Datacenter of one year are two entries: which of them it is must be said. */
function sameEdition(wanted: System, entry: System): boolean {
  const edition = ({ rest }: System) =>
    /(standard|datacenter|enterprise|essentials|web)/i.exec(rest)?.[1]?.toLowerCase();
  const release = ({ rest }: System) => /\bR2\b|R2$/i.test(rest);
  return edition(entry) === edition(wanted) && release(entry) === release(wanted);
}
