// What the image service refuses, filters and reports.
import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creation, imsOf, obs, send, startTestCloud, type TestCloud, upload } from '../../testing/client.ts';

let test: TestCloud;
let acme: Awaited<ReturnType<typeof imsOf>>;
let partner: typeof acme;
let imageId: string;
const action = '/v2/cloudimages/action';

async function make(caller: typeof acme, body: object): Promise<string> {
  const reply = await caller.call('POST', action, body);
  expect(reply).toMatchObject({ status: 200 });
  const job = await caller.finish(reply.data.job_id);
  expect(job.status).toBe('SUCCESS');
  return job.entities.image_id;
}

function iso(): Buffer {
  const content = Buffer.alloc(34_000);
  content.write('CD001', 32_769);
  return content;
}

function encryptedQcow2(): Buffer {
  const content = Buffer.alloc(512);
  content.write('QFI\xfb', 0, 'latin1');
  content.writeUInt32BE(3, 4);
  content.writeUInt32BE(1, 32);
  return content;
}

beforeAll(async () => {
  test = await startTestCloud({ imageQuota: 6, maxImportSizeBytes: 100_000, tokenLifetimeMs: 3_600_000 });
  await upload(test, 'stage/disk.raw', 'content');
  await upload(test, 'stage/empty', '');
  await upload(test, 'stage/big', Buffer.alloc(100_001));
  await upload(test, 'stage/cd.iso', iso());
  await upload(test, 'stage/locked.qcow2', encryptedQcow2());
  await upload(test, 'faraway/disk.raw', 'content', { region: 'local-2' });
  await upload(test, 'theirs/disk.raw', 'content', { account: test.partner });
  acme = await imsOf(test);
  partner = await imsOf(test, test.partner);
  imageId = await make(acme, creation('base', 'stage:disk.raw'));
});
afterAll(() => test.remove());

const good = creation('new', 'stage:disk.raw');
const tag = (key: string, value: string) => ({ ...good, image_tags: [{ key, value }] });

