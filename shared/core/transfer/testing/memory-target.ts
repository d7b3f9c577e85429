// A place for uploads in memory, with failures that can be switched on. For tests of this folder only.
import { createHash } from 'node:crypto';
import {
  type CallOptions,
  CancelledError,
  IntegrityError,
  type MultipartTarget,
  NotFoundError,
  type PartLimits,
  type PartUpload,
  type RemoteObject,
  type RemotePart,
  UnavailableError,
} from '../../model/index.ts';
import { gate } from './setting.ts';

/** The calls of a target, by name. */
export type TargetCall =
  | 'initiate'
  | 'findUploads'
  | 'uploadPart'
  | 'listParts'
  | 'complete'
  | 'abort'
  | 'head'
  | 'remove';

/** What a hook may do to a call: nothing, throw before it, or let it happen and lose its reply. */
export type Mishap = undefined | Error | 'lose-reply' | 'wrong-etag' | 'corrupt';

interface StoredUpload {
  parts: Map<number, { bytes: Buffer; etag: string }>;
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** The reply is lost, or nobody answers. */
export const networkError = (operation = 'reach the service') =>
  new UnavailableError({ operation, reason: 'the connection was reset', retryable: true });

/** A `MultipartTarget` that keeps everything in memory and checks what it is given. */
export class MemoryTarget implements MultipartTarget {
  readonly locator = { cloud: 'memory', region: 'here', bucket: 'bucket', key: 'disk.img' };
  limits: PartLimits = {
    minPartSizeBytes: 1,
    maxPartSizeBytes: 5 * 1024 ** 3,
    maxParts: 10_000,
    maxObjectSizeBytes: 48 * 1024 ** 4,
  };
  etagIsMd5 = true;
  /** When false, `head` does not tell the upload id. */
  tellsUploadId = true;
  readonly uploads = new Map<string, StoredUpload>();
  object: { bytes: Buffer; etag: string; uploadId: string } | undefined;
  /** Every call, in order: `uploadPart 3`. */
  readonly calls: string[] = [];
  /** Parts being received right now, and the most there ever were. */
  underWay = 0;
  mostUnderWay = 0;
  /** Awaited in each part after its first chunk; for slow or hanging services. */
  partGate: ((part: PartUpload, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Decides what goes wrong. Called once per call with the part number where there is one. */
  mishap: (call: TargetCall, partNumber?: number) => Mishap = () => undefined;
  #nextId = 1;

  constructor(key = 'disk.img') {
    this.locator.key = key;
  }

  /** How often a call was made. */
  count(call: TargetCall): number {
    return this.calls.filter((c) => c === call || c.startsWith(`${call} `)).length;
  }

  #enter(call: TargetCall, options?: CallOptions, partNumber?: number): Mishap {
    this.calls.push(partNumber === undefined ? call : `${call} ${partNumber}`);
    if (options?.signal?.aborted) throw new CancelledError({ operation: call, reason: 'it was cancelled' });
    const mishap = this.mishap(call, partNumber);
    if (mishap instanceof Error) throw mishap;
    return mishap;
  }

  #upload(uploadId: string): StoredUpload {
    const upload = this.uploads.get(uploadId);
    if (upload) return upload;
    throw new NotFoundError({ operation: 'find the upload', code: 'NoSuchUpload', httpStatus: 404 });
  }

  async initiate(options?: CallOptions): Promise<string> {
    const mishap = this.#enter('initiate', options);
    const id = `server-${this.#nextId++}`;
    this.uploads.set(id, { parts: new Map() });
    if (mishap === 'lose-reply') throw networkError();
    return id;
  }

  async findUploads(options?: CallOptions): Promise<string[]> {
    this.#enter('findUploads', options);
    return [...this.uploads.keys()].reverse();
  }

