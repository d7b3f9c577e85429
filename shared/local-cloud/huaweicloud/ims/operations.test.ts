// What the operations of the image service make, beyond imports and shares: fields, jobs, objects.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  creation,
  imsOf,
  md5,
  obs,
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
    const away = { name: 'of the night', region: 'local-2', project_name: 'local-2', agency_name: 'agency' };
    const vault_id = named(inventory(test.acme, 'local-2').vaults, 'main').id;
    const copied = await run('POST', `/v1/cloudimages/${id}/cross_region_copy`, { ...away, vault_id });
    const elsewhere = await imsOf(test, test.acme, 'local-2');
    expect(await show(copied.entities.image_id, elsewhere)).toMatchObject({
      __whole_image: true,
      __backup_id: '',
      __data_origin: `image,local-1,${id}`,
    });
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
