// What a machine image is to the constructs, wherever it came from, and what can be said when it is shared or copied. Types only.
import type { IConstruct } from 'constructs';
import type { ImageChannel } from '../channel/image-channel.ts';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import type { CopyRoute, OnDestroy } from '../words/words.ts';
import type { ExportOptions, ImageExport } from './image-export.ts';
import type { ImageShares } from './image-shares.ts';
import type { ImageStores } from './image-stores.ts';
import type { AcceptedImage, ImageCopy, ImageShare } from './operations.ts';

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
   * Makes these projects the only ones that it is shared with: shares that others have made are ended. Not beside
   * `shareWith` of the same image.
   * @param projectIds ids of the projects; may be empty, or a token
   * @throws Error when an id is blank
   */
  shareOnlyWith(projectIds: readonly string[], options?: ShareOptions): ImageShares;

  /**
   * Lets another project use it: shares it, and accepts it for that project.
   * @returns the image as that project has it
   * @throws Error when the id is blank, or is a token and `receiver.id` is missing
   */
  grantUse(receiver: ImageReceiver): AcceptedImage;

  /**
   * Copies it: in its region, to another region, or to another cloud.
   * @throws Error when a value is blank, nothing tells the copy from the image, or name or region is a token and
   *   `options.id` is missing
   */
  copyTo(options: CopyOptions): ImageCopy;

  /**
   * Copies it to a base image, which all tenants can use (ucloudstack, for administrators).
   * @throws Error when the name is blank, or is a token and `options.id` is missing
   */
  promoteToBase(options: PromoteToBaseOptions): ImageCopy;

  /**
   * Puts its data into further stores of the same service (openstack). It stays one image; the service cannot take data out
   * of a store again.
   * @throws Error when there is no store, or one is blank or there twice
   */
  copyToStores(stores: readonly string[], options?: ShareOptions): ImageStores;

  /**
   * Writes it to a place of yours as a file.
   * @throws Error when a value is blank, an option does not go with the place, or the place's name is a token and `options.id` is missing
   */
  exportTo(options: ExportOptions): ImageExport;

  /**
   * Makes it the current image of a channel: a name such as `debian-12-stable`, by which others look it up.
   * @throws Error when the name is none for a channel
   */
  promoteTo(channelName: string, options?: ShareOptions): ImageChannel;
}

/** How to name the construct. */
export interface ShareOptions {
  /** Construct id. @default made of what is given, e.g. `Share-<project id>` */
  readonly id?: string | undefined;
}

/** How to accept. */
export interface AcceptOptions {
  /** Construct id. @default `Accept-<cloud name>` */
  readonly id?: string | undefined;
}

/** Who is to use an image. */
export interface ImageReceiver {
  /** Id of the receiving project, in the image's region. */
  readonly projectId: string;
  /** The receiver's account, in that project. */
  readonly cloud: IImageCloud;
  /** Construct id of the share. @default `Share-<project id>` */
  readonly id?: string | undefined;
}

/** What every kind of copy can be told. */
export interface CopyBaseOptions {
  /** Construct id. @default made of name, region and cloud, e.g. `Copy-<region>-<name>` */
  readonly id?: string | undefined;
  /** What becomes of it when Terraform no longer has it. @default OnDestroy.DELETE */
  readonly onDestroy?: OnDestroy | undefined;
}

/** What the copy is to be, and where. */
export interface CopyOptions extends CopyBaseOptions {
  /** Name of the copy. */
  readonly name: string;
  /** Free text. @default none */
  readonly description?: string | undefined;
  /** Tags: of copies to other clouds, and where the cloud can change tags (openstack). @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Another cloud. @default the image's own */
  readonly cloud?: IImageCloud | undefined;
  /** Region of the copy. @default the image's own, or the other cloud's own */
  readonly region?: string | undefined;
  /** Name of the project that owns the copy in another region. @default that region's own project */
  readonly projectName?: string | undefined;
  /** Agency (delegation) that the cloud acts under across regions. @default the cloud's */
  readonly agencyName?: string | undefined;
  /** Vault in the other region that copies of whole servers need. @default none */
  readonly vaultId?: string | undefined;
  /** Key that a copy inside the region is encrypted with. @default none */
  readonly kmsKeyId?: string | undefined;
  /** How it gets to another cloud, or to where the cloud has no copying of its own. @default CopyRoute.AUTO */
  readonly via?: CopyRoute | undefined;
  /** Bucket of the other cloud that it goes through on its way. @default that cloud's */
  readonly stagingBucket?: string | undefined;
}

/** What the base image is to be. */
export interface PromoteToBaseOptions extends CopyBaseOptions {
  /** Name of the base image. */
  readonly name: string;
}
