// The stack of a user's project: it stands apart from main.ts, so that tests can make it with values of their own.
import { type IImageCloud, MachineImage } from '@imagebridge/cdktf';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** What the stack is told. */
export interface ImagesProps {
  /** Where the image goes. */
  readonly cloud: IImageCloud;
  /** Path of the image file. */
  readonly path: string;
  /** Version of the image. */
  readonly version: string;
  /** Projects that may use it. */
  readonly projectIds: readonly string[];
}

/** A base image, and who may use it. */
export class Images extends TerraformStack {
  readonly base: MachineImage;

  constructor(scope: Construct, id: string, props: ImagesProps) {
    super(scope, id);
    this.base = MachineImage.fromFile(this, 'base', {
      path: props.path,
      name: `debian-12-${props.version}`,
      cloud: props.cloud,
      lifecycle: { createBeforeDestroy: true },
    });
    for (const projectId of props.projectIds) this.base.shareWith(projectId);
    this.base.promoteTo('debian-12-stable');
  }
}
