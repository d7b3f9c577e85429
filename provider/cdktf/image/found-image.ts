// Images that exist already: by their id, or looked up while Terraform plans.
import type { Construct } from 'constructs';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { missingCloud, placeFor } from '../cloud/provider-of.ts';
import { DataImagebridgeImage } from '../gen/index.ts';
import { atSynthesis, checkHashes, checkText, invalid } from '../validation.ts';
import type { ImageAttributes, ImageQuery } from './image-props.ts';
import { MachineImageBase } from './operations.ts';

/** An image of which only the id is known. */
export class ExistingImage extends MachineImageBase {
  readonly imageId: string;
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;

  /** @throws Error when a value is blank, or the cloud is declared in another stack */
  constructor(scope: Construct, id: string, attributes: ImageAttributes) {
    super(scope, id);
    checkText(this, 'imageId', attributes.imageId);
    checkText(this, 'region', attributes.region);
    placeFor(this, attributes.cloud);
    this.imageId = attributes.imageId;
    this.cloud = attributes.cloud;
    this.region = attributes.region;
  }
}

/** An image that Terraform looks for whenever it plans. */
export class FoundImage extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;
  /** The generated construct beneath, with all that is known of the image. */
  readonly resource: DataImagebridgeImage;

  /** @throws Error when no condition is given, a value is blank, or the cloud is declared in another stack */
  constructor(scope: Construct, id: string, query: ImageQuery) {
    super(scope, id);
    const { cloud, region, tags, properties, ...conditions } = query;
    for (const what of ['name', 'namePrefix', 'nameRegex', 'channel'] as const) {
      checkText(this, what, query[what]);
    }
    checkText(this, 'region', region);
    checkHashes(this, { sha256: query.sha256 });
    const { mostRecent, ...narrowing } = conditions;
    if (![...Object.values(narrowing), tags, properties].some((value) => value !== undefined)) {
      throw invalid(this, 'query', 'nothing to look for', 'a name, tags, a channel or another condition');
    }
    if (query.channel !== undefined && mostRecent) {
      throw invalid(this, 'mostRecent', 'it with a channel', 'one of them: a channel has one image');
    }
    this.cloud = cloud;
    this.region = region;
    this.resource = new DataImagebridgeImage(this, 'Resource', {
      ...placeFor(this, cloud),
      ...conditions,
      region,
      withTags: tags,
      withProperties: properties,
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => missingCloud(this, cloud));
  }

  get imageId(): string {
    return this.resource.id;
  }

  /** Name of the image. A token. */
  get imageName(): string {
    return this.resource.name;
  }
}
