// The whole of the openstack adapter against a server: the embedded cloud, a real Keystone and Glance, or a user's own.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthenticationError,
  ConflictError,
  connectProfile,
  findOperation,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  NotFoundError,
  type OpenstackProfile,
  PermissionError,
  Secret,
  waitForImage,
  waitForJob,
} from '@imagebridge/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../../fixtures/qcow2.ts';
import { absencesSuite } from './absences.ts';
import { recordVerified, type Server } from './verified.ts';

/** What the suite runs on. */
export interface OpenstackSetting {
  server: Server;
  /** A member of one project. */
  profile: OpenstackProfile;
  /** A member of another project. Absent: what needs two is skipped. */
  other?: OpenstackProfile | undefined;
  /** An administrator. Absent: what needs one is skipped. */
  admin?: OpenstackProfile | undefined;
  /** A second store. */
  secondStore?: string | undefined;
  /** The service may fetch from this machine. */
  fetchesLoopback?: boolean | undefined;
  /** An application credential for the same project. */
  credential?: { id: string; secret: string } | undefined;
  /** Puts a layer around each cloud, which must change nothing. */
  around?: ((cloud: ImageCloud) => ImageCloud) | undefined;
}

const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/** Adds the suite. */
export function openstackSuite(open: () => OpenstackSetting): void {
  const clouds: ImageCloud[] = [];
  const made: { cloud: ImageCloud; id: string }[] = [];
  let setting: OpenstackSetting;
  let cloud: ImageCloud;
  let requests = 0;
  const connect = (profile: OpenstackProfile) => {
    const bare = connectProfile(profile, undefined, { env: {}, observer: () => requests++ });
    const opened = open().around?.(bare) ?? bare;
    clouds.push(opened);
    return opened;
  };
  const begin = () => {
    setting ??= open();
    cloud ??= connect(setting.profile);
    return cloud;
  };
  afterEach(async () => {
    for (const { cloud: owner, id } of made.splice(0)) {
      await owner.updateImage(id, { protected: false }).catch(() => undefined);
      await owner.deleteImage(id);
    }
  });
  afterAll(async () => {
    for (const opened of clouds) await opened.close();
  });

  const wait = { timeoutMs: 60_000 };
  let data: Buffer;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'imagebridge-openstack-'));
    await makeQcow2(join(folder, 'disk.qcow2'), { dataBytes: 2 << 20, seed: 'openstack' });
    data = readFileSync(join(folder, 'disk.qcow2'));
    rmSync(folder, { recursive: true });
  });
  const name = (what: string) => `imagebridge-${what}-${Date.now().toString(36)}`;
  const stream = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  };

  async function upload(owner: ImageCloud, what: string, more: object = {}): Promise<Image> {
    const request = {
      name: name(what),
      diskFormat: 'qcow2',
      sizeBytes: data.length,
      open: () => stream(data),
      onRecord: (id: string) => void made.push({ cloud: owner, id }),
      ...more,
    };
    const ref = await owner.uploadStream(request);
    const job = await waitForJob(owner, ref, 'upload', wait);
    const id = job.imageIds[0];
    if (id === undefined) throw new Error('the job names no image');
    return waitForImage(owner, id, wait);
  }

  async function bytesOf(owner: ImageCloud, id: string, startByte?: number): Promise<Buffer> {
    const download = await owner.downloadImage(id, startByte);
    const chunks: Uint8Array[] = [];
    for await (const chunk of download.body) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  const failure = async (work: Promise<unknown>): Promise<ImageBridgeError> => {
    const error = await work.then(
      () => new Error('it was expected to fail'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ImageBridgeError)) throw error;
    return error;
  };

  describe('images', () => {
    it('are created, uploaded, found, read back whole and in part, and deleted', async () => {
      begin();
      const seen: number[] = [];
      const image = await upload(cloud, 'whole', {
        description: 'an image of a test',
        tags: { stage: 'dev', bare: '' },
        minDiskGiB: 1,
        minRamMiB: 64,
        properties: { os_distro: 'ubuntu' },
        onProgress: (sent: number) => void seen.push(sent),
      });
      expect(image).toMatchObject({
        status: 'active',
        sizeBytes: data.length,
        diskFormat: 'qcow2',
        description: 'an image of a test',
        minDiskGiB: 1,
        minRamMiB: 64,
        tags: { stage: 'dev', bare: '' },
        ownerId: await cloud.projectId(),
      });
      expect(image.checksums?.md5).toBe(hex('md5', data));
      if (image.checksums?.sha512 !== undefined) expect(image.checksums.sha512).toBe(hex('sha512', data));
      expect(seen.at(-1)).toBe(data.length);

      const found: string[] = [];
      for await (const one of cloud.listImages({ scope: 'own', name: image.name })) found.push(one.id);
      expect(found).toEqual([image.id]);
      for await (const one of cloud.listImages({ tag: { key: 'stage', value: 'dev' }, name: image.name }))
        expect(one.id).toBe(image.id);

      expect(hex('sha256', await bytesOf(cloud, image.id))).toBe(hex('sha256', data));
      const half = Math.floor(data.length / 2);
      const rest = await cloud.downloadImage(image.id, half);
      expect(rest).toMatchObject({ sizeBytes: data.length, startByte: half });
      expect(hex('sha256', await bytesOf(cloud, image.id, half))).toBe(hex('sha256', data.subarray(half)));

      await cloud.deleteImage(image.id);
      await cloud.deleteImage(image.id);
      expect(await cloud.getImage(image.id)).toBeUndefined();
    });

    it('are listed page after page', async () => {
      begin();
      const marked = { 'list-test': name('mark') };
      const ids = new Set<string>();
      for (let i = 0; i < 5; i++) ids.add((await upload(cloud, `page-${i}`, { tags: marked })).id);
      const found = new Set<string>();
      const [tag] = Object.entries(marked).map(([key, value]) => ({ key, value }));
      for await (const image of cloud.listImages({ tag })) found.add(image.id);
      expect(found).toEqual(ids);
      const page = await cloud.callOperation(54, { parameters: { limit: 2 } });
      expect(page.data).toMatchObject({
        images: [expect.anything(), expect.anything()],
        next: expect.any(String),
      });
    });

    it('change: name, description, tags, properties, minimums, protection', async () => {
      begin();
      const { id } = await upload(cloud, 'change', { tags: { a: '1', b: '2' }, properties: { own: 'x' } });
      const renamed = name('renamed');
      const changed = await cloud.updateImage(id, {
        name: renamed,
        description: 'other words',
        minDiskGiB: 3,
        minRamMiB: 128,
        tags: { a: null, c: '3' },
        properties: { own: null, 'more/of~it': 'y' },
      });
      expect(changed).toMatchObject({
        name: renamed,
        description: 'other words',
        minDiskGiB: 3,
        minRamMiB: 128,
        tags: { b: '2', c: '3' },
        properties: { 'more/of~it': 'y' },
      });
      expect(changed.properties).not.toHaveProperty('own');
      expect((await cloud.updateImage(id, { description: null })).description).toBeUndefined();

      expect((await cloud.updateImage(id, { protected: true })).protected).toBe(true);
      const refused = await failure(cloud.deleteImage(id));
      expect(refused).toBeInstanceOf(PermissionError);
      expect(refused.details).toMatchObject({ httpStatus: 403, requestId: expect.any(String) });
      expect((await cloud.updateImage(id, { protected: false })).protected).toBe(false);
    });

    it('are taken out of use and put back', async () => {
      begin();
      if (!setting.admin) return;
      const admin = connect(setting.admin);
      const { id } = await upload(admin, 'deactivate');
      await admin.setActive(id, false);
      expect((await admin.getImage(id))?.status).toBe('deactivated');
      await admin.setActive(id, true);
      expect((await admin.getImage(id))?.status).toBe('active');
    });

    it('survive an upload that breaks off: the same record takes the next attempt', async () => {
      begin();
      let record = '';
      const stop = new AbortController();
      const broken = failure(
        cloud.uploadStream(
          {
            name: name('broken'),
            diskFormat: 'qcow2',
            sizeBytes: data.length,
            open: async function* () {
              yield data.subarray(0, 65_536);
              stop.abort();
              yield data.subarray(65_536);
            },
            onRecord: (id) => {
              record = id;
              made.push({ cloud, id });
            },
          },
          { signal: stop.signal },
        ),
      );
      expect((await broken).kind).toBe('cancelled');
      expect(record).not.toBe('');
      // The service needs a moment to notice that nobody sends any more.
      const deadline = Date.now() + 20_000;
      while ((await cloud.getImage(record))?.rawStatus !== 'queued' && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const image = await upload(cloud, 'broken', { imageId: record, onRecord: undefined });
      expect(image.id).toBe(record);
      expect(image.checksums?.md5).toBe(hex('md5', data));
    });
  });

  describe('sharing between two projects', () => {
    it('is offered, seen, accepted, listed, rejected and ended', async ({ skip }) => {
      begin();
      if (!setting.other) return skip('no second project');
      const other = connect(setting.other);
      const receiver = await other.projectId();
      const image = await upload(cloud, 'share');
      await waitForJob(cloud, await cloud.addShare(image.id, receiver), 'share', wait);
      expect(await cloud.getShare(image.id, receiver)).toMatchObject({
        projectId: receiver,
        status: 'pending',
      });
      expect(await other.getImage(image.id)).toMatchObject({ id: image.id });
      const listed = async () => {
        const ids: string[] = [];
        for await (const one of other.listImages({ scope: 'shared' })) ids.push(one.id);
        return ids;
      };
      expect(await listed()).not.toContain(image.id);
      await waitForJob(other, await other.answerShare(image.id, 'accepted'), 'accept', wait);
      expect(await listed()).toContain(image.id);
      const shares = [];
      for await (const share of cloud.listShares(image.id)) shares.push(share);
      expect(shares).toMatchObject([{ imageId: image.id, projectId: receiver, status: 'accepted' }]);
      expect(hex('md5', await bytesOf(other, image.id))).toBe(hex('md5', data));
      await waitForJob(other, await other.answerShare(image.id, 'rejected'), 'reject', wait);
      expect(await listed()).not.toContain(image.id);
      expect((await failure(cloud.answerShare(image.id, 'accepted'))).kind).toMatch(/permission|not-found/);
      await waitForJob(cloud, await cloud.removeShare(image.id, receiver), 'end', wait);
      expect(await cloud.getShare(image.id, receiver)).toBeUndefined();
      expect(await other.getImage(image.id)).toBeUndefined();
    });

    it('needs the visibility "shared", and the error says so', async ({ skip }) => {
      begin();
      if (!setting.other) return skip('no second project');
      const receiver = await connect(setting.other).projectId();
      const image = await upload(cloud, 'private', { visibility: 'private' });
      const error = await failure(cloud.addShare(image.id, receiver));
      expect(error.kind).toMatch(/permission|conflict|invalid-input/);
      expect(error.message).toContain('shared');
    });
  });

  describe('imports', () => {
    it('are chosen by what the service offers', async () => {
      begin();
      const direct = await cloud.chooseImport({ sizeBytes: data.length, diskFormat: 'qcow2' });
      expect(direct.route).toBe('stream');
      expect(direct.reason).toMatch(/\.$/);
      const error = await failure(
        cloud.chooseImport({ diskFormat: 'qcow2', sizeBytes: 1, method: 'teleport' }),
      );
      expect(error).toBeInstanceOf(InvalidInputError);
    });

    it('go by way of the staging area', async ({ skip }) => {
      begin();
      if (setting.profile.dialect === 'easystack') return skip('an easystack has no import');
      const image = await upload(cloud, 'staged', { method: 'staged' });
      expect(image).toMatchObject({ status: 'active', sizeBytes: data.length });
      expect(image.checksums?.md5).toBe(hex('md5', data));
    });

    it('are fetched from a URL by the service', async ({ skip }) => {
      begin();
      if (!setting.fetchesLoopback) return skip('the service may not fetch from this machine');
      const web = createServer((_, response) => response.end(data)).listen(0, '127.0.0.1');
      await new Promise((resolve) => web.once('listening', resolve));
      try {
        const { port } = web.address() as AddressInfo;
        const url = `http://127.0.0.1:${port}/disk.qcow2`;
        const ref = await cloud.createFromUrl({ name: name('web'), url, diskFormat: 'qcow2' });
        const job = await waitForJob(cloud, ref, 'fetch', wait);
        const id = job.imageIds[0] ?? '';
        made.push({ cloud, id });
        expect(await waitForImage(cloud, id, wait)).toMatchObject({ sizeBytes: data.length });

        const gone = await cloud.createFromUrl({
          name: name('gone'),
          url: 'http://127.0.0.1:9/nothing',
          diskFormat: 'qcow2',
        });
        const lost = await failure(waitForJob(cloud, gone, 'fetch', { ...wait, timeoutMs: 30_000 }));
        expect(lost.kind).toBe('job-failed');
        for (const found of (await cloud.getJob(gone)).imageIds) made.push({ cloud, id: found });
      } finally {
        web.close();
      }
    });

    it('copy an image to another store', async ({ skip }) => {
      begin();
      if (!setting.admin || !setting.secondStore) return skip('no administrator or no second store');
      const admin = connect(setting.admin);
      const image = await upload(admin, 'stores');
      const ref = await admin.copyImage({
        sourceImageId: image.id,
        name: image.name,
        toStores: [setting.secondStore],
      });
      await waitForJob(admin, ref, 'copy to a store', wait);
      const copied = await admin.getImage(image.id);
      expect(copied?.properties.stores).toContain(setting.secondStore);
    });
  });

  describe('what goes wrong', () => {
    it('says that an image does not exist', async () => {
      begin();
      const id = '00000000-0000-4000-8000-000000000000';
      expect(await cloud.getImage(id)).toBeUndefined();
      const error = await failure(cloud.updateImage(id, { name: 'other' }));
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error.details.requestId).toMatch(/^req-/);
    });

    it('refuses a wrong password, and a secret never shows', async () => {
      begin();
      if (setting.profile.authType !== 'password') return;
      const wrong = connect({ ...setting.profile, password: new Secret('wrong-password-42') });
      const error = await failure(wrong.projectId());
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(JSON.stringify(error)).not.toContain('wrong-password-42');
    });

    it('names the regions that there are', async () => {
      begin();
      const error = await failure(connect({ ...setting.profile, region: 'nowhere' }).getImage('any'));
      expect(error.message).toContain(setting.profile.region);
    });

    it('keeps what the service says of a bad request', async () => {
      begin();
      const error = await failure(
        cloud.callOperation(55, { parameters: { name: 'x', disk_format: 'nonsense' } }),
      );
      expect(error).toBeInstanceOf(InvalidInputError);
      const twice = await upload(cloud, 'twice');
      const conflict = await failure(cloud.callOperation(55, { parameters: { id: twice.id, name: 'x' } }));
      expect(conflict).toBeInstanceOf(ConflictError);
    });

    it('refuses names beyond the limit before anything is sent', async () => {
      begin();
      await cloud.projectId();
      const before = requests;
      const error = await failure(
        cloud.uploadStream({
          name: 'x'.repeat(256),
          diskFormat: 'qcow2',
          sizeBytes: 1,
          open: () => stream(data),
        }),
      );
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error.message).toContain('255');
      expect(requests).toBe(before);
    });
    absencesSuite(() => ({ cloud: begin(), sent: () => requests }));
  });

  describe('the rest', () => {
    it('describes itself: versions, schemas, quotas, probe', async () => {
      begin();
      const versions = await cloud.listVersions();
      expect(versions.map((version) => version.status)).toContain('CURRENT');
      for (const schema of ['image', 'images', 'member', 'members'])
        expect(await cloud.getSchema(schema)).toMatchObject({ name: schema });
      if (cloud.capabilities.quota === true)
        for (const quota of await cloud.getQuotas()) expect(quota.used).toBeGreaterThanOrEqual(0);
      const probe = await cloud.probe();
      expect(probe.findings.length).toBeGreaterThan(2);
      expect(probe.findings.filter(({ outcome }) => outcome === 'works').length).toBeGreaterThan(1);
    });

    it('takes an application credential', async ({ skip }) => {
      begin();
      if (!setting.credential) return skip('no application credential');
      const { id, secret } = setting.credential;
      const credential = connect({
        ...setting.profile,
        authType: 'application_credential',
        applicationCredentialId: id,
        applicationCredentialSecret: new Secret(secret),
      });
      expect(await credential.projectId()).toBe(await cloud.projectId());
    });

    it('answers its operations by number', async () => {
      begin();
      const { profile } = setting;
      if (profile.authType === 'password' && profile.password !== undefined) {
        const token = await cloud.callOperation(53, { parameters: {} });
        expect(JSON.stringify(token)).not.toContain(profile.password.reveal());
        expect(token.data).toMatchObject({ token: { expires_at: expect.any(String) } });
        recordVerified(setting.server, 53);
      }
      const created = await cloud.callOperation(55, {
        parameters: { name: name('by-number'), disk_format: 'qcow2', container_format: 'bare' },
      });
      const { id } = created.data as { id: string };
      made.push({ cloud, id });
      expect(created.data).toMatchObject({ status: 'queued' });
      recordVerified(setting.server, 55);
      await upload(cloud, 'by-number', { imageId: id, onRecord: undefined });
      const changes = findOperation('56').parameters.find(({ type }) => type === 'object[]')?.name ?? '';
      const operations = await cloud.callOperation(56, {
        parameters: { image_id: id, [changes]: [{ op: 'replace', path: '/min_ram', value: 256 }] },
      });
      expect(operations.data).toMatchObject({ min_ram: 256 });
      recordVerified(setting.server, 56);
      const list = await cloud.callOperation(54, { parameters: { limit: 5 } });
      expect(list.data).toMatchObject({ images: expect.arrayContaining([expect.objectContaining({ id })]) });
      recordVerified(setting.server, 54);
      const file = await cloud.callOperation(57, { parameters: { image_id: id } });
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.bytes ?? []) chunks.push(chunk);
      expect(hex('md5', Buffer.concat(chunks))).toBe(hex('md5', data));
      recordVerified(setting.server, 57);
      await cloud.callOperation(58, { parameters: { image_id: id } });
      expect(await cloud.getImage(id)).toBeUndefined();
      recordVerified(setting.server, 58);
    });
  });
}
