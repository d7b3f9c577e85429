import { TerraformVariable } from 'cdktf';
import { describe, expect, test } from 'vitest';
import {
  CopyRoute,
  ExportDestination,
  ImageCloud,
  ImageFormat,
  ImageRetention,
  MachineImage,
  OnDestroy,
  RetireAction,
} from '../index.ts';
import { problems, ref, resources, variable } from '../testing.ts';

type Scope = Parameters<Parameters<typeof resources>[0]>[0];
const image = (stack: Scope) =>
  MachineImage.fromImageId(stack, 'i', { imageId: 'i-1', cloud: ImageCloud.fromProfile('c'), region: 'r' });
const PLACE = { cloud: 'c', region: 'r', image_id: 'i-1' };

describe('an image', () => {
  test('is exported to its own store, to an S3 store and to a file', () => {
    const made = resources((stack) => {
      const one = image(stack);
      one.exportTo({
        to: ExportDestination.object('b', 'k/x.vhd'),
        format: ImageFormat.VHD,
        quick: false,
        onDestroy: OnDestroy.RETAIN,
      });
      one.exportTo({
        to: ExportDestination.s3({ bucket: 'b', key: 'k', endpoint: 'https://s3', pathStyle: true }),
      });
      const { resource } = one.exportTo({ to: ExportDestination.file('/disks/x.qcow2'), id: 'Local' });
      expect(resource.node.path).toBe('stack/i/Local/Resource');
    });
    expect(made.imagebridge_image_export).toEqual(
      expect.arrayContaining([
        {
          ...PLACE,
          object: { bucket: 'b', key: 'k/x.vhd' },
          disk_format: 'vhd',
          quick: false,
          on_destroy: 'retain',
        },
        { ...PLACE, s3: { bucket: 'b', key: 'k', endpoint: 'https://s3', path_style: true } },
        { ...PLACE, file: '/disks/x.qcow2' },
      ]),
    );
  });

  test('is put into further stores, and stays one image', () => {
    const made = resources((stack) => void image(stack).copyToStores(['fast', 'far']));
    expect(made.imagebridge_image_copy).toEqual([
      { cloud: 'c', region: 'r', source_image_id: 'i-1', to_stores: ['fast', 'far'], on_destroy: 'retain' },
    ]);
  });

  test.each([
    [[], 'stores: got none, expected one or several'],
    [['a', 'a'], 'stores: got "a" twice, expected each store once'],
    [[' '], 'stores: got'],
  ])('refuses the stores %j', (stores, message) => {
    expect(() => resources((stack) => void image(stack).copyToStores(stores))).toThrow(message);
  });

  test('is shared with exactly these projects, also where they are known after apply', () => {
    const made = resources((stack) => {
      const projects = new TerraformVariable(stack, 'projects', { type: 'set(string)' });
      image(stack).shareOnlyWith(['p', 'q']);
      MachineImage.fromImageId(stack, 'j', { imageId: 'j-1' }).shareOnlyWith(projects.listValue, {
        id: 'All',
      });
    });
    expect(made.imagebridge_image_shares).toEqual([
      { ...PLACE, project_ids: ['p', 'q'] },
      { image_id: 'j-1', project_ids: ref('var.projects') },
    ]);
  });

  test('is granted to a receiver, whose image it then is', () => {
    const made = resources((stack) => {
      const granted = image(stack).grantUse({
        projectId: variable(stack),
        cloud: ImageCloud.fromProfile('receiver'),
        id: 'Receiver',
      });
      expect(granted.node.path).toBe('stack/i/Receiver/Accept-receiver');
    });
    expect(made.imagebridge_image_share).toEqual([{ ...PLACE, project_id: ref('var.v') }]);
    expect(made.imagebridge_image_share_acceptance).toMatchObject([{ cloud: 'receiver' }]);
  });

  test('becomes a base image, or the image of a channel', () => {
    const made = resources((stack) => {
      image(stack).promoteToBase({ name: 'base', onDestroy: OnDestroy.RETAIN });
      expect(image2(stack).promoteTo('debian-stable').node.path).toBe('stack/j/Channel-debian-stable');
    });
    expect(made.imagebridge_image_copy).toEqual([
      {
        cloud: 'c',
        region: 'r',
        source_image_id: 'i-1',
        name: 'base',
        to_base_image: true,
        on_destroy: 'retain',
      },
    ]);
    expect(made.imagebridge_channel).toEqual([{ image_id: 'j-1', name: 'debian-stable' }]);
  });

  test('is copied to another cloud, where it is shared', () => {
    const made = resources((stack) => {
      const copy = image(stack).copyTo({
        name: 'n',
        cloud: ImageCloud.fromProfile('other'),
        region: 'r2',
        via: CopyRoute.STREAM,
        stagingBucket: 'b',
        tags: { k: 'v' },
      });
      expect(copy.node.id).toBe('Copy-other-r2-n');
      copy.shareWith('p');
    });
    expect(made.imagebridge_image_copy).toEqual([
      {
        cloud: 'c',
        region: 'r',
        source_image_id: 'i-1',
        name: 'n',
        target_cloud: 'other',
        target_region: 'r2',
        via: 'stream',
        staging_bucket: 'b',
        tags: { k: 'v' },
      },
    ]);
    expect(made.imagebridge_image_share).toMatchObject([{ cloud: 'other', region: 'r2', project_id: 'p' }]);
  });
});

const image2 = (stack: Scope) => MachineImage.fromImageId(stack, 'j', { imageId: 'j-1' });

describe('ImageRetention', () => {
  test('writes all its rules', () => {
    const made = resources((stack) => {
      new ImageRetention(stack, 'r', {
        keep: 3,
        channel: 'stable',
        namePrefix: 'debian-',
        nameRegex: '\\d$',
        tags: { team: 'web' },
        minAgeDays: 7.5,
        action: RetireAction.DEPRECATE,
        reason: 'too old',
        excludeImageIds: ['x'],
        includeShared: true,
        cloud: ImageCloud.fromProfile('c'),
        region: 'r',
      });
    });
    expect(made.imagebridge_image_retention).toEqual([
      {
        keep: 3,
        channel: 'stable',
        name_prefix: 'debian-',
        name_regex: '\\d$',
        with_tags: { team: 'web' },
        min_age_days: 7.5,
        action: 'deprecate',
        reason: 'too old',
        exclude_image_ids: ['x'],
        include_shared: true,
        cloud: 'c',
        region: 'r',
      },
    ]);
  });

  test('refuses to look at all images, and to keep part of one', () => {
    resources((stack) => {
      expect(() => new ImageRetention(stack, 'a', { keep: 3 })).toThrow(
        'stack/a: images: got all of them, expected channel, namePrefix, nameRegex or tags',
      );
      expect(() => new ImageRetention(stack, 'b', { keep: 1.5, channel: 'c' })).toThrow(
        'stack/b: keep: got 1.5, expected a whole number from 0 on',
      );
    });
    const said = problems((stack) => {
      const cloud = ImageCloud.fromProfile('c', { family: 'huaweicloud' });
      new ImageRetention(stack, 'r', { keep: 1, namePrefix: 'n', action: RetireAction.DEACTIVATE, cloud });
    });
    expect(said).toContain('[stack/r] action: got deactivate on huaweicloud; expected the image deleted');
  });
});
