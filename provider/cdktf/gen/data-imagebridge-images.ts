// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  type IResolvable,
  StringMap,
  TerraformDataSource,
  type TerraformMetaArguments,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `DataImagebridgeImagesImages`. */
export class DataImagebridgeImagesImagesOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Processor architecture, as the cloud spells it. */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  /** Firmware that starts it: `bios` or `uefi`, where the cloud tells. */
  get bootMode(): string {
    return this.getStringAttribute('boot_mode');
  }

  /** Its place in channels, by their names: `current`, `previous` or `former`. */
  get channels(): StringMap {
    return new StringMap(this, 'channels');
  }

  /** Hashes of the stored bytes in hex that the cloud vouches for, by algorithm. */
  get checksums(): StringMap {
    return new StringMap(this, 'checksums');
  }

  /** When the cloud made it, as an RFC 3339 time in UTC. */
  get createdAt(): string {
    return this.getStringAttribute('created_at');
  }

  /** Free text. */
  get description(): string {
    return this.getStringAttribute('description');
  }

  /** Format that the cloud stores the image in. */
  get diskFormat(): string {
    return this.getStringAttribute('disk_format');
  }

  /** The service's id. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** The smallest disk a server made from it may have, in GiB. */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  /** The least memory a server made from it may have, in MiB. */
  get minRamMib(): number {
    return this.getNumberAttribute('min_ram_mib');
  }

  /** Name. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** Distribution, where the cloud tells it from the version, e.g. `Ubuntu`. */
  get osDistribution(): string {
    return this.getStringAttribute('os_distribution');
  }

  /** Kind of the operating system, e.g. `Linux`. */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  /** Operating system as the cloud's catalogue spells it. */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }

  /** Id of the project that owns the image. */
  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  /** Further properties, under the service's own names. */
  get properties(): StringMap {
    return new StringMap(this, 'properties');
  }

  /** True where the cloud refuses to delete it. */
  get protected(): IResolvable {
    return this.getBooleanAttribute('protected');
  }

  /** Since when it should not be used any more; null where it may. */
  get retiredAt(): string {
    return this.getStringAttribute('retired_at');
  }

  /**
   * SHA-256 in hex of the file that the image was made from, where ImageBridge made it. Where a cloud
   * keeps no properties, it is known by the name and this hash together, and can be looked for, but not
   * told.
   */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }

  /** Size of the stored image in bytes. */
  get sizeBytes(): number {
    return this.getNumberAttribute('size_bytes');
  }

  /** Id of the image that this one was copied from, where the cloud tells. */
  get sourceImageId(): string {
    return this.getStringAttribute('source_image_id');
  }

  /** Status: `pending`, `importing`, `active`, `failed`, `deactivated`, `unknown`. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** Tags. */
  get tags(): StringMap {
    return new StringMap(this, 'tags');
  }

  /** When it was last changed, as an RFC 3339 time in UTC. */
  get updatedAt(): string {
    return this.getStringAttribute('updated_at');
  }

  /** Who can see the image: `private`, `shared`, `public` … */
  get visibility(): string {
    return this.getStringAttribute('visibility');
  }
}

