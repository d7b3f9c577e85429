// Imports from URLs, copies to stores, and what their jobs tell; against a scripted Glance.
import { afterEach, describe, expect, it } from 'vitest';
import {
  InvalidInputError,
  NotFoundError,
  type OpenstackProfile,
  RefusedError,
  UnsupportedError,
} from '../../model/index.ts';
import {
  answer,
  bodyOf,
  failure,
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
const IMPORT = 'POST /v2/images/i-1/import';
const INFO = 'GET /v2/info/import';

describe('an import from a URL', () => {
  const request = { name: 'web', url: 'https://example.com/x.qcow2?sig=abc', diskFormat: 'qcow2' };

  it('makes a record and starts the import', async () => {
    const t = await open(takingImages({}));
    expect(await t.cloud.createFromUrl(request)).toEqual({ id: 'image:i-1' });
    expect(t.calls()).toEqual([INFO, CREATE, IMPORT]);
    expect(bodyOf(t.received.at(-1))).toEqual({
      method: { name: 'web-download', uri: 'https://example.com/x.qcow2?sig=abc' },
    });
  });

  it('that is refused leaves no record behind', async () => {
    const t = await open(
      takingImages({}, (received, response) =>
        received.url.endsWith('i-1/import')
          ? refuse(
              response,
              400,
              'Bad Request',
              `URI for web-download does not pass filtering: ${request.url}`,
            )
          : undefined,
      ),
    );
    const error = await failure(t.cloud.createFromUrl(request));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.details.serviceMessage).toBe(
      'URI for web-download does not pass filtering: https://example.com/x.qcow2?***',
    );
    expect(t.calls().at(-1)).toBe('DELETE /v2/images/i-1');
  });

  it.each(['ftp://example.com/x', 'file:///etc/passwd', 'x'])(
    'refuses %s before anything is sent',
    async (url) => {
      const t = await open(takingImages({}));
      expect(await failure(t.cloud.createFromUrl({ ...request, url }))).toBeInstanceOf(InvalidInputError);
      expect(t.received).toEqual([]);
    },
  );
});

