// The public face of the core: the vocabulary, the port, and the workflows that all faces call.
export { BaseCloud, findOperation, OPERATIONS, verifiedAgainst } from './clouds/index.ts';
export {
  loadProfiles,
  openSecretStore,
  type Profiles,
  parseProfile,
  profilesPath,
  SECRET_FIELDS,
  stateDir,
} from './config/index.ts';
export { type BootHint, type Finding, type Inspection, inspectFile } from './inspect/index.ts';
export * from './model/index.ts';
export {
  controlUpload,
  type EngineOptions,
  type FileIdentity,
  type JournalSummary,
  listUploads,
  readUpload,
  type Upload,
  type UploadEvent,
  type UploadResult,
  type UploadSnapshot,
  type UploadState,
} from './transfer/index.ts';
export * from './workflow/index.ts';
