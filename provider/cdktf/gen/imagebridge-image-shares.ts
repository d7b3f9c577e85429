// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  Fn,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
  Token,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageSharesTimeouts {
  /** How long making the object may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageSharesTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageSharesTimeoutsToTerraform(
  value: ImagebridgeImageSharesTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeImageSharesTimeouts`. */
export class ImagebridgeImageSharesTimeoutsOutputReference extends ComplexObject {
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

/** Configuration of the resource `imagebridge_image_shares`. */
export interface ImagebridgeImageSharesConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Id of the image. A change replaces the shares. */
  readonly imageId: string;
  /**
   * Ids of the projects, in the same region; may be empty. Projects are added and removed in place, in
   * as few calls as the service allows.
   */
  readonly projectIds: readonly string[];
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageSharesTimeouts | IResolvable | undefined;
}

/**
 * All projects that an image is shared with. A share that somebody else has made shows as a change,
 * and the next apply ends it. Destroying it ends all of them. The receiver's answer is no part of this
 * resource, because it changes after it: see the data source `imagebridge_members`. Do not use it
 * beside `imagebridge_image_share`, or a second one of these, for the same image: they would take each
 * other's shares away.
 */
export class ImagebridgeImageShares extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_shares';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageShares to be
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
      terraformResourceType: 'imagebridge_image_shares',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #imageId: string;
  #projectIds: readonly string[];
  #region: string | undefined;
  #timeouts: ImagebridgeImageSharesTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageSharesConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_shares', generatorMetadata));
    this.#cloud = config.cloud;
    this.#imageId = config.imageId;
    this.#projectIds = config.projectIds;
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

  /** The id of the image. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Id of the image. A change replaces the shares. A reference: what was configured is `imageIdInput`. */
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
   * Ids of the projects, in the same region; may be empty. Projects are added and removed in place, in
   * as few calls as the service allows. A reference: what was configured is `projectIdsInput`.
   */
  get projectIds(): string[] {
    return Token.asList(Fn.tolist(this.interpolationForAttribute('project_ids')));
  }

  set projectIds(value: readonly string[]) {
    this.#projectIds = value;
  }

  /** `project_ids` as configured. */
  get projectIdsInput(): readonly string[] {
    return this.#projectIds;
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
  get timeouts(): ImagebridgeImageSharesTimeoutsOutputReference {
    return new ImagebridgeImageSharesTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageSharesTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageSharesTimeouts | IResolvable | undefined {
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
      project_ids: this.#projectIds,
      region: this.#region,
      timeouts: imagebridgeImageSharesTimeoutsToTerraform(this.#timeouts),
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      image_id: 'string',
      project_ids: 'stringList',
      region: 'string',
      timeouts: 'any',
    });
  }
}
