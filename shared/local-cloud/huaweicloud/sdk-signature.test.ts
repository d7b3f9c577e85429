// Vectors of the vendor's SDKs.
import { describe, expect, it } from 'vitest';
import { parseAuthorization, sdkSignature } from './sdk-signature.ts';

const sign = (method: string, target: string, headers: Record<string, string>, names: string, body = '') => {
  const [rawPath = '', rawQuery = ''] = target.split('?');
  const request = { method, rawPath, rawQuery, headers };
  return sdkSignature(request, names.split(';'), Buffer.from(body), 'SecretKey');
};

const host = { host: 'service.endpoint.myhuaweicloud.com', 'x-sdk-date': '20200608T023900Z' };
const ims = {
  host: 'ims.ae-ad-1.myhuaweicloud.com',
  'x-sdk-date': '20230419T120000Z',
  'content-type': 'application/json',
};

describe('the signature of the gateway', () => {
  it.each([
    [
      'GET',
      '/resources?size=1',
      host,
      'host;x-sdk-date',
      '',
      'cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842',
    ],
    [
      'POST',
      '/resources?size=1',
      host,
      'host;x-sdk-date',
      '{"name":"test","id":1}',
      '436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f',
    ],
    [
      'GET',
      '/path?limit=1',
      { 'x-sdk-date': '20060102T150405Z' },
      'x-sdk-date',
      '',
      '5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624',
    ],
    [
      'POST',
      '/path?key=value',
      { 'x-sdk-date': '20060102T150405Z' },
      'x-sdk-date',
      '{"Name":"test","Id":1}\n',
      'cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59',
    ],
    [
      'POST',
      '/v2/cloudimages/action',
      { ...ims, 'x-project-id': 'edc89b490d7d4392898e19b2deb34797' },
      'content-type;host;x-project-id;x-sdk-date',
      '{"name":"ims_test_file","image_url":"ims-image:centos70.qcow2","os_version":"CentOS 7.0 64bit","min_disk":40}',
      '1471054acb2c5766b1a2bab1896e44a97432be57d263c9851438349145f32ff2',
    ],
    [
      'GET',
      '/v2/cloudimages?__imagetype=gold&sort_key=name&limit=1&tag=a=b',
      ims,
      'content-type;host;x-sdk-date',
      '',
      '8b88d71eb70e6235e336fb566ac4cebd1e6a1eca215ace9c0ac9dd9f9742ce70',
    ],
  ])('%s %s', (method, target, headers, names, body, expected) => {
    expect(sign(method, target, headers, names, body)).toBe(expected);
  });

  it('asks for a signed date, for every signed header, and for the true hash of the body', () => {
    expect(sign('GET', '/', host, 'host')).toBeUndefined();
    expect(sign('GET', '/', host, 'host;x-sdk-date;x-project-id')).toBeUndefined();
    const claim = (hash: string) => ({ ...host, 'x-sdk-content-sha256': hash });
    expect(sign('POST', '/', claim('00'), 'host;x-sdk-date', 'body')).toBeUndefined();
    expect(sign('POST', '/', claim('UNSIGNED-PAYLOAD'), 'host;x-sdk-date', 'body')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('reads the header of this scheme only', () => {
    const hex = 'ab'.repeat(32);
    expect(
      parseAuthorization(`SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${hex}`),
    ).toEqual({
      accessKey: 'AK',
      signedHeaders: ['host', 'x-sdk-date'],
      signature: hex,
    });
    expect(
      parseAuthorization(`AWS4-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=${hex}`),
    ).toBeUndefined();
  });
});
