// All projects that an image is shared with, as one set.
import { Construct } from 'constructs';
import { placeFor } from '../cloud/provider-of.ts';
import { ImagebridgeImageShares } from '../gen/index.ts';
import { atSynthesis, checkEach } from '../validation.ts';
import type { IMachineImage } from './image.ts';
import { sharingProblems } from './sharing-problems.ts';

/** What a set of shares is made of. */
export interface ImageSharesProps {
  /** The image to share. */
  readonly image: IMachineImage;
  /** Ids of the projects, in the image's region; may be empty, or a token. */
  readonly projectIds: readonly string[];
}

/** All projects that an image is shared with: other shares of it are ended. */
export class ImageShares extends Construct {
  /** The shared image, on its owner's side. */
  readonly image: IMachineImage;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageShares;

  /** @throws Error when a project id is blank or there twice, or the image's cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: ImageSharesProps) {
    super(scope, id);
    const { image, projectIds } = props;
    checkEach(this, 'projectIds', 'project', projectIds);
    this.image = image;
    this.resource = new ImagebridgeImageShares(this, 'Resource', {
      ...placeFor(this, image.cloud),
      imageId: image.imageId,
      projectIds,
      region: image.region,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => sharingProblems(this, image));
  }
}
