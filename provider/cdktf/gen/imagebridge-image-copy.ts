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
import { hclAttributes } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageCopyTimeouts {
  /** How long making the object may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageCopyTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageCopyTimeoutsToTerraform(
  value: ImagebridgeImageCopyTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  };
}

/** Refers to the values of a `ImagebridgeImageCopyTimeouts`. */
export class ImagebridgeImageCopyTimeoutsOutputReference extends ComplexObject {
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

/** Configuration of the resource `imagebridge_image_copy`. */
export interface ImagebridgeImageCopyConfig extends TerraformMetaArguments {
  /**
   * Agency (delegation) that the cloud acts under across regions. Default: the cloud's. Matters only
   * while the copy is made.
   */
  readonly agencyName?: string | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Free text. Changed and cleared in place. */
  readonly description?: string | undefined;
  /** Name of the copy. Changed in place. */
  readonly name: string;
  /**
   * Region of the source image. Default: the cloud's own region when the object is made. A change
   * replaces the object.
   */
  readonly region?: string | undefined;
  /** Id of the image to copy. A change replaces the copy. */
  readonly sourceImageId: string;
  /**
   * Name of the project that owns the copy, in another region. Default: the region's own project. A
   * change replaces the copy.
   */
  readonly targetProject?: string | undefined;
  /** Region of the copy. Default: that of the source. A change replaces the copy. */
  readonly targetRegion?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageCopyTimeouts | IResolvable | undefined;
}

/**
 * A copy of an image, in the same region or in another one of the same cloud. A copy that an
 * interrupted apply had begun is adopted, never made twice.
 */
export class ImagebridgeImageCopy extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_copy';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageCopy to be
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
      terraformResourceType: 'imagebridge_image_copy',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #agencyName: string | undefined;
  #cloud: string | undefined;
  #description: string | undefined;
  #name: string;
  #region: string | undefined;
  #sourceImageId: string;
  #targetProject: string | undefined;
  #targetRegion: string | undefined;
  #timeouts: ImagebridgeImageCopyTimeouts | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageCopyConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'imagebridge_image_copy',
      terraformGeneratorMetadata: generatorMetadata,
    });
    this.#agencyName = config.agencyName;
    this.#cloud = config.cloud;
    this.#description = config.description;
    this.#name = config.name;
    this.#region = config.region;
    this.#sourceImageId = config.sourceImageId;
    this.#targetProject = config.targetProject;
    this.#targetRegion = config.targetRegion;
    this.#timeouts = config.timeouts;
  }

  /**
   * Agency (delegation) that the cloud acts under across regions. Default: the cloud's. Matters only
   * while the copy is made. A reference: what was configured is `agencyNameInput`.
   */
  get agencyName(): string {
    return this.getStringAttribute('agency_name');
  }

  set agencyName(value: string) {
    this.#agencyName = value;
  }

  /** `agency_name` as configured. */
  get agencyNameInput(): string | undefined {
    return this.#agencyName;
  }

  /** Leaves `agency_name` out of the configuration. */
  resetAgencyName(): void {
    this.#agencyName = undefined;
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

  /** When the cloud made it, as an RFC 3339 time in UTC. */
  get createdAt(): string {
    return this.getStringAttribute('created_at');
  }

  /** Free text. Changed and cleared in place. A reference: what was configured is `descriptionInput`. */
  get description(): string {
    return this.getStringAttribute('description');
  }

  set description(value: string) {
    this.#description = value;
  }

  /** `description` as configured. */
  get descriptionInput(): string | undefined {
    return this.#description;
  }

  /** Leaves `description` out of the configuration. */
  resetDescription(): void {
    this.#description = undefined;
  }

  /** The service's id of the copy. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** The smallest disk a server made from it may have, in GiB. */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  /** Name of the copy. Changed in place. A reference: what was configured is `nameInput`. */
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

  /** Operating system as the cloud's catalogue spells it. */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }

  /** Id of the project that owns the copy. */
  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  /**
   * Region of the source image. Default: the cloud's own region when the object is made. A change
   * replaces the object. A reference: what was configured is `regionInput`.
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

  /** Size of the stored copy in bytes. */
  get sizeBytes(): number {
    return this.getNumberAttribute('size_bytes');
  }

  /**
   * Id of the image to copy. A change replaces the copy. A reference: what was configured is
   * `sourceImageIdInput`.
   */
  get sourceImageId(): string {
    return this.getStringAttribute('source_image_id');
  }

  set sourceImageId(value: string) {
    this.#sourceImageId = value;
  }

  /** `source_image_id` as configured. */
  get sourceImageIdInput(): string {
    return this.#sourceImageId;
  }

  /** Status: `active` when it can be used. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** Format that the cloud stores the copy in. */
  get storedFormat(): string {
    return this.getStringAttribute('stored_format');
  }

  /**
   * Name of the project that owns the copy, in another region. Default: the region's own project. A
   * change replaces the copy. A reference: what was configured is `targetProjectInput`.
   */
  get targetProject(): string {
    return this.getStringAttribute('target_project');
  }

  set targetProject(value: string) {
    this.#targetProject = value;
  }

  /** `target_project` as configured. */
  get targetProjectInput(): string | undefined {
    return this.#targetProject;
  }

  /** Leaves `target_project` out of the configuration. */
  resetTargetProject(): void {
    this.#targetProject = undefined;
  }

  /**
   * Region of the copy. Default: that of the source. A change replaces the copy. A reference: what was
   * configured is `targetRegionInput`.
   */
  get targetRegion(): string {
    return this.getStringAttribute('target_region');
  }

  set targetRegion(value: string) {
    this.#targetRegion = value;
  }

  /** `target_region` as configured. */
  get targetRegionInput(): string | undefined {
    return this.#targetRegion;
  }

  /** Leaves `target_region` out of the configuration. */
  resetTargetRegion(): void {
    this.#targetRegion = undefined;
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageCopyTimeoutsOutputReference {
    return new ImagebridgeImageCopyTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageCopyTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageCopyTimeouts | IResolvable | undefined {
    return this.#timeouts;
  }

  /** Leaves `timeouts` out of the configuration. */
  resetTimeouts(): void {
    this.#timeouts = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      agency_name: this.#agencyName,
      cloud: this.#cloud,
      description: this.#description,
      name: this.#name,
      region: this.#region,
      source_image_id: this.#sourceImageId,
      target_project: this.#targetProject,
      target_region: this.#targetRegion,
      timeouts: imagebridgeImageCopyTimeoutsToTerraform(this.#timeouts),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      agency_name: 'string',
      cloud: 'string',
      description: 'string',
      name: 'string',
      region: 'string',
      source_image_id: 'string',
      target_project: 'string',
      target_region: 'string',
      timeouts: 'any',
    });
  }
}
