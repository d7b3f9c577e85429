// The port: what the rest of ImageBridge asks of a cloud. Each family has an adapter that implements it.
// Types only.
import type { CallOptions } from './clock.ts';
import type {
  CloudFamily,
  DiskFormat,
  Image,
  ImageFilter,
  Job,
  JobRef,
  OsVersion,
  Quota,
  Share,
} from './image.ts';
import type { MultipartTarget } from './upload.ts';

/**
 * What a cloud can do, as data, so that a request can be refused before anything is sent. A text says why the
 * capability is absent and names the nearest thing that works; `true` means it is there.
 */
export interface Capabilities {
  /** A local file can be brought in through a staging bucket, in parts that resume. */
  stagedUpload: true | string;
  share: true | string;
  /** The receiver of a share must accept it before it can use the image. */
  shareAcceptance: true | string;
  copyInRegion: true | string;
  copyCrossRegion: true | string;
  /** A copy to another region must name an agency (delegation), because the profile names none. */
  copyNeedsAgency: boolean;
  /** The form of a legal image name, and the same in words, e.g. `1 to 50 letters`. */
  imageName: { pattern: RegExp; rule: string };
  /** Formats that a file may have. */
  importFormats: readonly DiskFormat[];
  /** An ISO file needs `osVersion`, because its content does not tell. */
  isoNeedsOsVersion: boolean;
  /** Largest file an import takes, in bytes. */
  maxImportSizeBytes: number;
  /** Range of min_disk in GiB; soft: the server has the last word. */
  minDiskGiB: { min: number; max: number };
}

/** How an image is to be described when it is made. */
export interface ImageDescription {
  name: string;
  description?: string | undefined;
  /** As the cloud's catalogue spells it. */
  osVersion?: string | undefined;
  osType?: string | undefined;
  minDiskGiB?: number | undefined;
  minRamMiB?: number | undefined;
  tags?: Record<string, string> | undefined;
}

/** Make an image from an object in the cloud's own object store. */
export interface CreateFromObjectRequest extends ImageDescription {
  bucket: string;
  key: string;
  /** Format of the object's content. */
  diskFormat: DiskFormat;
}

/** What may be changed of an image afterwards. An absent field stays as it is; `null` removes it. */
export interface ImageChanges {
  name?: string | undefined;
  description?: string | null | undefined;
  minRamMiB?: number | undefined;
  /** Properties of the user's own to set, or to remove with null. */
  properties?: Record<string, string | null> | undefined;
}

/** Copy an image inside its region, or to another one when `region` is given and differs. */
export interface CopyRequest {
  sourceImageId: string;
  name: string;
  description?: string | undefined;
  /** Target region; absent: the same region. */
  region?: string | undefined;
  /** Project in the target region that will own the copy. Default: the region's own project. */
  projectName?: string | undefined;
  /** Agency (delegation) that the cloud acts under; needed by Huawei Cloud across regions. */
  agencyName?: string | undefined;
}

/** Where a local file should be staged. */
export interface StagingRequest {
  /** Bucket; made when it does not exist. Default: the profile's staging bucket, else a name derived from the project. */
  bucket?: string | undefined;
  key: string;
}

/**
 * One cloud, one region, one project. Every method throws only `ImageBridgeError`s, and takes an AbortSignal.
 * Methods that start work in the cloud return a `JobRef` at once; wait for it with `waitForJob` of the workflow.
 */
export interface ImageCloud {
  /** Name of the profile. */
  readonly name: string;
  readonly family: CloudFamily;
  readonly region: string;
  readonly capabilities: Capabilities;

  /** Id of the project that the credentials act in. */
  projectId(options?: CallOptions): Promise<string>;
  /** Pages lazily: stop reading and no further page is asked for. */
  listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image>;
  /** Undefined when there is no such image, or it is not visible to this project. */
  getImage(id: string, options?: CallOptions): Promise<Image | undefined>;
  createFromObject(request: CreateFromObjectRequest, options?: CallOptions): Promise<JobRef>;
  updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image>;
  /** Succeeds when the image is gone already. */
  deleteImage(id: string, options?: CallOptions): Promise<void>;

  listShares(imageId: string, options?: CallOptions): AsyncIterable<Share>;
  /** Undefined when the image is not shared with that project. */
  getShare(imageId: string, projectId: string, options?: CallOptions): Promise<Share | undefined>;
  addShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef>;
  removeShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef>;
  /** Called by the receiving project, for itself. */
  answerShare(imageId: string, answer: 'accepted' | 'rejected', options?: CallOptions): Promise<JobRef>;

  copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef>;
  getJob(ref: JobRef, options?: CallOptions): Promise<Job>;
  listOsVersions(options?: CallOptions): Promise<OsVersion[]>;
  getQuotas(options?: CallOptions): Promise<Quota[]>;

  /** Prepares the staging place of a local file (makes the bucket where needed). */
  stage(request: StagingRequest, options?: CallOptions): Promise<MultipartTarget>;
  /** The same cloud and account in another region. */
  inRegion(region: string, projectName?: string): ImageCloud;
  /** Closes connections. Calls under way fail. */
  close(): Promise<void>;
}
