// The one codec of tags: the service stores `key.value`, native records hold `key=value`, queries say `key=value`. Pure.

/**
 * Reads stored tags. A key holds neither `.` nor `=`, so the first of them ends it; without one the value is "".
 * @param tags as an image has them (seed 001 §9.2)
 */
export function readTags(tags: unknown): Record<string, string> {
  const read: Record<string, string> = {};
  if (!Array.isArray(tags)) return read;
  for (const tag of tags) {
    if (typeof tag !== 'string' || tag === '') continue;
    const end = tag.search(/[.=]/);
    if (end === 0) continue;
    const [key, value] = end < 0 ? [tag, ''] : [tag.slice(0, end), tag.slice(end + 1)];
    // By definition, not by assignment: a tag may be called __proto__.
    Object.defineProperty(read, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return read;
}

/** Tags as `image_tags` of a create call takes them. */
export function writeTags(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

const KEY = /^[\p{L}\p{N}_-]{1,36}$/u;
const VALUE = /^[\p{L}\p{N}._-]{0,43}$/u;

/** What is wrong with the tags; undefined when nothing is (seed 001 §9.2). */
export function tagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (!KEY.test(key)) {
      return `the tag key "${key}" must have 1 to 36 letters, digits, hyphens and underscores`;
    }
    if (!VALUE.test(value)) {
      return `the value of tag "${key}" may have up to 43 letters, digits, hyphens, underscores and dots`;
    }
  }
  return undefined;
}
