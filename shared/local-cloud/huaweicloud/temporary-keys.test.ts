// Temporary keys: made by the identity service, good for the image service and the object store until they end.
import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalAccount } from '../options.ts';
import { obs, send, startTestCloud, type TestCloud, tokenOf } from '../testing/client.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
});
afterAll(() => test.remove());

async function issue(token: Record<string, unknown>, headers: Record<string, string> = {}) {
  const reply = await send(`${test.cloud.endpoints.iam}/v3.0/OS-CREDENTIAL/securitytokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ auth: { identity: { methods: ['token'], token } } }),
  });
  return { status: reply.status, credential: JSON.parse(reply.text).credential };
}

function list(access: string, secret: string, securityToken: string | undefined) {
  const endpoint = test.cloud.endpoints.regions['local-1']?.ims ?? '';
  const date = new Date(test.clock.ms).toISOString().replace(/\.\d+|[:-]/g, '');
  const headers: Record<string, string> = { host: new URL(endpoint).host, 'x-sdk-date': date };
  if (securityToken !== undefined) headers['x-security-token'] = securityToken;
  const names = Object.keys(headers).sort();
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `GET\n/v2/cloudimages/\n\n${lines}\n${names.join(';')}\n${digest('')}`;
  const text = `SDK-HMAC-SHA256\n${date}\n${digest(canonical)}`;
  const mac = createHmac('sha256', secret).update(text).digest('hex');
  const authorization = `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names.join(';')}, Signature=${mac}`;
  return send(`${endpoint}/v2/cloudimages`, { headers: { ...headers, authorization } });
}

it('are good for both services together with their token, and only until they end', async () => {
  const token = await tokenOf(test, test.acme);
  const { status, credential } = await issue({ id: token, duration_seconds: 900 });
  expect(status).toBe(201);
  expect(Date.parse(credential.expires_at)).toBe(test.clock.ms + 900_000);
  const { access, secret, securitytoken } = credential;

  expect((await list(access, secret, securitytoken)).status).toBe(200);
  expect((await list(access, secret, undefined)).status).toBe(401);
  expect((await list(access, secret, 'wrong')).status).toBe(401);
  expect((await list(access, 'wrong', securitytoken)).status).toBe(401);

  const account: LocalAccount = { ...test.acme, accessKey: access, secretKey: secret };
  const headers = { 'x-obs-security-token': securitytoken };
  const location = '<CreateBucketConfiguration><Location>local-1</Location></CreateBucketConfiguration>';
  expect((await obs(test, 'PUT', 'lent', { account, headers, body: location })).status).toBe(200);
  expect((await obs(test, 'PUT', 'lent/key', { account, headers, body: 'x' })).status).toBe(200);
  // The bucket belongs to the account, not to the key.
  expect((await obs(test, 'GET', 'lent/key')).text).toBe('x');
  expect((await obs(test, 'GET', 'lent/key', { account })).status).toBe(403);
  expect((await obs(test, 'GET', 'lent/key', { headers })).status).toBe(403);
  const wrong = { 'x-obs-security-token': 'wrong' };
  expect((await obs(test, 'GET', 'lent/key', { account, headers: wrong })).status).toBe(403);

  test.clock.ms += 900_000;
  expect((await list(access, secret, securitytoken)).status).toBe(401);
  expect((await obs(test, 'GET', 'lent/key', { account, headers })).status).toBe(403);
});

it('are given to the bearer of a good token only, for 15 minutes to 24 hours', async () => {
  const token = await tokenOf(test, test.acme);
  expect((await issue({}, { 'x-auth-token': token })).status).toBe(201);
  expect((await issue({ id: token, duration_seconds: 899 })).status).toBe(400);
  expect((await issue({ id: token, duration_seconds: 86_401 })).status).toBe(400);
  expect((await issue({ id: 'wrong' })).status).toBe(401);
});