describe('the choice of an import', () => {
  it('is the direct one, unless another is asked for and offered', async () => {
    const t = await open(takingImages({}));
    expect(await t.cloud.chooseImport({ diskFormat: 'qcow2' })).toMatchObject({
      method: 'direct',
      route: 'stream',
    });
    expect(t.received).toEqual([]);
    const staged = await t.cloud.chooseImport({ diskFormat: 'qcow2', method: 'staged' });
    expect(staged).toMatchObject({ method: 'staged', route: 'stream' });
    const web = await t.cloud.chooseImport({ diskFormat: 'qcow2', method: 'web-download' });
    expect(web).toMatchObject({ method: 'web-download', route: 'url' });
    expect(t.calls()).toEqual([INFO]);
  });

  it('refuses formats and methods that there are not', async () => {
    const t = await open(takingImages({}));
    expect(await failure(t.cloud.chooseImport({ diskFormat: 'zvhd2' }))).toBeInstanceOf(RefusedError);
    const error = await failure(t.cloud.chooseImport({ diskFormat: 'raw', method: 'toString' }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain('direct, staged, web-download');
  });

  it('has only the direct one where the service has no import', async () => {
    const t = await open((request, response) =>
      request.url === '/v2/info/import' ? refuse(response, 404, 'Not Found', 'x') : undefined,
    );
    const error = await failure(t.cloud.chooseImport({ diskFormat: 'raw', method: 'staged' }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.details.hint).toBe('It has no import: upload the file directly.');
  });

  it('has only the direct one on an EasyStack, which is not asked', async () => {
    const t = await open(takingImages({}), { dialect: 'easystack' });
    expect(await failure(t.cloud.chooseImport({ diskFormat: 'raw', method: 'staged' }))).toBeInstanceOf(
      UnsupportedError,
    );
    expect(await failure(t.cloud.chooseImport({ diskFormat: 'vmdk' }))).toBeInstanceOf(RefusedError);
    expect(t.received).toEqual([]);
  });
});

describe('a copy to stores', () => {
  it('is an import, and done when the image lies in all of them', async () => {
    let stores = 'store1';
    let coming = '';
    const t = await open((request, response) =>
      takingImages({ status: 'active', size: 5, stores, os_glance_importing_to_stores: coming })(
        request,
        response,
      ),
    );
    const ref = await t.cloud.copyImage({ sourceImageId: 'i-1', name: '', toStores: ['store2', 'store3'] });
    expect(bodyOf(t.received.at(-1))).toEqual({
      method: { name: 'copy-image' },
      stores: ['store2', 'store3'],
      all_stores_must_succeed: true,
    });
    coming = 'store2,store3';
    expect((await t.cloud.getJob(ref)).status).toBe('running');
    // A second run finds it on its way, and starts nothing.
    const sent = t.received.filter(({ method }) => method === 'POST').length;
    expect(
      await t.cloud.copyImage({ sourceImageId: 'i-1', name: '', toStores: ['store2', 'store3'] }),
    ).toEqual(ref);
    expect(t.received.filter(({ method }) => method === 'POST')).toHaveLength(sent);
    coming = '';
    stores = 'store1,store2';
    expect((await t.cloud.getJob(ref)).status).toBe('running');
    stores = 'store1,store2,store3';
    expect(await t.cloud.getJob(ref)).toMatchObject({ status: 'succeeded', imageIds: ['i-1'] });
  });

  it('to no store is refused', async () => {
    const t = await open(takingImages({}));
    const error = await failure(t.cloud.copyImage({ sourceImageId: 'i-1', name: '', toStores: [] }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(t.received).toEqual([]);
  });

  it.each([
    [{ name: 'c' }, 'Share the image, or download and upload it.'],
    [{ name: 'c', region: 'r-2' }, 'Download the image here and upload it in the other region.'],
    [{ name: 'c', toBaseImage: true }, 'community'],
  ])('is all there is: %o names the nearest thing', async (request, hint) => {
    const t = await open(takingImages({}));
    const error = await failure(t.cloud.copyImage({ sourceImageId: 'i-1', ...request }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.details.hint).toContain(hint);
    expect(t.received).toEqual([]);
  });
});

describe('a job', () => {
  const jobOf = async (present: object, tasks?: object[], changes?: Partial<OpenstackProfile>) => {
    const t = await open(
      takingImages(present, (request, response) => {
        if (!request.url.endsWith('/tasks')) return undefined;
        return tasks === undefined
          ? refuse(response, 404, 'Not Found', 'x')
          : answer(response, 200, { tasks });
      }),
      changes,
    );
    return t.cloud.getJob({ id: 'image:i-1' });
  };
  const task = (status: string, message = '', createdAt = '2026-01-01T00:00:00') => ({
    type: 'api_image_import',
    status,
    message,
    created_at: createdAt,
  });

  it.each<[string, object, object[] | undefined, object]>([
    ['waits', {}, [], { status: 'queued' }],
    ['waits where tasks are unknown', {}, undefined, { status: 'queued' }],
    ['runs while the image is queued', {}, [task('processing')], { status: 'running' }],
    [
      'tells how much was copied',
      { status: 'importing', size: 4 * 1024 ** 2 },
      [task('processing', 'Copied 1 MiB')],
      { status: 'running', progress: 0.25 },
    ],
    ['is done', { status: 'active', size: 5 }, [], { status: 'succeeded', progress: 1 }],
    [
      'is done also when the image was deactivated since',
      { status: 'deactivated', size: 5 },
      [],
      { status: 'succeeded' },
    ],
    [
      'failed by its task',
      {},
      [task('failure', 'HTTP Error 404')],
      { status: 'failed', failureReason: 'HTTP Error 404' },
    ],
    [
      'failed by a note on the image',
      { os_glance_failed_import: 'store1' },
      undefined,
      { status: 'failed', failureReason: 'import into store store1 failed' },
    ],
    [
      'failed at an image that is active all the while',
      { status: 'active', size: 5, os_glance_failed_import: 'store2' },
      [task('failure', 'Store is full')],
      { status: 'failed', failureReason: 'Store is full' },
    ],
    [
      'goes on after an earlier failure',
      { status: 'importing' },
      [task('processing', '', '2026-01-02T00:00:00'), task('failure', 'old')],
      { status: 'running' },
    ],
    [
      'failed, and does not repeat what grants access',
      {},
      [task('failure', "Could not fetch 'https://me:pw@example.com/x?sig=abc'")],
      { status: 'failed', failureReason: "Could not fetch 'https://***@example.com/x?***'" },
    ],
    [
      'failed with its image',
      { status: 'killed' },
      [],
      { status: 'failed', failureReason: 'the image is killed' },
    ],
    ['keeps waiting for what it does not know', { status: 'thinking' }, [], { status: 'running' }],
  ])('%s', async (_, present, tasks, expected) => {
    expect(await jobOf(present, tasks)).toMatchObject({ id: 'image:i-1', imageIds: ['i-1'], ...expected });
  });

  it('of an EasyStack is told by the image alone', async () => {
    expect((await jobOf({}, [task('failure', 'x')], { dialect: 'easystack' })).status).toBe('queued');
    expect(test?.calls()).toEqual([SHOW]);
  });

  it('that was done at once needs no question; a strange one is not found', async () => {
    const t = await open(takingImages({}));
    expect(await t.cloud.getJob({ id: 'done:i-9' })).toMatchObject({
      status: 'succeeded',
      imageIds: ['i-9'],
    });
    expect(await failure(t.cloud.getJob({ id: 'ff8080' }))).toBeInstanceOf(NotFoundError);
    expect(t.received).toEqual([]);
  });
});
