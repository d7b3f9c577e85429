// A cloud in memory for the workflow's unit tests: images, shares and jobs, no bytes and no network. Not exported.
import { BaseCloud } from '../../clouds/index.ts';
import {
  type CopyRequest,
  type CreateFromObjectRequest,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageFilter,
  type ImportChoice,
  type Job,
  type MultipartTarget,
  NotFoundError,
  type OperationReply,
  type Probe,
  type Share,
} from '../../model/index.ts';

/** A cloud in memory. Its fields are the tests' levers. */
export class FakeCloud extends BaseCloud {
  readonly name = 'fake';
  readonly family = 'huaweicloud';
  readonly region: string;
  readonly capabilities: ImageCloud['capabilities'] = {
    stagedUpload: true,
    uploadStream: 'stage it',
    uploadParts: 'stage it',
    createFromObject: true,
    createFromUrl: 'stage it',
    createFromServer: 'stage it',
    createFromVolume: 'stage it',
    createFromBackup: 'stage it',
    createFromWholeServer: 'stage it',
    dataDiskImages: 'stage it',
    cancelCreate: 'wait',
    rename: true,
    updateDescription: true,
    updateOs: 'make a new one',
    updateMinimums: true,
    customProperties: true,
    protect: 'do not delete it',
    updateTags: 'make a new one',
    updateVisibility: 'share it',
    deactivate: 'delete it',
    copyToBaseImage: 'copy it in the region',
    copyToStore: 'copy it in the region',
    exportImage: 'keep the file',
    download: 'keep the file',
    downloadUrl: 'keep the file',
    osCatalogue: true,
    quota: true,
    schemas: 'see the documents',
    versions: 'see the documents',
    description: { maxLength: 100, rule: 'up to 100 characters' },
    share: true,
    shareAcceptance: true,
    copyInRegion: true,
    copyCrossRegion: true,
    copyNeedsAgency: false,
    imageName: { pattern: /^[A-Za-z0-9._-]{1,128}$/, rule: '1 to 128 letters, digits, - . _' },
    importFormats: ['qcow2', 'raw', 'iso'],
    isoNeedsOsVersion: true,
    storedChecksums: [],
    maxImportSizeBytes: 128 * 1024 ** 3,
    minDiskGiB: { min: 1, max: 1024 },
  };
  readonly images = new Map<string, Image>();
  readonly shares: Share[] = [];
  readonly jobs = new Map<string, Job[]>();
  readonly calls: string[] = [];
  /** Called at the start of every method; throw to make it fail. */
  before: (method: string) => void = () => {};
  #next = 0;
  readonly #regions = new Map<string, FakeCloud>();

  constructor(region = 'r1') {
    super();
    this.region = region;
  }

  addImage(image: Partial<Image> & { name: string }): Image {
    const id = image.id ?? `image-${this.region}-${++this.#next}`;
    const full: Image = { status: 'active', rawStatus: 'active', tags: {}, properties: {}, ...image, id };
    this.images.set(id, full);
    return full;
  }

  /** A job that goes through these states, one per poll, and stays at the last. */
  addJob(...states: Partial<Job>[]): { id: string } {
    const id = `job-${++this.#next}`;
    this.jobs.set(
      id,
      states.map((state) => ({ id, status: 'running', imageIds: [], ...state })),
    );
    return { id };
  }

  #called(method: string): void {
    this.calls.push(method);
    this.before(method);
  }

  async projectId() {
    return 'project-1';
  }

  async *listImages(filter: ImageFilter = {}) {
    this.#called('listImages');
    for (const image of this.images.values()) {
      if (filter.name !== undefined && image.name !== filter.name) continue;
      if ((image.properties.os_hidden === 'true') !== (filter.hidden ?? false)) continue;
      if (filter.tag && image.tags[filter.tag.key] !== filter.tag.value) continue;
      yield image;
    }
  }

  async getImage(id: string) {
    this.#called('getImage');
    return this.images.get(id);
  }

  async chooseImport(): Promise<ImportChoice> {
    return { method: 'ordinary', route: 'bucket', reason: 'it is the only way' };
  }

  async probe(): Promise<Probe> {
    return { findings: [], settings: {} };
  }

  async callOperation(number: number): Promise<OperationReply> {
    throw this.absent('versions', `call operation ${number}`);
  }

  override async createFromObject(request: CreateFromObjectRequest) {
    this.#called('createFromObject');
    const image = this.addImage({ name: request.name, tags: request.tags ?? {} });
    return this.addJob({ status: 'succeeded', imageIds: [image.id] });
  }

  async updateImage(id: string, changes: ImageChanges) {
    this.#called('updateImage');
    const image = this.images.get(id);
    if (!image) throw new NotFoundError({ operation: `update image ${id}` });
    const properties = { ...image.properties };
    for (const [key, value] of Object.entries(changes.properties ?? {}))
      if (value !== null) properties[key] = value;
    const changed = { ...image, properties };
    this.images.set(id, changed);
    return changed;
  }

  async deleteImage(id: string) {
    this.images.delete(id);
  }

  override async *listShares(imageId: string) {
    this.#called('listShares');
    yield* this.shares.filter((share) => share.imageId === imageId);
  }

  override async getShare(imageId: string, projectId: string) {
    this.#called('getShare');
    return this.shares.find((share) => share.imageId === imageId && share.projectId === projectId);
  }

  override async addShare(imageId: string, projectIds: string | readonly string[]) {
    this.#called('addShare');
    for (const projectId of [projectIds].flat()) this.shares.push({ imageId, projectId, status: 'pending' });
    return this.addJob({ status: 'succeeded' });
  }

  override async removeShare(imageId: string, projectIds: string | readonly string[]) {
    this.#called('removeShare');
    const ended = this.shares.filter(
      (share) => share.imageId === imageId && [projectIds].flat().includes(share.projectId),
    );
    for (const share of ended) this.shares.splice(this.shares.indexOf(share), 1);
    return this.addJob({ status: 'succeeded' });
  }

  override async answerShare(imageId: string, answer: 'accepted' | 'rejected') {
    this.#called('answerShare');
    for (const share of this.shares) if (share.imageId === imageId) share.status = answer;
    return this.addJob({ status: 'succeeded' });
  }

  override async copyImage(request: CopyRequest) {
    this.#called('copyImage');
    const target = request.region === undefined ? this : this.inRegion(request.region);
    const copy = target.addImage({ name: request.name, sourceImageId: request.sourceImageId });
    return this.addJob({ status: 'succeeded', imageIds: [copy.id] });
  }

  async getJob(ref: { id: string }): Promise<Job> {
    this.#called('getJob');
    const states = this.jobs.get(ref.id);
    const state = states && states.length > 1 ? states.shift() : states?.[0];
    if (!state) throw new NotFoundError({ operation: `read job ${ref.id}` });
    return state;
  }

  override async listOsVersions() {
    return [];
  }

  override async getQuotas() {
    return [];
  }

  override async stage(): Promise<MultipartTarget> {
    throw new NotFoundError({ operation: 'stage a file' });
  }

  inRegion(region: string): FakeCloud {
    if (region === this.region) return this;
    const known = this.#regions.get(region) ?? new FakeCloud(region);
    this.#regions.set(region, known);
    return known;
  }

  async close() {}
}

/** A clock that does not wait; it counts. */
export function fakeClock(startMs = 0) {
  let nowMs = startMs;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    async sleep(ms: number) {
      sleeps.push(ms);
      nowMs += ms;
    },
  };
}
