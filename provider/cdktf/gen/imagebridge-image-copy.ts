// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  Fn,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  StringMap,
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
export interface ImagebridgeImageCopyTimeouts {
  /**
   * How long making the copy may take; where the bytes go through this machine, only the import after
   * it, e.g. `30m` or `1h30m`. Default `60m`.
   */
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
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
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

  /**
   * How long making the copy may take; where the bytes go through this machine, only the import after
   * it, e.g. `30m` or `1h30m`. Default `60m`.
   */
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
   * Architecture, e.g. `x86_64`. Only for a copy to another cloud; default: what the source says, where
   * the other cloud takes it over. Changed in place where the cloud can; else a change replaces the
   * copy.
   */
  readonly architecture?: string | undefined;
  /**
   * Boot mode: `bios` or `uefi`. Only for a copy to another cloud; default: what the source says, where
   * the other cloud takes it over. Changed in place where the cloud can; else a change replaces the
   * copy.
   */
  readonly bootMode?: string | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Free text. Changed and cleared in place where the cloud can. */
  readonly description?: string | undefined;
  /** Key that a copy in the same region is encrypted with. A change replaces the copy. */
  readonly kmsKeyId?: string | undefined;
  /**
   * Name of the copy. Default: the source's, with `-copy` at its end where both are in one place.
   * Changed in place where the cloud can rename; else a change replaces the copy. Not for a copy to
   * further stores.
   */
  readonly name?: string | undefined;
  /**
   * What destroying does: `delete` removes the copy from the cloud, `retain` leaves it as it is and only
   * forgets it, `deactivate` takes it out of use and forgets it. Default `delete`. Apply a change of it
   * before you destroy.
   */
  readonly onDestroy?: string | undefined;
  /**
   * The distribution, e.g. `Ubuntu`. Only for a copy to another cloud; default: what the source says,
   * where the other cloud takes it over. Changed in place where the cloud can; else a change replaces
   * the copy.
   */
  readonly osDistribution?: string | undefined;
  /**
   * Kind of the operating system, e.g. `Linux`. Only for a copy to another cloud; default: what the
   * source says, where the other cloud takes it over. Changed in place where the cloud can; else a
   * change replaces the copy.
   */
  readonly osType?: string | undefined;
  /**
   * Operating system as the cloud's catalogue spells it. Only for a copy to another cloud; default: what
   * the source says, where the other cloud takes it over. Changed in place where the cloud can; else a
   * change replaces the copy.
   */
  readonly osVersion?: string | undefined;
  /**
   * Properties of your own, and of the family that have no argument here. Only these keys are looked
   * after. Changed and cleared in place where the cloud can; else a change replaces the copy.
   */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** True: the service refuses to delete the copy. Changed in place where the cloud can. */
  readonly protected?: boolean | IResolvable | undefined;
  /**
   * Region of the source image. Default: the cloud's own region when the object is made. A change
   * replaces the object.
   */
  readonly region?: string | undefined;
  /** Id of the image to copy. A change replaces the copy. */
  readonly sourceImageId: string;
  /**
   * Bucket of the other cloud that the image goes through on its way. Default: that cloud's. Matters
   * only while the copy is made.
   */
  readonly stagingBucket?: string | undefined;
  /** Tags of the copy. They win over the provider's `default_tags` of the same key. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Another cloud of the provider, or a profile, that gets the copy. It fetches the image by itself
   * where it can; else the bytes go through this machine. A change replaces the copy, unless both names
   * mean the same cloud.
   */
  readonly targetCloud?: string | undefined;
  /**
   * Name of the project that owns the copy, in another region of the same cloud. Default: the region's
   * own project. A change replaces the copy.
   */
  readonly targetProject?: string | undefined;
  /**
   * Region of the copy. Default: that of the source, or the other cloud's own. A change replaces the
   * copy.
   */
  readonly targetRegion?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageCopyTimeouts | IResolvable | undefined;
  /**
   * True: the copy is a base image, which all tenants can be given (UCloudStack, for administrators). A
   * change replaces the copy.
   */
  readonly toBaseImage?: boolean | IResolvable | undefined;
  /**
   * Stores of the same service that the data of the image are copied to as well (OpenStack). No second
   * image is made. Stores are added in place. The service has no call that takes data out of a store
   * again, so `on_destroy` must be `retain`, and a store that is left out here is only forgotten.
   */
  readonly toStores?: readonly string[] | undefined;
  /** Vault in the other region that whole-server images need. Matters only while the copy is made. */
  readonly vaultId?: string | undefined;
  /**
   * How the image gets to another cloud: `pull`, that cloud fetches it by itself; `stream`, by way of
   * this machine; `auto`, the first that works. Set it for a copy inside one cloud that has no copying
   * of its own, too. Matters only while the copy is made. Default `auto`.
   */
  readonly via?: string | undefined;
}

