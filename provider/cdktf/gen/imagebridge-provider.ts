// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import { hashMapper, type IResolvable, TerraformProvider, Token, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata, providerSource } from './metadata.ts';

/** Huawei Cloud: URLs of the services, where they do not follow from `domain_suffix`. */
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
  return present({
    iam: value.iam,
    ims: value.ims,
    obs: value.obs,
  });
}

/** UCloudStack: how the parts of an upload travel. No document describes it: this is experimental. */
export interface ImagebridgeProviderCloudsPartTransport {
  /** Access key of the S3 service. Sensitive. */
  readonly accessKey?: string | undefined;
  /** URL of the S3 service, up to and including the path before the bucket; may hold `{region}`. */
  readonly endpoint?: string | undefined;
  /** Object key; may hold `{image_id}`, `{upload_id}`, `{image_name}`. Default `{image_id}`. */
  readonly keyTemplate?: string | undefined;
  /** The kind: `s3`. */
  readonly kind?: string | undefined;
  /** Secret key that belongs to `access_key`. Sensitive. */
  readonly secretKey?: string | undefined;
  /** How requests are signed. Default `sigv4`. One of: `sigv4`, `obs`, `none`. */
  readonly signer?: string | undefined;
  /** Name of the region in the signature. Default `us-east-1`. */
  readonly signingRegion?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderCloudsPartTransport} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsPartTransportToTerraform(
  value: ImagebridgeProviderCloudsPartTransport | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    access_key: value.accessKey,
    endpoint: value.endpoint,
    key_template: value.keyTemplate,
    kind: value.kind,
    secret_key: value.secretKey,
    signer: value.signer,
    signing_region: value.signingRegion,
  });
}

/** Huawei Cloud: URLs of the services in that region. */
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
  return present({
    iam: value.iam,
    ims: value.ims,
    obs: value.obs,
  });
}

/** Huawei Cloud and UCloudStack: what differs in a region, by its name. */
export interface ImagebridgeProviderCloudsRegions {
  /** UCloudStack: URL that downloads begin with in that region. */
  readonly downloadUrl?: string | undefined;
  /** Huawei Cloud: URLs of the services in that region. */
  readonly endpoints?: ImagebridgeProviderCloudsRegionsEndpoints | IResolvable | undefined;
  /** UCloudStack: URL of the part transport in that region. */
  readonly partEndpoint?: string | undefined;
  /** Huawei Cloud: name of the project in that region. Default: the region's name. */
  readonly project?: string | undefined;
  /** Huawei Cloud: staging bucket in that region. */
  readonly stagingBucket?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderCloudsRegions} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsRegionsToTerraform(
  value: ImagebridgeProviderCloudsRegions | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    download_url: value.downloadUrl,
    endpoints: imagebridgeProviderCloudsRegionsEndpointsToTerraform(value.endpoints),
    part_endpoint: value.partEndpoint,
    project: value.project,
    staging_bucket: value.stagingBucket,
  });
}

/**
 * Clouds by name. Each is either a profile (`profile`) or an account's own settings (`family` and what
 * it needs, with the names of the profiles file). Where it has neither, its name is the profile's
 * name. Settings without credentials take what they leave out from the environment's variables of
 * their family (`HW_*`, `OS_*`, `UCLOUDSTACK_*`, `IMAGEBRIDGE_*`).
 */
