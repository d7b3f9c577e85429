// What a file is. Imports the model only.
export { inspectBytes, inspectFile } from './inspect.ts';
export type { BootHint, Finding, Inspection } from './types.ts';
