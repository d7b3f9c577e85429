// Every route by which a file becomes an image, on the embedded cloud: sent, broken off, gone on with, found again.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type BucketStore,
  connect,
  controlUpload,
  copyAcross,
  discardPublish,
  type ImageCloud,
  listUploads,
  openBucket,
  type PublishEvent,
  type PublishRequest,
  publishImage,
  publishMany,
  publishToBucket,
  readTimeline,
  resumePublish,
} from '@imagebridge/core';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';

const MIB = 1024 ** 2;
const system = { osType: 'Linux', osDistribution: 'Ubuntu', osVersion: '22.04', architecture: 'x86_64' };

let dir: string;
let server: LocalCloud;
let file: string;
let sha256: string;
let store: BucketStore;
const clouds = new Map<string, ImageCloud>();
let counter = 0;
let engine: { stateDir: string };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-routes-'));
  server = await startLocalCloud({ dataDir: join(dir, 'cloud'), jobDurationMs: 100 });
  file = join(dir, 'disk.qcow2');
  await makeQcow2(file, { dataBytes: 23 * MIB, seed: 'routes' });
  sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  for (const name of ['local', 'local-openstack', 'local-easystack', 'local-ucloudstack'])
    clouds.set(name, await connect({ cloud: name, configPath: server.profilesPath, env: {} }));
  const [account] = server.accounts;
  store = openBucket(
    { endpoint: server.endpoints.regions['local-1']?.obs, region: 'local-1', pathStyle: true },
    { AWS_ACCESS_KEY_ID: account?.accessKey, AWS_SECRET_ACCESS_KEY: account?.secretKey },
  );
  // The cloud's own adapter makes the bucket on the way.
  await cloud('local').stage({ bucket: 'staging', key: 'x' });
});
afterAll(async () => {
  for (const opened of [...clouds.values(), store]) await opened?.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  engine = { stateDir: join(dir, `state-${++counter}`) };
});

function cloud(name: string): ImageCloud {
  const found = clouds.get(name);
  if (found === undefined) throw new Error(`no cloud ${name}`);
  return found;
}

const storedImage = async (id: string) => (await server.storedImages()).find((image) => image.id === id);

const staging = () => ({ store, bucket: 'staging', prefix: 'in/' });

interface Way {
  title: string;
  profile: string;
  request: () => Partial<PublishRequest>;
  /** One stream: it starts again from 0, and nothing can be skipped. */
  stream?: boolean;
}

const ways: Way[] = [
  { title: 'a bucket of the cloud', profile: 'local', request: () => ({}) },
  { title: 'one stream', profile: 'local-openstack', request: () => ({}), stream: true },
  { title: 'one stream of an EasyStack', profile: 'local-easystack', request: () => ({}), stream: true },
  { title: 'parts of the image service', profile: 'local-ucloudstack', request: () => ({}) },
  {
    title: 'a URL that a ucloudstack fetches',
    profile: 'local-ucloudstack',
    request: () => ({ staging: staging() }),
  },
  {
    title: 'a URL that a Glance fetches',
    profile: 'local-openstack',
    request: () => ({ staging: staging() }),
  },
];

const describedFor = (profile: string, name: string) =>
  profile === 'local-ucloudstack' ? { name, ...system } : { name };

