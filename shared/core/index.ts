// The public face of the core: the vocabulary, the port, and the workflows that all faces call.
export { BaseCloud, findOperation, OPERATIONS, verifiedAgainst } from './clouds/index.ts';
export {
  loadProfiles,
  openSecretStore,
  type Profiles,
  parseProfile,
  profilesFromEnvironment,
  profilesPath,
  SECRET_FIELDS,
  stateDir,
} from './config/index.ts';
export { type RequestGate, redactText } from './http/index.ts';
export {
  type Architecture,
  type BootHint,
  type Compression,
  type Finding,
  type ImageFacts,
  type Inspection,
  inspectFile,
  type JudgeTarget,
  judgeFor,
  type Partition,
} from './inspect/index.ts';
export * from './model/index.ts';
export {
  type AttachedUpload,
  attachUpload,
  type BudgetLimits,
  bindEndpoint,
  controlUpload,
  type EngineOptions,
  endpointAddress,
  type FileIdentity,
  type JournalSummary,
  listUploads,
  platformLockKind,
  type QueueEvent,
  type QueueItem,
  type QueueItemSnapshot,
  type QueueSnapshot,
  type QueueState,
  type QueueTurn,
  readTimeline,
  readUpload,
  type TimelineEntry,
  TransferBudget,
  type Upload,
  type UploadEvent,
  UploadQueue,
  type UploadResult,
  type UploadSnapshot,
  type UploadState,
  type WatchEnd,
} from './transfer/index.ts';
export * from './workflow/index.ts';