export interface ImagebridgeProviderClouds {
  /**
   * Huawei Cloud: access key; signs requests to the object store, and all requests where there is no
   * user. Sensitive.
   */
  readonly accessKey?: string | undefined;
  /** Huawei Cloud: agency (delegation) that copies across regions act under. */
  readonly agencyName?: string | undefined;
  /** OpenStack: id of an application credential. */
  readonly applicationCredentialId?: string | undefined;
  /** OpenStack: name of an application credential; needs the user as well. */
  readonly applicationCredentialName?: string | undefined;
  /** OpenStack: secret of the application credential. Sensitive. */
  readonly applicationCredentialSecret?: string | undefined;
  /**
   * OpenStack: how Keystone is asked. Default: by what is given. One of: `password`, `token`,
   * `application_credential`.
   */
  readonly authType?: string | undefined;
  /** OpenStack: URL of Keystone, with or without `/v3`. */
  readonly authUrl?: string | undefined;
  /** File (PEM) with certificates of authorities to trust besides the system's. */
  readonly caFile?: string | undefined;
  /** UCloudStack: id of the tenant (CompanyID). */
  readonly companyId?: number | undefined;
  /** OpenStack: what the service speaks. Default `upstream`. One of: `upstream`, `easystack`. */
  readonly dialect?: string | undefined;
  /** Huawei Cloud: account (domain) that the user belongs to. */
  readonly domain?: string | undefined;
  /**
   * Huawei Cloud: endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX` unless `endpoints` says
   * otherwise.
   */
  readonly domainSuffix?: string | undefined;
  /** UCloudStack: URL that downloads begin with, up to and including `/download`; may hold `{region}`. */
  readonly downloadUrl?: string | undefined;
  /** UCloudStack: URL of the API, path included. */
  readonly endpoint?: string | undefined;
  /** Huawei Cloud: URLs of the services, where they do not follow from `domain_suffix`. */
  readonly endpoints?: ImagebridgeProviderCloudsEndpoints | IResolvable | undefined;
  /**
   * Family of the cloud; needed unless a profile is meant. One of: `huaweicloud`, `openstack`,
   * `ucloudstack`.
   */
  readonly family?: string | undefined;
  /** OpenStack: URL of the image service instead of the catalogue's; may hold `{region}`. */
  readonly imageEndpoint?: string | undefined;
  /** True: certificates are not checked. Everybody on the way can then read and change what is sent. */
  readonly insecure?: boolean | IResolvable | undefined;
  /** OpenStack: which endpoint of the catalogue is used. One of: `public`, `internal`, `admin`. */
  readonly interface?: string | undefined;
  /**
   * UCloudStack: what names and formats the cloud takes. Default `documented`. One of: `documented`,
   * `extended`.
   */
  readonly limits?: string | undefined;
  /**
   * Huawei Cloud: name the bucket in the path instead of the host name. Default: only where the host is
   * an IP address or localhost.
   */
  readonly obsPathStyle?: boolean | IResolvable | undefined;
  /** Most requests under way at once to one service of this cloud. Default: the provider's. */
  readonly parallelRequests?: number | undefined;
  /** UCloudStack: how the parts of an upload travel. No document describes it: this is experimental. */
  readonly partTransport?: ImagebridgeProviderCloudsPartTransport | IResolvable | undefined;
  /**
   * Password of the user. Terraform keeps the configuration of providers in plan files: use an ephemeral
   * variable, the environment or a profile. Sensitive.
   */
  readonly password?: string | undefined;
  /** UCloudStack: private key. Sensitive. */
  readonly privateKey?: string | undefined;
  /** Name of a profile in the profiles file. Excludes all other settings but `region` and the limits. */
  readonly profile?: string | undefined;
  /** Huawei Cloud: name of the project. Default: the region's name. */
  readonly project?: string | undefined;
  /** OpenStack: domain of the project, by id. */
  readonly projectDomainId?: string | undefined;
  /** OpenStack: domain of the project, by name. */
  readonly projectDomainName?: string | undefined;
  /** Id of the project. */
  readonly projectId?: string | undefined;
  /** OpenStack: name of the project. */
  readonly projectName?: string | undefined;
  /**
   * Proxy for all requests, e.g. `http://proxy.example:3128`. Default: `HTTP_PROXY`, `HTTPS_PROXY`,
   * `NO_PROXY`. Sensitive.
   */
  readonly proxy?: string | undefined;
  /** UCloudStack: public key. Sensitive. */
  readonly publicKey?: string | undefined;
  /** Region that is used where a resource names none. */
  readonly region?: string | undefined;
  /** Huawei Cloud and UCloudStack: what differs in a region, by its name. */
  readonly regions?: Readonly<Record<string, ImagebridgeProviderCloudsRegions>> | IResolvable | undefined;
  /** UCloudStack: how requests are written. Default `form`. One of: `form`, `json`, `get`. */
  readonly requestForm?: string | undefined;
  /** Most requests per second to one service of this cloud. Default: the provider's. */
  readonly requestsPerSecond?: number | undefined;
  /** UCloudStack: generation of the return codes. Default `v2`. One of: `v1`, `v2`. */
  readonly returnCodes?: string | undefined;
  /** Huawei Cloud: secret key that belongs to `access_key`. Sensitive. */
  readonly secretKey?: string | undefined;
  /** Security token that belongs to temporary keys. Sensitive. */
  readonly securityToken?: string | undefined;
  /**
   * Huawei Cloud: bucket that files are uploaded to before the import. Default: a name made from the
   * project's.
   */
  readonly stagingBucket?: string | undefined;
  /** OpenStack: a token, instead of a password. Sensitive. */
  readonly token?: string | undefined;
  /** Huawei Cloud: name of the user. */
  readonly user?: string | undefined;
  /** OpenStack: domain of the user, by id. */
  readonly userDomainId?: string | undefined;
  /** OpenStack: domain of the user, by name. */
  readonly userDomainName?: string | undefined;
  /** OpenStack: id of the user, instead of name and domain. */
  readonly userId?: string | undefined;
  /** OpenStack: name of the user. */
  readonly username?: string | undefined;
}

