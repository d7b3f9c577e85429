// What the operations of the image service make, beyond imports and shares: fields, jobs, objects.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  creation,
  imsOf,
  md5,
  obs,
  send,
  sha256,
  startTestCloud,
  type TestCloud,
  tokenOf,
  upload,
} from '../../testing/client.ts';
import { inventoryOf } from '../inventory.ts';
import { goldImages } from './gold.ts';

type Caller = Awaited<ReturnType<typeof imsOf>>;

let test: TestCloud;
let acme: Caller;
let partner: Caller;

const action = '/v2/cloudimages/action';
const os_version = 'CentOS 7.6 64bit';
const content = 'content of a disk';
const ims = () => test.cloud.endpoints.regions['local-1']?.ims ?? '';
const inventory = (account = test.acme, region = 'local-1') =>
  inventoryOf(account.projects[region] ?? '', region);
const named = <T extends { name: string }>(list: readonly T[], name: string): T => {
  const found = list.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

async function run(method: string, path: string, body: unknown, caller = acme) {
  const reply = await caller.call(method, path, body);
  expect(reply).toMatchObject({ status: 200, data: { job_id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
  return caller.finish(reply.data.job_id);
}
const show = async (id: string, caller = acme) => (await caller.call('GET', `/v2/images/${id}`)).data;

beforeAll(async () => {
  test = await startTestCloud();
  await upload(test, 'stage/disk.raw', content);
  await upload(test, 'stage/data.raw', 'data');
  acme = await imsOf(test);
  partner = await imsOf(test, test.partner);
});
afterAll(() => test.remove());

describe('an image of a server', () => {
  it('is of its system disk alone', async () => {
    const server = named(inventory().servers, 'build');
    const body = { name: 'of a server', instance_id: server.id, tags: ['a.1'], max_ram: 4096 };
    const job = await run('POST', action, body);
    expect(job).toMatchObject({
      status: 'SUCCESS',
      job_type: 'imsCreateImageByInstance',
      entities: { image_name: 'of a server' },
      error_code: null,
    });
    expect(job.entities).not.toHaveProperty('sub_jobs_list');
    expect(await show(job.entities.image_id)).toMatchObject({
      status: 'active',
      disk_format: 'zvhd2',
      min_disk: 40,
      max_ram: '4096',
      tags: ['a=1'],
      __os_version: os_version,
      __data_origin: `instance,${server.id}`,
      __originalimagename: goldImages('local-1')[0]?.id,
      __image_size: '65536',
    });
    const stored = (await test.cloud.storedImages()).find(({ id }) => id === job.entities.image_id);
    expect(stored).toMatchObject({ sizeBytes: 65_536, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('comes with images of its data disks, each by a part of the job', async () => {
    const server = named(inventory().servers, 'build');
    const data_images = server.volumes.slice(1).map(({ id }, index) => ({
      name: `data ${index}`,
      volume_id: id,
      description: 'of the disk',
      image_tags: [{ key: 'disk', value: String(index) }],
    }));
    const started = await acme.call('POST', action, { name: 'system', instance_id: server.id, data_images });
    test.clock.ms += 500;
    const path = (id: string) => `/v1/${test.acme.projects['local-1']}/jobs/${id}`;
    const half = (await acme.call('GET', path(started.data.job_id))).data;
    expect(half).toMatchObject({
      status: 'RUNNING',
      end_time: '',
      entities: { process_percent: 0.5, sub_jobs_result: [{ status: 'RUNNING' }, {}, {}] },
    });
    const job = await acme.finish(started.data.job_id);
    expect(job).toMatchObject({ status: 'SUCCESS', job_type: 'imsVolumesToSysDataImagesJob' });
    expect(job.entities).not.toHaveProperty('image_id');
    const parts: { job_id: string; entities: { image_id: string; image_name: string } }[] =
      job.entities.sub_jobs_result;
    expect(parts.map(({ entities }) => entities.image_name)).toEqual(['system', 'data 0', 'data 1']);
    expect(job.entities.sub_jobs_list).toEqual(parts.map((part) => part.job_id));
    const [, , last] = parts;
    expect((await acme.call('GET', path(last?.job_id ?? ''))).data).toEqual(last);
    expect((await partner.call('GET', `/v1/cloudimages/job/${last?.job_id}`)).status).toBe(404);
    expect(await show(last?.entities.image_id ?? '')).toMatchObject({
      virtual_env_type: 'DataImage',
      min_disk: 20,
      tags: ['disk=1'],
      __description: 'of the disk',
    });
  });

  it('may be of a data disk of a running server, without naming the server', async () => {
    const [, disk] = named(inventory().servers, 'web').volumes;
    const job = await run('POST', action, { data_images: [{ name: 'only data', volume_id: disk?.id }] });
    expect(job.entities.sub_jobs_result).toHaveLength(1);
  });

  it('leaves nothing behind when its job fails', async () => {
    const server = named(inventory().servers, 'build');
    test.cloud.faults.add({ service: 'ims', action: { kind: 'fail-job', code: 'IMG.0014', reason: 'why' } });
    const data_images = [{ name: 'lost data', volume_id: server.volumes[1]?.id }];
    const job = await run('POST', action, { name: 'lost', instance_id: server.id, data_images });
    expect(job).toMatchObject({ status: 'FAIL', error_code: 'IMG.0014', fail_reason: 'why' });
    for (const name of ['lost', 'lost%20data']) {
      expect((await acme.call('GET', `/v2/cloudimages?name=${name}`)).data.images).toEqual([]);
    }
  });

  it('knows the fields of the older edition', async () => {
    const server = named(inventory().servers, 'build');
    const enterprise_project_id = '7c0a8f6e-0000-4000-8000-0123456789ab';
    const job = await run('POST', action, {
      name: 'older edition',
      instance_id: server.id,
      enterprise_project_id,
    });
    expect(await show(job.entities.image_id)).toMatchObject({ enterprise_project_id });
    const file = await run('POST', action, {
      ...creation('older file', 'stage:disk.raw'),
      is_config_init: true,
      os_version: ' CentOS 7.6 64bit',
      type: 'FusionCompute',
      enterprise_project_id: '0',
    });
    expect(await show(file.entities.image_id)).toMatchObject({ __os_version: os_version });
  });
});

describe('images of volumes and files', () => {
  it('take the ISO recipe: an ISO image, a server, and the disk that the system was installed on', async () => {
    const iso = Buffer.alloc(34_000);
    iso.write('CD001', 32_769);
    await upload(test, 'stage/cd.iso', iso);
    const first = await run('POST', action, {
      ...creation('cd', 'stage:cd.iso'),
      type: 'IsoImage',
      os_version,
    });
    expect(await show(first.entities.image_id)).toMatchObject({ virtual_env_type: 'IsoImage' });
    const [, disk] = named(inventory().servers, 'build').volumes;
    const second = await run('POST', action, {
      name: 'installed',
      volume_id: disk?.id,
      os_version,
      type: 'BMS',
    });
    expect(second.job_type).toBe('imsVolumeCreateImageJob');
    expect(await show(second.entities.image_id)).toMatchObject({
      virtual_env_type: 'Ironic',
      __os_version: os_version,
      __data_origin: `volume,${disk?.id}`,
    });
    const copy = await acme.call('POST', `/v1/cloudimages/${first.entities.image_id}/file`, {
      bucket_url: 'stage:out.iso',
      file_format: 'qcow2',
    });
    expect(copy.code).toBe('IMG.0167');
  });

  it('may bring data disks along', async () => {
    const data_images = [
      { name: 'brought', image_url: 'stage:data.raw', min_disk: 1, is_quick_import: true },
    ];
    const job = await run('POST', action, { ...creation('with data', 'stage:disk.raw'), data_images });
    expect(job.job_type).toBe('imsImportOvaImageJob');
    const [system, data] = job.entities.sub_jobs_result;
    expect([system.job_type, data.job_type]).toEqual(['imsImportImageJob', 'imsImportDataImageJob']);
    const stored = await test.cloud.storedImages();
    const digest = (id: string) => stored.find((image) => image.id === id)?.sha256;
    expect(digest(system.entities.image_id)).toBe(sha256(content));
    expect(digest(data.entities.image_id)).toBe(sha256('data'));
    expect(await show(data.entities.image_id)).toMatchObject({ min_disk: 1, virtual_env_type: 'DataImage' });
  });

  it.each<[string, string, object, object]>([
    [
      'quickly, for arm',
      '/v2/cloudimages/quickimport/action',
      { os_version, architecture: 'arm', min_disk: 1 },
      { hw_firmware_type: 'uefi', virtual_env_type: 'FusionCompute', min_disk: 1 },
    ],
    [
      'quickly, as data',
      '/v2/cloudimages/quickimport/action',
      { type: 'DataImage', os_type: 'Windows', min_disk: 1024 },
      { virtual_env_type: 'DataImage', __os_type: 'Windows' },
    ],
    [
      'as data',
      '/v1/cloudimages/dataimages/action',
      { min_disk: 2048 },
      { virtual_env_type: 'DataImage', __os_type: 'Linux', min_disk: 2048 },
    ],
  ])('are imported %s', async (name, path, changes, expected) => {
    const job = await run('POST', path, { ...creation(name.replace(',', ''), 'stage:disk.raw'), ...changes });
    expect(job.job_type).toBe(
      changes && 'os_version' in changes ? 'imsImportImageJob' : 'imsImportDataImageJob',
    );
    expect(await show(job.entities.image_id)).toMatchObject({ status: 'active', ...expected });
  });

  it.each<[string, string, object, string]>([
    [
      'quick, disk of 1025 GB',
      '/v2/cloudimages/quickimport/action',
      { os_version, min_disk: 1025 },
      'IMG.0055',
    ],
    ['quick, unknown type', '/v2/cloudimages/quickimport/action', { os_version, type: 'ISO' }, 'IMG.0024'],
    ['data, disk of 39 GB', '/v1/cloudimages/dataimages/action', { min_disk: 39 }, 'IMG.0055'],
    ['data, disk of 2049 GB', '/v1/cloudimages/dataimages/action', { min_disk: 2049 }, 'IMG.0055'],
    ['data, unknown system', '/v1/cloudimages/dataimages/action', { os_type: 'Other' }, 'IMG.0122'],
    [
      'data of a file, disk of 0 GB',
      action,
      { data_images: [{ image_url: 'stage:data.raw', min_disk: 0 }] },
      'IMG.0055',
    ],
    ['both tags', '/v1/cloudimages/dataimages/action', { tags: [], image_tags: [] }, 'IMG.0115'],
  ])('are refused: %s', async (_, path, changes, code) => {
    const body = { ...creation('refused', 'stage:disk.raw'), ...changes };
    expect(await acme.call('POST', path, body)).toMatchObject({ status: 400, code });
  });
});

describe('a whole-server image', () => {
  const path = '/v1/cloudimages/wholeimages/action';
  it('is made of a running server, listed by its kind, and shared into a vault', async () => {
    const { id: instance_id, vaultId } = named(inventory().servers, 'web');
    const job = await run('POST', path, { name: 'all of web', instance_id, vault_id: vaultId });
    expect(job.job_type).toBe('imsCreateWholeImageByInstanceJob');
    const id = job.entities.image_id;
    expect(await show(id)).toMatchObject({ __whole_image: true });
    const ids = async (query: string) =>
      (await acme.call('GET', `/v2/cloudimages?${query}`)).data.images.map(
        (image: { id: string }) => image.id,
      );
    expect(await ids('__whole_image=true')).toEqual([id]);
    expect(await ids('__whole_image=false')).not.toContain(id);
    const receiver = test.partner.projects['local-1'] ?? '';
    const crowd = Array.from({ length: 11 }, (_, index) => `project ${index}`);
    const members = '/v1/cloudimages/members';
    expect((await acme.call('POST', members, { images: [id], projects: crowd })).code).toBe('IMG.0088');
    expect((await acme.call('POST', `/v2/images/${id}/members`, { member: receiver })).status).toBe(200);
    const answer = { images: [id], project_id: receiver, status: 'accepted' };
    expect((await partner.call('PUT', members, answer)).code).toBe('IMG.0184');
    const member = `/v2/images/${id}/members/${receiver}`;
    expect((await partner.call('PUT', member, { status: 'accepted' })).code).toBe('IMG.0184');
    const vault_id = named(inventory(test.partner).vaults, 'main').id;
    const accepted = await run('PUT', members, { ...answer, vault_id }, partner);
    expect(accepted.entities.results).toEqual([{ image_id: id, project_id: receiver, status: 'success' }]);
  });

  it('is made of a backup once, and again when it is gone', async () => {
    const backup_id = named(inventory().backups, 'nightly').id;
    const body = { name: 'of the night', backup_id };
    const job = await run('POST', path, body);
    expect(job.job_type).toBe('imsCreateWholeImageByBackupJob');
    const id = job.entities.image_id;
    expect(await show(id)).toMatchObject({ __backup_id: backup_id, __whole_image: true });
    expect((await acme.call('POST', path, { ...body, name: 'twice' })).code).toBe('IMG.0029');
    expect((await acme.call('DELETE', `/v2/images/${id}`, { delete_backup: true })).status).toBe(204);
    expect((await acme.call('POST', path, { ...body, whole_image_type: 'CBR' })).status).toBe(200);
  });
});

describe('an export', () => {
  it('writes the bytes as an object when its job ends', async () => {
    const made = await run('POST', action, creation('exported', 'stage:disk.raw'));
    const id = made.entities.image_id;
    const path = `/v1/cloudimages/${id}/file`;
    const started = await acme.call('POST', path, { bucket_url: 'stage:out/e.qcow2', file_format: 'qcow2' });
    expect((await obs(test, 'GET', 'stage/out/e.qcow2')).status).toBe(404);
    expect((await acme.call('DELETE', `/v2/images/${id}`)).code).toBe('IMG.0148');
    const job = await acme.finish(started.data.job_id);
    expect(job).toMatchObject({ status: 'SUCCESS', job_type: 'imsNativeExportImageJob' });
    expect(job.entities).toEqual({ image_id: id, process_percent: 1 });
    const object = await obs(test, 'GET', 'stage/out/e.qcow2');
    expect([object.status, object.text]).toEqual([200, content]);
    expect(object.headers.etag).toBe(`"${md5(content).toString('hex')}"`);
    const again = { bucket_url: 'stage:out/e.qcow2', is_quick_export: true };
    expect((await acme.call('POST', path, again)).code).toBe('IMG.0070');
    const both = { bucket_url: 'stage:q', file_format: 'vhd', is_quick_export: true };
    expect((await acme.call('POST', path, both)).code).toBe('IMG.0001');
    expect((await acme.call('POST', path, { bucket_url: 'stage:q' })).code).toBe('IMG.0072');
    await run('POST', path, { bucket_url: 'stage:q', is_quick_export: true });
    expect((await partner.call('POST', path, { bucket_url: 'stage:q', file_format: 'vhd' })).code).toBe(
      'IMG.0027',
    );
    // The object outlives the image.
    expect((await acme.call('DELETE', `/v2/images/${id}`)).status).toBe(204);
    expect((await obs(test, 'GET', 'stage/q')).text).toBe(content);
  });

  it('fails in its job when somebody else took the name meanwhile', async () => {
    const made = await run('POST', action, creation('overtaken', 'stage:disk.raw'));
    const path = `/v1/cloudimages/${made.entities.image_id}/file`;
    const started = await acme.call('POST', path, { bucket_url: 'stage:race', file_format: 'vmdk' });
    await upload(test, 'stage/race', 'mine');
    expect(await acme.finish(started.data.job_id)).toMatchObject({ status: 'FAIL', error_code: 'IMG.0070' });
    expect((await obs(test, 'GET', 'stage/race')).text).toBe('mine');
  });
});

describe('a native upload', () => {
  const octets = { 'content-type': 'application/octet-stream' };
  const record = async (name: string) => (await acme.call('POST', '/v2/images', { name })).data.id;

  it('fills a record once', async () => {
    const id = await record('uploaded');
    const path = `/v2/images/${id}/file`;
    const bytes = Buffer.alloc(200_000, 'x');
    const reply = await acme.call('PUT', path, bytes, octets);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await show(id)).status).toBe('saving');
    expect((await acme.call('PUT', path, bytes, octets)).status).toBe(409);
    test.clock.ms += 1001;
    expect(await show(id)).toMatchObject({ status: 'active', __image_size: '200000' });
    const stored = (await test.cloud.storedImages()).find((image) => image.id === id);
    expect(stored?.sha256).toBe(sha256(bytes));
    expect((await acme.call('PUT', path, bytes, octets)).status).toBe(409);
    const other = await run('POST', action, creation('not a record', 'stage:disk.raw'));
    expect((await acme.call('PUT', `/v2/images/${other.entities.image_id}/file`, bytes, octets)).status).toBe(
      409,
    );
  });

  it('is refused for its type and its size, and can be repeated', async () => {
    const id = await record('repeated');
    const path = `/v2/images/${id}/file`;
    expect((await acme.call('PUT', path, 'x')).status).toBe(415);
    expect((await acme.call('PUT', path, '', octets)).code).toBe('IMG.0057');
    const iso = Buffer.alloc(34_000);
    iso.write('CD001', 32_769);
    expect((await acme.call('PUT', path, iso, octets)).code).toBe('IMG.0072');
    const huge = { ...octets, 'content-length': String(2 * 2 ** 30) };
    expect((await acme.call('PUT', path, '', huge)).code).toBe('IMG.0059');
    expect((await acme.call('PUT', '/v2/images/none/file', 'x', octets)).status).toBe(404);
    expect((await show(id)).status).toBe('queued');
    expect((await acme.call('PUT', path, 'good', octets)).status).toBe(204);
    test.clock.ms += 1001;
    expect((await show(id)).status).toBe('active');
  });

  it('that breaks off can be repeated, also when the whole cloud died', async () => {
    const id = await record('broken off');
    const path = `/v2/images/${id}/file`;
    test.cloud.faults.add({ service: 'ims', method: 'PUT', action: { kind: 'cut', afterBytes: 1000 } });
    await expect(acme.call('PUT', path, Buffer.alloc(100_000), octets)).rejects.toThrow();
    await expect.poll(async () => (await show(id)).status).toBe('queued');
    const file = join(test.dataDir, 'huaweicloud', 'ims', 'images', `${id}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"queued"', '"saving"'));
    await test.restart();
    acme = await imsOf(test);
    partner = await imsOf(test, test.partner);
    expect((await show(id)).status).toBe('queued');
    expect((await acme.call('PUT', path, 'whole', octets)).status).toBe(204);
  });

  it('ends as killed when it fails', async () => {
    const id = await record('doomed');
    test.cloud.faults.add({ service: 'ims', action: { kind: 'fail-job', code: 'IMG.1075', reason: 'why' } });
    await acme.call('PUT', `/v2/images/${id}/file`, 'bytes', octets);
    test.clock.ms += 1001;
    expect(await show(id)).toMatchObject({ status: 'killed', __image_size: '0' });
    expect((await acme.call('DELETE', `/v2/images/${id}`)).status).toBe(204);
  });
});

describe('the deprecated calls', () => {
  it('show an image in headers, and keep the record of a deleted one', async () => {
    const made = await run('POST', action, creation('old style', 'stage:disk.raw'));
    const id = made.entities.image_id;
    const head = await acme.call('HEAD', `/v1/images/${id}`);
    expect(head.headers).toMatchObject({
      'x-image-meta-id': id,
      'x-image-meta-name': 'old style',
      'x-image-meta-deleted': 'False',
      'x-image-meta-is_public': 'False',
      'x-image-meta-size': String(content.length),
      'x-image-meta-created_at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
      etag: head.headers['x-image-meta-checksum'],
    });
    expect((await acme.call('HEAD', '/v1/images/none')).status).toBe(404);
    const details = async (query: string) =>
      (await acme.call('GET', `/v1.1/images/detail?${query}`)).data.images;
    const size = content.length;
    expect(await details(`name=old%20style&size_min=${size}&size_max=${size}`)).toMatchObject([
      { id, deleted: false, deleted_at: null, is_public: false, size, virtual_size: null },
    ]);
    expect(await details(`name=old%20style&size_min=${size + 1}`)).toEqual([]);
    expect(
      (await details('disk_format=zvhd2')).some((image: { is_public: boolean }) => image.is_public),
    ).toBe(true);
    expect((await acme.call('DELETE', `/v1.1/images/${id}`)).status).toBe(204);
    expect((await acme.call('GET', `/v2/images/${id}`)).status).toBe(404);
    expect(await details('name=old%20style')).toEqual([]);
    expect(await details('status=deleted')).toMatchObject([{ id, status: 'deleted', deleted: true }]);
    const { now } = test.clock;
    expect(await details(`name=old%20style&changes-since=${new Date(now()).toISOString()}`)).toHaveLength(1);
    expect(await details(`changes-since=${new Date(now() + 1).toISOString()}`)).toEqual([]);
    expect((await acme.call('GET', '/v1.1/images/detail?size_min=x')).code).toBe('IMG.0001');
  });
});

describe('documents of the interface', () => {
  it.each([
    ['image', 'links'],
    ['images', 'links'],
    ['member', 'properties'],
    ['members', 'links'],
  ])('describe %s', async (name, field) => {
    const { status, data } = await acme.call('GET', `/v2/schemas/${name}`);
    expect([status, data.name]).toEqual([200, name]);
    expect(data).toHaveProperty(field);
    expect(data).toHaveProperty('properties');
  });

  it('list the versions with 300 and JSON, without a token', async () => {
    const all = await send(`${ims()}/`);
    expect(all.status).toBe(300);
    expect(all.headers['content-type']).toMatch(/json/);
    const { versions } = JSON.parse(all.text);
    expect(versions[0]).toEqual({
      id: 'v2.2',
      status: 'CURRENT',
      links: [{ rel: 'self', href: `${ims()}/v2/` }],
    });
    const one = await send(`${ims()}/v2.0`);
    expect([one.status, JSON.parse(one.text).versions.length]).toEqual([300, 1]);
    expect((await acme.call('GET', '/v9.9')).status).toBe(404);
  });
});

describe('a native change', () => {
  const older = { 'content-type': 'application/openstack-images-v2.0-json-patch' };
  const newer = { 'content-type': 'application/openstack-images-v2.1-json-patch' };

  it('has the form that its media type says', async () => {
    const made = await run('POST', action, creation('changing', 'stage:disk.raw'));
    const path = `/v2/images/${made.entities.image_id}`;
    const added = await acme.call(
      'PATCH',
      path,
      [
        { add: '/build', value: '1' },
        { replace: '/name', value: 'changed' },
      ],
      older,
    );
    expect(added).toMatchObject({ status: 200, data: { build: '1', name: 'changed' } });
    const removed = await acme.call('PATCH', path, [{ remove: '/build' }], older);
    expect(removed.data).not.toHaveProperty('build');
    const described = await acme.call(
      'PATCH',
      path,
      [{ op: 'replace', path: '/__description', value: 'd' }],
      newer,
    );
    expect(described.data.__description).toBe('d');
    expect((await acme.call('PATCH', path, [{ op: 'add', path: '/a', value: '1' }], older)).code).toBe(
      'IMG.0001',
    );
    expect((await acme.call('PATCH', path, [{ add: '/a', value: '1' }], newer)).code).toBe('IMG.0001');
    expect((await acme.call('PATCH', path, '[]', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('of hardware kinds that exclude each other is refused', async () => {
    const made = await run('POST', action, creation('hardware', 'stage:disk.raw'));
    const path = `/v2/cloudimages/${made.entities.image_id}`;
    const reply = await acme.call('PATCH', path, [
      { op: 'add', path: '/__support_kvm_gpu_type', value: 'V100' },
      { op: 'add', path: '/__support_kvm', value: 'true' },
    ]);
    expect(reply.code).toBe('IMG.0035');
  });
});

describe('public images', () => {
  const gold = goldImages('local-1');

  it('are listed for every project, by their filters', async () => {
    for (const caller of [acme, partner]) {
      const path =
        '/v2/cloudimages?__imagetype=gold&visibility=public&protected=true&sort_key=name&sort_dir=asc';
      const names = (await caller.call('GET', path)).data.images.map((image: { name: string }) => image.name);
      expect(names).toEqual(gold.map((image) => image.name));
    }
    const windows = await acme.call(
      'GET',
      '/v2/cloudimages?__platform=Windows&__os_type=Windows&__os_bit=64',
    );
    expect(windows.data.images).toHaveLength(1);
    expect((await test.cloud.storedImages()).some(({ id }) => gold.some((image) => image.id === id))).toBe(
      false,
    );
  });

  it('never change', async () => {
    const id = gold[0]?.id ?? '';
    const refusals = [
      await acme.call('DELETE', `/v2/images/${id}`),
      await acme.call('DELETE', `/v1.1/images/${id}`),
      await acme.call('PATCH', `/v2/cloudimages/${id}`, [{ op: 'replace', path: '/name', value: 'x' }]),
      await acme.call('POST', `/v2/images/${id}/members`, { member: test.partner.projects['local-1'] }),
      await acme.call('POST', `/v1/cloudimages/${id}/file`, { bucket_url: 'stage:x', file_format: 'vhd' }),
      await acme.call('POST', `/v1/cloudimages/${id}/copy`, { name: 'x' }),
    ];
    expect(refusals.map((reply) => reply.code)).toEqual([
      ...['IMG.0094', 'IMG.0094', 'IMG.0047', 'IMG.0089', 'IMG.0077', 'IMG.0047'],
    ]);
    expect((await acme.call('GET', `/v2/images/${id}`)).data).toMatchObject({ visibility: 'public' });
  });
});

describe('a list', () => {
  it('takes every documented filter', async () => {
    const cmk_id = named(inventory().keys, 'first').id;
    const made = await run('POST', action, {
      ...creation('filtered', 'stage:disk.raw'),
      cmk_id,
      min_ram: 512,
    });
    const image = await show(made.entities.image_id);
    await acme.call('PATCH', `/v2/cloudimages/${image.id}`, [
      { op: 'add', path: '/__support_diskintensive', value: 'true' },
    ]);
    const found = async (query: string) =>
      (await acme.call('GET', `/v2/cloudimages?name=filtered&${query}`)).data.images.length;
    const right = {
      ...{ __isregistered: 'true', __imagetype: 'private', __whole_image: 'false', __system__cmkid: cmk_id },
      ...{ protected: 'false', visibility: 'private', owner: image.owner, id: image.id, status: 'active' },
      ...{ container_format: 'bare', disk_format: 'zvhd2', min_ram: '512', min_disk: '40', __os_bit: '64' },
      ...{ __platform: 'Other', __os_type: 'Linux', virtual_env_type: 'FusionCompute' },
      ...{ __support_kvm: 'true', __support_diskintensive: 'true', created_at: `eq:${image.created_at}` },
      ...{ updated_at: `gte:${image.updated_at}` },
    };
    expect(await found(String(new URLSearchParams(right)))).toBe(1);
    for (const name of Object.keys(right)) {
      if (name.endsWith('_at')) continue;
      expect([name, await found(`${name}=other`)]).toEqual([name, 0]);
    }
    const absent = [
      '__support_xen',
      '__support_largememory',
      '__support_highperformance',
      '__support_xen_hana',
    ];
    absent.push('__support_kvm_infiniband', '__support_xen_gpu_type', '__support_kvm_gpu_type');
    for (const name of absent) expect([name, await found(`${name}=true`)]).toEqual([name, 0]);
    expect(await found('created_at=lt:2000-01-01T00:00:00Z')).toBe(0);
    expect((await acme.call('GET', '/v2/cloudimages?member_status=maybe&visibility=shared')).code).toBe(
      'IMG.0001',
    );
  });

  it('of the native interface pages by first and next, whatever edition is asked for', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/v2/images?limit=3&sort_key=name&sort_dir=asc';
    while (path !== undefined) {
      const reply: Awaited<ReturnType<Caller['call']>> = await acme.call('GET', path, undefined, {
        'x-api-version': 'Q',
      });
      expect(reply.status).toBe(200);
      expect(reply.data.first).toBe('/v2/images?limit=3&sort_key=name&sort_dir=asc');
      seen.push(...reply.data.images.map((image: { id: string }) => image.id));
      path = reply.data.next;
    }
    const all = await acme.call('GET', '/v2/cloudimages?sort_key=name&sort_dir=asc');
    expect(seen).toEqual(all.data.images.map((image: { id: string }) => image.id));
    expect(new Set(seen).size).toBeGreaterThan(10);
    expect((await acme.call('GET', '/v2/images?marker=none')).code).toBe('IMG.0027');
  });
});

describe('a refusal', () => {
  it('has the form of its kind of call, and an id of the request', async () => {
    const custom = await acme.call('POST', '/v1/cloudimages/none/copy', { name: 'x' });
    expect(JSON.parse(custom.text)).toEqual({
      error: { code: 'IMG.0027', message: 'The image ID in the request does not exist.' },
    });
    const native = await acme.call('GET', '/v2/images/none');
    expect(native.headers['content-type']).toMatch(/xml/);
    expect(native.text).toMatch(
      /^<\?xml .*\n<error><code>IMG\.0027<\/code><message>[^<]+<\/message><\/error>\n$/,
    );
    const gateway = await send(`${ims()}/v2/cloudimages`);
    expect(Object.keys(JSON.parse(gateway.text)).sort()).toEqual(['error_code', 'error_msg', 'request_id']);
    for (const { headers } of [custom, native, gateway]) {
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('of a signed body over 12 MB comes from the gateway', async () => {
    const date = new Date(test.clock.ms).toISOString().replace(/\.\d+|[:-]/g, '');
    const reply = await send(`${ims()}/v2/images/x/file`, {
      method: 'PUT',
      headers: {
        'x-sdk-date': date,
        authorization: `SDK-HMAC-SHA256 Access=${test.acme.accessKey}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
      },
      body: Buffer.alloc((12 << 20) + 1),
    });
    expect([reply.status, JSON.parse(reply.text).error_code]).toEqual([413, 'APIG.0201']);
  });
});

describe('a restart', () => {
  it('keeps what was made, also of a job under way', async () => {
    const server = named(inventory().servers, 'build');
    const data_images = [{ name: 'later data', volume_id: server.volumes[1]?.id }];
    const started = await acme.call('POST', action, { name: 'later', instance_id: server.id, data_images });
    const before = await tokenOf(test, test.acme);
    expect(before).toMatch(/^MII/);
    await test.restart();
    acme = await imsOf(test);
    const job = await acme.finish(started.data.job_id);
    expect(job.status).toBe('SUCCESS');
    const { image_id } = job.entities.sub_jobs_result[0].entities;
    const stored = (await test.cloud.storedImages()).find(({ id }) => id === image_id);
    expect(stored?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
