// Every documented error code comes out at least once: by a rule of the embedded cloud, or by a fault that plays it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creation, imsOf, startTestCloud, type TestCloud, upload } from '../../testing/client.ts';
import { inventoryOf } from '../inventory.ts';
import { type ImsCode, imsCodes, messages } from './codes.ts';
import { goldImages } from './gold.ts';

type Caller = Awaited<ReturnType<typeof imsOf>>;
type Reply = { status: number; code: string | undefined };

let test: TestCloud;
let acme: Caller;
let partner: Caller;
/** Images that were made before, by name. */
const ids: Record<string, string> = {};

const action = '/v2/cloudimages/action';
const whole = '/v1/cloudimages/wholeimages/action';
const members = '/v1/cloudimages/members';
const good = creation('new', 'stage:disk.raw');
const [gold] = goldImages('local-1');
const goldId = gold?.id ?? '';

const project = (account = test.acme, region = 'local-1') => account.projects[region] ?? '';
const inventory = (region = 'local-1') => inventoryOf(project(test.acme, region), region);
const named = <T extends { id: string; name: string }>(list: readonly T[], name: string): T => {
  const found = list.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const server = (name: string) => named(inventory().servers, name);
const backup = (name: string) => named(inventory().backups, name).id;
const vault = (name: string, region = 'local-1') => named(inventory(region).vaults, name).id;
const key = (name: string) => named(inventory().keys, name).id;

const create = (changes: object) => acme.call('POST', action, { ...good, ...changes });
const ofServer = (name: string) => acme.call('POST', action, { name: 'new', instance_id: server(name).id });
const ofDisks = (...disks: (string | undefined)[]) =>
  acme.call('POST', action, {
    data_images: disks.map((volume_id, index) => ({ name: `disk ${index}`, volume_id })),
  });
const wholeOf = (name: string, vaultName?: string) =>
  acme.call('POST', whole, {
    name: 'new',
    instance_id: server(name).id,
    ...(vaultName === undefined ? {} : { vault_id: vault(vaultName) }),
  });
const ofBackup = (fields: object) =>
  acme.call('POST', whole, { name: 'new', whole_image_type: 'CBR', ...fields });
const quick = (changes: object) =>
  acme.call('POST', '/v2/cloudimages/quickimport/action', {
    ...good,
    os_version: 'CentOS 7.6 64bit',
    ...changes,
  });
const share = (image: string | undefined, ...projects: string[]) =>
  acme.call('POST', members, { images: [image], projects });
const copy = (image: string | undefined, changes: object = {}) =>
  acme.call('POST', `/v1/cloudimages/${image}/copy`, { name: 'copied', ...changes });
const cross = (image: string | undefined, changes: object = {}) =>
  acme.call('POST', `/v1/cloudimages/${image}/cross_region_copy`, {
    name: 'crossed',
    region: 'local-2',
    project_name: 'local-2',
    agency_name: 'agency',
    ...changes,
  });
const exportTo = (
  image: string | undefined,
  bucket_url: string,
  changes: object = { file_format: 'qcow2' },
) => acme.call('POST', `/v1/cloudimages/${image}/file`, { bucket_url, ...changes });
const patch = (path: string, value: string) =>
  acme.call('PATCH', `/v2/cloudimages/${ids.base}`, [{ op: 'replace', path, value }]);
const remove = (image: string | undefined) => acme.call('DELETE', `/v2/images/${image}`);

async function finished(
  started: { status: number; data: { job_id: string } },
  caller = acme,
): Promise<string> {
  expect(started).toMatchObject({ status: 200 });
  const job = await caller.finish(started.data.job_id);
  expect(job).toMatchObject({ status: 'SUCCESS' });
  return job.entities.image_id;
}

/** The refusal that a job ends with. */
async function failed(
  started: { data: { job_id: string } },
  meanwhile: () => Promise<unknown>,
): Promise<Reply> {
  await meanwhile();
  const job = await acme.finish(started.data.job_id);
  expect(job.status).toBe('FAIL');
  return { status: 400, code: job.error_code };
}

/** How each code that follows from a rule comes about. */
const byRule: Partial<Record<ImsCode, () => Promise<Reply>>> = {
  'IMG.0001': () => acme.call('POST', action, '{'),
  'IMG.0002': () => create({ name: 'n'.repeat(129) }),
  'IMG.0003': () => create({ name: ' new' }),
  'IMG.0004': () => create({ description: 'd'.repeat(1025) }),
  'IMG.0005': () => create({ instance_id: 'none' }),
  'IMG.0006': () => ofServer('attaching'),
  'IMG.0007': () => acme.call('DELETE', members),
  'IMG.0008': () => ofServer('web'),
  'IMG.0009': () => create({ name: 'base' }),
  'IMG.0010': () => ofServer('busy'),
  'IMG.0012': () => create({ instance_id: '' }),
  'IMG.0013': () => create({ name: undefined }),
  'IMG.0015': async () => {
    const operator = test.cloud.accounts[2];
    if (operator === undefined) throw new Error('no third account');
    const caller = await imsOf(test, operator);
    for (let count = 0; count < 30; count += 1) await caller.call('POST', '/v2/images', {});
    return caller.call('POST', '/v2/images', {});
  },
  'IMG.0017': () => create({ image_url: 'https://stage/disk.raw' }),
  'IMG.0019': () => ofBackup({}),
  'IMG.0020': () => ofBackup({ backup_id: 'none' }),
  'IMG.0021': () => acme.call('POST', whole, { name: 'new' }),
  'IMG.0022': () => ofDisks(server('bad-disks').volumes[1]?.id),
  'IMG.0024': () => create({ type: 'Laptop' }),
  'IMG.0027': () => copy('none'),
  'IMG.0028': () => remove(ids.protected),
  'IMG.0029': () => ofBackup({ backup_id: backup('nightly') }),
  'IMG.0030': () => acme.call('GET', `/v1/${project(test.partner)}/jobs/0`),
  'IMG.0031': () => acme.call('PUT', `/v1/cloudimages/${ids.base}/upload`, { image_url: 'stage:disk.raw' }),
  'IMG.0032': () => ofBackup({ backup_id: backup('creating') }),
  'IMG.0035': () => patch('/owner', 'me'),
  'IMG.0046': () => share(ids.record, project(test.partner)),
  'IMG.0047': () => partner.call('PATCH', `/v2/cloudimages/${ids.lent}`, [{ op: 'remove', path: '/x' }]),
  'IMG.0054': () => create({ description: 'a < b' }),
  'IMG.0055': () => create({ min_disk: 39 }),
  'IMG.0056': () => create({ os_version: 'Plan 9' }),
  'IMG.0057': () => create({ image_url: 'stage:none' }),
  'IMG.0058': () => create({ image_url: 'faraway:disk.raw' }),
  'IMG.0059': () => create({ image_url: 'stage:big' }),
  'IMG.0063': () => ofServer('special'),
  'IMG.0068': () => create({ image_url: ':disk.raw' }),
  'IMG.0069': () => exportTo(ids.base, 'theirs:out'),
  'IMG.0070': () => exportTo(ids.base, 'stage:disk.raw'),
  'IMG.0071': () => exportTo(ids.ubuntu, 'stage:out'),
  'IMG.0072': () => exportTo(ids.base, 'stage:out', { file_format: 'vdi' }),
  'IMG.0073': () => exportTo(ids.base, 'stage:folder/'),
  'IMG.0074': () => exportTo(ids.base, `stage:${'n'.repeat(129)}`),
  'IMG.0075': () => exportTo(ids.base, 'stage:what?'),
  'IMG.0076': () => share(ids.base, project()),
  'IMG.0077': () => exportTo(goldId, 'stage:out'),
  'IMG.0079': () => exportTo(ids.windows, 'stage:out'),
  'IMG.0088': () => share(ids.base, ...Array.from({ length: 129 }, (_, index) => `project ${index}`)),
  'IMG.0089': () => share(goldId, project(test.partner)),
  'IMG.0090': async () => {
    const started = await create({ name: 'half made' });
    const list = await acme.call('GET', '/v2/cloudimages?name=half%20made');
    const reply = await remove(list.data.images[0].id);
    await remove(await finished(started));
    return reply;
  },
  'IMG.0092': () => partner.call('DELETE', `/v2/images/${ids.lent}`),
  'IMG.0094': () => remove(goldId),
  'IMG.0095': () => create({ cmk_id: 'none' }),
  'IMG.0096': () => copy(ids.encrypted, { cmk_id: key('first') }),
  'IMG.0097': () => create({ cmk_id: key('disabled') }),
  'IMG.0098': () => share(ids.encrypted, project(test.partner)),
  'IMG.0099': () => create({ cmk_id: key('forbidden') }),
  'IMG.0108': () => share(ids.base, 'nobody'),
  'IMG.0109': () => create({ image_url: 'Stage_1:disk.raw' }),
  'IMG.0110': () => ofServer('bad-disks'),
  'IMG.0111': () => ofServer('large-disk'),
  'IMG.0115': () => create({ image_tags: [{ key: 'a.b' }] }),
  'IMG.0116': () => create({ tags: [...'abcdefghijk'] }),
  'IMG.0118': () => create({ type: 'BMS', cmk_id: key('first') }),
  'IMG.0119': () => ofServer('without-disk'),
  'IMG.0120': () => create({ volume_id: 'none', os_version: 'CentOS 7.6 64bit' }),
  'IMG.0122': () => create({ os_type: 'BeOS' }),
  'IMG.0123': () => create({ data_images: [{ image_url: good.image_url, min_disk: 1 }] }),
  'IMG.0126': () => wholeOf('failed', 'main'),
  'IMG.0128': () => exportTo(ids.whole, 'stage:out'),
  'IMG.0130': () => copy(ids.whole),
  'IMG.0135': () => share(ids.foreign, project(test.partner)),
  'IMG.0136': () => wholeOf('in-backup', 'main'),
  'IMG.0140': () => ofDisks(server('build').volumes[1]?.id, server('web').volumes[1]?.id),
  'IMG.0141': () => patch('/hw_firmware_type', 'dos'),
  'IMG.0142': () => cross(ids.base, { region: 'local-1', project_name: 'local-1' }),
  'IMG.0143': () => cross(ids.encrypted),
  'IMG.0144': async () => {
    const id = await finished(await create({ name: 'source' }));
    return failed(await copy(id), () => remove(id));
  },
  'IMG.0145': () => cross(ids.base, { project_name: 'none' }),
  'IMG.0146': () => cross(ids.large),
  'IMG.0147': () => cross(ids.base, { region: 'mars' }),
  'IMG.0148': async () => {
    const started = await exportTo(ids.base, 'stage:exported');
    const reply = await exportTo(ids.base, 'stage:again');
    await finished(started);
    return reply;
  },
  'IMG.0149': async () => {
    const started = [];
    for (let index = 0; index < 5; index += 1)
      started.push(await cross(ids.base, { name: `crossed ${index}` }));
    expect(started.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200]);
    const reply = await cross(ids.base);
    for (const { data } of started) await acme.finish(data.job_id);
    return reply;
  },
  'IMG.0150': async () => {
    const to = { name: 'whole there', vault_id: vault('main', 'local-2') };
    await finished(await cross(ids.whole, to));
    return cross(ids.whole, { ...to, name: 'whole again' });
  },
  'IMG.0151': () => cross(ids.base, { agency_name: ' ' }),
  'IMG.0153': () => ofServer('dedicated'),
  'IMG.0157': () => create({ image_url: 'stage:cd.iso' }),
  'IMG.0158': () => quick({ image_url: 'stage:disk.qcow2' }),
  'IMG.0159': () => quick({ os_version: undefined }),
  'IMG.0160': () => exportTo(ids.large, 'stage:out'),
  'IMG.0164': () => ofServer('reclaimed'),
  'IMG.0166': () => create({ image_url: 'stage:cd.iso', type: 'IsoImage' }),
  'IMG.0167': () => copy(ids.cd),
  'IMG.0175': () => create({ image_url: 'stage:my disk' }),
  'IMG.0182': () => wholeOf('build', 'full'),
  'IMG.0183': () => wholeOf('web', 'second'),
  'IMG.0184': () => wholeOf('build'),
  'IMG.0185': () => wholeOf('build', 'crowded'),
  'IMG.0188': () => wholeOf('build', 'locked'),
  'IMG.0189': () => cross(ids.whole, { vault_id: vault('local', 'local-2') }),
  'IMG.0190': () => ofBackup({ backup_id: backup('weekly'), whole_image_type: 'CSBS' }),
  'IMG.0193': () => wholeOf('build', 'disks'),
  'IMG.0194': () => create({ data_images: [1, 2, 3, 4].map(() => ({ image_url: 'stage:x', min_disk: 1 })) }),
  'IMG.0195': () => ofBackup({ backup_id: backup('without-system') }),
  'IMG.0196': () => partner.call('POST', `/v1/cloudimages/${ids.lent}/copy`, { name: 'mine' }),
  'IMG.0198': () => ofBackup({ backup_id: backup('disk') }),
  'IMG.0212': () => create({ architecture: 'sparc' }),
};

