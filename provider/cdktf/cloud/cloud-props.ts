// What one says of an account to declare it as a cloud. Types only.
import type {
  ImagebridgeProviderCloudsEndpoints,
  ImagebridgeProviderCloudsPartTransport,
  ImagebridgeProviderCloudsRegions,
} from '../gen/index.ts';

/** What clouds of all families have. */
export interface CloudProps {
  /**
   * Name in the provider's `clouds`.
   * @default the construct id
   */
  readonly name?: string | undefined;
  /** Region of objects that name none. @default what the family's own default is */
  readonly region?: string | undefined;
  /** True: the cloud of images that name none. @default false */
  readonly isDefault?: boolean | undefined;
  /**
   * Alias of the provider configuration that the cloud is put into; it is made where the stack has none of that alias.
   * One configuration serves many clouds: an alias is for teams that want them apart.
   * @default the configuration without alias
   */
  readonly alias?: string | undefined;
  /** URL of a proxy; a reference to it where it holds a password. @default HTTP_PROXY, HTTPS_PROXY and NO_PROXY */
  readonly proxy?: string | undefined;
  /** Path of a PEM file with authorities to trust besides the system's. @default none */
  readonly caFile?: string | undefined;
  /** True: certificates are not checked. @default false */
  readonly insecure?: boolean | undefined;
  /** Most requests per second to one service. @default what the family bears */
  readonly requestsPerSecond?: number | undefined;
  /** Most requests under way at once to one service. @default what the family bears */
  readonly parallelRequests?: number | undefined;
}

/** An account of a cloud of the `huaweicloud` family. Give a user with password and domain, or a key pair. */
export interface HuaweicloudProps extends CloudProps {
  /** Region of objects that name none. */
  readonly region: string;
  /** Name of the project. @default the region's name */
  readonly project?: string | undefined;
  /** Id of the project. @default asked of the cloud */
  readonly projectId?: string | undefined;
  /** Account (domain) that the user belongs to. @default none: keys are used */
  readonly domain?: string | undefined;
  /** Name of the user. @default none: keys are used */
  readonly user?: string | undefined;
  /** A reference to the password, not the password itself. @default none: keys are used */
  readonly password?: string | undefined;
  /** Access key; signs requests to the object store. @default none */
  readonly accessKey?: string | undefined;
  /** A reference to the secret key of `accessKey`. @default none */
  readonly secretKey?: string | undefined;
  /** A reference to the token of temporary keys. @default none */
  readonly securityToken?: string | undefined;
  /** Bucket in the path of the URL. @default only where the host is an IP address or localhost */
  readonly obsPathStyle?: boolean | undefined;
  /** Bucket that files are staged in. @default a name made from the project's */
  readonly stagingBucket?: string | undefined;
  /** Agency that copies across regions act under. @default none */
  readonly agencyName?: string | undefined;
  /** Endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX`. @default myhuaweicloud.com */
  readonly domainSuffix?: string | undefined;
  /** URLs of the services, where they differ; may hold `{region}`. @default from the domain suffix */
  readonly endpoints?: ImagebridgeProviderCloudsEndpoints | undefined;
  /** What differs in single regions, by their names. @default nothing */
  readonly regions?: Readonly<Record<string, ImagebridgeProviderCloudsRegions>> | undefined;
}

/** An account of an OpenStack. Give a user, a token or an application credential; the environment's `OS_*` fill in. */
export interface OpenstackProps extends CloudProps {
  /** URL of Keystone, with or without `/v3`. */
  readonly authUrl: string;
  /** Name of the user. @default none */
  readonly username?: string | undefined;
  /** Id of the user, instead of name and domain. @default none */
  readonly userId?: string | undefined;
  /** Domain of the user, by name. @default none */
  readonly userDomainName?: string | undefined;
  /** Domain of the user, by id. @default none */
  readonly userDomainId?: string | undefined;
  /** A reference to the password. @default none */
  readonly password?: string | undefined;
  /** A reference to a token, instead of a password. @default none */
  readonly token?: string | undefined;
  /** Id of an application credential. @default none */
  readonly applicationCredentialId?: string | undefined;
  /** Name of an application credential; needs the user as well. @default none */
  readonly applicationCredentialName?: string | undefined;
  /** A reference to the secret of the application credential. @default none */
  readonly applicationCredentialSecret?: string | undefined;
  /** Name of the project. @default none */
  readonly projectName?: string | undefined;
  /** Id of the project. @default none */
  readonly projectId?: string | undefined;
  /** Domain of the project, by name. @default none */
  readonly projectDomainName?: string | undefined;
  /** Domain of the project, by id. @default none */
  readonly projectDomainId?: string | undefined;
  /** Which endpoint of the catalogue is used. @default public */
  readonly interface?: 'public' | 'internal' | 'admin' | undefined;
  /** URL of the image service; may hold `{region}`. @default the catalogue's */
  readonly imageEndpoint?: string | undefined;
  /** What the service speaks. @default upstream */
  readonly dialect?: 'upstream' | 'easystack' | undefined;
}

/** An account of a UCloudStack. */
export interface UcloudstackProps extends CloudProps {
  /** Region of objects that name none. */
  readonly region: string;
  /** URL of the API, path included. */
  readonly endpoint: string;
  /** Public key. @default the environment's UCLOUDSTACK_PUBLIC_KEY */
  readonly publicKey?: string | undefined;
  /** A reference to the private key. @default the environment's UCLOUDSTACK_PRIVATE_KEY */
  readonly privateKey?: string | undefined;
  /** A reference to the token of temporary keys. @default none */
  readonly securityToken?: string | undefined;
  /** Id of the tenant (CompanyID). @default none */
  readonly companyId?: number | undefined;
  /** Id of the project group. @default none */
  readonly projectId?: string | undefined;
  /** How requests are written. @default form */
  readonly requestForm?: 'form' | 'json' | 'get' | undefined;
  /** Generation of the return codes. @default v2 */
  readonly returnCodes?: 'v1' | 'v2' | undefined;
  /** What names and formats the cloud takes. @default documented */
  readonly limits?: 'documented' | 'extended' | undefined;
  /** URL that downloads begin with, up to and including `/download`; may hold `{region}`. @default none */
  readonly downloadUrl?: string | undefined;
  /** How the parts of an upload travel: experimental. @default files are staged elsewhere */
  readonly partTransport?: ImagebridgeProviderCloudsPartTransport | undefined;
  /** What differs in single regions, by their names. @default nothing */
  readonly regions?: Readonly<Record<string, ImagebridgeProviderCloudsRegions>> | undefined;
}

/** Where profiles are, and which one counts. */
export interface CloudProfilesProps {
  /** Path of the profiles file. @default IMAGEBRIDGE_CONFIG, else the platform's configuration folder */
  readonly configFile?: string | undefined;
  /** Cloud of images that name none. @default the only cloud there is, else the file's own default */
  readonly defaultCloud?: string | undefined;
  /** Folder of the upload journals. @default IMAGEBRIDGE_STATE_DIR, else the platform's state folder */
  readonly stateDir?: string | undefined;
  /** Alias of the provider configuration that is meant. @default the configuration without alias */
  readonly alias?: string | undefined;
}

/** What is known here of a profile, whose settings are elsewhere. */
export interface ProfileOptions {
  /** Family of its cloud: names, formats and abilities can then be checked at synthesis. @default not known */
  readonly family?: 'huaweicloud' | 'openstack' | 'ucloudstack' | undefined;
}
