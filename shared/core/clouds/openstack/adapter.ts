// The port for clouds of the openstack family, upstream and EasyStack. Puts the parts together; has no logic of its own.
import { HttpClient, type HttpClientOptions } from '../../http/index.ts';
import {
  type ApiVersion,
  type CallOptions,
  type Capabilities,
  type CopyRequest,
  type CreateFromUrlRequest,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageDownload,
  type ImageFilter,
  type ImportChoice,
  type ImportQuestion,
  type Job,
  type JobRef,
  NotFoundError,
  type OpenstackProfile,
  type OperationInput,
  type OperationReply,
  type Probe,
  type Quota,
  type Share,
  systemClock,
  UnsupportedError,
  type UploadStreamRequest,
} from '../../model/index.ts';
import { BaseCloud } from '../base-cloud.ts';
import { orUndefined } from '../or-undefined.ts';
import { EASYSTACK_CAPABILITIES, OPENSTACK_CAPABILITIES } from './capabilities.ts';
import * as download from './download.ts';
import * as api from './glance/api.ts';
import * as images from './images.ts';
import * as imports from './imports.ts';
import * as jobs from './jobs.ts';
import { OPENSTACK_OPERATIONS } from './operations.ts';
import { probe } from './probe.ts';
import { Identity, Session } from './session.ts';
import * as sharing from './sharing.ts';

/** Opens a cloud of the family. Sends nothing until it is asked something. */
export function openOpenstack(profile: OpenstackProfile, options: HttpClientOptions = {}): ImageCloud {
  const http = new HttpClient(options);
  const clock = options.clock ?? systemClock;
  const identity = new Identity({ profile, http, clock });
  // Clouds of other regions share the token and the connections: closing one of them closes all.
  const open = (region: string): ImageCloud =>
    new OpenstackImageCloud(new Session({ profile, http, clock, region, identity }), open, () =>
      http.close(),
    );
  return open(profile.region);
}

class OpenstackImageCloud extends BaseCloud {
  readonly family = 'openstack';
  readonly name: string;
  readonly region: string;
  readonly capabilities: Capabilities;
  readonly #session: Session;
  readonly #open: (region: string) => ImageCloud;
  readonly #close: () => Promise<void>;

  constructor(session: Session, open: (region: string) => ImageCloud, close: () => Promise<void>) {
    super();
    this.#session = session;
    this.#open = open;
    this.#close = close;
    this.name = session.profile.name;
    this.region = session.region;
    this.capabilities =
      session.profile.dialect === 'easystack' ? EASYSTACK_CAPABILITIES : OPENSTACK_CAPABILITIES;
  }

  override projectId(options?: CallOptions): Promise<string> {
    return this.#session.projectId(options);
  }

  override listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image> {
    return images.listImages(this.#session, filter, options);
  }

  override getImage(id: string, options?: CallOptions): Promise<Image | undefined> {
    return images.getImage(this.#session, id, options);
  }

  override chooseImport(question: ImportQuestion, options?: CallOptions): Promise<ImportChoice> {
    return imports.chooseImport(this.#session, question, this.capabilities.importFormats, options);
  }

  override async createFromUrl(request: CreateFromUrlRequest, options?: CallOptions): Promise<JobRef> {
    if (this.capabilities.createFromUrl !== true) return super.createFromUrl(request);
    return imports.createFromUrl(this.#session, request, options);
  }

  override uploadStream(request: UploadStreamRequest, options?: CallOptions): Promise<JobRef> {
    return imports.uploadStream(this.#session, request, options);
  }

  override updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    return images.updateImage(this.#session, id, changes, options);
  }

  override deleteImage(id: string, options?: CallOptions): Promise<void> {
    return images.deleteImage(this.#session, id, options);
  }

  override setActive(id: string, active: boolean, options?: CallOptions): Promise<void> {
    return api.setActive(this.#session.glance, id, active, options);
  }

  override listShares(imageId: string, options?: CallOptions): AsyncIterable<Share> {
    return sharing.listShares(this.#session, imageId, options);
  }

  override getShare(imageId: string, projectId: string, options?: CallOptions): Promise<Share | undefined> {
    return sharing.getShare(this.#session, imageId, projectId, options);
  }

  override addShare(
    imageId: string,
    projectId: string | readonly string[],
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.addShare(this.#session, imageId, projectId, options);
  }

  override removeShare(
    imageId: string,
    projectId: string | readonly string[],
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.removeShare(this.#session, imageId, projectId, options);
  }

  override answerShare(
    imageId: string,
    answer: 'accepted' | 'rejected',
    options?: CallOptions,
  ): Promise<JobRef> {
    return sharing.answerShare(this.#session, imageId, answer, options);
  }

  override async copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef> {
    const what = `copy image ${request.sourceImageId}`;
    if (request.toBaseImage) throw this.absent('copyToBaseImage', `${what} to a base image`);
    if (request.region !== undefined && request.region !== this.region)
      throw this.absent('copyCrossRegion', `copy image ${request.sourceImageId} to region ${request.region}`);
    if (request.toStores === undefined) throw this.absent('copyInRegion', `${what} to ${request.name}`);
    if (this.capabilities.copyToStore !== true) throw this.absent('copyToStore', `${what} to further stores`);
    return imports.copyToStores(this.#session, request.sourceImageId, request.toStores, options);
  }

  override downloadImage(id: string, startByte?: number, options?: CallOptions): Promise<ImageDownload> {
    return download.downloadImage(this.#session, id, startByte, options);
  }

  override getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    return jobs.getJob(this.#session, ref, options);
  }

  override async getQuotas(options?: CallOptions): Promise<Quota[]> {
    if (this.capabilities.quota !== true) return super.getQuotas();
    const usage = await orUndefined(api.getUsage(this.#session.glance, options));
    if (usage === undefined) {
      throw new UnsupportedError({
        operation: 'read the quotas',
        cloud: this.#session.label,
        reason: 'the service is too old to tell them',
        hint: 'Ask the administrator of the cloud.',
      });
    }
    return Object.entries(usage).map(([resource, { usage: used, limit }]) => ({ resource, used, limit }));
  }

  override getSchema(name: string, options?: CallOptions): Promise<Record<string, unknown>> {
    return api.getSchema(this.#session.glance, name, options);
  }

  override listVersions(options?: CallOptions): Promise<ApiVersion[]> {
    return api.listVersions(this.#session.glance, options);
  }

  override probe(options?: CallOptions): Promise<Probe> {
    return probe(this.#session, options);
  }

  override async callOperation(
    number: number,
    input: OperationInput,
    options?: CallOptions,
  ): Promise<OperationReply> {
    const operation = OPENSTACK_OPERATIONS.find((one) => one.number === number);
    if (operation !== undefined) return operation.run(this.#session, input, options);
    throw new NotFoundError({
      operation: `call operation ${number}`,
      cloud: this.#session.label,
      reason: 'clouds of this family have no such operation',
    });
  }

  override inRegion(region: string): ImageCloud {
    return this.#open(region);
  }

  override close(): Promise<void> {
    return this.#close();
  }
}
