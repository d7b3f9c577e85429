// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  TerraformDataSource,
  type TerraformMetaArguments,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `DataImagebridgeMembersMembers`. */
export class DataImagebridgeMembersMembersOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Since when it is a member, as an RFC 3339 time in UTC, where the cloud tells. */
  get createdAt(): string {
    return this.getStringAttribute('created_at');
  }

  /** Id of the project. */
  get projectId(): string {
    return this.getStringAttribute('project_id');
  }

  /** Its answer: `pending`, `accepted` or `rejected`. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** When it answered, as an RFC 3339 time in UTC, where the cloud tells. */
  get updatedAt(): string {
    return this.getStringAttribute('updated_at');
  }
}

/** Refers to the elements of a list or set of `DataImagebridgeMembersMembers`. */
export class DataImagebridgeMembersMembersList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): DataImagebridgeMembersMembersOutputReference {
    return new DataImagebridgeMembersMembersOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Configuration of the data source `imagebridge_members`. */
export interface DataImagebridgeMembersConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Id of the image. */
  readonly imageId: string;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
  /** Only those that answered so: `pending`, `accepted` or `rejected`. */
  readonly status?: string | undefined;
}

/** The projects that an image is shared with, and what they answered. */
export class DataImagebridgeMembers extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_members';

  #cloud: string | undefined;
  #imageId: string;
  #region: string | undefined;
  #status: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeMembersConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_members', generatorMetadata));
    this.#cloud = config.cloud;
    this.#imageId = config.imageId;
    this.#region = config.region;
    this.#status = config.status;
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

  /** Id of the image. A reference: what was configured is `imageIdInput`. */
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

  /** The projects, ordered by their ids. */
  get members(): DataImagebridgeMembersMembersList {
    return new DataImagebridgeMembersMembersList(this, 'members', false);
  }

  /** Ids of the projects, in the order of `members`. */
  get projectIds(): string[] {
    return Token.asList(this.interpolationForAttribute('project_ids'));
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
   * Only those that answered so: `pending`, `accepted` or `rejected`. A reference: what was configured
   * is `statusInput`.
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

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      image_id: this.#imageId,
      region: this.#region,
      status: this.#status,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      image_id: 'string',
      region: 'string',
      status: 'string',
    });
  }
}