describe.each(ways)('by way of $title', ({ profile, request, stream = false }) => {
  const parts = stream ? 1 : 5;

  const publish = (name: string, more: Partial<PublishRequest> = {}) =>
    publishImage(
      cloud(profile),
      { ...request(), path: file, partSizeBytes: 5 * MIB, ...more, image: describedFor(profile, name) },
      engine,
    );

  /** Publishes until some of it is sent, then breaks it off. */
  const breakOff = async (name: string) => {
    const stop = new AbortController();
    const onEvent = (event: PublishEvent) => {
      if (event.type !== 'upload') return;
      const { partsDone, sentBytes } = event.event.snapshot;
      if (stream ? sentBytes > 2 * MIB : partsDone >= 2) stop.abort();
    };
    // Slow enough that a stream can be broken off in the middle.
    const how = { signal: stop.signal, onEvent, parallelParts: 1, limitBytesPerSecond: 20 * MIB };
    await expect(publish(name, how)).rejects.toMatchObject({ kind: 'cancelled' });
  };

  it('a file becomes an image with the same bytes, and nothing is left over', async () => {
    const events: PublishEvent[] = [];
    const result = await publish(`whole-${counter}`, { onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ sha256, partsTotal: parts, partsSkipped: 0, adopted: false });
    expect(await storedImage(result.image.id)).toMatchObject({ sha256, name: `whole-${counter}` });
    expect(await server.unfinishedUploads()).toEqual([]);
    if (request().staging !== undefined) {
      const left = store.target('staging', `in/imagebridge/x`);
      expect(await left.head()).toBeUndefined();
    }
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['inspected', 'note', 'upload', 'uploaded', 'import', 'image-id']),
    );
  });

  it('what was broken off is gone on with, and no part is sent twice', async () => {
    const name = `broken-${counter}`;
    await breakOff(name);
    const [journal] = await listUploads(engine);
    const result = await resumePublish(cloud(profile), { uploadId: journal?.uploadId ?? '' }, engine).catch(
      // The journal of a user's own bucket needs keys in the environment, which this test does not set.
      (error: unknown) => {
        if (request().staging === undefined) throw error;
        expect(String(error)).toContain('AWS_ACCESS_KEY_ID');
        return publish(name);
      },
    );
    expect(result).toMatchObject({ sha256, partsTotal: parts });
    if (!stream) expect(result.partsSkipped).toBeGreaterThanOrEqual(2);
    expect(await storedImage(result.image.id)).toMatchObject({ sha256 });
    expect((await server.storedImages()).filter((image) => image.name === name)).toHaveLength(1);
  });

  it('a run that cannot go on leaves nothing behind that a later one would not clear away', async () => {
    const name = `lost-${counter}`;
    await breakOff(name);
    // The journals are lost, the state directory's own name is not.
    rmSync(join(engine.stateDir, 'uploads'), { recursive: true, force: true });
    expect(await listUploads(engine)).toEqual([]);
    const result = await publish(name);
    expect(await storedImage(result.image.id)).toMatchObject({ sha256 });
    expect((await server.storedImages()).filter((image) => image.name === name)).toHaveLength(1);
    expect(await server.unfinishedUploads()).toEqual([]);
  });

  it('giving up removes what was sent', async () => {
    const name = `given-up-${counter}`;
    await breakOff(name);
    if (request().staging === undefined) {
      const [journal] = await listUploads(engine);
      await discardPublish(cloud(profile), journal?.uploadId ?? '', engine);
      expect(await listUploads(engine)).toEqual([]);
    } else {
      for await (const upload of store.listUnfinishedUploads('staging'))
        await store.abortUnfinishedUpload(upload);
    }
    expect(await server.unfinishedUploads()).toEqual([]);
    const left = (await server.storedImages()).filter((image) => image.name === name);
    expect(left.filter((image) => image.status !== 'Failed')).toEqual([]);
  });

  it('a file with another checksum than asked for becomes no image', async () => {
    const name = `wrong-${counter}`;
    await expect(publish(name, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ kind: 'integrity' });
    expect((await server.storedImages()).filter((image) => image.name === name)).toEqual([]);
    expect(await server.unfinishedUploads()).toEqual([]);
  });

  it('a failed import is told with its reason, and the next run tries it again', async ({ skip }) => {
    if (profile === 'local-easystack')
      return skip('what goes to an EasyStack needs no import that could fail');
    const how = stream ? { method: 'staged' } : {};
    const service = profile === 'local' ? 'ims' : profile === 'local-openstack' ? 'glance' : 'ucloudstack';
    server.faults.add({ service, action: { kind: 'fail-job', code: 'IMG.0057', reason: 'no room' } });
    const name = `failed-${counter}`;
    await expect(publish(name, how)).rejects.toMatchObject({ kind: 'job-failed' });
    server.faults.clear();
    const result = await publish(name, how);
    expect(await storedImage(result.image.id)).toMatchObject({ sha256 });
  });
});

