// The traps of the service's answers: what is documented in two ways is read in both.
import { afterEach, describe, expect, it } from 'vitest';
import { ImageBridgeError, ProtocolError } from '../../../model/index.ts';
import { toImage, toJob } from '../convert.ts';
import { answer, failure, openTestCloud, type TestCloud } from '../test-cloud.ts';
import * as api from './api.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

/** A session whose image service gives one answer. */
async function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  test = await openTestCloud((request, response) => {
    if (request.url.startsWith('/v3/')) return undefined;
    if (typeof body !== 'string') return answer(response, status, body, headers);
    response.writeHead(status, headers);
    response.end(body);
    return true;
  });
  return test.session.ims;
}

describe('jobs', () => {
  it.each([
    ['an object', { image_id: 'i-1' }],
    ['a list', [{ image_id: 'i-1' }]],
  ])('are read with entities as %s', async (_, entities) => {
    const ims = await answering(200, { status: 'SUCCESS', job_id: 'j', entities });
    expect(toJob(await api.getJob(ims, { job_id: 'j' }), 'j')).toMatchObject({
      status: 'succeeded',
      imageIds: ['i-1'],
    });
  });

  it('are read with entities that are null, numbers that are texts, and both kinds of times', async () => {
    const ims = await answering(200, {
      status: 'RUNNING',
      job_id: 'j',
      begin_time: '2024-11-06T06:19:43.195Z',
      end_time: '',
      error_code: null,
      entities: null,
    });
    expect(toJob(await api.getJob(ims, { job_id: 'j' }), 'j')).toMatchObject({
      status: 'running',
      startedAt: new Date('2024-11-06T06:19:43.195Z'),
      endedAt: undefined,
      errorCode: undefined,
    });
  });

  it('name the images of their sub jobs, and why one of them failed', async () => {
    const sub = { status: 'FAIL', job_id: 'j-2', error_code: 'IMG.0057', fail_reason: 'no file' };
    const ims = await answering(200, {
      status: 'FAIL',
      job_id: 'j',
      begin_time: '04-Jun-2015 18:11:06:586',
      entities: {
        process_percent: '40',
        sub_jobs_result: [
          { status: 'SUCCESS', job_id: 'j-1', entities: { image_id: 'i-1', image_name: 'a' } },
          { ...sub, entities: {} },
        ],
      },
    });
    const job = toJob(await api.getJob(ims, { job_id: 'j' }), 'j');
    expect(job).toMatchObject({
      status: 'failed',
      imageIds: ['i-1'],
      errorCode: 'IMG.0057',
      progress: 0.4,
      startedAt: new Date(Date.UTC(2015, 5, 4, 18, 11, 6, 586)),
    });
    expect(job.failureReason).toContain('IMG.0057 no file');
  });
});

describe('images', () => {
  it('keep unknown fields, and have their booleans and numbers read from texts', async () => {
    const ims = await answering(200, {
      id: 'i-1',
      min_disk: '40',
      max_ram: '2048',
      protected: 'True',
      __support_arm: 'true',
      __lazyloading: 'False',
      __image_size: '449261568',
      update_at: '2018-09-06T15:17:33Z',
      created_at: '2018-09-06T14:03:27Z',
      create_at: '1999-01-01T00:00:00Z',
      brand_new: { a: 1 },
    });
    const wire = await api.showImage(ims, { image_id: 'i-1' });
    expect(wire.brand_new).toEqual({ a: 1 });
    expect(toImage(wire)).toMatchObject({
      minDiskGiB: 40,
      protected: true,
      architecture: 'arm',
      sizeBytes: 449_261_568,
      createdAt: new Date('2018-09-06T14:03:27Z'),
      updatedAt: new Date('2018-09-06T15:17:33Z'),
      properties: { max_ram: '2048', __lazyloading: 'False', brand_new: '{"a":1}' },
    });
  });

  it('give no answer a way to the prototypes', async () => {
    const ims = await answering(200, '{"id":"i-1","__proto__":{"polluted":true}}', {
      'content-type': 'application/json',
    });
    const wire = await api.showImage(ims, { image_id: 'i-1' });
    expect(wire.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('versions', () => {
  it('are believed with status 300 when JSON comes with it, and with 200', async () => {
    const body = { versions: [{ id: 'v2.2', status: 'CURRENT', links: [] }] };
    const ims = await answering(300, body);
    expect((await api.listVersions(ims)).versions[0]).toMatchObject({ id: 'v2.2', status: 'CURRENT' });
    await test?.close();
    test = undefined;
    expect((await api.showVersion(await answering(200, body), { api_version: 'v2' })).versions).toHaveLength(
      1,
    );
  });

  it('are not believed as a web page, and a 300 of another call is none', async () => {
    const page = '<html><title>Choose</title></html>';
    const ims = await answering(300, page, { 'content-type': 'text/html', location: 'http://elsewhere/' });
    expect(await failure(api.listVersions(ims))).toBeInstanceOf(ProtocolError);
    expect(await failure(api.showImage(ims, { image_id: 'i' }))).toBeInstanceOf(ProtocolError);
    expect(test?.received.filter(({ url }) => !url.startsWith('/v3/'))).toHaveLength(2);
  });
});

describe('errors', () => {
  it('of native calls are read from XML', async () => {
    const xml =
      '<?xml version="1.0"?><itemNotFound code="404"><message>No image found</message></itemNotFound>';
    const ims = await answering(404, xml, { 'content-type': 'application/xml', 'x-request-id': 'r-1' });
    const error = await failure(api.showImage(ims, { image_id: 'i' }));
    expect(error).toBeInstanceOf(ImageBridgeError);
    expect(error).toMatchObject({
      kind: 'not-found',
      details: { serviceMessage: 'No image found', requestId: 'r-1', operation: 'read image i' },
    });
  });

  it('of a body that a proxy dropped say so', async () => {
    const ims = await answering(400, {
      error: { code: 'IMG.0007', message: 'The request body is empty.' },
    });
    const error = await failure(api.removeMembers(ims, { images: ['i'], projects: ['p'] }));
    expect(String(error)).toContain('A proxy may have dropped the body');
  });

  it('of HEAD have no body to read', async () => {
    const ims = await answering(404, '');
    expect(await failure(api.headImage(ims, { image_id: 'i' }))).toMatchObject({ kind: 'not-found' });
  });
});

describe('answers of another shape', () => {
  it.each([
    ['an image without an id', { name: 'n' }],
    ['an image with an empty id', { id: '' }],
    ['a list', []],
    ['null', null],
  ])('are no images: %s', async (_, body) => {
    const ims = await answering(200, body);
    const error = await failure(api.showImage(ims, { image_id: 'i' }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toContain('is no image with an id');
  });

  it('are no jobs without a number', async () => {
    const ims = await answering(200, { job: 'j' });
    expect(await failure(api.copyInRegion(ims, { image_id: 'i', name: 'n' }))).toBeInstanceOf(ProtocolError);
  });
});