function iso(): Buffer {
  const content = Buffer.alloc(34_000);
  content.write('CD001', 32_769);
  return content;
}

function qcow2(): Buffer {
  const content = Buffer.alloc(512);
  content.write('QFI\xfb', 0, 'latin1');
  content.writeUInt32BE(3, 4);
  return content;
}

beforeAll(async () => {
  test = await startTestCloud({ imageQuota: 30, maxImportSizeBytes: 100_000 });
  await upload(test, 'stage/disk.raw', 'content');
  await upload(test, 'stage/big', Buffer.alloc(100_001));
  await upload(test, 'stage/cd.iso', iso());
  await upload(test, 'stage/disk.qcow2', qcow2());
  await upload(test, 'faraway/disk.raw', 'content', { region: 'local-2' });
  await upload(test, 'theirs/disk.raw', 'content', { account: test.partner });
  acme = await imsOf(test);
  partner = await imsOf(test, test.partner);
  const osVersion = 'CentOS 7.6 64bit';
  ids.base = await finished(await create({ name: 'base' }));
  ids.lent = await finished(await create({ name: 'lent' }));
  ids.encrypted = await finished(await create({ name: 'encrypted', cmk_id: key('first') }));
  ids.cd = await finished(
    await create({ name: 'cd', image_url: 'stage:cd.iso', type: 'IsoImage', os_version: osVersion }),
  );
  ids.large = await finished(await quick({ name: 'large', image_url: 'stage:big' }));
  for (const name of ['ubuntu', 'windows']) {
    ids[name] = await finished(await acme.call('POST', action, { name, instance_id: server(name).id }));
  }
  ids.whole = await finished(await ofBackup({ name: 'whole', backup_id: backup('nightly') }));
  ids.foreign = await finished(await ofBackup({ name: 'foreign', backup_id: backup('shared') }));
  ids.record = (await acme.call('POST', '/v2/images', { name: 'record' })).data.id;
  ids.protected = (await acme.call('POST', '/v2/images', { name: 'kept', protected: true })).data.id;
  const shared = await share(ids.lent, project(test.partner));
  await acme.finish(shared.data.job_id);
});
afterAll(() => test.remove());

const byFault = imsCodes.filter((code) => byRule[code] === undefined);
const statusOf = (code: ImsCode) => (code === 'IMG.0026' ? 403 : 400);

describe('the codes of the image service', () => {
  it('are 180: 106 follow from a rule, 74 are played by a fault', () => {
    expect(imsCodes).toHaveLength(180);
    expect([Object.keys(byRule).length, byFault.length]).toEqual([106, 74]);
  });

  it.each(Object.entries(byRule))('%s comes by rule', async (code, produce) => {
    expect((await produce()).code).toBe(code);
  });

  it.each(byFault)('%s comes by a fault', async (code) => {
    const status = statusOf(code);
    const body = JSON.stringify({ error: { code, message: messages[code] } });
    test.cloud.faults.add({
      service: 'ims',
      action: { kind: 'status', status, headers: { 'content-type': 'application/json' }, body },
    });
    const reply = await acme.call('POST', action, good);
    expect([reply.status, reply.code, reply.data.error.message]).toEqual([status, code, messages[code]]);
    expect(test.cloud.faults.list()).toEqual([]);
  });
});
