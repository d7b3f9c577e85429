// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import { TerraformDataSource, type TerraformMetaArguments, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Configuration of the data source `imagebridge_job`. */
export interface DataImagebridgeJobConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Id of the job, as the service, a log line or the `imagebridge` command gives it. */
  readonly id: string;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
}

/**
 * Work that the cloud does on its own time, as it is now; nothing is waited for. A cloud without jobs
 * tells it of its images: the id of such a job is `image:IMAGE_ID`.
 */
export class DataImagebridgeJob extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_job';

  #cloud: string | undefined;
  #id: string;
  #region: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeJobConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_job', generatorMetadata));
    this.#cloud = config.cloud;
    this.#id = config.id;
    this.#region = config.region;
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

  /** When it ended, as an RFC 3339 time in UTC, where the cloud tells. */
  get endedAt(): string {
    return this.getStringAttribute('ended_at');
  }

  /** The service's code of the failure. */
  get errorCode(): string {
    return this.getStringAttribute('error_code');
  }

  /** The service's reason of the failure, that of sub-jobs included. */
  get failureReason(): string {
    return this.getStringAttribute('failure_reason');
  }

  /**
   * Id of the job, as the service, a log line or the `imagebridge` command gives it. A reference: what
   * was configured is `idInput`.
   */
  get id(): string {
    return this.getStringAttribute('id');
  }

  set id(value: string) {
    this.#id = value;
  }

  /** `id` as configured. */
  get idInput(): string {
    return this.#id;
  }

  /** Ids of the images that came of it. */
  get imageIds(): string[] {
    return Token.asList(this.interpolationForAttribute('image_ids'));
  }

  /** How far it is, from 0 to 1, where the cloud tells. */
  get progress(): number {
    return this.getNumberAttribute('progress');
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

  /** When it began, as an RFC 3339 time in UTC, where the cloud tells. */
  get startedAt(): string {
    return this.getStringAttribute('started_at');
  }

  /** `queued`, `running`, `succeeded` or `failed`. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** The service's name for this kind of work, where it tells. */
  get type(): string {
    return this.getStringAttribute('type');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      id: this.#id,
      region: this.#region,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      id: 'string',
      region: 'string',
    });
  }
}
