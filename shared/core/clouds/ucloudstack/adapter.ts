// The port for clouds of the ucloudstack family. Puts the parts together; has no logic of its own.
import { HttpClient, type HttpClientOptions } from '../../http/index.ts';
import {
  type CallOptions,
  type Capabilities,
  type CopyRequest,
  type CreateFromServerRequest,
  type CreateFromUrlRequest,
  type DownloadUrl,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageDownload,
  type ImageFilter,
  type ImportChoice,
  type ImportQuestion,
  InvalidInputError,
  type Job,
  type JobRef,
  type MultipartTarget,
  NotFoundError,
  type OperationInput,
  type OperationReply,
  type OsVersion,
  type PartUploadSession,
  type PartUploadToResume,
  type Probe,
  RefusedError,
  systemClock,
  type TargetLocator,
  type UcloudstackProfile,
  type UploadPartsRequest,
} from '../../model/index.ts';
import { BaseCloud } from '../base-cloud.ts';
import * as api from './api.ts';
import { capabilitiesOf } from './capabilities.ts';
import { toJob, toOsVersions } from './convert.ts';
import * as images from './images.ts';
import { UCLOUDSTACK_OPERATIONS } from './operations.ts';
import { ImportTarget, isTriedTransport, s3PartTransport } from './part-transport.ts';
import { probe } from './probe.ts';
import { Session } from './session.ts';

/** Opens a cloud of the family. Sends nothing until it is asked something. */
export function openUcloudstack(profile: UcloudstackProfile, options: HttpClientOptions = {}): ImageCloud {
  const http = new HttpClient(options);
  const clock = options.clock ?? systemClock;
  const open = (region: string): ImageCloud =>
    new UcloudstackImageCloud(new Session({ profile, http, clock, region }), open, () => http.close());
  return open(profile.region);
}

