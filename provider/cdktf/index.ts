// The construct library: images, shares and copies as CDKTF constructs. Knows the provider's schema only.
export * from './gen/index.ts';
export {
  CloudProfiles,
  type CloudProfilesProps,
  type HuaweicloudProps,
  type IImageCloud,
  ImageCloud,
} from './image-cloud.ts';
export {
  AcceptedImage,
  type AcceptedImageProps,
  ImageCopy,
  type ImageCopyProps,
  ImageShare,
  type ImageShareProps,
} from './image-operations.ts';
export { type FileImageProps, type ImageAttributes, MachineImage } from './machine-image.ts';
export type { AcceptOptions, CopyOptions, IMachineImage, ShareOptions } from './machine-image-types.ts';
export { Size } from './size.ts';
