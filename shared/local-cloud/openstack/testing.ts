// What the tests of the OpenStack family share: callers of Keystone and Glance, by accounts of a test cloud.
import type { LocalAccount } from '../options.ts';
import { send, type TestCloud } from '../testing/client.ts';

/** The body of a sign-in with a password, for the account's project. */
export const passwordAuth = ({ openstack }: LocalAccount, scope?: unknown) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: {
          name: openstack.userName,
          domain: { name: openstack.domainName },
          password: openstack.password,
        },
      },
    },
    ...(scope === undefined ? {} : { scope }),
  },
});

/** A caller of Keystone. */
export const keystoneOf =
  (test: TestCloud) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await send(`${test.cloud.endpoints.keystone}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into replies freely; a wrong look fails the test
    const data: any = reply.text === '' ? undefined : JSON.parse(reply.text);
    return { ...reply, data };
  };

/** A caller of Glance in one region. */
export async function glanceOf(test: TestCloud, account: LocalAccount, region = 'local-1') {
  const reply = await keystoneOf(test)('POST', '/v3/auth/tokens', passwordAuth(account));
  const token = String(reply.headers['x-subject-token']);
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await send(`${test.cloud.endpoints.regions[region]?.glance}${path}`, {
      method,
      headers: { 'x-auth-token': token, accept: 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    // biome-ignore lint/suspicious/noExplicitAny: tests look into replies freely; a wrong look fails the test
    const data: any = isJson && answer.text !== '' ? JSON.parse(answer.text) : undefined;
    return { ...answer, data };
  };
}

/** Headers of bytes. */
export const bytes = { 'content-type': 'application/octet-stream' };
/** Headers of a patch. */
export const patch21 = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
