// How a file becomes an image: the service's ways to import, and which of them fits. Pure.
import {
  type ErrorDetails,
  type ImportChoice,
  type ImportQuestion,
  InvalidInputError,
  RefusedError,
} from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES, MAX_ORDINARY_IMPORT_BYTES, MAX_QUICK_BYTES } from './capabilities.ts';

const GIB = 1024 ** 3;
const QUICK_FORMATS = ['raw', 'zvhd2'];
const TO_QUICK = 'Convert it to RAW (and make its bitmap file) or to ZVHD2, or make it smaller.';

interface Method {
  /** What it is, as the beginning of a sentence. */
  title: string;
  dataDisk: boolean;
  iso: boolean;
  formats: readonly string[];
  maxSizeBytes: number;
  needsOsVersion: boolean;
}

const disks = HUAWEICLOUD_CAPABILITIES.importFormats.filter((format) => format !== 'iso');

/** The family's methods (operations 16b, 17, 18; `register`: 35, then 20). */
const METHODS = {
  ordinary: {
    title: 'an ordinary import',
    dataDisk: false,
    iso: false,
    formats: disks,
    maxSizeBytes: MAX_ORDINARY_IMPORT_BYTES,
    needsOsVersion: false,
  },
  quick: {
    title: 'a quick import',
    dataDisk: false,
    iso: false,
    formats: QUICK_FORMATS,
    maxSizeBytes: MAX_QUICK_BYTES,
    needsOsVersion: true,
  },
  iso: {
    title: 'an import of an ISO file',
    dataDisk: false,
    iso: true,
    formats: ['iso'],
    maxSizeBytes: MAX_ORDINARY_IMPORT_BYTES,
    needsOsVersion: true,
  },
  'data-disk': {
    title: 'an import of a data disk',
    dataDisk: true,
    iso: false,
    formats: disks,
    maxSizeBytes: MAX_ORDINARY_IMPORT_BYTES,
    needsOsVersion: false,
  },
  'quick-data-disk': {
    title: 'a quick import of a data disk',
    dataDisk: true,
    iso: false,
    formats: QUICK_FORMATS,
    maxSizeBytes: MAX_QUICK_BYTES,
    needsOsVersion: false,
  },
  register: {
    title: 'a registration',
    dataDisk: false,
    iso: true,
    formats: HUAWEICLOUD_CAPABILITIES.importFormats,
    maxSizeBytes: MAX_ORDINARY_IMPORT_BYTES,
    needsOsVersion: false,
  },
} as const satisfies Record<string, Method>;

/** A way to make an image from a file. */
export type ImportMethod = keyof typeof METHODS;

const isMethod = (name: string): name is ImportMethod => Object.hasOwn(METHODS, name);

/** A choice of this family. */
export interface HuaweicloudImportChoice extends ImportChoice {
  method: ImportMethod;
}

/**
 * The method that fits a file, or the user's own when it does.
 * @param cloud the cloud's name in messages
 * @throws RefusedError when no method takes the file; InvalidInputError when the user's method does not
 */
export function chooseImport(
  question: ImportQuestion,
  cloud: string,
  operation = `import a ${question.diskFormat} file`,
): HuaweicloudImportChoice {
  const base = { operation, cloud };
  if (question.method === undefined) return choose(question, base);
  const { method } = question;
  if (!isMethod(method)) {
    throw new InvalidInputError({
      ...base,
      reason: `there is no import method ${JSON.stringify(method)} here`,
      hint: `The methods are ${Object.keys(METHODS).join(', ')}.`,
    });
  }
  const problem = problemOf(method, question);
  if (problem) throw new InvalidInputError({ ...base, ...problem });
  return { method, route: 'bucket', reason: `${capital(METHODS[method].title)}, as it was asked for.` };
}

