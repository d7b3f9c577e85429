// What a machine image is to the constructs, wherever it came from, and what can be said when it is shared or copied. Types only.
import type { IConstruct } from 'constructs';
import type { IImageCloud } from './image-cloud.ts';
import type { ImageCopy, ImageShare } from './image-operations.ts';

/** A machine image: made here, copied, accepted from another project, or there already. */
export interface IMachineImage extends IConstruct {
  /** The service's id of the image. A token, unless it was given. */
  readonly imageId: string;
  /** The cloud it is in. Undefined: the provider's default cloud. */
  readonly cloud: IImageCloud | undefined;
  /** The region it is in. Undefined: the cloud's own. */
  readonly region: string | undefined;

  /**
   * Shares it with another project of the same region, which can then accept it:
   * `image.shareWith('0a1b…').acceptIn(receiver)`.
   * @param projectId id of the receiving project
   * @throws Error when the id is blank, or is a token and `options.id` is missing
   */
  shareWith(projectId: string, options?: ShareOptions): ImageShare;

  /**
   * Copies it, in its region or to another one.
   * @throws Error when a value is blank, or name or region is a token and `options.id` is missing
   */
  copyTo(options: CopyOptions): ImageCopy;
}

/** How to share. */
export interface ShareOptions {
  /** Construct id. @default `Share-<project id>` */
  readonly id?: string | undefined;
}

/** How to accept. */
export interface AcceptOptions {
  /** Construct id. @default `Accept-<cloud name>` */
  readonly id?: string | undefined;
}

/** What the copy is to be. */
export interface CopyOptions {
  /** Name of the copy. */
  readonly name: string;
  /** Construct id. @default `Copy-<name>`, or `Copy-<region>-<name>` where a region is given */
  readonly id?: string | undefined;
  /** Free text. @default none */
  readonly description?: string | undefined;
  /** Region of the copy. @default the image's own */
  readonly region?: string | undefined;
  /** Name of the project that owns the copy in another region. @default that region's own project */
  readonly projectName?: string | undefined;
  /** Agency (delegation) that the cloud acts under across regions. @default the cloud's */
  readonly agencyName?: string | undefined;
}
