// The adapter against a scripted cloud: tokens, pages, what is sent, what is refused before anything is sent.
import { afterEach, describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  CancelledError,
  type HuaweicloudProfile,
  InvalidInputError,
  NotFoundError,
  ProtocolError,
  UnavailableError,
} from '../../model/index.ts';
import {
  all,
  answer,
  failure,
  openTestCloud,
  PROJECT_ID,
  type Script,
  type TestCloud,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

async function open(script: Script, changes?: Partial<HuaweicloudProfile>): Promise<TestCloud> {
  test = await openTestCloud(script, changes);
  return test;
}
const image = (id: string, more: object = {}) => ({ id, name: id, status: 'active', ...more });
const body = (received: { body: Buffer } | undefined) => JSON.parse(received?.body.toString() ?? 'null');
const quota = { quotas: { resources: [{ type: 'image', used: 1, quota: 50, min: 1, max: 1000 }] } };
const signIns = (t: TestCloud) => t.received.filter(({ url }) => url.startsWith('/v3/auth/tokens')).length;

describe('tokens', () => {
  it('signs in once for many callers, to the project that has the region’s name', async () => {
    const t = await open((_, response) =>
      _.url.includes('quota') ? answer(response, 200, quota) : undefined,
    );
    await Promise.all([t.cloud.getQuotas(), t.cloud.getQuotas(), t.cloud.getQuotas()]);
    expect(signIns(t)).toBe(1);
    expect(body(t.received[0])).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'anna', password: 'pass-word', domain: { name: 'acme' } } },
        },
        scope: { project: { name: 'r-1' } },
      },
    });
    expect(t.received[1]?.headers['x-auth-token']).toBe('token-1');
  });

  it('signs in again ten minutes before the token ends', async () => {
    const t = await open((_, response) =>
      _.url.includes('quota') ? answer(response, 200, quota) : undefined,
    );
    await t.cloud.getQuotas();
    t.clock.advance(24 * 3_600_000 - 10 * 60_000 - 1_000);
    await t.cloud.getQuotas();
    expect(signIns(t)).toBe(1);
    t.clock.advance(2_000);
    await t.cloud.getQuotas();
    expect(signIns(t)).toBe(2);
  });

  it('signs in again once when the token is refused, also for a POST', async () => {
    const t = await open((request, response) => {
      if (!request.url.startsWith('/v1/')) return undefined;
      return request.headers['x-auth-token'] === 'token-1'
        ? answer(response, 401, { error_code: 'APIG.0301', error_msg: 'Token invalid' })
        : answer(response, 200, { job_id: 'j-1' });
    });
    expect(await t.cloud.addShare('i-1', 'p-2')).toEqual({ id: 'j-1' });
    expect(signIns(t)).toBe(2);
  });

  it('does not go on signing in when the new token is refused too', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v1/')
        ? answer(response, 401, { error_code: 'APIG.0301', error_msg: 'Token invalid' })
        : undefined,
    );
    const error = await failure(t.cloud.getQuotas());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(signIns(t)).toBe(2);
  });

  it('says that the password is wrong, and never says which', async () => {
    const t = await open((_, response) =>
      answer(response, 401, {
        error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' },
      }),
    );
    const error = await failure(t.cloud.getQuotas());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(String(error)).toContain('Could not sign in as acme/anna on huaweicloud "prod"');
    expect(JSON.stringify(error) + String(error)).not.toContain('pass-word');
  });

  it('lets one caller go without ending the sign-in of the others', async () => {
    const controller = new AbortController();
    const t = await open((request, response) => {
      if (request.url.includes('quota')) return answer(response, 200, quota);
      controller.abort();
      return undefined;
    });
    const [gone, stays] = await Promise.allSettled([
      t.cloud.getQuotas({ signal: controller.signal }),
      t.cloud.getQuotas(),
    ]);
    expect(gone).toMatchObject({ status: 'rejected', reason: expect.any(CancelledError) });
    expect(stays.status).toBe('fulfilled');
    expect(signIns(t)).toBe(1);
  });

  it('signs requests with keys when there is no password, and asks for the project', async () => {
    const t = await open(
      (request, response) => {
        if (request.url.startsWith('/v3/projects')) {
          return answer(response, 200, { projects: [{ id: PROJECT_ID, name: 'r-1' }], links: {} });
        }
        return answer(response, 200, quota);
      },
      { user: undefined, password: undefined },
    );
    await t.cloud.getQuotas();
    await t.cloud.getQuotas();
    expect(t.received.map(({ url }) => url)).toEqual([
      '/v3/projects?name=r-1',
      '/v1/cloudimages/quota',
      '/v1/cloudimages/quota',
    ]);
    expect(t.received[1]?.headers).toMatchObject({
      'x-project-id': PROJECT_ID,
      'x-sdk-date': '20230419T120000Z',
      authorization: expect.stringMatching(
        /^SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=accept;content-type;host;x-project-id;x-sdk-date, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  it('gives the id of the project', async () => {
    const t = await open(() => undefined);
    expect(await t.cloud.projectId()).toBe(PROJECT_ID);
  });
});

describe('listing', () => {
  it('pages by marker until a page is short, and gives each image once', async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `i-${String(index).padStart(3, '0')}`);
    const t = await open((request, response) => {
      const url = new URL(request.url, 'http://h');
      if (url.pathname !== '/v2/cloudimages') return undefined;
      const limit = Number(url.searchParams.get('limit'));
      const marker = url.searchParams.get('marker');
      // This server begins a page with its marker.
      const from = marker === null ? 0 : ids.indexOf(marker);
      return answer(response, 200, { images: ids.slice(from, from + limit).map((id) => image(id)) });
    });
    const listed = await all(t.cloud.listImages());
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(t.calls()).toEqual([
      'GET /v2/cloudimages?limit=100',
      'GET /v2/cloudimages?limit=100&marker=i-099',
    ]);
  });

  it('asks for no further page when the reader stops', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/cloudimages')
        ? answer(response, 200, { images: Array.from({ length: 100 }, (_, i) => image(`i-${i}`)) })
        : undefined,
    );
    for await (const first of t.cloud.listImages()) {
      expect(first.id).toBe('i-0');
      break;
    }
    expect(t.calls()).toHaveLength(1);
  });

  it('does not turn in circles when the service repeats a page', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/cloudimages')
        ? answer(response, 200, { images: Array.from({ length: 100 }, (_, i) => image(`i-${i}`)) })
        : undefined,
    );
    expect(await failure(all(t.cloud.listImages()))).toBeInstanceOf(ProtocolError);
    expect(t.calls()).toHaveLength(2);
  });

  it('sends the documented filters, and applies them itself too', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/cloudimages')
        ? answer(response, 200, {
            images: [
              image('i-1', { name: 'a b', owner: PROJECT_ID, tags: ['env.prod'] }),
              image('i-2', { name: 'a b', owner: PROJECT_ID, tags: ['env.test'] }),
              image('i-3', { name: 'a b', owner: 'other', tags: ['env.prod'] }),
            ],
          })
        : undefined,
    );
    const listed = await all(
      t.cloud.listImages({
        scope: 'own',
        name: 'a b',
        status: 'active',
        tag: { key: 'env', value: 'prod' },
      }),
    );
    expect(listed.map(({ id }) => id)).toEqual(['i-1']);
    await all(t.cloud.listImages({ scope: 'shared' }));
    await all(t.cloud.listImages({ scope: 'public' }));
    expect(t.calls()).toEqual([
      `GET /v2/cloudimages?owner=${PROJECT_ID}&name=a%20b&status=active&tag=env%3Dprod&limit=100`,
      'GET /v2/cloudimages?member_status=accepted&visibility=shared&__imagetype=shared&limit=100',
      'GET /v2/cloudimages?__imagetype=gold&visibility=public&protected=true&limit=100',
    ]);
  });
});

