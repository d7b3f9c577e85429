// Where the built files are: beside the bundle that this ends up in.
import { join } from 'node:path';

/** Path of a built file. */
export const built = (...names: string[]): string => join(import.meta.dirname, ...names);