/** Puts a {@link ImagebridgeProviderClouds} into Terraform's words; tokens pass through. */
function imagebridgeProviderCloudsToTerraform(
  value: ImagebridgeProviderClouds | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    access_key: value.accessKey,
    agency_name: value.agencyName,
    application_credential_id: value.applicationCredentialId,
    application_credential_name: value.applicationCredentialName,
    application_credential_secret: value.applicationCredentialSecret,
    auth_type: value.authType,
    auth_url: value.authUrl,
    ca_file: value.caFile,
    company_id: value.companyId,
    dialect: value.dialect,
    domain: value.domain,
    domain_suffix: value.domainSuffix,
    download_url: value.downloadUrl,
    endpoint: value.endpoint,
    endpoints: imagebridgeProviderCloudsEndpointsToTerraform(value.endpoints),
    family: value.family,
    image_endpoint: value.imageEndpoint,
    insecure: value.insecure,
    interface: value.interface,
    limits: value.limits,
    obs_path_style: value.obsPathStyle,
    parallel_requests: value.parallelRequests,
    part_transport: imagebridgeProviderCloudsPartTransportToTerraform(value.partTransport),
    password: value.password,
    private_key: value.privateKey,
    profile: value.profile,
    project: value.project,
    project_domain_id: value.projectDomainId,
    project_domain_name: value.projectDomainName,
    project_id: value.projectId,
    project_name: value.projectName,
    proxy: value.proxy,
    public_key: value.publicKey,
    region: value.region,
    regions: hashMapper(imagebridgeProviderCloudsRegionsToTerraform)(value.regions),
    request_form: value.requestForm,
    requests_per_second: value.requestsPerSecond,
    return_codes: value.returnCodes,
    secret_key: value.secretKey,
    security_token: value.securityToken,
    staging_bucket: value.stagingBucket,
    token: value.token,
    user: value.user,
    user_domain_id: value.userDomainId,
    user_domain_name: value.userDomainName,
    user_id: value.userId,
    username: value.username,
  });
}

/** Configuration of the provider `imagebridge`. */
export interface ImagebridgeProviderConfig {
  /**
   * Clouds by name. Each is either a profile (`profile`) or an account's own settings (`family` and what
   * it needs, with the names of the profiles file). Where it has neither, its name is the profile's
   * name. Settings without credentials take what they leave out from the environment's variables of
   * their family (`HW_*`, `OS_*`, `UCLOUDSTACK_*`, `IMAGEBRIDGE_*`).
   */
  readonly clouds?: Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined;
  /**
   * Path of the profiles file. Default: the environment's `IMAGEBRIDGE_CONFIG`, else the platform's
   * configuration folder.
   */
  readonly configFile?: string | undefined;
  /**
   * The cloud of resources that name none: a name of `clouds` or of a profile. Default: the only entry
   * of `clouds`, else the environment's `IMAGEBRIDGE_CLOUD` or `OS_CLOUD`, else the profiles file's own
   * default.
   */
  readonly defaultCloud?: string | undefined;
  /**
   * Tags that every image gets, unless it has one of the same key in its own `tags`. The sum is in
   * `tags_all`.
   */
  readonly defaultTags?: Readonly<Record<string, string>> | undefined;
  /** Most requests under way at once to one service of a cloud. Default: what its family bears. */
  readonly parallelRequests?: number | undefined;
  /** Most requests per second to one service of a cloud. Default: what its family bears. */
  readonly requestsPerSecond?: number | undefined;
  /**
   * Folder of the upload journals, by which an interrupted upload goes on. Default: the environment's
   * `IMAGEBRIDGE_STATE_DIR`, else the platform's state folder.
   */
  readonly stateDir?: string | undefined;
  /** Most bytes per second of all uploads of one apply together. Default: no limit. */
  readonly uploadLimitBytesPerSecond?: number | undefined;
  /**
   * Most parts under way at once, of all uploads of one apply together; an upload in one stream counts
   * as one part. Default 32.
   */
  readonly uploadParallelParts?: number | undefined;
  /** Name of a further configuration of the same provider. */
  readonly alias?: string | undefined;
}

/**
 * Machine images from files to clouds: upload, describe, share and copy them. One provider serves many
 * clouds: each resource may name its `cloud` and `region`. With an empty configuration the profiles
 * file, `clouds.yaml` and the environment are used, exactly as the `imagebridge` command does.
 */
export class ImagebridgeProvider extends TerraformProvider {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge';

