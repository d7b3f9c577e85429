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
  type Job,
  type JobRef,
  type MultipartTarget,
  type OsVersion,
  type Quota,
  type Share,
  type StagingRequest,
  systemClock,
} from '../../model/index.ts';
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

class HuaweicloudImageCloud implements ImageCloud {
  readonly family = 'huaweicloud';
  readonly name: string;
  readonly region: string;
  readonly capabilities: Capabilities;
  readonly #session: Session;
  readonly #owner: Owner;

  constructor(session: Session, owner: Owner) {
    this.#session = session;
    this.#owner = owner;
    this.name = session.profile.name;
    this.region = session.region;
    const copyNeedsAgency = session.profile.agencyName === undefined;
    this.capabilities = { ...HUAWEICLOUD_CAPABILITIES, copyNeedsAgency };
  }

  async projectId(options?: CallOptions): Promise<string> {
    return this.#session.projectId(options);
  }

  listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image> {
    return images.listImages(this.#session, filter, options);
  }

  async getImage(id: string, options?: CallOptions): Promise<Image | undefined> {
    return images.getImage(this.#session, id, options);
  }

  async createFromObject(request: CreateFromObjectRequest, options?: CallOptions): Promise<JobRef> {
    return images.createFromObject(this.#session, request, options);
  }

  async updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    return images.updateImage(this.#session, id, changes, options);
  }

  async deleteImage(id: string, options?: CallOptions): Promise<void> {
    return images.deleteImage(this.#session, id, options);
  }

  listShares(imageId: string, options?: CallOptions): AsyncIterable<Share> {
    return sharing.listShares(this.#session, imageId, options);
  }

  async getShare(imageId: string, projectId: string, options?: CallOptions): Promise<Share | undefined> {
    return sharing.getShare(this.#session, imageId, projectId, options);
  }

  async addShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef> {
    return sharing.addShare(this.#session, imageId, projectId, options);
  }

  async removeShare(imageId: string, projectId: string, options?: CallOptions): Promise<JobRef> {
    return sharing.removeShare(this.#session, imageId, projectId, options);
  }

  async answerShare(
    imageId: string,
    answer: 'accepted' | 'rejected',
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.answerShare(this.#session, imageId, answer, options);
  }

  async copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef> {
    return sharing.copyImage(this.#session, request, options);
  }

  async getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    return toJob(await api.getJob(this.#session.ims, ref.id, options), ref.id);
  }

  async listOsVersions(options?: CallOptions): Promise<OsVersion[]> {
    return toOsVersions(await api.listOsVersions(this.#session.ims, options));
  }

  async getQuotas(options?: CallOptions): Promise<Quota[]> {
    const resources = await api.getQuota(this.#session.ims, options);
    return resources.map(({ type, used, quota }) => ({ resource: type, used, limit: quota }));
  }

  async stage(request: StagingRequest, options?: CallOptions): Promise<MultipartTarget> {
    return stage(this.#session, request, options);
  }

  inRegion(region: string, projectName?: string): ImageCloud {
    return this.#owner.inRegion(region, projectName);
  }

  close(): Promise<void> {
    return this.#owner.close();
  }
}
