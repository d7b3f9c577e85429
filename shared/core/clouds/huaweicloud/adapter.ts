// The port for clouds of the huaweicloud family. Puts the parts together; has no logic of its own.
import { HttpClient, type HttpClientOptions } from '../../http/index.ts';
import {
  type ApiVersion,
  type CallOptions,
  type Capabilities,
  type CopyRequest,
  type CreateFromBackupRequest,
  type CreateFromObjectRequest,
  type CreateFromServerRequest,
  type CreateFromVolumeRequest,
  type CreateFromWholeServerRequest,
  type ExportRequest,
  type HuaweicloudProfile,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageFilter,
  type ImportChoice,
  type ImportQuestion,
  InvalidInputError,
  type Job,
  type JobRef,
  type MultipartTarget,
  type OperationInput,
  type OperationReply,
  type OsVersion,
  type Probe,
  type Quota,
  type Share,
  type StagingRequest,
  systemClock,
  type UnfinishedUpload,
} from '../../model/index.ts';
import { BaseCloud } from '../base-cloud.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import { toJob, toOsVersions } from './convert.ts';
import * as creating from './creating.ts';
import * as images from './images.ts';
import { chooseImport } from './import-choice.ts';
import * as api from './ims/api.ts';
import { HUAWEICLOUD_OPERATIONS } from './operations.ts';
import { probe } from './probing.ts';
import { Session } from './session.ts';
import * as sharing from './sharing.ts';
import { abortUnfinished, listUnfinished, stage } from './staging.ts';
import * as transferring from './transferring.ts';
import { updateImage } from './updating.ts';

/** Opens a cloud of the family. Sends nothing until it is asked something. */
export function openHuaweicloud(profile: HuaweicloudProfile, options: HttpClientOptions = {}): ImageCloud {
  const http = new HttpClient(options);
  const clock = options.clock ?? systemClock;
  const open = (region: string, project: string): HuaweicloudImageCloud =>
    new HuaweicloudImageCloud(new Session({ profile, http, clock, region, project }), {
      // Clouds of other regions share the connections: closing one of them closes all.
      inRegion: (other, name) => open(other, name ?? profile.regions[other]?.project ?? other),
      close: () => http.close(),
    });
  const project = profile.regions[profile.region]?.project ?? profile.project ?? profile.region;
  return open(profile.region, project);
}

interface Owner {
  inRegion: (region: string, projectName: string | undefined) => ImageCloud;
  close: () => Promise<void>;
}

class HuaweicloudImageCloud extends BaseCloud {
  readonly family = 'huaweicloud';
  readonly name: string;
  readonly region: string;
  readonly capabilities: Capabilities;
  readonly #session: Session;
  readonly #owner: Owner;

  constructor(session: Session, owner: Owner) {
    super();
    this.#session = session;
    this.#owner = owner;
    this.name = session.profile.name;
    this.region = session.region;
    const copyNeedsAgency = session.profile.agencyName === undefined;
    this.capabilities = { ...HUAWEICLOUD_CAPABILITIES, copyNeedsAgency };
  }

  override async projectId(options?: CallOptions): Promise<string> {
    return this.#session.projectId(options);
  }