  #clouds: Readonly<Record<string, ImagebridgeProviderClouds>> | IResolvable | undefined;
  #configFile: string | undefined;
  #defaultCloud: string | undefined;
  #defaultTags: Readonly<Record<string, string>> | undefined;
  #parallelRequests: number | undefined;
  #requestsPerSecond: number | undefined;
  #stateDir: string | undefined;
  #uploadLimitBytesPerSecond: number | undefined;
  #uploadParallelParts: number | undefined;
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
    this.#parallelRequests = config.parallelRequests;
    this.#requestsPerSecond = config.requestsPerSecond;
    this.#stateDir = config.stateDir;
    this.#uploadLimitBytesPerSecond = config.uploadLimitBytesPerSecond;
    this.#uploadParallelParts = config.uploadParallelParts;
    this.#alias = config.alias;
  }

  /**
   * Clouds by name. Each is either a profile (`profile`) or an account's own settings (`family` and what
   * it needs, with the names of the profiles file). Where it has neither, its name is the profile's
   * name. Settings without credentials take what they leave out from the environment's variables of
   * their family (`HW_*`, `OS_*`, `UCLOUDSTACK_*`, `IMAGEBRIDGE_*`).
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
   * of `clouds`, else the environment's `IMAGEBRIDGE_CLOUD` or `OS_CLOUD`, else the profiles file's own
   * default.
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

  /** Most requests under way at once to one service of a cloud. Default: what its family bears. */
  get parallelRequests(): number | undefined {
    return this.#parallelRequests;
  }

  set parallelRequests(value: number | undefined) {
    this.#parallelRequests = value;
  }

  /** `parallel_requests` as configured. */
  get parallelRequestsInput(): number | undefined {
    return this.#parallelRequests;
  }

  /** Leaves `parallel_requests` out of the configuration. */
  resetParallelRequests(): void {
    this.#parallelRequests = undefined;
  }

  /** Most requests per second to one service of a cloud. Default: what its family bears. */
  get requestsPerSecond(): number | undefined {
    return this.#requestsPerSecond;
  }

  set requestsPerSecond(value: number | undefined) {
    this.#requestsPerSecond = value;
  }

  /** `requests_per_second` as configured. */
  get requestsPerSecondInput(): number | undefined {
    return this.#requestsPerSecond;
  }

  /** Leaves `requests_per_second` out of the configuration. */
  resetRequestsPerSecond(): void {
    this.#requestsPerSecond = undefined;
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

  /** Most bytes per second of all uploads of one apply together. Default: no limit. */
  get uploadLimitBytesPerSecond(): number | undefined {
    return this.#uploadLimitBytesPerSecond;
  }

  set uploadLimitBytesPerSecond(value: number | undefined) {
    this.#uploadLimitBytesPerSecond = value;
  }

  /** `upload_limit_bytes_per_second` as configured. */
  get uploadLimitBytesPerSecondInput(): number | undefined {
    return this.#uploadLimitBytesPerSecond;
  }

  /** Leaves `upload_limit_bytes_per_second` out of the configuration. */
  resetUploadLimitBytesPerSecond(): void {
    this.#uploadLimitBytesPerSecond = undefined;
  }

  /**
   * Most parts under way at once, of all uploads of one apply together; an upload in one stream counts
   * as one part. Default 32.
   */
  get uploadParallelParts(): number | undefined {
    return this.#uploadParallelParts;
  }

  set uploadParallelParts(value: number | undefined) {
    this.#uploadParallelParts = value;
  }

  /** `upload_parallel_parts` as configured. */
  get uploadParallelPartsInput(): number | undefined {
    return this.#uploadParallelParts;
  }

  /** Leaves `upload_parallel_parts` out of the configuration. */
  resetUploadParallelParts(): void {
    this.#uploadParallelParts = undefined;
  }

  /** Name of this configuration among those of the same provider; the default one has none. */
  override get alias(): string | undefined {
    return this.#alias;
  }
  override set alias(value: string | undefined) {
    this.#alias = value;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      clouds:
        this.#clouds === undefined
          ? undefined
          : Token.asAny(hashMapper(imagebridgeProviderCloudsToTerraform)(this.#clouds)),
      config_file: this.#configFile,
      default_cloud: this.#defaultCloud,
      default_tags: this.#defaultTags === undefined ? undefined : Token.asAny(this.#defaultTags),
      parallel_requests: this.#parallelRequests,
      requests_per_second: this.#requestsPerSecond,
      state_dir: this.#stateDir,
      upload_limit_bytes_per_second: this.#uploadLimitBytesPerSecond,
      upload_parallel_parts: this.#uploadParallelParts,
      alias: this.#alias,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      clouds: 'any',
      config_file: 'string',
      default_cloud: 'string',
      default_tags: 'map',
      parallel_requests: 'number',
      requests_per_second: 'number',
      state_dir: 'string',
      upload_limit_bytes_per_second: 'number',
      upload_parallel_parts: 'number',
      alias: 'string',
    });
  }
}
