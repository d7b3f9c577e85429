// The port for clouds of the huaweicloud family. Puts the parts together; has no logic of its own.
import { HttpClient, type HttpClientOptions } from '../../http/index.ts';
import {
  type CallOptions,
  type Capabilities,
  type CopyRequest,
  type CreateFromObjectRequest,
  type HuaweicloudProfile,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageFilter,
  type ImportChoice,
  type ImportQuestion,
  type Job,
  type JobRef,
  type MultipartTarget,
  type OperationReply,
  type OsVersion,
  type Probe,
  type Quota,
  type Share,
  type StagingRequest,
  systemClock,
} from '../../model/index.ts';
import { BaseCloud } from '../base-cloud.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import { toJob, toOsVersions } from './convert.ts';
import * as images from './images.ts';
import * as api from './ims/api.ts';
import { Session } from './session.ts';
import * as sharing from './sharing.ts';
import { stage } from './staging.ts';

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

  override async createFromObject(request: CreateFromObjectRequest, options?: CallOptions): Promise<JobRef> {
    return images.createFromObject(this.#session, request, options);
  }

  override async updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    return images.updateImage(this.#session, id, changes, options);
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

  override async addShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef> {
    return sharing.addShare(this.#session, imageId, projectId, options);
  }

  override async removeShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef> {
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
    return sharing.copyImage(this.#session, request, options);
  }

  override async getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    return toJob(await api.getJob(this.#session.ims, ref.id, options), ref.id);
  }

  override async listOsVersions(options?: CallOptions): Promise<OsVersion[]> {
    return toOsVersions(await api.listOsVersions(this.#session.ims, options));
  }

  override async getQuotas(options?: CallOptions): Promise<Quota[]> {
    const resources = await api.getQuota(this.#session.ims, options);
    return resources.map(({ type, used, quota }) => ({ resource: type, used, limit: quota }));
  }

  override async stage(request: StagingRequest, options?: CallOptions): Promise<MultipartTarget> {
    return stage(this.#session, request, options);
  }

  override async chooseImport(question: ImportQuestion): Promise<ImportChoice> {
    return {
      method: 'ordinary',
      route: 'bucket',
      reason: `a ${question.diskFormat} file goes through a bucket`,
    };
  }

  override async probe(): Promise<Probe> {
    return { findings: [], settings: {} };
  }

  override async callOperation(number: number): Promise<OperationReply> {
    throw this.absent('versions', `call operation ${number}`);
  }

  override inRegion(region: string, projectName?: string): ImageCloud {
    return this.#owner.inRegion(region, projectName);
  }

  override close(): Promise<void> {
    return this.#owner.close();
  }
}
