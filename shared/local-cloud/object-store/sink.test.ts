// The object store that throws bytes away: all it says of them stays right.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ObjectBytes } from '../options.ts';
import { md5, obs, startTestCloud, type TestCloud, tagOf } from '../testing/client.ts';

let test: TestCloud;
afterEach(() => test.remove());

async function begin(objectBytes: ObjectBytes): Promise<string> {
  test = await startTestCloud({ objectBytes });
  await obs(test, 'PUT', 'box');
  return tagOf((await obs(test, 'POST', 'box/k', { query: 'uploads' })).text, 'UploadId');
}

const base64 = (data: Buffer) => md5(data).toString('base64');
const part = (n: number) => Buffer.alloc(102_400 + n, n);

function put(id: string, n: number, contentMd5?: string) {
  const headers: Record<string, string> = contentMd5 === undefined ? {} : { 'content-md5': contentMd5 };
  return obs(test, 'PUT', 'box/k', { query: `partNumber=${n}&uploadId=${id}`, body: part(n), headers });
}

async function complete(id: string, etags: readonly unknown[]) {
  const list = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
  return obs(test, 'POST', 'box/k', { query: `uploadId=${id}`, body });
}

it('hashes what it throws away, lists and completes it, and says that it cannot give it back', async () => {
  const id = await begin('discard');
  const wrong = await put(id, 1, base64(part(2)));
  expect([wrong.status, wrong.headers['x-obs-error-code']]).toEqual([400, 'BadDigest']);
  const etags = [await put(id, 1, base64(part(1))), await put(id, 2)].map(({ headers }) => headers.etag);
  expect(etags).toEqual([1, 2].map((n) => `"${md5(part(n)).toString('hex')}"`));
  await test.restart();
  const listed = (await obs(test, 'GET', 'box/k', { query: `uploadId=${id}` })).text;
  expect([...listed.matchAll(/<Size>(\d+)/g)].map((match) => match[1])).toEqual(['102401', '102402']);
  expect((await complete(id, etags)).status).toBe(200);
  const head = await obs(test, 'HEAD', 'box/k');
  expect(head.headers['content-length']).toBe('204803');
  const whole = md5(Buffer.concat([md5(part(1)), md5(part(2))])).toString('hex');
  expect(head.headers.etag).toBe(`"${whole}-2"`);
  expect(readdirSync(join(test.dataDir, 'blobs'))).toEqual([]);
  await expect(obs(test, 'GET', 'box/k')).rejects.toThrow();
  expect((await obs(test, 'DELETE', 'box/k')).status).toBe(204);
});

it('believes what clients say of bytes that it does not look at', async () => {
  const id = await begin('discard-unchecked');
  const believed = await put(id, 1, base64(part(2)));
  expect(believed.headers.etag).toBe(`"${md5(part(2)).toString('hex')}"`);
  const unknown = await put(id, 2);
  expect(unknown.headers.etag).toMatch(/^"[0-9a-f]{32}-1"$/);
  expect((await complete(id, [believed.headers.etag, unknown.headers.etag])).status).toBe(200);
  expect((await obs(test, 'HEAD', 'box/k')).headers['content-length']).toBe('204803');
  const short = await obs(test, 'PUT', 'box/short', { body: 'x', headers: { 'content-md5': 'no' } });
  expect(short.headers['x-obs-error-code']).toBe('InvalidDigest');
});
