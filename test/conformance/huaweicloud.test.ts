// The adapter for the huaweicloud family against the embedded cloud: both were written from the API documents, apart.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthenticationError,
  ConflictError,
  connectProfile,
  type HuaweicloudProfile,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  IntegrityError,
  InvalidInputError,
  type Job,
  type JobRef,
  type MultipartTarget,
  NotFoundError,
  PermissionError,
  ProtocolError,
  parseProfile,
  QuotaError,
  type RemotePart,
  ThrottledError,
  UnavailableError,
} from '@imagebridge/core';
import { type LocalAccount, type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const KB = 1024;
const OS = 'Ubuntu 18.04 server 64bit';
let dir: string;
let server: LocalCloud;
let acme: ImageCloud;
let partner: ImageCloud;
const requests: string[] = [];

function profileOf(account: LocalAccount, changes: Record<string, unknown> = {}): HuaweicloudProfile {
  const regions = Object.fromEntries(
    Object.entries(server.endpoints.regions).map(([region, { ims, obs }]) => [
      region,
      { endpoints: { iam: server.endpoints.iam, ims, obs } },
    ]),
  );
  const profile = parseProfile(account.domain, {
    family: 'huaweicloud',
    region: 'local-1',
    domain: account.domain,
    user: account.user,
    password: account.password,
    access_key: account.accessKey,
    secret_key: account.secretKey,
    regions,
    ...changes,
  });
  if (profile.family !== 'huaweicloud') throw new Error('another family than asked for');
  return profile;
}

function account(domain: string): LocalAccount {
  const found = server.accounts.find((candidate) => candidate.domain === domain);
  if (!found) throw new Error(`no account ${domain}`);
  return found;
}

const opened: ImageCloud[] = [];
function open(profile: HuaweicloudProfile): ImageCloud {
  const cloud = connectProfile(profile, undefined, { env: {} });
  opened.push(cloud);
  return cloud;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-conformance-'));
  server = await startLocalCloud({
    dataDir: dir,
    jobDurationMs: 40,
    imageQuota: 300,
    onRequest: ({ service, method, path }) => requests.push(`${service} ${method} ${path}`),
  });
  acme = open(profileOf(account('acme')));
  partner = open(profileOf(account('partner')));
});
afterEach(() => server.faults.clear());
afterAll(async () => {
  for (const cloud of opened) await cloud.close();
  await server?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The error that a promise rejects with; it must be one of ours. */
async function failure(work: Promise<unknown>): Promise<ImageBridgeError> {
  const error = await work.then(
    () => new Error('it should have failed'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ImageBridgeError)) throw error;
  return error;
}

async function finish(cloud: ImageCloud, ref: JobRef): Promise<Job> {
  for (let tries = 0; tries < 500; tries += 1) {
    const job = await cloud.getJob(ref);
    if (job.status === 'succeeded' || job.status === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`job ${ref.id} does not end`);
}

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();
async function* inChunks(data: Uint8Array, size = 64 * KB): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

function sendPart(target: MultipartTarget, uploadId: string, partNumber: number, data: Uint8Array) {
  return target.uploadPart({
    uploadId,
    partNumber,
    sizeBytes: data.length,
    md5: md5(data),
    body: () => inChunks(data),
  });
}

/** Stages bytes as one object; gives its target. */
async function stageBytes(
  cloud: ImageCloud,
  key: string,
  parts: readonly Uint8Array[],
): Promise<MultipartTarget> {
  const target = await cloud.stage({ key });
  const uploadId = await target.initiate();
  for (const [index, data] of parts.entries()) await sendPart(target, uploadId, index + 1, data);
  await target.complete(uploadId, await all(target.listParts(uploadId)));
  return target;
}

let serial = 0;
/** Makes an active image of random bytes. */
async function makeImage(
  cloud: ImageCloud,
  more: Partial<Parameters<ImageCloud['createFromObject']>[0]> = {},
) {
  serial += 1;
  const data = randomBytes(200 * KB);
  const target = await stageBytes(cloud, `conformance/${serial}.raw`, [data]);
  const ref = await cloud.createFromObject({
    name: `image-${serial}`,
    bucket: target.locator.bucket,
    key: target.locator.key,
    diskFormat: 'raw',
    osVersion: OS,
    ...more,
  });
  const job = await finish(cloud, ref);
  const [id] = job.imageIds;
  if (job.status !== 'succeeded' || id === undefined) throw new Error(`no image: ${JSON.stringify(job)}`);
  await target.remove();
  return { id, data, job };
}

async function shown(cloud: ImageCloud, id: string): Promise<Image> {
  const image = await cloud.getImage(id);
  if (!image) throw new Error(`no image ${id}`);
  return image;
}

describe('signing in', () => {
  it('gives the id of the project, by password and by keys alone', async () => {
    const { projects } = account('acme');
    expect(await acme.projectId()).toBe(projects['local-1']);
    expect(await acme.inRegion('local-2').projectId()).toBe(projects['local-2']);
    const byKeys = open(
      profileOf(account('acme'), { user: undefined, password: undefined, domain: undefined }),
    );
    expect(await byKeys.projectId()).toBe(projects['local-1']);
    expect(await all(byKeys.listImages({ name: 'none' }))).toEqual([]);
  });

  it('refuses a wrong password, a wrong project and wrong keys', async () => {
    const wrongPassword = open(profileOf(account('acme'), { password: 'wrong' }));
    expect(await failure(wrongPassword.getQuotas())).toBeInstanceOf(AuthenticationError);
    const wrongProject = acme.inRegion('local-1', 'nowhere');
    expect((await failure(wrongProject.getQuotas())).kind).toMatch(/^(authentication|not-found)$/);
    const wrongKey = open(profileOf(account('acme'), { secret_key: 'wrong' }));
    const signature = await failure(wrongKey.stage({ bucket: 'some-bucket', key: 'k' }));
    expect(signature).toBeInstanceOf(AuthenticationError);
    const unknownKey = open(profileOf(account('acme'), { access_key: 'NOBODY' }));
    expect(await failure(unknownKey.stage({ bucket: 'some-bucket', key: 'k' }))).toBeInstanceOf(
      AuthenticationError,
    );
  });
});

describe('images', () => {
  it('go from bytes to an active image with the same bytes', async () => {
    const { id, data, job } = await makeImage(acme, {
      name: 'first image',
      description: 'made for a test',
      minDiskGiB: 60,
      minRamMiB: 512,
      tags: { env: 'prod', bare: '' },
    });
    expect(job).toMatchObject({ status: 'succeeded', progress: 1, type: 'imsImportImageJob' });
    expect(job.startedAt).toBeInstanceOf(Date);
    const image = await shown(acme, id);
    expect(image).toMatchObject({
      id,
      name: 'first image',
      description: 'made for a test',
      status: 'active',
      sizeBytes: data.length,
      minDiskGiB: 60,
      minRamMiB: 512,
      osVersion: OS,
      osType: 'Linux',
      ownerId: await acme.projectId(),
      visibility: 'private',
      tags: { env: 'prod', bare: '' },
    });
    const stored = (await server.storedImages()).find((candidate) => candidate.id === id);
    expect(stored?.sha256).toBe(createHash('sha256').update(data).digest('hex'));
  });

  it('of an ISO file are made with its type', async () => {
    const data = Buffer.alloc(100 * KB);
    // Volume descriptor of ISO 9660 at sector 16.
    data.write('\x01CD001\x01', 16 * 2048, 'latin1');
    const target = await stageBytes(acme, 'conformance/disc.iso', [data]);
    const ref = await acme.createFromObject({
      name: 'disc',
      bucket: target.locator.bucket,
      key: target.locator.key,
      diskFormat: 'iso',
      osVersion: OS,
    });
    const job = await finish(acme, ref);
    expect(job).toMatchObject({ status: 'succeeded' });
    const image = await shown(acme, job.imageIds[0] ?? '');
    expect(image).toMatchObject({ diskFormat: 'iso', properties: { virtual_env_type: 'IsoImage' } });
  });

  it('are listed by every filter, and over pages', async () => {
    const tags = { run: 'paging' };
    const target = await stageBytes(acme, 'conformance/many.raw', [randomBytes(100 * KB)]);
    const { bucket, key } = target.locator;
    const refs = await Promise.all(
      Array.from({ length: 105 }, (_, i) =>
        acme.createFromObject({ name: `many-${i}`, bucket, key, diskFormat: 'raw', osVersion: OS, tags }),
      ),
    );
    const jobs = await Promise.all(refs.map((ref) => finish(acme, ref)));
    const ids = jobs.flatMap((job) => job.imageIds);
    expect(new Set(ids).size).toBe(105);

    requests.length = 0;
    const own = await all(acme.listImages({ scope: 'own' }));
    expect(requests.filter((request) => request.includes('/v2/cloudimages'))).toHaveLength(2);
    expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
    expect(own.filter(({ name }) => name.startsWith('many-'))).toHaveLength(105);
    expect(await all(acme.listImages({ tag: { key: 'run', value: 'paging' } }))).toHaveLength(105);
    expect(await all(acme.listImages({ tag: { key: 'run', value: 'other' } }))).toEqual([]);
    expect((await all(acme.listImages({ name: 'many-7' }))).map(({ name }) => name)).toEqual(['many-7']);
    expect(await all(acme.listImages({ name: 'many-7', status: 'importing' }))).toEqual([]);
    for (const image of await all(acme.listImages({ scope: 'public' }))) {
      expect(image.visibility).toBe('public');
    }
    expect(await all(partner.listImages({ tag: { key: 'run', value: 'paging' } }))).toEqual([]);
    await Promise.all(ids.map((id) => acme.deleteImage(id)));
    expect(await all(acme.listImages({ tag: { key: 'run', value: 'paging' } }))).toEqual([]);
  });

  it('change their name, description, memory and properties', async () => {
    const { id } = await makeImage(acme);
    const changed = await acme.updateImage(id, {
      name: 'renamed',
      description: 'said',
      minRamMiB: 2048,
      properties: { 'my.property': 'one', other: 'two' },
    });
    expect(changed).toMatchObject({ name: 'renamed', description: 'said', minRamMiB: 2048 });
    expect(changed.properties).toMatchObject({ 'my.property': 'one', other: 'two' });
    await acme.updateImage(id, { description: null, properties: { 'my.property': null, other: 'three' } });
    const image = await shown(acme, id);
    expect(image.description).toBeUndefined();
    expect(image.properties.other).toBe('three');
    expect(image.properties).not.toHaveProperty('my.property');
    expect((await failure(partner.updateImage(id, { name: 'stolen' }))).kind).toMatch(
      /^(not-found|permission)$/,
    );
  });

  it('are gone after a deletion, and may be deleted again', async () => {
    const { id } = await makeImage(acme);
    await acme.deleteImage(id);
    expect(await acme.getImage(id)).toBeUndefined();
    await acme.deleteImage(id);
    expect(await acme.getImage('00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });
});

describe('refusals', () => {
  it('of a taken name, a missing file and a wrong system carry the code of the service', async () => {
    const { id } = await makeImage(acme, { name: 'taken' });
    const target = await stageBytes(acme, 'conformance/twice.raw', [randomBytes(100 * KB)]);
    const request = {
      name: 'taken',
      bucket: target.locator.bucket,
      key: target.locator.key,
      diskFormat: 'raw',
      osVersion: OS,
    };
    const code = async (changes: object): Promise<string | undefined> => {
      try {
        const ref = await acme.createFromObject({ ...request, name: 'fresh', ...changes });
        const job = await finish(acme, ref);
        return job.status === 'failed' ? job.errorCode : undefined;
      } catch (error) {
        if (!(error instanceof ImageBridgeError)) throw error;
        expect(error.message).toContain('huaweicloud "acme"');
        expect(error.details.hint).toBeTruthy();
        return error.details.code;
      }
    };
    expect(await code({ name: 'taken' })).toBe('IMG.0009');
    expect(await code({ key: 'not-there.raw' })).toBe('IMG.0057');
    expect(await code({ osVersion: 'Plan 9' })).toBe('IMG.0056');
    await acme.deleteImage(id);
  });

  it('of a change to an image that is not there is not-found', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await failure(acme.updateImage(id, { name: 'x' }))).toBeInstanceOf(NotFoundError);
    expect((await failure(acme.addShare(id, 'p'))).kind).toMatch(/^(not-found|invalid-input)$/);
    expect((await failure(acme.copyImage({ sourceImageId: id, name: 'x' }))).kind).toBe('not-found');
    expect(await failure(acme.getJob({ id: 'no-such-job' }))).toBeInstanceOf(NotFoundError);
  });

  it('of the quota says so', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'imagebridge-quota-'));
    const small = await startLocalCloud({ dataDir, jobDurationMs: 20, imageQuota: 0 });
    try {
      const full = open(
        profileOf(small.accounts.find(({ domain }) => domain === 'acme') ?? account('acme'), {
          regions: {},
          endpoints: {
            iam: small.endpoints.iam,
            ims: small.endpoints.regions['local-1']?.ims,
            obs: small.endpoints.regions['local-1']?.obs,
          },
        }),
      );
      const target = await stageBytes(full, 'k.raw', [randomBytes(KB)]);
      const { bucket, key } = target.locator;
      const error = await failure(
        full.createFromObject({ name: 'one', bucket, key, diskFormat: 'raw', osVersion: OS }),
      );
      expect(error).toBeInstanceOf(QuotaError);
      expect(error.details.code).toBe('IMG.0015');
      await full.close();
    } finally {
      await small.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('sharing', () => {
  it('goes over pending to accepted or rejected, and ends', async () => {
    const { id } = await makeImage(acme, { name: 'shared one' });
    const partnerProject = await partner.projectId();
    expect(await acme.getShare(id, partnerProject)).toBeUndefined();
    expect(await partner.getImage(id)).toBeUndefined();

    const added = await finish(acme, await acme.addShare(id, partnerProject));
    expect(added.status).toBe('succeeded');
    expect(await acme.getShare(id, partnerProject)).toMatchObject({
      imageId: id,
      projectId: partnerProject,
      status: 'pending',
    });
    expect((await all(acme.listShares(id))).map(({ projectId }) => projectId)).toEqual([partnerProject]);
    expect((await all(partner.listImages({ scope: 'shared' }))).map((image) => image.id)).not.toContain(id);

    expect((await finish(partner, await partner.answerShare(id, 'accepted'))).status).toBe('succeeded');
    expect((await acme.getShare(id, partnerProject))?.status).toBe('accepted');
    const received = await all(partner.listImages({ scope: 'shared' }));
    expect(received.find((image) => image.id === id)).toMatchObject({
      visibility: 'shared',
      ownerId: await acme.projectId(),
    });
    expect((await all(partner.listImages({ scope: 'own' }))).map((image) => image.id)).not.toContain(id);
    expect((await all(acme.listImages({ scope: 'own' }))).map((image) => image.id)).toContain(id);

    await finish(partner, await partner.answerShare(id, 'rejected'));
    expect((await acme.getShare(id, partnerProject))?.status).toBe('rejected');
    expect((await all(partner.listImages({ scope: 'shared' }))).map((image) => image.id)).not.toContain(id);

    const removed = await finish(acme, await acme.removeShare(id, partnerProject));
    expect(removed.status).toBe('succeeded');
    expect(await acme.getShare(id, partnerProject)).toBeUndefined();
    expect(await all(acme.listShares(id))).toEqual([]);
  });

  it('with oneself is refused', async () => {
    const { id } = await makeImage(acme);
    const error = await failure(acme.addShare(id, await acme.projectId()));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.details.code).toBe('IMG.0076');
  });
});

describe('copies', () => {
  it('are made inside the region', async () => {
    const { id, data } = await makeImage(acme);
    const job = await finish(
      acme,
      await acme.copyImage({ sourceImageId: id, name: 'copy one', description: 'd' }),
    );
    expect(job.status).toBe('succeeded');
    const copyId = job.imageIds[0] ?? '';
    expect(copyId).not.toBe(id);
    expect(await shown(acme, copyId)).toMatchObject({
      name: 'copy one',
      description: 'd',
      status: 'active',
      sizeBytes: data.length,
    });
  });

  it('are made in another region', async () => {
    const { id, data } = await makeImage(acme);
    const there = acme.inRegion('local-2');
    const ref = await acme.copyImage({
      sourceImageId: id,
      name: 'copy there',
      region: 'local-2',
      agencyName: 'ims-copy',
    });
    const job = await finish(acme, ref);
    expect(job.status).toBe('succeeded');
    const [copy] = await all(there.listImages({ scope: 'own', name: 'copy there' }));
    expect(copy).toMatchObject({
      status: 'active',
      sizeBytes: data.length,
      ownerId: await there.projectId(),
    });
    expect(job.imageIds).toEqual([copy?.id]);
    expect(await acme.getImage(copy?.id ?? '')).toBeUndefined();
  });

  it('to an unknown region are refused by the service', async () => {
    const { id } = await makeImage(acme);
    const error = await failure(
      acme.copyImage({ sourceImageId: id, name: 'x', region: 'mars-1', agencyName: 'a' }),
    );
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.details.code).toBe('IMG.0147');
  });
});

describe('jobs', () => {
  it('run before they end', async () => {
    // One that does not end: how soon the question comes must not matter.
    server.faults.add({ service: 'ims', path: '/action', action: { kind: 'stuck-job' } });
    const target = await stageBytes(acme, 'conformance/runs.raw', [randomBytes(KB)]);
    const { bucket, key } = target.locator;
    const ref = await acme.createFromObject({ name: 'runs', bucket, key, diskFormat: 'raw', osVersion: OS });
    expect(await acme.getJob(ref)).toMatchObject({
      id: ref.id,
      status: expect.stringMatching(/^(queued|running)$/),
    });
  });

  it('tell why they failed', async () => {
    server.faults.add({
      service: 'ims',
      path: '/action',
      action: { kind: 'fail-job', code: 'IMG.0072', reason: 'The specified image format is not supported.' },
    });
    const target = await stageBytes(acme, 'conformance/fails.raw', [randomBytes(KB)]);
    const { bucket, key } = target.locator;
    const ref = await acme.createFromObject({ name: 'fails', bucket, key, diskFormat: 'raw', osVersion: OS });
    expect(await finish(acme, ref)).toMatchObject({
      id: ref.id,
      status: 'failed',
      errorCode: 'IMG.0072',
      failureReason: expect.stringContaining('not supported'),
    });
  });
});

describe('catalogues', () => {
  it('tell the systems and the quota', async () => {
    const systems = await acme.listOsVersions();
    expect(systems).toContainEqual({ platform: 'Ubuntu', osVersion: OS, osType: 'Linux', bits: 64 });
    const [quota] = await acme.getQuotas();
    const own = await all(acme.listImages({ scope: 'own' }));
    expect(quota).toEqual({ resource: 'image', used: own.length, limit: 300 });
  });
});

describe('staging', () => {
  it('makes a bucket once, and refuses one of somebody else', async () => {
    const bucket = 'conformance-own-bucket';
    const first = await acme.stage({ bucket, key: 'k' });
    const again = await acme.stage({ bucket, key: 'k' });
    expect(again.locator).toEqual(first.locator);
    expect(await failure(partner.stage({ bucket, key: 'k' }))).toBeInstanceOf(PermissionError);
    const standard = await acme.stage({ key: 'k' });
    expect(standard.locator.bucket).toBe(`imagebridge-${await acme.projectId()}`);
  });

  it('keeps parts over a restart of the client, and puts them together', async () => {
    const target = await acme.stage({ key: 'conformance/dir/镜像-(1).raw' });
    const data = randomBytes(350 * KB);
    const uploadId = await target.initiate();
    expect(await all(target.listParts(uploadId))).toEqual([]);
    const second = data.subarray(150 * KB, 300 * KB);
    const { etag } = await sendPart(target, uploadId, 2, second);
    expect(etag).toBe(md5(second).toString('hex'));
    await sendPart(target, uploadId, 1, data.subarray(0, 150 * KB));

    const later = await open(profileOf(account('acme'))).stage({ key: target.locator.key });
    expect(await later.findUploads()).toEqual([uploadId]);
    expect(await all(later.listParts(uploadId))).toEqual([
      { partNumber: 1, sizeBytes: 150 * KB, etag: md5(data.subarray(0, 150 * KB)).toString('hex') },
      { partNumber: 2, sizeBytes: 150 * KB, etag },
    ]);
    await sendPart(later, uploadId, 3, data.subarray(300 * KB));
    expect(await later.head()).toBeUndefined();
    await later.complete(uploadId, await all(later.listParts(uploadId)));
    expect(await later.head()).toMatchObject({
      sizeBytes: data.length,
      uploadId,
      etag: expect.stringMatching(/-3$/),
    });
    expect(Buffer.concat(await all(later.read(0))).equals(data)).toBe(true);
    expect(Buffer.concat(await all(later.read(300_000))).equals(data.subarray(300_000))).toBe(true);
    expect(await all(later.read(data.length))).toEqual([]);
    expect(await later.findUploads()).toEqual([]);
    await later.remove();
    await later.remove();
    expect(await later.head()).toBeUndefined();
  });

  it('lists more than a page of parts in the order of numbers', async () => {
    const target = await acme.stage({ key: 'conformance/many-parts.raw' });
    const uploadId = await target.initiate();
    const numbers = Array.from({ length: 1_005 }, (_, i) => i * 3 + 1);
    const queue = [...numbers].reverse();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
          await sendPart(target, uploadId, n, Buffer.from(`part ${n}`));
        }
      }),
    );
    requests.length = 0;
    const parts: RemotePart[] = await all(target.listParts(uploadId));
    expect(parts.map(({ partNumber }) => partNumber)).toEqual(numbers);
    expect(requests.filter((request) => request.includes('part-number-marker'))).toHaveLength(2);
    expect(parts.at(-1)?.etag).toBe(md5(Buffer.from(`part ${numbers.at(-1)}`)).toString('hex'));
    await target.abort(uploadId);
    await target.abort(uploadId);
    expect(await target.findUploads()).toEqual([]);
    const error = await failure(all(target.listParts(uploadId)));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.details.code).toBe('NoSuchUpload');
  });

  it('finds the uploads of the very key only, the newest first', async () => {
    const target = await acme.stage({ key: 'conformance/find.raw' });
    const neighbour = await acme.stage({ key: 'conformance/find.raw.bak' });
    const ids = [await target.initiate()];
    await new Promise((resolve) => setTimeout(resolve, 5));
    ids.unshift(await target.initiate());
    const other = await neighbour.initiate();
    expect(await target.findUploads()).toEqual(ids);
    expect(await neighbour.findUploads()).toEqual([other]);
    for (const id of ids) await target.abort(id);
    await neighbour.abort(other);
    expect(await server.unfinishedUploads()).toEqual([]);
  });

  it('refuses damaged, unknown and too small parts', async () => {
    const target = await acme.stage({ key: 'conformance/refused.raw' });
    const uploadId = await target.initiate();
    const data = randomBytes(KB);
    const damaged = await failure(
      target.uploadPart({
        uploadId,
        partNumber: 1,
        sizeBytes: data.length,
        md5: md5(Buffer.from('other')),
        body: () => inChunks(data),
      }),
    );
    expect(damaged).toBeInstanceOf(IntegrityError);
    expect(damaged.details.code).toBe('BadDigest');
    expect(await all(target.listParts(uploadId))).toEqual([]);

    const unknown = await failure(sendPart(target, '00000000', 1, data));
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown.details.code).toBe('NoSuchUpload');

    await sendPart(target, uploadId, 1, data);
    await sendPart(target, uploadId, 2, data);
    const small = await failure(target.complete(uploadId, await all(target.listParts(uploadId))));
    expect(small).toBeInstanceOf(InvalidInputError);
    expect(small.details.code).toBe('EntityTooSmall');
    const wrong = await failure(
      target.complete(uploadId, [{ partNumber: 1, sizeBytes: KB, etag: '0'.repeat(32) }]),
    );
    expect(wrong).toBeInstanceOf(ConflictError);
    expect(wrong.details.code).toBe('InvalidPart');
    await target.abort(uploadId);
    expect((await failure(target.complete(uploadId, []))).kind).toMatch(/^(not-found|invalid-input)$/);
  });

  it('leaves an unknown outcome to a look at the object', async () => {
    const target = await acme.stage({ key: 'conformance/lost.raw' });
    const uploadId = await target.initiate();
    await sendPart(target, uploadId, 1, randomBytes(KB));
    const parts = await all(target.listParts(uploadId));
    server.faults.add({ service: 'obs', method: 'POST', path: uploadId, action: { kind: 'lose-reply' } });
    expect(await failure(target.complete(uploadId, parts))).toBeInstanceOf(UnavailableError);
    expect(await target.head()).toMatchObject({ sizeBytes: KB, uploadId });
    await target.remove();
  });
});

