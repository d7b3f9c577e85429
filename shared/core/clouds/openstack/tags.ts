// The one codec of tags: Glance knows bare texts; a tag with a value is written `key=value`. Pure.

/** Reads the tags of an image; a bare one has the value "". */
export function readTags(tags: readonly string[]): Record<string, string> {
  const read: Record<string, string> = {};
  for (const tag of tags) {
    const at = tag.indexOf('=');
    const [key, value] = at > 0 ? [tag.slice(0, at), tag.slice(at + 1)] : [tag, ''];
    // By definition, not by assignment: a tag may be called __proto__.
    Object.defineProperty(read, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return read;
}

/** A tag as Glance keeps it. */
export const writeTag = (key: string, value: string): string => (value === '' ? key : `${key}=${value}`);

/** What is wrong with the tags; undefined when nothing is (Glance: 255 characters). */
export function tagProblem(tags: Readonly<Record<string, string | null>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (key === '' || key.includes('=')) return `the tag key "${key}" is empty or holds "="`;
    const length = [...writeTag(key, value ?? '')].length;
    if (length > 255) return `the tag "${key}" has ${length} characters, and 255 are allowed`;
  }
  return undefined;
}
