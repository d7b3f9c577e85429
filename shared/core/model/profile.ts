// What a profile is: one account of one cloud, as config reads it and clouds use it. Types only.
import type { CloudFamily } from './image.ts';
import type { Secret } from './secret.ts';

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
export interface HuaweicloudProfile {
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

/** A profile of a family whose settings this version does not read yet. */
export interface UnreadProfile {
  name: string;
  family: Exclude<CloudFamily, 'huaweicloud'>;
  region: string;
}

/** One account of one cloud. Secrets in it are wrapped. */
export type Profile = HuaweicloudProfile | UnreadProfile;
