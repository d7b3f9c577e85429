// A scripted cloud for tests of the adapter: Keystone signs in, Glance answers as a test tells it. No part of the product.
import type { ServerResponse } from 'node:http';
import { fakeClock, json, type Received, startServer } from '../../http/test-server.ts';
import {
  type ImageBridgeError,
  type ImageCloud,
  type OpenstackProfile,
  Secret,
  type UploadStreamRequest,
} from '../../model/index.ts';
import { openOpenstack } from './adapter.ts';

/** Answers a request; undefined: no answer was given, and Keystone is asked next. */
export type Script = (request: Received, response: ServerResponse) => unknown;

/** What a test has in its hands. */
export interface TestCloud {
  cloud: ImageCloud;
  clock: ReturnType<typeof fakeClock>;
  /** Everything that was received, in order. */
  received: Received[];
  /** Requests without those to Keystone, as `METHOD path`. */
  calls(): string[];
  /** How often a token was asked for. */
  signIns(): number;
  profile: OpenstackProfile;
  url: URL;
  /** Opens another cloud on the same server. */
  open(changes: Partial<OpenstackProfile>): ImageCloud;
  close(): Promise<void>;
}

/** Id of the project that the scripted Keystone gives. */
export const PROJECT_ID = '0123456789abcdef0123456789abcdef';

/** Opens a cloud whose services are one scripted server; Keystone works unless the script answers first. */
export async function openTestCloud(
  script: Script,
  changes: Partial<OpenstackProfile> = {},
  tokenLifetimeMs = 3_600_000,
): Promise<TestCloud> {
  const clock = fakeClock();
  let tokens = 0;
  const server = await startServer((request, response) => {
    if (script(request, response) !== undefined) return;
    if (request.url.startsWith('/v3/auth/tokens')) {
      tokens += 1;
      const endpoint = (region: string, kind: string, url: string) => ({
        interface: kind,
        region,
        region_id: region,
        url,
      });
      const base = server.url.origin;
      const token = {
        expires_at: new Date(clock.now() + tokenLifetimeMs).toISOString().replace('Z', '000Z'),
        project: { id: PROJECT_ID, name: 'demo' },
        catalog: [
          { type: 'compute', name: 'nova', endpoints: [endpoint('r-1', 'public', `${base}/compute`)] },
          {
            type: 'image',
            name: 'glance',
            endpoints: [
              endpoint('r-1', 'internal', `${base}/inside`),
              endpoint('r-1', 'public', base),
              endpoint('r-2', 'public', `${base}/image/v2/`),
            ],
          },
        ],
      };
      json(response, 201, { token }, { 'X-Subject-Token': `token-${tokens}` });
      return;
    }
    json(response, 418, { message: `unexpected ${request.method} ${request.url}`, code: '418 Teapot' });
  });
  const profile: OpenstackProfile = {
    name: 'prod',
    family: 'openstack',
    region: 'r-1',
    dialect: 'upstream',
    authUrl: `${server.url.origin}/v3`,
    authType: 'password',
    userName: 'anna',
    userDomainName: 'Default',
    password: new Secret('pass-word'),
    projectName: 'demo',
    projectDomainName: 'Default',
    ...changes,
  };
  const opened: ImageCloud[] = [];
  const open = (more: Partial<OpenstackProfile>) => {
    const cloud = openOpenstack({ ...profile, ...more }, { clock, random: () => 0 });
    opened.push(cloud);
    return cloud;
  };
  return {
    cloud: open({}),
    clock,
    received: server.received,
    calls: () =>
      server.received
        .filter(({ url }) => !url.startsWith('/v3/'))
        .map(({ method, url }) => `${method} ${url}`),
    signIns: () => server.received.filter(({ url }) => url.startsWith('/v3/auth/tokens')).length,
    profile,
    url: server.url,
    open,
    close: async () => {
      for (const cloud of opened) await cloud.close();
      await server.close();
    },
  };
}

/** Answers with JSON, for use as a script's result. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  json(response, status, body, { 'x-openstack-request-id': 'req-1', ...headers });
  return true;
}

/** Answers with an error as Glance writes it. */
export const refuse = (response: ServerResponse, status: number, reason: string, message: string): true =>
  answer(response, status, {
    message: `${message}<br /><br />\n\n\n`,
    code: `${status} ${reason}`,
    title: reason,
  });

/** Answers with text of some type. */
export function page(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8', ...headers });
  response.end(body);
  return true;
}

/** An image as Glance gives it. */
export const wireImage = (id: string, more: object = {}) => ({
  id,
  name: id,
  status: 'active',
  visibility: 'shared',
  size: 5,
  owner: PROJECT_ID,
  disk_format: 'raw',
  container_format: 'bare',
  min_disk: 0,
  min_ram: 0,
  protected: false,
  tags: [],
  ...more,
});

/** An upload of five bytes. */
export const helloUpload = (more: Partial<UploadStreamRequest> = {}): UploadStreamRequest => ({
  name: 'hello',
  diskFormat: 'raw',
  sizeBytes: 5,
  open: async function* () {
    yield Buffer.from('hel');
    yield Buffer.from('lo');
  },
  ...more,
});

/** The body of a request as JSON. */
export const bodyOf = (received: Received | undefined): unknown =>
  JSON.parse(received?.body.toString() || 'null');

/** All items of an async iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The error that a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<ImageBridgeError> {
  return work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: ImageBridgeError) => error,
  );
}

/** A service that takes images; `present` is what it shows of the one it made. `first` answers before it. */
export function takingImages(
  present: object,
  first: Script = () => undefined,
  methods = 'glance-direct,web-download',
): Script {
  return (request, response) => {
    const early = first(request, response);
    if (early !== undefined) return early;
    const { method, url } = request;
    const image = wireImage('i-1', { status: 'queued', size: null, ...present });
    if (method === 'POST' && url === '/v2/images')
      return answer(response, 201, image, { 'OpenStack-image-import-methods': methods });
    if (method === 'GET' && url === '/v2/images/i-1') return answer(response, 200, image);
    if (url === '/v2/info/import')
      return answer(response, 200, { 'import-methods': { value: methods.split(',') } });
    if (url.endsWith('/tasks')) return answer(response, 200, { tasks: [] });
    if (method === 'PUT' || method === 'DELETE') {
      response.writeHead(204).end();
      return true;
    }
    if (url.endsWith('/import')) {
      response.writeHead(202).end();
      return true;
    }
    return undefined;
  };
}
