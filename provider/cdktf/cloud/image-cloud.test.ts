import { TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { ImagebridgeProvider, ImageCloud, MachineImage } from '../index.ts';
import { ref, synth, testApp } from '../testing.ts';

const secret = (scope: Construct, id: string): string =>
  new TerraformVariable(scope, id, { sensitive: true, type: 'string' }).stringValue;

describe('ImageCloud.huaweicloud', () => {
  test('adds an entry to the one provider of the stack, under its name as it is', () => {
    // GIVEN / WHEN
    const json = synth((stack) => {
      ImageCloud.huaweicloud(stack, 'Owner-1', {
        region: 'cn-north-4',
        domain: 'acme',
        user: 'builder',
        password: secret(stack, 'password'),
        endpoints: { iam: 'http://127.0.0.1:1/{region}' },
        regions: { 'cn-east-3': { stagingBucket: 'east' } },
      });
      ImageCloud.huaweicloud(stack, 'receiver', {
        name: 'Receiver',
        region: 'cn-north-4',
        accessKey: 'AK',
        secretKey: secret(stack, 'secret_key'),
        obsPathStyle: true,
      });
    });

    // THEN
    expect(json).toMatchObject({
      terraform: {
        required_providers: { imagebridge: { source: 'imagebridge/imagebridge', version: '0.1.0' } },
      },
    });
    expect(json).toHaveProperty('provider', {
      imagebridge: [
        {
          clouds: {
            'Owner-1': {
              family: 'huaweicloud',
              region: 'cn-north-4',
              domain: 'acme',
              user: 'builder',
              password: ref('var.password'),
              endpoints: { iam: 'http://127.0.0.1:1/{region}' },
              regions: { 'cn-east-3': { staging_bucket: 'east' } },
            },
            Receiver: {
              family: 'huaweicloud',
              region: 'cn-north-4',
              access_key: 'AK',
              secret_key: ref('var.secret_key'),
              obs_path_style: true,
            },
          },
        },
      ],
    });
  });

  test('adds to a provider that the program made itself', () => {
    const json = synth((stack) => {
      new ImagebridgeProvider(stack, 'mine', { stateDir: '/state' });
      new ImagebridgeProvider(stack, 'other', { alias: 'other' });
      ImageCloud.huaweicloud(stack, 'one', { region: 'r' });
    });
    expect(json).toHaveProperty('provider.imagebridge', [
      { state_dir: '/state', clouds: { one: { family: 'huaweicloud', region: 'r' } } },
      { alias: 'other' },
    ]);
  });

  test('refuses a literal secret without repeating it', () => {
    const build = () =>
      synth((stack) => {
        ImageCloud.huaweicloud(stack, 'c', { region: 'r', accessKey: 'AK', secretKey: 'hunter2' });
      });
    expect(build).toThrow(/secretKey of cloud "c": got a literal.*expected a reference/);
    expect(build).not.toThrow(/hunter2/);
  });

  test.each([
    [{ region: ' ' }, 'region of cloud "c": got " ", expected a text that is not blank'],
    [
      { region: 'r', accessKey: 'AK' },
      'cloud "c": got accessKey without secretKey, expected both, or neither',
    ],
    [{ region: 'r', user: 'u' }, 'cloud "c": got user without password, expected both, or neither'],
    [{ region: 'r', name: '' }, 'name: got "", expected a text that is not blank'],
  ])('refuses %j', (props, message) => {
    expect(() => synth((stack) => void ImageCloud.huaweicloud(stack, 'c', props))).toThrow(message);
  });

  test('refuses a name that the stack has already', () => {
    expect(() =>
      synth((stack) => {
        ImageCloud.huaweicloud(stack, 'one', { region: 'r' });
        ImageCloud.huaweicloud(stack, 'two', { region: 'r', name: 'one' });
      }),
    ).toThrow('stack/two: name: got "one" a second time');
  });
});

describe('ImageCloud.profiles', () => {
  test('says where profiles are', () => {
    const json = synth((stack) => {
      const profiles = ImageCloud.profiles(stack, 'profiles', {
        configFile: '/p.yaml',
        defaultCloud: 'a',
        stateDir: '/s',
      });
      MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n', cloud: profiles.cloud('b') });
    });
    expect(json).toHaveProperty('provider.imagebridge', [
      { config_file: '/p.yaml', default_cloud: 'a', state_dir: '/s' },
    ]);
    expect(json).toHaveProperty('resource.imagebridge_image');
    expect(JSON.stringify(json)).toContain('"cloud":"b"');
  });

  test('refuses a second value for the same setting', () => {
    expect(() =>
      synth((stack) => {
        ImageCloud.profiles(stack, 'one', { defaultCloud: 'a' });
        ImageCloud.profiles(stack, 'two', { defaultCloud: 'b' });
      }),
    ).toThrow('stack/two: defaultCloud: got a second value, expected one for the stack; it is "a" already');
  });
});

test('a cloud of another stack is refused where it is used', () => {
  const app = testApp();
  const cloud = ImageCloud.huaweicloud(new TerraformStack(app, 'one'), 'c', { region: 'r' });
  const other = new TerraformStack(app, 'two');
  expect(() => MachineImage.fromFile(other, 'i', { path: '/f', name: 'n', cloud })).toThrow(
    'two/i: cloud: got "c" of stack "one", expected a cloud that stack "two" declares itself',
  );
});
