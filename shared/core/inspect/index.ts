// What a file is. Imports the model only.
export { type ByteReader, limitedReader, memoryReader } from './byte-reader.ts';
export {
  inspectSource,
  MAX_INSPECT_BYTES,
  MAX_INSPECT_READS,
} from './inspect.ts';
export { inspectFile } from './inspect-file.ts';
export type { JudgeTarget } from './judge/case.ts';
export { judgeFor } from './judge/judge.ts';
export type {
  Architecture,
  BootHint,
  Compression,
  Finding,
  ImageFacts,
  Inspection,
  Partition,
} from './types.ts';
