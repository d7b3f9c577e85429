// Machine images by where they come from.
import type { Construct } from 'constructs';
import { ImagebridgeImage } from './gen/index.ts';
import { cloudNameFor, type IImageCloud, providerOf } from './image-cloud.ts';
import { MachineImageBase } from './image-operations.ts';
import type { IMachineImage } from './machine-image-types.ts';
import type { Size } from './size.ts';
import { sourcePath } from './source-path.ts';
import { checkTags, checkText } from './validation.ts';

/** An image to be made of a local file. */
export interface FileImageProps {
  /**
   * Path of the file, relative to the folder the program runs in. The file need not exist while synthesising, nor
   * while planning where its content is known from the state or from `sha256`.
   */
  readonly path: string;
  /** Name of the image. */
  readonly name: string;
  /** Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. @default what inspection or the cloud finds */
  readonly osVersion?: string | undefined;
  /** SHA-256 of the content, 64 hexadecimal digits in lower case; verified before the import. @default computed */
  readonly sha256?: string | undefined;
  /** Free text. @default none */
  readonly description?: string | undefined;
  /** The smallest disk a server made from it may have, in whole GiB. @default what the disk inside the file needs */
  readonly minDisk?: Size | undefined;
  /** The least memory a server made from it may have, in whole MiB. @default none */
  readonly minRam?: Size | undefined;
  /** Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … @default what inspection finds */
  readonly diskFormat?: string | undefined;
  /** Tags. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Bucket that the file is uploaded to before the import. @default the cloud's */
  readonly stagingBucket?: string | undefined;
  /** The cloud it is to be in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region it is to be in. @default the cloud's own */
  readonly region?: string | undefined;
}

/** An image that exists already and is managed elsewhere. */
export interface ImageAttributes {
  /** The service's id of the image. */
  readonly imageId: string;
  /** The cloud it is in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region it is in. @default the cloud's own */
  readonly region?: string | undefined;
}

/** A machine image that this program makes. */
export class MachineImage extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;
  /** The generated construct beneath, for what is not offered here: `image.resource.putTimeouts({ create: '2h' })`. */
  readonly resource: ImagebridgeImage;

  private constructor(scope: Construct, id: string, props: FileImageProps) {
    super(scope, id);
    for (const what of [
      'path',
      'name',
      'osVersion',
      'sha256',
      'diskFormat',
      'stagingBucket',
      'region',
    ] as const) {
      checkText(this, what, props[what]);
    }
    checkTags(this, props.tags);
    providerOf(this);
    this.cloud = props.cloud;
    this.region = props.region;
    this.resource = new ImagebridgeImage(this, 'Resource', {
      name: props.name,
      source: { file: sourcePath(this, props.path), sha256: props.sha256 },
      osVersion: props.osVersion,
      description: props.description,
      minDiskGib: inUnit(this, 'minDisk', () => props.minDisk?.toGibibytes()),
      minRamMib: inUnit(this, 'minRam', () => props.minRam?.toMebibytes()),
      diskFormat: props.diskFormat,
      tags: props.tags,
      stagingBucket: props.stagingBucket,
      cloud: cloudNameFor(this, props.cloud),
      region: props.region,
    });
    this.node.defaultChild = this.resource;
  }

  get imageId(): string {
    return this.resource.id;
  }

  /**
   * An image made of a local file: uploaded in parts, imported, and identified by its content.
   * @throws Error when a value is blank, a size is not whole, or the cloud is declared in another stack
   */
  static fromFile(scope: Construct, id: string, props: FileImageProps): MachineImage {
    return new MachineImage(scope, id, props);
  }

  /**
   * An image that exists already, by its id. Nothing is asked of the cloud, and nothing is changed of the image.
   * @throws Error when the id is blank
   */
  static fromImageId(scope: Construct, id: string, attributes: ImageAttributes): IMachineImage {
    return new ExistingImage(scope, id, attributes);
  }

  /** SHA-256 of the file in hex. A token. */
  get sha256(): string {
    return this.resource.source.sha256;
  }
}

class ExistingImage extends MachineImageBase {
  readonly imageId: string;
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;

  constructor(scope: Construct, id: string, attributes: ImageAttributes) {
    super(scope, id);
    checkText(this, 'imageId', attributes.imageId);
    checkText(this, 'region', attributes.region);
    cloudNameFor(this, attributes.cloud);
    this.imageId = attributes.imageId;
    this.cloud = attributes.cloud;
    this.region = attributes.region;
  }
}

/** Says which property a size that does not fit was given for. */
function inUnit(scope: Construct, what: string, convert: () => number | undefined): number | undefined {
  try {
    return convert();
  } catch (cause) {
    throw new Error(`${scope.node.path}: ${what}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
