// Signing in and finding the image service, against a scripted Keystone.
import { afterEach, describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  CancelledError,
  InvalidInputError,
  type OpenstackProfile,
  ProtocolError,
  Secret,
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

const noImages: Script = (request, response) =>
  request.url.includes('/v2/images') ? answer(response, 200, { images: [] }) : undefined;

async function open(
  script: Script = noImages,
  changes?: Partial<OpenstackProfile>,
  lifetimeMs?: number,
): Promise<TestCloud> {
  test = await openTestCloud(script, changes, lifetimeMs);
  return test;
}
const list = (t: TestCloud) => all(t.cloud.listImages());
const NO_PASSWORD = { userName: undefined, password: undefined, projectName: undefined };

describe('signing in', () => {
  it('sends name, domain and project', async () => {
    const t = await open();
    expect(await t.cloud.projectId()).toBe(PROJECT_ID);
    expect(t.received[0]?.url).toBe('/v3/auth/tokens');
    expect(bodyOf(t.received[0])).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'anna', domain: { name: 'Default' }, password: 'pass-word' } },
        },
        scope: { project: { name: 'demo', domain: { name: 'Default' } } },
      },
    });
  });

  it('sends ids without domains', async () => {
    const t = await open(noImages, { userId: 'u-1', userName: undefined, projectId: 'p-1' });
    await t.cloud.projectId();
    expect(bodyOf(t.received[0])).toEqual({
      auth: {
        identity: { methods: ['password'], password: { user: { id: 'u-1', password: 'pass-word' } } },
        scope: { project: { id: 'p-1' } },
      },
    });
  });

  it('sends a token with the scope', async () => {
    const t = await open(noImages, {
      ...NO_PASSWORD,
      authType: 'token',
      token: new Secret('old'),
      projectId: 'p',
    });
    await t.cloud.projectId();
    expect(bodyOf(t.received[0])).toEqual({
      auth: { identity: { methods: ['token'], token: { id: 'old' } }, scope: { project: { id: 'p' } } },
    });
  });

  it('sends an application credential without a scope, by id and by name', async () => {
    const t = await open(noImages, {
      ...NO_PASSWORD,
      authType: 'application_credential',
      applicationCredentialId: 'c-1',
      applicationCredentialSecret: new Secret('shh'),
      projectId: 'p-1',
    });
    await t.cloud.projectId();
    const credential = { id: 'c-1', secret: 'shh' };
    expect(bodyOf(t.received[0])).toEqual({
      auth: { identity: { methods: ['application_credential'], application_credential: credential } },
    });
    const named = t.open({
      applicationCredentialId: undefined,
      applicationCredentialName: 'up',
      userId: 'u-1',
    });
    await named.projectId();
    expect(bodyOf(t.received[1])).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { name: 'up', user: { id: 'u-1' }, secret: 'shh' },
        },
      },
    });
  });

  it('says what the profile lacks, and sends nothing', async () => {
    const t = await open(noImages, { password: undefined });
    const error = await failure(t.cloud.projectId());
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain('has no password');
    expect(t.received).toEqual([]);
  });

  it.each(['', '/', '/v3', '/v3/'])('finds Keystone when the URL ends in "%s"', async (end) => {
    const t = await open();
    const cloud = t.open({ authUrl: `${t.url.origin}${end}` });
    await cloud.projectId();
    expect(t.received[0]?.url).toBe('/v3/auth/tokens');
  });

  it('keeps a path before /v3', async () => {
    const t = await open((request, response) =>
      request.url === '/identity/v3/auth/tokens'
        ? answer(response, 201, { token: { project: { id: 'p' } } }, { 'X-Subject-Token': 't' })
        : undefined,
    );
    expect(await t.open({ authUrl: `${t.url.origin}/identity` }).projectId()).toBe('p');
  });

  it('tells a wrong password in Keystone’s words, without the password', async () => {
    const t = await open((_, response) =>
      answer(response, 401, {
        error: {
          code: 401,
          message: 'The request you have made requires authentication.',
          title: 'Unauthorized',
        },
      }),
    );
    const error = await failure(t.cloud.projectId());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toContain('Could not sign in as anna on openstack "prod"');
    expect(error.details).toMatchObject({ requestId: 'req-1', httpStatus: 401 });
    expect(error.details.serviceMessage).toBe('The request you have made requires authentication.');
    expect(JSON.stringify(error) + error.message).not.toContain('pass-word');
    expect(t.signIns()).toBe(1);
  });

  it('takes "not found" for a wrong token, or for a wrong address', async () => {
    const t = await open((_, response) =>
      answer(response, 404, {
        error: { code: 404, message: 'Could not recognize Fernet token', title: 'Not Found' },
      }),
    );
    const wrongPlace = await failure(t.cloud.projectId());
    expect(wrongPlace).toBeInstanceOf(ProtocolError);
    expect(wrongPlace.details.hint).toBe('Check auth_url in profile "prod".');
    const wrongToken = t.open({ ...NO_PASSWORD, authType: 'token', token: new Secret('old-token') });
    const error = await failure(wrongToken.projectId());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.details.hint).toContain('get a new one');
    expect(JSON.stringify(error) + error.message).not.toContain('old-token');
  });

  it('says that a second factor is needed', async () => {
    const t = await open((_, response) =>
      answer(response, 401, { receipt: {} }, { 'Openstack-Auth-Receipt': 'r' }),
    );
    expect((await failure(t.cloud.projectId())).message).toContain('second factor');
  });

  it('takes no answer without a token for a success', async () => {
    const t = await open((_, response) => answer(response, 201, { token: {} }));
    expect(await failure(t.cloud.projectId())).toBeInstanceOf(ProtocolError);
  });

  it('says that a token without a project is of no use', async () => {
    const t = await open((_, response) => answer(response, 201, { token: {} }, { 'X-Subject-Token': 't' }));
    const error = await failure(t.cloud.projectId());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toContain('project_name');
  });
});

