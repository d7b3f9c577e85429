// What a release is made of.
import type { Construct } from 'constructs';
import type { IMachineImage } from '../image/image.ts';
import type { Checksums, FileImageProps, MachineImageProps } from '../image/image-props.ts';
import { MachineImage } from '../image/machine-image.ts';

/** How a file of a release is sent. */
export interface FileSourceOptions
  extends Checksums,
    Pick<FileImageProps, 'unpack' | 'convert' | 'route' | 'stagingBucket'> {}

/** What the images of a release are made of: the same for all targets, unless a target names its own. */
export class ReleaseSource {
  readonly #make: (scope: Construct, id: string, props: MachineImageProps) => MachineImage;

  private constructor(make: (scope: Construct, id: string, props: MachineImageProps) => MachineImage) {
    this.#make = make;
  }

  /** A local file. @param path relative to the folder the program runs in */
  static file(path: string, options: FileSourceOptions = {}): ReleaseSource {
    return new ReleaseSource((scope, id, props) =>
      MachineImage.fromFile(scope, id, { ...props, ...options, path }),
    );
  }

  /** A URL that each cloud fetches by itself. */
  static url(url: string, options: Checksums = {}): ReleaseSource {
    return new ReleaseSource((scope, id, props) =>
      MachineImage.fromUrl(scope, id, { ...props, ...options, url }),
    );
  }

  /** An image that exists: of another cloud, such as that of a release for development. */
  static image(image: IMachineImage): ReleaseSource {
    return new ReleaseSource((scope, id, props) => MachineImage.fromImage(scope, id, { ...props, image }));
  }

  /** Makes the image of a target. */
  make(scope: Construct, id: string, props: MachineImageProps): MachineImage {
    return this.#make(scope, id, props);
  }
}
