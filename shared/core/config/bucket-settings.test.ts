import { expect, it } from 'vitest';
import { bucketSettings } from './bucket-settings.ts';

const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };

it('takes what S3 tools take from the environment, and options before it', () => {
  const env = {
    ...keys,
    AWS_SESSION_TOKEN: 'token',
    AWS_REGION: 'eu-1',
    AWS_ENDPOINT_URL: 'https://a.example',
    AWS_CA_BUNDLE: '/ca.pem',
  };
  const settings = bucketSettings({}, env);
  expect(settings).toMatchObject({
    endpoint: 'https://a.example',
    region: 'eu-1',
    pathStyle: true,
    accessKey: 'id',
  });
  expect(settings.secretKey.reveal()).toBe('key');
  expect(settings.securityToken?.reveal()).toBe('token');
  expect(settings.connection).toEqual({ caFile: '/ca.pem' });
  expect(bucketSettings({ endpoint: 'https://b.example', region: 'x', pathStyle: false }, env)).toMatchObject(
    {
      endpoint: 'https://b.example',
      region: 'x',
      pathStyle: false,
    },
  );
  expect(bucketSettings({}, { ...env, AWS_ENDPOINT_URL_S3: 'https://c.example' }).endpoint).toBe(
    'https://c.example',
  );
});

it("goes to Amazon when nothing else is said, with the bucket in the host's name", () => {
  const settings = bucketSettings({ region: 'cn-north-1' }, keys);
  expect(settings).toMatchObject({ endpoint: 'https://s3.cn-north-1.amazonaws.com', pathStyle: false });
});

it('says which key is missing', () => {
  expect(() => bucketSettings({}, {})).toThrow('AWS_ACCESS_KEY_ID is not set');
  expect(() => bucketSettings({}, { AWS_ACCESS_KEY_ID: 'id' })).toThrow('AWS_SECRET_ACCESS_KEY is not set');
});
