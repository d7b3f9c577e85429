// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import { hashMapper, type IResolvable, TerraformProvider, Token, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { hclAttributes } from '../synthesis.ts';
import { generatorMetadata, providerSource } from './metadata.ts';

/** URLs of the services, where they do not follow from `domain_suffix`. */
export interface ImagebridgeProviderCloudsEndpoints {
  /** URL of the identity service (IAM); may hold `{region}`. */
  readonly iam?: string | undefined;
  /** URL of the image service (IMS); may hold `{region}`. */
  readonly ims?: string | undefined;
  /** URL of the object store (OBS); may hold `{region}`. */
  readonly obs?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderCloudsEndpoints} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsEndpointsToTerraform(
  value: ImagebridgeProviderCloudsEndpoints | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    iam: value.iam,
    ims: value.ims,
    obs: value.obs,
  };
}

/** URLs of the services in that region. */
export interface ImagebridgeProviderCloudsRegionsEndpoints {
  /** URL of the identity service (IAM); may hold `{region}`. */
  readonly iam?: string | undefined;
  /** URL of the image service (IMS); may hold `{region}`. */
  readonly ims?: string | undefined;
  /** URL of the object store (OBS); may hold `{region}`. */
  readonly obs?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderCloudsRegionsEndpoints} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsRegionsEndpointsToTerraform(
  value: ImagebridgeProviderCloudsRegionsEndpoints | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    iam: value.iam,
    ims: value.ims,
    obs: value.obs,
  };
}

/** What differs in a region, by its name. */
export interface ImagebridgeProviderCloudsRegions {
  /** URLs of the services in that region. */
  readonly endpoints?: ImagebridgeProviderCloudsRegionsEndpoints | IResolvable | undefined;
  /** Name of the project in that region. Default: the region's name. */
  readonly project?: string | undefined;
  /** Staging bucket in that region. */
  readonly stagingBucket?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderCloudsRegions} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsRegionsToTerraform(
  value: ImagebridgeProviderCloudsRegions | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    endpoints: imagebridgeProviderCloudsRegionsEndpointsToTerraform(value.endpoints),
    project: value.project,
    staging_bucket: value.stagingBucket,
  };
}

/**
 * Clouds by name. Each is either a profile of the profiles file (`profile`) or an account's own
 * settings. Where it has neither, its name is the profile's name.
 */
export interface ImagebridgeProviderClouds {
  /** Access key: signs the requests to the object store. Sensitive. */
  readonly accessKey?: string | undefined;
  /** Agency (delegation) that copies across regions act under. */
  readonly agencyName?: string | undefined;
  /** Account (domain) that the user belongs to. */
  readonly domain?: string | undefined;
  /** Endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX` unless `endpoints` says otherwise. */
  readonly domainSuffix?: string | undefined;
  /** URLs of the services, where they do not follow from `domain_suffix`. */
  readonly endpoints?: ImagebridgeProviderCloudsEndpoints | IResolvable | undefined;
  /** Family of the cloud: `huaweicloud`. */
  readonly family?: string | undefined;
  /**
   * Name the bucket in the path instead of the host name. Default: only where the host is an IP address
   * or localhost.
   */
  readonly obsPathStyle?: boolean | IResolvable | undefined;
  /**
   * Password of the user. Terraform stores provider configuration in plan files: prefer an ephemeral
   * variable, the environment or a profile. Sensitive.
   */
  readonly password?: string | undefined;
  /** Name of a profile in the profiles file. Excludes all other settings but `region`. */
  readonly profile?: string | undefined;
  /** Name of the project. Default: the region's name. */
  readonly project?: string | undefined;
  /** Id of the project, where it is known. Saves a question to IAM when keys are used. */
  readonly projectId?: string | undefined;
  /** Region that is used where a resource names none. */
  readonly region?: string | undefined;
  /** What differs in a region, by its name. */
  readonly regions?: Readonly<Record<string, ImagebridgeProviderCloudsRegions>> | IResolvable | undefined;
  /** Secret key that belongs to `access_key`. Sensitive. */
  readonly secretKey?: string | undefined;
  /** Security token that belongs to temporary keys. Sensitive. */
  readonly securityToken?: string | undefined;
  /** Bucket that files are uploaded to before the import. Default: a name made from the project's. */
  readonly stagingBucket?: string | undefined;
  /** Name of the user. */
  readonly user?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderClouds} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsToTerraform(
  value: ImagebridgeProviderClouds | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return {
    access_key: value.accessKey,
    agency_name: value.agencyName,
    domain: value.domain,
    domain_suffix: value.domainSuffix,
    endpoints: imagebridgeProviderCloudsEndpointsToTerraform(value.endpoints),
    family: value.family,
    obs_path_style: value.obsPathStyle,
    password: value.password,
    profile: value.profile,
    project: value.project,
    project_id: value.projectId,
    region: value.region,
    regions: hashMapper(imagebridgeProviderCloudsRegionsToTerraform)(value.regions),
    secret_key: value.secretKey,
    security_token: value.securityToken,
    staging_bucket: value.stagingBucket,
    user: value.user,
  };
}

