// Every operation of the services, called by the `imagebridge` command against the embedded cloud, each in its turn.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connect, OPERATIONS } from '@imagebridge/core';
import { huaweicloudInventory, ucloudstackInventory } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { recordVerified } from '../conformance/suites/verified.ts';
import { startCommand } from '../fixtures/cli-process.ts';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';

let work: Work;
let disk: string;
const called = new Set<number>();

beforeAll(async () => {
  work = await makeWork({ jobDurationMs: 900 });
  disk = path.join(work.dir, 'disk.qcow2');
  await makeQcow2(disk, { dataBytes: 1 << 20, seed: 'api' });
  await writeFile(path.join(work.dir, 'disk.raw'), await readFile(await work.file('raw', 1 << 20)));
});
afterAll(() => work.close());

const answer = z.looseObject({
  number: z.number(),
  data: z.unknown().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
});
type Answer = z.infer<typeof answer>;

/** Calls an operation as a user would; gives what it printed. */
async function api(
  number: number,
  parameters: Record<string, unknown>,
  { cloud = 'local', body, args = [] as string[] }: { cloud?: string; body?: string; args?: string[] } = {},
): Promise<Answer> {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => [
      '--param',
      `${name}=${typeof one === 'object' ? JSON.stringify(one) : String(one)}`,
    ]),
  );
  const more = body === undefined ? [] : ['--body', body];
  const command = ['api', String(number), '--cloud', cloud, ...given, ...more, ...args, '--json'];
  const { code, stdout, stderr } = await startCommand(command, work.env).ended;
  if (code !== 0) throw new Error(`api ${number} ended with ${code}: ${stderr || stdout}`);
  called.add(number);
  return args.includes('--output') ? { number } : answer.parse(JSON.parse(stdout));
}

const field = (reply: Answer, name: string): string =>
  z.looseObject({ [name]: z.string() }).parse(reply.data)[name] as string;

/** Waits for a job of the image service; gives the image that came of it. */
async function job(reply: Answer): Promise<string> {
  const id = field(reply, 'job_id');
  const shape = z.looseObject({
    status: z.string(),
    entities: z.looseObject({
      image_id: z.string().optional(),
      sub_jobs_result: z
        .array(z.looseObject({ entities: z.looseObject({ image_id: z.string() }) }))
        .optional(),
    }),
  });
  for (let i = 0; i < 20; i++) {
    const { status, entities } = shape.parse((await api(29, { job_id: id })).data);
    if (status === 'SUCCESS')
      return entities.image_id ?? entities.sub_jobs_result?.[0]?.entities.image_id ?? '';
    if (status === 'FAIL') throw new Error(`job ${id} failed: ${JSON.stringify(entities)}`);
  }
  throw new Error(`job ${id} did not end`);
}