  async uploadPart(part: PartUpload, options?: CallOptions): Promise<{ etag: string }> {
    const mishap = this.#enter('uploadPart', options, part.partNumber);
    this.underWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of part.body()) {
        // The sender uses its memory again.
        chunks.push(Buffer.from(chunk));
        if (chunks.length === 1) await this.partGate?.(part, options?.signal);
        if (options?.signal?.aborted) {
          throw new CancelledError({ operation: 'upload a part', reason: 'it was cancelled' });
        }
      }
      const bytes = Buffer.concat(chunks);
      if (bytes.length !== part.sizeBytes) throw networkError('send as many bytes as promised');
      if (mishap === 'corrupt') bytes[0] = (bytes[0] ?? 0) ^ 1;
      const etag = md5(bytes);
      if (mishap !== 'wrong-etag' && etag !== Buffer.from(part.md5).toString('hex')) {
        throw new IntegrityError({ operation: 'upload a part', code: 'BadDigest', httpStatus: 400 });
      }
      this.#upload(part.uploadId).parts.set(part.partNumber, { bytes, etag });
      if (mishap === 'lose-reply') throw networkError();
      return { etag: mishap === 'wrong-etag' ? md5(Buffer.from('other')) : `"${etag.toUpperCase()}"` };
    } finally {
      this.underWay--;
    }
  }

  async *listParts(uploadId: string, options?: CallOptions): AsyncGenerator<RemotePart> {
    this.#enter('listParts', options);
    const parts = [...this.#upload(uploadId).parts].sort(([a], [b]) => a - b);
    for (const [partNumber, { bytes, etag }] of parts) yield { partNumber, sizeBytes: bytes.length, etag };
  }

  async complete(uploadId: string, parts: readonly RemotePart[], options?: CallOptions): Promise<void> {
    const mishap = this.#enter('complete', options);
    const stored = this.#upload(uploadId).parts;
    const bytes: Buffer[] = [];
    let last = 0;
    for (const part of parts) {
      const there = stored.get(part.partNumber);
      if (there === undefined || part.partNumber <= last || there.etag !== part.etag) {
        throw new IntegrityError({ operation: 'complete', code: 'InvalidPart', httpStatus: 400 });
      }
      last = part.partNumber;
      bytes.push(there.bytes);
    }
    const digests = Buffer.concat(bytes.map((b) => Buffer.from(md5(b), 'hex')));
    this.object = { bytes: Buffer.concat(bytes), etag: `${md5(digests)}-${parts.length}`, uploadId };
    this.uploads.delete(uploadId);
    if (mishap === 'lose-reply') throw networkError();
  }

  async abort(uploadId: string, options?: CallOptions): Promise<void> {
    this.#enter('abort', options);
    this.uploads.delete(uploadId);
  }

  async head(options?: CallOptions): Promise<RemoteObject | undefined> {
    this.#enter('head', options);
    if (this.object === undefined) return undefined;
    const { bytes, etag, uploadId } = this.object;
    return { sizeBytes: bytes.length, etag, ...(this.tellsUploadId ? { uploadId } : {}) };
  }

  async *read(startByte: number): AsyncGenerator<Uint8Array> {
    if (this.object) yield this.object.bytes.subarray(startByte);
  }

  async remove(options?: CallOptions): Promise<void> {
    this.#enter('remove', options);
    this.object = undefined;
  }
}

/** Makes parts (from the given number on) hang after their first chunk until opened, or until they are cancelled. */
export function hanging(target: MemoryTarget, from = 1): { open: () => void } {
  const held = gate();
  target.partGate = async (part, signal) => {
    if (part.partNumber < from) return;
    await Promise.race([
      held.passed,
      new Promise<void>((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    ]);
  };
  return held;
}

/** Fails the first `times` calls of a kind (of one part, when given), then no more. */
export function failTimes(
  call: TargetCall,
  times: number,
  mishap: () => Exclude<Mishap, undefined>,
  partNumber?: number,
): MemoryTarget['mishap'] {
  let left = times;
  return (called, part) => {
    const meant = called === call && (partNumber === undefined || part === partNumber);
    if (!meant || left <= 0) return undefined;
    left--;
    return mishap();
  };
}
