// The one codec of tags: `base64(key):base64(value)`, each half for itself (seed 000's sample; its text says less). Pure.

/** Tags as requests carry them. */
export function writeTags(tags: Readonly<Record<string, string>>): string[] {
  const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  return Object.entries(tags).map(([key, value]) => `${encode(key)}:${encode(value)}`);
}

/** What is wrong with the tags; undefined when nothing is. Keys and values must not be empty. */
export function tagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (key.trim() === '') return 'a tag has an empty key';
    if (value.trim() === '') return `the tag "${key}" has no value, and this cloud wants one`;
  }
  return undefined;
}