/** Configuration of the provider `imagebridge`. */
export interface ImagebridgeProviderConfig {
  /**
   * Clouds by name. Each is either a profile of the profiles file (`profile`) or an account's own
   * settings. Where it has neither, its name is the profile's name.
   */
  readonly clouds?: Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined;
  /**
   * Path of the profiles file. Default: the environment's `IMAGEBRIDGE_CONFIG`, else the platform's
   * configuration folder.
   */
  readonly configFile?: string | undefined;
  /**
   * The cloud of resources that name none: a name of `clouds` or of a profile. Default: the only entry
   * of `clouds`, else the profiles file's own default.
   */
  readonly defaultCloud?: string | undefined;
  /**
   * Tags that every image gets, unless it has one of the same key in its own `tags`. The sum is in
   * `tags_all`.
   */
  readonly defaultTags?: Readonly<Record<string, string>> | undefined;
  /**
   * Folder of the upload journals, by which an interrupted upload goes on. Default: the environment's
   * `IMAGEBRIDGE_STATE_DIR`, else the platform's state folder.
   */
  readonly stateDir?: string | undefined;
  /** Name of a further configuration of the same provider. */
  readonly alias?: string | undefined;
}

/**
 * Machine images from files to clouds: upload, describe, share and copy them. One provider serves many
 * clouds: each resource may name its `cloud` and `region`. With an empty configuration the profiles
 * file and the environment are used, exactly as the `imagebridge` command does.
 */
export class ImagebridgeProvider extends TerraformProvider {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge';

  #clouds: Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined;
  #configFile: string | undefined;
  #defaultCloud: string | undefined;
  #defaultTags: Readonly<Record<string, string>> | undefined;
  #stateDir: string | undefined;
  #alias: string | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'imagebridge',
      terraformGeneratorMetadata: generatorMetadata,
      terraformProviderSource: providerSource,
    });
    this.#clouds = config.clouds;
    this.#configFile = config.configFile;
    this.#defaultCloud = config.defaultCloud;
    this.#defaultTags = config.defaultTags;
    this.#stateDir = config.stateDir;
    this.#alias = config.alias;
  }

  /**
   * Clouds by name. Each is either a profile of the profiles file (`profile`) or an account's own
   * settings. Where it has neither, its name is the profile's name.
   */
  get clouds(): Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined {
    return this.#clouds;
  }

  set clouds(value: Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined) {
    this.#clouds = value;
  }

  /** `clouds` as configured. */
  get cloudsInput(): Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined {
    return this.#clouds;
  }

  /** Leaves `clouds` out of the configuration. */
  resetClouds(): void {
    this.#clouds = undefined;
  }

  /**
   * Path of the profiles file. Default: the environment's `IMAGEBRIDGE_CONFIG`, else the platform's
   * configuration folder.
   */
  get configFile(): string | undefined {
    return this.#configFile;
  }

  set configFile(value: string | undefined) {
    this.#configFile = value;
  }

  /** `config_file` as configured. */
  get configFileInput(): string | undefined {
    return this.#configFile;
  }

  /** Leaves `config_file` out of the configuration. */
  resetConfigFile(): void {
    this.#configFile = undefined;
  }

  /**
   * The cloud of resources that name none: a name of `clouds` or of a profile. Default: the only entry
   * of `clouds`, else the profiles file's own default.
   */
  get defaultCloud(): string | undefined {
    return this.#defaultCloud;
  }

  set defaultCloud(value: string | undefined) {
    this.#defaultCloud = value;
  }

  /** `default_cloud` as configured. */
  get defaultCloudInput(): string | undefined {
    return this.#defaultCloud;
  }

  /** Leaves `default_cloud` out of the configuration. */
  resetDefaultCloud(): void {
    this.#defaultCloud = undefined;
  }

  /**
   * Tags that every image gets, unless it has one of the same key in its own `tags`. The sum is in
   * `tags_all`.
   */
  get defaultTags(): Readonly<Record<string, string>> | undefined {
    return this.#defaultTags;
  }

  set defaultTags(value: Readonly<Record<string, string>> | undefined) {
    this.#defaultTags = value;
  }

  /** `default_tags` as configured. */
  get defaultTagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#defaultTags;
  }

  /** Leaves `default_tags` out of the configuration. */
  resetDefaultTags(): void {
    this.#defaultTags = undefined;
  }

  /**
   * Folder of the upload journals, by which an interrupted upload goes on. Default: the environment's
   * `IMAGEBRIDGE_STATE_DIR`, else the platform's state folder.
   */
  get stateDir(): string | undefined {
    return this.#stateDir;
  }

  set stateDir(value: string | undefined) {
    this.#stateDir = value;
  }

  /** `state_dir` as configured. */
  get stateDirInput(): string | undefined {
    return this.#stateDir;
  }

  /** Leaves `state_dir` out of the configuration. */
  resetStateDir(): void {
    this.#stateDir = undefined;
  }

  /** Name of this configuration among those of the same provider; the default one has none. */
  override get alias(): string | undefined {
    return this.#alias;
  }
  override set alias(value: string | undefined) {
    this.#alias = value;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      clouds:
        this.#clouds === undefined
          ? undefined
          : Token.asAny(hashMapper(imagebridgeProviderCloudsToTerraform)(this.#clouds)),
      config_file: this.#configFile,
      default_cloud: this.#defaultCloud,
      default_tags: this.#defaultTags === undefined ? undefined : Token.asAny(this.#defaultTags),
      state_dir: this.#stateDir,
      alias: this.#alias,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      clouds: 'any',
      config_file: 'string',
      default_cloud: 'string',
      default_tags: 'map',
      state_dir: 'string',
      alias: 'string',
    });
  }
}
