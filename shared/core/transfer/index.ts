// The upload engine: a file or another source goes to a target, in parts or in one stream, and survives pauses, failures and kills.
// Knows parts, files and journals; knows no cloud.
export { type AttachedUpload, attachUpload, type WatchEnd } from './attach.ts';
export { type BudgetLimits, TransferBudget } from './budget.ts';
export type { ControlCommand } from './control-protocol.ts';
export { hashFile, identifyFile } from './hash-file.ts';
export { bindEndpoint, endpointAddress, platformLockKind } from './lock.ts';
export {
  controlUpload,
  discardUpload,
  listUploads,
  readTimeline,
  readUpload,
  relocateUpload,
  setFact,
} from './manage.ts';
export { defaultPartMemoryBytes } from './memory-feed.ts';
export { defaultPartSizeBytes } from './plan.ts';
export {
  type QueueEvent,
  type QueueItem,
  type QueueItemSnapshot,
  type QueueSnapshot,
  type QueueState,
  type QueueTurn,
  UploadQueue,
} from './queue.ts';
export { openFile } from './source-file.ts';
export { startStream, startUpload } from './start.ts';
export * from './types.ts';
