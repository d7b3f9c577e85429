// What all faces do, and the only part that puts the others together.
export {
  type Channel,
  type ChannelStep,
  checkPromotion,
  clearChannel,
  findImage,
  type PromoteOptions,
  type Promotion,
  promoteImage,
  readChannel,
} from './channels.ts';
export { type ConnectOptions, connect, connectProfile } from './connect.ts';
export { contentHash } from './content-hash.ts';
export { type CopyOptions, type CopyResult, checkCopy, copyImage } from './copy.ts';
export {
  abilityFor,
  type CloudSource,
  type CreateImageOptions,
  type CreateImageRequest,
  checkChecksums,
  createImage,
} from './create-image.ts';
export {
  type CopyAcrossRequest,
  type CopyAcrossResult,
  checkCopyAcross,
  copyAcross,
} from './cross-cloud.ts';
export {
  canForget,
  type DescriptionField,
  type Making,
  missingFacts,
  type SourceKind,
  type SplitDescription,
  splitDescription,
  whyFixed,
} from './describe-image.ts';
export {
  type DownloadProgress,
  type DownloadRequest,
  type DownloadResult,
  downloadToFile,
} from './download.ts';
export { exportToFile, type FileExport } from './export-file.ts';
export {
  claimExport,
  claimStoreExport,
  type ExportResult,
  exportImage,
  exportToStore,
  findExport,
  removeExport,
  type StoreExport,
} from './export-image.ts';
export { fileSha256 } from './file-sha256.ts';
export {
  CLAIMED_PROPERTY,
  claimImage,
  isClaimed,
  MARKER_TAG,
  type MarkerParts,
  markerOf,
  SHA256_PROPERTY,
} from './marker.ts';
export {
  type ChannelMark,
  type ChannelState,
  channelMarks,
  checkChannelName,
  deprecatedAt,
  markIn,
} from './marks.ts';
export { openBucket } from './open-bucket.ts';
export {
  type Cleaning,
  type CleanOptions,
  cleanUploads,
  discardPlainUpload,
  type FoundUpload,
  findOrphans,
  isOver,
  isPlainUpload,
  type OrphanOptions,
  type OrphanOutcome,
  removeOrphans,
} from './orphans.ts';
export { checkImageName, legalName, type Preflight, preflight } from './preflight.ts';
export {
  checkPruneRules,
  executePrune,
  findPrunable,
  type PruneAction,
  type PruneOutcome,
  type PruneRules,
  type PruneVerdict,
} from './prune.ts';
export {
  isPublished,
  type PublishEvent,
  type PublishRequest,
  type PublishResult,
  publishImage,
} from './publish.ts';
export {
  type IfExists,
  nameOfFile,
  type PublishItem,
  type PublishItemResult,
  type PublishManyRequest,
  publishItems,
  publishMany,
  sameImage,
} from './publish-many.ts';
export { localFile, type PublishSource } from './publish-source.ts';
export { type BucketUploadRequest, publishToBucket } from './publish-to-bucket.ts';
export { type CloudImage, cloudImage, imageSourcePath, parseImageSource } from './remote-source.ts';
export { type ResumeRequest, resumePublish } from './resume-publish.ts';
export { type RetireOptions, requireRetiring, retireImage, unretireImage } from './retire.ts';
export type { PublishRoute, StagingBucket } from './routes/choose-route.ts';
export { answerShare, type SharesChange, setShares, shareImage, unshareImage } from './share.ts';
export { cloudOfUpload, discardPublish, readStored, type StoredRequest } from './stored-publish.ts';
export { type UrlSource, urlSource } from './url-source.ts';
export { cloudLabel, type WaitOptions, waitForImage, waitForJob } from './wait-for-job.ts';
