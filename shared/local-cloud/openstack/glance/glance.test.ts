// Glance, call by call. The expected statuses and words are those that a real Glance 25 gives.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, sha256, startTestCloud, type TestCloud } from '../../testing/client.ts';
import { bytes, glanceOf, patch21 } from '../testing.ts';

let test: TestCloud;
let acme: Awaited<ReturnType<typeof glanceOf>>;
let partner: typeof acme;
let admin: typeof acme;
const raw = { name: 'd', disk_format: 'raw', container_format: 'bare' };
const content = Buffer.from('hello world');

beforeAll(async () => {
  test = await startTestCloud();
  acme = await glanceOf(test, test.acme);
  partner = await glanceOf(test, test.partner);
  admin = await glanceOf(test, test.cloud.accounts[2] ?? test.acme);
});
afterAll(() => test.remove());

const create = async (fields: object = raw): Promise<string> =>
  (await acme('POST', '/v2/images', fields)).data.id;
async function active(data = content, fields: object = raw): Promise<string> {
  const id = await create(fields);
  expect((await acme('PUT', `/v2/images/${id}/file`, data, bytes)).status).toBe(204);
  return id;
}
const change = (id: string, body: unknown, as = acme) => as('PATCH', `/v2/images/${id}`, body, patch21);
const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

describe('creating', () => {
  it('gives a queued, shared image and tells what the service can do', async () => {
    const { status, data, headers } = await acme('POST', '/v2/images', {
      ...raw,
      kernel_id: null,
      foo: 'bar',
    });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      status: 'queued',
      visibility: 'shared',
      size: null,
      foo: 'bar',
      kernel_id: null,
    });
    expect(headers['openstack-image-import-methods']).toBe('glance-direct,web-download,copy-image');
    expect(headers['openstack-image-store-ids']).toBe('store1,store2');
    expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
  });

  it.each<[string, object, number, RegExp]>([
    ['a name that is too long', { name: 'x'.repeat(256) }, 400, /too long/],
    ['an unknown format', { disk_format: 'foo' }, 400, /is not one of/],
    ['no visibility', { visibility: null }, 400, /not of type 'string'/],
    ['a public image of a member', { visibility: 'public' }, 403, /complete publicize_image action/],
    ['what is read-only', { checksum: 'x' }, 403, /Attribute 'checksum' is read-only/],
    ['what is reserved', { os_glance_x: 'x' }, 403, /is reserved/],
    ['locations', { locations: [] }, 403, /Attribute 'locations' is reserved/],
    ['another owner', { owner: 'x' }, 403, /not permitted to create images owned by 'x'/],
    ['a property that is no string', { foo: 5 }, 400, /not of type 'string'/],
    ['a long property', { ['x'.repeat(256)]: 'v' }, 400, /not be greater than 255 characters/],
    ['129 tags', { tags: many(129) }, 413, /image tags. Attempted: 129, Maximum: 128/],
    [
      '129 properties',
      Object.fromEntries(many(129).map((name) => [name, 'x'])),
      413,
      /image properties. Attempted: 129, Maximum: 128/,
    ],
    ['an id that is none', { id: 'x' }, 400, /does not match/],
  ])('refuses %s', async (_, body, status, message) => {
    const reply = await acme('POST', '/v2/images', body);
    expect([reply.status, reply.data.message]).toEqual([status, expect.stringMatching(message)]);
  });

  it('refuses an id twice, and what is no JSON', async () => {
    const id = await create();
    expect((await acme('POST', '/v2/images', { id })).status).toBe(409);
    expect((await acme('POST', '/v2/images', '{')).data.message).toContain('Malformed JSON in request body.');
    expect((await acme('POST', '/v2/images')).data.message).toContain('Body expected in request.');
  });
});

describe('an error', () => {
  const path = '/v2/images/00000000-0000-4000-8000-000000000000';
  it.each([
    ['application/json', 'application/json', '"code":"404 Not Found"'],
    ['text/html', 'text/html; charset=UTF-8', '<title>404 Not Found</title>'],
    ['*/*', 'text/plain; charset=UTF-8', '404 Not Found\n\nNo image found with ID'],
  ])('for %s is %s', async (accept, type, words) => {
    const reply = await acme('GET', path, undefined, { accept });
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      404,
      type,
      expect.stringContaining(words),
    ]);
  });

  it('of a wrong method names the right ones', async () => {
    const reply = await acme('PUT', path);
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, PATCH, DELETE']);
  });

  it('of a caller without a token is 401', async () => {
    const reply = await send(`${test.cloud.endpoints.regions['local-1']?.glance}/v2/images`);
    expect(reply.status).toBe(401);
  });
});

