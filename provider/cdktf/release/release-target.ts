// One place that a release goes to: its image, what is made of it, and what becomes of earlier ones.
import { TerraformOutput, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ImageChannel } from '../channel/image-channel.ts';
import { ImageRetention } from '../channel/image-retention.ts';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { effectiveCloud } from '../cloud/provider-of.ts';
import type { IMachineImage } from '../image/image.ts';
import type { MachineImage } from '../image/machine-image.ts';
import type { ImageCopy } from '../image/operations.ts';
import { invalid } from '../validation.ts';
import { OnDestroy } from '../words/words.ts';
import type {
  ReleaseCopyProps,
  ReleaseImageProps,
  ReleaseRetention,
  ReleaseTargetProps,
} from './base-image-release.ts';
import type { ReleaseSource } from './release-source.ts';

/** A target with what its release says of it. */
export interface ReleaseTargetSettings extends ReleaseTargetProps, ReleaseImageProps {
  readonly imageName: string;
  readonly source: ReleaseSource;
  /** Name of what is released. */
  readonly releaseName: string;
  /** Full name of the channel. */
  readonly channelName: string | undefined;
  readonly retention: ReleaseRetention | undefined;
}

/** One place that a release goes to. Made by `BaseImageRelease.addTarget`. */
export class ReleaseTarget extends Construct {
  /** The image there. */
  readonly image: MachineImage;
  /** The copies of it, by their names. */
  readonly copies: ReadonlyMap<string, ImageCopy>;
  /** The channel that points at it, where there is one. */
  readonly channel: ImageChannel | undefined;
  /** What tells scripts of it: `{ image_id, name, region, copies }`. */
  readonly output: TerraformOutput;

  constructor(scope: Construct, id: string, props: ReleaseTargetSettings) {
    super(scope, id);
    const { imageName, source, shareWith, grantUse, copies, releaseName, channelName, retention, ...image } =
      props;
    this.image = source.make(this, 'Image', {
      ...image,
      name: imageName,
      // The channel moves to the new image before the earlier one goes, or is left to the rules.
      lifecycle: { createBeforeDestroy: true },
      onDestroy: retention && OnDestroy.RETAIN,
    });
    share(this.image, shareWith);
    for (const receiver of grantUse ?? []) this.image.grantUse(receiver);
    const made = Object.entries(copies ?? {}).map(([name, copy]): [string, ImageCopy] => [
      name,
      this.#copy(name, copy, props),
    ]);
    this.copies = new Map(made);
    this.channel = this.#keep(this, this.image, props);
    this.output = new TerraformOutput(this, 'Output', {
      description: `Image of ${releaseName} at ${id}`,
      value: {
        image_id: this.image.imageId,
        name: this.image.imageName,
        region: this.image.resource.region,
        copies: Object.fromEntries(made.map(([name, copy]) => [name, copy.imageId])),
      },
    });
    this.output.overrideLogicalId(outputName(this));
  }

  #copy(name: string, { shareWith, ...where }: ReleaseCopyProps, props: ReleaseTargetSettings): ImageCopy {
    const copy = this.image.copyTo({
      ...where,
      id: `Copy-${name}`,
      name: props.imageName,
      onDestroy: props.retention && OnDestroy.RETAIN,
    });
    copy.resource.lifecycle = { createBeforeDestroy: true };
    share(copy, shareWith);
    this.#keep(copy, copy, props);
    return copy;
  }

  /** The channel and the rules of a place. */
  #keep(
    scope: Construct,
    image: IMachineImage,
    { channelName, retention, releaseName, imageName }: ReleaseTargetSettings,
  ): ImageChannel | undefined {
    const name = keepsChannels(this, image.cloud) ? channelName : undefined;
    const channel = name === undefined ? undefined : new ImageChannel(scope, 'Channel', { name, image });
    if (retention && name === undefined) checkName(this, imageName, `${releaseName}-`);
    if (retention)
      new ImageRetention(scope, 'Retention', {
        ...retention,
        ...(name === undefined ? { namePrefix: `${releaseName}-` } : { channel: name }),
        cloud: image.cloud,
        region: image.region,
        ...(channel && { dependsOn: [channel.resource] }),
      });
    return channel;
  }
}

function checkName(scope: Construct, imageName: string, prefix: string): void {
  if (Token.isUnresolved(imageName) || imageName.startsWith(prefix)) return;
  throw invalid(
    scope,
    'imageName',
    JSON.stringify(imageName),
    `one that begins with "${prefix}", by which earlier images are found`,
  );
}

function share(image: IMachineImage, projectIds: readonly string[] | undefined): void {
  for (const projectId of projectIds ?? []) image.shareWith(projectId);
}

function keepsChannels(scope: Construct, cloud: IImageCloud | undefined): boolean {
  return (effectiveCloud(scope, cloud)?.rules?.abilities.marks ?? true) === true;
}

/** The path below the stack, in letters that names of outputs may have: paths are unique, and stay. */
function outputName(target: Construct): string {
  const stack = TerraformStack.of(target);
  const scopes = target.node.scopes.slice(target.node.scopes.indexOf(stack) + 1);
  return scopes.map(({ node }) => node.id.replace(/[^A-Za-z0-9_-]/g, '_')).join('_');
}