describe('a creation', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'IMG.0001'],
    ['a list', [], 'IMG.0001'],
    ['a number for a name', { ...good, name: 5 }, 'IMG.0001'],
    ['an empty body', '', 'IMG.0007'],
    ['no name', { ...good, name: undefined }, 'IMG.0013'],
    ['a long name', { ...good, name: 'n'.repeat(129) }, 'IMG.0002'],
    ['a space at the end of the name', { ...good, name: 'new ' }, 'IMG.0003'],
    ['a slash in the name', { ...good, name: 'a/b' }, 'IMG.0003'],
    ['a name that is taken', { ...good, name: 'base' }, 'IMG.0009'],
    ['a long description', { ...good, description: 'd'.repeat(1025) }, 'IMG.0004'],
    ['two lines of description', { ...good, description: 'a\nb' }, 'IMG.0054'],
    ['no URL', { ...good, image_url: undefined }, 'IMG.0017'],
    ['a web address', { ...good, image_url: 'https://stage/disk.raw' }, 'IMG.0017'],
    ['no bucket', { ...good, image_url: ':disk.raw' }, 'IMG.0068'],
    ['a wrong bucket name', { ...good, image_url: 'Stage_1:disk.raw' }, 'IMG.0109'],
    ['a space in the key', { ...good, image_url: 'stage:my disk' }, 'IMG.0175'],
    ['no such object', { ...good, image_url: 'stage:none' }, 'IMG.0057'],
    ['no such bucket', { ...good, image_url: 'nostage:disk.raw' }, 'IMG.0057'],
    ['an empty object', { ...good, image_url: 'stage:empty' }, 'IMG.0057'],
    ['a foreign bucket', { ...good, image_url: 'theirs:disk.raw' }, 'IMG.0057'],
    ['an encrypted file', { ...good, image_url: 'stage:locked.qcow2' }, 'IMG.0057'],
    ['a bucket of another region', { ...good, image_url: 'faraway:disk.raw' }, 'IMG.0058'],
    ['a file that is too large', { ...good, image_url: 'stage:big' }, 'IMG.0059'],
    ['no min_disk', { ...good, min_disk: undefined }, 'IMG.0055'],
    ['a min_disk that is too small', { ...good, min_disk: 39 }, 'IMG.0055'],
    ['a min_disk that is too large', { ...good, min_disk: 1025 }, 'IMG.0055'],
    ['a min_ram below zero', { ...good, min_ram: -1 }, 'IMG.0055'],
    ['an unknown system', { ...good, os_version: 'Plan 9' }, 'IMG.0056'],
    ['an unknown os_type', { ...good, os_type: 'BeOS' }, 'IMG.0122'],
    ['an unknown type', { ...good, type: 'Laptop' }, 'IMG.0024'],
    ['both kinds of tags', { ...tag('a', 'b'), tags: ['a.b'] }, 'IMG.0115'],
    ['an empty tag key', tag('', 'b'), 'IMG.0115'],
    ['a long tag key', tag('k'.repeat(37), ''), 'IMG.0115'],
    ['a long tag value', tag('k', 'v'.repeat(44)), 'IMG.0115'],
    ['a dot in a tag key', tag('a.b', ''), 'IMG.0115'],
    ['the same tag twice', { ...good, tags: ['a.1', 'a.2'] }, 'IMG.0115'],
    ['eleven tags', { ...good, tags: [...'abcdefghijk'] }, 'IMG.0116'],
    ['an ISO file that is not called one', { ...good, image_url: 'stage:cd.iso' }, 'IMG.0157'],
    ['an ISO file without a system', { ...good, image_url: 'stage:cd.iso', type: 'IsoImage' }, 'IMG.0166'],
    [
      'no ISO file that is called one',
      { ...good, type: 'IsoImage', os_version: 'CentOS 7.6 64bit' },
      'IMG.0057',
    ],
    ['a quick import without a system', { ...good, is_quick_import: true }, 'IMG.0159'],
    ['a key', { ...good, cmk_id: 'key' }, 'IMG.0095'],
    ['a server', { ...good, instance_id: 'server' }, 'IMG.0005'],
  ])('with %s is refused', async (_, body, code) => {
    const reply = await acme.call('POST', action, body);
    expect([reply.status, reply.code]).toEqual([400, code]);
    expect(reply.data.error.message).not.toBe('');
  });

  it('is refused when the quota is used up', async () => {
    const quota = await acme.call('GET', '/v1/cloudimages/quota');
    const { used, quota: limit } = quota.data.quotas.resources[0];
    expect([used, limit]).toEqual([1, 6]);
    const ids: string[] = [];
    for (let index = used; index < limit; index += 1) {
      ids.push(await make(acme, { ...good, name: `filler ${index}` }));
    }
    expect((await acme.call('POST', action, good)).code).toBe('IMG.0015');
    for (const id of ids) await acme.call('DELETE', `/v2/images/${id}`);
  });

  it('of an ISO file makes an image that cannot be copied', async () => {
    const body = {
      name: 'cd',
      image_url: 'stage:cd.iso',
      min_disk: 40,
      type: 'IsoImage',
      os_version: 'centos 7.6 64BIT',
    };
    const id = await make(acme, body);
    const image = (await acme.call('GET', `/v2/images/${id}`)).data;
    expect(image).toMatchObject({
      disk_format: 'iso',
      virtual_env_type: 'IsoImage',
      __os_version: 'CentOS 7.6 64bit',
      __platform: 'CentOS',
    });
    expect((await acme.call('POST', `/v1/cloudimages/${id}/copy`, { name: 'x' })).code).toBe('IMG.0167');
    expect((await acme.call('DELETE', `/v2/images/${id}`)).status).toBe(204);
  });

  it('fails in its job when the object changes before it has ended', async () => {
    await upload(test, 'stage/short-lived', 'one');
    const reply = await acme.call('POST', action, creation('doomed', 'stage:short-lived'));
    expect((await acme.call('GET', '/v2/cloudimages?name=doomed')).data.images[0].status).toBe('saving');
    await obs(test, 'DELETE', 'stage/short-lived');
    const job = await acme.finish(reply.data.job_id);
    expect(job).toMatchObject({
      status: 'FAIL',
      error_code: 'IMG.0057',
      entities: { error_code: 'IMG.0057' },
    });
    expect((await acme.call('GET', '/v2/cloudimages?name=doomed')).data.images).toEqual([]);
  });

  it('fails in its job when a fault says so', async () => {
    test.cloud.faults.add({
      service: 'ims',
      action: { kind: 'fail-job', code: 'IMG.0014', reason: 'on request' },
    });
    const reply = await acme.call('POST', action, creation('doomed', 'stage:disk.raw'));
    expect(reply.status).toBe(200);
    expect(await acme.finish(reply.data.job_id)).toMatchObject({
      status: 'FAIL',
      error_code: 'IMG.0014',
      fail_reason: 'on request',
    });
    expect(test.cloud.faults.list()).toEqual([]);
  });
});

