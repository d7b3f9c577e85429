// The forms that a request may come in, and the envelope of the answers.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startTestCloud, type TestCloud } from '../testing/client.ts';
import { answerOf, callerOf, flat, signed, tagPair } from './testing.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
});
afterAll(() => test.remove());

const url = (path = '/api') => `${test.cloud.endpoints.ucloudstack}${path}`;
const asJson = { 'content-type': 'application/json' };

function parametersOf(values: Parameters<typeof flat>[0] = {}): [string, string][] {
  const { publicKey, privateKey } = test.acme.ucloudstack;
  const all = { Action: 'DescribeImage', PublicKey: publicKey, Region: 'local-1', Limit: 2, ...values };
  return signed(flat(all), privateKey);
}

const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
  answerOf(await send(url(path), { method: 'POST', body, headers }));

describe('a request', () => {
  it('may be a GET with a query, its spaces as %20 or +', async () => {
    const query = new URLSearchParams(parametersOf({ Keyword: 'a b' })).toString();
    for (const text of [query, query.replaceAll('+', '%20')]) {
      expect(answerOf(await send(url(`/api?${text}`)))).toMatchObject({ retCode: 0 });
      expect(answerOf(await send(url(`/api/?${text}`)))).toMatchObject({ retCode: 0 });
    }
  });

  it('may be a form, with the action in the query too', async () => {
    const body = new URLSearchParams(parametersOf()).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    for (const path of ['/api', '/api/', '/api/?Action=DescribeImage']) {
      expect((await post(path, body, headers)).data).toMatchObject({ RetCode: 0, TotalCount: 4 });
    }
    expect((await post('/api', body)).data.Infos).toHaveLength(2);
  });

  it('may be JSON with flattened keys', async () => {
    const body = JSON.stringify(Object.fromEntries(parametersOf({ Status: ['Used'] })));
    expect(await post('/api', body, asJson)).toMatchObject({ retCode: 0 });
  });

  it('may be JSON with numbers, booleans, lists, objects and nulls', async () => {
    const caller = callerOf(test);
    const draft = caller.draft({ ImageSize: 40, SupportQGA: true, TagKeyValuePairs: [tagPair('k', 'v')] });
    const all = {
      ...draft,
      Action: 'ImportImage',
      PublicKey: test.acme.ucloudstack.publicKey,
      Region: 'local-1',
    };
    const signature = signed(
      flat({
        ...all,
        'Deep.Er.0.Key': '1.5',
        Whole: '35',
        Small: '0.00000015',
        Large: '1000000000000000000000',
      }),
      test.acme.ucloudstack.privateKey,
    ).at(-1);
    const nested = {
      ...all,
      Deep: { Er: [{ Key: 1.5 }] },
      Whole: 35.0,
      Small: 1.5e-7,
      Large: 1e21,
      ImageDescription: null,
      Signature: signature?.[1],
    };
    const { retCode, data } = await post('/api', JSON.stringify(nested), asJson);
    expect(retCode).toBe(0);
    expect(await caller.image(data.ImageID)).toMatchObject({
      ImageSize: 40,
      SupportQGA: true,
      Tags: [{ Key: 'k', Value: 'v' }],
    });
  });

  it('may carry a token of temporary keys, which is signed like the rest', async () => {
    const good = new URLSearchParams(parametersOf({ SecurityToken: 'one' }));
    expect((await post('/api', good.toString())).retCode).toBe(0);
    good.set('SecurityToken', 'two');
    expect((await post('/api', good.toString())).retCode).toBe(109);
  });

  it.each<[string, string, number]>([
    ['not JSON', '{', 4],
    ['a list', '[1]', 4],
    ['a word', '"Action"', 4],
    ['nothing', '', 101],
    ['too deep', `{"Action":${'['.repeat(50)}1${']'.repeat(50)}}`, 4],
    ['too large', `{"Action":"${'x'.repeat(1 << 20)}"}`, 4],
    ['a name that objects have', '{"__proto__":{"Action":"DescribeImage"},"constructor":1}', 101],
  ])('whose JSON is %s is refused', async (_, body, code) => {
    expect((await post('/api', body, asJson)).retCode).toBe(code);
  });

  it('goes to /api by GET or POST, and nowhere else', async () => {
    expect((await send(url('/'))).status).toBe(404);
    expect((await send(url('/api/v2'))).status).toBe(404);
    expect((await send(url(), { method: 'PUT' })).status).toBe(405);
  });
});

describe('an answer', () => {
  it('has the name of the action, a Chinese message for a failure, and an id of its own', async () => {
    const caller = callerOf(test);
    const good = await caller.call('DescribeImage');
    expect(good.data).toMatchObject({ Action: 'DescribeImageResponse', RetCode: 0, Message: '' });
    const bad = await caller.call('GetImageDownloadURL', { ImageID: 'image-none' });
    expect(bad.data).toEqual({
      Action: 'GetImageDownloadURLResponse',
      RetCode: 1000,
      Message: '镜像不存在: image-none',
    });
    const ids = [good, bad].map(({ reply }) => reply.headers['x-ucloud-request-uuid']);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
