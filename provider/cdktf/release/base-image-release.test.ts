import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import {
  BaseImageRelease,
  type BaseImageReleaseProps,
  ImageCloud,
  OperatingSystem,
  ReleaseSource,
  RetireAction,
  Size,
} from '../index.ts';
import { problems, ref, resources, testApp, variable } from '../testing.ts';

const source = ReleaseSource.file('/images/debian-12.qcow2', { sha256: 'a'.repeat(64) });
const small: BaseImageReleaseProps = { name: 'debian-12', version: '1', source };

function release(more: (made: BaseImageRelease) => void = () => {}): string {
  const stack = new TerraformStack(testApp(), 'images');
  const public_ = ImageCloud.huaweicloud(stack, 'public', {
    region: 'cn-north-4',
    accessKey: 'AK',
    secretKey: variable(stack, 'secret'),
    agencyName: 'images',
  });
  const own = ImageCloud.openstack(stack, 'own', { authUrl: 'https://keystone.example/v3' });
  const edge = ImageCloud.ucloudstack(stack, 'edge', { region: 'cn', endpoint: 'https://api.example/api' });
  const made = new BaseImageRelease(stack, 'debian', {
    name: 'debian-12',
    version: '2026.11.1',
    channel: 'stable',
    source,
    os: OperatingSystem.debian('12'),
    minDisk: Size.gibibytes(40),
    tags: { team: 'platform' },
    retention: { keep: 3, action: RetireAction.DELETE, minAgeDays: 30 },
    targets: {
      public: {
        cloud: public_,
        shareWith: ['p-1'],
        grantUse: [{ projectId: 'p-2', cloud: ImageCloud.fromProfile('partner') }],
        copies: { east: { region: 'cn-east-3', shareWith: ['p-3'] } },
      },
      own: { cloud: own, region: 'r1', tags: { stage: 'prod' } },
      edge: { cloud: edge, imageName: 'debian-12-edge' },
    },
  });
  more(made);
  return Testing.synth(stack, true);
}

describe('BaseImageRelease', () => {
  test('publishes, shares, copies, promotes and keeps in each place', () => {
    expect(JSON.parse(release())).toMatchSnapshot();
  });

  test('changes nothing of the other targets when one more is added', () => {
    const before: unknown = JSON.parse(release());
    const after: unknown = JSON.parse(
      release((made) => {
        made.addTarget('more', { cloud: ImageCloud.fromProfile('more', { family: 'openstack' }) });
      }),
    );
    // All that was there is there still, as it was.
    expect(after).toMatchObject(before as object);
    expect(after).toHaveProperty('output.debian_more');
  });

  test('changes only what must change with another version', () => {
    const image = (version: string) =>
      resources((stack) => {
        new BaseImageRelease(stack, 'r', {
          ...small,
          version,
          channel: 'c',
          retention: { keep: 2 },
          targets: { t: {} },
        });
      });
    const [one, two] = [image('1'), image('2')];
    expect(Object.keys(one)).toEqual([
      'imagebridge_channel',
      'imagebridge_image',
      'imagebridge_image_retention',
    ]);
    expect(one.imagebridge_image).toMatchObject([{ name: 'debian-12-1', on_destroy: 'retain' }]);
    expect(two.imagebridge_image).toMatchObject([{ name: 'debian-12-2', on_destroy: 'retain' }]);
    expect(one.imagebridge_channel).toEqual(two.imagebridge_channel);
    expect(one.imagebridge_image_retention).toEqual(two.imagebridge_image_retention);
  });

  test('tells scripts where its images are', () => {
    const stack = new TerraformStack(testApp(), 'images');
    const made = new BaseImageRelease(stack, 'debian 12', { ...small, targets: { 'a/b': {} } });
    const target = made.addTarget('c', { copies: { far: { region: 'r2' } } });
    const image = `imagebridge_image.${target.image.resource.friendlyUniqueId}`;
    const copy = `imagebridge_image_copy.${target.copies.get('far')?.resource.friendlyUniqueId}`;
    const json: unknown = JSON.parse(Testing.synth(stack));
    expect(json).toHaveProperty('output.debian_12_c.value', {
      image_id: ref(`${image}.id`),
      name: ref(`${image}.name`),
      region: ref(`${image}.region`),
      copies: { far: ref(`${copy}.id`) },
    });
    expect([...made.targets.keys()]).toEqual(['a/b', 'c']);
  });

  test('takes what it is made of from a target, too', () => {
    const made = resources((stack) => {
      const dev = new BaseImageRelease(stack, 'dev', { ...small, targets: { t: {} } });
      const image = dev.targets.get('t')?.image;
      if (image === undefined) throw new Error('no image');
      new BaseImageRelease(stack, 'prod', {
        ...small,
        source: ReleaseSource.image(image),
        targets: {
          t: { cloud: ImageCloud.fromProfile('prod') },
          u: { source: ReleaseSource.url('https://x/i.qcow2') },
        },
      });
    });
    expect(made.imagebridge_image?.slice(1)).toMatchObject([
      {
        cloud: 'prod',
        source: { image: { id: expect.stringMatching(/^\$\{imagebridge_image\.dev_t_Image_\w+\.id\}$/) } },
      },
      { source: { url: 'https://x/i.qcow2' } },
    ]);
  });

  test.each<[string, Partial<BaseImageReleaseProps>, string]>([
    ['a blank version', { version: '' }, 'stack/r: version: got ""'],
    [
      'a retention of nothing',
      { retention: { keep: 0 } },
      'stack/r: retention.keep: got 0, expected a whole number from 1 on',
    ],
    [
      'a channel that is none',
      { channel: 'a b', targets: { t: {} } },
      'name: got "debian-12-a b", expected 1 to 64 letters',
    ],
    [
      'a project twice',
      { targets: { t: { shareWith: ['p', 'p'] } } },
      'shareWith: got project "p" a second time',
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => resources((stack) => void new BaseImageRelease(stack, 'r', { ...small, ...props }))).toThrow(
      message,
    );
  });

  test('refuses a token where names are made of it, and a target of a name that is taken', () => {
    resources((stack) => {
      expect(() => new BaseImageRelease(stack, 'a', { ...small, name: variable(stack) })).toThrow(
        'stack/a: name: got a token, expected a literal',
      );
      const made = new BaseImageRelease(stack, 'b', { ...small, targets: { t: {} } });
      expect(() => made.addTarget('t')).toThrow('stack/b: target: got "t" a second time');
    });
  });

  test('says at synthesis what a target cannot do', () => {
    const said = problems((stack) => {
      const cloud = ImageCloud.fromProfile('u', { family: 'ucloudstack' });
      new BaseImageRelease(stack, 'r', {
        ...small,
        name: 'debian 12',
        channel: 'stable',
        retention: { keep: 2, action: RetireAction.HIDE },
        targets: { t: { cloud, shareWith: ['p'] } },
      });
    });
    expect(said).toContain(
      '[stack/r/t/Image] name: got "debian 12-1"; expected a name that ucloudstack takes',
    );
    expect(said).toContain('[stack/r/t/Image/Share-p] share: got one on ucloudstack, which has no sharing');
    expect(said).toContain('[stack/r/t/Retention] action: got hide on ucloudstack; expected it deleted');
  });
});
