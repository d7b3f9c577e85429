// An image written to a place of the user's, as a file.
import { Construct } from 'constructs';
import { effectiveCloud, missingCloud, placeFor } from '../cloud/provider-of.ts';
import { ImagebridgeImageExport, type ImagebridgeImageExportS3 } from '../gen/index.ts';
import { atSynthesis, checkText, idFrom, invalid } from '../validation.ts';
import type { ImageFormat, OnDestroy } from '../words/words.ts';
import type { IMachineImage } from './image.ts';
import { sourcePath } from './source-path.ts';

/** An object in a store that speaks S3. Its keys come from the environment: `AWS_ACCESS_KEY_ID` and so on. */
export interface S3Destination extends ImagebridgeImageExportS3 {}

/** Where an export goes. */
export class ExportDestination {
  /** What kind of place it is. */
  readonly kind: 'object' | 's3' | 'file';
  /** The parts of its name; the last one names it among the exports of an image. */
  readonly parts: readonly string[];
  /** Further settings of an S3 store. */
  readonly s3: S3Destination | undefined;

  private constructor(kind: 'object' | 's3' | 'file', parts: readonly string[], s3?: S3Destination) {
    this.kind = kind;
    this.parts = parts;
    this.s3 = s3;
  }

  /** An object in the store of the image's own cloud, which writes it by itself (huaweicloud). */
  static object(bucket: string, key: string): ExportDestination {
    return new ExportDestination('object', [bucket, key]);
  }

  /** An object in any store that speaks S3, by way of the machine that Terraform runs on. */
  static s3(destination: S3Destination): ExportDestination {
    return new ExportDestination('s3', [destination.bucket, destination.key], destination);
  }

  /** A file on the machine that Terraform runs on. @param path relative to the folder the program runs in */
  static file(path: string): ExportDestination {
    return new ExportDestination('file', [path]);
  }
}

/** How an image is to be exported. */
export interface ExportOptions {
  /** Where it goes. */
  readonly to: ExportDestination;
  /** Construct id. @default `Export-<the destination's name>` */
  readonly id?: string | undefined;
  /** Format that the cloud converts to; for an object of its own store. @default qcow2, none with `quick` */
  readonly format?: ImageFormat | undefined;
  /** True: the fast way without conversion; for an object of its own store. @default false */
  readonly quick?: boolean | undefined;
  /** What becomes of the file when Terraform no longer has it. @default OnDestroy.DELETE */
  readonly onDestroy?: OnDestroy | undefined;
}

/** What an export is made of. */
export interface ImageExportProps extends Omit<ExportOptions, 'id'> {
  /** The image to export. */
  readonly image: IMachineImage;
}

/** An image written to a place of the user's. */
export class ImageExport extends Construct {
  /** The image. */
  readonly image: IMachineImage;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageExport;

  /** @throws Error when a value is blank, or an option does not go with the destination */
  constructor(scope: Construct, id: string, props: ImageExportProps) {
    super(scope, id);
    const { to, image } = props;
    const [first = '', second = ''] = to.parts;
    for (const part of to.parts) checkText(this, to.kind === 'file' ? 'path' : 'bucket or key', part);
    if (to.kind !== 'object' && (props.format !== undefined || props.quick !== undefined)) {
      throw invalid(
        this,
        props.format === undefined ? 'quick' : 'format',
        `one for an export to ${to.kind === 'file' ? 'a file' : 'an S3 store'}`,
        "none: only a cloud's own export to its own store converts",
      );
    }
    this.image = image;
    this.resource = new ImagebridgeImageExport(this, 'Resource', {
      ...placeFor(this, image.cloud),
      imageId: image.imageId,
      region: image.region,
      object: to.kind === 'object' ? { bucket: first, key: second } : undefined,
      s3: to.s3,
      file: to.kind === 'file' ? sourcePath(this, first) : undefined,
      diskFormat: props.format?.value,
      quick: props.quick,
      onDestroy: props.onDestroy?.value,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => {
      const rules = effectiveCloud(this, image.cloud)?.rules;
      const ability = to.kind === 'object' ? rules?.abilities.exportImage : true;
      if (ability === undefined || ability === true) return missingCloud(this, image.cloud);
      return [
        `to: got an object of the cloud's own store on ${rules?.family}; expected a file or an S3 store: ${ability}.`,
      ];
    });
  }

  /** Size of the file in bytes. A token. */
  get sizeBytes(): number {
    return this.resource.sizeBytes;
  }
}

/** The construct id of an export, made of where it goes. */
export function exportId(scope: Construct, { id, to }: ExportOptions): string {
  return id ?? idFrom(scope, 'Export', 'destination', to.parts.at(-1) ?? '');
}
