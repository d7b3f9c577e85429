// A channel: a name that points at one image. Known to all who may read the project, by whatever tool.
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { effectiveCloud, missingCloud, placeFor } from '../cloud/provider-of.ts';
import { ImagebridgeChannel } from '../gen/index.ts';
import type { IMachineImage } from '../image/image.ts';
import { atSynthesis, invalid } from '../validation.ts';

/** What a channel is made of. */
export interface ImageChannelProps {
  /** Name of the channel, e.g. `debian-12-stable`. One for a project and region. */
  readonly name: string;
  /** The image that it points at. Another one promotes that, in place. */
  readonly image: IMachineImage;
}

/** A name that points at one image: `MachineImage.lookup({ channel: 'debian-12-stable' })` finds it. */
export class ImageChannel extends Construct {
  /** Name of the channel. */
  readonly channelName: string;
  /** The image that it points at. */
  readonly image: IMachineImage;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeChannel;

  /** @throws Error when the name is none for a channel, or the image's cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: ImageChannelProps) {
    super(scope, id);
    checkChannelName(this, 'name', props.name);
    const { image } = props;
    this.channelName = props.name;
    this.image = image;
    this.resource = new ImagebridgeChannel(this, 'Resource', {
      ...placeFor(this, image.cloud),
      name: props.name,
      imageId: image.imageId,
      region: image.region,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => {
      const rules = effectiveCloud(this, image.cloud)?.rules;
      const ability = rules?.abilities.marks ?? true;
      if (ability === true) return missingCloud(this, image.cloud);
      return [`name: got a channel on ${rules?.family}, which cannot keep one; expected ${ability}.`];
    });
  }

  /** Id of the image that was current before. A token. */
  get previousImageId(): string {
    return this.resource.previousImageId;
  }
}

/** @throws Error when the name is none for a channel */
export function checkChannelName(scope: Construct, what: string, name: string): void {
  if (Token.isUnresolved(name) || /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return;
  throw invalid(
    scope,
    what,
    JSON.stringify(name),
    '1 to 64 letters, digits, hyphens and underscores, a letter or digit first',
  );
}
