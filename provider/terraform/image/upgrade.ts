// States of older schema versions. Pure.

/**
 * Version 0 knew local files only, as `file = { path, sha256 }`; an empty path stood for an image that was imported.
 * @param stored the state as version 0 wrote it
 */
export function fromVersion0(stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { file, ...kept } = stored;
  const { path, sha256 } = isObject(file) ? file : {};
  return { ...kept, source: { file: path === '' ? null : path, sha256 } };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
