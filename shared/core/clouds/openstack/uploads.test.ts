// Uploads in one stream, directly and by way of the staging area, and how they go on; against a scripted Glance.
import { afterEach, describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  CancelledError,
  ConflictError,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  type OpenstackProfile,
  UnsupportedError,
} from '../../model/index.ts';
import {
  bodyOf,
  failure,
  helloUpload,
  openTestCloud,
  refuse,
  type Script,
  type TestCloud,
  takingImages,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

async function open(
  script: Script,
  changes?: Partial<OpenstackProfile>,
  lifetimeMs?: number,
): Promise<TestCloud> {
  test = await openTestCloud(script, changes, lifetimeMs);
  return test;
}

const CREATE = 'POST /v2/images';
const SHOW = 'GET /v2/images/i-1';
const PUT = 'PUT /v2/images/i-1/file';
const STAGE = 'PUT /v2/images/i-1/stage';
const IMPORT = 'POST /v2/images/i-1/import';
const INFO = 'GET /v2/info/import';

describe('an upload', () => {
  it('makes a record, tells its id, and sends the bytes with their size', async () => {
    const t = await open(takingImages({ status: 'active', size: 5 }));
    const seen: unknown[] = [];
    const ref = await t.cloud.uploadStream(
      helloUpload({
        description: 'd',
        osType: 'Linux',
        osDistribution: 'debian',
        osVersion: '12',
        architecture: 'x86_64',
        bootMode: 'uefi',
        minDiskGiB: 1,
        minRamMiB: 2,
        visibility: 'private',
        protected: true,
        tags: { a: '1', b: '' },
        properties: { own: 'x', os_hidden: 'true' },
        onRecord: (id) => void seen.push(id, t.calls().length),
        onProgress: (sentBytes) => void seen.push(sentBytes),
      }),
    );
    expect(ref).toEqual({ id: 'image:i-1' });
    expect(seen).toEqual(['i-1', 1, 3, 5]);
    expect(t.calls()).toEqual([CREATE, PUT, SHOW]);
    expect(bodyOf(t.received.find(({ method, url }) => method === 'POST' && url === '/v2/images'))).toEqual({
      name: 'hello',
      disk_format: 'raw',
      container_format: 'bare',
      description: 'd',
      os_type: 'linux',
      os_distro: 'debian',
      os_version: '12',
      architecture: 'x86_64',
      hw_firmware_type: 'uefi',
      min_disk: 1,
      min_ram: 2,
      visibility: 'private',
      protected: true,
      tags: ['a=1', 'b'],
      own: 'x',
      os_hidden: true,
    });
    const put = t.received.find(({ method }) => method === 'PUT');
    expect(put?.body.toString()).toBe('hello');
    expect(put?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '5',
      'x-openstack-image-size': '5',
    });
    expect(put?.headers['transfer-encoding']).toBeUndefined();
    expect((await t.cloud.getJob(ref)).status).toBe('succeeded');
  });

  it('goes by way of the staging area when asked to, once the service is known to have one', async () => {
    const t = await open(takingImages({ status: 'uploading', size: 5 }));
    await t.cloud.uploadStream(helloUpload({ method: 'staged' }));
    expect(t.calls()).toEqual([INFO, CREATE, STAGE, SHOW, IMPORT]);
    expect(bodyOf(t.received.at(-1))).toEqual({ method: { name: 'glance-direct' } });
    await t.cloud.uploadStream(helloUpload({ method: 'staged' }));
    expect(t.calls().filter((call) => call === INFO)).toHaveLength(1);
  });

  it('learns the import methods from the answer to a record too', async () => {
    const t = await open(takingImages({ status: 'active', size: 5 }));
    await t.cloud.uploadStream(helloUpload());
    await t.cloud.chooseImport({ diskFormat: 'raw', method: 'web-download' });
    expect(t.calls()).not.toContain(INFO);
  });

  it('refuses a method that the service does not offer, before a record is made', async () => {
    const t = await open(takingImages({}, undefined, 'web-download'));
    const error = await failure(t.cloud.uploadStream(helloUpload({ method: 'staged' })));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.details.hint).toBe('It offers web-download. Or upload the file directly.');
    expect(t.calls()).toEqual([INFO]);
  });

  it('refuses wrong names before anything is sent', async () => {
    const t = await open(takingImages({}));
    expect(await failure(t.cloud.uploadStream(helloUpload({ name: 'x'.repeat(256) })))).toBeInstanceOf(
      InvalidInputError,
    );
    expect(await failure(t.cloud.uploadStream(helloUpload({ method: 'web-download' })))).toBeInstanceOf(
      InvalidInputError,
    );
    expect(t.received).toEqual([]);
  });

  it.each(['direct', 'staged'])('(%s) whose size arrives wrong is no success', async (method) => {
    const t = await open(takingImages({ status: method === 'direct' ? 'active' : 'uploading', size: 4 }));
    const error = await failure(t.cloud.uploadStream(helloUpload({ method })));
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error.message).toContain('the service has 4 bytes, and 5 were sent');
    expect(error.details.object).toBe('i-1');
    expect(t.calls()).not.toContain(IMPORT);
  });

  it('of which nothing arrived is no success', async () => {
    const t = await open(takingImages({ status: 'active', size: 0 }));
    expect(await failure(t.cloud.uploadStream(helloUpload()))).toBeInstanceOf(IntegrityError);
  });

  it('that is refused names the record, and says why', async () => {
    const t = await open(
      takingImages({}, (request, response) =>
        request.method === 'PUT'
          ? refuse(response, 415, 'Unsupported Media Type', 'Image content does not match disk_format')
          : undefined,
      ),
    );
    const error = await failure(t.cloud.uploadStream(helloUpload()));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.details).toMatchObject({
      object: 'i-1',
      serviceMessage: 'Image content does not match disk_format',
      hint: 'Check that the file has the disk format it is said to have.',
    });
  });

  it('whose record cannot be made sends no byte', async () => {
    let opened = 0;
    const t = await open(
      takingImages({}, (request, response) =>
        request.method === 'POST' && request.url === '/v2/images'
          ? refuse(response, 403, 'Forbidden', 'You are not authorized to complete publicize_image action.')
          : undefined,
      ),
    );
    await failure(
      t.cloud.uploadStream(
        helloUpload({
          open: async function* () {
            opened += 1;
            yield Buffer.from('hello');
          },
        }),
      ),
    );
    expect(opened).toBe(0);
    expect(t.calls()).toEqual([CREATE]);
  });

  it('stops when it is cancelled', async () => {
    const t = await open(takingImages({}));
    const controller = new AbortController();
    let ended = false;
    const error = await failure(
      t.cloud.uploadStream(
        helloUpload({
          open: async function* () {
            try {
              yield Buffer.from('he');
              controller.abort();
              yield Buffer.from('llo');
            } finally {
              ended = true;
            }
          },
        }),
        { signal: controller.signal },
      ),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect(ended).toBe(true);
  });
});

