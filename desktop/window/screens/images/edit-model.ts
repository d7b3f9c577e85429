// The form of an image's changes, and what of it has changed. Pure.

import type { CloudView, ImageChanges, ImageView } from '@imagebridge/desktop-contract';
import { nameFault } from './actions.ts';
import { ownTags } from './own-tags.ts';

/** A tag in the form. */
export interface TagRow {
  /** Stays while the key is being typed. */
  row: number;
  key: string;
  value: string;
}

/** The form. */
export interface EditForm {
  name: string;
  description: string;
  minDiskGiB: number | undefined;
  minRamMiB: number | undefined;
  protected: boolean;
  visibility: string;
  tags: TagRow[];
}

/** The form as the image is. */
export const formOf = (image: ImageView): EditForm => ({
  name: image.name,
  description: image.description ?? '',
  minDiskGiB: image.minDiskGiB,
  minRamMiB: image.minRamMiB,
  protected: image.protected ?? false,
  visibility: image.visibility ?? '',
  tags: ownTags(image).map(([key, value], row) => ({ row, key, value })),
});

/** What has been changed; undefined: nothing. */
export function changesOf(image: ImageView, form: EditForm): ImageChanges | undefined {
  const before = formOf(image);
  const changes: ImageChanges = {};
  if (form.name !== before.name) changes.name = form.name;
  if (form.description !== before.description)
    changes.description = form.description === '' ? null : form.description;
  if (form.minDiskGiB !== before.minDiskGiB) changes.minDiskGiB = form.minDiskGiB ?? 0;
  if (form.minRamMiB !== before.minRamMiB) changes.minRamMiB = form.minRamMiB ?? 0;
  if (form.protected !== before.protected) changes.protected = form.protected;
  if (form.visibility !== before.visibility) changes.visibility = form.visibility;
  const tags: [string, string | null][] = form.tags
    .filter(({ key, value }) => !Object.hasOwn(image.tags, key) || image.tags[key] !== value)
    .map(({ key, value }) => [key, value]);
  for (const [key] of ownTags(image)) if (!form.tags.some((tag) => tag.key === key)) tags.push([key, null]);
  if (tags.length > 0) changes.tags = Object.fromEntries(tags);
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** What is wrong with a form, by field. */
export interface EditFaults {
  /** The cloud's rule. */
  name?: string | undefined;
  description?: string | undefined;
  /** Rows whose key is empty or there twice. */
  tags: ReadonlySet<number>;
}

/** Checks a form by the cloud's rules. What was not changed is not judged. */
export function faultsOf(cloud: CloudView, image: ImageView, form: EditForm): EditFaults {
  const { maxLength, rule } = cloud.description;
  const isWrong = ({ key, row }: TagRow) =>
    key.trim() === '' || form.tags.some((other) => other.row < row && other.key === key);
  return {
    name: form.name === image.name ? undefined : nameFault(cloud, form.name),
    description:
      form.description !== (image.description ?? '') && form.description.length > maxLength
        ? rule
        : undefined,
    tags: new Set(form.tags.filter(isWrong).map(({ row }) => row)),
  };
}

/** True when nothing is wrong. */
export const isSound = ({ name, description, tags }: EditFaults): boolean =>
  name === undefined && description === undefined && tags.size === 0;