describe('tokens', () => {
  it('are asked for once for many callers', async () => {
    const t = await open();
    await Promise.all([list(t), list(t), t.cloud.projectId(), list(t)]);
    expect(t.signIns()).toBe(1);
    expect(t.received.at(-1)?.headers['x-auth-token']).toBe('token-1');
  });

  it('are shared by all regions', async () => {
    const t = await open();
    await list(t);
    await all(t.cloud.inRegion('r-2').listImages());
    expect(t.signIns()).toBe(1);
  });

  it('are renewed 120 seconds before they end', async () => {
    const t = await open();
    await list(t);
    t.clock.advance(3_600_000 - 121_000);
    await list(t);
    expect(t.signIns()).toBe(1);
    t.clock.advance(2_000);
    await list(t);
    expect(t.signIns()).toBe(2);
    expect(t.received.at(-1)?.headers['x-auth-token']).toBe('token-2');
  });

  it('are renewed once when they are refused, also for a POST', async () => {
    const t = await open((request, response) => {
      if (!request.url.includes('/actions/')) return undefined;
      if (request.headers['x-auth-token'] === 'token-1')
        return refuse(response, 401, 'Unauthorized', 'This server could not verify …');
      response.writeHead(204).end();
      return true;
    });
    await t.cloud.setActive('i-1', false);
    expect(t.signIns()).toBe(2);
    expect(t.calls()).toEqual(Array(2).fill('POST /v2/images/i-1/actions/deactivate'));
  });

  it('are not asked for again and again when the new one is refused too', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/') ? refuse(response, 401, 'Unauthorized', 'no') : undefined,
    );
    expect(await failure(list(t))).toBeInstanceOf(AuthenticationError);
    expect(t.signIns()).toBe(2);
    expect(t.calls()).toHaveLength(2);
  });

  it('are renewed once for many calls that were refused together', async () => {
    const t = await open((request, response) => {
      if (!request.url.startsWith('/v2/images/')) return undefined;
      return request.headers['x-auth-token'] === 'token-1'
        ? refuse(response, 401, 'Unauthorized', 'no')
        : answer(response, 200, wireImage('i-1'));
    });
    await Promise.all([1, 2, 3, 4].map(() => t.cloud.getImage('i-1')));
    expect(t.signIns()).toBe(2);
  });

  it('of one caller who goes are still fetched for the others', async () => {
    const controller = new AbortController();
    const t = await open((request) => {
      if (request.url.startsWith('/v3/')) controller.abort();
      return undefined;
    });
    const [gone, stays] = await Promise.allSettled([
      t.cloud.projectId({ signal: controller.signal }),
      t.cloud.projectId(),
    ]);
    expect(gone).toMatchObject({ status: 'rejected', reason: expect.any(CancelledError) });
    expect(stays).toMatchObject({ status: 'fulfilled', value: PROJECT_ID });
    expect(t.signIns()).toBe(1);
  });
});

describe('the image service', () => {
  it('is found by type, region and interface; a version and a path in its URL do no harm', async () => {
    const t = await open();
    await list(t);
    await all(t.cloud.inRegion('r-2').listImages());
    await all(t.open({ interface: 'internal' }).listImages());
    await all(t.open({ imageEndpoint: `${t.url.origin}/own/{region}/v2.1/` }).listImages());
    expect(t.calls()).toEqual([
      'GET /v2/images?limit=100',
      'GET /image/v2/images?limit=100',
      'GET /inside/v2/images?limit=100',
      'GET /own/r-1/v2/images?limit=100',
    ]);
  });

  it('that is missing is told with the regions that there are', async () => {
    const t = await open();
    const error = await failure(all(t.cloud.inRegion('r-9').listImages()));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain('r-9');
    expect(error.details.hint).toBe('There are: r-1 (internal), r-1 (public), r-2 (public).');
    expect(t.calls()).toEqual([]);
  });

  it('that is no web address gets no token', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v3/')
        ? answer(
            response,
            201,
            {
              token: {
                project: { id: 'p' },
                catalog: [
                  {
                    type: 'image',
                    endpoints: [{ interface: 'public', region_id: 'r-1', url: 'file:///etc/passwd' }],
                  },
                ],
              },
            },
            { 'X-Subject-Token': 't' },
          )
        : undefined,
    );
    expect((await failure(list(t))).message).toContain('neither http nor https');
  });

  it('gives its token to no other host when it redirects', async () => {
    const other = await openTestCloud(noImages);
    try {
      const t = await open((request, response) =>
        request.url.startsWith('/v2/')
          ? answer(response, 302, {}, { location: `${other.url.origin}/v2/images` })
          : undefined,
      );
      const error = await failure(list(t));
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error.message).toContain('redirect');
      await failure(t.cloud.downloadImage('i-1', 0));
      await failure(t.cloud.deleteImage('i-1'));
      expect(other.received).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