class UcloudstackImageCloud extends BaseCloud {
  readonly family = 'ucloudstack';
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
    this.capabilities = capabilitiesOf(session.profile);
  }

  /** The project group; without one the tenant, else the key that stands for it. */
  override async projectId(): Promise<string> {
    const { projectId, companyId, publicKey } = this.#session.profile;
    return projectId ?? (companyId === undefined ? publicKey : String(companyId));
  }

  override listImages(filter?: ImageFilter, options?: CallOptions): AsyncIterable<Image> {
    return images.listImages(this.#session, filter, options);
  }

  override getImage(id: string, options?: CallOptions): Promise<Image | undefined> {
    return images.getImage(this.#session, id, options);
  }

  override async chooseImport(question: ImportQuestion): Promise<ImportChoice> {
    const operation = `import a ${question.diskFormat} file`;
    const cloud = this.#session.label;
    const { importFormats, uploadParts } = this.capabilities;
    if (!importFormats.includes(question.diskFormat)) {
      throw new RefusedError({
        operation,
        cloud,
        reason: `the cloud takes ${importFormats.join(', ')}`,
        hint: 'Convert it: qemu-img convert -O qcow2 IN OUT.',
      });
    }
    if (question.method === 'remote') {
      return { method: 'remote', route: 'url', reason: 'The cloud fetches the URL by itself.' };
    }
    if (question.method !== undefined && question.method !== 'local') {
      throw new InvalidInputError({
        operation,
        cloud,
        reason: `there is no import method ${question.method}`,
        hint: 'Methods: local, remote.',
      });
    }
    if (uploadParts !== true) throw this.absent('uploadParts', operation);
    const tried = isTriedTransport(this.#session.profile.partTransport?.endpoint ?? '');
    return {
      method: 'local',
      route: 'parts',
      reason: `The file goes to the cloud in parts, which resume.${tried ? '' : ' How parts travel is not documented: this transport is experimental and was tried on the embedded cloud only.'}`,
    };
  }

  override createFromUrl(request: CreateFromUrlRequest, options?: CallOptions): Promise<JobRef> {
    return images.createFromUrl(this.#session, request, options);
  }

  override createFromServer(request: CreateFromServerRequest, options?: CallOptions): Promise<JobRef> {
    return images.createFromServer(this.#session, request, options);
  }

  override async uploadParts(request: UploadPartsRequest, options?: CallOptions): Promise<PartUploadSession> {
    if (this.capabilities.uploadParts !== true) return super.uploadParts(request);
    const transport = s3PartTransport(this.#session);
    const body = { ...images.importRequest(this.#session, request), ImportType: 'Local' } as const;
    const { ImageID: imageId, UploadID, Bucket } = await api.importImage(this.#session, body, options);
    const place = {
      imageId,
      imageName: request.name,
      uploadId: UploadID ?? '',
      bucket: Bucket ?? 'mirror',
      sizeBytes: request.sizeBytes,
    };
    return { imageId, target: new ImportTarget(this.#session, transport, place) };
  }

  override async resumeParts(locator: TargetLocator, upload: PartUploadToResume): Promise<MultipartTarget> {
    const transport = s3PartTransport(this.#session);
    const place = { ...upload, imageId: locator.key, bucket: locator.bucket };
    return new ImportTarget(this.#session, transport, place);
  }

  override async cancelCreate(imageId: string, options?: CallOptions): Promise<void> {
    await api.abortCustomImage(this.#session, { ImageID: imageId }, options);
  }

  override async updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    const what = `update image ${id}`;
    if (changes.name !== undefined) throw this.absent('rename', what);
    if (changes.description !== undefined) throw this.absent('updateDescription', what);
    if (changes.minDiskGiB !== undefined || changes.minRamMiB !== undefined)
      throw this.absent('updateMinimums', what);
    if (changes.protected !== undefined) throw this.absent('protect', what);
    if (changes.tags !== undefined) throw this.absent('updateTags', what);
    if (changes.visibility !== undefined) throw this.absent('updateVisibility', what);
    const own = Object.keys(changes.properties ?? {}).some((name) => !/^Support(QGA|CloudInit)$/.test(name));
    if (own) throw this.absent('customProperties', what);
    return images.updateImage(this.#session, id, changes, options);
  }

  override deleteImage(id: string, options?: CallOptions): Promise<void> {
    return images.deleteImage(this.#session, id, options);
  }

  override async copyImage(request: CopyRequest, options?: CallOptions): Promise<JobRef> {
    const what = `copy image ${request.sourceImageId}`;
    if (request.region !== undefined && request.region !== this.region)
      throw this.absent('copyCrossRegion', `copy image ${request.sourceImageId} to region ${request.region}`);
    if (request.toStores !== undefined) throw this.absent('copyToStore', `${what} to further stores`);
    if (request.toBaseImage !== true) throw this.absent('copyInRegion', `${what} to ${request.name}`);
    return images.copyToBaseImage(this.#session, request, options);
  }

  override downloadImage(id: string, startByte?: number, options?: CallOptions): Promise<ImageDownload> {
    return images.downloadImage(this.#session, id, startByte, options);
  }

  override getDownloadUrl(id: string, options?: CallOptions): Promise<DownloadUrl> {
    return images.getDownloadUrl(this.#session, id, options);
  }

  override async getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    const [, id] = /^image:(.+)$/.exec(ref.id) ?? [];
    const image = id === undefined ? undefined : await images.getImage(this.#session, id, options);
    if (image !== undefined) return toJob(ref.id, image);
    throw new NotFoundError({
      operation: `read job ${ref.id}`,
      cloud: this.#session.label,
      object: ref.id,
      reason: 'the image that it makes does not exist any more',
    });
  }

  override async listOsVersions(options?: CallOptions): Promise<OsVersion[]> {
    const found: OsVersion[] = [];
    for (let start = 0; ; start += 100) {
      const page = await api.describeImageOsVersions(this.#session, { Limit: 100, Offset: start }, options);
      found.push(...toOsVersions(page.Infos));
      const count = page.Infos?.length ?? 0;
      if (count === 0 || start + count >= (page.TotalCount ?? 0)) return found;
    }
  }

  override probe(options?: CallOptions): Promise<Probe> {
    return probe(this.#session, options);
  }

  override async callOperation(
    number: number,
    input: OperationInput,
    options?: CallOptions,
  ): Promise<OperationReply> {
    const operation = UCLOUDSTACK_OPERATIONS.find((one) => one.number === number);
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
