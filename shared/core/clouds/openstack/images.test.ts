// Listing, changing and deleting images, and what of it is refused before anything is sent; against a scripted Glance.
import { afterEach, describe, expect, it } from 'vitest';
import {
  ConflictError,
  type ImageChanges,
  InvalidInputError,
  type OpenstackProfile,
  PermissionError,
  ProtocolError,
} from '../../model/index.ts';
import {
  all,
  answer,
  bodyOf,
  failure,
  openTestCloud,
  PROJECT_ID,
  refuse,
  type Script,
  type TestCloud,
  wireImage,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

async function open(script: Script, changes?: Partial<OpenstackProfile>): Promise<TestCloud> {
  test = await openTestCloud(script, changes);
  return test;
}
const queryOf = (url: string) => new URL(url, 'http://x').searchParams;

describe('listing', () => {
  const pages: Script = (request, response) => {
    if (!request.url.startsWith('/v2/images')) return undefined;
    const marker = queryOf(request.url).get('marker');
    const next = (last: string) => `/v2/images?limit=2&marker=${last}`;
    if (marker === null)
      return answer(response, 200, { images: [wireImage('a'), wireImage('b')], next: next('b') });
    if (marker === 'b')
      return answer(response, 200, { images: [wireImage('c'), wireImage('d')], next: next('d') });
    return answer(response, 200, { images: [wireImage('e')] });
  };

  it('follows the links to the end', async () => {
    const t = await open(pages);
    expect((await all(t.cloud.listImages())).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(t.calls()).toEqual([
      'GET /v2/images?limit=100',
      'GET /v2/images?limit=2&marker=b',
      'GET /v2/images?limit=2&marker=d',
    ]);
  });

  it('asks for no further page than is read', async () => {
    const t = await open(pages);
    for await (const image of t.cloud.listImages()) if (image.id === 'b') break;
    expect(t.calls()).toHaveLength(1);
  });

  it('keeps the path of the service, whatever path the link has', async () => {
    const t = await open((request, response) => {
      if (!request.url.startsWith('/image/v2/images')) return undefined;
      const more = request.url.includes('marker') ? {} : { next: '/v2/images?marker=a' };
      return answer(response, 200, {
        images: [wireImage(request.url.includes('marker') ? 'b' : 'a')],
        ...more,
      });
    });
    const images = await all(t.cloud.inRegion('r-2').listImages());
    expect(images.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it.each([
    ['repeats a page', '/v2/images?marker=a', 'repeats the same page'],
    ['leads to another host', 'http://evil.example/v2/images?marker=a', 'another host'],
    ['leads to another host without a scheme', '//evil.example/v2/images?marker=a', 'another host'],
    ['names no place', '/v2/images?limit=2', 'no place to go on from'],
    ['is no link', 'http://[', 'no link'],
  ])('refuses a link that %s', async (_, next, words) => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/images')
        ? answer(response, 200, { images: [wireImage('a')], next })
        : undefined,
    );
    const error = await failure(all(t.cloud.listImages()));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain(words);
    expect(t.calls().length).toBeLessThanOrEqual(2);
  });

  it('refuses pages without images that always have a next one', async () => {
    let pageNumber = 0;
    const t = await open((request, response) => {
      if (!request.url.startsWith('/v2/images')) return undefined;
      pageNumber += 1;
      return answer(response, 200, { images: [], next: `/v2/images?marker=${pageNumber}` });
    });
    expect(await failure(all(t.cloud.listImages()))).toBeInstanceOf(ProtocolError);
    expect(t.calls()).toHaveLength(1);
  });

  it('sends filters, and applies them again to what came', async () => {
    const images = [
      wireImage('mine'),
      wireImage('theirs', { owner: 'other' }),
      wireImage('open', { owner: 'other', visibility: 'public' }),
      wireImage('tagged', { tags: ['stage=dev', 'bare'] }),
      wireImage('queued', { status: 'queued' }),
    ];
    const t = await open((request, response) =>
      request.url.startsWith('/v2/images') ? answer(response, 200, { images }) : undefined,
    );
    const ids = async (filter: Parameters<typeof t.cloud.listImages>[0]) =>
      (await all(t.cloud.listImages(filter))).map(({ id }) => id);
    expect(await ids({ scope: 'own' })).toEqual(['mine', 'tagged', 'queued']);
    expect(await ids({ scope: 'shared' })).toEqual(['theirs', 'open']);
    expect(await ids({ scope: 'public' })).toEqual(['open']);
    expect(await ids({ tag: { key: 'stage', value: 'dev' } })).toEqual(['tagged']);
    expect(await ids({ tag: { key: 'bare', value: '' } })).toEqual(['tagged']);
    expect(await ids({ name: 'mine', status: 'active' })).toEqual(['mine']);
    expect(await ids({ status: 'pending' })).toEqual(['queued']);
    expect(t.calls().map((call) => call.slice('GET /v2/images?limit=100'.length))).toEqual([
      `&owner=${PROJECT_ID}`,
      '&visibility=shared&member_status=accepted',
      '&visibility=public',
      '&tag=stage%3Ddev',
      '&tag=bare',
      '&name=mine&status=active',
      '&status=queued',
    ]);
  });
});

describe('changing', () => {
  const patched = async (present: object, changes: ImageChanges) => {
    const t = await open((request, response) =>
      request.url === '/v2/images/i-1'
        ? answer(response, 200, { ...wireImage('i-1'), ...present })
        : undefined,
    );
    await t.cloud.updateImage('i-1', changes);
    const patch = t.received.find(({ method }) => method === 'PATCH');
    return { patch: bodyOf(patch), type: patch?.headers['content-type'] };
  };

  it('replaces what is there, adds what is not, removes only what is there', async () => {
    const present = { description: 'old', own: 'x', os_distro: 'ubuntu', tags: ['a=1', 'b'] };
    const { patch, type } = await patched(present, {
      name: 'new',
      description: null,
      osVersion: '22.04',
      osDistribution: 'debian',
      osType: 'Linux',
      architecture: 'aarch64',
      bootMode: 'uefi',
      minDiskGiB: 3,
      minRamMiB: 64,
      protected: true,
      visibility: 'community',
      tags: { a: null, c: '3', d: '' },
      properties: { own: null, absent: null, 'more/of~it': 'y' },
    });
    expect(type).toBe('application/openstack-images-v2.1-json-patch');
    expect(patch).toEqual([
      { op: 'replace', path: '/name', value: 'new' },
      { op: 'replace', path: '/min_disk', value: 3 },
      { op: 'replace', path: '/min_ram', value: 64 },
      { op: 'replace', path: '/protected', value: true },
      { op: 'replace', path: '/visibility', value: 'community' },
      { op: 'replace', path: '/tags', value: ['b', 'c=3', 'd'] },
      { op: 'remove', path: '/description' },
      { op: 'add', path: '/os_type', value: 'linux' },
      { op: 'replace', path: '/os_distro', value: 'debian' },
      { op: 'add', path: '/os_version', value: '22.04' },
      { op: 'add', path: '/architecture', value: 'aarch64' },
      { op: 'add', path: '/hw_firmware_type', value: 'uefi' },
      { op: 'remove', path: '/own' },
      { op: 'add', path: '/more~1of~0it', value: 'y' },
    ]);
  });

  it('changes the architecture under both its names where both are there', async () => {
    const { patch } = await patched(
      { architecture: 'x86_64', hw_architecture: 'x86_64' },
      { architecture: 'aarch64' },
    );
    expect(patch).toEqual([
      { op: 'replace', path: '/architecture', value: 'aarch64' },
      { op: 'replace', path: '/hw_architecture', value: 'aarch64' },
    ]);
  });

  it('sends nothing when nothing is to be changed', async () => {
    expect((await patched({}, { properties: { absent: null } })).patch).toBeNull();
  });

  it.each<[string, ImageChanges, string]>([
    ['a long name', { name: 'x'.repeat(256) }, 'the name has 256 characters, and 255 are allowed'],
    ['an empty name', { name: '' }, 'the name is empty'],
    ['a long tag', { tags: { k: 'v'.repeat(254) } }, '256 characters, and 255 are allowed'],
    ['a tag key with a sign', { tags: { 'a=b': 'c' } }, 'holds "="'],
    ['a long property name', { properties: { ['p'.repeat(256)]: 'x' } }, 'has 256 characters, and 255'],
    ['a reserved property', { properties: { os_glance_x: '1' } }, 'begins with os_glance'],
    ['a field as a property', { properties: { owner: 'me' } }, 'owner is a field of the image'],
    ['a long value', { properties: { p: 'é'.repeat(40_000) } }, 'has 80000 bytes, and 65535 are allowed'],
    ['a long description', { description: 'x'.repeat(65_536) }, 'has 65536 bytes, and 65535 are allowed'],
    ['a broken minimum', { minDiskGiB: 1.5 }, 'min_disk is 1.5'],
    ['a negative minimum', { minRamMiB: -1 }, 'min_ram is -1'],
    [
      'many tags',
      { tags: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`t${i}`, ''])) },
      'there are 129 tags, and 128 are allowed',
    ],
  ])('refuses %s before anything is sent', async (_, changes, words) => {
    const t = await open(() => undefined);
    const error = await failure(t.cloud.updateImage('i-1', changes));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(words);
    expect(t.received).toEqual([]);
  });

  it('takes what is exactly at the limits', async () => {
    const { patch } = await patched(
      {},
      {
        name: '😀'.repeat(255),
        tags: { k: 'v'.repeat(253) },
        properties: { ['p'.repeat(255)]: 'x'.repeat(65_535) },
      },
    );
    expect(patch).toHaveLength(3);
  });
});

