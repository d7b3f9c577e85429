// What the error answers of Keystone and Glance, and of what stands before them, become.
import { afterEach, describe, expect, it } from 'vitest';
import {
  answer,
  failure,
  openTestCloud,
  page,
  refuse,
  type Script,
  type TestCloud,
  wireImage,
} from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

/** The error of a change that is answered by a script. */
async function errorOf(script: Script) {
  test = await openTestCloud((request, response) => {
    if (!request.url.startsWith('/v2/')) return undefined;
    return request.method === 'PATCH' ? script(request, response) : answer(response, 200, wireImage('i-1'));
  });
  return failure(test.cloud.updateImage('i-1', { name: 'x' }));
}

const webob = (status: number, reason: string, text: string) =>
  `<html>\n <head>\n  <title>${status} ${reason}</title>\n </head>\n <body>\n  <h1>${status} ${reason}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`;

describe('an error answer', () => {
  it.each<[number, string, string, string]>([
    [400, 'Bad Request', 'Invalid disk format', 'invalid-input'],
    [403, 'Forbidden', 'You are not authorized to complete publicize_image action.', 'permission'],
    [404, 'Not Found', 'No image found with ID i-1', 'not-found'],
    [405, 'Method Not Allowed', 'x', 'unsupported'],
    [409, 'Conflict', 'Image status transition from saving to saving is not allowed', 'conflict'],
    [410, 'Gone', 'Image i-1 has been deleted', 'not-found'],
    [
      413,
      'Request Entity Too Large',
      'The limit has been exceeded on the number of allowed image properties. Attempted: 129, Maximum: 128',
      'quota',
    ],
    [
      413,
      'Request Entity Too Large',
      'Image exceeds the storage quota: The size of the data 9 will exceed the limit. 8 bytes remaining.',
      'quota',
    ],
    [
      413,
      'Request Entity Too Large',
      'Image storage media is full: There is not enough disk space on the image storage media.',
      'quota',
    ],
    [
      413,
      'Request Entity Too Large',
      'Denying attempt to upload image larger than 5 bytes.',
      'invalid-input',
    ],
    [
      413,
      'Request Entity Too Large',
      'Denying attempt to upload image because it exceeds the quota: x',
      'quota',
    ],
    [415, 'Unsupported Media Type', 'Image content does not match disk_format', 'invalid-input'],
    [429, 'Too Many Requests', 'x', 'throttled'],
    [500, 'Internal Server Error', 'x', 'unavailable'],
    [503, 'Service Unavailable', 'Error in store configuration.', 'unavailable'],
  ])('%i %s "%s" is %s', async (status, reason, message, kind) => {
    const error = await errorOf((_, response) => refuse(response, status, reason, message));
    expect(error.kind).toBe(kind);
    expect(error.details).toMatchObject({
      cloud: 'openstack "prod"',
      operation: 'update image i-1',
      httpStatus: status,
      code: String(status),
      serviceMessage: message,
      requestId: 'req-1',
    });
    expect(error.message).not.toMatch(/<|\n/);
  });

  it('with Keystone’s shape is read too', async () => {
    const error = await errorOf((_, response) =>
      answer(response, 403, { error: { code: 403, title: 'Forbidden', message: 'Role needed.' } }),
    );
    expect(error.kind).toBe('permission');
    expect(error.details).toMatchObject({ code: '403', serviceMessage: 'Role needed.' });
  });

  it('of a service that counts requests by 413 asks to wait', async () => {
    const error = await errorOf((_, response) =>
      answer(response, 413, { overLimit: { code: 413, message: 'slow down' } }, { 'retry-after': '7' }),
    );
    expect(error.kind).toBe('throttled');
    expect(error.details).toMatchObject({ retryAfterMs: 7000, retryable: true });
  });

  it('in the service’s own web page is read like any other', async () => {
    const error = await errorOf((_, response) =>
      page(response, 404, webob(404, 'Not Found', 'No image found with ID &quot;i-1&quot;')),
    );
    expect(error.kind).toBe('not-found');
    expect(error.details.serviceMessage).toBe('No image found with ID "i-1"');
  });

  it.each([
    [
      'Apache',
      '<!DOCTYPE HTML><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>',
    ],
    [
      'nginx',
      '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>',
    ],
  ])('of %s does not mean that an image is gone', async (_, html) => {
    test = await openTestCloud((request, response) =>
      request.url.startsWith('/v2/') ? page(response, 404, html) : undefined,
    );
    const error = await failure(test.cloud.getImage('i-1'));
    expect(error.kind).toBe('protocol');
    expect(error.message).toContain('HTML');
    expect((await failure(test.cloud.deleteImage('i-1'))).kind).toBe('protocol');
  });

  it('of a proxy that cannot reach the service is a passing one; only reading is safe to repeat', async () => {
    const html = '<html><title>502 Bad Gateway</title></html>';
    const change = await errorOf((_, response) => page(response, 502, html));
    expect(change.kind).toBe('unavailable');
    expect(change.retryable).toBe(false);
    await test?.close();
    test = await openTestCloud((request, response) =>
      request.url.startsWith('/v2/') ? page(response, 502, html) : undefined,
    );
    const read = await failure(test.cloud.getImage('i-1'));
    expect(read.kind).toBe('unavailable');
    expect(read.retryable).toBe(true);
    expect(test.calls()).toHaveLength(4);
  });

  it('that is a success of another service is none', async () => {
    const error = await errorOf((_, response) => page(response, 200, '<html><title>Log in</title></html>'));
    expect(error.kind).toBe('protocol');
  });

  it('never brings the token or the password', async () => {
    const error = await errorOf((_, response) =>
      refuse(response, 400, 'Bad Request', 'X-Auth-Token: token-1 is bad, see https://x/?password=pass-word'),
    );
    expect(JSON.stringify(error) + error.message).not.toMatch(/pass-word/);
  });
});

describe('a reading call', () => {
  it('is made again after a passing failure; a change is not', async () => {
    let refusals = 2;
    const script: Script = (request, response) => {
      if (!request.url.startsWith('/v2/')) return undefined;
      if (refusals > 0) {
        refusals -= 1;
        return refuse(response, 503, 'Service Unavailable', 'later');
      }
      return answer(response, 200, { id: 'i-1' });
    };
    test = await openTestCloud(script);
    expect((await test.cloud.getImage('i-1'))?.id).toBe('i-1');
    expect(test.calls()).toHaveLength(3);
    refusals = 1;
    const error = await failure(test.cloud.callOperation(55, { parameters: { name: 'x' } }));
    expect(error.kind).toBe('unavailable');
    expect(error.retryable).toBe(false);
    expect(test.calls()).toHaveLength(4);
  });
});
