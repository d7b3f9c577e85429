// A cloud in memory that counts what it is asked, and a clock that tests move. For tests only.
import {
  BaseCloud,
  type CallOptions,
  CancelledError,
  type Capabilities,
  type Clock,
  type CopyRequest,
  type Image,
  type ImageChanges,
  type ImageCloud,
  type ImageFilter,
  type ImportChoice,
  type Job,
  type JobRef,
  NotFoundError,
  type OperationReply,
  type Probe,
  type Share,
} from '@imagebridge/core';

/** As the flow makes it. */
export const cancelled = () => new CancelledError({ operation: 'wait', reason: 'it was cancelled' });

/** Lets everything go on that can. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An image at rest. */
export const imageOf = (id: string, more: Partial<Image> = {}): Image => ({
  id,
  name: id,
  status: 'active',
  rawStatus: 'active',
  tags: {},
  properties: {},
  ...more,
});

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #sleepers: { atMs: number; wake: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(cancelled());
      signal?.addEventListener('abort', stop, { once: true });
      const wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      this.#sleepers.push({ atMs: this.#nowMs + ms, wake });
    });
  }

  /** Lets time pass, waking those whose time has come. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settled();
      const next = this.#sleepers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      next.wake();
    }
    this.#nowMs = endMs;
    await settled();
  }
}

/** A cloud in memory. `calls` holds what it was asked; `fail` makes the calls of a name fail. */
export class CountingCloud extends BaseCloud {
  readonly name = 'mine';
  readonly family = 'huaweicloud';
  readonly region: string;
  // Nothing here looks at abilities.
  readonly capabilities = {} as Capabilities;
  readonly calls: string[] = [];
  readonly images = new Map<string, Image>();
  readonly shares: Share[] = [];
  readonly jobs = new Map<string, Job['status']>();
  readonly fail = new Map<string, Error>();
  /** What each call waits for. */
  hold: Promise<void> | undefined;

  constructor(region = 'r-1') {
    super();
    this.region = region;
  }

  async #asked(what: string, options?: CallOptions): Promise<void> {
    this.calls.push(what);
    const error = this.fail.get(what.split(' ')[0] ?? '');
    if (error !== undefined) throw error;
    if (this.hold === undefined) return;
    await new Promise<void>((resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(cancelled()), { once: true });
      void this.hold?.then(resolve);
    });
  }

  override async getImage(id: string, options?: CallOptions): Promise<Image | undefined> {
    await this.#asked(`getImage ${id}`, options);
    return this.images.get(id);
  }

  override async *listImages(filter?: ImageFilter, options?: CallOptions): AsyncGenerator<Image> {
    await this.#asked(`listImages ${filter?.scope}`, options);
    for (const image of this.images.values()) if (image.visibility !== 'shared') yield image;
  }

  override async updateImage(id: string, changes: ImageChanges, options?: CallOptions): Promise<Image> {
    await this.#asked(`updateImage ${id}`, options);
    const image = { ...(this.images.get(id) ?? imageOf(id)), name: changes.name ?? id };
    this.images.set(id, image);
    return image;
  }

  override async deleteImage(id: string): Promise<void> {
    await this.#asked(`deleteImage ${id}`);
    this.images.delete(id);
  }

  override async *listShares(imageId: string, options?: CallOptions): AsyncGenerator<Share> {
    await this.#asked(`listShares ${imageId}`, options);
    for (const share of this.shares) if (share.imageId === imageId) yield share;
  }

  override async getShare(imageId: string, projectId: string, options?: CallOptions) {
    await this.#asked(`getShare ${imageId} ${projectId}`, options);
    return this.shares.find((share) => share.imageId === imageId && share.projectId === projectId);
  }

  override async addShare(imageId: string): Promise<JobRef> {
    await this.#asked(`addShare ${imageId}`);
    return { id: 'share' };
  }

  override async copyImage(request: CopyRequest): Promise<JobRef> {
    await this.#asked(`copyImage ${request.name}`);
    this.jobs.set(request.name, 'running');
    return { id: request.name };
  }

  override async getJob(ref: JobRef, options?: CallOptions): Promise<Job> {
    await this.#asked(`getJob ${ref.id}`, options);
    const status = this.jobs.get(ref.id);
    if (status === undefined) throw new NotFoundError({ operation: `read job ${ref.id}` });
    return { id: ref.id, status, imageIds: [] };
  }

  override inRegion(region: string): ImageCloud {
    return new CountingCloud(region);
  }

  override async close(): Promise<void> {}

  override async projectId(): Promise<string> {
    return 'p-1';
  }

  override async chooseImport(): Promise<ImportChoice> {
    throw this.absent('stagedUpload', 'choose');
  }

  override async probe(): Promise<Probe> {
    return { findings: [], settings: {} };
  }

  override async callOperation(): Promise<OperationReply> {
    throw this.absent('schemas', 'call');
  }
}
