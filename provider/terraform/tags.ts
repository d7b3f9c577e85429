// Tags of resources, and the provider's default tags that are added to them. Imports the plugin framework only.
import { a, isKnown, t, UNKNOWN, type Unknown, validators } from '@imagebridge/terraform-plugin';
import type { Connections } from './config/connections.ts';
import { tagKey, tagValue } from './validators.ts';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** Tags in a plan: all of them, or single values, may be known only after apply. */
export type PlannedTags = Readonly<Record<string, string | Unknown>> | null | Unknown;

/** `tags`, and what comes of them and the provider's `default_tags`. */
export const tagAttributes = (what = 'the image') => ({
  tags: a.map({
    element: t.string,
    optional: true,
    description: `Tags of ${what}. They win over the provider's \`default_tags\` of the same key.`,
    validators: [validators.keys(tagKey), validators.values(tagValue)],
  }),
  tags_all: a.map({
    element: t.string,
    computed: true,
    description: `All tags of ${what}: \`tags\` together with the provider's \`default_tags\`.`,
  }),
});

/** What `tags_all` is planned as; unknown as far as `tags` or the provider's configuration is. */
export function planTagsAll(
  provider: Connections,
  tags: PlannedTags,
): Record<string, string | Unknown> | Unknown {
  const defaults = provider.defaultTagsIfKnown;
  if (defaults === undefined || !isKnown(tags)) return UNKNOWN;
  return { ...defaults, ...tags };
}

/** Tags as they were planned; undefined where the plan left them, or one of them, open. */
export function settledTags(planned: PlannedTags): Tags | null | undefined {
  if (planned === null) return null;
  if (!isKnown(planned)) return undefined;
  const entries = Object.entries(planned).filter((entry): entry is [string, string] => isKnown(entry[1]));
  return entries.length === Object.keys(planned).length ? Object.fromEntries(entries) : undefined;
}

/**
 * `tags` and `tags_all` as the cloud has them. A tag that the defaults account for is listed in `tags` only where the user
 * wrote it there.
 * @param recorded `tags` of the state; null after an import too
 * @param remote all tags that the cloud has
 */
export function readTags(
  provider: Pick<Connections, 'defaultTagsIfKnown'>,
  recorded: Tags | null,
  remote: Tags,
): { tags: Tags | null; tags_all: Tags } {
  const all = withoutOwnTags(remote);
  const defaults = provider.defaultTagsIfKnown ?? {};
  const tags = Object.fromEntries(
    Object.entries(all).filter(
      ([key, value]) =>
        (recorded !== null && Object.hasOwn(recorded, key)) ||
        !Object.hasOwn(defaults, key) ||
        defaults[key] !== value,
    ),
  );
  return { tags: Object.keys(tags).length === 0 && recorded === null ? null : tags, tags_all: all };
}

/**
 * The changes that lead from some tags to others, as the port takes them: null removes.
 * @returns undefined where there is nothing to do
 */
export function tagChanges(
  before: Tags | null,
  after: Tags | null,
): Record<string, string | null> | undefined {
  const changes: Record<string, string | null> = {};
  for (const key of Object.keys(before ?? {})) if (!Object.hasOwn(after ?? {}, key)) changes[key] = null;
  for (const [key, value] of Object.entries(after ?? {}))
    if (before === null || !Object.hasOwn(before, key) || before[key] !== value) changes[key] = value;
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** The tags without those that the product keeps for itself (creation markers, channels). */
export function withoutOwnTags(tags: Tags): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isOwnTag(key)));
}

/** True for tags that the product keeps for itself. */
export const isOwnTag = (key: string): boolean => /^imagebridge[-_]/.test(key);