/** Refers to the elements of a list or set of `DataImagebridgeImagesImages`. */
export class DataImagebridgeImagesImagesList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): DataImagebridgeImagesImagesOutputReference {
    return new DataImagebridgeImagesImagesOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Configuration of the data source `imagebridge_images`. */
export interface DataImagebridgeImagesConfig extends TerraformMetaArguments {
  /** Processor architecture, as the cloud spells it. */
  readonly architecture?: string | undefined;
  /** Images that are, or were, in this channel; `images[*].channels` tells their places. */
  readonly channel?: string | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Format that the cloud stores the image in. */
  readonly diskFormat?: string | undefined;
  /** True: look only at images that are hidden from listings (openstack). Default: only at the others. */
  readonly hidden?: boolean | IResolvable | undefined;
  /** At most so many, the first in the order. */
  readonly limit?: number | undefined;
  /** Exact name. */
  readonly name?: string | undefined;
  /** What the name begins with. */
  readonly namePrefix?: string | undefined;
  /**
   * Regular expression (JavaScript) that matches somewhere in the name: anchor it with `^` and `$` where
   * the whole name is meant.
   */
  readonly nameRegex?: string | undefined;
  /** Distribution, where the cloud tells it from the version, e.g. `Ubuntu`. */
  readonly osDistribution?: string | undefined;
  /** Kind of the operating system, e.g. `Linux`. */
  readonly osType?: string | undefined;
  /** Operating system as the cloud's catalogue spells it. */
  readonly osVersion?: string | undefined;
  /** Id of the project that owns the image. */
  readonly ownerId?: string | undefined;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
  /** True: only images that are retired. False: only others. Default: both. */
  readonly retired?: boolean | IResolvable | undefined;
  /**
   * Where to look: `own` (this project's images), `shared` (shared with this project and accepted) or
   * `public`. Default: everywhere.
   */
  readonly scope?: string | undefined;
  /**
   * SHA-256 in hex of the file that the image was made from, where ImageBridge made it. Where a cloud
   * keeps no properties, it is known by the name and this hash together, and can be looked for, but not
   * told.
   */
  readonly sha256?: string | undefined;
  /**
   * Order: `created_at`, `updated_at`, `name` or `size_bytes`, then `:asc` or `:desc`. Default
   * `created_at:desc`, the newest first.
   */
  readonly sort?: string | undefined;
  /** Status: `pending`, `importing`, `active`, `failed`, `deactivated`, `unknown`. Default: any. */
  readonly status?: string | undefined;
  /** Who can see the image: `private`, `shared`, `public` … */
  readonly visibility?: string | undefined;
  /** Properties that an image must have, with these values. */
  readonly withProperties?: Readonly<Record<string, string>> | undefined;
  /** Tags that an image must have, with these values. A bare tag has the value `""`. */
  readonly withTags?: Readonly<Record<string, string>> | undefined;
}

/** All images that match, in order. No match is no error: the list is empty then. */
export class DataImagebridgeImages extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_images';