describe('creating', () => {
  const created: Script = (request, response) =>
    request.url === '/v2/cloudimages/action' ? answer(response, 200, { job_id: 'j-1' }) : undefined;

  it('sends the fields of operation 16b', async () => {
    const t = await open(created);
    const ref = await t.cloud.createFromObject({
      name: 'base',
      description: 'ready',
      bucket: 'stage',
      key: 'a/b.iso',
      diskFormat: 'iso',
      osVersion: 'CentOS 7.0 64bit',
      minRamMiB: 1024,
      tags: { env: 'prod', empty: '' },
    });
    expect(ref).toEqual({ id: 'j-1' });
    expect(body(t.received.at(-1))).toEqual({
      name: 'base',
      description: 'ready',
      os_version: 'CentOS 7.0 64bit',
      image_url: 'stage:a/b.iso',
      min_disk: 40,
      min_ram: 1024,
      image_tags: [
        { key: 'env', value: 'prod' },
        { key: 'empty', value: '' },
      ],
      type: 'IsoImage',
    });
  });

  it('sends nothing that is absent, and no type for disks', async () => {
    const t = await open(created);
    await t.cloud.createFromObject({
      name: '镜像 1',
      bucket: 'b',
      key: 'k.qcow2',
      diskFormat: 'qcow2',
      minDiskGiB: 55,
    });
    expect(body(t.received.at(-1))).toEqual({ name: '镜像 1', image_url: 'b:k.qcow2', min_disk: 55 });
  });

  it.each([
    [{ name: ' base' }, 'the name " base" is not allowed'],
    [{ name: 'x'.repeat(129) }, 'is not allowed'],
    [{ description: 'a\nb' }, 'the description is not allowed'],
    [{ diskFormat: 'iso' }, 'an import of an ISO file needs an os_version'],
    [{ diskFormat: 'ova' }, 'files of format ova cannot be imported'],
    [{ tags: { 'a.b': 'c' } }, 'the tag key "a.b"'],
  ])('refuses %o before anything is sent', async (changes, message) => {
    const t = await open(created);
    const request = { name: 'base', bucket: 'b', key: 'k', diskFormat: 'qcow2', ...changes };
    const error = await failure(t.cloud.createFromObject(request));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toContain(message);
    expect(t.received).toHaveLength(0);
  });

  it('does not create twice when the answer is lost', async () => {
    let calls = 0;
    const t = await open((request, response) => {
      if (request.url !== '/v2/cloudimages/action') return undefined;
      calls += 1;
      response.socket?.destroy();
      return true;
    });
    const error = await failure(
      t.cloud.createFromObject({ name: 'base', bucket: 'b', key: 'k', diskFormat: 'raw' }),
    );
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).retryable).toBe(false);
    expect(calls).toBe(1);
  });
});

