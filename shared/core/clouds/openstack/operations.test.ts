// The family's operations by number, its small calls, the probe, and what an EasyStack declares absent.
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../http/index.ts';
import {
  InvalidInputError,
  NotFoundError,
  type OpenstackProfile,
  Secret,
  UnsupportedError,
} from '../../model/index.ts';
import * as api from './glance/api.ts';
import { GlanceTransport } from './glance/transport.ts';
import { OPENSTACK_OPERATIONS } from './operations.ts';
import {
  all,
  answer,
  bodyOf,
  failure,
  openTestCloud,
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
const glance =
  (script: Script): Script =>
  (request, response) =>
    /^\/v3\//.test(request.url) ? undefined : script(request, response);

describe('the operations', () => {
  it('are those of seed 003', () => {
    expect(OPENSTACK_OPERATIONS.map(({ number, call, family }) => [number, call, family])).toEqual([
      [53, 'POST /v3/auth/tokens', 'openstack'],
      [54, 'GET /v2/images', 'openstack'],
      [55, 'POST /v2/images', 'openstack'],
      [56, 'PATCH /v2/images/{image_id}', 'openstack'],
      [57, 'GET /v2/images/{image_id}/file', 'openstack'],
      [58, 'DELETE /v2/images/{image_id}', 'openstack'],
    ]);
  });

  it('53 gives the token wrapped', async () => {
    const t = await open(() => undefined);
    const reply = await t.cloud.callOperation(53, { parameters: {} });
    expect(reply.data).toMatchObject({ token: { project: { name: 'demo' } } });
    const token = reply.headers?.['x-subject-token'];
    expect(token).toBeInstanceOf(Secret);
    expect((token as Secret).reveal()).toBe('token-1');
    expect(JSON.stringify(reply)).not.toContain('token-1');
  });

  it('54 writes its query as Glance v2 takes it', async () => {
    const t = await open(glance((_, response) => answer(response, 200, { images: [], extra: 1 })));
    const reply = await t.cloud.callOperation(54, {
      parameters: {
        'changes-since': '2026-01-02T03:04:05Z',
        sort_key: 'created_at',
        sort_dir: 'desc',
        tag: ['a', 'b=c'],
        protected: 'true',
        limit: '5',
      },
    });
    expect(reply.data).toEqual({ images: [], extra: 1 });
    expect(t.calls()).toEqual([
      'GET /v2/images?tag=a&tag=b%3Dc&protected=true&updated_at=gte%3A2026-01-02T03%3A04%3A05Z&sort_key=created_at&sort_dir=desc&limit=5',
    ]);
  });

  it.each([
    [54, { 'sort-key': 'name' }, 'no parameter sort-key'],
    [54, { limit: 1001 }, 'limit'],
    [54, { limit: 0 }, 'limit'],
    [55, { name: 'x'.repeat(256) }, 'up to 255 characters'],
    [55, { tags: ['x'.repeat(256)] }, 'up to 255 characters'],
    [55, { min_disk: -1 }, 'min_disk'],
    [56, { image_id: 'i', changes: [] }, 'changes'],
    [56, { image_id: 'i', changes: [{ op: 'replace', path: 'name', value: 'x' }] }, 'a path begins with /'],
    [56, { changes: [{ op: 'remove', path: '/x' }] }, 'image_id is missing'],
    [57, {}, 'image_id is missing'],
    [58, { image_id: '' }, 'image_id'],
  ])('%i refuses %o before anything is sent', async (number, parameters, words) => {
    const t = await open(() => undefined);
    const error = await failure(t.cloud.callOperation(number, { parameters }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(words);
    expect(t.received).toEqual([]);
  });

  it('55 to 58 send what they are given', async () => {
    const t = await open(
      glance((request, response) => {
        if (request.method === 'DELETE') {
          response.writeHead(204).end();
          return true;
        }
        if (request.url.endsWith('/file')) {
          response.end('bytes');
          return true;
        }
        return answer(response, request.method === 'POST' ? 201 : 200, wireImage('i-1'));
      }),
    );
    const created = await t.cloud.callOperation(55, { parameters: { name: 'x', min_disk: '3', own: 'y' } });
    expect(created.data).toMatchObject({ id: 'i-1' });
    expect(bodyOf(t.received.at(-1))).toEqual({ name: 'x', min_disk: 3, own: 'y' });
    const changes = [{ op: 'remove', path: '/own' }];
    await t.cloud.callOperation(56, { parameters: { image_id: 'i-1', changes } });
    expect(bodyOf(t.received.at(-1))).toEqual(changes);
    const file = await t.cloud.callOperation(57, { parameters: { image_id: 'i-1' } });
    if (file.bytes === undefined) throw new Error('it gave no bytes');
    expect(Buffer.concat(await all(file.bytes)).toString()).toBe('bytes');
    expect(await t.cloud.callOperation(58, { parameters: { image_id: 'i-1' } })).toEqual({});
    expect(t.calls().at(-1)).toBe('DELETE /v2/images/i-1');
  });

  it('of other families are not here', async () => {
    const t = await open(() => undefined);
    expect(await failure(t.cloud.callOperation(14, { parameters: {} }))).toBeInstanceOf(NotFoundError);
  });
});

describe('small calls', () => {
  it('read versions from an answer of 300, and follow nothing', async () => {
    const versions = [
      { id: 'v2.15', status: 'CURRENT', links: [] },
      { id: 'v2.0', status: 'SUPPORTED' },
    ];
    const t = await open(
      glance((_, response) => answer(response, 300, { versions }, { location: 'http://127.0.0.1:1/' })),
    );
    expect(await t.cloud.listVersions()).toMatchObject([{ id: 'v2.15', status: 'CURRENT' }, { id: 'v2.0' }]);
    expect(t.calls()).toEqual(['GET /']);
  });

  it('read quotas, where the service has them', async () => {
    let has = true;
    const t = await open(
      glance((_, response) =>
        has
          ? answer(response, 200, { usage: { image_count_total: { usage: 3, limit: '10' } } })
          : refuse(response, 404, 'Not Found', 'x'),
      ),
    );
    expect(await t.cloud.getQuotas()).toEqual([{ resource: 'image_count_total', used: 3, limit: 10 }]);
    has = false;
    expect(await failure(t.cloud.getQuotas())).toBeInstanceOf(UnsupportedError);
  });

  it('set and remove one tag, and encode it', async () => {
    const t = await open(
      glance((request, response) => {
        if (request.method === 'DELETE') return refuse(response, 404, 'Not Found', 'x');
        response.writeHead(204).end();
        return true;
      }),
    );
    const token = {
      value: new Secret('t'),
      projectId: 'p',
      expiresAtMs: 0,
      catalog: [],
      body: { token: {} },
    };
    const http = new HttpClient();
    try {
      const transport = new GlanceTransport({
        http,
        identity: { token: async () => token, discard: () => {} },
        base: () => t.url,
        context: {},
      });
      await api.addTag(transport, 'i-1', 'a=b/c');
      expect(await failure(api.removeTag(transport, 'i-1', 'x'))).toBeInstanceOf(NotFoundError);
    } finally {
      await http.close();
    }
    expect(t.calls()).toEqual(['PUT /v2/images/i-1/tags/a%3Db%2Fc', 'DELETE /v2/images/i-1/tags/x']);
  });
});

describe('an EasyStack', () => {
  it('refuses what it has not, naming what works, and sends nothing', async () => {
    const t = await open(() => undefined, { dialect: 'easystack' });
    const url = 'http://x/y';
    const errors = [
      await failure(t.cloud.createFromUrl({ name: 'x', url, diskFormat: 'raw' })),
      await failure(t.cloud.copyImage({ sourceImageId: 'i', name: '', toStores: ['s'] })),
      await failure(t.cloud.getQuotas()),
    ];
    for (const error of errors) {
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(error.details.hint).toMatch(/^[A-Z].+\.$/);
    }
    expect(t.received).toEqual([]);
  });
});

describe('a probe', () => {
  /** A service of some age. */
  const service = (methods: string[] | number, hash: string | null): Script =>
    glance((request, response) => {
      const { method, url } = request;
      if (url === '/v2/info/import')
        return typeof methods === 'number'
          ? refuse(response, methods, 'Error', 'x')
          : answer(response, 200, { 'import-methods': { value: methods } });
      if (url === '/') return answer(response, 300, { versions: [{ id: 'v2.9', status: 'CURRENT' }] });
      if (url === '/v2/images' || (method === 'GET' && url === '/v2/images/i-1'))
        return answer(response, 200, wireImage('i-1', { size: 512, os_hash_value: hash }));
      if (url.startsWith('/v2/images/i-1')) {
        response.writeHead(204).end();
        return true;
      }
      return refuse(response, 404, 'Not Found', 'x');
    });
  const outcomes = (probe: { findings: { subject: string; outcome: string }[] }) =>
    Object.fromEntries(probe.findings.map(({ subject, outcome }) => [subject, outcome]));

  it('tries a private image and takes it away again', async () => {
    const t = await open(service(['glance-direct'], 'ab'));
    const probe = await t.cloud.probe();
    expect(outcomes(probe)).toEqual({
      'sign-in': 'works',
      'image service': 'works',
      import: 'works',
      stores: 'refused',
      quotas: 'refused',
      upload: 'works',
    });
    expect(probe.settings).toEqual({});
    const record = t.received.find(({ method, url }) => method === 'POST' && url === '/v2/images');
    expect(bodyOf(record)).toMatchObject({ visibility: 'private' });
    expect(t.calls().at(-1)).toBe('DELETE /v2/images/i-1');
  });

  it.each<[OpenstackProfile['dialect'], string[] | number, string | null, object]>([
    ['upstream', 404, null, { dialect: 'easystack' }],
    ['upstream', [], null, { dialect: 'easystack' }],
    ['upstream', [], 'ab', {}],
    ['upstream', 500, null, {}],
    ['upstream', ['web-download'], null, {}],
    ['easystack', 404, null, {}],
    ['easystack', ['glance-direct'], 'ab', { dialect: 'upstream' }],
  ])(
    'of an %s whose import answers %j and whose hash is %s records %o',
    async (dialect, methods, hash, settings) => {
      const t = await open(service(methods, hash), { dialect });
      expect((await t.cloud.probe()).settings).toEqual(settings);
    },
  );

  it('takes the image away also when the upload is refused', async () => {
    const inner = service(['glance-direct'], 'ab');
    const t = await open((request, response) =>
      request.method === 'PUT'
        ? refuse(response, 413, 'Request Entity Too Large', 'quota')
        : inner(request, response),
    );
    expect(outcomes(await t.cloud.probe()).upload).toBe('refused');
    expect(t.calls().at(-1)).toBe('DELETE /v2/images/i-1');
  });

  it('ends at a sign-in that is refused, and never throws for it', async () => {
    const t = await open((_, response) => refuse(response, 401, 'Unauthorized', 'no'));
    const probe = await t.cloud.probe();
    expect(probe.findings).toHaveLength(1);
    expect(probe.findings[0]?.outcome).toBe('failed');
    expect(probe.settings).toEqual({});
  });
});