describe('sharing and copying', () => {
  const members = '/v1/cloudimages/members';
  it.each<[string, () => Promise<{ code: string | undefined }>, string]>([
    [
      'with oneself',
      () => acme.call('POST', members, { images: [imageId], projects: [test.acme.projects['local-1']] }),
      'IMG.0076',
    ],
    ['with nobody', () => acme.call('POST', members, { images: [imageId], projects: [] }), 'IMG.0001'],
    [
      'with an unknown project',
      () => acme.call('POST', members, { images: [imageId], projects: ['0'] }),
      'IMG.0108',
    ],
    [
      'with a project of another region',
      () => acme.call('POST', members, { images: [imageId], projects: [test.partner.projects['local-2']] }),
      'IMG.0108',
    ],
    [
      'of an unknown image',
      () => acme.call('POST', members, { images: ['0'], projects: [test.partner.projects['local-1']] }),
      'IMG.0027',
    ],
    ['ended without a body', () => acme.call('DELETE', members), 'IMG.0007'],
    [
      'answered for another',
      () =>
        partner.call('PUT', members, {
          images: [imageId],
          project_id: test.acme.projects['local-1'],
          status: 'accepted',
        }),
      'IMG.0030',
    ],
    [
      'answered without a share',
      () =>
        partner.call('PUT', members, {
          images: [imageId],
          project_id: test.partner.projects['local-1'],
          status: 'accepted',
        }),
      'IMG.0027',
    ],
    [
      'a copy of an unknown image',
      () => acme.call('POST', '/v1/cloudimages/0/copy', { name: 'x' }),
      'IMG.0027',
    ],
    ['a copy without a name', () => acme.call('POST', `/v1/cloudimages/${imageId}/copy`, {}), 'IMG.0013'],
    [
      'a copy of a taken name',
      () => acme.call('POST', `/v1/cloudimages/${imageId}/copy`, { name: 'base' }),
      'IMG.0009',
    ],
  ])('%s is refused', async (_, call, code) => {
    expect((await call()).code).toBe(code);
  });

  it.each<[string, object, string]>([
    ['the same region', { region: 'local-1', project_name: 'local-1' }, 'IMG.0142'],
    ['an unknown region', { region: 'mars', project_name: 'mars' }, 'IMG.0147'],
    ['an unknown project', { project_name: 'local-1' }, 'IMG.0145'],
    ['no agency', { agency_name: undefined }, 'IMG.0151'],
    ['no region', { region: undefined }, 'IMG.0001'],
  ])('across regions with %s is refused', async (_, change, code) => {
    const body = { name: 'x', region: 'local-2', project_name: 'local-2', agency_name: 'a', ...change };
    expect((await acme.call('POST', `/v1/cloudimages/${imageId}/cross_region_copy`, body)).code).toBe(code);
  });

  it('may be answered with no, seen only by those it concerns, and done one by one', async () => {
    const path = `/v2/images/${imageId}/members`;
    const receiver = test.partner.projects['local-1'] ?? '';
    expect((await partner.call('GET', path)).status).toBe(404);
    const added = await acme.call('POST', path, { member: receiver });
    expect(added.data).toMatchObject({ member_id: receiver, image_id: imageId, status: 'pending' });
    expect((await partner.call('PUT', `${path}/${receiver}`, { status: 'rejected' })).data.status).toBe(
      'rejected',
    );
    expect((await partner.call('GET', '/v2/cloudimages?protected=false')).data.images).toEqual([]);
    const rejected = await partner.call('GET', '/v2/cloudimages?member_status=rejected&visibility=shared');
    expect(rejected.data.images).toHaveLength(1);
    expect((await acme.call('GET', '/v2/cloudimages?__imagetype=shared')).data.images).toHaveLength(1);
    expect((await acme.call('GET', `${path}/${receiver}`)).data.status).toBe('rejected');
    for (const [method, target, body] of [
      ['POST', path, { member: test.acme.projects['local-1'] }],
      ['PATCH', `/v2/cloudimages/${imageId}`, [{ op: 'replace', path: '/name', value: 'x' }]],
    ] as const) {
      expect((await partner.call(method, target, body)).code).toBe('IMG.0047');
    }
    expect((await partner.call('DELETE', `/v2/images/${imageId}`)).code).toBe('IMG.0092');
    expect((await acme.call('DELETE', `${path}/${receiver}`)).status).toBe(204);
    expect((await acme.call('DELETE', `${path}/${receiver}`)).status).toBe(404);
  });
});

