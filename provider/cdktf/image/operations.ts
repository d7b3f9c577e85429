// What becomes of an image: shares, acceptances and copies. In one file, since an accepted or copied image is an image
// again, with all of these operations: apart, the classes would import each other in a circle.
import { Construct } from 'constructs';
import { ImageChannel } from '../channel/image-channel.ts';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { otherCloudName, placeFor } from '../cloud/provider-of.ts';
import {
  ImagebridgeImageCopy,
  ImagebridgeImageShare,
  ImagebridgeImageShareAcceptance,
} from '../gen/index.ts';
import { atSynthesis, checkTags, checkText, idFrom, invalid } from '../validation.ts';
import { copyProblems } from './copy-problems.ts';
import type {
  AcceptOptions,
  CopyBaseOptions,
  CopyOptions,
  IMachineImage,
  ImageReceiver,
  PromoteToBaseOptions,
  ShareOptions,
} from './image.ts';
import { type ExportOptions, exportId, ImageExport } from './image-export.ts';
import { ImageShares } from './image-shares.ts';
import { ImageStores } from './image-stores.ts';
import { sharingProblems } from './sharing-problems.ts';

/** What all images can do. */
export abstract class MachineImageBase extends Construct implements IMachineImage {
  abstract readonly imageId: string;
  abstract readonly cloud: IImageCloud | undefined;
  abstract readonly region: string | undefined;

  shareWith(projectId: string, options: ShareOptions = {}): ImageShare {
    const id = options.id ?? idFrom(this, 'Share', 'project id', projectId);
    if (this.node.tryFindChild(id) !== undefined) {
      throw invalid(this, 'shareWith', `project "${projectId}" a second time`, 'each project once');
    }
    return new ImageShare(this, id, { image: this, projectId });
  }

  shareOnlyWith(projectIds: readonly string[], options: ShareOptions = {}): ImageShares {
    return new ImageShares(this, options.id ?? 'Shares', { image: this, projectIds });
  }

  grantUse(receiver: ImageReceiver): AcceptedImage {
    return this.shareWith(receiver.projectId, { id: receiver.id }).acceptIn(receiver.cloud);
  }

  copyTo(options: CopyOptions): ImageCopy {
    const { id, ...copy } = options;
    const names = [copy.cloud?.cloudName, copy.region, copy.name].filter((part) => part !== undefined);
    return new ImageCopy(this, id ?? idFrom(this, 'Copy', 'name or region', ...names), {
      image: this,
      ...copy,
    });
  }

  promoteToBase(options: PromoteToBaseOptions): ImageCopy {
    const { id, ...copy } = options;
    const own = id ?? idFrom(this, 'Base', 'name', copy.name);
    return new ImageCopy(this, own, { image: this, ...copy, toBaseImage: true });
  }

  copyToStores(stores: readonly string[], options: ShareOptions = {}): ImageStores {
    return new ImageStores(this, options.id ?? 'Stores', { image: this, stores });
  }

  exportTo(options: ExportOptions): ImageExport {
    const { id: _, ...rest } = options;
    return new ImageExport(this, exportId(this, options), { image: this, ...rest });
  }

  promoteTo(channelName: string, options: ShareOptions = {}): ImageChannel {
    const id = options.id ?? idFrom(this, 'Channel', 'name', channelName);
    return new ImageChannel(this, id, { name: channelName, image: this });
  }
}

/** What a share is made of. */
export interface ImageShareProps {
  /** The image to share. */
  readonly image: IMachineImage;
  /** Id of the project that it is shared with, in the same region. */
  readonly projectId: string;
}

/** An image shared with one other project. */
export class ImageShare extends Construct {
  /** The shared image, on its owner's side. */
  readonly image: IMachineImage;
  /** Id of the receiving project. */
  readonly projectId: string;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageShare;

  /** @throws Error when the project id is blank, or the image's cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: ImageShareProps) {
    super(scope, id);
    checkText(this, 'projectId', props.projectId);
    const { image } = props;
    this.image = image;
    this.projectId = props.projectId;
    this.resource = new ImagebridgeImageShare(this, 'Resource', {
      ...placeFor(this, image.cloud),
      imageId: image.imageId,
      projectId: props.projectId,
      region: image.region,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => sharingProblems(this, image));
  }

  /**
   * Accepts the share for the receiving project.
   * @param cloud the receiver's account, in the project that it is shared with
   */
  acceptIn(cloud: IImageCloud, options: AcceptOptions = {}): AcceptedImage {
    const id = options.id ?? idFrom(this, 'Accept', 'cloud name', cloud.cloudName);
    return new AcceptedImage(this, id, { share: this, cloud });
  }
}

