// Downloads: links that are good for a while (seed 000, GetImageDownloadURL), and the bytes behind them.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { type Exchange, header, type Reply } from '../http/exchange.ts';
import { errorReply, ObsError } from '../object-store/errors.ts';
import { readJsonFile, writeJsonFile } from '../store/json-file.ts';
import { ApiError } from './codes.ts';
import { contentSize, readContent } from './content.ts';
import { type ActionContext, type ActionResult, usedImageOf } from './context.ts';
import type { Content, ImageRecord, ImageStore } from './records.ts';

const lifetimeSeconds = 24 * 3600;

/** Makes and checks the queries of links, with a key that the cloud keeps. */
export class DownloadLinks {
  readonly #key: Buffer;

  constructor(folder: string) {
    const path = join(folder, 'download-key.json');
    const known = readJsonFile(path, z.object({ key: z.string() }));
    const key = known?.key ?? randomBytes(32).toString('hex');
    if (known === undefined) writeJsonFile(path, { key }, 0o600);
    this.#key = Buffer.from(key, 'hex');
  }

  /** The query, URL-encoded, that is good until a time in Unix seconds. */
  query(image: ImageRecord, expires: number): string {
    const signature = this.#sign(image.region, image.id, String(expires)).toString('base64');
    return new URLSearchParams({
      ImageID: image.id,
      Expires: String(expires),
      Signature: signature,
    }).toString();
  }

  /** The image that a query is good for. */
  imageIdOf(query: URLSearchParams, region: string, now: number): string | undefined {
    const [id, expires, signature] = ['ImageID', 'Expires', 'Signature'].map((name) => query.get(name) ?? '');
    if (id === undefined || expires === undefined || !/^\d{1,12}$/.test(expires)) return undefined;
    const given = Buffer.from(signature ?? '', 'base64');
    const expected = this.#sign(region, id, expires);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return now < Number(expires) * 1000 ? id : undefined;
  }

  #sign(region: string, id: string, expires: string): Buffer {
    return createHmac('sha256', this.#key).update([region, id, expires].join('\n')).digest();
  }
}

/** GetImageDownloadURL: only images that are not encrypted. */
export function getDownloadUrl(context: ActionContext): ActionResult {
  const image = usedImageOf(context);
  if (image.encrypted) throw new ApiError(201, '加密镜像不支持下载');
  const expires = Math.floor(context.now / 1000) + lifetimeSeconds;
  return { Info: { DownloadQuery: context.links.query(image, expires), ExpiredTime: expires } };
}

/** What the download service of a region needs. */
export interface DownloadOptions {
  region: string;
  store: ImageStore;
  links: DownloadLinks;
}

/** `GET` and `HEAD` of `/s3/download?<query>`, with ranges. */
export function download(exchange: Exchange, { region, store, links }: DownloadOptions): Reply {
  const fail = (status: number, code: string, message: string) =>
    errorReply(new ObsError(status, code, message), exchange.requestId, exchange.rawPath);
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    return fail(405, 'MethodNotAllowed', 'Only GET and HEAD.');
  }
  const id = links.imageIdOf(exchange.query, region, exchange.now);
  if (id === undefined) return fail(403, 'AccessDenied', 'The link is not valid, or has expired.');
  const image = store.image(id);
  const content = image?.phase === 'used' ? image.content : undefined;
  if (image === undefined || content === undefined) {
    return fail(404, 'NoSuchKey', 'The image is not there any more.');
  }
  const sizeBytes = contentSize(content);
  const headers = {
    etag: etagOf(content),
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${image.name}.${image.format}`)}`,
    'last-modified': new Date(image.phaseBeganAtMs).toUTCString(),
  };
  const wanted = header(exchange, 'if-range') ?? headers.etag;
  const range = wanted === headers.etag ? rangeOf(header(exchange, 'range'), sizeBytes) : undefined;
  if (range === 'outside') {
    const reply = fail(416, 'InvalidRange', 'The range is outside of the image.');
    return { ...reply, headers: { ...reply.headers, 'content-range': `bytes */${sizeBytes}` } };
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
    },
    body: { sizeBytes: end - start, read: () => readContent(store.blobs, content, start, end) },
  };
}

/** Tells one content from another. Has the form of an upload in parts, so that nobody takes it for an MD5. */
function etagOf(content: Content): string {
  const names = content.kind === 'stored' ? content.manifest.map((segment) => segment.blob) : [content.label];
  return `"${createHash('md5').update(names.join('\n')).digest('hex')}-${names.length}"`;
}

/** One range of bytes, the end not included; undefined when the header is absent or not understood. */
function rangeOf(
  text: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | 'outside' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? 'outside' : { start: sizeBytes - count, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= sizeBytes ? 'outside' : { start, end };
}
