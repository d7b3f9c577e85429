// What can be done with an image, and why not. Pure.
import type { CloudView, ImageView } from '@imagebridge/desktop-contract';
import type { Scope } from './place.ts';

/** The actions, in the order of the menu. */
export const ACTIONS = [
  'edit',
  'share',
  'copy',
  'download',
  'export',
  'promote',
  'promote-base',
  'deactivate',
  'reactivate',
  'delete',
] as const;
/** See `ACTIONS`. */
export type ActionName = (typeof ACTIONS)[number];

/** Why an action is not there. */
export type Obstacle =
  /** The cloud cannot: its own sentence. */
  | { kind: 'cloud'; text: string }
  /** The image is another project's, or not usable now: a key below `obstacle.`. */
  | { kind: 'state'; key: 'foreign' | 'not-active' };

/** An action, and what stands against it. */
export interface ImageAction {
  name: ActionName;
  obstacle?: Obstacle | undefined;
}

/** Abilities of which each makes a part of the form of changes work. */
const EDITS = [
  'rename',
  'updateDescription',
  'updateMinimums',
  'protect',
  'updateVisibility',
  'updateTags',
] as const;

/** The cloud's sentence on an ability; undefined: it is there, or the cloud does not say. */
export function absence(cloud: CloudView, ability: string): string | undefined {
  const value = cloud.abilities[ability];
  return typeof value === 'string' ? value : undefined;
}

/** The first of several sentences when none of the abilities is there. */
function absenceOfAll(cloud: CloudView, abilities: readonly string[]): string | undefined {
  const sentences = abilities.map((ability) => absence(cloud, ability));
  return sentences.every((one) => one !== undefined) ? sentences[0] : undefined;
}

const LACK: Readonly<Partial<Record<ActionName, (cloud: CloudView) => string | undefined>>> = {
  edit: (cloud) => absenceOfAll(cloud, EDITS),
  share: (cloud) => absence(cloud, 'share'),
  download: (cloud) => absence(cloud, 'download'),
  export: (cloud) => absence(cloud, 'exportImage'),
  // A channel is a mark: a tag or a property.
  promote: (cloud) => absenceOfAll(cloud, ['customProperties', 'updateTags']),
  'promote-base': (cloud) => absence(cloud, 'copyToBaseImage'),
  deactivate: (cloud) => absence(cloud, 'deactivate'),
  reactivate: (cloud) => absence(cloud, 'deactivate'),
};

/** Needs the image's data. */
const NEED_ACTIVE: ReadonlySet<ActionName> = new Set([
  'share',
  'copy',
  'download',
  'export',
  'promote',
  'promote-base',
]);
/** Changes the image itself, which only its owner may. */
const OWNERS: ReadonlySet<ActionName> = new Set([
  'edit',
  'share',
  'promote',
  'deactivate',
  'reactivate',
  'delete',
]);

/** What can be done with an image of a cloud. */
export function actionsOf(cloud: CloudView, image: ImageView, scope: Scope): ImageAction[] {
  return ACTIONS.filter(
    (name) => name !== (image.status === 'deactivated' ? 'deactivate' : 'reactivate'),
  ).map((name) => {
    const text = LACK[name]?.(cloud);
    if (text !== undefined) return { name, obstacle: { kind: 'cloud', text } };
    if (scope === 'shared' && OWNERS.has(name)) return { name, obstacle: { kind: 'state', key: 'foreign' } };
    if (image.status !== 'active' && (NEED_ACTIVE.has(name) || name === 'deactivate'))
      return { name, obstacle: { kind: 'state', key: 'not-active' } };
    return { name };
  });
}

/** The name of an image, or why it is not legal in a cloud: the cloud's rule in words. */
export function nameFault(cloud: CloudView | undefined, name: string): string | undefined {
  if (cloud === undefined) return undefined;
  const { pattern, flags, rule } = cloud.imageName;
  return new RegExp(pattern, flags.replace(/[gy]/g, '')).test(name) ? undefined : rule;
}

const EXTENSIONS: Readonly<Record<string, string>> = { raw: 'img' };

/** A name for an image's file that every system takes. */
export function fileNameOf(image: Pick<ImageView, 'id' | 'name'>, format: string | undefined): string {
  const plain = image.name
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}/\\:*?"<>|]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const base = [...(plain || image.id.replace(/[^\w.-]+/g, '-'))].slice(0, 80).join('');
  const extension = EXTENSIONS[format ?? ''] ?? (format || 'img');
  return base.toLowerCase().endsWith(`.${extension}`) ? base : `${base}.${extension}`;
}

/** A name that its user can type: nothing unseen, nothing at the ends, not too long. */
export const isTypeable = (name: string): boolean =>
  name !== '' && name.length <= 80 && name === name.trim() && !/\p{C}|\p{Z}{2}|[^\S ]/u.test(name);

/** Ids of projects from a text: one to a line, or with spaces, commas or semicolons between them. */
export const projectIdsOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,;，；、]+/).filter((id) => id !== '')),
];