describe('while the cloud imports', () => {
  const importing = (profile: string, name: string) => {
    const seen = { uploadId: '', begun: false };
    const onEvent = (event: PublishEvent) => {
      if (event.type === 'upload') seen.uploadId = event.event.snapshot.uploadId;
      if (event.type === 'import') seen.begun = true;
    };
    const result = publishImage(
      cloud(profile),
      { path: file, image: describedFor(profile, name), onEvent },
      engine,
    );
    result.catch(() => {});
    return { seen, result };
  };

  it.each([
    ['local', 'ims'],
    ['local-ucloudstack', 'ucloudstack'],
  ] as const)('the upload to %s is busy, shows it, and can be aborted', async (profile, service) => {
    const name = `importing-${counter}`;
    // Whichever request it is that starts the job.
    server.faults.add({ service, count: Number.POSITIVE_INFINITY, action: { kind: 'stuck-job' } });
    const { seen, result } = importing(profile, name);
    await vi.waitFor(() => expect(seen.begun).toBe(true), { timeout: 10_000 });
    server.faults.clear();
    const again = publishImage(cloud(profile), { path: file, image: describedFor(profile, name) }, engine);
    await expect(again).rejects.toMatchObject({ kind: 'busy' });
    const status = await controlUpload(seen.uploadId, 'status', engine);
    expect(status).toMatchObject({
      state: 'importing',
      work: { text: expect.stringContaining('importing') },
    });
    await controlUpload(seen.uploadId, 'abort', engine);
    await expect(result).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await server.unfinishedUploads()).toEqual([]);
    // What the service has begun to make cannot be stopped, and the timeline says so.
    const moments = await readTimeline(seen.uploadId, engine);
    expect(moments.map(({ text }) => text).join(' ')).toContain('cannot be stopped');
    expect((await listUploads(engine)).map(({ state }) => state)).toEqual(['aborted']);
  });
});

describe('a packed file', () => {
  const packed = async () => {
    const path = join(dir, `disk-${counter}.qcow2.gz`);
    await writeFile(path, gzipSync(await readFile(file), { level: 1 }));
    return path;
  };

  it.each(['local', 'local-openstack', 'local-ucloudstack'])(
    'is unpacked on the way to %s, and gone on with',
    async (profile) => {
      const path = await packed();
      const name = `packed-${counter}`;
      const request = { path, image: describedFor(profile, name), unpack: true, partSizeBytes: 5 * MIB };
      const stop = new AbortController();
      const onEvent = (event: PublishEvent) => {
        if (event.type === 'upload' && event.event.snapshot.sentBytes > 11 * MIB) stop.abort();
      };
      const slow = { parallelParts: 1, limitBytesPerSecond: 30 * MIB, onEvent, signal: stop.signal };
      const first = publishImage(cloud(profile), { ...request, ...slow }, engine);
      await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
      const [journal] = await listUploads(engine);
      expect(journal?.file.path).toBe(`unpacked:${path}`);
      const result = await resumePublish(cloud(profile), { uploadId: journal?.uploadId ?? '' }, engine);
      expect(result.sha256).toBe(sha256);
      expect(await storedImage(result.image.id)).toMatchObject({ sha256 });
    },
  );

  it('is refused unless it is to be unpacked, and its own checksum counts', async () => {
    const path = await packed();
    const request = { path, image: { name: `packed-${counter}` } };
    await expect(publishImage(cloud('local'), request, engine)).rejects.toMatchObject({ kind: 'refused' });
    const wrong = { ...request, unpack: true, sha256 };
    await expect(publishImage(cloud('local'), wrong, engine)).rejects.toMatchObject({ kind: 'integrity' });
    const own = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    const result = await publishImage(cloud('local'), { ...wrong, sha256: own }, engine);
    expect(result.sha256).toBe(sha256);
  });
});

