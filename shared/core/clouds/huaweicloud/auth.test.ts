// Who sends a request: tokens that end on the way, keys with their limit, temporary keys.
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidInputError, PermissionError, Secret } from '../../model/index.ts';
import { createTemporaryKeys } from './iam.ts';
import * as api from './ims/api.ts';
import { signSdk } from './signing/sdk-hmac.ts';
import { answer, failure, openTestCloud, PROJECT_ID, type Script, type TestCloud } from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

const MIB = 1024 ** 2;
const KEYS = { user: undefined, password: undefined, projectId: PROJECT_ID };
const signIns = (t: TestCloud) => t.received.filter(({ url }) => url.startsWith('/v3/auth/tokens')).length;
const quota = { quotas: { resources: [{ type: 'image', used: 1, quota: 50 }] } };

/** Bytes in pieces of 1 MiB, and how often they were opened. */
function bytesOf(sizeBytes: number) {
  const state = { opened: 0, sizeBytes };
  const open = async function* () {
    state.opened += 1;
    for (let left = sizeBytes; left > 0; left -= MIB) yield Buffer.alloc(Math.min(MIB, left), 7);
  };
  return { state, sizeBytes, open };
}

describe('a token that ends on the way', () => {
  it('is renewed once for all the calls that it was refused to', async () => {
    let refusals = 0;
    let release: (() => void) | undefined;
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const script: Script = (request, response) => {
      if (!request.url.includes('/quota')) return undefined;
      if (request.headers['x-auth-token'] !== 'token-1') return answer(response, 200, quota);
      refusals += 1;
      if (refusals === 5) release?.();
      // No refusal is told before all calls are under way with the old token.
      void all.then(() => answer(response, 401, { error_code: 'APIG.0307', error_msg: 'token expired' }));
      return true;
    };
    test = await openTestCloud(script);
    const { cloud } = test;
    const answers = await Promise.all(Array.from({ length: 5 }, () => cloud.getQuotas()));
    expect(answers).toHaveLength(5);
    expect(refusals).toBe(5);
    expect(signIns(test)).toBe(2);
  });

  it('is renewed in the middle of a transfer, whose bytes are then sent again', async () => {
    const script: Script = (request, response) => {
      if (!request.url.endsWith('/file')) return undefined;
      const expired = request.headers['x-auth-token'] === 'token-1';
      if (expired) return answer(response, 401, { error: { code: 'IMG.0087', message: 'token' } });
      response.writeHead(204);
      response.end();
      return true;
    };
    test = await openTestCloud(script);
    const bytes = bytesOf(5 * MIB);
    await api.uploadNativeImage(test.session.ims, { image_id: 'i' }, bytes);
    const [first, second] = test.received.filter(({ url }) => url.endsWith('/file'));
    expect(bytes.state.opened).toBe(2);
    expect(first?.headers['x-auth-token']).toBe('token-1');
    expect(second?.headers['x-auth-token']).toBe('token-2');
    expect(second?.body.byteLength).toBe(5 * MIB);
    expect(signIns(test)).toBe(2);
  });

  it('is renewed before it ends while pages are read', async () => {
    const page = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `i-${from + index}`, name: 'n' }));
    test = await openTestCloud((request, response) => {
      if (!request.url.startsWith('/v2/cloudimages')) return undefined;
      const marker = new URL(request.url, 'http://h').searchParams.get('marker');
      return answer(response, 200, { images: marker === null ? page(0, 100) : page(100, 1) });
    });
    let seen = 0;
    for await (const _ of test.cloud.listImages()) {
      seen += 1;
      if (seen === 50) test.clock.advance(24 * 3_600_000);
    }
    expect(seen).toBe(101);
    const tokens = test.received
      .filter(({ url }) => url.startsWith('/v2/'))
      .map(({ headers }) => headers['x-auth-token']);
    expect(tokens).toEqual(['token-1', 'token-2']);
  });
});