describe('changing and deleting', () => {
  it('replaces what is there, adds what is not, and removes', async () => {
    const t = await open((request, response) => {
      if (!request.url.endsWith('/i-1')) return undefined;
      return answer(response, 200, image('i-1', { min_ram: 0, mine: 'old', gone: 'x' }));
    });
    await t.cloud.updateImage('i-1', {
      name: 'new',
      description: 'text',
      minRamMiB: 2048,
      properties: { mine: 'v', 'a/b~c': 'w', gone: null, never: null },
    });
    expect(t.calls()).toEqual(['GET /v2/images/i-1', 'PATCH /v2/cloudimages/i-1']);
    expect(body(t.received.at(-1))).toEqual([
      { op: 'replace', path: '/name', value: 'new' },
      { op: 'add', path: '/__description', value: 'text' },
      { op: 'replace', path: '/min_ram', value: '2048' },
      { op: 'replace', path: '/mine', value: 'v' },
      { op: 'add', path: '/a~1b~0c', value: 'w' },
      { op: 'remove', path: '/gone' },
    ]);
  });

  it('sends no empty change', async () => {
    const t = await open((_, response) =>
      _.url.endsWith('/i-1') ? answer(response, 200, image('i-1')) : undefined,
    );
    await t.cloud.updateImage('i-1', { description: null });
    expect(t.calls()).toEqual(['GET /v2/images/i-1']);
  });

  it('reads a missing image as undefined, and deletes one that is gone', async () => {
    const t = await open((request, response) => {
      if (!request.url.startsWith('/v2/images/')) return undefined;
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('404 Not Found');
      return true;
    });
    expect(await t.cloud.getImage('i/1?')).toBeUndefined();
    await t.cloud.deleteImage('i-1');
    expect(await t.cloud.getShare('i-1', 'p-1')).toBeUndefined();
    expect(t.calls()[0]).toBe('GET /v2/images/i%2F1%3F');
    expect(await failure(t.cloud.updateImage('i-1', { name: 'x' }))).toBeInstanceOf(NotFoundError);
  });

  it('does not take a web page for a missing image', async () => {
    const t = await open((request, response) => {
      if (!request.url.startsWith('/v2/images/')) return undefined;
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<html>nginx</html>');
      return true;
    });
    const error = await failure(t.cloud.getImage('i-1'));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain(`Check the ims endpoint ${t.url.origin} (region r-1) in profile "prod".`);
  });
});