  override listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image> {
    return images.listImages(this.#session, filter, options);
  }

  override async getImage(id: string, options?: CallOptions): Promise<Image | undefined> {
    return images.getImage(this.#session, id, options);
  }

  override async chooseImport(question: ImportQuestion): Promise<ImportChoice> {
    return chooseImport(question, this.#session.label);
  }

  override async createFromObject(request: CreateFromObjectRequest, options?: CallOptions): Promise<JobRef> {
    return creating.createFromObject(this.#session, request, options);
  }

  override async createFromServer(request: CreateFromServerRequest, options?: CallOptions): Promise<JobRef> {
    return creating.createFromServer(this.#session, request, options);
  }

  override async createFromVolume(request: CreateFromVolumeRequest, options?: CallOptions): Promise<JobRef> {
    return creating.createFromVolume(this.#session, request, options);
  }

  override async createFromBackup(request: CreateFromBackupRequest, options?: CallOptions): Promise<JobRef> {
    return creating.createFromBackup(this.#session, request, options);
  }

  override async createFromWholeServer(
    request: CreateFromWholeServerRequest,
    options?: CallOptions,
  ): Promise<JobRef> {
    return creating.createFromWholeServer(this.#session, request, options);
  }

  override async updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    return updateImage(this.#session, id, changes, options);
  }

  override async deleteImage(id: string, options?: CallOptions): Promise<void> {
    return images.deleteImage(this.#session, id, options);
  }

  override listShares(imageId: string, options?: CallOptions): AsyncIterable<Share> {
    return sharing.listShares(this.#session, imageId, options);
  }

  override async getShare(
    imageId: string,
    projectId: string,
    options?: CallOptions,
  ): Promise<Share | undefined> {
    return sharing.getShare(this.#session, imageId, projectId, options);
  }

  override async addShare(
    imageId: string,
    projectId: string | readonly string[],
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.addShare(this.#session, imageId, projectId, options);
  }

  override async removeShare(
    imageId: string,
    projectId: string | readonly string[],
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.removeShare(this.#session, imageId, projectId, options);
  }

  override async answerShare(
    imageId: string,
    answer: 'accepted' | 'rejected',
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.answerShare(this.#session, imageId, answer, options);
  }

  override async copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef> {
    return transferring.copyImage(this.#session, request, options);
  }

  override async exportImage(request: ExportRequest, options?: CallOptions): Promise<JobRef> {
    return transferring.exportImage(this.#session, request, options);
  }

  override async getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    return toJob(await api.getJob(this.#session.ims, { job_id: ref.id }, options), ref.id);
  }

  override async listOsVersions(options?: CallOptions): Promise<OsVersion[]> {
    return toOsVersions(await api.listOsVersions(this.#session.ims, {}, options));
  }

  override async getQuotas(options?: CallOptions): Promise<Quota[]> {
    const { quotas } = await api.getQuota(this.#session.ims, options);
    return quotas.resources.map(({ type, used, quota }) => ({ resource: type, used, limit: quota }));
  }

  override async getSchema(name: string, options?: CallOptions): Promise<Record<string, unknown>> {
    const { ims, label } = this.#session;
    switch (name) {
      case 'image':
        return api.showImageSchema(ims, options);
      case 'images':
        return api.showImagesSchema(ims, options);
      case 'member':
        return api.showMemberSchema(ims, options);
      case 'members':
        return api.showMembersSchema(ims, options);
    }
    throw new InvalidInputError({
      operation: `read the schema ${JSON.stringify(name)}`,
      cloud: label,
      reason: 'the service describes image, images, member and members only',
    });
  }

  override async listVersions(options?: CallOptions): Promise<ApiVersion[]> {
    const { versions } = await api.listVersions(this.#session.ims, options);
    return versions.map(({ id, status = 'unknown' }) => ({ id, status }));
  }

  override listUnfinishedUploads(bucket?: string, options?: CallOptions): AsyncIterable<UnfinishedUpload> {
    return listUnfinished(this.#session, bucket, options);
  }

  override async abortUnfinishedUpload(upload: UnfinishedUpload, options?: CallOptions): Promise<void> {
    await abortUnfinished(this.#session, upload, options);
  }

  override async stage(request: StagingRequest, options?: CallOptions): Promise<MultipartTarget> {
    return stage(this.#session, request, options);
  }

  override async probe(options?: CallOptions): Promise<Probe> {
    return probe(this.#session, options);
  }

  override async callOperation(
    number: number,
    input: OperationInput,
    options?: CallOptions,
  ): Promise<OperationReply> {
    const operation = HUAWEICLOUD_OPERATIONS.find((known) => known.number === number);
    if (operation) return operation.run(this.#session, input, options);
    throw new InvalidInputError({
      operation: `call operation ${number}`,
      cloud: this.#session.label,
      reason: 'this family has no operation of that number',
      hint: 'List them with: imagebridge api --list.',
    });
  }

  override inRegion(region: string, projectName?: string): ImageCloud {
    return this.#owner.inRegion(region, projectName);
  }

  override close(): Promise<void> {
    return this.#owner.close();
  }
}
