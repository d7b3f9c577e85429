// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import type { TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';
import { EphemeralResource } from '../ephemeral-resource.ts';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Configuration of the ephemeral resource `imagebridge_image_download_url`. */
export interface EphemeralImagebridgeImageDownloadUrlConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Id of the image. */
  readonly imageId: string;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
}

/**
 * A link that anybody can download an image by, for a while. It grants access, and reaches neither
 * plan nor state: hand it to a provisioner, a write-only argument or the configuration of a provider.
 * Every plan and every apply that needs it asks the cloud for a new one.
 */
export class EphemeralImagebridgeImageDownloadUrl extends EphemeralResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_download_url';

  #cloud: string | undefined;
  #imageId: string;
  #region: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: EphemeralImagebridgeImageDownloadUrlConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_download_url', generatorMetadata));
    this.#cloud = config.cloud;
    this.#imageId = config.imageId;
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

  /** Until when it is good, as an RFC 3339 time in UTC, where the cloud tells. */
  get expiresAt(): string {
    return this.getStringAttribute('expires_at');
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

  /** The link. It needs no credentials. */
  get url(): string {
    return this.getStringAttribute('url');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      image_id: this.#imageId,
      region: this.#region,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      image_id: 'string',
      region: 'string',
    });
  }
}
