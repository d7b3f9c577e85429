import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CancelledError, IntegrityError, LocalFileError, ProtocolError } from '../model/index.ts';
import { type DownloadRequest, downloadToFile } from './download.ts';
import { ChangingCloud } from './testing/changing-cloud.ts';
import { fakeClock } from './testing/fake-cloud.ts';

const SIZE = 50_500;
const bytes = randomBytes(SIZE);
const hash = (name: string, of: Uint8Array = bytes) => createHash(name).update(of).digest('hex');
let cloud: ChangingCloud;
let imageId: string;
let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-download-'));
  file = path.join(dir, 'disk.qcow2');
  cloud = new ChangingCloud();
  cloud.capabilities.download = true;
  imageId = cloud.addImage({ name: 'a' }).id;
  cloud.bytes.set(imageId, bytes);
  cloud.checksums = { sha512: hash('sha512'), md5: 'not looked at' };
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const download = (more: Partial<DownloadRequest> = {}) =>
  downloadToFile(cloud, { imageId, path: file, clock: fakeClock(), ...more });
/** Downloads a part and is interrupted. */
async function interrupt(): Promise<void> {
  const stop = new AbortController();
  const stopped = download({
    signal: stop.signal,
    onProgress: ({ gotBytes }) => {
      if (gotBytes >= 20_000) stop.abort();
    },
  });
  await expect(stopped).rejects.toBeInstanceOf(CancelledError);
  expect((await readdir(dir)).sort()).toEqual(['disk.qcow2.part', 'disk.qcow2.part.json']);
}

it('downloads, verifies with the strongest hash, and leaves nothing beside the file', async () => {
  expect(await download()).toEqual({
    path: file,
    sizeBytes: SIZE,
    sha256: hash('sha256'),
    verified: { algorithm: 'sha512', value: hash('sha512') },
    resumedAtByte: 0,
  });
  expect((await readFile(file)).equals(bytes)).toBe(true);
  expect(await readdir(dir)).toEqual(['disk.qcow2']);
});

it('goes on after an interruption where it stopped', async () => {
  await interrupt();
  const resumed = await download();
  expect(resumed).toMatchObject({ resumedAtByte: 20_000, sha256: hash('sha256') });
  expect(cloud.starts).toEqual([0, 20_000]);
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

it('goes on by itself when the stream breaks, and ends early', async () => {
  cloud.breaks.push(10_000, 5_000, 0, undefined);
  const waits: number[] = [];
  await download({ onProgress: ({ retry }) => void (retry && waits.push(retry.waitMs)) });
  expect(cloud.starts).toEqual([0, 10_000, 15_000, 15_000]);
  expect(waits).toEqual([500, 500, 1000]);
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

it('gives up after eight tries without a byte, and the next run goes on', async () => {
  cloud.breaks.push(10_000, ...Array.from({ length: 8 }, () => 0));
  await expect(download()).rejects.toThrow(/the connection broke/);
  expect(await download()).toMatchObject({ resumedAtByte: 10_000, sha256: hash('sha256') });
});

it('a process that was killed when all bytes were there needs none any more', async () => {
  await interrupt();
  await writeFile(`${file}.part`, bytes);
  const asked = cloud.starts.length;
  expect(await download()).toMatchObject({ resumedAtByte: SIZE, sha256: hash('sha256') });
  expect(cloud.starts).toHaveLength(asked);
});

it('begins anew where the image has changed, or the service gives no part of it', async () => {
  await interrupt();
  const other = randomBytes(SIZE);
  cloud.bytes.set(imageId, other);
  cloud.checksums = { sha512: hash('sha512', other) };
  const notes: string[] = [];
  expect(await download({ onNote: (text) => notes.push(text) })).toMatchObject({ resumedAtByte: 0 });
  expect(notes.join()).toMatch(/has changed/);
  expect((await readFile(file)).equals(other)).toBe(true);

  await rm(file);
  await interrupt();
  let calls = 0;
  cloud.before = (method) => {
    if (method === 'downloadImage' && calls++ === 0)
      throw new ProtocolError({ operation: 'download', reason: 'the service does not give a part' });
  };
  expect(await download({ onNote: (text) => notes.push(text) })).toMatchObject({ resumedAtByte: 0 });
  expect(notes.at(-1)).toMatch(/begins anew/);
});

it('removes what is not what the service vouches for', async () => {
  cloud.checksums = { sha256: hash('sha256', new Uint8Array(1)) };
  await expect(download()).rejects.toBeInstanceOf(IntegrityError);
  expect(await readdir(dir)).toEqual([]);
});

it('finds a part that was damaged between two runs', async () => {
  await interrupt();
  const part = await readFile(`${file}.part`);
  part[7] = (part[7] ?? 0) ^ 1;
  await writeFile(`${file}.part`, part);
  await expect(download()).rejects.toBeInstanceOf(IntegrityError);
  expect(await readdir(dir)).toEqual([]);
});

it('overwrites nothing: no file, and no part of something else', async () => {
  await writeFile(file, 'precious');
  await expect(download()).rejects.toBeInstanceOf(LocalFileError);
  expect(await readFile(file, 'utf8')).toBe('precious');
  await rm(file);
  await writeFile(`${file}.part`, 'of something');
  await expect(download()).rejects.toThrow(/nothing says what it is a part of/);
  await rm(`${file}.part`);
  await interrupt();
  cloud.bytes.set('other', bytes);
  await expect(download({ imageId: 'other' })).rejects.toThrow(new RegExp(`a part of image ${imageId}`));
  expect((await readFile(`${file}.part`)).byteLength).toBe(20_000);
});

it('tells no verification where the service tells no hash', async () => {
  cloud.checksums = {};
  const result = await download();
  expect(result.verified).toBeUndefined();
  expect(result.sha256).toBe(hash('sha256'));
});
