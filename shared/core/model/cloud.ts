// The port: what the rest of ImageBridge asks of a cloud. Each family has an adapter that implements it.
// Types only.
import type { CallOptions } from './clock.ts';
import type {
  ApiVersion,
  CloudFamily,
  DiskFormat,
  Image,
  ImageFilter,
  Job,
  JobRef,
  OsVersion,
  Quota,
  Share,
  Visibility,
} from './image.ts';
import type { OperationInput, OperationReply } from './operation.ts';
import type { DownloadUrl, HashName, MultipartTarget, TargetLocator, UnfinishedUpload } from './upload.ts';

/**
 * What a cloud can do, as data, so that a request can be refused before anything is sent. A text says why the
 * capability is absent and names the nearest thing that works; `true` means it is there.
 */
export interface Capabilities {
  /** A local file can be brought in through a staging bucket, in parts that resume. */
  stagedUpload: true | string;
  /** A local file can be sent to the image service itself, in one stream that cannot resume. */
  uploadStream: true | string;
  /** A local file can be sent to the image service itself, in parts that resume. */
  uploadParts: true | string;
  createFromObject: true | string;
  /** The service fetches a URL by itself. */
  createFromUrl: true | string;
  createFromServer: true | string;
  createFromVolume: true | string;
  createFromBackup: true | string;
  /** A server with all its disks becomes one image. */
  createFromWholeServer: true | string;
  /** Images of data disks, without an operating system. */
  dataDiskImages: true | string;
  /** The making of an image can be stopped. */
  cancelCreate: true | string;
  rename: true | string;
  updateDescription: true | string;
  /** Facts of the operating system (type, version, architecture, boot mode) can be changed afterwards. */
  updateOs: true | string;
  updateMinimums: true | string;
  customProperties: true | string;
  protect: true | string;
  updateTags: true | string;
  updateVisibility: true | string;
  /** An image can be taken out of use without being deleted, and put back. */
  deactivate: true | string;
  share: true | string;
  /** The receiver of a share must accept it before it can use the image. */
  shareAcceptance: true | string;
  copyInRegion: true | string;
  copyCrossRegion: true | string;
  /** A custom image can become a base image, which all tenants can be given. */
  copyToBaseImage: true | string;
  /** The data of an image can be copied to another store of the same service. */
  copyToStore: true | string;
  /** A copy to another region must name an agency (delegation), because the profile names none. */
  copyNeedsAgency: boolean;
  /** An image can be written into a bucket as a file. */
  exportImage: true | string;
  /** The bytes of an image can be read, from any position. */
  download: true | string;
  /** The service gives a URL that anybody can download the image from for a while. */
  downloadUrl: true | string;
  osCatalogue: true | string;
  quota: true | string;
  /** The service describes its records as JSON schemas. */
  schemas: true | string;
  versions: true | string;
  /** The form of a legal image name, and the same in words, e.g. `1 to 50 letters`. */
  imageName: { pattern: RegExp; rule: string };
  /** Longest description, in characters, and what it must not hold. */
  description: { maxLength: number; forbidden?: RegExp | undefined; rule: string };
  /** Formats that a file may have. */
  importFormats: readonly DiskFormat[];
  /** An ISO file needs `osVersion`, because its content does not tell. */
  isoNeedsOsVersion: boolean;
  /** Largest file an import takes, in bytes. */
  maxImportSizeBytes: number;
  /** Hashes of the stored bytes that the service tells of what was uploaded; compared after an upload. */
  storedChecksums: readonly HashName[];
  /** Range of min_disk in GiB; soft: the server has the last word. */
  minDiskGiB: { min: number; max: number };
}

/** The names of the capabilities that are either there or absent with a reason. */
export type Ability = {
  [K in keyof Capabilities]: Capabilities[K] extends true | string ? K : never;
}[keyof Capabilities];