describe('reading and deleting', () => {
  it('gives undefined for what is not there', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/')
        ? refuse(response, 404, 'Not Found', 'No image found with ID i-1')
        : undefined,
    );
    expect(await t.cloud.getImage('i-1')).toBeUndefined();
    await t.cloud.deleteImage('i-1');
    expect(await t.cloud.getShare('i-1', 'p')).toBeUndefined();
    await t.cloud.removeShare('i-1', 'p');
  });

  it('encodes ids', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/') ? refuse(response, 404, 'Not Found', 'x') : undefined,
    );
    await t.cloud.getImage('../v3/projects?x=1#y');
    expect(t.calls()).toEqual(['GET /v2/images/..%2Fv3%2Fprojects%3Fx%3D1%23y']);
  });

  it('says that an image is protected, or in use', async () => {
    let inUse = false;
    const t = await open((request, response) => {
      if (request.method !== 'DELETE') return undefined;
      return inUse
        ? refuse(response, 409, 'Conflict', 'Image i-1 could not be deleted because it is in use: …')
        : refuse(response, 403, 'Forbidden', 'Image i-1 is protected and cannot be deleted.');
    });
    const refused = await failure(t.cloud.deleteImage('i-1'));
    expect(refused).toBeInstanceOf(PermissionError);
    expect(refused.details).toMatchObject({
      serviceMessage: 'Image i-1 is protected and cannot be deleted.',
      hint: 'Take the protection off first.',
      requestId: 'req-1',
      object: 'i-1',
    });
    inUse = true;
    const used = await failure(t.cloud.deleteImage('i-1'));
    expect(used).toBeInstanceOf(ConflictError);
    expect(used.details.hint).toBe('End the use of the image first.');
  });
});
