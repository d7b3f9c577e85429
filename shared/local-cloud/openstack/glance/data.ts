// Bytes of images: upload, staging, download (operation 57), and what is computed while they arrive.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Exchange, header, type Reply } from '../../http/exchange.ts';
import type { BlobStore } from '../../store/blobs.ts';
import { type GlanceContext, readable, STORES, writable } from './context.ts';
import { GlanceError, introduced } from './errors.ts';
import type { Content, ImageRecord } from './records.ts';

const headBytes = 64 << 10;

/** Stores a stream of bytes; gives their hashes and their beginning. The bytes belong to nobody yet. */
export async function receive(
  blobs: BlobStore,
  source: AsyncIterable<Buffer>,
  onBytes?: (count: number) => void,
): Promise<{ content: Content; head: Buffer }> {
  const sha512 = createHash('sha512');
  const sha256 = createHash('sha256');
  const head: Buffer[] = [];
  let seen = 0;
  async function* watched() {
    for await (const chunk of source) {
      sha512.update(chunk);
      sha256.update(chunk);
      if (seen < headBytes) head.push(chunk.subarray(0, headBytes - seen));
      seen += chunk.length;
      yield chunk;
    }
  }
  const { segment, md5 } = await blobs.receive(Readable.from(watched(), { objectMode: false }), onBytes);
  if (segment.sizeBytes === 0) blobs.discard(segment);
  const content: Content = {
    manifest: segment.sizeBytes === 0 ? [] : [segment],
    sizeBytes: segment.sizeBytes,
    md5: md5.toString('hex'),
    sha512: sha512.digest('hex'),
    sha256: sha256.digest('hex'),
  };
  return { content, head: Buffer.concat(head) };
}

/** Drops bytes that nobody took. */
export function drop(blobs: BlobStore, { manifest }: Content): void {
  for (const segment of manifest) blobs.discard(segment);
}

const magics: Readonly<Record<string, { at: number; bytes: Buffer }>> = {
  qcow2: { at: 0, bytes: Buffer.from('QFI\xfb', 'latin1') },
  vhdx: { at: 0, bytes: Buffer.from('vhdxfile') },
  vmdk: { at: 0, bytes: Buffer.from('KDMV') },
  iso: { at: 32_769, bytes: Buffer.from('CD001') },
};

/** Why bytes do not go with the disk format that was stated; undefined when they do. */
export function contentProblem(format: string | null, head: Buffer): string | undefined {
  const magic = magics[format ?? ''];
  if (magic !== undefined && !head.subarray(magic.at, magic.at + magic.bytes.length).equals(magic.bytes)) {
    return `Image content did not match the stated disk format ${format}`;
  }
  if (format === 'qcow2' && head.length >= 80) {
    if (head.readBigUInt64BE(8) !== 0n) return 'Image rejected for safety: it has a backing file';
    const features = head.readUInt32BE(4) >= 3 ? head.readBigUInt64BE(72) : 0n;
    if ((features & 4n) !== 0n) return 'Image rejected for safety: it has a data file';
  }
  return undefined;
}

