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
export interface ImagebridgeImageShareTimeouts {
  /** How long making the object may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageShareTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageShareTimeoutsToTerraform(
  value: ImagebridgeImageShareTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeImageShareTimeouts`. */
export class ImagebridgeImageShareTimeoutsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** How long making the object may take, e.g. `30m` or `1h30m`. Default `60m`. */
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

/** Configuration of the resource `imagebridge_image_share`. */
export interface ImagebridgeImageShareConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Id of the image. A change replaces the share. */
  readonly imageId: string;
  /** Id of the project that it is shared with, in the same region. A change replaces the share. */
  readonly projectId: string;
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageShareTimeouts | IResolvable | undefined;
}

/**
 * Shares an image with one other project. The receiver accepts it with
 * `imagebridge_image_share_acceptance`. The receiver's answer is no part of this resource, because it
 * changes after it: see the data source `imagebridge_members`. Shares of one image that are made
 * together are sent together. Do not use it beside `imagebridge_image_shares` of the same image, which
 * removes every share that it does not list.
 */
export class ImagebridgeImageShare extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_share';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageShare to be
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
      terraformResourceType: 'imagebridge_image_share',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #imageId: string;
  #projectId: string;
  #region: string | undefined;
  #timeouts: ImagebridgeImageShareTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageShareConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_share', generatorMetadata));
    this.#cloud = config.cloud;
    this.#imageId = config.imageId;
    this.#projectId = config.projectId;
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

  /** `IMAGE_ID/PROJECT_ID`. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Id of the image. A change replaces the share. A reference: what was configured is `imageIdInput`. */
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

  /**
   * Id of the project that it is shared with, in the same region. A change replaces the share. A
   * reference: what was configured is `projectIdInput`.
   */
  get projectId(): string {
    return this.getStringAttribute('project_id');
  }

  set projectId(value: string) {
    this.#projectId = value;
  }

  /** `project_id` as configured. */
  get projectIdInput(): string {
    return this.#projectId;
  }

  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object. A reference: what was configured is `regionInput`.
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
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageShareTimeoutsOutputReference {
    return new ImagebridgeImageShareTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageShareTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageShareTimeouts | IResolvable | undefined {
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
      project_id: this.#projectId,
      region: this.#region,
      timeouts: imagebridgeImageShareTimeoutsToTerraform(this.#timeouts),
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      image_id: 'string',
      project_id: 'string',
      region: 'string',
      timeouts: 'any',
    });
  }
}