it('UCloudStack: 1 to 13', { timeout: 120_000 }, async () => {
  const cloud = 'local-ucloudstack';
  const admin = { cloud: 'operator-ucloudstack' };
  const system = { OSType: 'Linux', OSDistribution: 'Ubuntu', OSVersion: '22.04', SetArch: 'x86_64' };
  const tags = { TagKeyValuePairs: ['dGVzdA==:dGVzdC0x'] };
  const company = work.cloud.accounts[0]?.ucloudstack.companyId ?? 0;
  const vm = ucloudstackInventory(company, 'local-1').find((one) => one.name === 'build');
  const bytes = await readFile(disk);
  const web = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1');
  await new Promise((resolve) => web.once('listening', resolve));
  const LoadURL = `http://127.0.0.1:${(web.address() as AddressInfo).port}/disk.qcow2`;
  try {
    expect((await api(12, { Limit: 5, Offset: 0 }, { cloud })).data).toMatchObject({ RetCode: 0 });
    const remote = {
      ImageName: 'remote',
      ImageFormat: 'qcow2',
      ImportType: 'Remote',
      LoadURL,
      ...system,
      ...tags,
    };
    const ImageID = field(await api(8, remote, admin), 'ImageID');
    for (let i = 0; ; i++) {
      const { data } = await api(6, { ImageIDs: [ImageID], Limit: 1, Offset: 0 }, admin);
      if (JSON.stringify(data).includes('"Used"')) break;
      expect(i).toBeLessThan(20);
    }
    await api(13, { ImageID, ...system, OSDistribution: 'Debian', OSVersion: '12' }, admin);
    const url = await api(11, { ImageID }, admin);
    expect(JSON.stringify(url.data)).toContain('"DownloadQuery":"***"');
    const base = field(await api(1, { SourceImageID: ImageID, DestImageName: 'base' }, admin), 'DestImageID');
    await work.pause(1200);
    expect(JSON.stringify((await api(7, { ImageIDs: [base] }, { cloud })).data)).toContain('Permission');
    await api(4, { ImageID: base }, admin);
    await api(5, { ImageID }, admin);
    // It stays in the making, however long the next command takes to start.
    work.cloud.faults.add({ service: 'ucloudstack', action: { kind: 'stuck-job' } });
    const making = field(await api(2, { ImageName: 'made', VMID: vm?.id, ...tags }, { cloud }), 'ImageID');
    work.cloud.faults.clear();
    await api(3, { ImageID: making }, { cloud });
    const local = { ImageName: 'local', ImageFormat: 'qcow2', ImportType: 'Local', ...system, ...tags };
    const opened = await api(8, local, { cloud });
    await api(10, { ImageID: field(opened, 'ImageID'), UploadID: field(opened, 'UploadID') }, { cloud });
    const uploaded = await connect({ cloud, configPath: work.cloud.profilesPath, env: {} });
    const { imageId, target } = await uploaded.uploadParts({
      name: 'parts',
      diskFormat: 'qcow2',
      sizeBytes: bytes.length,
      osType: 'Linux',
      osDistribution: 'Ubuntu',
      osVersion: '22.04',
      architecture: 'x86_64',
    });
    const uploadId = await target.initiate();
    const body = async function* () {
      yield bytes;
    };
    const md5 = createHash('md5').update(bytes).digest();
    await target.uploadPart({ uploadId, partNumber: 1, sizeBytes: bytes.length, md5, body });
    await uploaded.close();
    await api(9, { ImageID: imageId, UploadID: uploadId }, { cloud });
  } finally {
    web.close();
  }
});

it('Huawei Cloud: 14 to 52, 59', { timeout: 240_000 }, async () => {
  const account = work.cloud.accounts[0];
  const partnerProject = work.cloud.accounts[1]?.projects['local-1'] ?? '';
  const projectId = account?.projects['local-1'] ?? '';
  const inventory = huaweicloudInventory(projectId, 'local-1');
  const build = inventory.servers.find((one) => one.name === 'build');
  const os = 'CentOS 7.6 64bit';
  await stage(['disk.qcow2', 'disk.raw']);
  const partner = { cloud: 'partner' };

  expect(JSON.stringify((await api(50, {})).headers)).toContain('***');
  expect((await api(51, {})).data).toMatchObject({ projects: expect.any(Array) });
  expect((await api(22, { tag: ['uefi'] })).data).toBeInstanceOf(Array);
  expect((await api(28, {})).data).toMatchObject({ quotas: expect.anything() });
  expect((await api(48, {})).data).toMatchObject({ versions: expect.any(Array) });
  await api(49, { api_version: 'v2.0' });
  for (const number of [39, 40, 41, 42]) expect((await api(number, {})).data).toHaveProperty('name');

  const file = { image_url: 'api:disk.qcow2', os_version: os, min_disk: 40 };
  const imported = await job(await api(16, { name: 'imported', ...file }));
  expect((await api(14, { id: imported })).data).toMatchObject({
    images: [{ id: imported, status: 'active' }],
  });
  await job(await api(52, { name: 'older', ...file }));
  await job(await api(17, { name: 'quick', image_url: 'api:disk.raw', os_version: os, min_disk: 40 }));
  await job(await api(18, { name: 'data', image_url: 'api:disk.qcow2', min_disk: 40 }));
  const vault = inventory.vaults.find((one) => one.name === 'main')?.id;
  await job(await api(19, { name: 'whole', instance_id: build?.id, vault_id: vault }));
  const change = (name: string) => [{ op: 'replace', path: '/name', value: name }];
  expect((await api(15, { image_id: imported, changes: change('changed') })).data).toMatchObject({
    name: 'changed',
  });
  await api(32, { image_id: imported }, { body: JSON.stringify(change('native')) });
  expect((await api(59, { image_id: imported, changes: change('edition') })).data).toMatchObject({
    name: 'edition',
  });
  await job(await api(21, { image_id: imported, bucket_url: 'api:exported.qcow2', file_format: 'qcow2' }));
  await job(await api(26, { image_id: imported, name: 'copied' }));
  const agency = { agency_name: 'agency', region: 'local-2', project_name: 'local-2' };
  await job(await api(27, { image_id: imported, name: 'crossed', ...agency }));

  expect((await api(30, { limit: 2 })).data).toMatchObject({ images: expect.any(Array) });
  expect((await api(31, { image_id: imported })).data).toMatchObject({ id: imported });
  const record = field(await api(35, { name: 'record', __os_version: os, min_disk: 40 }), 'id');
  await job(await api(20, { image_id: record, image_url: 'api:disk.qcow2' }));
  const native = field(await api(35, { name: 'uploaded', __os_version: os, min_disk: 40 }), 'id');
  await api(33, { image_id: native }, { body: `@${disk}` });
  await work.pause(1200);
  expect((await api(37, { image_id: native })).headers).toBeDefined();
  expect(JSON.stringify((await api(38, {})).data)).toContain(native);

  await job(await api(24, { images: [imported], projects: [partnerProject] }));
  expect((await api(46, { image_id: imported })).data).toMatchObject({
    members: [{ member_id: partnerProject }],
  });
  expect((await api(45, { image_id: imported, member_id: partnerProject })).data).toMatchObject({
    status: 'pending',
  });
  const accepted = { images: [imported], project_id: partnerProject, status: 'accepted' };
  await api(25, accepted, partner);
  await work.pause(1200);
  await job(await api(23, { images: [imported], projects: [partnerProject] }));
  await api(43, { image_id: imported, member: partnerProject });
  await api(44, { image_id: imported, member_id: partnerProject, status: 'rejected' }, partner);
  await api(47, { image_id: imported, member_id: partnerProject });

  await api(36, { image_id: native });
  await api(34, { image_id: imported });
});