  #architecture: string | undefined;
  #channel: string | undefined;
  #cloud: string | undefined;
  #diskFormat: string | undefined;
  #hidden: boolean | IResolvable | undefined;
  #limit: number | undefined;
  #name: string | undefined;
  #namePrefix: string | undefined;
  #nameRegex: string | undefined;
  #osDistribution: string | undefined;
  #osType: string | undefined;
  #osVersion: string | undefined;
  #ownerId: string | undefined;
  #region: string | undefined;
  #retired: boolean | IResolvable | undefined;
  #scope: string | undefined;
  #sha256: string | undefined;
  #sort: string | undefined;
  #status: string | undefined;
  #visibility: string | undefined;
  #withProperties: Readonly<Record<string, string>> | undefined;
  #withTags: Readonly<Record<string, string>> | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeImagesConfig = {}) {
    super(scope, id, baseConfig(config, 'imagebridge_images', generatorMetadata));
    this.#architecture = config.architecture;
    this.#channel = config.channel;
    this.#cloud = config.cloud;
    this.#diskFormat = config.diskFormat;
    this.#hidden = config.hidden;
    this.#limit = config.limit;
    this.#name = config.name;
    this.#namePrefix = config.namePrefix;
    this.#nameRegex = config.nameRegex;
    this.#osDistribution = config.osDistribution;
    this.#osType = config.osType;
    this.#osVersion = config.osVersion;
    this.#ownerId = config.ownerId;
    this.#region = config.region;
    this.#retired = config.retired;
    this.#scope = config.scope;
    this.#sha256 = config.sha256;
    this.#sort = config.sort;
    this.#status = config.status;
    this.#visibility = config.visibility;
    this.#withProperties = config.withProperties;
    this.#withTags = config.withTags;
  }

  /**
   * Processor architecture, as the cloud spells it. A reference: what was configured is
   * `architectureInput`.
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
   * Images that are, or were, in this channel; `images[*].channels` tells their places. A reference:
   * what was configured is `channelInput`.
   */
  get channel(): string {
    return this.getStringAttribute('channel');
  }

  set channel(value: string) {
    this.#channel = value;
  }

  /** `channel` as configured. */
  get channelInput(): string | undefined {
    return this.#channel;
  }

  /** Leaves `channel` out of the configuration. */
  resetChannel(): void {
    this.#channel = undefined;
  }

  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A reference: what was configured is `cloudInput`.
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

  /** Format that the cloud stores the image in. A reference: what was configured is `diskFormatInput`. */
  get diskFormat(): string {
    return this.getStringAttribute('disk_format');
  }

  set diskFormat(value: string) {
    this.#diskFormat = value;
  }

  /** `disk_format` as configured. */
  get diskFormatInput(): string | undefined {
    return this.#diskFormat;
  }

  /** Leaves `disk_format` out of the configuration. */
  resetDiskFormat(): void {
    this.#diskFormat = undefined;
  }

  /**
   * True: look only at images that are hidden from listings (openstack). Default: only at the others. A
   * reference: what was configured is `hiddenInput`.
   */
  get hidden(): IResolvable {
    return this.getBooleanAttribute('hidden');
  }

  set hidden(value: boolean | IResolvable) {
    this.#hidden = value;
  }

  /** `hidden` as configured. */
  get hiddenInput(): boolean | IResolvable | undefined {
    return this.#hidden;
  }

  /** Leaves `hidden` out of the configuration. */
  resetHidden(): void {
    this.#hidden = undefined;
  }

  /** Ids of the images, in order. */
  get ids(): string[] {
    return Token.asList(this.interpolationForAttribute('ids'));
  }

  /** The images, in order. */
  get images(): DataImagebridgeImagesImagesList {
    return new DataImagebridgeImagesImagesList(this, 'images', false);
  }

  /** At most so many, the first in the order. A reference: what was configured is `limitInput`. */
  get limit(): number {
    return this.getNumberAttribute('limit');
  }

  set limit(value: number) {
    this.#limit = value;
  }

  /** `limit` as configured. */
  get limitInput(): number | undefined {
    return this.#limit;
  }

  /** Leaves `limit` out of the configuration. */
  resetLimit(): void {
    this.#limit = undefined;
  }

  /** Exact name. A reference: what was configured is `nameInput`. */
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

  /** What the name begins with. A reference: what was configured is `namePrefixInput`. */
  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  set namePrefix(value: string) {
    this.#namePrefix = value;
  }

  /** `name_prefix` as configured. */
  get namePrefixInput(): string | undefined {
    return this.#namePrefix;
  }

  /** Leaves `name_prefix` out of the configuration. */
  resetNamePrefix(): void {
    this.#namePrefix = undefined;
  }

  /**
   * Regular expression (JavaScript) that matches somewhere in the name: anchor it with `^` and `$` where
   * the whole name is meant. A reference: what was configured is `nameRegexInput`.
   */
  get nameRegex(): string {
    return this.getStringAttribute('name_regex');
  }

  set nameRegex(value: string) {
    this.#nameRegex = value;
  }

  /** `name_regex` as configured. */
  get nameRegexInput(): string | undefined {
    return this.#nameRegex;
  }

  /** Leaves `name_regex` out of the configuration. */
  resetNameRegex(): void {
    this.#nameRegex = undefined;
  }

  /**
   * Distribution, where the cloud tells it from the version, e.g. `Ubuntu`. A reference: what was
   * configured is `osDistributionInput`.
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

  /** Kind of the operating system, e.g. `Linux`. A reference: what was configured is `osTypeInput`. */
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
   * Operating system as the cloud's catalogue spells it. A reference: what was configured is
   * `osVersionInput`.
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

  /** Id of the project that owns the image. A reference: what was configured is `ownerIdInput`. */
  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  set ownerId(value: string) {
    this.#ownerId = value;
  }

  /** `owner_id` as configured. */
  get ownerIdInput(): string | undefined {
    return this.#ownerId;
  }

  /** Leaves `owner_id` out of the configuration. */
  resetOwnerId(): void {
    this.#ownerId = undefined;
  }

  /** Region to look in. Default: the cloud's own. A reference: what was configured is `regionInput`. */
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
   * True: only images that are retired. False: only others. Default: both. A reference: what was
   * configured is `retiredInput`.
   */
  get retired(): IResolvable {
    return this.getBooleanAttribute('retired');
  }

  set retired(value: boolean | IResolvable) {
    this.#retired = value;
  }

  /** `retired` as configured. */
  get retiredInput(): boolean | IResolvable | undefined {
    return this.#retired;
  }

  /** Leaves `retired` out of the configuration. */
  resetRetired(): void {
    this.#retired = undefined;
  }

  /**
   * Where to look: `own` (this project's images), `shared` (shared with this project and accepted) or
   * `public`. Default: everywhere. A reference: what was configured is `scopeInput`.
   */
  get scope(): string {
    return this.getStringAttribute('scope');
  }

  set scope(value: string) {
    this.#scope = value;
  }

  /** `scope` as configured. */
  get scopeInput(): string | undefined {
    return this.#scope;
  }

  /** Leaves `scope` out of the configuration. */
  resetScope(): void {
    this.#scope = undefined;
  }

  /**
   * SHA-256 in hex of the file that the image was made from, where ImageBridge made it. Where a cloud
   * keeps no properties, it is known by the name and this hash together, and can be looked for, but not
   * told. A reference: what was configured is `sha256Input`.
   */
  get sha256(): string {
    return this.getStringAttribute('sha256');
  }

  set sha256(value: string) {
    this.#sha256 = value;
  }

  /** `sha256` as configured. */
  get sha256Input(): string | undefined {
    return this.#sha256;
  }

  /** Leaves `sha256` out of the configuration. */
  resetSha256(): void {
    this.#sha256 = undefined;
  }

  /**
   * Order: `created_at`, `updated_at`, `name` or `size_bytes`, then `:asc` or `:desc`. Default
   * `created_at:desc`, the newest first. A reference: what was configured is `sortInput`.
   */
  get sort(): string {
    return this.getStringAttribute('sort');
  }

  set sort(value: string) {
    this.#sort = value;
  }

  /** `sort` as configured. */
  get sortInput(): string | undefined {
    return this.#sort;
  }

  /** Leaves `sort` out of the configuration. */
  resetSort(): void {
    this.#sort = undefined;
  }

  /**
   * Status: `pending`, `importing`, `active`, `failed`, `deactivated`, `unknown`. Default: any. A
   * reference: what was configured is `statusInput`.
   */
  get status(): string {
    return this.getStringAttribute('status');
  }

  set status(value: string) {
    this.#status = value;
  }

  /** `status` as configured. */
  get statusInput(): string | undefined {
    return this.#status;
  }

  /** Leaves `status` out of the configuration. */
  resetStatus(): void {
    this.#status = undefined;
  }

  /**
   * Who can see the image: `private`, `shared`, `public` … A reference: what was configured is
   * `visibilityInput`.
   */
  get visibility(): string {
    return this.getStringAttribute('visibility');
  }

  set visibility(value: string) {
    this.#visibility = value;
  }

  /** `visibility` as configured. */
  get visibilityInput(): string | undefined {
    return this.#visibility;
  }

  /** Leaves `visibility` out of the configuration. */
  resetVisibility(): void {
    this.#visibility = undefined;
  }

  /**
   * Properties that an image must have, with these values. A reference: what was configured is
   * `withPropertiesInput`.
   */
  get withProperties(): Record<string, string> {
    return this.getStringMapAttribute('with_properties');
  }

  set withProperties(value: Readonly<Record<string, string>>) {
    this.#withProperties = value;
  }

  /** `with_properties` as configured. */
  get withPropertiesInput(): Readonly<Record<string, string>> | undefined {
    return this.#withProperties;
  }

  /** Leaves `with_properties` out of the configuration. */
  resetWithProperties(): void {
    this.#withProperties = undefined;
  }

  /**
   * Tags that an image must have, with these values. A bare tag has the value `""`. A reference: what
   * was configured is `withTagsInput`.
   */
  get withTags(): Record<string, string> {
    return this.getStringMapAttribute('with_tags');
  }

  set withTags(value: Readonly<Record<string, string>>) {
    this.#withTags = value;
  }

  /** `with_tags` as configured. */
  get withTagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#withTags;
  }

  /** Leaves `with_tags` out of the configuration. */
  resetWithTags(): void {
    this.#withTags = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      architecture: this.#architecture,
      channel: this.#channel,
      cloud: this.#cloud,
      disk_format: this.#diskFormat,
      hidden: this.#hidden,
      limit: this.#limit,
      name: this.#name,
      name_prefix: this.#namePrefix,
      name_regex: this.#nameRegex,
      os_distribution: this.#osDistribution,
      os_type: this.#osType,
      os_version: this.#osVersion,
      owner_id: this.#ownerId,
      region: this.#region,
      retired: this.#retired,
      scope: this.#scope,
      sha256: this.#sha256,
      sort: this.#sort,
      status: this.#status,
      visibility: this.#visibility,
      with_properties: this.#withProperties,
      with_tags: this.#withTags,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      architecture: 'string',
      channel: 'string',
      cloud: 'string',
      disk_format: 'string',
      hidden: 'boolean',
      limit: 'number',
      name: 'string',
      name_prefix: 'string',
      name_regex: 'string',
      os_distribution: 'string',
      os_type: 'string',
      os_version: 'string',
      owner_id: 'string',
      region: 'string',
      retired: 'boolean',
      scope: 'string',
      sha256: 'string',
      sort: 'string',
      status: 'string',
      visibility: 'string',
      with_properties: 'map',
      with_tags: 'map',
    });
  }
}
