// The whole of the ucloudstack adapter against a server: the embedded cloud, or a user's own.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthenticationError,
  connectProfile,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  PermissionError,
  type RemotePart,
  Secret,
  type UcloudstackProfile,
  waitForImage,
  waitForJob,
} from '@imagebridge/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../../fixtures/qcow2.ts';
import { absencesSuite } from './absences.ts';
import { recordVerified, type Server } from './verified.ts';

/** What the suite runs on. */
export interface UcloudstackSetting {
  server: Server;
  profile: UcloudstackProfile;
  /** An administrator. Absent: what needs one is skipped. */
  admin?: UcloudstackProfile | undefined;
  /** A stopped server, whose disk can be made into an image. */
  stoppedServer?: string | undefined;
  /** The service may fetch from this machine. */
  fetchesLoopback?: boolean | undefined;
  /** Puts a layer around each cloud, which must change nothing. */
  around?: ((cloud: ImageCloud) => ImageCloud) | undefined;
}

const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
const MIB = 1024 ** 2;

/** Adds the suite. */
export function ucloudstackSuite(open: () => UcloudstackSetting): void {
  const clouds: ImageCloud[] = [];
  const made: { cloud: ImageCloud; id: string }[] = [];
  let setting: UcloudstackSetting;
  let cloud: ImageCloud;
  let data: Buffer;
  let requests = 0;
  const connect = (profile: UcloudstackProfile) => {
    const bare = connectProfile(profile, undefined, { env: {}, observer: () => requests++ });
    const opened = open().around?.(bare) ?? bare;
    clouds.push(opened);
    return opened;
  };
  beforeAll(async () => {
    setting = open();
    cloud = connect(setting.profile);
    const folder = mkdtempSync(join(tmpdir(), 'imagebridge-ucloudstack-'));
    await makeQcow2(join(folder, 'disk.qcow2'), { dataBytes: 11 * MIB, seed: 'ucloudstack' });
    data = readFileSync(join(folder, 'disk.qcow2'));
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const { cloud: owner, id } of made.splice(0)) await owner.deleteImage(id);
  });
  afterAll(async () => {
    for (const opened of clouds) await opened.close();
  });

  const wait = { timeoutMs: 60_000 };
  const name = (what: string) => `imagebridge-${what}-${Date.now().toString(36)}`;
  const system = {
    osType: 'Linux',
    osDistribution: 'Ubuntu',
    osVersion: '22.04',
    architecture: 'x86_64',
    bootMode: 'bios',
  } as const;
  const failure = async (work: Promise<unknown>): Promise<ImageBridgeError> => {
    const error = await work.then(
      () => new Error('it was expected to fail'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ImageBridgeError)) throw error;
    return error;
  };

  async function serve<T>(work: (url: string) => Promise<T>): Promise<T> {
    const web = createServer((_, response) => response.end(data)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    try {
      const { port } = web.address() as AddressInfo;
      return await work(`http://127.0.0.1:${port}/disk.qcow2?token=secret-of-the-url`);
    } finally {
      web.close();
    }
  }

  async function fromUrl(what: string, more: object = {}, owner = cloud): Promise<Image> {
    return serve(async (url) => {
      const ref = await owner.createFromUrl({
        name: name(what),
        url,
        diskFormat: 'qcow2',
        sizeBytes: data.length,
        tags: { stage: 'dev' },
        ...system,
        ...more,
      });
      const job = await waitForJob(owner, ref, 'import', wait);
      const id = job.imageIds[0] ?? '';
      made.push({ cloud: owner, id });
      return waitForImage(owner, id, wait);
    });
  }

  const part = (number: number, bytes: Uint8Array, uploadId: string) => ({
    uploadId,
    partNumber: number,
    sizeBytes: bytes.length,
    md5: createHash('md5').update(bytes).digest(),
    body: async function* () {
      yield bytes;
    },
  });

  describe('images', () => {
    it('are fetched from a URL, found, read back whole and in part, and deleted', async ({ skip }) => {
      if (!setting.fetchesLoopback) return skip('the service may not fetch from this machine');
      const image = await fromUrl('remote', { description: '说明 of a test' });
      expect(image).toMatchObject({
        status: 'active',
        description: '说明 of a test',
        diskFormat: 'qcow2',
        osDistribution: 'Ubuntu',
        architecture: 'x86_64',
        bootMode: 'bios',
        tags: { stage: 'dev' },
      });
      const found: string[] = [];
      for await (const one of cloud.listImages({ scope: 'own', name: image.name })) found.push(one.id);
      expect(found).toEqual([image.id]);

      const whole: Uint8Array[] = [];
      const download = await cloud.downloadImage(image.id);
      expect(download.sizeBytes).toBe(data.length);
      for await (const chunk of download.body) whole.push(chunk);
      expect(hex('sha256', Buffer.concat(whole))).toBe(hex('sha256', data));
      const rest: Uint8Array[] = [];
      const second = await cloud.downloadImage(image.id, 5 * MIB);
      expect(second).toMatchObject({ sizeBytes: data.length, startByte: 5 * MIB });
      for await (const chunk of second.body) rest.push(chunk);
      expect(hex('sha256', Buffer.concat(rest))).toBe(hex('sha256', data.subarray(5 * MIB)));

      const { url, expiresAt } = await cloud.getDownloadUrl(image.id);
      expect(String(url)).toBe('***');
      expect(expiresAt?.getTime()).toBeGreaterThan(Date.now());
      expect((await fetch(url.reveal())).status).toBe(200);

      await cloud.deleteImage(image.id);
      await cloud.deleteImage(image.id);
      expect(await cloud.getImage(image.id)).toBeUndefined();
    });

    it('are uploaded in parts, also in another process, and listed', async () => {
      const { imageId, target } = await cloud.uploadParts({
        name: name('parts'),
        diskFormat: 'qcow2',
        sizeBytes: data.length,
        ...system,
      });
      made.push({ cloud, id: imageId });
      const uploadId = await target.initiate();
      const size = target.limits.minPartSizeBytes;
      await target.uploadPart(part(1, data.subarray(0, size), uploadId));
      // Another process has what a journal keeps, nothing else.
      const known = { uploadId, imageName: name('parts'), sizeBytes: data.length };
      const resumed = await cloud.resumeParts(target.locator, known);
      const there: RemotePart[] = [];
      for await (const one of resumed.listParts(uploadId)) there.push(one);
      expect(there).toEqual([{ partNumber: 1, sizeBytes: size, etag: hex('md5', data.subarray(0, size)) }]);
      for (let number = 2; (number - 1) * size < data.length; number++) {
        const bytes = data.subarray((number - 1) * size, number * size);
        const { etag } = await resumed.uploadPart(part(number, bytes, uploadId));
        there.push({ partNumber: number, sizeBytes: bytes.length, etag });
      }
      await resumed.complete(uploadId, there);
      await waitForJob(cloud, { id: `image:${imageId}` }, 'make', wait);
      const bytes: Uint8Array[] = [];
      for await (const chunk of (await cloud.downloadImage(imageId)).body) bytes.push(chunk);
      expect(hex('sha256', Buffer.concat(bytes))).toBe(hex('sha256', data));
    });

    it('leave nothing behind when an upload is ended', async () => {
      const { imageId, target } = await cloud.uploadParts({
        name: name('ended'),
        diskFormat: 'qcow2',
        sizeBytes: data.length,
        ...system,
      });
      const uploadId = await target.initiate();
      await target.uploadPart(part(1, data.subarray(0, MIB), uploadId));
      await target.abort(uploadId);
      await target.abort(uploadId);
      const image = await cloud.getImage(imageId);
      expect(image === undefined || image.status === 'failed').toBe(true);
      if (image) made.push({ cloud, id: imageId });
    });

    it('are made from a server, and the making can be stopped', async ({ skip }) => {
      if (!setting.stoppedServer) return skip('no stopped server');
      const request = { name: name('server'), serverId: setting.stoppedServer, tags: { from: 'server' } };
      const job = await waitForJob(cloud, await cloud.createFromServer(request), 'make', wait);
      made.push({ cloud, id: job.imageIds[0] ?? '' });
      const stopped = await cloud.createFromServer({ ...request, name: name('stopped') });
      const id = stopped.id.replace('image:', '');
      await cloud.cancelCreate(id);
      const left = await cloud.getImage(id);
      expect(left === undefined || left.status === 'failed').toBe(true);
      if (left) made.push({ cloud, id });
    });

    it('change what is known of the system, and keep the rest', async ({ skip }) => {
      if (!setting.fetchesLoopback) return skip('the service may not fetch from this machine');
      const { id } = await fromUrl('change');
      const changed = await cloud.updateImage(id, { osDistribution: 'Debian', osVersion: '12' });
      expect(changed).toMatchObject({ osDistribution: 'Debian', osType: 'Linux', architecture: 'x86_64' });
    });

    it('become base images, which everybody sees and only administrators delete', async ({ skip }) => {
      if (!setting.admin || !setting.fetchesLoopback) return skip('no administrator');
      const admin = connect(setting.admin);
      const source = await fromUrl('base', {}, admin);
      const refused = await failure(
        cloud.copyImage({ sourceImageId: source.id, name: name('refused'), toBaseImage: true }),
      );
      expect(refused).toBeInstanceOf(PermissionError);
      const ref = await admin.copyImage({ sourceImageId: source.id, name: name('base'), toBaseImage: true });
      const job = await waitForJob(admin, ref, 'copy', wait);
      const id = job.imageIds[0] ?? '';
      made.push({ cloud: admin, id });
      const seen = await cloud.getImage(id);
      expect(seen).toMatchObject({ visibility: 'public', sourceImageId: source.id });
      expect(seen?.properties.Permission).toBeTypeOf('string');
      expect((await failure(cloud.deleteImage(id))).kind).toMatch(/permission|not-found|conflict/);
    });
  });

  describe('what goes wrong', () => {
    it('says which key is wrong, and shows no secret', async () => {
      const wrong = connect({ ...setting.profile, privateKey: new Secret('wrong-private-key-42') });
      const listing = async () => {
        for await (const _ of wrong.listImages()) break;
      };
      const error = await failure(listing());
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.details.code).toMatch(/^\d+$/);
      expect(JSON.stringify(error)).not.toContain('wrong-private-key-42');
    });

    it.each([
      ['a long name', { name: 'x'.repeat(51) }, '50'],
      ['a name with a space', { name: 'two words' }, 'two words'],
      ['a URL in the description', { description: 'see http://example.com' }, 'http://'],
      ['another format', { diskFormat: 'vdi' }, 'qcow2, iso'],
      ['no system', { osType: undefined }, 'osType'],
      ['another scheme', { url: 'file:///etc/passwd' }, 'http'],
    ])('refuses %s before anything is sent', async (_, changes, said) => {
      const before = requests;
      const request = {
        name: 'fine',
        url: 'https://example.com/x',
        diskFormat: 'qcow2',
        ...system,
        ...changes,
      };
      const error = await failure(cloud.createFromUrl(request));
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error.message).toContain(said);
      expect(requests).toBe(before);
    });

    it('tells why an import failed, and shows no part of the URL', async ({ skip }) => {
      if (!setting.fetchesLoopback) return skip('the service may not fetch from this machine');
      const ref = await cloud.createFromUrl({
        name: name('lost'),
        url: 'http://127.0.0.1:9/nothing?token=secret-of-the-url',
        diskFormat: 'qcow2',
        ...system,
      });
      const error = await failure(waitForJob(cloud, ref, 'import', wait));
      made.push({ cloud, id: ref.id.replace('image:', '') });
      expect(error.kind).toBe('job-failed');
      expect(JSON.stringify(error)).not.toContain('secret-of-the-url');
    });

    absencesSuite(() => ({ cloud, sent: () => requests }));
  });

  describe('the rest', () => {
    it('has a catalogue of systems, and a probe that cleans up', async () => {
      const systems = await cloud.listOsVersions();
      expect(systems.length).toBeGreaterThan(3);
      const before: string[] = [];
      for await (const image of cloud.listImages({ scope: 'own' })) before.push(image.id);
      const probe = await cloud.probe();
      expect(probe.findings.filter(({ outcome }) => outcome === 'works').length).toBeGreaterThan(1);
      for await (const image of cloud.listImages({ scope: 'own' }))
        expect([...before, 'failed'].some((known) => known === image.id || image.status === 'failed')).toBe(
          true,
        );
    });

    it('answers in each form of request', async () => {
      for (const requestForm of ['form', 'json', 'get'] as const) {
        const other = connect({ ...setting.profile, requestForm });
        const reply = await other.callOperation(6, { parameters: { Limit: 5, Offset: 0 } });
        expect(reply.data, requestForm).toMatchObject({ RetCode: 0, Infos: expect.any(Array) });
      }
      recordVerified(setting.server, 6);
    });
  });
}
