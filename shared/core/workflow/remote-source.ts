// An image of a cloud as a source: its bytes are read from any position and go on to another cloud, with no file between.
import { createHash, type Hash } from 'node:crypto';
import { inspectSource } from '../inspect/index.ts';
import {
  type ByteSource,
  type CallOptions,
  FileChangedError,
  type HashName,
  type Image,
  type ImageCloud,
  IntegrityError,
  NotFoundError,
  ProtocolError,
  type SourceIdentity,
} from '../model/index.ts';
import type { PublishSource } from './publish-source.ts';
import { inBlocks, SequentialReader } from './sequential-reader.ts';
import { exportToBucket } from './staged-export.ts';
import { contentFingerprint } from './staging-key.ts';
import { cloudLabel, type WaitOptions } from './wait-for-job.ts';

const COMPARABLE: readonly HashName[] = ['sha256', 'sha512', 'md5'];

/** How journals name an image of a cloud. */
export const imageSourcePath = (cloud: ImageCloud, imageId: string): string =>
  `image:${cloud.name}/${cloud.region}/${imageId}`;

/** The profile, region and image that such a name means; undefined when it is none. */
export function parseImageSource(
  path: string,
): { cloud: string; region: string; imageId: string } | undefined {
  const [, cloud, region, imageId] = /^image:([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return cloud === undefined || region === undefined || imageId === undefined
    ? undefined
    : { cloud, region, imageId };
}

/** How the bytes of an image are reached. */
export interface CloudImageOptions {
  /** The cloud that they go to: an export takes a format that it knows. */
  to: ImageCloud;
  note(text: string): void;
  wait: WaitOptions;
}

/** An image of a cloud as something that can be published to another one. */
export interface CloudImage extends PublishSource {
  readonly image: Image;
  /** Removes what was made to reach the bytes. Without it, the next run uses it again. */
  dispose(): Promise<void>;
}

/** Where the bytes of an image come from. */
interface Bytes {
  sizeBytes: number;
  checksums: Readonly<Record<string, string>>;
  open(startByte: number, options: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  dispose(): Promise<void>;
}

/**
 * Looks an image up. Its bytes are reached only when they are asked for.
 * @param cloud must stay open until the publishing has ended
 * @throws NotFoundError when there is no such image
 */
export async function cloudImage(
  cloud: ImageCloud,
  imageId: string,
  options: CloudImageOptions,
): Promise<CloudImage> {
  const image = await cloud.getImage(imageId, options.wait);
  if (image === undefined) {
    throw new NotFoundError({
      operation: `read image ${imageId}`,
      cloud: cloudLabel(cloud),
      object: imageId,
      reason: 'there is no such image in this project',
      hint: 'Check the id, the region and the project; a shared image must be accepted first.',
    });
  }
  const path = imageSourcePath(cloud, imageId);
  // The bytes are written once, when the image is made; `updatedAt` moves with its description.
  const mtimeMs = image.createdAt?.getTime() ?? 0;
  let reached: Promise<Bytes> | undefined;
  const reach = () => {
    reached ??=
      cloud.capabilities.download === true
        ? downloaded(cloud, image, options)
        : exported(cloud, image, options);
    return reached;
  };
  const identify = async (): Promise<SourceIdentity> => ({
    path,
    sizeBytes: (await reach()).sizeBytes,
    mtimeMs,
    inode: 0,
  });
  const open = async () => new ImageSource(cloud, image, await identify(), await reach());
  const withReader = async <T>(work: (source: ImageSource) => Promise<T>): Promise<T> => {
    const source = await open();
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  };
  return {
    image,
    path,
    sha256: image.checksums?.sha256,
    open,
    identify,
    inspect: (call) =>
      withReader(async (source) => {
        const { sizeBytes } = source.identity;
        const read = inBlocks(sizeBytes, (at, length) => readUpTo(source, at, length, call));
        return { path, fileSizeBytes: sizeBytes, ...(await inspectSource({ sizeBytes, read })) };
      }),
    fingerprint: (call) =>
      withReader((source) =>
        contentFingerprint(source.identity.sizeBytes, (at, length) => readUpTo(source, at, length, call)),
      ),
    dispose: async () => {
      await (await reached)?.dispose();
    },
  };
}

async function downloaded(cloud: ImageCloud, image: Image, { wait }: CloudImageOptions): Promise<Bytes> {
  // Opening tells the exact size, which an image's record may give in whole GiB only.
  const { sizeBytes, checksums, body } = await cloud.downloadImage(image.id, 0, wait);
  for await (const _ of body) break;
  return {
    sizeBytes,
    checksums,
    open: async (startByte, call) => (await cloud.downloadImage(image.id, startByte, call)).body,
    dispose: async () => {},
  };
}

async function exported(
  cloud: ImageCloud,
  image: Image,
  { to, note, wait }: CloudImageOptions,
): Promise<Bytes> {
  const { target, sizeBytes, withdraw } = await exportToBucket(cloud, image, to, note, wait);
  return {
    sizeBytes,
    checksums: {},
    open: async (startByte, call) => target.read(startByte, call),
    dispose: withdraw,
  };
}

async function readUpTo(source: ByteSource, at: number, length: number, call: CallOptions | undefined) {
  const into = Buffer.alloc(Math.max(0, Math.min(length, source.identity.sizeBytes - at)));
  if (into.length > 0) await source.read(at, into, call);
  return into;
}

/** Reads one image. A running download is gone on with when the next read begins where the last one ended. */
class ImageSource implements ByteSource {
  readonly identity: SourceIdentity;
  readonly sha256: string | undefined;
  readonly #cloud: ImageCloud;
  readonly #image: Image;
  readonly #checksum: { name: HashName; value: string } | undefined;
  /** Digest of what was read from the start without a gap; undefined after a gap. */
  #hash: Hash | undefined;
  #hashedBytes = 0;
  readonly #reader: SequentialReader;

  constructor(cloud: ImageCloud, image: Image, identity: SourceIdentity, bytes: Bytes) {
    const { checksums } = bytes;
    this.#cloud = cloud;
    this.#image = image;
    this.identity = identity;
    this.sha256 = checksums.sha256;
    const name = COMPARABLE.find((known) => checksums[known] !== undefined);
    this.#checksum = name && { name, value: checksums[name] ?? '' };
    this.#hash = name && createHash(name);
    this.#reader = new SequentialReader({ open: bytes.open, short: (at) => this.#short(at) });
  }

  /** Fills `into`; reads wait for each other, because one download serves them all. */
  async read(startByte: number, into: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#reader.read(startByte, into, options);
    this.#digest(startByte, into);
  }

  /** Compares with the service's checksum when the whole image has come by in order. */
  #digest(startByte: number, bytes: Uint8Array): void {
    if (this.#hash === undefined || startByte < this.#hashedBytes) return;
    if (startByte > this.#hashedBytes) {
      this.#hash = undefined;
      return;
    }
    this.#hash.update(bytes);
    this.#hashedBytes += bytes.length;
    if (this.#hashedBytes < this.identity.sizeBytes) return;
    const found = this.#hash.digest('hex');
    this.#hash = undefined;
    if (found === this.#checksum?.value) return;
    throw new IntegrityError({
      operation: `read image ${this.#image.id}`,
      cloud: cloudLabel(this.#cloud),
      object: this.#image.id,
      reason: `its ${this.#checksum?.name} is ${found}, and the service says ${this.#checksum?.value}`,
      hint: 'Try again; when it happens twice, the image is damaged where it is stored.',
    });
  }

  #short(at: number): ProtocolError {
    return new ProtocolError({
      operation: `read image ${this.#image.id}`,
      cloud: cloudLabel(this.#cloud),
      object: this.#image.id,
      reason: `the download ended at byte ${at} of ${this.identity.sizeBytes}`,
      retryable: true,
    });
  }

  async check(options: CallOptions = {}): Promise<void> {
    const now = await this.#cloud.getImage(this.#image.id, options);
    const changed =
      now === undefined
        ? 'it was deleted'
        : now.status !== this.#image.status
          ? `its status is ${now.rawStatus}`
          : undefined;
    if (changed === undefined) return;
    throw new FileChangedError({
      operation: `read image ${this.#image.id}`,
      cloud: cloudLabel(this.#cloud),
      object: this.#image.id,
      reason: changed,
      hint: 'What was sent so far was left alone.',
    });
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
