// The construct library: images, shares and copies as CDKTF constructs. Knows the provider's schema only.

export { ImageChannel, type ImageChannelProps } from './channel/image-channel.ts';
export { ImageRetention, type ImageRetentionProps } from './channel/image-retention.ts';
export type {
  CloudProfilesProps,
  CloudProps,
  HuaweicloudProps,
  OpenstackProps,
  ProfileOptions,
  UcloudstackProps,
} from './cloud/cloud-props.ts';
export { CloudProfiles, type IImageCloud, ImageCloud } from './cloud/image-cloud.ts';
export type { Ability, CloudFamily, CloudRules } from './cloud/rules.ts';
export { EphemeralResource } from './ephemeral-resource.ts';
export * from './gen/index.ts';
export { FoundImage } from './image/found-image.ts';
export type {
  AcceptOptions,
  CopyBaseOptions,
  CopyOptions,
  IMachineImage,
  ImageReceiver,
  PromoteToBaseOptions,
  ShareOptions,
} from './image/image.ts';
export {
  ExportDestination,
  type ExportOptions,
  ImageExport,
  type ImageExportProps,
  type S3Destination,
} from './image/image-export.ts';
export type {
  BackupImageProps,
  Checksums,
  FileImageProps,
  ForeignImageProps,
  ImageAttributes,
  ImageQuery,
  MachineImageProps,
  ObjectImageProps,
  ServerImageProps,
  UrlImageProps,
  VolumeImageProps,
} from './image/image-props.ts';
export { ImageShares, type ImageSharesProps } from './image/image-shares.ts';
export { ImageStores, type ImageStoresProps } from './image/image-stores.ts';
export { ImageTags } from './image/image-tags.ts';
export { MachineImage } from './image/machine-image.ts';
export {
  AcceptedImage,
  type AcceptedImageProps,
  ImageCopy,
  type ImageCopyProps,
  ImageShare,
  type ImageShareProps,
  MachineImageBase,
} from './image/operations.ts';
export {
  BaseImageRelease,
  type BaseImageReleaseProps,
  type ReleaseCopyProps,
  type ReleaseImageProps,
  type ReleaseRetention,
  type ReleaseTargetProps,
} from './release/base-image-release.ts';
export { type FileSourceOptions, ReleaseSource } from './release/release-source.ts';
export { ReleaseTarget, type ReleaseTargetSettings } from './release/release-target.ts';
export { OperatingSystem, type OperatingSystemFacts } from './words/operating-system.ts';
export { Size } from './words/size.ts';
export {
  Architecture,
  CopyRoute,
  Firmware,
  ImageFormat,
  OnDestroy,
  RetireAction,
  UploadRoute,
  Visibility,
} from './words/words.ts';
