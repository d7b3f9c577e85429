import { describe, expect, test } from 'vitest';
import { ImageCloud, MachineImage } from '../index.ts';
import { problems, ref, resources, synth, variable } from '../testing.ts';

describe('ImageCloud', () => {
  test('declares an OpenStack and a UCloudStack beside each other', () => {
    // GIVEN / WHEN
    const json = synth((stack) => {
      ImageCloud.openstack(stack, 'private', {
        authUrl: 'https://keystone.example/v3',
        applicationCredentialId: 'id',
        applicationCredentialSecret: variable(stack, 'secret'),
        dialect: 'easystack',
        isDefault: true,
      });
      ImageCloud.ucloudstack(stack, 'edge', {
        region: 'cn',
        endpoint: 'https://api.example/api',
        publicKey: 'PK',
        privateKey: variable(stack, 'key'),
        companyId: 7,
        limits: 'extended',
        requestsPerSecond: 2,
      });
    });

    // THEN
    expect(json.provider).toEqual({
      imagebridge: [
        {
          default_cloud: 'private',
          clouds: {
            private: {
              family: 'openstack',
              auth_url: 'https://keystone.example/v3',
              application_credential_id: 'id',
              application_credential_secret: ref('var.secret'),
              dialect: 'easystack',
            },
            edge: {
              family: 'ucloudstack',
              region: 'cn',
              endpoint: 'https://api.example/api',
              public_key: 'PK',
              private_key: ref('var.key'),
              company_id: 7,
              limits: 'extended',
              requests_per_second: 2,
            },
          },
        },
      ],
    });
  });

  test('with an alias is of a provider configuration of its own, which its images name', () => {
    const json = synth((stack) => {
      const cloud = ImageCloud.huaweicloud(stack, 'one', { region: 'r', alias: 'apart' });
      ImageCloud.huaweicloud(stack, 'two', { region: 'r', alias: 'apart' });
      const image = MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n', cloud });
      image.resource.overrideLogicalId('i');
      image.shareWith('p').resource.overrideLogicalId('s');
      const profiles = ImageCloud.profiles(stack, 'profiles', { alias: 'third', defaultCloud: 'x' });
      const other = MachineImage.fromImageId(stack, 'o', { imageId: 'o', cloud: profiles.cloud('x') });
      other.copyTo({ name: 'c' }).resource.overrideLogicalId('c');
    });

    expect(json.provider).toEqual({
      imagebridge: [
        {
          alias: 'apart',
          clouds: {
            one: { family: 'huaweicloud', region: 'r' },
            two: { family: 'huaweicloud', region: 'r' },
          },
        },
        { alias: 'third', default_cloud: 'x' },
      ],
    });
    expect(json.resource).toEqual({
      imagebridge_image: {
        i: { cloud: 'one', name: 'n', source: { file: '/f' }, provider: 'imagebridge.apart' },
      },
      imagebridge_image_share: {
        s: {
          cloud: 'one',
          image_id: ref('imagebridge_image.i.id'),
          project_id: 'p',
          provider: 'imagebridge.apart',
        },
      },
      imagebridge_image_copy: {
        c: { cloud: 'x', source_image_id: 'o', name: 'c', provider: 'imagebridge.third' },
      },
    });
  });

  test.each<[string, (stack: Parameters<Parameters<typeof resources>[0]>[0]) => void, string]>([
    [
      'a password in the clear',
      (stack) =>
        ImageCloud.openstack(stack, 'c', { authUrl: 'https://k', username: 'u', password: 'hunter2' }),
      'password of cloud "c": got a literal',
    ],
    [
      'two ways to log in',
      (stack) =>
        ImageCloud.openstack(stack, 'c', {
          authUrl: 'https://k',
          token: variable(stack, 't'),
          password: variable(stack, 'p'),
        }),
      'cloud "c": got password and token, expected one of them',
    ],
    [
      'half of a pair of keys',
      (stack) => ImageCloud.ucloudstack(stack, 'c', { region: 'r', endpoint: 'https://e', publicKey: 'PK' }),
      'cloud "c": got publicKey without privateKey, expected both, or neither',
    ],
    [
      'a proxy with its password in the clear',
      (stack) => ImageCloud.huaweicloud(stack, 'c', { region: 'r', proxy: 'http://u:hunter2@proxy' }),
      'stack/c: proxy: got a literal',
    ],
    [
      'a token as a name',
      (stack) => ImageCloud.huaweicloud(stack, 'c', { region: 'r', name: variable(stack) }),
      'stack/c: name: got a token, expected a literal',
    ],
    [
      'two defaults',
      (stack) => {
        ImageCloud.huaweicloud(stack, 'a', { region: 'r', isDefault: true });
        ImageCloud.huaweicloud(stack, 'b', { region: 'r', isDefault: true });
      },
      'stack/b: defaultCloud: got a second value, expected one for the stack; it is "a" already',
    ],
  ])('refuses %s, without repeating secrets', (_, build, message) => {
    expect(() => resources(build)).toThrow(message);
    expect(() => resources(build)).not.toThrow('hunter2');
  });
});

describe('an image without a cloud', () => {
  test('is refused at synthesis where the stack declares several and no default', () => {
    const said = problems((stack) => {
      ImageCloud.huaweicloud(stack, 'a', { region: 'r' });
      ImageCloud.huaweicloud(stack, 'b', { region: 'r' });
      MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n' });
    });
    expect(said).toContain(
      '[stack/i] cloud: got none, and the stack declares 2 (a, b); expected one of them, or isDefault on the one that is meant.',
    );
  });

  test.each([true, false])('goes to the default, or to the only cloud (default: %s)', (isDefault) => {
    const said = problems((stack) => {
      ImageCloud.ucloudstack(stack, 'a', { region: 'r', endpoint: 'https://e', isDefault });
      if (isDefault) ImageCloud.huaweicloud(stack, 'b', { region: 'r' });
      MachineImage.fromFile(stack, 'i', { path: '/f', name: 'no spaces here' });
    });
    // Its rules are those of that cloud.
    expect(said).toContain('name: got "no spaces here"; expected a name that ucloudstack takes');
  });
});
