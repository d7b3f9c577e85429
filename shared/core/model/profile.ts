// What a profile is: one account of one cloud, as config reads it and clouds use it. Types only.
import type { Secret } from './secret.ts';

/** How the services of a profile are reached. */
export interface ProfileConnection {
  /** Proxy for all requests of this profile; default: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. May hold credentials: never print it. */
  proxy?: Secret | undefined;
  /** File (PEM) with the certificates of authorities to trust besides the system's. */
  caFile?: string | undefined;
  /** True: certificates are not checked. Loud: every face warns. */
  insecure?: boolean | undefined;
}

/** URLs of the services of one region; may hold `{region}`. An absent one is derived from the domain suffix. */
export interface HuaweicloudEndpoints {
  iam?: string | undefined;
  ims?: string | undefined;
  obs?: string | undefined;
}

/** What differs from the profile in one region. */
export interface HuaweicloudRegion {
  endpoints: HuaweicloudEndpoints;
  /** Project in this region. Default: the region's name. */
  project?: string | undefined;
  /** Staging bucket in this region: an import needs a bucket of the image's own region. */
  stagingBucket?: string | undefined;
}

/** One account of a cloud of the `huaweicloud` family. */
export interface HuaweicloudProfile extends ProfileConnection {
  name: string;
  family: 'huaweicloud';
  region: string;
  /** Project's name; default: the region's name. */
  project?: string | undefined;
  /** Project's id, when it is known; saves a question to IAM where requests are signed by keys. */
  projectId?: string | undefined;
  /** Account (domain) that the user belongs to. */
  domain?: string | undefined;
  user?: string | undefined;
  password?: Secret | undefined;
  /** Access key: signs requests to the object store, and to all services when there is no password. */
  accessKey?: string | undefined;
  secretKey?: Secret | undefined;
  /** Belongs to temporary keys. */
  securityToken?: Secret | undefined;
  /** Bucket in the path of the URL. Default: only when the host is an IP address or localhost. */
  obsPathStyle?: boolean | undefined;
  /** Bucket of the profile's own region that local files are staged in. */
  stagingBucket?: string | undefined;
  /** Agency that copies across regions act under. */
  agencyName?: string | undefined;
  /** Endpoints are `https://{service}.{region}.{domainSuffix}` unless they are given. */
  domainSuffix: string;
  endpoints: HuaweicloudEndpoints;
  /** By the name of the region; wins over the profile's own values. */
  regions: Record<string, HuaweicloudRegion>;
}

/** How requests may be sent to a UCloudStack. */
export type UcloudstackForm = 'form' | 'json' | 'get';

/** How parts of a local upload reach a UCloudStack. Nothing of it is documented: experimental. */
export interface PartTransportSettings {
  /** The only built-in kind: S3's UploadPart, ListParts. */
  kind: 's3';
  /** Base URL of the S3 service, up to and including the path before the bucket; may hold `{region}`. */
  endpoint: string;
  /** Object key; may hold `{image_id}`, `{upload_id}`, `{image_name}`. Default `{image_id}`. */
  keyTemplate?: string | undefined;
  /** Default `sigv4`. */
  signer?: 'sigv4' | 'obs' | 'none' | undefined;
  accessKey?: string | undefined;
  secretKey?: Secret | undefined;
  /** Region name in the signature. Default `us-east-1`. */
  signingRegion?: string | undefined;
}

/** What differs from the profile in one region. */
export interface UcloudstackRegion {
  downloadUrl?: string | undefined;
  /** Base URL of the part transport. */
  partEndpoint?: string | undefined;
}

/** One account of a cloud of the `ucloudstack` family. */
export interface UcloudstackProfile extends ProfileConnection {
  name: string;
  family: 'ucloudstack';
  region: string;
  /** URL of the API, path included: `https://console.example.com/api`. */
  endpoint: string;
  publicKey: string;
  privateKey: Secret;
  /** Belongs to temporary keys. */
  securityToken?: Secret | undefined;
  /** Tenant id (CompanyID). */
  companyId?: number | undefined;
  /** Project group (ProjectID). */
  projectId?: string | undefined;
  /** Default `form`. */
  requestForm?: UcloudstackForm | undefined;
  /** Generation of the return codes. Default `v2`. */
  returnCodes?: 'v1' | 'v2' | undefined;
  /** `documented`: names to 50 characters, qcow2 and iso. `extended`: what the vendor's newer kit allows. Default `documented`. */
  limits?: 'documented' | 'extended' | undefined;
  /** URL that a download query is appended to, up to and including `/download`; may hold `{region}`. */
  downloadUrl?: string | undefined;
  partTransport?: PartTransportSettings | undefined;
  /** By the name of the region; wins over the profile's own values. */
  regions: Record<string, UcloudstackRegion>;
}

/** How a Keystone is asked for a token. */
export type OpenstackAuthType = 'password' | 'token' | 'application_credential';

/** One account of a cloud of the `openstack` family. */
export interface OpenstackProfile extends ProfileConnection {
  name: string;
  family: 'openstack';
  region: string;
  /** `easystack`: no import, no multihash, MD5 only, until the server shows otherwise. Default `upstream`. */
  dialect: 'upstream' | 'easystack';
  /** Keystone, with or without `/v3`. */
  authUrl: string;
  authType: OpenstackAuthType;
  userName?: string | undefined;
  userId?: string | undefined;
  userDomainName?: string | undefined;
  userDomainId?: string | undefined;
  password?: Secret | undefined;
  token?: Secret | undefined;
  applicationCredentialId?: string | undefined;
  applicationCredentialName?: string | undefined;
  applicationCredentialSecret?: Secret | undefined;
  projectName?: string | undefined;
  projectId?: string | undefined;
  projectDomainName?: string | undefined;
  projectDomainId?: string | undefined;
  /** Default `public`. */
  interface?: 'public' | 'internal' | 'admin' | undefined;
  /** URL of the image service instead of the catalogue's; may hold `{region}`. */
  imageEndpoint?: string | undefined;
}

/** One account of one cloud. Secrets in it are wrapped. */
export type Profile = HuaweicloudProfile | UcloudstackProfile | OpenstackProfile;
