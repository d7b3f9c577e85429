// Whether values of attributes are equal, maps included. Imports the plugin framework only.
import { UNKNOWN } from '@imagebridge/terraform-plugin';

/** True where two maps have the same entries; nothing and no entries are the same. Never true of what is not known yet. */
export const sameEntries = (left: unknown, right: unknown): boolean => {
  const entries = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
  return left !== UNKNOWN && entries(left) === entries(right);
};

/** True where two values are equal, or two maps have the same entries. */
export const sameValue = (left: unknown, right: unknown): boolean =>
  left === right || (typeof left === 'object' && sameEntries(left, right));
