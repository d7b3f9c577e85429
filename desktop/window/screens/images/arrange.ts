// Which of the loaded images are shown, and in which order. Pure.
import type { ImageView } from '@imagebridge/desktop-contract';
import type { Sort } from '../../kit/index.ts';

/** What the list is narrowed by. An absent field matches everything. */
export interface ImageFilter {
  text: string;
  status?: string | undefined;
  format?: string | undefined;
  system?: string | undefined;
}

/** No filter. */
export const NO_FILTER: ImageFilter = { text: '' };

/** True when something is filtered. */
export const isNarrowed = ({ text, status, format, system }: ImageFilter): boolean =>
  text.trim() !== '' || status !== undefined || format !== undefined || system !== undefined;

/** The operating system in one line. Some clouds' versions name the system, others are a bare number. */
export function systemOf({ osVersion, osDistribution, osType }: ImageView): string {
  const system = osDistribution || osType || '';
  if (!osVersion || system === '') return osVersion || system;
  const isNamed = osVersion.toLowerCase().includes(system.toLowerCase());
  // A type says little beside a version that has words of its own.
  return isNamed || (!osDistribution && /\p{L}{3}/u.test(osVersion)) ? osVersion : `${system} ${osVersion}`;
}

/** Family of operating systems that can be filtered by: the distribution, else the type. */
export const systemKind = ({ osDistribution, osType }: ImageView): string =>
  (osDistribution || osType || '').toLowerCase();

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

function haystack(image: ImageView): string {
  const tags = Object.entries(image.tags).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  return folded(
    [image.name, image.id, image.description, image.osVersion, image.osDistribution, ...tags].join('\n'),
  );
}

/**
 * The images that match; every word of the text must be found somewhere in the name, id, description, system or tags. Those
 * that are deleted (a cloud may list what is in its recycle bin) are shown when they are asked for.
 */
export function matching(images: readonly ImageView[], filter: ImageFilter): ImageView[] {
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  return images.filter((image) => {
    if (filter.status === undefined ? image.status === 'deleted' : image.status !== filter.status)
      return false;
    if (filter.format !== undefined && (image.diskFormat ?? '') !== filter.format) return false;
    if (filter.system !== undefined && systemKind(image) !== filter.system) return false;
    if (words.length === 0) return true;
    const text = haystack(image);
    return words.every((word) => text.includes(word));
  });
}

/** Sorted by a column. What has no value comes last in both directions; equal ones by name. */
export function sorted(
  images: readonly ImageView[],
  { key, direction }: Sort,
  language: string,
): ImageView[] {
  const texts = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const sign = direction === 'ascending' ? 1 : -1;
  const byName = (a: ImageView, b: ImageView) => texts.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  const value = (image: ImageView): string | number | undefined => {
    if (key === 'created') return image.createdAt;
    if (key === 'updated') return image.updatedAt;
    if (key === 'size') return image.sizeBytes;
    if (key === 'status') return image.status;
    if (key === 'format') return image.diskFormat || undefined;
    if (key === 'system') return systemOf(image) || undefined;
    return image.name || undefined;
  };
  return [...images].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === undefined || other === undefined) {
      if (one === other) return byName(a, b);
      return one === undefined ? 1 : -1;
    }
    const order =
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : texts.compare(String(one), String(other));
    return order === 0 ? byName(a, b) : order * sign;
  });
}

/** Different values of the loaded images, to choose a filter from. */
export function valuesOf(images: readonly ImageView[], value: (image: ImageView) => string): string[] {
  return [...new Set(images.map(value))].filter((one) => one !== '').sort();
}
