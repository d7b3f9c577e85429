// Keystone, call by call. The expected statuses and words are those that a real Keystone 22 gives.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startTestCloud, type TestCloud } from '../testing/client.ts';
import { glanceOf, keystoneOf, passwordAuth } from './testing.ts';

let test: TestCloud;
let call: ReturnType<typeof keystoneOf>;
const signIn = (body: unknown) => call('POST', '/v3/auth/tokens', body);
const tokenOf = async () => String((await signIn(passwordAuth(test.acme))).headers['x-subject-token']);

beforeAll(async () => {
  test = await startTestCloud({ tokenLifetimeMs: 3_600_000 });
  call = keystoneOf(test);
});
afterAll(() => test.remove());

it('tells its version, and where it is', async () => {
  const root = await call('GET', '/');
  expect(root.status).toBe(300);
  expect(root.headers.location).toBe(`${test.cloud.endpoints.keystone}/v3/`);
  expect(root.data.versions.values[0]).toMatchObject({ id: 'v3.14', status: 'stable' });
  expect((await call('GET', '/v3')).data.version.id).toBe('v3.14');
});

describe('signing in', () => {
  it.each([
    ['by names', () => passwordAuth(test.acme, { project: { name: 'acme', domain: { name: 'Default' } } })],
    [
      'by the id of the project',
      () => passwordAuth(test.acme, { project: { id: test.acme.openstack.projectId } }),
    ],
    ['for the default project', () => passwordAuth(test.acme)],
  ])('with a password %s', async (_, body) => {
    const { status, data, headers } = await signIn(body());
    expect(status).toBe(201);
    expect(String(headers['x-subject-token'])).toMatch(/^gAAAAA/);
    expect(data.token.project.id).toBe(test.acme.openstack.projectId);
    const image = data.token.catalog.find((service: { type: string }) => service.type === 'image');
    expect(image.endpoints).toHaveLength(6);
    expect(image.endpoints.map((one: { interface: string }) => one.interface)).toContain('internal');
    expect(image.endpoints[0].url).toBe(test.cloud.endpoints.regions['local-1']?.glance);
  });

  it('without a scope, and without a catalogue', async () => {
    const unscoped = await signIn(passwordAuth(test.acme, 'unscoped'));
    expect(unscoped.data.token).not.toHaveProperty('project');
    const bare = await call('POST', '/v3/auth/tokens?nocatalog', passwordAuth(test.acme));
    expect(bare.data.token).not.toHaveProperty('catalog');
  });

  it.each([
    ['no JSON', '{', 400, /^Expecting to find valid JSON in request body/],
    ['no method that is known', { auth: { identity: { methods: ['foo'] } } }, 400, /find foo in identity/],
    ['no password', { auth: { identity: { methods: ['password'] } } }, 400, /find password in identity/],
    ['nothing', {}, 400, /auth/],
  ])('refuses %s', async (_, body, status, message) => {
    const reply = await signIn(body);
    expect([reply.status, reply.data.error]).toEqual([
      status,
      { code: status, message: expect.stringMatching(message), title: 'Bad Request' },
    ]);
  });

  it.each([
    [
      'a wrong password',
      () => passwordAuth({ ...test.acme, openstack: { ...test.acme.openstack, password: 'x' } }),
    ],
    [
      'a project of somebody else',
      () => passwordAuth(test.acme, { project: { id: test.partner.openstack.projectId } }),
    ],
  ])('refuses %s', async (_, body) => {
    const reply = await signIn(body());
    expect([reply.status, reply.data.error.message]).toEqual([
      401,
      'The request you have made requires authentication.',
    ]);
    expect(reply.headers['www-authenticate']).toContain('Keystone uri=');
  });

  it('takes an application credential, which may not ask for a scope', async () => {
    const { id, secret } = test.acme.openstack.applicationCredential;
    const identity = { methods: ['application_credential'], application_credential: { id, secret } };
    expect((await signIn({ auth: { identity } })).data.token.project.name).toBe('acme');
    const scoped = await signIn({
      auth: { identity, scope: { project: { id: test.acme.openstack.projectId } } },
    });
    expect([scoped.status, scoped.data.error.message]).toEqual([
      401,
      'Application credentials cannot request a scope.',
    ]);
    const wrong = { ...identity, application_credential: { id, secret: 'x' } };
    expect((await signIn({ auth: { identity: wrong } })).status).toBe(401);
  });

  it('gives a token for a token, which lives no longer', async () => {
    const first = await signIn(passwordAuth(test.acme));
    test.clock.ms += 60_000;
    const identity = { methods: ['token'], token: { id: String(first.headers['x-subject-token']) } };
    const second = await signIn({ auth: { identity } });
    expect(second.data.token.expires_at).toBe(first.data.token.expires_at);
  });
});

describe('a token', () => {
  it('is shown, outlives a restart, and is void once revoked', async () => {
    const token = await tokenOf();
    const headers = { 'x-auth-token': await tokenOf(), 'x-subject-token': token };
    await test.restart();
    expect((await call('GET', '/v3/auth/tokens', undefined, headers)).data.token.user.name).toBe('acme-user');
    expect((await call('HEAD', '/v3/auth/tokens', undefined, headers)).status).toBe(200);
    expect((await call('DELETE', '/v3/auth/tokens', undefined, headers)).status).toBe(204);
    expect((await call('GET', '/v3/auth/tokens', undefined, headers)).status).toBe(404);
  });

  it('is no business of another member', async () => {
    const partner = await signIn(passwordAuth(test.partner));
    const reply = await call('GET', '/v3/auth/tokens', undefined, {
      'x-auth-token': await tokenOf(),
      'x-subject-token': String(partner.headers['x-subject-token']),
    });
    expect([reply.status, reply.data.error.message]).toEqual([
      403,
      'You are not authorized to perform the requested action: identity:validate_token.',
    ]);
  });

  it('expires, for Glance too', async () => {
    const glance = await glanceOf(test, test.acme);
    expect((await glance('GET', '/v2/images')).status).toBe(200);
    test.clock.ms += 3_600_001;
    const reply = await glance('GET', '/v2/images');
    expect([reply.status, reply.data.title]).toEqual([401, 'Unauthorized']);
    expect(reply.headers['www-authenticate']).toContain('Keystone uri=');
  });
});

it.each([
  ['/v3/auth/projects', 200],
  ['/v3/projects', 403],
  ['/v3/users', 403],
  ['/v3/nope', 404],
])('%s answers a member with %i', async (path, status) => {
  expect((await call('GET', path, undefined, { 'x-auth-token': await tokenOf() })).status).toBe(status);
  expect((await send(`${test.cloud.endpoints.keystone}/v3/projects`)).status).toBe(401);
});