/**
 * A copy of an image: in the same region or another one, as a base image, in further stores of the
 * same service, or in another cloud. A copy that an interrupted apply had begun is adopted, never made
 * twice.
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
  #architecture: string | undefined;
  #bootMode: string | undefined;
  #cloud: string | undefined;
  #description: string | undefined;
  #kmsKeyId: string | undefined;
  #name: string | undefined;
  #onDestroy: string | undefined;
  #osDistribution: string | undefined;
  #osType: string | undefined;
  #osVersion: string | undefined;
  #properties: Readonly<Record<string, string>> | undefined;
  #protected: boolean | IResolvable | undefined;
  #region: string | undefined;
  #sourceImageId: string;
  #stagingBucket: string | undefined;
  #tags: Readonly<Record<string, string>> | undefined;
  #targetCloud: string | undefined;
  #targetProject: string | undefined;
  #targetRegion: string | undefined;
  #timeouts: ImagebridgeImageCopyTimeouts | IResolvable | undefined;
  #toBaseImage: boolean | IResolvable | undefined;
  #toStores: readonly string[] | undefined;
  #vaultId: string | undefined;
  #via: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageCopyConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_copy', generatorMetadata));
    this.#agencyName = config.agencyName;
    this.#architecture = config.architecture;
    this.#bootMode = config.bootMode;
    this.#cloud = config.cloud;
    this.#description = config.description;
    this.#kmsKeyId = config.kmsKeyId;
    this.#name = config.name;
    this.#onDestroy = config.onDestroy;
    this.#osDistribution = config.osDistribution;
    this.#osType = config.osType;
    this.#osVersion = config.osVersion;
    this.#properties = config.properties;
    this.#protected = config.protected;
    this.#region = config.region;
    this.#sourceImageId = config.sourceImageId;
    this.#stagingBucket = config.stagingBucket;
    this.#tags = config.tags;
    this.#targetCloud = config.targetCloud;
    this.#targetProject = config.targetProject;
    this.#targetRegion = config.targetRegion;
    this.#timeouts = config.timeouts;
    this.#toBaseImage = config.toBaseImage;
    this.#toStores = config.toStores;
    this.#vaultId = config.vaultId;
    this.#via = config.via;
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
   * Architecture, e.g. `x86_64`. Only for a copy to another cloud; default: what the source says, where
   * the other cloud takes it over. Changed in place where the cloud can; else a change replaces the
   * copy. A reference: what was configured is `architectureInput`.
   */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  set architecture(value: string) {
    this.#architecture = value;
  }

  /** `architecture` as configured. */
  get architectureInput(): string | undefined {
    return this.#architecture;
  }

  /** Leaves `architecture` out of the configuration. */
  resetArchitecture(): void {
    this.#architecture = undefined;
  }

  /**
   * Boot mode: `bios` or `uefi`. Only for a copy to another cloud; default: what the source says, where
   * the other cloud takes it over. Changed in place where the cloud can; else a change replaces the
   * copy. A reference: what was configured is `bootModeInput`.
   */
  get bootMode(): string {
    return this.getStringAttribute('boot_mode');
  }

  set bootMode(value: string) {
    this.#bootMode = value;
  }

  /** `boot_mode` as configured. */
  get bootModeInput(): string | undefined {
    return this.#bootMode;
  }

  /** Leaves `boot_mode` out of the configuration. */
  resetBootMode(): void {
    this.#bootMode = undefined;
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

  /**
   * Free text. Changed and cleared in place where the cloud can. A reference: what was configured is
   * `descriptionInput`.
   */
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

  /** The service's id of the copy; of the source where it is a copy to further stores. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /**
   * Key that a copy in the same region is encrypted with. A change replaces the copy. A reference: what
   * was configured is `kmsKeyIdInput`.
   */
  get kmsKeyId(): string {
    return this.getStringAttribute('kms_key_id');
  }

  set kmsKeyId(value: string) {
    this.#kmsKeyId = value;
  }

  /** `kms_key_id` as configured. */
  get kmsKeyIdInput(): string | undefined {
    return this.#kmsKeyId;
  }

  /** Leaves `kms_key_id` out of the configuration. */
  resetKmsKeyId(): void {
    this.#kmsKeyId = undefined;
  }

  /** The smallest disk a server made from it may have, in GiB. */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  /**
   * Name of the copy. Default: the source's, with `-copy` at its end where both are in one place.
   * Changed in place where the cloud can rename; else a change replaces the copy. Not for a copy to
   * further stores. A reference: what was configured is `nameInput`.
   */
  get name(): string {
    return this.getStringAttribute('name');
  }

  set name(value: string) {
    this.#name = value;
  }

  /** `name` as configured. */
  get nameInput(): string | undefined {
    return this.#name;
  }

  /** Leaves `name` out of the configuration. */
  resetName(): void {
    this.#name = undefined;
  }

  /**
   * What destroying does: `delete` removes the copy from the cloud, `retain` leaves it as it is and only
   * forgets it, `deactivate` takes it out of use and forgets it. Default `delete`. Apply a change of it
   * before you destroy. A reference: what was configured is `onDestroyInput`.
   */
  get onDestroy(): string {
    return this.getStringAttribute('on_destroy');
  }

  set onDestroy(value: string) {
    this.#onDestroy = value;
  }

  /** `on_destroy` as configured. */
  get onDestroyInput(): string | undefined {
    return this.#onDestroy;
  }

  /** Leaves `on_destroy` out of the configuration. */
  resetOnDestroy(): void {
    this.#onDestroy = undefined;
  }

  /**
   * The distribution, e.g. `Ubuntu`. Only for a copy to another cloud; default: what the source says,
   * where the other cloud takes it over. Changed in place where the cloud can; else a change replaces
   * the copy. A reference: what was configured is `osDistributionInput`.
   */
  get osDistribution(): string {
    return this.getStringAttribute('os_distribution');
  }

  set osDistribution(value: string) {
    this.#osDistribution = value;
  }

  /** `os_distribution` as configured. */
  get osDistributionInput(): string | undefined {
    return this.#osDistribution;
  }

  /** Leaves `os_distribution` out of the configuration. */
  resetOsDistribution(): void {
    this.#osDistribution = undefined;
  }

  /**
   * Kind of the operating system, e.g. `Linux`. Only for a copy to another cloud; default: what the
   * source says, where the other cloud takes it over. Changed in place where the cloud can; else a
   * change replaces the copy. A reference: what was configured is `osTypeInput`.
   */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  set osType(value: string) {
    this.#osType = value;
  }

  /** `os_type` as configured. */
  get osTypeInput(): string | undefined {
    return this.#osType;
  }

  /** Leaves `os_type` out of the configuration. */
  resetOsType(): void {
    this.#osType = undefined;
  }

  /**
   * Operating system as the cloud's catalogue spells it. Only for a copy to another cloud; default: what
   * the source says, where the other cloud takes it over. Changed in place where the cloud can; else a
   * change replaces the copy. A reference: what was configured is `osVersionInput`.
   */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }

  set osVersion(value: string) {
    this.#osVersion = value;
  }

  /** `os_version` as configured. */
  get osVersionInput(): string | undefined {
    return this.#osVersion;
  }

  /** Leaves `os_version` out of the configuration. */
  resetOsVersion(): void {
    this.#osVersion = undefined;
  }

  /** Id of the project that owns the copy. */
  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  /**
   * Properties of your own, and of the family that have no argument here. Only these keys are looked
   * after. Changed and cleared in place where the cloud can; else a change replaces the copy. A
   * reference: what was configured is `propertiesInput`.
   */
  get properties(): Record<string, string> {
    return this.getStringMapAttribute('properties');
  }

  set properties(value: Readonly<Record<string, string>>) {
    this.#properties = value;
  }

  /** `properties` as configured. */
  get propertiesInput(): Readonly<Record<string, string>> | undefined {
    return this.#properties;
  }

  /** Leaves `properties` out of the configuration. */
  resetProperties(): void {
    this.#properties = undefined;
  }

  /**
   * True: the service refuses to delete the copy. Changed in place where the cloud can. A reference:
   * what was configured is `protectedInput`.
   */
  get protected(): IResolvable {
    return this.getBooleanAttribute('protected');
  }

  set protected(value: boolean | IResolvable) {
    this.#protected = value;
  }

  /** `protected` as configured. */
  get protectedInput(): boolean | IResolvable | undefined {
    return this.#protected;
  }

  /** Leaves `protected` out of the configuration. */
  resetProtected(): void {
    this.#protected = undefined;
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

  /**
   * Bucket of the other cloud that the image goes through on its way. Default: that cloud's. Matters
   * only while the copy is made. A reference: what was configured is `stagingBucketInput`.
   */
  get stagingBucket(): string {
    return this.getStringAttribute('staging_bucket');
  }

  set stagingBucket(value: string) {
    this.#stagingBucket = value;
  }

  /** `staging_bucket` as configured. */
  get stagingBucketInput(): string | undefined {
    return this.#stagingBucket;
  }

  /** Leaves `staging_bucket` out of the configuration. */
  resetStagingBucket(): void {
    this.#stagingBucket = undefined;
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
   * Tags of the copy. They win over the provider's `default_tags` of the same key. A reference: what was
   * configured is `tagsInput`.
   */
  get tags(): Record<string, string> {
    return this.getStringMapAttribute('tags');
  }

  set tags(value: Readonly<Record<string, string>>) {
    this.#tags = value;
  }

  /** `tags` as configured. */
  get tagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#tags;
  }

  /** Leaves `tags` out of the configuration. */
  resetTags(): void {
    this.#tags = undefined;
  }

  /** All tags of the copy: `tags` together with the provider's `default_tags`. */
  get tagsAll(): StringMap {
    return new StringMap(this, 'tags_all');
  }

  /**
   * Another cloud of the provider, or a profile, that gets the copy. It fetches the image by itself
   * where it can; else the bytes go through this machine. A change replaces the copy, unless both names
   * mean the same cloud. A reference: what was configured is `targetCloudInput`.
   */
  get targetCloud(): string {
    return this.getStringAttribute('target_cloud');
  }

  set targetCloud(value: string) {
    this.#targetCloud = value;
  }

  /** `target_cloud` as configured. */
  get targetCloudInput(): string | undefined {
    return this.#targetCloud;
  }

  /** Leaves `target_cloud` out of the configuration. */
  resetTargetCloud(): void {
    this.#targetCloud = undefined;
  }

  /**
   * Name of the project that owns the copy, in another region of the same cloud. Default: the region's
   * own project. A change replaces the copy. A reference: what was configured is `targetProjectInput`.
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
   * Region of the copy. Default: that of the source, or the other cloud's own. A change replaces the
   * copy. A reference: what was configured is `targetRegionInput`.
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

  /**
   * True: the copy is a base image, which all tenants can be given (UCloudStack, for administrators). A
   * change replaces the copy. A reference: what was configured is `toBaseImageInput`.
   */
  get toBaseImage(): IResolvable {
    return this.getBooleanAttribute('to_base_image');
  }

  set toBaseImage(value: boolean | IResolvable) {
    this.#toBaseImage = value;
  }

  /** `to_base_image` as configured. */
  get toBaseImageInput(): boolean | IResolvable | undefined {
    return this.#toBaseImage;
  }

  /** Leaves `to_base_image` out of the configuration. */
  resetToBaseImage(): void {
    this.#toBaseImage = undefined;
  }

  /**
   * Stores of the same service that the data of the image are copied to as well (OpenStack). No second
   * image is made. Stores are added in place. The service has no call that takes data out of a store
   * again, so `on_destroy` must be `retain`, and a store that is left out here is only forgotten. A
   * reference: what was configured is `toStoresInput`.
   */
  get toStores(): string[] {
    return Token.asList(Fn.tolist(this.interpolationForAttribute('to_stores')));
  }

  set toStores(value: readonly string[]) {
    this.#toStores = value;
  }

  /** `to_stores` as configured. */
  get toStoresInput(): readonly string[] | undefined {
    return this.#toStores;
  }

  /** Leaves `to_stores` out of the configuration. */
  resetToStores(): void {
    this.#toStores = undefined;
  }

  /**
   * Vault in the other region that whole-server images need. Matters only while the copy is made. A
   * reference: what was configured is `vaultIdInput`.
   */
  get vaultId(): string {
    return this.getStringAttribute('vault_id');
  }

  set vaultId(value: string) {
    this.#vaultId = value;
  }

  /** `vault_id` as configured. */
  get vaultIdInput(): string | undefined {
    return this.#vaultId;
  }

  /** Leaves `vault_id` out of the configuration. */
  resetVaultId(): void {
    this.#vaultId = undefined;
  }

  /**
   * How the image gets to another cloud: `pull`, that cloud fetches it by itself; `stream`, by way of
   * this machine; `auto`, the first that works. Set it for a copy inside one cloud that has no copying
   * of its own, too. Matters only while the copy is made. Default `auto`. A reference: what was
   * configured is `viaInput`.
   */
  get via(): string {
    return this.getStringAttribute('via');
  }

  set via(value: string) {
    this.#via = value;
  }

  /** `via` as configured. */
  get viaInput(): string | undefined {
    return this.#via;
  }

  /** Leaves `via` out of the configuration. */
  resetVia(): void {
    this.#via = undefined;
  }

  /** Who can see the copy: `private`, `shared`, `public` … */
  get visibility(): string {
    return this.getStringAttribute('visibility');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      agency_name: this.#agencyName,
      architecture: this.#architecture,
      boot_mode: this.#bootMode,
      cloud: this.#cloud,
      description: this.#description,
      kms_key_id: this.#kmsKeyId,
      name: this.#name,
      on_destroy: this.#onDestroy,
      os_distribution: this.#osDistribution,
      os_type: this.#osType,
      os_version: this.#osVersion,
      properties: this.#properties,
      protected: this.#protected,
      region: this.#region,
      source_image_id: this.#sourceImageId,
      staging_bucket: this.#stagingBucket,
      tags: this.#tags,
      target_cloud: this.#targetCloud,
      target_project: this.#targetProject,
      target_region: this.#targetRegion,
      timeouts: imagebridgeImageCopyTimeoutsToTerraform(this.#timeouts),
      to_base_image: this.#toBaseImage,
      to_stores: this.#toStores,
      vault_id: this.#vaultId,
      via: this.#via,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      agency_name: 'string',
      architecture: 'string',
      boot_mode: 'string',
      cloud: 'string',
      description: 'string',
      kms_key_id: 'string',
      name: 'string',
      on_destroy: 'string',
      os_distribution: 'string',
      os_type: 'string',
      os_version: 'string',
      properties: 'map',
      protected: 'boolean',
      region: 'string',
      source_image_id: 'string',
      staging_bucket: 'string',
      tags: 'map',
      target_cloud: 'string',
      target_project: 'string',
      target_region: 'string',
      timeouts: 'any',
      to_base_image: 'boolean',
      to_stores: 'stringList',
      vault_id: 'string',
      via: 'string',
    });
  }
}
