// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexMap,
  ComplexObject,
  type IInterpolatingParent,
  TerraformDataSource,
  type TerraformMetaArguments,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `DataImagebridgeQuotasQuotas`. */
export class DataImagebridgeQuotasQuotasOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** The limit; -1 where there is none. */
  get limit(): number {
    return this.getNumberAttribute('limit');
  }

  /** How much is used. */
  get used(): number {
    return this.getNumberAttribute('used');
  }
}

/** Refers to the elements of a map of `DataImagebridgeQuotasQuotas`. */
export class DataImagebridgeQuotasQuotasMap extends ComplexMap {
  /** The element under a key. */
  get(key: string): DataImagebridgeQuotasQuotasOutputReference {
    return new DataImagebridgeQuotasQuotasOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      false,
      JSON.stringify(key),
    );
  }
}

/** Configuration of the data source `imagebridge_quotas`. */
export interface DataImagebridgeQuotasConfig extends TerraformMetaArguments {
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
}

/** The project's limits in the image service, and how much of them is used. */
export class DataImagebridgeQuotas extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_quotas';

  #cloud: string | undefined;
  #region: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeQuotasConfig = {}) {
    super(scope, id, baseConfig(config, 'imagebridge_quotas', generatorMetadata));
    this.#cloud = config.cloud;
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

  /** The limits by what they limit, in the service's own words, e.g. `image`. */
  get quotas(): DataImagebridgeQuotasQuotasMap {
    return new DataImagebridgeQuotasQuotasMap(this, 'quotas');
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

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      cloud: this.#cloud,
      region: this.#region,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      cloud: 'string',
      region: 'string',
    });
  }
}