/** How an image is to be described when it is made. A family ignores nothing: what it cannot keep it refuses. */
export interface ImageDescription {
  name: string;
  description?: string | undefined;
  /** As the cloud's catalogue spells it. */
  osVersion?: string | undefined;
  osType?: string | undefined;
  /** The distribution, where a family tells it from the version, e.g. `Ubuntu`. */
  osDistribution?: string | undefined;
  /** As the family spells it: `x86_64`, `aarch64`, `x86`, `arm`. */
  architecture?: string | undefined;
  bootMode?: 'bios' | 'uefi' | undefined;
  minDiskGiB?: number | undefined;
  minRamMiB?: number | undefined;
  tags?: Record<string, string> | undefined;
  visibility?: Visibility | undefined;
  protected?: boolean | undefined;
  /** Properties of the user's own, and of the family's that have no field here. */
  properties?: Record<string, string> | undefined;
}

/** What an import is chosen by. */
export interface ImportQuestion {
  /** Size of the file in bytes. Absent: not known (a URL). */
  sizeBytes?: number | undefined;
  diskFormat: DiskFormat;
  /** True for the disk of data only. */
  dataDisk?: boolean | undefined;
  /** The user's own choice; one of the family's methods. */
  method?: string | undefined;
  osVersion?: string | undefined;
}

/** How a file will become an image, chosen before anything is sent. */
export interface ImportChoice {
  /**
   * The family's method: `ordinary`, `quick`, `iso`, `data-disk`, `quick-data-disk` (Huawei Cloud); `direct`, `staged`, `web-download`
   * (OpenStack); `local`, `remote` (UCloudStack).
   */
  method: string;
  /** How the bytes travel. */
  route: 'bucket' | 'stream' | 'parts' | 'url';
  /** Why, as a sentence for the user. */
  reason: string;
}

/** Make an image from an object in the cloud's own object store. */
export interface CreateFromObjectRequest extends ImageDescription {
  bucket: string;
  key: string;
  /** Format of the object's content. */
  diskFormat: DiskFormat;
  /** Size of the object in bytes, where it is known: chooses the method. */
  sizeBytes?: number | undefined;
  /** The object is the disk of data only. */
  dataDisk?: boolean | undefined;
  /** Method of the import; see `ImportChoice.method`. Default: chosen by size and format. */
  method?: string | undefined;
  /** Key that the image is to be encrypted with. */
  kmsKeyId?: string | undefined;
}

/** Make an image from what the service fetches by itself. */
export interface CreateFromUrlRequest extends ImageDescription {
  /** http, https or (UCloudStack) ftp. May grant access: it is never printed or stored. */
  url: string;
  diskFormat: DiskFormat;
  sizeBytes?: number | undefined;
}

/** Make an image from a server. */
export interface CreateFromServerRequest extends ImageDescription {
  serverId: string;
  /** One disk of the server, where a family can choose (UCloudStack). Default: the system disk. */
  diskId?: string | undefined;
  /** Where the image is to lie (UCloudStack: storage set). */
  storageSet?: string | undefined;
}

/** Make an image from a volume. */
export interface CreateFromVolumeRequest extends ImageDescription {
  volumeId: string;
  /** True: an image of a data disk. Default: a system image. */
  dataDisk?: boolean | undefined;
}

/** Make a whole-server image, from a server or from a backup of one. */
export interface CreateFromBackupRequest extends ImageDescription {
  backupId: string;
  /** Vault that holds the backups (Huawei Cloud: CBR). */
  vaultId?: string | undefined;
}

/** Make a whole-server image from a server. */
export interface CreateFromWholeServerRequest extends ImageDescription {
  serverId: string;
  vaultId?: string | undefined;
}

/** Send a file to the image service in one stream. */
export interface UploadStreamRequest extends ImageDescription {
  diskFormat: DiskFormat;
  sizeBytes: number;
  /** The bytes from the start; called once per attempt. */
  open: () => AsyncIterable<Uint8Array>;
  /** See `ImportChoice.method`. */
  method?: string | undefined;
  /** Goes on with a record of an earlier attempt instead of making one. */
  imageId?: string | undefined;
  /** Called as soon as the record exists, before the bytes are sent, so that it can be noted. */
  onRecord?: ((imageId: string) => void | Promise<void>) | undefined;
  /** Called with the bytes handed over so far. */
  onProgress?: ((sentBytes: number) => void) | undefined;
}

