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
export interface ImagebridgeImageShareAcceptanceTimeouts {
  /** How long making the object may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageShareAcceptanceTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageShareAcceptanceTimeoutsToTerraform(
  value: ImagebridgeImageShareAcceptanceTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeImageShareAcceptanceTimeouts`. */
export class ImagebridgeImageShareAcceptanceTimeoutsOutputReference extends ComplexObject {
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

/** Configuration of the resource `imagebridge_image_share_acceptance`. */
export interface ImagebridgeImageShareAcceptanceConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /**
   * Id of the shared image. Take it from the share (`imagebridge_image_share.NAME.image_id`), so that it
   * is there first. A change replaces the acceptance.
   */
  readonly imageId: string;
  /**
   * Id of the receiving project. Where it is given, it must be the project of the credentials: a mistake
   * is told before the service is asked. Default: that project.
   */
  readonly projectId?: string | undefined;
  /**
   * Region of the image. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageShareAcceptanceTimeouts | IResolvable | undefined;
}

/**
 * Accepts an image that another project has shared with this one. `cloud` is the receiver's: only the
 * project that an image is shared with can accept it. Destroying it rejects the share; a share that is
 * rejected from outside is accepted again by the next apply.
 */
export class ImagebridgeImageShareAcceptance extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_share_acceptance';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageShareAcceptance to be
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
      terraformResourceType: 'imagebridge_image_share_acceptance',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #cloud: string | undefined;
  #imageId: string;
  #projectId: string | undefined;
  #region: string | undefined;
  #timeouts: ImagebridgeImageShareAcceptanceTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageShareAcceptanceConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_share_acceptance', generatorMetadata));
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

  /** The id of the image. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /**
   * Id of the shared image. Take it from the share (`imagebridge_image_share.NAME.image_id`), so that it
   * is there first. A change replaces the acceptance. A reference: what was configured is
   * `imageIdInput`.
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

  /**
   * Id of the receiving project. Where it is given, it must be the project of the credentials: a mistake
   * is told before the service is asked. Default: that project. A reference: what was configured is
   * `projectIdInput`.
   */
  get projectId(): string {
    return this.getStringAttribute('project_id');
  }

  set projectId(value: string) {
    this.#projectId = value;
  }

  /** `project_id` as configured. */
  get projectIdInput(): string | undefined {
    return this.#projectId;
  }

  /** Leaves `project_id` out of the configuration. */
  resetProjectId(): void {
    this.#projectId = undefined;
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

  /** The answer that the service has: `accepted`. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageShareAcceptanceTimeoutsOutputReference {
    return new ImagebridgeImageShareAcceptanceTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageShareAcceptanceTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageShareAcceptanceTimeouts | IResolvable | undefined {
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
      timeouts: imagebridgeImageShareAcceptanceTimeoutsToTerraform(this.#timeouts),
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