describe('changing', () => {
  let id: string;
  beforeAll(async () => {
    id = await active(content, { ...raw, foo: 'bar' });
  });
  const one = (op: string, path: string, value?: unknown) => [{ op, path, value }];

  it.each<[string, unknown, number, RegExp]>([
    ['a replacement of nothing', one('replace', '/zzz', 'x'), 409, /Property zzz does not exist/],
    ['the removal of nothing', one('remove', '/zzz'), 409, /Property zzz does not exist/],
    ['the removal of a base attribute', one('remove', '/name'), 403, /Property name may not be removed/],
    ['what is read-only', one('replace', '/status', 'x'), 403, /Attribute 'status' is read-only/],
    ['another owner', one('replace', '/owner', 'x'), 403, /Owner can't be updated by non admin/],
    [
      'a format of what is active',
      one('replace', '/disk_format', 'qcow2'),
      403,
      /only replaced for a queued/,
    ],
    ['no value', one('replace', '/name'), 400, /requires a member named "value"/],
    ['a path that is none', one('replace', 'name', 'x'), 400, /begins? with/],
    ['a deep path', one('replace', '/name/x', 'x'), 400, /Invalid JSON pointer/],
    ['a body that is no list', {}, 400, /must be a JSON array/],
    ['129 tags', one('replace', '/tags', many(129)), 413, /Maximum: 128/],
  ])('refuses %s', async (_, body, status, message) => {
    const reply = await change(id, body);
    expect([reply.status, reply.data.message]).toEqual([status, expect.stringMatching(message)]);
  });

  it('adds, replaces, escapes and removes properties', async () => {
    expect((await change(id, one('add', '/foo', 'new'))).data.foo).toBe('new');
    expect((await change(id, one('add', '/a~1b~0c', 'z'))).data['a/b~c']).toBe('z');
    expect((await change(id, one('remove', '/foo'))).data).not.toHaveProperty('foo');
  });

  it('knows the older patch, in which add does not replace', async () => {
    const old = { 'content-type': 'application/openstack-images-v2.0-json-patch' };
    const patch = (body: unknown) => acme('PATCH', `/v2/images/${id}`, body, old);
    expect((await patch([{ add: '/bar', value: 'x' }])).data.bar).toBe('x');
    expect((await patch([{ add: '/bar', value: 'y' }])).status).toBe(409);
    expect((await patch([{ replace: '/bar', value: 'y' }])).data.bar).toBe('y');
  });

  it('tells which media types it takes', async () => {
    const reply = await acme('PATCH', `/v2/images/${id}`, [], { 'content-type': 'application/json' });
    expect(reply.status).toBe(415);
    expect(reply.headers['accept-patch']).toContain('application/openstack-images-v2.1-json-patch');
  });

  it('does not delete what is protected', async () => {
    await change(id, one('replace', '/protected', true));
    const reply = await acme('DELETE', `/v2/images/${id}`);
    expect([reply.status, reply.data.message]).toEqual([403, expect.stringContaining('is protected')]);
    await change(id, one('replace', '/protected', false));
    expect((await acme('DELETE', `/v2/images/${id}`)).status).toBe(204);
    expect((await acme('DELETE', `/v2/images/${id}`)).data.message).toContain(`Failed to find image ${id}`);
  });

  it('puts and removes tags', async () => {
    const other = await create();
    expect((await acme('PUT', `/v2/images/${other}/tags/n%20x`)).status).toBe(204);
    expect((await acme('GET', `/v2/images/${other}`)).data.tags).toEqual(['n x']);
    expect((await acme('DELETE', `/v2/images/${other}/tags/n%20x`)).status).toBe(204);
    expect((await acme('DELETE', `/v2/images/${other}/tags/n%20x`)).status).toBe(404);
  });
});

describe('bytes', () => {
  it('are hashed while they arrive', async () => {
    const id = await active();
    expect((await acme('GET', `/v2/images/${id}`)).data).toMatchObject({
      status: 'active',
      size: 11,
      checksum: createHash('md5').update(content).digest('hex'),
      os_hash_algo: 'sha512',
      os_hash_value: createHash('sha512').update(content).digest('hex'),
      stores: 'store1',
    });
    const stored = (await test.cloud.storedImages()).find((image) => image.id === id);
    expect(stored).toMatchObject({ family: 'openstack', region: 'local-1', sha256: sha256(content) });
  });

  it.each<[string, object, Record<string, string>, Buffer, number]>([
    ['without their media type', raw, { 'content-type': 'text/plain' }, content, 415],
    ['of another size', raw, { ...bytes, 'x-openstack-image-size': '5' }, content, 400],
    ['for an unknown store', raw, { ...bytes, 'x-image-meta-store': 'zz' }, content, 400],
    ['that are no qcow2', { ...raw, disk_format: 'qcow2' }, bytes, content, 415],
    ['that are no ISO', { ...raw, disk_format: 'iso' }, bytes, content, 415],
    [
      'of a qcow2 with a backing file',
      { ...raw, disk_format: 'qcow2' },
      bytes,
      qcow2({ backing: true }),
      415,
    ],
    ['of a qcow2 with a data file', { ...raw, disk_format: 'qcow2' }, bytes, qcow2({ dataFile: true }), 415],
  ])('are refused %s, and can be sent again', async (_, fields, headers, body, status) => {
    const id = await create(fields);
    expect((await acme('PUT', `/v2/images/${id}/file`, body, headers)).status).toBe(status);
    expect((await acme('GET', `/v2/images/${id}`)).data).toMatchObject({ status: 'queued', size: null });
  });

  it('go to the store that was named', async () => {
    const id = await create();
    await acme('PUT', `/v2/images/${id}/file`, content, { ...bytes, 'x-image-meta-store': 'store2' });
    expect((await acme('GET', `/v2/images/${id}`)).data.stores).toBe('store2');
  });

  it('are taken once', async () => {
    const reply = await acme('PUT', `/v2/images/${await active()}/file`, content, bytes);
    expect([reply.status, reply.data.message]).toEqual([
      409,
      expect.stringContaining('transition from active to saving is not allowed'),
    ]);
  });

  it.each<[string, number, string | undefined, string | undefined]>([
    ['bytes=0-3', 206, 'hell', 'bytes 0-3/11'],
    ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
    ['bytes=-4', 206, 'orld', 'bytes 7-10/11'],
    ['bytes=0-100', 206, 'hello world', 'bytes 0-10/11'],
    ['bytes=11-', 416, undefined, undefined],
    ['bytes=5-2', 416, undefined, undefined],
    ['items=0-1', 416, undefined, undefined],
    ['bytes=0-1,3-4', 400, undefined, undefined],
  ])('are given for %s with %i', async (range, status, text, shown) => {
    const id = await active();
    const reply = await acme('GET', `/v2/images/${id}/file`, undefined, { range });
    expect([reply.status, reply.headers['content-range']]).toEqual([status, shown]);
    if (text !== undefined) expect(reply.text).toBe(text);
  });

  it('are not there yet, or not to be had', async () => {
    expect((await acme('GET', `/v2/images/${await create()}/file`)).status).toBe(204);
    const id = await active();
    expect((await acme('POST', `/v2/images/${id}/actions/deactivate`)).status).toBe(204);
    expect((await acme('GET', `/v2/images/${id}/file`)).status).toBe(403);
    expect((await admin('GET', `/v2/images/${id}/file`)).text).toBe('hello world');
    expect((await acme('POST', `/v2/images/${id}/actions/reactivate`)).status).toBe(204);
    expect((await acme('GET', `/v2/images/${id}/file`)).text).toBe('hello world');
  });
});

function qcow2({ backing = false, dataFile = false }): Buffer {
  const header = Buffer.alloc(512);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  if (backing) header.writeBigUInt64BE(200n, 8);
  if (dataFile) header.writeBigUInt64BE(4n, 72);
  return header;
}

describe('importing', () => {
  const run = (id: string, body: unknown, as = acme) => as('POST', `/v2/images/${id}/import`, body);
  const later = () => {
    test.clock.ms += 1001;
  };

  it('takes staged bytes, in its time, to the stores that were named', async () => {
    const id = await create();
    expect((await acme('PUT', `/v2/images/${id}/stage`, content, bytes)).status).toBe(204);
    expect((await acme('GET', `/v2/images/${id}`)).data).toMatchObject({ status: 'uploading', size: 11 });
    expect((await run(id, { method: { name: 'glance-direct' }, all_stores: true })).status).toBe(202);
    expect((await acme('GET', `/v2/images/${id}`)).data).toMatchObject({
      status: 'importing',
      os_glance_importing_to_stores: 'store1,store2',
    });
    expect((await run(id, { method: { name: 'glance-direct' } })).status).toBe(409);
    later();
    expect((await acme('GET', `/v2/images/${id}`)).data).toMatchObject({
      status: 'active',
      stores: 'store1,store2',
      os_glance_importing_to_stores: '',
      os_glance_failed_import: '',
    });
    const { tasks } = (await acme('GET', `/v2/images/${id}/tasks`)).data;
    expect(tasks).toEqual([
      expect.objectContaining({ type: 'api_image_import', status: 'success', image_id: id }),
    ]);
    expect((await acme('GET', `/v2/images/${id}/file`)).text).toBe('hello world');
  });

  it('fetches a URL of this machine', async () => {
    const web = createServer((_, response) => response.end(content)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const uri = `http://127.0.0.1:${(web.address() as AddressInfo).port}/d`;
    const id = await create();
    expect((await run(id, { method: { name: 'web-download', uri } })).status).toBe(202);
    later();
    await expect.poll(async () => (await acme('GET', `/v2/images/${id}`)).data.status).toBe('active');
    web.close();
  });

  it('copies to a further store, never to one that has it', async () => {
    const id = await active();
    const there = await run(id, { method: { name: 'copy-image' } });
    expect([there.status, there.data.message]).toEqual([
      400,
      expect.stringContaining("already present at store 'store1'"),
    ]);
    expect((await run(id, { method: { name: 'copy-image' }, stores: ['store2'] }, admin)).status).toBe(202);
    later();
    expect((await acme('GET', `/v2/images/${id}`)).data.stores).toBe('store1,store2');
  });

  it.each<[string, object, number, RegExp]>([
    ['an unknown method', { method: { name: 'foo' } }, 400, /Unknown import method name 'foo'/],
    ['nothing staged', { method: { name: 'glance-direct' } }, 409, /needs to be staged before/],
    ['no URL', { method: { name: 'web-download' } }, 400, /does not pass filtering: None/],
    [
      'another scheme',
      { method: { name: 'web-download', uri: 'ftp://x' } },
      400,
      /does not pass filtering: ftp/,
    ],
    [
      'another host',
      { method: { name: 'web-download', uri: 'http://example.com/x' } },
      400,
      /pass filtering/,
    ],
    [
      'a store that is none',
      { method: { name: 'web-download', uri: 'http://127.0.0.1:9/x' }, stores: ['zz'] },
      409,
      /Store for identifier zz not found/,
    ],
    [
      'stores and all stores',
      { method: { name: 'web-download', uri: 'http://127.0.0.1:9/x' }, stores: ['store1'], all_stores: true },
      400,
      /All_stores parameter can't be used/,
    ],
    [
      'a copy of nothing',
      { method: { name: 'copy-image' }, stores: ['store2'] },
      409,
      /Only images with status active/,
    ],
  ])('refuses %s', async (_, body, status, message) => {
    const reply = await run(await create(), body);
    expect([reply.status, reply.data.message]).toEqual([status, expect.stringMatching(message)]);
  });

  it('that fails leaves a queued image and a task that tells why', async () => {
    const id = await create();
    await run(id, { method: { name: 'web-download', uri: 'http://127.0.0.1:9/x' } });
    later();
    await expect.poll(async () => (await acme('GET', `/v2/images/${id}`)).data.status).toBe('queued');
    const image = (await acme('GET', `/v2/images/${id}`)).data;
    expect(image.os_glance_failed_import).toBe('store1');
    expect((await acme('GET', `/v2/images/${id}/tasks`)).data.tasks[0].status).toBe('failure');
  });
});

describe('sharing', () => {
  it('waits for the answer, which only the member may give', async () => {
    const id = await active();
    const project = test.partner.openstack.projectId;
    const path = `/v2/images/${id}/members`;
    const listed = async () =>
      (await partner('GET', '/v2/images?limit=1000')).data.images.some(
        (image: { id: string }) => image.id === id,
      );
    expect((await partner('GET', `/v2/images/${id}`)).status).toBe(404);
    expect((await acme('POST', path, { member: project })).data.status).toBe('pending');
    expect((await acme('POST', path, { member: project })).status).toBe(409);
    expect((await partner('GET', `/v2/images/${id}`)).status).toBe(200);
    expect(await listed()).toBe(false);
    expect((await acme('PUT', `${path}/${project}`, { status: 'accepted' })).status).toBe(403);
    expect((await partner('PUT', `${path}/${project}`, { status: 'foo' })).status).toBe(400);
    expect((await partner('PUT', `${path}/${project}`, { status: 'accepted' })).data.status).toBe('accepted');
    expect(await listed()).toBe(true);
    expect((await partner('PUT', `${path}/${project}`, { status: 'rejected' })).data.status).toBe('rejected');
    expect(await listed()).toBe(false);
    const refused = await change(id, [{ op: 'replace', path: '/name', value: 'x' }], partner);
    expect([refused.status, refused.data.message]).toEqual([403, expect.stringContaining('modify_image')]);
    expect((await partner('DELETE', `/v2/images/${id}`)).status).toBe(403);
    expect((await acme('DELETE', `${path}/${project}`)).status).toBe(204);
    expect((await partner('GET', `/v2/images/${id}`)).status).toBe(404);
  });

  it('is for shared images only', async () => {
    const id = await create({ ...raw, visibility: 'private' });
    const reply = await acme('POST', `/v2/images/${id}/members`, { member: 'x' });
    expect([reply.status, reply.data.message]).toEqual([
      403,
      expect.stringContaining('Not allowed to create members'),
    ]);
  });
});

describe('listing', () => {
  it('goes page by page', async () => {
    const ids: string[] = [];
    for (const suffix of ['a', 'b', 'c']) ids.push(await create({ ...raw, name: 'page', kind: suffix }));
    const seen: string[] = [];
    let path: string | undefined = '/v2/images?name=page&limit=2&sort=name:asc';
    let pages = 0;
    while (path !== undefined) {
      const { data }: { data: { images: { id: string }[]; next?: string } } = await acme('GET', path);
      seen.push(...data.images.map(({ id }) => id));
      path = data.next;
      pages += 1;
    }
    expect([pages, seen.toSorted()]).toEqual([2, ids.toSorted()]);
    expect((await acme('GET', '/v2/images?name=page&kind=b')).data.images).toHaveLength(1);
    expect((await acme('GET', '/v2/images?name=in:page,x')).data.images).toHaveLength(3);
    expect((await acme('GET', '/v2/images?limit=0')).data.images).toEqual([]);
  });

  it.each([
    ['changes-since=2020', /no longer available on v2/],
    ['limit=x', /limit param must be an integer/],
    ['limit=-1', /limit param must be positive/],
    ['marker=zzz', /No image found with ID zzz/],
    ['sort=foo', /Invalid sort key: foo/],
    ['sort=name:up', /Invalid sort direction: up/],
    ['sort_dir=up', /Invalid sort direction: up/],
    ['sort_key=name&sort=name', /cannot be combined/],
    ['visibility=foo', /Invalid visibility value: foo/],
    ['member_status=foo', /Invalid status: foo/],
    ['os_hidden=x', /Invalid value 'x' for 'os_hidden' filter/],
    ['protected=x', /Invalid value 'x' for 'protected' filter/],
    ['size_min=x', /non-numeric value/],
  ])('refuses %s', async (query, message) => {
    const reply = await acme('GET', `/v2/images?${query}`);
    expect([reply.status, reply.data.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('hides what is hidden', async () => {
    const id = await create({ ...raw, os_hidden: true });
    const ids = async (query: string) =>
      (await acme('GET', `/v2/images?limit=1000${query}`)).data.images.map(
        (image: { id: string }) => image.id,
      );
    expect(await ids('')).not.toContain(id);
    expect(await ids('&os_hidden=true')).toEqual([id]);
  });
});

it.each([
  ['/', 300],
  ['/versions', 200],
  ['/v2/info/import', 200],
  ['/v2/info/stores', 200],
  ['/v2/info/usage', 200],
  ['/v2/schemas/image', 200],
  ['/v2/schemas/images', 200],
  ['/v2/schemas/member', 200],
  ['/v2/schemas/members', 200],
  ['/v2/schemas/nope', 404],
  ['/v2/nope', 404],
])('%s answers %i', async (path, status) => {
  expect((await acme('GET', path)).status).toBe(status);
});