describe('access keys', () => {
  it('sign bytes up to 12 MB, over their hash', async () => {
    test = await openTestCloud((_, response) => {
      response.writeHead(204);
      response.end();
      return true;
    }, KEYS);
    const bytes = bytesOf(12 * MIB);
    await api.uploadNativeImage(test.session.ims, { image_id: 'i' }, bytes);
    const [request] = test.received;
    expect(bytes.state.opened).toBe(1);
    expect(request?.body.byteLength).toBe(12 * MIB);
    expect(request?.headers.authorization).toMatch(
      /^SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=accept;content-type;host;x-project-id;x-sdk-date, Signature=[0-9a-f]{64}$/,
    );
    const { host = '', authorization = '', ...headers } = request?.headers ?? {};
    const signed = ['accept', 'content-type', 'x-project-id', 'x-sdk-date'].map((name) => [
      name,
      headers[name],
    ]);
    const canonical = {
      method: 'PUT',
      url: new URL(request?.url ?? '', test.url),
      headers: { host, ...Object.fromEntries(signed) },
      body: request?.body,
    };
    const keys = { accessKey: 'AccessKey', secretKey: 'SecretKey' };
    expect(authorization).toBe(signSdk(canonical, keys));
  });

  it('refuse more, before a byte is read or sent, and say what works', async () => {
    test = await openTestCloud(() => true, KEYS);
    const bytes = bytesOf(12 * MIB + 1);
    const error = await failure(api.uploadNativeImage(test.session.ims, { image_id: 'i' }, bytes));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toContain(
      'it sends 12582913 bytes, and requests signed with access keys may have 12582912. Give the profile user and password',
    );
    expect(bytes.state.opened).toBe(0);
    expect(test.received).toHaveLength(0);
  });

  it('stop at the limit when a source gives more than it said', async () => {
    test = await openTestCloud(() => true, KEYS);
    const lying = { sizeBytes: 1, open: bytesOf(13 * MIB).open };
    const error = await failure(api.uploadNativeImage(test.session.ims, { image_id: 'i' }, lying));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(test.received).toHaveLength(0);
  });

  it('do not stand in the way of a token, which takes any size', async () => {
    test = await openTestCloud((request, response) => {
      if (request.url.startsWith('/v3/')) return undefined;
      response.writeHead(204);
      response.end();
      return true;
    });
    await api.uploadNativeImage(test.session.ims, { image_id: 'i' }, bytesOf(13 * MIB));
    expect(test.received.at(-1)?.body.byteLength).toBe(13 * MIB);
    expect(test.received.at(-1)?.headers['x-auth-token']).toBe('token-1');
  });

  it('that are temporary send their token, under the signature', async () => {
    test = await openTestCloud((_, response) => answer(response, 200, quota), {
      ...KEYS,
      securityToken: new Secret('sts-token'),
    });
    await test.cloud.getQuotas();
    expect(test.received[0]?.headers).toMatchObject({
      'x-security-token': 'sts-token',
      authorization: expect.stringContaining('x-sdk-date;x-security-token, Signature='),
    });
  });

  it('ask for the projects without naming one, and get no token', async () => {
    test = await openTestCloud(
      (_, response) => answer(response, 200, { projects: [{ id: 'p-1', name: 'r-1' }] }),
      { ...KEYS, projectId: undefined },
    );
    await test.cloud.callOperation(51, { parameters: {} });
    expect(test.received.map(({ url }) => url)).toEqual(['/v3/projects']);
    expect(test.received[0]?.headers['x-project-id']).toBeUndefined();
    expect(test.received[0]?.headers.authorization).toContain('SignedHeaders=host;x-sdk-date');
    const error = await failure(test.cloud.callOperation(50, { parameters: {} }));
    expect(String(error)).toContain('the profile has no user and password');
  });
});

describe('temporary keys', () => {
  const credential = {
    access: 'AK-2',
    secret: 'SK-2',
    securitytoken: 'sts',
    expires_at: '2023-04-19T13:00:00.000000Z',
  };

  it('are got with a token, for a while', async () => {
    test = await openTestCloud((request, response) =>
      request.url.startsWith('/v3.0/') ? answer(response, 201, { credential }) : undefined,
    );
    const { session, clock } = test;
    const keys = await createTemporaryKeys(session.iam, new Secret('token-9'), clock, 3600);
    expect(keys).toMatchObject({ accessKey: 'AK-2', expiresAtMs: Date.UTC(2023, 3, 19, 13) });
    expect([keys.secretKey.reveal(), keys.securityToken.reveal()]).toEqual(['SK-2', 'sts']);
    expect(JSON.stringify(keys)).not.toMatch(/SK-2|sts/);
    const [request] = test.received;
    expect(`${request?.method} ${request?.url}`).toBe('POST /v3.0/OS-CREDENTIAL/securitytokens');
    expect(request?.headers['x-auth-token']).toBe('token-9');
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual({
      auth: { identity: { methods: ['token'], token: { duration_seconds: 3600 } } },
    });
  });

  it('are refused for a duration that the service does not give, and when it refuses', async () => {
    test = await openTestCloud((_, response) =>
      answer(response, 403, { error: { code: 403, message: 'no rights', title: 'Forbidden' } }),
    );
    const { session, clock } = test;
    for (const seconds of [899, 86_401, 900.5]) {
      const error = await failure(createTemporaryKeys(session.iam, new Secret('t'), clock, seconds));
      expect(error).toBeInstanceOf(InvalidInputError);
    }
    expect(test.received).toHaveLength(0);
    const refused = await failure(createTemporaryKeys(session.iam, new Secret('t'), clock));
    expect(refused).toBeInstanceOf(PermissionError);
  });
});
