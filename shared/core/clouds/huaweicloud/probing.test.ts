// A probe tries harmlessly, cleans up, makes no bucket, and never throws for what does not work.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../model/index.ts';
import {
  answer,
  failure,
  openTestCloud,
  PROJECT_ID,
  type Script,
  type TestCloud,
  xml,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

const quota = { quotas: { resources: [{ type: 'image', used: 3, quota: 50 }] } };
const systems = [{ platform: 'CentOS', version_list: [{ os_version: 'CentOS 7.0 64bit', os_bit: 64 }] }];

/** Everything works; a store that begins its answer to a part with `etag` when it is given. */
const service =
  (etag?: string): Script =>
  (request, response) => {
    if (request.url.startsWith('/v3/')) return undefined;
    if (request.url === '/v1/cloudimages/quota') return answer(response, 200, quota);
    if (request.url === '/v1/cloudimages/os_version') return answer(response, 200, systems);
    if (request.url.includes('?uploads')) {
      return xml(
        response,
        200,
        '<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>',
      );
    }
    const md5 = createHash('md5').update(request.body).digest('hex');
    if (request.method === 'PUT') {
      response.writeHead(200, { etag: `"${etag ?? md5}"` });
      response.end();
      return true;
    }
    if (request.method === 'GET') {
      return xml(
        response,
        200,
        '<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>"x"</ETag><Size>1024</Size></Part></ListPartsResult>',
      );
    }
    response.writeHead(request.method === 'DELETE' ? 204 : 200);
    response.end();
    return true;
  };
const outcomes = ({ findings }: { findings: { subject: string; outcome: string }[] }) =>
  Object.fromEntries(findings.map(({ subject, outcome }) => [subject, outcome]));

describe('a probe', () => {
  it('tries everything, and removes what it has sent', async () => {
    test = await openTestCloud(service(), { stagingBucket: 'stage' });
    const probe = await test.cloud.probe();
    expect(outcomes(probe)).toEqual({
      'sign-in': 'works',
      'image quota': 'works',
      'catalogue of operating systems': 'works',
      'multipart upload to the object store': 'works',
    });
    expect(probe.settings).toEqual({ project_id: PROJECT_ID });
    expect(probe.findings.map(({ detail }) => detail).join('\n')).toContain('3 of 50 (image)');
    const stored = test.calls().filter((call) => call.includes('/stage'));
    expect(stored.map((call) => call.replace(/[0-9a-f-]{36}/, 'ID'))).toEqual([
      'HEAD /stage',
      'POST /stage/imagebridge-probe/ID?uploads',
      'PUT /stage/imagebridge-probe/ID?partNumber=1&uploadId=u-1',
      expect.stringMatching(/^GET \/stage\/imagebridge-probe\/ID\?/),
      'DELETE /stage/imagebridge-probe/ID?uploadId=u-1',
    ]);
    for (const { detail } of probe.findings) expect(detail).not.toMatch(/pass-word|SecretKey|token-1/);
  });

  it('makes no bucket', async () => {
    test = await openTestCloud(service());
    const without = await test.cloud.probe();
    expect(outcomes(without)).toMatchObject({ 'multipart upload to the object store': 'not-tried' });
    await test.close();
    test = await openTestCloud(
      (request, response) => {
        if (request.method !== 'HEAD') return service()(request, response);
        response.writeHead(404);
        response.end();
        return true;
      },
      { stagingBucket: 'stage' },
    );
    const missing = await test.cloud.probe();
    expect(outcomes(missing)).toMatchObject({ 'multipart upload to the object store': 'failed' });
    expect(missing.findings.at(-1)?.detail).toContain('there is no bucket stage');
    expect(test.calls().filter((call) => call.startsWith('PUT'))).toEqual([]);
  });

  it('tells what does not work, and goes on', async () => {
    test = await openTestCloud(
      (request, response) =>
        request.url.includes('quota')
          ? answer(response, 403, { error_code: 'IMG.0026', error_msg: 'role' })
          : service('0'.repeat(32))(request, response),
      { stagingBucket: 'stage' },
    );
    const probe = await test.cloud.probe();
    expect(outcomes(probe)).toEqual({
      'sign-in': 'works',
      'image quota': 'refused',
      'catalogue of operating systems': 'works',
      'multipart upload to the object store': 'failed',
    });
    expect(probe.findings.at(-1)?.detail).toContain('ETag');
    expect(test.calls().at(-1)).toContain('DELETE /stage/');
  });

  it('asks nothing more of a service that refuses the sign-in', async () => {
    test = await openTestCloud((_, response) =>
      answer(response, 401, { error: { code: 401, message: 'wrong' } }),
    );
    const probe = await test.cloud.probe();
    expect(outcomes(probe)).toEqual({
      'sign-in': 'refused',
      'image quota': 'not-tried',
      'catalogue of operating systems': 'not-tried',
      'multipart upload to the object store': 'not-tried',
    });
    expect(probe.settings).toEqual({});
    expect(test.calls()).toEqual([]);
  });

  it('ends when it is told to, and still removes its upload', async () => {
    const controller = new AbortController();
    test = await openTestCloud(
      (request, response) => {
        if (request.method === 'PUT') {
          controller.abort();
          return true;
        }
        return service()(request, response);
      },
      { stagingBucket: 'stage' },
    );
    const error = await failure(test.cloud.probe({ signal: controller.signal }));
    expect(error).toBeInstanceOf(CancelledError);
    expect(test.calls().at(-1)).toContain('DELETE /stage/');
  });
});
