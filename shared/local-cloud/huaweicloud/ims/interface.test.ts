// How the image service shows and changes images: deprecated calls, schemas, versions, lists, public images, refusals.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creation, imsOf, send, startTestCloud, type TestCloud, upload } from '../../testing/client.ts';
import { inventoryOf } from '../inventory.ts';
import { goldImages } from './gold.ts';

type Caller = Awaited<ReturnType<typeof imsOf>>;

let test: TestCloud;
let acme: Caller;
let partner: Caller;

const action = '/v2/cloudimages/action';
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
  acme = await imsOf(test);
  partner = await imsOf(test, test.partner);
});
afterAll(() => test.remove());

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
    for (let count = 0; count < 10; count += 1)
      await acme.call('POST', '/v2/images', { name: `page ${count}` });
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