describe('the token of an upload', () => {
  it('is new when the old one has less than half an hour', async () => {
    const t = await open(takingImages({ status: 'active', size: 5 }));
    await t.cloud.projectId();
    t.clock.advance(31 * 60_000);
    await t.cloud.uploadStream(helloUpload());
    expect(t.signIns()).toBe(2);
    expect(t.received.find(({ method }) => method === 'PUT')?.headers['x-auth-token']).toBe('token-2');
  });

  it('stays when it is good for long', async () => {
    const t = await open(takingImages({ status: 'active', size: 5 }));
    await t.cloud.projectId();
    t.clock.advance(20 * 60_000);
    await t.cloud.uploadStream(helloUpload());
    expect(t.signIns()).toBe(1);
  });

  it('may end in mid-transfer: what follows uses a new one', async () => {
    const t = await open(takingImages({ status: 'uploading', size: 5 }));
    await t.cloud.uploadStream(
      helloUpload({
        method: 'staged',
        open: async function* () {
          yield Buffer.from('hel');
          t.clock.advance(2 * 3_600_000);
          yield Buffer.from('lo');
        },
      }),
    );
    expect(t.signIns()).toBe(2);
    const tokenOf = (call: string) =>
      t.received.find(({ method, url }) => `${method} ${url}` === call)?.headers['x-auth-token'];
    expect([STAGE, SHOW, IMPORT].map(tokenOf)).toEqual(['token-1', 'token-2', 'token-2']);
  });

  const refusedOnce: Script = (request, response) =>
    request.method === 'PUT' && request.headers['x-auth-token'] === 'token-1'
      ? refuse(response, 401, 'Unauthorized', 'This server could not verify …')
      : undefined;

  it('that is refused is renewed once, and the bytes are sent again when nothing of them was kept', async () => {
    let done = false;
    const t = await open((request, response) => {
      if (request.method === 'PUT' && request.headers['x-auth-token'] === 'token-2') done = true;
      return takingImages(done ? { status: 'active', size: 5 } : {}, refusedOnce)(request, response);
    });
    const sent: number[] = [];
    await t.cloud.uploadStream(helloUpload({ onProgress: (bytes) => void sent.push(bytes) }));
    expect(t.calls()).toEqual([CREATE, PUT, SHOW, PUT, SHOW]);
    expect(t.signIns()).toBe(2);
    expect(
      t.received
        .filter(({ method }) => method === 'PUT')
        .at(-1)
        ?.body.toString(),
    ).toBe('hello');
    expect(sent.at(-1)).toBe(5);
  });

  it('that is refused when bytes were kept leaves a record that must go', async () => {
    const t = await open(takingImages({ status: 'saving' }, refusedOnce));
    const error = await failure(t.cloud.uploadStream(helloUpload()));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toContain('the image is saving');
    expect(error.details).toMatchObject({ object: 'i-1', hint: 'Delete the image and upload it again.' });
    expect(t.calls().filter((call) => call === PUT)).toHaveLength(1);
  });

  it('that is refused twice is given up', async () => {
    const t = await open(
      takingImages({}, (request, response) =>
        request.method === 'PUT' ? refuse(response, 401, 'Unauthorized', 'no') : undefined,
      ),
    );
    expect(await failure(t.cloud.uploadStream(helloUpload()))).toBeInstanceOf(AuthenticationError);
    expect(t.calls().filter((call) => call === PUT)).toHaveLength(2);
  });
});

