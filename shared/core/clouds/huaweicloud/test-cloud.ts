// A scripted cloud for tests of the adapter: one server that answers as a test tells it. No part of the product.
import type { ServerResponse } from 'node:http';
import { HttpClient } from '../../http/index.ts';
import { fakeClock, json, type Received, startServer } from '../../http/test-server.ts';
import { type HuaweicloudProfile, type ImageCloud, Secret } from '../../model/index.ts';
import { openHuaweicloud } from './adapter.ts';
import { Session } from './session.ts';

/** Answers a request; undefined: no answer was given, and the script goes on to IAM. */
export type Script = (request: Received, response: ServerResponse) => undefined | boolean | unknown;

/** What a test has in its hands. */
export interface TestCloud {
  cloud: ImageCloud;
  /** The same account below the adapter: for the wire client. */
  session: Session;
  clock: ReturnType<typeof fakeClock>;
  /** Everything that was received, in order. */
  received: Received[];
  /** Requests without those to IAM, as `METHOD path`. */
  calls(): string[];
  url: URL;
  close(): Promise<void>;
}

/** Id of the project that the scripted IAM gives. */
export const PROJECT_ID = '0123456789abcdef0123456789abcdef';

/** Opens a cloud whose services are all one scripted server; IAM works unless the script answers first. */
export async function openTestCloud(
  script: Script,
  changes: Partial<HuaweicloudProfile> = {},
): Promise<TestCloud> {
  const clock = fakeClock();
  let tokens = 0;
  const server = await startServer((request, response) => {
    if (script(request, response) !== undefined) return;
    if (request.url.startsWith('/v3/auth/tokens')) {
      tokens += 1;
      const expiresAt = new Date(clock.now() + 24 * 3_600_000).toISOString().replace('Z', '000Z');
      const token = {
        expires_at: expiresAt,
        methods: ['password'],
        project: { id: PROJECT_ID, name: 'r-1' },
      };
      json(response, 201, { token }, { 'X-Subject-Token': `token-${tokens}` });
      return;
    }
    json(response, 418, {
      error_code: 'TEST.0001',
      error_msg: `unexpected ${request.method} ${request.url}`,
    });
  });
  const base = server.url.origin;
  const profile: HuaweicloudProfile = {
    name: 'prod',
    family: 'huaweicloud',
    region: 'r-1',
    domain: 'acme',
    user: 'anna',
    password: new Secret('pass-word'),
    accessKey: 'AccessKey',
    secretKey: new Secret('SecretKey'),
    domainSuffix: 'example',
    endpoints: { iam: base, ims: base, obs: base },
    regions: {},
    ...changes,
  };
  const cloud = openHuaweicloud(profile, { clock, random: () => 0 });
  const http = new HttpClient({ clock, random: () => 0 });
  return {
    cloud,
    session: new Session({ profile, http, clock, region: 'r-1', project: 'r-1' }),
    clock,
    received: server.received,
    calls: () =>
      server.received
        .filter(({ url }) => !url.startsWith('/v3/'))
        .map(({ method, url }) => `${method} ${url}`),
    url: server.url,
    close: async () => {
      await cloud.close();
      await http.close();
      await server.close();
    },
  };
}

/** Answers with XML. */
export function xml(response: ServerResponse, status: number, body: string): true {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-obs-request-id': 'obs-1' });
  response.end(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`);
  return true;
}

/** Answers with JSON, for use as a script's result. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  json(response, status, body, headers);
  return true;
}

/** All items of an async iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The error that a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: unknown) => error,
  );
}