function choose(question: ImportQuestion, base: ErrorDetails): HuaweicloudImportChoice {
  const { diskFormat, sizeBytes, dataDisk = false } = question;
  const large = sizeBytes !== undefined && sizeBytes > MAX_ORDINARY_IMPORT_BYTES;
  const method: ImportMethod = dataDisk
    ? large
      ? 'quick-data-disk'
      : 'data-disk'
    : diskFormat === 'iso'
      ? 'iso'
      : large
        ? 'quick'
        : 'ordinary';
  const problem = problemOf(method, question);
  if (problem) throw new RefusedError({ ...base, ...problem });
  return { method, route: 'bucket', reason: reasonOf(method, question) };
}

function reasonOf(method: ImportMethod, { diskFormat, sizeBytes }: ImportQuestion): string {
  const size = sizeBytes === undefined ? 'of unknown size' : `with ${gib(sizeBytes)}`;
  if (METHODS[method].maxSizeBytes === MAX_QUICK_BYTES) {
    const bitmap = diskFormat === 'raw' ? ' Its bitmap file must lie in the bucket beside it.' : '';
    return `Files of more than ${gib(MAX_ORDINARY_IMPORT_BYTES)} are taken by a quick import only, and this ${diskFormat} file ${size} is one.${bitmap}`;
  }
  if (method === 'iso') return 'An ISO file becomes an image to install from, by a call of its own.';
  const what = METHODS[method].dataDisk ? 'The file of a data disk' : `A ${diskFormat} file ${size}`;
  return `${what} is taken by ${METHODS[method].title}, through a bucket.`;
}

/** Why a method does not take a file; undefined when it does. */
function problemOf(
  method: ImportMethod,
  question: ImportQuestion,
): { reason: string; hint: string } | undefined {
  const { title, dataDisk, iso, formats, maxSizeBytes, needsOsVersion }: Method = METHODS[method];
  const { diskFormat, sizeBytes } = question;
  const quick = maxSizeBytes === MAX_QUICK_BYTES;
  if (question.dataDisk !== undefined && question.dataDisk !== dataDisk) {
    const [is, not] = question.dataDisk ? ['a data disk', 'system disks'] : ['a system disk', 'data disks'];
    return { reason: `the file is ${is}, and ${title} is for ${not}`, hint: 'Leave the method out.' };
  }
  if (sizeBytes !== undefined && sizeBytes > MAX_QUICK_BYTES) {
    const reason = `the file has ${gib(sizeBytes)}, and the service takes at most ${gib(MAX_QUICK_BYTES)}`;
    return { reason, hint: 'Make the disk smaller.' };
  }
  if (diskFormat === 'iso' && !iso) {
    return { reason: `${title} takes no ISO file`, hint: 'Use the method iso, for a system disk.' };
  }
  if (!formats.includes(diskFormat)) {
    const reason = `files of format ${diskFormat} cannot be imported (only ${formats.join(', ')})`;
    if (!quick) return { reason, hint: 'Convert it: qemu-img convert -O qcow2 IN OUT.' };
    const size = sizeBytes === undefined ? '' : `the file has ${gib(sizeBytes)}; `;
    return {
      reason: `${size}${title} takes RAW files with a bitmap and ZVHD2 files, and this one is ${diskFormat}`,
      hint: TO_QUICK,
    };
  }
  if (sizeBytes !== undefined && sizeBytes > maxSizeBytes) {
    const hint = diskFormat === 'iso' ? 'Use a smaller ISO file.' : 'Leave the method out. '.concat(TO_QUICK);
    return {
      reason: `the file has ${gib(sizeBytes)}, and ${title} takes at most ${gib(maxSizeBytes)}`,
      hint,
    };
  }
  if (needsOsVersion && !question.osVersion?.trim()) {
    return {
      reason: `${title} needs an os_version`,
      hint: 'Give the version as the catalogue of the cloud spells it, e.g. "Ubuntu 22.04 server 64bit".',
    };
  }
  return undefined;
}

const MIB = 1024 ** 2;
const gib = (bytes: number) =>
  bytes < GIB / 10 ? `${Number((bytes / MIB).toFixed(1))} MiB` : `${Number((bytes / GIB).toFixed(1))} GiB`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