describe('a record of an earlier attempt', () => {
  it('takes the bytes when it is queued', async () => {
    let done = false;
    const t = await open((request, response) => {
      if (request.method === 'PUT') done = true;
      return takingImages(done ? { status: 'active', size: 5 } : {})(request, response);
    });
    expect(await t.cloud.uploadStream(helloUpload({ imageId: 'i-1' }))).toEqual({ id: 'image:i-1' });
    expect(t.calls()).toEqual([SHOW, PUT, SHOW]);
  });

  it.each(['active', 'importing', 'uploading'])('is refused when it is %s', async (status) => {
    const t = await open(takingImages({ status, size: 5 }));
    const error = await failure(t.cloud.uploadStream(helloUpload({ imageId: 'i-1' })));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain(`the image is ${status}`);
    expect(t.calls()).toEqual([SHOW]);
  });

  it('is waited for a while when the service has not given up the last attempt', async () => {
    let looks = 0;
    let done = false;
    const t = await open((request, response) => {
      if (request.method === 'GET' && request.url === '/v2/images/i-1') looks += 1;
      if (request.method === 'PUT') done = true;
      const status = done ? { status: 'active', size: 5 } : { status: looks > 3 ? 'queued' : 'saving' };
      return takingImages(status)(request, response);
    });
    await t.cloud.uploadStream(helloUpload({ imageId: 'i-1' }));
    expect(t.calls()).toEqual([SHOW, SHOW, SHOW, SHOW, PUT, SHOW]);
    expect(t.clock.sleeps).toEqual([500, 500, 500]);
  });

  it('that stays busy is refused after 20 seconds, and no byte is sent', async () => {
    const t = await open(takingImages({ status: 'saving' }));
    const error = await failure(t.cloud.uploadStream(helloUpload({ imageId: 'i-1' })));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain('the image is saving');
    expect(t.clock.sleeps).toHaveLength(40);
    expect(t.calls()).not.toContain(PUT);
  });

  it('takes the bytes at the second try when the last attempt was noticed late', async () => {
    let puts = 0;
    const t = await open((request, response) => {
      if (request.method === 'PUT') puts += 1;
      return takingImages(puts > 1 ? { status: 'active', size: 5 } : {}, (received, reply) =>
        received.method === 'PUT' && puts === 1
          ? refuse(reply, 409, 'Conflict', 'Image status transition from saving to saving is not allowed')
          : undefined,
      )(request, response);
    });
    await t.cloud.uploadStream(helloUpload({ imageId: 'i-1' }));
    expect(t.calls()).toEqual([SHOW, PUT, SHOW, PUT, SHOW]);
  });

  it('that conflicts twice is given up', async () => {
    const t = await open(
      takingImages({}, (request, response) =>
        request.method === 'PUT' ? refuse(response, 409, 'Conflict', 'x') : undefined,
      ),
    );
    expect(await failure(t.cloud.uploadStream(helloUpload({ imageId: 'i-1' })))).toBeInstanceOf(
      ConflictError,
    );
    expect(t.calls()).toEqual([SHOW, PUT, SHOW, PUT]);
  });

  it('whose bytes lie in the staging area is imported without sending them again', async () => {
    const t = await open(takingImages({ status: 'uploading', size: 5 }));
    await t.cloud.uploadStream(helloUpload({ imageId: 'i-1', method: 'staged' }));
    expect(t.calls()).toEqual([INFO, SHOW, SHOW, IMPORT]);
  });

  it('that is gone is not made anew', async () => {
    const t = await open((request, response) =>
      request.url.startsWith('/v2/')
        ? refuse(response, 404, 'Not Found', 'No image found with ID i-1')
        : undefined,
    );
    expect(await failure(t.cloud.uploadStream(helloUpload({ imageId: 'i-1' })))).toBeInstanceOf(
      NotFoundError,
    );
    expect(t.calls()).toEqual([SHOW]);
  });
});
