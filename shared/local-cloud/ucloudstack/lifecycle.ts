// How images come to be and go. Time takes effect when somebody looks, so nothing but downloads runs by itself,
// and all of it goes on after a restart.
import type { ObsStore } from '../object-store/records.ts';
import { examine } from './content.ts';
import { FetchError, fetchBlob } from './fetch.ts';
import type { ImageRecord, ImageStore, Outcome } from './records.ts';

/** The first part of the making that is spent in the queue. */
const waitShare = 0.1;
/** How long a deleted image can still be seen, in times of the duration of a job. */
const recycleTimes = 2;

/** What a status is told from. */
export interface LifecycleOptions {
  store: ImageStore;
  objects: ObsStore;
  durationMs: number;
  maxImportSizeBytes: number;
}

/** Moves images through their statuses. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #stop = new AbortController();
  readonly #downloads = new Map<string, { share: number; done: Promise<void> }>();

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Brings every image up to date, and starts the downloads that are due. */
  settle(now: number): void {
    for (const { id } of this.#options.store.images()) {
      while (this.#advance(id, now)) {}
    }
  }

  /** Status and percentage (ImageStatus, PreparePrecent: seed 000, DescribeImage). */
  progressOf(image: ImageRecord, now: number): { status: string; percent: number } {
    switch (image.phase) {
      case 'uploading': {
        const parts = this.#options.objects.partsOf(image.uploadId ?? '').length;
        return { status: parts > 0 ? 'Uploading' : 'WaitUploading', percent: 0 };
      }
      case 'making': {
        const passed = (now - image.phaseBeganAtMs) / Math.max(this.#options.durationMs, 1);
        const share = Math.min(passed, this.#downloads.get(image.id)?.share ?? passed, 0.99);
        return {
          status: passed < waitShare ? 'WaitMaking' : 'Making',
          percent: Math.max(Math.floor(share * 100), 0),
        };
      }
      case 'used':
        return { status: 'Used', percent: 100 };
      case 'failed':
        return { status: 'Failed', percent: 0 };
      case 'deleting':
        return { status: 'Deleting', percent: 100 };
      default:
        return { status: 'Deleted', percent: 100 };
    }
  }

  /** Begins to take an image away. One whose bytes never came is gone at once: there is nothing to recycle. */
  remove(image: ImageRecord, now: number): ImageRecord {
    const { loadUrl: _, uploadId: __, vmId: ___, outcome: ____, ...rest } = image;
    const phase = image.phase === 'uploading' ? 'destroyed' : 'deleting';
    return this.#options.store.put({ ...rest, phase, phaseBeganAtMs: now, updatedAtMs: now });
  }

  /** Stops the downloads and waits until they have let go. They begin again when the state is loaded again. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#downloads.values()].map(({ done }) => done));
  }

  /** True when the image changed its phase, so that the next one may be due too. */
  #advance(id: string, now: number): boolean {
    const { store, durationMs } = this.#options;
    const image = store.image(id);
    if (image === undefined) return false;
    const endsAtMs = image.phaseBeganAtMs + durationMs;
    if (image.phase === 'making') {
      this.#download(image);
      if (image.outcome === undefined || now < endsAtMs) return false;
      this.#finish(image, image.outcome, image.importType === 'Remote' ? now : endsAtMs);
      return true;
    }
    if (image.phase === 'deleting' && now >= endsAtMs) {
      const { content: _, sha256: __, ...rest } = image;
      store.put({ ...rest, phase: 'deleted', phaseBeganAtMs: endsAtMs, updatedAtMs: endsAtMs });
      return true;
    }
    if (image.phase === 'deleted' && now >= image.phaseBeganAtMs + recycleTimes * durationMs) {
      store.put({ ...image, phase: 'destroyed' });
    }
    return false;
  }

  #finish(image: ImageRecord, outcome: Outcome, atMs: number): void {
    const { outcome: _, vmId: __, loadUrl: ___, ...rest } = image;
    const common = { ...rest, phaseBeganAtMs: atMs, updatedAtMs: atMs };
    this.#options.store.put(
      outcome.ok
        ? { ...common, phase: 'used', content: outcome.content, sizeGiB: outcome.sizeGiB }
        : { ...common, phase: 'failed', reason: outcome.reason },
    );
  }

  #download(image: ImageRecord): void {
    if (image.loadUrl === undefined || image.outcome !== undefined) return;
    if (this.#downloads.has(image.id) || this.#stop.signal.aborted) return;
    const download = { share: 0, done: Promise.resolve() };
    this.#downloads.set(image.id, download);
    download.done = this.#fetch(image, image.loadUrl, (share) => {
      download.share = share;
    }).finally(() => this.#downloads.delete(image.id));
  }

  async #fetch(image: ImageRecord, loadUrl: string, onShare: (share: number) => void): Promise<void> {
    const { store, maxImportSizeBytes } = this.#options;
    const { signal } = this.#stop;
    let outcome: Outcome;
    try {
      const segment = await fetchBlob(new URL(loadUrl), {
        blobs: store.blobs,
        maxBytes: maxImportSizeBytes,
        signal,
        onShare,
      });
      store.blobs.retain([segment]);
      try {
        outcome = await examine(store.blobs, { kind: 'stored', manifest: [segment] }, image);
        this.#conclude(image.id, outcome);
      } finally {
        store.blobs.release([segment]);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#conclude(image.id, {
        ok: false,
        reason: error instanceof FetchError ? error.message : '平台内部错误',
      });
    }
  }

  /** Notes how a download ended, unless the image is no longer being made. */
  #conclude(id: string, outcome: Outcome): void {
    const current = this.#options.store.image(id);
    if (current?.phase !== 'making') return;
    const { loadUrl: _, ...rest } = current;
    this.#options.store.put({ ...rest, outcome });
  }
}