/** Open the service's own upload in parts. */
export interface UploadPartsRequest extends ImageDescription {
  diskFormat: DiskFormat;
  sizeBytes: number;
}

/** An upload in parts that the image service has opened. */
export interface PartUploadSession {
  /** The image that the parts will become. */
  imageId: string;
  /** Its upload is open already: `initiate` gives the one upload id there is. Completing it starts the making of the image. */
  target: MultipartTarget;
}

/** What must be remembered of an upload in parts that the image service opened, besides its locator. */
export interface PartUploadToResume {
  uploadId: string;
  imageName: string;
  sizeBytes: number;
}

/** What may be changed of an image afterwards. An absent field stays as it is; `null` removes it. */
export interface ImageChanges {
  name?: string | undefined;
  description?: string | null | undefined;
  osType?: string | null | undefined;
  osDistribution?: string | null | undefined;
  osVersion?: string | null | undefined;
  architecture?: string | null | undefined;
  bootMode?: 'bios' | 'uefi' | null | undefined;
  minDiskGiB?: number | undefined;
  minRamMiB?: number | undefined;
  protected?: boolean | undefined;
  visibility?: Visibility | undefined;
  /** Tags to set, or to remove with null. Others stay. */
  tags?: Record<string, string | null> | undefined;
  /** Properties of the user's own to set, or to remove with null. */
  properties?: Record<string, string | null> | undefined;
}

/** Copy an image: inside its region, to another region, to a base image, or to further stores. */
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
  /** Vault in the target region; needed for whole-server images (Huawei Cloud). */
  vaultId?: string | undefined;
  /** Key that the copy is to be encrypted with. */
  kmsKeyId?: string | undefined;
  /** True: the copy is a base image (UCloudStack). */
  toBaseImage?: boolean | undefined;
  /** Stores that the same image is to lie in too (Glance); the name is not used then. */
  toStores?: readonly string[] | undefined;
}

/** Write an image into a bucket of the same region. */
export interface ExportRequest {
  imageId: string;
  bucket: string;
  /** Must not exist yet. */
  key: string;
  /** Format of the file. Absent with `quick`. */
  diskFormat?: DiskFormat | undefined;
  /** The fast way without conversion, the only one for large images. */
  quick?: boolean | undefined;
}

/** The bytes of an image on their way. */
export interface ImageDownload {
  /** Size of the whole image in bytes. */
  sizeBytes: number;
  /** Where `body` begins. */
  startByte: number;
  body: AsyncIterable<Uint8Array>;
  /** Hashes of the whole image in hex that the service tells, by algorithm: `sha512`, `sha256`, `md5`. */
  checksums: Readonly<Record<string, string>>;
}

/** What a probe of a cloud found out. */
export interface ProbeFinding {
  /** What was tried, e.g. `multipart upload to the object store`. */
  subject: string;
  outcome: 'works' | 'refused' | 'failed' | 'not-tried';
  /** What was seen, as a sentence. */
  detail: string;
}

/** The result of a probe. */
export interface Probe {
  findings: ProbeFinding[];
  /** Fields of the profile file that record the answers. Holds no secret. */
  settings: Record<string, string | number | boolean>;
}

