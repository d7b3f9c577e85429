// The rules for names, descriptions, tags and sizes (seed 001 §9.1, §9.2, appendix B).
import { z } from 'zod';
import { ImsError } from './errors.ts';

const nameForm = /^[\p{L}\p{N}._-](?:[\p{L}\p{N}._ -]*[\p{L}\p{N}._-])?$/u;
const tagKeyForm = /^[A-Za-z0-9_\p{Script=Han}-]{1,36}$/u;
const tagValueForm = /^[A-Za-z0-9_.\p{Script=Han}-]{0,43}$/u;
const maxTags = 10;

/** min_disk of a system image, in GiB: seed 001 says 40–255, seeds 002 and 004 say 40–1024. */
const diskLimitsGiB = { min: 40, max: 1024 };

/** Fields that every creation takes. Numbers may come as strings, as the samples of the seeds do both. */
export const commonFields = {
  name: z.string().optional(),
  description: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  image_tags: z.array(z.object({ key: z.string(), value: z.string().optional() })).optional(),
};

/** @throws ImsError IMG.0013, IMG.0002 or IMG.0003 */
export function checkName(name: string | undefined): string {
  if (name === undefined || name === '') throw new ImsError('IMG.0013');
  if ([...name].length > 128) throw new ImsError('IMG.0002');
  if (!nameForm.test(name)) throw new ImsError('IMG.0003');
  return name;
}

/** @throws ImsError IMG.0004 or IMG.0054 */
export function checkDescription(description: string | null | undefined): string {
  const text = description ?? '';
  if ([...text].length > 1024) throw new ImsError('IMG.0004');
  if (/[\r\n<>]/.test(text)) throw new ImsError('IMG.0054');
  return text;
}

/** Tags of either form; `key.value` is split at the first dot. @throws ImsError IMG.0115 or IMG.0116 */
export function checkTags(body: {
  tags?: string[] | undefined;
  image_tags?: { key: string; value?: string | undefined }[] | undefined;
}): Record<string, string> {
  if (body.tags !== undefined && body.image_tags !== undefined) throw new ImsError('IMG.0115');
  const pairs =
    body.image_tags?.map(({ key, value = '' }) => [key, value] as const) ??
    body.tags?.map((tag) => {
      const dot = tag.indexOf('.');
      return dot < 0 ? ([tag, ''] as const) : ([tag.slice(0, dot), tag.slice(dot + 1)] as const);
    }) ??
    [];
  const tags = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (!tagKeyForm.test(key) || !tagValueForm.test(value) || tags.has(key)) throw new ImsError('IMG.0115');
    tags.set(key, value);
  }
  if (tags.size > maxTags) throw new ImsError('IMG.0116');
  return Object.fromEntries(tags);
}

/** @throws ImsError IMG.0055 */
export function checkDisk(minDisk: unknown, limits = diskLimitsGiB): number {
  return wholeNumber(minDisk, limits);
}

/** @throws ImsError IMG.0055 */
export function checkRam(ram: unknown): number {
  return ram === undefined ? 0 : wholeNumber(ram, { min: 0, max: 4 << 20 });
}

function wholeNumber(value: unknown, { min, max }: { min: number; max: number }): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new ImsError('IMG.0055');
  }
  return value;
}