describe('a file of a format that the cloud does not take', () => {
  it('is converted where it stands alone, and the conversion is removed when it has become an image', async ({
    skip,
  }) => {
    const disk = join(dir, `disk-${counter}.vdi`);
    const made = spawnSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'vdi', file, disk]);
    if (made.error !== undefined) return skip('qemu-img is not installed');
    const request = { path: disk, image: describedFor('local-ucloudstack', `converted-${counter}`) };
    await expect(publishImage(cloud('local-ucloudstack'), request, engine)).rejects.toMatchObject({
      kind: 'refused',
    });
    const notes: string[] = [];
    const onEvent = (event: PublishEvent) => {
      if (event.type === 'note') notes.push(event.text);
    };
    const result = await publishImage(
      cloud('local-ucloudstack'),
      { ...request, convert: true, onEvent },
      engine,
    );
    expect(notes.join(' ')).toContain('converted from vdi to qcow2');
    expect(await storedImage(result.image.id)).toMatchObject({ sha256: result.sha256 });
    expect(
      existsSync(join(engine.stateDir, 'spool')) ? readdirSync(join(engine.stateDir, 'spool')) : [],
    ).toEqual([]);
  });
});

it('sends a file to a bucket of any S3-compatible store, and goes on with it', async () => {
  const stop = new AbortController();
  const to = { store, bucket: 'staging', key: 'plain/disk.qcow2' };
  const onEvent = (event: { snapshot: { partsDone: number } }) => {
    if (event.snapshot.partsDone >= 2) stop.abort();
  };
  const first = publishToBucket(
    { path: file, to, partSizeBytes: 5 * MIB, parallelParts: 1, onEvent, signal: stop.signal },
    engine,
  );
  await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
  const unfinished = [];
  for await (const upload of store.listUnfinishedUploads('staging')) unfinished.push(upload.key);
  expect(unfinished).toEqual(['plain/disk.qcow2']);
  const result = await publishToBucket({ path: file, to }, engine);
  expect(result).toMatchObject({ sha256, url: 's3://staging/plain/disk.qcow2', partsTotal: 5 });
  expect(result.partsSkipped).toBeGreaterThanOrEqual(2);
  const target = store.target('staging', 'plain/disk.qcow2');
  const url = target.presign?.(60_000).url.reveal() ?? '';
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
});

describe('a copy to another cloud', () => {
  const publishTo = async (profile: string, name: string) => {
    const { image } = await publishImage(
      cloud(profile),
      { path: file, image: describedFor(profile, name) },
      engine,
    );
    return image.id;
  };

  it.each([
    { from: 'local-ucloudstack', to: 'local-openstack', via: 'pull' },
    { from: 'local', to: 'local-openstack', via: 'pull' },
    { from: 'local', to: 'local-ucloudstack', via: 'pull' },
    { from: 'local-openstack', to: 'local', via: 'stream' },
    { from: 'local-openstack', to: 'local-ucloudstack', via: 'stream' },
    { from: 'local-ucloudstack', to: 'local', via: 'stream' },
    { from: 'local-ucloudstack', to: 'local-easystack', via: 'stream' },
    { from: 'local', to: 'local-easystack', via: 'stream' },
  ] as const)('goes from $from to $to ($via)', async ({ from, to, via }) => {
    const name = `across-${counter}`;
    const sourceImageId = await publishTo(from, name);
    const notes: string[] = [];
    const onEvent = (event: PublishEvent) => {
      if (event.type === 'note') notes.push(event.text);
    };
    const request = { sourceImageId, image: describedFor(to, `${name}-copy`), onEvent };
    const copy = await copyAcross(cloud(from), cloud(to), request, engine);
    expect(copy.via).toBe(via);
    expect(notes.join(' ')).toContain(via === 'pull' ? 'by itself' : 'through this machine');
    const source = await storedImage(sourceImageId);
    // An export writes the image anew; every other way keeps its bytes.
    const made = await storedImage(copy.image.id);
    expect(made?.sha256).toBeDefined();
    if (from !== 'local') expect(made?.sha256).toBe(source?.sha256);
    expect(await server.unfinishedUploads()).toEqual([]);
  });

  it.each(['local-ucloudstack', 'local-openstack'])(
    'goes on with a copy from %s through this machine that was broken off, though the image was described anew meanwhile',
    async (from) => {
      const sourceImageId = await publishTo(from, `across-${counter}`);
      const stop = new AbortController();
      const onEvent = (event: PublishEvent) => {
        if (event.type === 'upload' && event.event.snapshot.partsDone >= 2) stop.abort();
      };
      const request = {
        sourceImageId,
        image: { name: `resumed-copy-${counter}` },
        via: 'stream' as const,
        partSizeBytes: 5 * MIB,
        parallelParts: 1,
      };
      const first = copyAcross(
        cloud(from),
        cloud('local'),
        { ...request, onEvent, signal: stop.signal },
        engine,
      );
      await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
      // The service's time of the last change has whole seconds.
      const at = (await cloud(from).getImage(sourceImageId))?.updatedAt?.getTime() ?? 0;
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at + 1_000), 5_000);
      await cloud(from).updateImage(sourceImageId, { osVersion: '20.04' });
      const journal = (await listUploads(engine)).find(({ file: { path } }) =>
        path.startsWith(`image:${from}/local-1/`),
      );
      const connectTo = ({ cloud: name }: { cloud: string }) =>
        connect({ cloud: name, configPath: server.profilesPath, env: {} });
      const result = await resumePublish(
        cloud('local'),
        { uploadId: journal?.uploadId ?? '', connectTo },
        engine,
      );
      expect(result.partsSkipped).toBeGreaterThanOrEqual(2);
      expect(await storedImage(result.image.id)).toMatchObject({ sha256 });
    },
  );

  it('says why a pull that was demanded cannot be', async () => {
    const sourceImageId = await publishTo('local-openstack', `across-${counter}`);
    const request = { sourceImageId, image: {}, via: 'pull' as const };
    await expect(copyAcross(cloud('local-openstack'), cloud('local'), request, engine)).rejects.toMatchObject(
      {
        kind: 'unsupported',
      },
    );
  });
});

