// What the object store of the embedded cloud really has, asked over its own HTTP API with a signature of our own: no code of
// the product's clients is used here.
import { createHash, createHmac } from 'node:crypto';
import type { CloudFacts } from './cloud-process.ts';

/** An unfinished upload in parts. */
export interface Unfinished {
  bucket: string;
  key: string;
  uploadId: string;
}

type Query = readonly (readonly [string, string])[];
/** Bucket of the uploads of the ucloudstack family; it has an endpoint of its own. */
export const MIRROR = 'mirror';
/** Names of query parameters that are signed. */
const SIGNED = ['partNumber', 'uploadId', 'uploads'];

/** One object store. */
export class ObjectStore {
  readonly #facts: () => CloudFacts;

  constructor(facts: () => CloudFacts) {
    this.#facts = facts;
  }

  /** SHA-256 of an object in hex; undefined when there is none. */
  async sha256(bucket: string, key: string): Promise<string | undefined> {
    const response = await this.#send('GET', bucket, key);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    this.#expect(response, 200);
    const hash = createHash('sha256');
    for await (const chunk of response.body ?? []) hash.update(chunk);
    return hash.digest('hex');
  }

  async buckets(): Promise<string[]> {
    return all(await this.#text('GET', '', ''), 'Bucket').map((bucket) => one(bucket, 'Name'));
  }

  async keys(bucket: string): Promise<string[]> {
    return all(await this.#text('GET', bucket, '', [['max-keys', '1000']]), 'Contents').map((o) =>
      one(o, 'Key'),
    );
  }

  async remove(bucket: string, key: string): Promise<void> {
    await (await this.#send('DELETE', bucket, key)).body?.cancel();
  }

  /** All unfinished uploads that a listing of this account's buckets shows. */
  async unfinished(): Promise<Unfinished[]> {
    const found: Unfinished[] = [];
    for (const bucket of await this.buckets()) {
      const text = await this.#text('GET', bucket, '', [['uploads', '']]);
      for (const upload of all(text, 'Upload')) {
        found.push({ bucket, key: one(upload, 'Key'), uploadId: one(upload, 'UploadId') });
      }
    }
    return found;
  }

  /** ETags of an upload's parts; undefined when there is no such upload. */
  async parts(upload: Unfinished, after = 0, most = 1000): Promise<Map<number, string> | undefined> {
    const response = await this.#send('GET', upload.bucket, upload.key, [
      ['uploadId', upload.uploadId],
      ['max-parts', String(most)],
      ['part-number-marker', String(after)],
    ]);
    const text = await response.text();
    if (response.status === 404) return undefined;
    this.#expect(response, 200);
    return partsIn(text);
  }

  /** Removes an unfinished upload, as its retention rule or another user might. */
  async abort(upload: Unfinished): Promise<void> {
    await (
      await this.#send('DELETE', upload.bucket, upload.key, [['uploadId', upload.uploadId]])
    ).body?.cancel();
  }

  async #text(method: string, bucket: string, key: string, query: Query = []): Promise<string> {
    const response = await this.#send(method, bucket, key, query);
    this.#expect(response, 200);
    return await response.text();
  }

  #expect(response: Response, status: number): void {
    if (response.status !== status)
      throw new Error(`the object store answered ${response.status} to ${response.url}`);
  }

  async #send(method: string, bucket: string, key: string, query: Query = []): Promise<Response> {
    const { endpoints, accessKey, secretKey } = this.#facts();
    const path = bucket === '' ? '/' : `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
    const signed = query
      .filter(([name]) => SIGNED.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
      .join('&');
    const date = new Date().toUTCString();
    const text = [
      method,
      '',
      '',
      '',
      `x-obs-date:${date}`,
      `${path}${signed === '' ? '' : `?${signed}`}`,
    ].join('\n');
    const signature = createHmac('sha1', secretKey).update(text).digest('base64');
    const search = query
      .map(([name, value]) => (value === '' ? name : `${name}=${encodeURIComponent(value)}`))
      .join('&');
    const base = bucket === MIRROR ? endpoints['ucloudstack-s3'] : endpoints.obs;
    return await fetch(`${base}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { 'x-obs-date': date, authorization: `OBS ${accessKey}:${signature}` },
    });
  }
}

/** ETags by part number, in a listing of parts. */
export function partsIn(xml: string): Map<number, string> {
  return new Map(
    all(xml, 'Part').map((part) => [Number(one(part, 'PartNumber')), unquoted(one(part, 'ETag'))]),
  );
}

const unquoted = (etag: string) => etag.replaceAll('"', '').replaceAll('&quot;', '');

/** The contents of all elements of a name; they do not nest. */
function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map((match) => match[1] ?? '');
}

function one(xml: string, name: string): string {
  return all(xml, name)[0] ?? '';
}
