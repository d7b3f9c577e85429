// An object store in memory, for tests that need thousands of uploads: keeps parts, counts what is sent. One key, one bucket.
import { createHash } from 'node:crypto';
import { type MultipartTarget, NotFoundError, type RemotePart } from '@imagebridge/core';

/** What a store in memory has. Copy it to go back to a moment. */
export interface MemoryState {
  uploads: Map<string, Map<number, Buffer>>;
  object: { bytes: Buffer; uploadId: string; parts: Buffer[] } | undefined;
}

/** A copy that the original does not change any more. */
export const copyOf = (state: MemoryState): MemoryState => ({
  uploads: new Map([...state.uploads].map(([id, parts]) => [id, new Map(parts)])),
  object: state.object,
});

/** A store that takes one file. */
export interface MemoryTarget extends MultipartTarget {
  state: MemoryState;
  /** Numbers of the parts that were sent, in order. */
  readonly sent: number[];
}

const hex = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** Makes one. */
export function memoryTarget(state: MemoryState = { uploads: new Map(), object: undefined }): MemoryTarget {
  const sent: number[] = [];
  let ids = 0;
  const partsOf = (uploadId: string) => {
    const parts = target.state.uploads.get(uploadId);
    if (parts !== undefined) return parts;
    throw new NotFoundError({ operation: 'find the upload', code: 'NoSuchUpload', httpStatus: 404 });
  };
  const target: MemoryTarget = {
    state,
    sent,
    locator: { cloud: 'memory', region: 'here', bucket: 'b', key: 'k' },
    limits: { minPartSizeBytes: 1, maxPartSizeBytes: 2 ** 30, maxParts: 10_000, maxObjectSizeBytes: 2 ** 40 },
    etagIsMd5: true,
    async initiate() {
      const id = `upload-${state.uploads.size}-${ids++}`;
      target.state.uploads.set(id, new Map());
      return id;
    },
    findUploads: async () => [...target.state.uploads.keys()].reverse(),
    async uploadPart({ uploadId, partNumber, body }) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body()) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      partsOf(uploadId).set(partNumber, bytes);
      sent.push(partNumber);
      return { etag: hex(bytes) };
    },
    async *listParts(uploadId) {
      const parts = [...partsOf(uploadId)].sort(([a], [b]) => a - b);
      for (const [partNumber, bytes] of parts) {
        yield { partNumber, sizeBytes: bytes.length, etag: hex(bytes) } satisfies RemotePart;
      }
    },
    async complete(uploadId, listed) {
      const parts = partsOf(uploadId);
      const chosen = listed.map(({ partNumber }) => parts.get(partNumber) ?? Buffer.alloc(0));
      target.state.object = { bytes: Buffer.concat(chosen), uploadId, parts: chosen };
      target.state.uploads.delete(uploadId);
    },
    async abort(uploadId) {
      target.state.uploads.delete(uploadId);
    },
    async head() {
      const { object } = target.state;
      if (object === undefined) return undefined;
      const digests = Buffer.concat(object.parts.map((part) => createHash('md5').update(part).digest()));
      return {
        sizeBytes: object.bytes.length,
        etag: `${hex(digests)}-${object.parts.length}`,
        uploadId: object.uploadId,
      };
    },
    async *read(startByte) {
      yield target.state.object?.bytes.subarray(startByte) ?? Buffer.alloc(0);
    },
    async remove() {
      target.state.object = undefined;
    },
  };
  return target;
}