/** `PUT /v2/images/{id}/file` and `/stage`. An upload that fails puts the record back to queued. */
export async function uploadData(
  context: GlanceContext,
  id: string,
  place: 'file' | 'stage',
): Promise<Reply> {
  const { exchange, store } = context;
  const image = writable(context, id, 'upload_image');
  const type = header(exchange, 'content-type')?.split(';')[0]?.trim();
  if (type !== 'application/octet-stream') {
    throw new GlanceError(
      415,
      `The request media type ${type || 'text/plain'} is not supported by this server.`,
    );
  }
  if (image.status !== 'queued') {
    throw new GlanceError(
      409,
      `Image status transition from ${image.status} to ${place === 'file' ? 'saving' : 'uploading'} is not allowed`,
    );
  }
  if (place === 'file' && (image.diskFormat === null || image.containerFormat === null)) {
    throw new GlanceError(400, 'Properties disk_format, container_format must be set prior to saving data.');
  }
  const target = header(exchange, 'x-image-meta-store') ?? STORES[0];
  if (!STORES.some((known) => known === target)) {
    throw new GlanceError(400, `Store for identifier ${target} not found`);
  }
  const wanted = statedSize(exchange);
  if (wanted !== undefined && wanted > context.maxImageSizeBytes) {
    throw new GlanceError(413, 'Image exceeds the storage quota: the size limit is exceeded.');
  }
  store.put({ ...image, status: place === 'file' ? 'saving' : 'uploading' });
  const current = () => store.get(context.region, id);
  const restore = () => {
    const now = current();
    if (now !== undefined) store.put({ ...now, status: 'queued' });
  };
  let received: Awaited<ReturnType<typeof receive>>;
  try {
    received = await receive(store.blobs, exchange.body, (count) => exchange.addBytesIn(count));
  } catch (error) {
    restore();
    throw error;
  }
  const { content, head } = received;
  const refuse = (error: GlanceError) => {
    drop(store.blobs, content);
    restore();
    return error;
  };
  if (wanted !== undefined && wanted !== content.sizeBytes) {
    throw refuse(
      new GlanceError(400, `Size of the data (${content.sizeBytes}) is not what was stated (${wanted}).`),
    );
  }
  const problem = place === 'file' ? contentProblem(image.diskFormat, head) : undefined;
  if (problem !== undefined) throw refuse(new GlanceError(415, problem));
  const now = current();
  if (now === undefined) {
    drop(store.blobs, content);
    throw new GlanceError(
      410,
      `Image ${id} could not be found after upload. The image may have been deleted during the upload.`,
    );
  }
  store.put(
    place === 'file'
      ? { ...now, status: 'active', content, stores: [target], updatedAtMs: exchange.now }
      : { ...now, status: 'uploading', staged: content, updatedAtMs: exchange.now },
  );
  return { status: 204 };
}

function statedSize(exchange: Exchange): number | undefined {
  const own = header(exchange, 'x-openstack-image-size');
  if (own !== undefined && !/^\d+$/.test(own))
    throw new GlanceError(400, 'x-openstack-image-size must be an integer.');
  const text = own ?? header(exchange, 'content-length');
  return text === undefined ? undefined : Number(text);
}

/** `GET /v2/images/{id}/file`, with or without Range. */
export function downloadData(context: GlanceContext, id: string): Reply {
  const image = readable(context, id);
  if (image.status === 'deactivated' && !context.isAdmin) {
    throw new GlanceError(403, 'The requested image has been deactivated. Image data download is forbidden.');
  }
  const { content } = image;
  if (content === undefined) return { status: 204 };
  const range = rangeOf(header(context.exchange, 'range'), content.sizeBytes);
  const [start, end] = range ?? [0, content.sizeBytes];
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      'content-type': 'application/octet-stream',
      'content-md5': content.md5,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${content.sizeBytes}` }),
    },
    body: { sizeBytes: end - start, read: () => read(context.store.blobs, content, start, end) },
  };
}

/** The bytes stay while they are being read, even if the image is deleted meanwhile. */
async function* read(blobs: BlobStore, { manifest }: Content, start: number, end: number) {
  blobs.retain(manifest);
  try {
    yield* blobs.read(manifest, start, end);
  } finally {
    blobs.release(manifest);
  }
}

function rangeOf(text: string | undefined, sizeBytes: number): [number, number] | undefined {
  if (text === undefined) return undefined;
  if (text.includes(',')) {
    throw new GlanceError(
      400,
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.',
    );
  }
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text) ?? [];
  if ((first === '' && last === '') || (first !== '' && last !== '' && Number(last) < Number(first))) {
    throw introduced(416, 'Invalid Range header.');
  }
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (start >= sizeBytes || end <= start) {
    throw introduced(
      416,
      `Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${sizeBytes - 1}].`,
    );
  }
  return [start, end];
}

/** Puts bytes that have been imported into the record. */
export const activate = (
  image: ImageRecord,
  content: Content,
  stores: readonly string[],
  now: number,
): ImageRecord => {
  const { staged: _, ...rest } = image;
  return {
    ...rest,
    status: 'active',
    content,
    stores: [...new Set([...image.stores, ...stores])],
    updatedAtMs: now,
  };
};
