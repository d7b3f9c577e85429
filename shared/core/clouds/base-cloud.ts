// What adapters of all families have in common: every ability that a family does not have is refused here, with the
// reason that its capabilities declare. Imports the model.
import {
  type Ability,
  type ApiVersion,
  type CallOptions,
  type Capabilities,
  type CloudFamily,
  type CopyRequest,
  type CreateFromBackupRequest,
  type CreateFromObjectRequest,
  type CreateFromServerRequest,
  type CreateFromUrlRequest,
  type CreateFromVolumeRequest,
  type CreateFromWholeServerRequest,
  type DownloadUrl,
  type ExportRequest,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageDownload,
  type ImageFilter,
  type ImportChoice,
  type ImportQuestion,
  type Job,
  type JobRef,
  type MultipartTarget,
  type OperationInput,
  type OperationReply,
  type OsVersion,
  type PartUploadSession,
  type PartUploadToResume,
  type Probe,
  type Quota,
  type Share,
  type StagingRequest,
  type TargetLocator,
  type UnfinishedUpload,
  UnsupportedError,
  type UploadPartsRequest,
  type UploadStreamRequest,
} from '../model/index.ts';

/** The base of the adapters. A family overrides what it has. */
export abstract class BaseCloud implements ImageCloud {
  abstract readonly name: string;
  abstract readonly family: CloudFamily;
  abstract readonly region: string;
  abstract readonly capabilities: Capabilities;

  abstract projectId(options?: CallOptions): Promise<string>;
  abstract listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image>;
  abstract getImage(id: string, options?: CallOptions): Promise<Image | undefined>;
  abstract chooseImport(question: ImportQuestion, options?: CallOptions): Promise<ImportChoice>;
  abstract updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image>;
  abstract deleteImage(id: string, options?: CallOptions): Promise<void>;
  abstract getJob(ref: JobRef, options?: CallOptions): Promise<Job>;
  abstract probe(options?: CallOptions): Promise<Probe>;
  abstract callOperation(
    number: number,
    input: OperationInput,
    options?: CallOptions,
  ): Promise<OperationReply>;
  abstract inRegion(region: string, projectName?: string): ImageCloud;
  abstract close(): Promise<void>;

  async createFromObject(request: CreateFromObjectRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent(
      'createFromObject',
      `create image ${request.name} from ${request.bucket}/${request.key}`,
    );
  }

  async createFromUrl(request: CreateFromUrlRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('createFromUrl', `create image ${request.name} from a URL`);
  }

  async createFromServer(request: CreateFromServerRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('createFromServer', `create image ${request.name} from server ${request.serverId}`);
  }

  async createFromVolume(request: CreateFromVolumeRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('createFromVolume', `create image ${request.name} from volume ${request.volumeId}`);
  }

  async createFromBackup(request: CreateFromBackupRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('createFromBackup', `create image ${request.name} from backup ${request.backupId}`);
  }

  async createFromWholeServer(
    request: CreateFromWholeServerRequest,
    _options?: CallOptions,
  ): Promise<JobRef> {
    throw this.absent(
      'createFromWholeServer',
      `create image ${request.name} from the whole server ${request.serverId}`,
    );
  }

  async uploadStream(request: UploadStreamRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('uploadStream', `upload image ${request.name} in one stream`);
  }

  async uploadParts(request: UploadPartsRequest, _options?: CallOptions): Promise<PartUploadSession> {
    throw this.absent('uploadParts', `upload image ${request.name} in parts`);
  }

  async resumeParts(locator: TargetLocator, _upload: PartUploadToResume): Promise<MultipartTarget> {
    throw this.absent('uploadParts', `go on with the upload of ${locator.key}`);
  }

  async cancelCreate(imageId: string, _options?: CallOptions): Promise<void> {
    throw this.absent('cancelCreate', `stop the making of image ${imageId}`);
  }

  listShares(imageId: string, _options?: CallOptions): AsyncIterable<Share> {
    throw this.absent('share', `list the shares of image ${imageId}`);
  }

  async getShare(imageId: string, projectId: string, _options?: CallOptions): Promise<Share | undefined> {
    throw this.absent('share', `read the share of image ${imageId} with ${projectId}`);
  }

  async addShare(
    imageId: string,
    projectId: string | readonly string[],
    _options?: CallOptions,
  ): Promise<JobRef> {
    throw this.absent('share', `share image ${imageId} with ${projectId}`);
  }

  async removeShare(
    imageId: string,
    projectId: string | readonly string[],
    _options?: CallOptions,
  ): Promise<JobRef> {
    throw this.absent('share', `stop sharing image ${imageId} with ${projectId}`);
  }

  async answerShare(
    imageId: string,
    answer: 'accepted' | 'rejected',
    _options?: CallOptions,
  ): Promise<JobRef> {
    throw this.absent('shareAcceptance', `${answer === 'accepted' ? 'accept' : 'reject'} image ${imageId}`);
  }

  async copyImage(request: CopyRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('copyInRegion', `copy image ${request.sourceImageId} to ${request.name}`);
  }

  async exportImage(request: ExportRequest, _options?: CallOptions): Promise<JobRef> {
    throw this.absent('exportImage', `export image ${request.imageId} to ${request.bucket}/${request.key}`);
  }

  async downloadImage(id: string, _startByte?: number, _options?: CallOptions): Promise<ImageDownload> {
    throw this.absent('download', `download image ${id}`);
  }

  async getDownloadUrl(id: string, _options?: CallOptions): Promise<DownloadUrl> {
    throw this.absent('downloadUrl', `get a download URL of image ${id}`);
  }

  async setActive(id: string, active: boolean, _options?: CallOptions): Promise<void> {
    throw this.absent('deactivate', `${active ? 'reactivate' : 'deactivate'} image ${id}`);
  }

  async listOsVersions(_options?: CallOptions): Promise<OsVersion[]> {
    throw this.absent('osCatalogue', 'list operating systems');
  }

  async getQuotas(_options?: CallOptions): Promise<Quota[]> {
    throw this.absent('quota', 'read the quotas');
  }

  async getSchema(name: string, _options?: CallOptions): Promise<Record<string, unknown>> {
    throw this.absent('schemas', `read the schema ${name}`);
  }

  async listVersions(_options?: CallOptions): Promise<ApiVersion[]> {
    throw this.absent('versions', 'list the versions of the API');
  }

  async stage(request: StagingRequest, _options?: CallOptions): Promise<MultipartTarget> {
    throw this.absent('stagedUpload', `stage ${request.key} in a bucket`);
  }

  listUnfinishedUploads(_bucket?: string, _options?: CallOptions): AsyncIterable<UnfinishedUpload> {
    throw this.absent('stagedUpload', 'list unfinished uploads');
  }

  async abortUnfinishedUpload(upload: UnfinishedUpload, _options?: CallOptions): Promise<void> {
    throw this.absent('stagedUpload', `remove the unfinished upload of ${upload.key}`);
  }

  /** The error for what this cloud does not have. */
  protected absent(ability: Ability, operation: string): UnsupportedError {
    const has = this.capabilities[ability];
    return new UnsupportedError({
      operation,
      cloud: `${this.family} "${this.name}"`,
      reason: 'this cloud does not offer it',
      hint: has === true ? undefined : has,
    });
  }
}