it('OpenStack: 53 to 58', { timeout: 60_000 }, async () => {
  const cloud = 'local-openstack';
  expect(JSON.stringify((await api(53, {}, { cloud })).headers)).toContain('***');
  const id = field(
    await api(55, { name: 'api', disk_format: 'qcow2', container_format: 'bare' }, { cloud }),
    'id',
  );
  await api(56, { image_id: id, changes: [{ op: 'replace', path: '/min_ram', value: 64 }] }, { cloud });
  const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: {} });
  const bytes = await readFile(disk);
  const open = async function* () {
    yield bytes;
  };
  await opened.uploadStream({ name: 'api', diskFormat: 'qcow2', sizeBytes: bytes.length, imageId: id, open });
  await opened.close();
  expect((await api(54, { limit: 5 }, { cloud })).data).toMatchObject({ images: [{ id }] });
  const output = path.join(work.dir, 'downloaded');
  await api(57, { image_id: id }, { cloud, args: ['--output', output] });
  expect(await readFile(output)).toEqual(bytes);
  await api(58, { image_id: id }, { cloud });
});

it('all 59 have been called', () => {
  expect([...called].sort((a, b) => a - b)).toEqual(OPERATIONS.map(({ number }) => number));
  recordVerified('embedded', ...called);
});

it('lists them, describes them, and helps with what is wrong', async () => {
  const run = async (...args: string[]) => startCommand(['api', ...args], work.env).ended;
  expect((await run('--list')).stdout.trim().split('\n')).toHaveLength(59);
  expect((await run('DescribeImage', '--describe')).stdout).toMatch(/Limit\s+integer/);
  const unknown = await run('DescribeImages', '--cloud', 'local-ucloudstack');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('DescribeImages')]);
  const missing = await run('31', '--cloud', 'local');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('image_id is missing')]);
  const wrong = await run('6', '--cloud', 'local-ucloudstack', '--param', 'Limit=1000');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/Limit.*1000/)]);
  const other = await run('DescribeImage', '--cloud', 'local');
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('family ucloudstack')]);
});

/** Puts files into the bucket `api`. */
async function stage(names: readonly string[]): Promise<void> {
  const cloud = await connect({ cloud: 'local', configPath: work.cloud.profilesPath, env: {} });
  for (const key of names) {
    const bytes = await readFile(path.join(work.dir, key));
    const target = await cloud.stage({ bucket: 'api', key });
    const uploadId = await target.initiate();
    const body = async function* () {
      yield bytes;
    };
    const md5 = createHash('md5').update(bytes).digest();
    const { etag } = await target.uploadPart({ uploadId, partNumber: 1, sizeBytes: bytes.length, md5, body });
    await target.complete(uploadId, [{ partNumber: 1, sizeBytes: bytes.length, etag }]);
  }
  await cloud.close();
}
