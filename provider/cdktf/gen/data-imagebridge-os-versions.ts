// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  TerraformDataSource,
  type TerraformMetaArguments,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `DataImagebridgeOsVersionsOsVersions`. */
export class DataImagebridgeOsVersionsOsVersionsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Architecture, where the cloud tells it. */
  get architecture(): string {
    return this.getStringAttribute('architecture');
  }

  /** Word size, where the cloud tells it. */
  get bits(): number {
    return this.getNumberAttribute('bits');
  }

  /** Distribution, where the cloud tells it. */
  get osDistribution(): string {
    return this.getStringAttribute('os_distribution');
  }

  /** Kind, e.g. `Linux`. */
  get osType(): string {
    return this.getStringAttribute('os_type');
  }

  /** What to give as `os_version`. */
  get osVersion(): string {
    return this.getStringAttribute('os_version');
  }

  /** Platform. */
  get platform(): string {
    return this.getStringAttribute('platform');
  }
}

/** Refers to the elements of a list or set of `DataImagebridgeOsVersionsOsVersions`. */
export class DataImagebridgeOsVersionsOsVersionsList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): DataImagebridgeOsVersionsOsVersionsOutputReference {
    return new DataImagebridgeOsVersionsOsVersionsOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Configuration of the data source `imagebridge_os_versions`. */
export interface DataImagebridgeOsVersionsConfig extends TerraformMetaArguments {
  /** Only systems for this architecture, as the cloud spells it. */
  readonly architecture?: string | undefined;
  /** Only systems of this word size: 32 or 64. */
  readonly bits?: number | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`.
   */
  readonly cloud?: string | undefined;
  /** Only systems of this distribution, where the cloud tells it. */
  readonly osDistribution?: string | undefined;
  /** Only systems of this kind, e.g. `Linux`. */
  readonly osType?: string | undefined;
  /** Only systems of this platform, e.g. `Ubuntu`. */
  readonly platform?: string | undefined;
  /** Region to look in. Default: the cloud's own. */
  readonly region?: string | undefined;
}

/**
 * The operating systems that the cloud's catalogue knows. `os_versions[*].os_version` is what
 * `imagebridge_image` takes as `os_version`.
 */
export class DataImagebridgeOsVersions extends TerraformDataSource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_os_versions';

  #architecture: string | undefined;
  #bits: number | undefined;
  #cloud: string | undefined;
  #osDistribution: string | undefined;
  #osType: string | undefined;
  #platform: string | undefined;
  #region: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: DataImagebridgeOsVersionsConfig = {}) {
    super(scope, id, baseConfig(config, 'imagebridge_os_versions', generatorMetadata));
    this.#architecture = config.architecture;
    this.#bits = config.bits;
    this.#cloud = config.cloud;
    this.#osDistribution = config.osDistribution;
    this.#osType = config.osType;
    this.#platform = config.platform;
    this.#region = config.region;
  }

  /**
   * Only systems for this architecture, as the cloud spells it. A reference: what was configured is
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

  /** Only systems of this word size: 32 or 64. A reference: what was configured is `bitsInput`. */
  get bits(): number {
    return this.getNumberAttribute('bits');
  }

  set bits(value: number) {
    this.#bits = value;
  }

  /** `bits` as configured. */
  get bitsInput(): number | undefined {
    return this.#bits;
  }

  /** Leaves `bits` out of the configuration. */
  resetBits(): void {
    this.#bits = undefined;
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

  /**
   * Only systems of this distribution, where the cloud tells it. A reference: what was configured is
   * `osDistributionInput`.
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

  /** Only systems of this kind, e.g. `Linux`. A reference: what was configured is `osTypeInput`. */
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

  /** The systems, in the service's order. */
  get osVersions(): DataImagebridgeOsVersionsOsVersionsList {
    return new DataImagebridgeOsVersionsOsVersionsList(this, 'os_versions', false);
  }

  /** Only systems of this platform, e.g. `Ubuntu`. A reference: what was configured is `platformInput`. */
  get platform(): string {
    return this.getStringAttribute('platform');
  }

  set platform(value: string) {
    this.#platform = value;
  }

  /** `platform` as configured. */
  get platformInput(): string | undefined {
    return this.#platform;
  }

  /** Leaves `platform` out of the configuration. */
  resetPlatform(): void {
    this.#platform = undefined;
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
      architecture: this.#architecture,
      bits: this.#bits,
      cloud: this.#cloud,
      os_distribution: this.#osDistribution,
      os_type: this.#osType,
      platform: this.#platform,
      region: this.#region,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      architecture: 'string',
      bits: 'number',
      cloud: 'string',
      os_distribution: 'string',
      os_type: 'string',
      platform: 'string',
      region: 'string',
    });
  }
}