describe('a bad day', () => {
  it('is survived by reads', async () => {
    const faults = [{ kind: 'status', status: 500 }, { kind: 'cut' }, { kind: 'truncate' }] as const;
    for (const action of faults) {
      server.faults.add({ service: 'ims', method: 'GET', path: 'quota', action });
      expect(await acme.getQuotas(), action.kind).toHaveLength(1);
    }
    server.faults.add({
      service: 'ims',
      method: 'GET',
      path: 'quota',
      action: { kind: 'status', status: 429, headers: { 'Retry-After': '0' } },
    });
    expect(await acme.getQuotas()).toHaveLength(1);
    expect(server.faults.list()).toEqual([]);
  });

  it('makes no second image', async () => {
    const target = await stageBytes(acme, 'conformance/once.raw', [randomBytes(KB)]);
    const { bucket, key } = target.locator;
    const request = { name: 'once only', bucket, key, diskFormat: 'raw', osVersion: OS };
    server.faults.add({ service: 'ims', method: 'POST', path: '/action', action: { kind: 'lose-reply' } });
    expect(await failure(acme.createFromObject(request))).toBeInstanceOf(UnavailableError);
    server.faults.add({
      service: 'ims',
      method: 'POST',
      path: '/action',
      action: { kind: 'status', status: 503 },
    });
    expect(await failure(acme.createFromObject(request))).toBeInstanceOf(UnavailableError);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await all(acme.listImages({ name: 'once only' }))).toHaveLength(1);
  });

  it('is explained: a web page, a part that is throttled, a part whose connection is cut', async () => {
    server.faults.add({
      service: 'ims',
      method: 'GET',
      path: 'quota',
      action: { kind: 'html', status: 200 },
    });
    const page = await failure(acme.getQuotas());
    expect(page).toBeInstanceOf(ProtocolError);
    expect(page.message).toContain('answered HTML instead of JSON');

    const target = await acme.stage({ key: 'conformance/bad-day.raw' });
    const uploadId = await target.initiate();
    const data = randomBytes(300 * KB);
    server.faults.add({
      service: 'obs',
      method: 'PUT',
      action: {
        kind: 'status',
        status: 503,
        headers: { 'content-type': 'application/xml', 'Retry-After': '7' },
        body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
      },
    });
    const slow = await failure(sendPart(target, uploadId, 1, data));
    expect(slow).toBeInstanceOf(ThrottledError);
    expect(slow.details).toMatchObject({ retryAfterMs: 7_000, retryable: true });
    server.faults.add({ service: 'obs', method: 'PUT', action: { kind: 'cut', afterBytes: 100 * KB } });
    const cut = await failure(sendPart(target, uploadId, 1, data));
    expect(cut).toBeInstanceOf(UnavailableError);
    expect(cut.message).toContain('the connection was reset');
    await target.abort(uploadId);
  });
});
