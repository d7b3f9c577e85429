// What an image, a share, a job and their friends are, in the words all families share. Types only.

/** The families of clouds that ImageBridge speaks to. */
export type CloudFamily = 'ucloudstack' | 'huaweicloud' | 'openstack';

/**
 * Where an image is in its life. `pending`: a record without data; `importing`: the service is taking the data in;
 * `active`: usable; `failed`: will never be usable; `deleted`: gone; `unknown`: a status this version does not know
 * (keep waiting until the deadline).
 */
export type ImageStatus =
  | 'pending'
  | 'importing'
  | 'active'
  | 'failed'
  | 'deactivated'
  | 'deleted'
  | 'unknown';

/** A disk or container format by its common name; `vhd` is what qemu calls vpc. Open: services know more. */
export type DiskFormat =
  | 'qcow2'
  | 'raw'
  | 'iso'
  | 'vmdk'
  | 'vhd'
  | 'vhdx'
  | 'vdi'
  | 'qed'
  | 'qcow'
  | 'zvhd'
  | 'zvhd2'
  | (string & {});

/** Who can see an image. */
export type Visibility = 'private' | 'shared' | 'public' | 'community' | (string & {});

/** An image as a cloud describes it. */
export interface Image {
  /** The service's id of the image. */
  id: string;
  name: string;
  status: ImageStatus;
  /** The service's own word for the status. */
  rawStatus: string;
  /** Why it failed, when the service says so. */
  failureReason?: string | undefined;
  description?: string | undefined;
  /** Id of the project (tenant, company) that owns it. */
  ownerId?: string | undefined;
  visibility?: Visibility | undefined;
  diskFormat?: DiskFormat | undefined;
  /** Size of the stored image in bytes. Absent where the service does not tell. */
  sizeBytes?: number | undefined;
  /** The smallest disk a server made from it may have, in GiB. */
  minDiskGiB?: number | undefined;
  /** The least memory a server made from it may have, in MiB. */
  minRamMiB?: number | undefined;
  osType?: string | undefined;
  /** The operating system as the service's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. */
  osVersion?: string | undefined;
  /** The distribution, where the service tells it from the version. */
  osDistribution?: string | undefined;
  architecture?: string | undefined;
  bootMode?: 'bios' | 'uefi' | (string & {}) | undefined;
  /** How far the making of it has come, 0 to 1, where the service tells. */
  progress?: number | undefined;
  /** Hashes of the stored bytes in hex that the service vouches for, by algorithm: `sha512`, `sha256`, `md5`. */
  checksums?: Readonly<Record<string, string>> | undefined;
  /** Tags with a key and a value; a bare tag has the value "". */
  tags: Record<string, string>;
  /** The image this one was made from, where the service tells. */
  sourceImageId?: string | undefined;
  /** True when the service refuses to delete it. */
  protected?: boolean | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
  /** Every further property of the service's reply, as strings, under the service's own names. */
  properties: Record<string, string>;
}

/** What can be asked of a listing. Every given field must match. */
export interface ImageFilter {
  /** Exact name. */
  name?: string | undefined;
  status?: ImageStatus | undefined;
  /** `own`: of this project; `shared`: shared with this project and accepted; `public`: the cloud's own. */
  scope?: 'own' | 'shared' | 'public' | undefined;
  /** A tag key with its value. */
  tag?: { key: string; value: string } | undefined;
  /** True: only those that are hidden from listings, where a family can hide images (openstack). Default: only the others. */
  hidden?: boolean | undefined;
}

/** An image made visible to one other project (Glance: a member). */
export interface Share {
  imageId: string;
  /** The project it is shared with. */
  projectId: string;
  /** The receiving project's answer. */
  status: 'pending' | 'accepted' | 'rejected' | (string & {});
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
}

/** Names a job of a service, so that it can be found again after a restart. Holds no secret. */
export interface JobRef {
  id: string;
}

/** Work that the service does on its own time. */
export interface Job {
  id: string;
  status: 'queued' | 'running' | 'succeeded' | 'failed';
  /** 0 to 1, where the service tells. */
  progress?: number | undefined;
  /** The service's name for this kind of work. */
  type?: string | undefined;
  /** The images that came out of it (also those of its sub-jobs). */
  imageIds: string[];
  /** The service's code of the failure. */
  errorCode?: string | undefined;
  /** The service's reason of the failure, sub-jobs included. */
  failureReason?: string | undefined;
  startedAt?: Date | undefined;
  endedAt?: Date | undefined;
}

/** An operating system that a cloud's catalogue knows. */
export interface OsVersion {
  platform: string;
  /** What to give as `osVersion`. */
  osVersion: string;
  osType: string;
  /** The distribution, where the service tells it from the version. */
  osDistribution?: string | undefined;
  architecture?: string | undefined;
  /** Word size of the system: 32 or 64. */
  bits?: number | undefined;
}

/** A version of a service's API. */
export interface ApiVersion {
  /** E.g. `v2.15`. */
  id: string;
  status: 'CURRENT' | 'SUPPORTED' | 'DEPRECATED' | (string & {});
}

/** A limit of the project and how much of it is used. */
export interface Quota {
  resource: string;
  used: number;
  limit: number;
}