describe('a change', () => {
  const patch = (changes: unknown) => acme.call('PATCH', `/v2/cloudimages/${imageId}`, changes);
  it('takes the documented fields and properties of one’s own', async () => {
    const changed = await patch([
      { op: 'replace', path: '/__description', value: 'new text' },
      { op: 'replace', path: '/min_ram', value: '2048' },
      { op: 'add', path: '/hw_firmware_type', value: 'uefi' },
      { op: 'add', path: '/build', value: '42' },
    ]);
    expect(changed.data).toMatchObject({
      __description: 'new text',
      min_ram: 2048,
      hw_firmware_type: 'uefi',
      build: '42',
    });
    const removed = await patch([{ op: 'remove', path: '/build' }]);
    expect(removed.data).not.toHaveProperty('build');
  });

  it('reads its paths as JSON pointers', async () => {
    const changed = await patch([
      { op: 'add', path: '/a~1b~0c', value: '1' },
      { op: 'add', path: '/~01', value: '2' },
    ]);
    expect(changed.data).toMatchObject({ 'a/b~c': '1', '~1': '2' });
    const removed = await patch([
      { op: 'remove', path: '/a~1b~0c' },
      { op: 'remove', path: '/~01' },
    ]);
    expect(removed.data).not.toHaveProperty('a/b~c');
    expect(removed.data).not.toHaveProperty('~1');
  });

  it.each<[string, unknown, string]>([
    ['no list', { op: 'add' }, 'IMG.0001'],
    ['no value', [{ op: 'replace', path: '/name' }], 'IMG.0001'],
    ['a path with no escape after its ~', [{ op: 'add', path: '/a~b', value: '1' }], 'IMG.0001'],
    ['a field of the service', [{ op: 'replace', path: '/owner', value: 'me' }], 'IMG.0035'],
    ['the size', [{ op: 'replace', path: '/__image_size', value: '1' }], 'IMG.0035'],
    ['a property that is not there', [{ op: 'replace', path: '/nothing', value: '1' }], 'IMG.0035'],
    ['an unknown firmware', [{ op: 'add', path: '/hw_firmware_type', value: 'dos' }], 'IMG.0141'],
    ['a wrong name', [{ op: 'replace', path: '/name', value: 'a?' }], 'IMG.0003'],
    ['a wrong memory', [{ op: 'replace', path: '/min_ram', value: 'much' }], 'IMG.0055'],
  ])('with %s is refused', async (_, changes, code) => {
    expect((await patch(changes)).code).toBe(code);
  });
});

describe('a record that is filled later', () => {
  it('is made, registered, and protected from deletion', async () => {
    const made = await acme.call('POST', '/v2/images', {
      name: 'registered',
      protected: true,
      __os_version: 'Ubuntu 18.04 server 64bit',
      tags: ['a=1'],
    });
    expect(made).toMatchObject({
      status: 201,
      data: { status: 'queued', __image_size: '0', __os_type: 'Linux' },
    });
    const { id } = made.data;
    const body = { image_url: 'stage:disk.raw' };
    const started = await acme.call('PUT', `/v1/cloudimages/${id}/upload`, body);
    expect(await acme.finish(started.data.job_id)).toMatchObject({
      job_type: 'imsNativeImportImageJob',
      entities: { image_id: id },
    });
    expect((await acme.call('PUT', `/v1/cloudimages/${id}/upload`, body)).code).toBe('IMG.0031');
    expect((await acme.call('DELETE', `/v2/images/${id}`)).code).toBe('IMG.0028');
    const open = [{ op: 'replace', path: '/protected', value: false }];
    expect((await acme.call('PATCH', `/v2/images/${id}`, open)).data.protected).toBe(false);
    expect((await acme.call('DELETE', `/v2/images/${id}`, { delete_backup: false })).status).toBe(204);
  });
});

