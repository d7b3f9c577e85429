// What becomes of an image: shares, acceptances and copies. In one file, since an accepted or copied image is an image
// again, with all of these operations: apart, the classes would import each other in a circle.
import { Construct } from 'constructs';
import { ImagebridgeImageCopy, ImagebridgeImageShare, ImagebridgeImageShareAcceptance } from './gen/index.ts';
import { cloudNameFor, type IImageCloud, providerOf } from './image-cloud.ts';
import type { AcceptOptions, CopyOptions, IMachineImage, ShareOptions } from './machine-image-types.ts';
import { checkText, idFrom, invalid } from './validation.ts';

/** What all images can do. */
export abstract class MachineImageBase extends Construct implements IMachineImage {
  abstract readonly imageId: string;
  abstract readonly cloud: IImageCloud | undefined;
  abstract readonly region: string | undefined;

  shareWith(projectId: string, options: ShareOptions = {}): ImageShare {
    const id = options.id ?? idFrom(this, 'Share', 'project id', projectId);
    return new ImageShare(this, id, { image: this, projectId });
  }

  copyTo(options: CopyOptions): ImageCopy {
    const { id, ...copy } = options;
    const names = copy.region === undefined ? [copy.name] : [copy.region, copy.name];
    return new ImageCopy(this, id ?? idFrom(this, 'Copy', 'name or region', ...names), {
      image: this,
      ...copy,
    });
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
    providerOf(this);
    this.image = props.image;
    this.projectId = props.projectId;
    this.resource = new ImagebridgeImageShare(this, 'Resource', {
      imageId: props.image.imageId,
      projectId: props.projectId,
      cloud: cloudNameFor(this, props.image.cloud),
      region: props.image.region,
    });
    this.node.defaultChild = this.resource;
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
    providerOf(this);
    const { resource: share } = props.share;
    this.cloud = props.cloud;
    this.#share = share;
    this.resource = new ImagebridgeImageShareAcceptance(this, 'Resource', {
      // By way of the share, so that Terraform makes the share first.
      imageId: share.imageId,
      cloud: cloudNameFor(this, props.cloud),
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
    throw invalid(
      this,
      `share with ${projectId}`,
      'an image that belongs to another project',
      'an image of this project: share it from its owner, or share a copy',
    );
  }
}

/** What a copy is made of. */
export interface ImageCopyProps extends Omit<CopyOptions, 'id'> {
  /** The image to copy. */
  readonly image: IMachineImage;
}

/** A copy of an image: an image of its own. */
export class ImageCopy extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageCopy;

  /** @throws Error when a value is blank, or the image's cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: ImageCopyProps) {
    super(scope, id);
    for (const what of ['name', 'region', 'projectName', 'agencyName'] as const) {
      checkText(this, what, props[what]);
    }
    providerOf(this);
    this.cloud = props.image.cloud;
    this.region = props.region ?? props.image.region;
    this.resource = new ImagebridgeImageCopy(this, 'Resource', {
      sourceImageId: props.image.imageId,
      name: props.name,
      description: props.description,
      targetRegion: props.region,
      targetProject: props.projectName,
      agencyName: props.agencyName,
      cloud: cloudNameFor(this, this.cloud),
      region: props.image.region,
    });
    this.node.defaultChild = this.resource;
  }

  get imageId(): string {
    return this.resource.id;
  }
}