it('sends several files to several clouds, and tells of each how it went', async () => {
  const second = join(dir, 'second.qcow2');
  await makeQcow2(second, { dataBytes: 6 * MIB, seed: 'second' });
  const request = {
    files: [{ path: file }, { path: second }],
    clouds: [cloud('local'), cloud('local-openstack')],
    image: { tags: { team: 'web' } },
    ifExists: 'skip' as const,
  };
  const all = await publishMany(request, engine);
  expect(all.map(({ name, cloud: to, status }) => [name, to, status])).toEqual([
    ['disk', 'local', 'published'],
    ['disk', 'local-openstack', 'published'],
    ['second', 'local', 'published'],
    ['second', 'local-openstack', 'published'],
  ]);
  for (const { imageId } of all.slice(0, 2))
    expect(await storedImage(imageId ?? '')).toMatchObject({ sha256 });

  const again = await publishMany(request, engine);
  expect(again.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  expect(again.map(({ imageId }) => imageId)).toEqual(all.map(({ imageId }) => imageId));

  // The same names with other contents.
  await makeQcow2(second, { dataBytes: 6 * MIB, seed: 'other' });
  const changed = await publishMany(request, engine);
  expect(changed.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'failed', 'failed']);
  expect(changed[3]?.error).toMatchObject({ kind: 'conflict' });
  const refused = await publishMany({ ...request, ifExists: 'fail' }, engine);
  expect(refused.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);
  const anew = await publishMany(
    { ...request, ifExists: 'new', only: (item) => item.cloud === 'local-openstack' },
    engine,
  );
  expect(anew.map(({ status }) => status)).toEqual(['published', 'published']);
});

it('refuses several files that would have one name, before anything is sent', async () => {
  const request = { clouds: [cloud('local')], image: {}, ifExists: 'fail' as const };
  const files = [{ path: file }, { path: join(dir, 'other', 'disk.raw') }];
  await expect(publishMany({ ...request, files }, engine)).rejects.toMatchObject({ kind: 'invalid-input' });
  await expect(publishMany({ ...request, files, image: { name: 'x' } }, engine)).rejects.toThrow(
    'all be called',
  );
});
