// The cloud in memory, with more that can be changed and read: tags, bytes, unfinished uploads. For tests. Not exported.
import {
  type CallOptions,
  type ImageChanges,
  type ImageDownload,
  NotFoundError,
  UnavailableError,
  type UnfinishedUpload,
} from '../../model/index.ts';
import { FakeCloud } from './fake-cloud.ts';

/** A cloud in memory whose images have bytes. */
export class ChangingCloud extends FakeCloud {
  readonly bytes = new Map<string, Uint8Array>();
  /** What the service tells about the bytes of every image. */
  checksums: Record<string, string> = {};
  /** A stream breaks after so many bytes; one entry per stream. */
  readonly breaks: (number | undefined)[] = [];
  /** Where each stream was asked to begin. */
  readonly starts: number[] = [];
  readonly unfinished: UnfinishedUpload[] = [];

  override async updateImage(id: string, changes: ImageChanges) {
    this.calls.push(`updateImage ${id}`);
    this.before('updateImage');
    const image = this.images.get(id);
    if (!image) throw new NotFoundError({ operation: `update image ${id}` });
    const changed = {
      ...image,
      tags: merged(image.tags, changes.tags),
      properties: merged(image.properties, changes.properties),
    };
    this.images.set(id, changed);
    return changed;
  }

  override async deleteImage(id: string) {
    this.calls.push(`deleteImage ${id}`);
    this.before('deleteImage');
    this.images.delete(id);
  }

  override async setActive(id: string, active: boolean) {
    const image = this.images.get(id);
    if (image) this.images.set(id, { ...image, status: active ? 'active' : 'deactivated' });
  }

  override async downloadImage(id: string, startByte = 0, options: CallOptions = {}): Promise<ImageDownload> {
    this.before('downloadImage');
    const bytes = this.bytes.get(id);
    if (!bytes) throw new NotFoundError({ operation: `download image ${id}` });
    this.starts.push(startByte);
    const breakAt = this.breaks.shift();
    const body = async function* () {
      for (let at = startByte; at < bytes.byteLength; at += 1000) {
        options.signal?.throwIfAborted();
        if (breakAt !== undefined && at - startByte >= breakAt)
          throw new UnavailableError({ operation: 'read', reason: 'the connection broke', retryable: true });
        yield bytes.subarray(at, at + 1000);
      }
    };
    return { sizeBytes: bytes.byteLength, startByte, body: body(), checksums: this.checksums };
  }

  override async *listUnfinishedUploads() {
    yield* this.unfinished;
  }

  override async abortUnfinishedUpload(upload: UnfinishedUpload) {
    this.before(`abort ${upload.uploadId}`);
    const at = this.unfinished.findIndex(({ uploadId }) => uploadId === upload.uploadId);
    if (at >= 0) this.unfinished.splice(at, 1);
  }
}

function merged(present: Record<string, string>, changes: Record<string, string | null> = {}) {
  const all = { ...present, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