describe('sharing and copying', () => {
  const started: Script = (request, response) =>
    request.url.startsWith('/v1/cloudimages') ? answer(response, 200, { job_id: 'j-1' }) : undefined;

  it('sends the bodies of operations 23 to 25', async () => {
    const t = await open(started);
    await t.cloud.addShare('i-1', 'p-2');
    await t.cloud.removeShare('i-1', 'p-2');
    await t.cloud.answerShare('i-1', 'rejected');
    expect(t.calls()).toEqual([
      'POST /v1/cloudimages/members',
      'DELETE /v1/cloudimages/members',
      'PUT /v1/cloudimages/members',
    ]);
    const bodies = t.received.slice(1).map(body);
    expect(bodies).toEqual([
      { images: ['i-1'], projects: ['p-2'] },
      { images: ['i-1'], projects: ['p-2'] },
      { images: ['i-1'], project_id: PROJECT_ID, status: 'rejected' },
    ]);
  });

  it('copies inside the region, also when its name is given', async () => {
    const t = await open(started);
    await t.cloud.copyImage({ sourceImageId: 'i-1', name: 'copy' });
    await t.cloud.copyImage({ sourceImageId: 'i-1', name: 'copy', region: 'r-1' });
    expect(t.calls()).toEqual(Array(2).fill('POST /v1/cloudimages/i-1/copy'));
  });

  it('copies to another region under an agency, and says so before anything is sent', async () => {
    const t = await open(started);
    const request = { sourceImageId: 'i-1', name: 'copy', region: 'r-2' };
    const error = await failure(t.cloud.copyImage(request));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toContain('needs an agency');
    expect(t.received).toHaveLength(0);
    await t.cloud.copyImage({ ...request, agencyName: 'ag' });
    expect(t.calls()).toEqual(['POST /v1/cloudimages/i-1/cross_region_copy']);
    expect(body(t.received.at(-1))).toEqual({
      name: 'copy',
      region: 'r-2',
      project_name: 'r-2',
      agency_name: 'ag',
    });
  });
});

describe('regions', () => {
  it('signs in to the project of the other region', async () => {
    const t = await open(
      (_, response) => (_.url.includes('quota') ? answer(response, 200, quota) : undefined),
      {
        projectId: 'known',
        regions: { 'r-2': { endpoints: {}, project: 'other' } },
      },
    );
    const there = t.cloud.inRegion('r-2');
    expect(there.region).toBe('r-2');
    await there.getQuotas();
    await t.cloud.getQuotas();
    await t.cloud.inRegion('r-2', 'mine').getQuotas();
    const signedIn = t.received.filter(({ url }) => url.startsWith('/v3/auth'));
    expect(signedIn.map((received) => body(received).auth.scope)).toEqual([
      { project: { name: 'other' } },
      { project: { id: 'known' } },
      { project: { name: 'mine' } },
    ]);
  });

  it('lets no region’s name lead the credentials elsewhere', async () => {
    const t = await open(() => undefined, { endpoints: {} });
    const error = await failure(t.cloud.inRegion('evil.example/').getQuotas());
    expect(error).toBeInstanceOf(InvalidInputError);
  });
});

describe('what is not there', () => {
  it('is said of credentials', async () => {
    const t = await open(() => undefined, {
      user: undefined,
      password: undefined,
      accessKey: undefined,
      secretKey: undefined,
    });
    expect(await failure(t.cloud.getQuotas())).toBeInstanceOf(AuthenticationError);
    expect(await failure(t.cloud.stage({ bucket: 'bucket', key: 'k' }))).toBeInstanceOf(AuthenticationError);
    expect(t.received).toHaveLength(0);
  });

  it('is said of the endpoint', async () => {
    const t = await open(() => undefined, {
      endpoints: { iam: 'http://127.0.0.1:1', ims: 'http://127.0.0.1:1' },
    });
    const error = await failure(t.cloud.getQuotas());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toBe(
      'UnavailableError: Could not sign in as acme/anna on huaweicloud "prod": connection refused by 127.0.0.1:1. Check the iam endpoint http://127.0.0.1:1 (region r-1) in profile "prod".',
    );
  });
});
