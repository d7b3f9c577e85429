// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexObject,
  type IInterpolatingParent,
  type IResolvable,
  StringMap,
  TerraformDataSource,
  type TerraformMetaArguments,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { hclAttributes } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** A tag that the image must have. */
export interface DataImagebridgeImageTag {
  /** Key of the tag. */
  readonly key: string;
  /** Value of the tag. Default: the empty value. */
  readonly value?: string | undefined;
}

/** Puts a {@link DataImagebridgeImageTag} into Terraform's words; tokens pass through. */
function dataImagebridgeImageTagToTerraform(
  value: DataImagebridgeImageTag | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    key: value.key,
    value: value.value,
  };
}

/** Refers to the values of a `DataImagebridgeImageTag`. */
export class DataImagebridgeImageTagOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Key of the tag. */
  get key(): string {
    return this.getStringAttribute('key');
  }

  /** Value of the tag. Default: the empty value. */
  get value(): string {
    return this.getStringAttribute('value');
  }
}

/** Configuration of the data source `imagebridge_image`. */
export interface DataImagebridgeImageConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** The service's id. Excludes `name`, `scope`, `tag` and `most_recent`. */
  readonly id?: string | undefined;
  /** Where several match, take the one made last instead of failing. */
  readonly mostRecent?: boolean | IResolvable | undefined;
  /** Exact name. */
  readonly name?: string | undefined;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
  /**
   * Where to look: `own` (this project's images), `shared` (shared with this project and accepted) or
   * `public`. Default: everywhere.
   */
  readonly scope?: string | undefined;
  /** A tag that the image must have. */
  readonly tag?: DataImagebridgeImageTag | IResolvable | undefined;
}

/**
 * One image that exists already, found by its id, or by its name and further conditions. Anything but
 * exactly one match is an error that lists the candidates.
 */
export class DataImagebridgeImage extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image';

  #cloud: string | undefined;
  #id: string | undefined;
  #mostRecent: boolean | IResolvable | undefined;
  #name: string | undefined;
  #region: string | undefined;
  #scope: string | undefined;
  #tag: DataImagebridgeImageTag | IResolvable | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeImageConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'imagebridge_image',
      terraformGeneratorMetadata: generatorMetadata,
    });
    this.#cloud = config.cloud;
    this.#id = config.id;
    this.#mostRecent = config.mostRecent;
    this.#name = config.name;
    this.#region = config.region;
    this.#scope = config.scope;
    this.#tag = config.tag;
  }

  /** Processor architecture, e.g. `x86`. */
  get architecture(): string {
    return this.getStringAttribute('architecture');
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

  /**
   * The service's id. Excludes `name`, `scope`, `tag` and `most_recent`. A reference: what was
   * configured is `idInput`.
   */
  get id(): string {
    return this.getStringAttribute('id');
  }

  set id(value: string) {
    this.#id = value;
  }

  /** `id` as configured. */
  get idInput(): string | undefined {
    return this.#id;
  }

  /** Leaves `id` out of the configuration. */
  resetId(): void {
    this.#id = undefined;
  }

  /** The smallest disk a server made from it may have, in GiB. */
  get minDiskGib(): number {
    return this.getNumberAttribute('min_disk_gib');
  }

  /** The least memory a server made from it may have, in MiB. */
  get minRamMib(): number {
    return this.getNumberAttribute('min_ram_mib');
  }

  /**
   * Where several match, take the one made last instead of failing. A reference: what was configured is
   * `mostRecentInput`.
   */
  get mostRecent(): IResolvable {
    return this.getBooleanAttribute('most_recent');
  }

  set mostRecent(value: boolean | IResolvable) {
    this.#mostRecent = value;
  }

  /** `most_recent` as configured. */
  get mostRecentInput(): boolean | IResolvable | undefined {
    return this.#mostRecent;
  }

  /** Leaves `most_recent` out of the configuration. */
  resetMostRecent(): void {
    this.#mostRecent = undefined;
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

  /** SHA-256 in hex of the file the image was made from, where ImageBridge made it. */
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

  /** Status: `active` when it can be used. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** A tag that the image must have. A reference: what was configured is `tagInput`. */
  get tag(): DataImagebridgeImageTagOutputReference {
    return new DataImagebridgeImageTagOutputReference(this, 'tag');
  }

  /** Sets `tag` anew. */
  putTag(value: DataImagebridgeImageTag | IResolvable): void {
    this.#tag = value;
  }

  /** `tag` as configured. */
  get tagInput(): DataImagebridgeImageTag | IResolvable | undefined {
    return this.#tag;
  }

  /** Leaves `tag` out of the configuration. */
  resetTag(): void {
    this.#tag = undefined;
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

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      cloud: this.#cloud,
      id: this.#id,
      most_recent: this.#mostRecent,
      name: this.#name,
      region: this.#region,
      scope: this.#scope,
      tag: dataImagebridgeImageTagToTerraform(this.#tag),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      id: 'string',
      most_recent: 'boolean',
      name: 'string',
      region: 'string',
      scope: 'string',
      tag: 'any',
    });
  }
}
