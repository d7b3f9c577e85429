// How the parts of a local upload reach the cloud. No document says it: the interface is open, and the built-in transport
// is experimental. It speaks S3, because the upload ids of seed 000 have the form of an S3 server's.
import { isLoopback } from '../../http/index.ts';
import {
  type CallOptions,
  type Image,
  type MultipartTarget,
  type PartLimits,
  type PartUpload,
  ProtocolError,
  type RemoteObject,
  type RemotePart,
  type TargetLocator,
  UnsupportedError,
} from '../../model/index.ts';
import * as store from '../object-store/api.ts';
import type { AccessKeys } from '../object-store/obs.ts';
import { s3Errors } from '../object-store/s3-errors.ts';
import { noSigner, type ObjectSigner, obsSigner, v4Signer } from '../object-store/signer.ts';
import { S3_LIMITS } from '../object-store/target.ts';
import { ObsTransport } from '../object-store/transport.ts';
import * as api from './api.ts';
import { toImage } from './convert.ts';
import type { Session } from './session.ts';

/** Where the parts of one upload go. */
export interface PartPlace {
  imageId: string;
  imageName: string;
  uploadId: string;
  bucket: string;
  /** Size of the file in bytes. */
  sizeBytes: number;
}

const isUploading = (image: Image) => /uploading/i.test(image.rawStatus);

/** Carries parts. A deployment can bring its own. */
export interface PartTransport {
  /** Sends one part, in one attempt; gives its ETag without quotes, where there is one. */
  uploadPart(place: PartPlace, part: PartUpload, options?: CallOptions): Promise<string>;
  /** The parts that are there, in order, page by page. */
  listParts(place: PartPlace, options?: CallOptions): AsyncIterable<RemotePart>;
}

/**
 * The built-in transport: S3's UploadPart and ListParts.
 * @throws UnsupportedError when the profile has none
 */
export function s3PartTransport(session: Session): PartTransport {
  const { profile, region, clock } = session;
  const settings = profile.partTransport;
  if (settings === undefined) {
    throw new UnsupportedError({
      operation: 'upload a file in parts',
      cloud: session.label,
      reason: 'the profile has no part_transport, and how parts travel is not documented',
      hint: 'Import the file from a URL, or set part_transport in the profile.',
    });
  }
  const base = new URL(
    (profile.regions[region]?.partEndpoint ?? settings.endpoint).replaceAll('{region}', region),
  );
  const keys = (): AccessKeys => ({
    accessKey: settings.accessKey ?? '',
    secretKey: settings.secretKey?.reveal() ?? '',
  });
  const signers: Record<string, () => ObjectSigner> = {
    sigv4: () => v4Signer(keys, settings.signingRegion ?? 'us-east-1', clock),
    obs: () => obsSigner(keys, clock),
    none: () => noSigner,
  };
  const transport = new ObsTransport({
    http: session.http,
    base,
    pathStyle: true,
    signer: (signers[settings.signer ?? 'sigv4'] ?? (() => noSigner))(),
    errors: s3Errors,
    context: {
      cloud: session.label,
      endpointHint: `Check part_transport (${base.origin}) of profile "${profile.name}": it is experimental.`,
    },
  });
  const nameOf = (place: PartPlace) => ({
    bucket: place.bucket,
    key: (settings.keyTemplate ?? '{image_id}')
      .replaceAll('{image_id}', place.imageId)
      .replaceAll('{upload_id}', place.uploadId)
      .replaceAll('{image_name}', place.imageName),
  });
  return {
    uploadPart: (place, part, options) =>
      store.uploadPart(transport, nameOf(place), { ...part, uploadId: place.uploadId }, options),
    async *listParts(place, options) {
      let after: number | undefined = 0;
      while (after !== undefined) {
        const page: Awaited<ReturnType<typeof store.listPartsPage>> = await store.listPartsPage(
          transport,
          nameOf(place),
          place.uploadId,
          after,
          options,
        );
        yield* page.parts;
        after = page.next;
      }
    },
  };
}

