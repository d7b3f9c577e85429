// A form that is filled in for a file and a cloud. Asks the cloud for its catalogue of systems; changes nothing.
import path from 'node:path';
import {
  type Clock,
  ImageBridgeError,
  type ImageCloud,
  legalName,
  type OsVersion,
  splitDescription,
} from '@imagebridge/core';
import type { InspectionView, TaskForm } from '@imagebridge/desktop-contract';
import type { Log } from '../context.ts';
import { architectureIn, guessOs } from './os-guess.ts';
import type { Presets } from './presets.ts';
import { descriptionOf } from './publish.ts';
import { within } from './timers.ts';

const GIB = 1024 ** 3;
/** A form must not wait for a cloud that does not answer. In ms. */
const CATALOGUE_PATIENCE_MS = 4_000;
const CATALOGUE_GOOD_MS = 10 * 60_000;

/** A file that is to be described. */
export interface Described {
  fileName: string;
  inspection: InspectionView;
}

/** Fills in forms. Remembers catalogues for a while. */
export class Suggester {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #presets: Presets;
  readonly #catalogues = new Map<string, { atMs: number; entries: Promise<readonly OsVersion[]> }>();

  constructor(clock: Clock, log: Log, presets: Presets) {
    this.#clock = clock;
    this.#log = log;
    this.#presets = presets;
  }

  /** The form for a file on a cloud. @param region as the user chose it */
  async suggest(cloud: ImageCloud, region: string | undefined, file: Described): Promise<TaskForm> {
    const { inspection, fileName } = file;
    const form: TaskForm = {
      ...this.#presets.of(cloud.name, region),
      cloud: cloud.name,
      ...(region === undefined ? {} : { region }),
      name: nameFor(cloud, fileName),
      ...formatOf(cloud, inspection),
      ...(await this.#system(cloud, file)),
      ...bootModeOf(inspection),
      ...minDiskOf(cloud, inspection),
    };
    return takenBy(cloud, form);
  }

  /** Profiles have changed: what was asked of them is not known any more. */
  forget(): void {
    this.#catalogues.clear();
  }

  async #system(cloud: ImageCloud, { inspection, fileName }: Described): Promise<Partial<TaskForm>> {
    const { osHint, osType } = inspection;
    const architecture = architectureOf(inspection, fileName);
    const told = architecture === undefined ? {} : { architecture: spelled(cloud, architecture) };
    const catalogue = await this.#catalogue(cloud);
    const found = guessOs(catalogue, { osHint, fileName, architecture });
    if (found === undefined)
      return { ...told, ...(osType === undefined ? {} : { osType: typeFor(cloud, osType) }) };
    return {
      ...told,
      osVersion: found.osVersion,
      osType: found.osType,
      ...(found.osDistribution === undefined ? {} : { osDistribution: found.osDistribution }),
    };
  }

  async #catalogue(cloud: ImageCloud): Promise<readonly OsVersion[]> {
    if (cloud.capabilities.osCatalogue !== true) return [];
    const key = `${cloud.name}/${cloud.region}`;
    const now = this.#clock.now();
    let known = this.#catalogues.get(key);
    if (known === undefined || now - known.atMs > CATALOGUE_GOOD_MS) {
      known = { atMs: now, entries: cloud.listOsVersions() };
      this.#catalogues.set(key, known);
    }
    const late = () => new Error('it does not answer');
    try {
      return await within(this.#clock, CATALOGUE_PATIENCE_MS, known.entries, late);
    } catch (thrown) {
      if (thrown instanceof ImageBridgeError) this.#catalogues.delete(key);
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      this.#log.info(`The systems that ${key} knows could not be asked for: ${text}`);
      return [];
    }
  }
}

/** A legal name after the file, as close to it as the cloud allows. */
export const nameFor = (cloud: ImageCloud, fileName: string): string =>
  nearName(
    cloud,
    path
      .basename(fileName)
      .normalize('NFC')
      .replace(/\.(gz|bz2|xz|zst|zstd)$/i, '')
      // An ending begins with a letter: that of `ubuntu-22.04` is none.
      .replace(/\.[A-Za-z][A-Za-z0-9]{0,5}$/, ''),
  );

/** The text itself where it is a legal name, else the nearest one. */
export function nearName(cloud: ImageCloud, text: string): string {
  const { pattern } = cloud.capabilities.imageName;
  // Marks that turn the direction of the text around, and controls, are legal in some clouds and good in none.
  const isPlain = !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text) && text.trim() === text;
  const made = legalName(text, 128);
  return [...(isPlain ? [text] : []), made].find((name) => pattern.test(name)) ?? legalName(text);
}

/** The format is only said where the content tells it, and the cloud takes it: else it is found out, or converted. */
function formatOf(cloud: ImageCloud, inspection: InspectionView): Partial<TaskForm> {
  const { format, compression, encrypted } = inspection;
  const isClear = compression === undefined && !encrypted && format !== 'raw';
  return isClear && cloud.capabilities.importFormats.includes(format) ? { diskFormat: format } : {};
}

/** BIOS starts only processors of the PC. */
function architectureOf(
  { architecture, boot, compression }: InspectionView,
  fileName: string,
): string | undefined {
  const isPc = compression === undefined && boot.includes('bios');
  return architecture ?? architectureIn(fileName) ?? (isPc ? 'x86_64' : undefined);
}

/** Huawei Cloud has words of its own. */
const spelled = (cloud: ImageCloud, architecture: string): string =>
  cloud.family !== 'huaweicloud'
    ? architecture
    : architecture === 'x86_64'
      ? 'x86'
      : architecture === 'aarch64'
        ? 'arm'
        : architecture;

const typeFor = (cloud: ImageCloud, osType: string): string =>
  cloud.family === 'openstack' ? osType : `${osType.slice(0, 1).toUpperCase()}${osType.slice(1)}`;

function bootModeOf({ boot }: InspectionView): Partial<TaskForm> {
  return boot === 'uefi' || boot === 'bios' ? { bootMode: boot } : {};
}

/** A disk that holds what is inside. An installation medium needs another disk than itself: that is the user's choice. */
function minDiskOf(cloud: ImageCloud, inspection: InspectionView): Partial<TaskForm> {
  if (inspection.compression !== undefined) return {};
  const needed = inspection.format === 'iso' ? 0 : Math.ceil(inspection.virtualSizeBytes / GIB);
  const minDiskGiB = Math.max(cloud.capabilities.minDiskGiB.min, needed);
  return minDiskGiB === 0 ? {} : { minDiskGiB };
}

/** Without what the cloud would refuse. */
function takenBy(cloud: ImageCloud, form: TaskForm): TaskForm {
  const { refused } = splitDescription(cloud, { kind: 'file' }, descriptionOf(form));
  const taken: TaskForm = { ...form };
  for (const { field } of refused) if (field !== 'properties') delete taken[field];
  return taken;
}