/** Where a local file should be staged. */
export interface StagingRequest {
  /** Bucket; made when it does not exist. Default: the profile's staging bucket, else a name derived from the project. */
  bucket?: string | undefined;
  key: string;
  /** False: a bucket that is not there is refused with a `NotFoundError` instead of made. Default true. */
  makeBucket?: boolean | undefined;
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
  /**
   * How a file would become an image. Asks the service where only the service knows.
   * @throws RefusedError when the cloud would not take it; InvalidInputError when the chosen method does not fit
   */
  chooseImport(question: ImportQuestion, options?: CallOptions): Promise<ImportChoice>;
  createFromObject(request: CreateFromObjectRequest, options?: CallOptions): Promise<JobRef>;
  createFromUrl(request: CreateFromUrlRequest, options?: CallOptions): Promise<JobRef>;
  createFromServer(request: CreateFromServerRequest, options?: CallOptions): Promise<JobRef>;
  createFromVolume(request: CreateFromVolumeRequest, options?: CallOptions): Promise<JobRef>;
  createFromBackup(request: CreateFromBackupRequest, options?: CallOptions): Promise<JobRef>;
  createFromWholeServer(request: CreateFromWholeServerRequest, options?: CallOptions): Promise<JobRef>;
  /** Sends the whole file; a failure leaves no record without being noted: `onRecord` has told its id. */
  uploadStream(request: UploadStreamRequest, options?: CallOptions): Promise<JobRef>;
  /** Opens an upload in parts. */
  uploadParts(request: UploadPartsRequest, options?: CallOptions): Promise<PartUploadSession>;
  /** The target of an upload in parts that an earlier process opened. Sends nothing. */
  resumeParts(locator: TargetLocator, upload: PartUploadToResume): Promise<MultipartTarget>;
  /** Stops the making of an image that is not ready yet. */
  cancelCreate(imageId: string, options?: CallOptions): Promise<void>;
  updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image>;
  /** Succeeds when the image is gone already. */
  deleteImage(id: string, options?: CallOptions): Promise<void>;

  listShares(imageId: string, options?: CallOptions): AsyncIterable<Share>;
  /** Undefined when the image is not shared with that project. */
  getShare(imageId: string, projectId: string, options?: CallOptions): Promise<Share | undefined>;
  /** Shares with one project or several: in one call where the service takes them so, else one after the other. */
  addShare(imageId: string, projectId: string | readonly string[], options?: CallOptions): Promise<JobRef>;
  /** Ends the sharing with one project or several, as `addShare`. */
  removeShare(imageId: string, projectId: string | readonly string[], options?: CallOptions): Promise<JobRef>;
  /** Called by the receiving project, for itself. */
  answerShare(imageId: string, answer: 'accepted' | 'rejected', options?: CallOptions): Promise<JobRef>;

  copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef>;
  exportImage(request: ExportRequest, options?: CallOptions): Promise<JobRef>;
  /** @param startByte where to begin; default 0. The caller counts and verifies the bytes. */
  downloadImage(id: string, startByte?: number, options?: CallOptions): Promise<ImageDownload>;
  getDownloadUrl(id: string, options?: CallOptions): Promise<DownloadUrl>;
  setActive(id: string, active: boolean, options?: CallOptions): Promise<void>;
  getJob(ref: JobRef, options?: CallOptions): Promise<Job>;
  listOsVersions(options?: CallOptions): Promise<OsVersion[]>;
  getQuotas(options?: CallOptions): Promise<Quota[]>;
  /** @param name `image`, `images`, `member` or `members` */
  getSchema(name: string, options?: CallOptions): Promise<Record<string, unknown>>;
  listVersions(options?: CallOptions): Promise<ApiVersion[]>;

  /** Prepares the staging place of a local file (makes the bucket where needed). */
  stage(request: StagingRequest, options?: CallOptions): Promise<MultipartTarget>;
  /**
   * Uploads in parts that are unfinished in a bucket, whoever began them: their parts cost money until they are removed.
   * @param bucket default: the bucket that files are staged in; nothing when there is none yet
   */
  listUnfinishedUploads(bucket?: string, options?: CallOptions): AsyncIterable<UnfinishedUpload>;
  /** Removes an unfinished upload with its parts. Succeeds when it is gone already. */
  abortUnfinishedUpload(upload: UnfinishedUpload, options?: CallOptions): Promise<void>;
  /** Tries harmlessly what documents cannot tell, and cleans up after itself. Never throws for what does not work. */
  probe(options?: CallOptions): Promise<Probe>;
  /** Calls one of the service's own operations by its number in the index of operations. */
  callOperation(number: number, input: OperationInput, options?: CallOptions): Promise<OperationReply>;
  /** The same cloud and account in another region. */
  inRegion(region: string, projectName?: string): ImageCloud;
  /** Closes connections. Calls under way fail. */
  close(): Promise<void>;
}
