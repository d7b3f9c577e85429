// Further stores of the same service that the data of an image lie in.
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { effectiveCloud, missingCloud, placeFor } from '../cloud/provider-of.ts';
import { ImagebridgeImageCopy } from '../gen/index.ts';
import { atSynthesis, checkEach, invalid } from '../validation.ts';
import type { IMachineImage } from './image.ts';

/** What further stores are made of. */
export interface ImageStoresProps {
  /** The image. */
  readonly image: IMachineImage;
  /** Names of the stores, as the service has them; at least one, or a token. */
  readonly stores: readonly string[];
}

/**
 * Further stores that an image lies in: the same image, so that servers near a store start faster (openstack). The service
 * cannot take data out of a store again: destroying this only forgets it.
 */
export class ImageStores extends Construct {
  /** The image; it stays one image. */
  readonly image: IMachineImage;
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageCopy;

  /** @throws Error when there is no store, one is blank or there twice, or the image's cloud is declared in another stack */
  constructor(scope: Construct, id: string, props: ImageStoresProps) {
    super(scope, id);
    const { image, stores } = props;
    if (!Token.isUnresolved(stores) && stores.length === 0) {
      throw invalid(this, 'stores', 'none', 'one or several');
    }
    checkEach(this, 'stores', 'store', stores);
    this.image = image;
    this.resource = new ImagebridgeImageCopy(this, 'Resource', {
      ...placeFor(this, image.cloud),
      sourceImageId: image.imageId,
      toStores: stores,
      onDestroy: 'retain',
      region: image.region,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => [...missingCloud(this, image.cloud), ...this.#unable()]);
  }

  #unable(): string[] {
    const rules = effectiveCloud(this, this.image.cloud)?.rules;
    const ability = rules?.abilities.copyToStore ?? true;
    if (ability === true) return [];
    return [`copyToStores: got it on ${rules?.family}, which has no stores to choose; expected ${ability}.`];
  }
}
