// A minimal client for the tests of this package. It signs for itself, on purpose by other code than the server's.
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud } from '../cloud.ts';
import type { LocalAccount, LocalCloud, LocalCloudOptions } from '../options.ts';

/** A clock that a test moves. */
export class TestClock {
  ms = Date.parse('2026-01-02T03:04:05Z');
  now = () => this.ms;
}

/** A reply, read to its end. */
export interface TestReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  text: string;
}

/** Sends a request by node:http, so that any header can be set. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<TestReply> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const counted = body !== undefined && headers['transfer-encoding'] === undefined;
    const length = counted ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const outgoing = request(
      url,
      { method, headers: { ...length, ...headers }, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('aborted', () => reject(new Error('cut')));
        incoming.on('end', () => {
          const all = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: all,
            text: all.toString('utf8'),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A cloud in a directory of its own, with a clock that the test moves. */
export interface TestCloud {
  cloud: LocalCloud;
  clock: TestClock;
  dataDir: string;
  acme: LocalAccount;
  partner: LocalAccount;
  /** Stops it and starts it again over the same directory. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export async function startTestCloud(options: Partial<LocalCloudOptions> = {}): Promise<TestCloud> {
  const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const clock = new TestClock();
  const start = () => startLocalCloud({ dataDir, clock, jobDurationMs: 1000, ...options });
  const cloud = await start();
  const [acme, partner] = cloud.accounts;
  if (acme === undefined || partner === undefined) throw new Error('two accounts are expected');
  const test: TestCloud = {
    cloud,
    clock,
    dataDir,
    acme,
    partner,
    async restart() {
      await test.cloud.close();
      test.cloud = await start();
    },
    async remove() {
      await test.cloud.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}

export const md5 = (data: Buffer | string) => createHash('md5').update(data).digest();
export const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');

/** What of an object request is different from the usual. */
export interface ObsRequest {
  region?: string;
  account?: LocalAccount;
  query?: string;
  /** The part of the query that is signed; default all of it. */
  signedQuery?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  atMs?: number;
  virtualHost?: boolean;
}

/** A signed request to the object store. `path` is `bucket` or `bucket/encoded-key`. */
export async function obs(test: TestCloud, method: string, path: string, options: ObsRequest = {}) {
  const { region = 'local-1', account = test.acme, query = '', headers = {}, body } = options;
  const resource = path === '' || path.includes('/') ? `/${path}` : `/${path}/`;
  const all: Record<string, string> = {
    ...headers,
    'x-obs-date': new Date(options.atMs ?? test.clock.ms).toUTCString(),
  };
  const own = Object.keys(all)
    .filter((name) => name.startsWith('x-obs-'))
    .sort()
    .map((name) => `${name}:${all[name]}\n`)
    .join('');
  const signed = options.signedQuery ?? query;
  const text = [
    method,
    all['content-md5'] ?? '',
    all['content-type'] ?? '',
    '',
    `${own}${resource}${signed === '' ? '' : `?${signed}`}`,
  ].join('\n');
  const mac = createHmac('sha1', account.secretKey).update(text).digest('base64');
  const endpoint = test.cloud.endpoints.regions[region]?.obs ?? '';
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(resource) ?? [];
  const address = options.virtualHost ? `${endpoint}/${key}` : `${endpoint}/${path}`;
  return send(`${address}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      ...(options.virtualHost ? { host: `${bucket}.obs.${region}.example.com` } : {}),
      authorization: `OBS ${account.accessKey}:${mac}`,
      ...all,
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** The text of the first element of a name. */
export const tagOf = (text: string, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';

/** A token for a project of an account. */
export async function tokenOf(test: TestCloud, account: LocalAccount, region = 'local-1'): Promise<string> {
  const reply = await send(`${test.cloud.endpoints.iam}/v3/auth/tokens?nocatalog=true`, {
    method: 'POST',
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: { name: account.user, password: account.password, domain: { name: account.domain } },
          },
        },
        scope: { project: { name: region } },
      },
    }),
  });
  return String(reply.headers['x-subject-token']);
}

/** A caller of the image service of one region. */
export async function imsOf(test: TestCloud, account = test.acme, region = 'local-1') {
  const token = await tokenOf(test, account, region);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await send(`${test.cloud.endpoints.regions[region]?.ims}${path}`, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into replies freely; a wrong look fails the test
    const data: any = reply.text === '' || reply.text.startsWith('<') ? undefined : JSON.parse(reply.text);
    // The native calls refuse in XML.
    const code = (data?.error?.code ?? (tagOf(reply.text, 'code') || undefined)) as string | undefined;
    return { status: reply.status, data, code, headers: reply.headers, text: reply.text };
  };
  return {
    call,
    /** Waits for a job by moving the clock. */
    async finish(jobId: string) {
      test.clock.ms += 1001;
      return (await call('GET', `/v1/${account.projects[region]}/jobs/${jobId}`)).data;
    },
  };
}

/** Uploads an object in one piece, and makes the bucket. */
export async function upload(test: TestCloud, path: string, body: Buffer | string, options: ObsRequest = {}) {
  const bucket = path.split('/')[0] ?? '';
  const region = options.region ?? 'local-1';
  const location = `<CreateBucketConfiguration><Location>${region}</Location></CreateBucketConfiguration>`;
  await obs(test, 'PUT', bucket, { ...options, body: location });
  return obs(test, 'PUT', path, { ...options, body });
}

/** The smallest body of a creation that is accepted. */
export const creation = (name: string, url: string) => ({ name, image_url: url, min_disk: 40 });
