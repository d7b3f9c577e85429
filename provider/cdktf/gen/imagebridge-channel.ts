// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeChannelTimeouts {
  /** How long the promotion may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeChannelTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeChannelTimeoutsToTerraform(
  value: ImagebridgeChannelTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeChannelTimeouts`. */
export class ImagebridgeChannelTimeoutsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** How long the promotion may take, e.g. `30m` or `1h30m`. Default `60m`. */
  get create(): string {
    return this.getStringAttribute('create');
  }

  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get delete(): string {
    return this.getStringAttribute('delete');
  }

  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  get read(): string {
    return this.getStringAttribute('read');
  }

  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get update(): string {
    return this.getStringAttribute('update');
  }
}

/** Configuration of the resource `imagebridge_channel`. */
export interface ImagebridgeChannelConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /**
   * Id of the channel's current image: one of the project's own that is active and not retired. Changed
   * in place.
   */
  readonly imageId: string;
  /** Name of the channel. A change replaces the channel. */
  readonly name: string;
  /**
   * Region of the channel and its images. Default: the cloud's own region when the object is made. A
   * change replaces the object.
   */
  readonly region?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeChannelTimeouts | IResolvable | undefined;
}

/**
 * A name, such as `debian-12-stable`, that points at one image of a project in a region. Another
 * `image_id` promotes that image, in place; the one before stays known as `previous`, to roll back to.
 * Use `for_each` over targets for the same channel in several clouds and regions. It is kept as marks
 * on the images (tags, or properties where the cloud cannot change tags); `imagebridge promote` and
 * `data.imagebridge_image` with `channel` see the same channel. Destroying it removes the marks, never
 * an image.
 */
export class ImagebridgeChannel extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_channel';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeChannel to be
   * @param importFromId the id the provider imports by
   * @param provider the provider instance, where it has an alias
   */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: 'imagebridge_channel',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #imageId: string;
  #name: string;
  #region: string | undefined;
  #timeouts: ImagebridgeChannelTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeChannelConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_channel', generatorMetadata));
    this.#cloud = config.cloud;
    this.#imageId = config.imageId;
    this.#name = config.name;
    this.#region = config.region;
    this.#timeouts = config.timeouts;
  }

  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud. A reference:
   * what was configured is `cloudInput`.
   */
  get cloud(): string {
    return this.getStringAttribute('cloud');
  }

  set cloud(value: string) {
    this.#cloud = value;
  }

  /** `cloud` as configured. */
  get cloudInput(): string | undefined {
    return this.#cloud;
  }

  /** Leaves `cloud` out of the configuration. */
  resetCloud(): void {
    this.#cloud = undefined;
  }

  /** The name. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /**
   * Id of the channel's current image: one of the project's own that is active and not retired. Changed
   * in place. A reference: what was configured is `imageIdInput`.
   */
  get imageId(): string {
    return this.getStringAttribute('image_id');
  }

  set imageId(value: string) {
    this.#imageId = value;
  }

  /** `image_id` as configured. */
  get imageIdInput(): string {
    return this.#imageId;
  }

  /** Name of the channel. A change replaces the channel. A reference: what was configured is `nameInput`. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  set name(value: string) {
    this.#name = value;
  }

  /** `name` as configured. */
  get nameInput(): string {
    return this.#name;
  }

  /**
   * Id of the image that was current before, as the promotion found it. It may be gone by now:
   * `data.imagebridge_image` with `channel = "NAME/previous"` finds what is there.
   */
  get previousImageId(): string {
    return this.getStringAttribute('previous_image_id');
  }

  /** When the image was promoted, as an RFC 3339 time in UTC, where the cloud can note it. */
  get promotedAt(): string {
    return this.getStringAttribute('promoted_at');
  }

  /**
   * Region of the channel and its images. Default: the cloud's own region when the object is made. A
   * change replaces the object. A reference: what was configured is `regionInput`.
   */
  get region(): string {
    return this.getStringAttribute('region');
  }

  set region(value: string) {
    this.#region = value;
  }

  /** `region` as configured. */
  get regionInput(): string | undefined {
    return this.#region;
  }

  /** Leaves `region` out of the configuration. */
  resetRegion(): void {
    this.#region = undefined;
  }

  /**
   * `settled`; `unsettled` where an interrupted promotion left marks of two current images: the next
   * apply repairs it.
   */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeChannelTimeoutsOutputReference {
    return new ImagebridgeChannelTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeChannelTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeChannelTimeouts | IResolvable | undefined {
    return this.#timeouts;
  }

  /** Leaves `timeouts` out of the configuration. */
  resetTimeouts(): void {
    this.#timeouts = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      image_id: this.#imageId,
      name: this.#name,
      region: this.#region,
      timeouts: imagebridgeChannelTimeoutsToTerraform(this.#timeouts),
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      image_id: 'string',
      name: 'string',
      region: 'string',
      timeouts: 'any',
    });
  }
}