describe('a list', () => {
  it('is filtered, sorted and paged', async () => {
    const ids = [];
    for (const name of ['list c', 'list a', 'list b']) {
      ids.push(await make(acme, { ...good, name, tags: [`place.${name.at(-1)}`, 'list.yes'] }));
    }
    const names = async (query: string) =>
      (await acme.call('GET', `/v2/cloudimages?tag=list=yes&${query}`)).data.images.map(
        (i: { name: string }) => i.name,
      );
    expect(await names('')).toEqual(['list b', 'list a', 'list c']);
    expect(await names('sort_key=name&sort_dir=asc')).toEqual(['list a', 'list b', 'list c']);
    expect(await names('limit=2')).toEqual(['list b', 'list a']);
    expect(await names(`limit=2&marker=${ids[1]}`)).toEqual(['list c']);
    expect(await names('tag=place=a')).toEqual(['list a']);
    expect(await names('tag=place=')).toEqual([]);
    expect(await names(`owner=${test.acme.projects['local-1']}&status=active&min_disk=40`)).toHaveLength(3);
    expect(await names('__imagetype=gold')).toEqual([]);
    expect(await names('protected=True')).toEqual([]);
    const { created_at } = (await acme.call('GET', `/v2/images/${ids[1]}`)).data;
    expect(await names(`created_at=gt:${created_at}`)).toEqual(['list b']);
    expect(await names(`created_at=lte:${created_at.replace('T', '%20').replace('Z', '')}`)).toEqual([
      'list a',
      'list c',
    ]);
    expect((await acme.call('GET', '/v2/cloudimages?marker=none')).code).toBe('IMG.0027');
    expect((await acme.call('GET', '/v2/cloudimages?limit=x')).code).toBe('IMG.0001');
    expect((await acme.call('GET', '/v2/cloudimages?created_at=x')).code).toBe('IMG.0001');

    const first = (await acme.call('GET', '/v2/images?tag=list%3Dyes&limit=2')).data;
    expect(first.images).toHaveLength(2);
    const second = (await acme.call('GET', first.next)).data;
    expect(second.images).toHaveLength(1);
    expect(second).not.toHaveProperty('next');
    for (const id of ids) await acme.call('DELETE', `/v2/images/${id}`);
  });

  it('of systems is grouped by platform', async () => {
    const all = (await acme.call('GET', '/v1/cloudimages/os_version')).data;
    const ubuntu = all.find((entry: { platform: string }) => entry.platform === 'Ubuntu');
    expect(ubuntu.version_list[0]).toEqual({
      platform: 'Ubuntu',
      os_version_key: 'Ubuntu 24.04 server 64bit',
      os_version: 'Ubuntu 24.04 server 64bit',
      os_bit: 64,
      os_type: 'Linux',
    });
    const bms = (await acme.call('GET', '/v1/cloudimages/os_version?tag=bms&tag=uefi')).data;
    const bits = bms.flatMap((entry: { version_list: { os_bit: number }[] }) =>
      entry.version_list.map((v) => v.os_bit),
    );
    expect(new Set(bits)).toEqual(new Set([64]));
  });
});

describe('a caller', () => {
  const ims = () => test.cloud.endpoints.regions['local-1']?.ims ?? '';

  it('needs a good token of a project of this region', async () => {
    const wrong = await send(`${ims()}/v2/cloudimages`, { headers: { 'x-auth-token': 'wrong' } });
    expect([wrong.status, JSON.parse(wrong.text).error_code]).toEqual([401, 'APIG.0301']);
    const foreign = await imsOf(test, test.acme, 'local-2');
    expect((await foreign.call('GET', '/v2/cloudimages')).status).toBe(200);
    expect((await acme.call('GET', `/v1/${test.partner.projects['local-1']}/jobs/0`)).code).toBe('IMG.0030');
    expect(await acme.call('GET', `/v1/${test.acme.projects['local-1']}/jobs/0`)).toMatchObject({
      status: 404,
      code: 'IMG.0031',
    });
    expect((await acme.call('GET', '/v2/nothing')).data.error_code).toBe('APIG.0101');
    test.clock.ms += 3_600_000;
    expect((await acme.call('GET', '/v2/cloudimages')).status).toBe(401);
    acme = await imsOf(test);
    expect((await acme.call('GET', '/v2/cloudimages')).status).toBe(200);
  });

  it('may sign with the access key instead', async () => {
    const call = (secretKey: string, atMs: number) => {
      const date = new Date(atMs).toISOString().replace(/\.\d+|[:-]/g, '');
      const { host } = new URL(ims());
      const none = createHash('sha256').update('').digest('hex');
      const canonical = `GET\n/v2/cloudimages/\nname=base\nhost:${host}\nx-sdk-date:${date}\n\nhost;x-sdk-date\n${none}`;
      const text = `SDK-HMAC-SHA256\n${date}\n${createHash('sha256').update(canonical).digest('hex')}`;
      const mac = createHmac('sha256', secretKey).update(text).digest('hex');
      return send(`${ims()}/v2/cloudimages?name=base`, {
        headers: {
          host,
          'x-sdk-date': date,
          authorization: `SDK-HMAC-SHA256 Access=${test.acme.accessKey}, SignedHeaders=host;x-sdk-date, Signature=${mac}`,
        },
      });
    };
    const reply = await call(test.acme.secretKey, test.clock.ms);
    expect(JSON.parse(reply.text).images).toHaveLength(1);
    expect((await call('wrong', test.clock.ms)).status).toBe(401);
    expect((await call(test.acme.secretKey, test.clock.ms - 16 * 60_000)).status).toBe(401);
  });
});