/** What an acceptance is made of. */
export interface AcceptedImageProps {
  /** The owner's side. */
  readonly share: ImageShare;
  /** The receiver's account. */
  readonly cloud: IImageCloud;
}

/** A shared image as the receiving project has it. Destroying it rejects the share. */
export class AcceptedImage extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageShareAcceptance;
  readonly #share: ImagebridgeImageShare;

  /** @throws Error when the cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: AcceptedImageProps) {
    super(scope, id);
    const { resource: share } = props.share;
    this.cloud = props.cloud;
    this.#share = share;
    this.resource = new ImagebridgeImageShareAcceptance(this, 'Resource', {
      ...placeFor(this, props.cloud),
      // By way of the share, so that Terraform makes the share first.
      imageId: share.imageId,
      region: this.region,
    });
    this.node.defaultChild = this.resource;
  }

  get imageId(): string {
    return this.resource.imageId;
  }

  /** The region of the share, which the receiver's own need not be. A token. */
  get region(): string {
    return this.#share.region;
  }

  /** @throws Error always: only the owner can share an image */
  override shareWith(projectId: string, _options?: ShareOptions): ImageShare {
    throw invalid(this, `share with ${projectId}`, 'an image that belongs to another project', OWNERS_ONLY);
  }

  /** @throws Error always: only the owner can share an image */
  override shareOnlyWith(_projectIds: readonly string[], _options?: ShareOptions): ImageShares {
    throw invalid(this, 'shares', 'an image that belongs to another project', OWNERS_ONLY);
  }
}

const OWNERS_ONLY = 'an image of this project: share it from its owner, or share a copy';

/** What a copy is made of. */
export interface ImageCopyProps extends Omit<CopyOptions, 'id'>, CopyBaseOptions {
  /** The image to copy. */
  readonly image: IMachineImage;
  /** True: a base image, which all tenants can use (ucloudstack, for administrators). @default false */
  readonly toBaseImage?: boolean | undefined;
}

/** A copy of an image: an image of its own. */
export class ImageCopy extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageCopy;

  /** @throws Error when a value is blank, a tag is wrong, the copy is where and what the image is, or a cloud is declared elsewhere */
  constructor(scope: Construct, id: string, props: ImageCopyProps) {
    super(scope, id);
    const { image, cloud: other } = props;
    for (const what of [
      'name',
      'region',
      'projectName',
      'agencyName',
      'vaultId',
      'kmsKeyId',
      'stagingBucket',
    ] as const) {
      checkText(this, what, props[what]);
    }
    checkTags(this, props.tags);
    const crossing = other !== undefined && other.cloudName !== image.cloud?.cloudName;
    const ownRegion = image.region ?? image.cloud?.region;
    if (!crossing && props.region !== undefined && props.region === ownRegion) {
      throw invalid(
        this,
        'region',
        `"${props.region}", where the image is`,
        'another region, or no region for a copy beside the image',
      );
    }
    this.cloud = crossing ? other : image.cloud;
    this.region = props.region ?? (crossing ? other.region : image.region);
    this.resource = new ImagebridgeImageCopy(this, 'Resource', {
      ...placeFor(this, image.cloud),
      sourceImageId: image.imageId,
      name: props.name,
      description: props.description,
      tags: props.tags,
      targetCloud: crossing ? otherCloudName(this, image.cloud, other) : undefined,
      targetRegion: props.region,
      targetProject: props.projectName,
      toBaseImage: props.toBaseImage,
      agencyName: props.agencyName,
      vaultId: props.vaultId,
      kmsKeyId: props.kmsKeyId,
      via: props.via?.value,
      stagingBucket: props.stagingBucket,
      onDestroy: props.onDestroy?.value,
      region: image.region,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => copyProblems(this, image.cloud, crossing ? other : undefined));
  }

  get imageId(): string {
    return this.resource.id;
  }
}