/** Whether the experimental transport goes to this very machine, where it was tried. */
export const isTriedTransport = (endpoint: string): boolean => {
  try {
    return isLoopback(new URL(endpoint.replaceAll('{region}', 'region')).hostname);
  } catch {
    return false;
  }
};

// The upload ids are those of an S3 server; the service takes images up to 2000 GiB (seed 000).
const LIMITS: PartLimits = { ...S3_LIMITS, maxObjectSizeBytes: 2000 * 1024 ** 3 };

/** An upload that ImportImage opened, as a target of the engine. The key of its locator is the image's id. */
export class ImportTarget implements MultipartTarget {
  readonly limits = LIMITS;
  readonly etagIsMd5 = true;
  readonly locator: TargetLocator;
  readonly #session: Session;
  readonly #transport: PartTransport;
  readonly #place: PartPlace;

  constructor(session: Session, transport: PartTransport, place: PartPlace) {
    this.#session = session;
    this.#transport = transport;
    this.#place = place;
    const { profile, region } = session;
    this.locator = { cloud: profile.name, region, bucket: place.bucket, key: place.imageId, route: 'parts' };
  }

  async initiate(): Promise<string> {
    return this.#place.uploadId;
  }

  async findUploads(options?: CallOptions): Promise<string[]> {
    const image = await this.#image(options);
    return image !== undefined && isUploading(image) ? [this.#place.uploadId] : [];
  }

  async uploadPart(part: PartUpload, options?: CallOptions): Promise<{ etag: string }> {
    return { etag: await this.#transport.uploadPart(this.#place, part, options) };
  }

  listParts(_uploadId: string, options?: CallOptions): AsyncIterable<RemotePart> {
    return this.#transport.listParts(this.#place, options);
  }

  async complete(uploadId: string, parts: readonly RemotePart[], options?: CallOptions): Promise<void> {
    // The service lists the parts by itself: a gap would make another file.
    const gap = parts.findIndex((part, index) => part.partNumber !== index + 1);
    if (gap >= 0) {
      throw new ProtocolError({
        operation: `complete the upload of image ${this.#place.imageId}`,
        cloud: this.#session.label,
        reason: `part ${gap + 1} is missing`,
      });
    }
    const request = { ImageID: this.#place.imageId, UploadID: uploadId };
    await api.completeImageMultipartUpload(this.#session, request, options);
  }

  async abort(uploadId: string, options?: CallOptions): Promise<void> {
    const request = { ImageID: this.#place.imageId, UploadID: uploadId };
    const image = await this.#image(options);
    // Parts that were put together are no upload any more.
    if (image === undefined || !isUploading(image)) return;
    await api.abortImageMultipartUpload(this.#session, request, options);
  }

  /**
   * Parts that were put together are no object here but an image in the making. The service tells its size in whole GiB
   * only: the size is the one that was announced, and what is checked are the parts, by their MD5 before the completion.
   */
  async head(options?: CallOptions): Promise<RemoteObject | undefined> {
    const image = await this.#image(options);
    if (image === undefined || image.status === 'deleted' || isUploading(image)) return undefined;
    return { sizeBytes: this.#place.sizeBytes, etag: '', uploadId: this.#place.uploadId };
  }

  // biome-ignore lint/correctness/useYield: it has nothing to give
  async *read(): AsyncGenerator<Uint8Array> {
    throw new UnsupportedError({
      operation: `read image ${this.#place.imageId} back`,
      cloud: this.#session.label,
      hint: 'Download the image.',
    });
  }

  async remove(): Promise<void> {}

  async #image(options?: CallOptions) {
    const page = await api.describeImage(
      this.#session,
      { ImageIDs: [this.#place.imageId], Limit: 1, Offset: 0 },
      options,
    );
    const [wire] = page.Infos ?? [];
    return wire && toImage(wire);
  }
}
