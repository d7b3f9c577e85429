import { isAbsolute, resolve } from 'node:path';
import { TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import {
  type FileImageProps,
  ImagebridgeImage,
  ImageCloud,
  ImageFormat,
  MachineImage,
  OperatingSystem,
  Size,
} from '../index.ts';
import { ref, resources, synth, testApp } from '../testing.ts';

describe('MachineImage.fromFile', () => {
  test('is a resource, and a provider for it', () => {
    // GIVEN / WHEN
    const json = synth((stack) => void MachineImage.fromFile(stack, 'i', { path: '/i.qcow2', name: 'base' }));

    // THEN
    expect(json).toEqual({
      terraform: {
        required_providers: { imagebridge: { source: 'imagebridge/imagebridge', version: '0.1.0' } },
      },
      provider: { imagebridge: [{}] },
      resource: {
        imagebridge_image: { i_535768E7: { name: 'base', source: { file: '/i.qcow2' } } },
      },
    });
  });

  test('writes all that can be said', () => {
    expect(
      resources((stack) => {
        MachineImage.fromFile(stack, 'i', {
          path: '/i.qcow2',
          name: 'base',
          os: OperatingSystem.huaweicloud('Ubuntu 22.04 server 64bit'),
          sha256: 'a'.repeat(64),
          description: 'd',
          minDisk: Size.gibibytes(40),
          minRam: Size.gibibytes(1),
          format: ImageFormat.QCOW2,
          tags: { 'Key-1': 'Value' },
          stagingBucket: 'b',
          cloud: ImageCloud.fromProfile('prod'),
          region: 'cn-north-4',
        });
      }),
    ).toEqual({
      imagebridge_image: [
        {
          name: 'base',
          source: { file: '/i.qcow2', sha256: 'a'.repeat(64) },
          os_version: 'Ubuntu 22.04 server 64bit',
          description: 'd',
          min_disk_gib: 40,
          min_ram_mib: 1024,
          disk_format: 'qcow2',
          tags: { 'Key-1': 'Value' },
          staging_bucket: 'b',
          cloud: 'prod',
          region: 'cn-north-4',
        },
      ],
    });
  });

  test('takes tokens everywhere, unchecked', () => {
    const [image] =
      resources((stack) => {
        const text = new TerraformVariable(stack, 'text', { type: 'string' });
        const disk = new TerraformVariable(stack, 'disk', { type: 'number' });
        MachineImage.fromFile(stack, 'i', {
          path: text.stringValue,
          name: text.stringValue,
          minDisk: Size.gibibytes(disk.numberValue),
        });
      }).imagebridge_image ?? [];
    expect(image).toEqual({
      name: ref('var.text'),
      source: { file: ref('var.text') },
      min_disk_gib: ref('var.disk'),
    });
  });

  test('rewrites a relative path for the folder that terraform runs in', () => {
    const app = testApp();
    const image = MachineImage.fromFile(new TerraformStack(app, 'images'), 'i', {
      path: 'disks/i.qcow2',
      name: 'n',
    });
    const { sourceInput: source } = image.resource;
    const path = ('file' in source && source.file) || '';
    expect(isAbsolute(path)).toBe(false);
    expect(resolve(app.outdir, 'stacks/images', path)).toBe(resolve('disks/i.qcow2'));
  });

  const good: FileImageProps = { path: '/f', name: 'n' };
  test.each<[Partial<FileImageProps>, string]>([
    [{ name: '' }, 'stack/i: name: got "", expected a text that is not blank'],
    [{ path: ' ' }, 'stack/i: path: got " ", expected a text that is not blank'],
    [{ tags: { ' ': 'x' } }, 'stack/i: tags: got a tag with a blank key'],
    [{ minDisk: Size.mebibytes(1) }, 'stack/i: minDisk: Size: got 1 MiB, expected a whole number of GiB'],
  ])('refuses %j', (props, message) => {
    expect(() => resources((stack) => void MachineImage.fromFile(stack, 'i', { ...good, ...props }))).toThrow(
      message,
    );
  });

  test('leaves a way to what it does not offer', () => {
    const [image] =
      resources((stack) => {
        const made = MachineImage.fromFile(stack, 'i', good);
        expect(made.node.defaultChild).toBeInstanceOf(ImagebridgeImage);
        made.resource.putTimeouts({ create: '2h' });
        made.resource.lifecycle = { createBeforeDestroy: true };
      }).imagebridge_image ?? [];
    expect(image).toMatchObject({ timeouts: { create: '2h' }, lifecycle: { create_before_destroy: true } });
  });
});

describe('an image', () => {
  test('is shared, accepted in the region of the share, and copied from there', () => {
    // GIVEN / WHEN
    const made = resources((stack) => {
      const image = MachineImage.fromFile(stack, 'i', {
        path: '/f',
        name: 'n',
        cloud: ImageCloud.fromProfile('owner'),
      });
      image.resource.overrideLogicalId('image');
      const share = image.shareWith('project-2');
      share.resource.overrideLogicalId('share');
      const accepted = share.acceptIn(ImageCloud.fromProfile('receiver'));
      accepted.resource.overrideLogicalId('accepted');
      accepted.copyTo({ name: 'mine' });
    });

    // THEN
    expect(made).toEqual({
      imagebridge_image: [{ name: 'n', source: { file: '/f' }, cloud: 'owner' }],
      imagebridge_image_share: [
        { image_id: ref('imagebridge_image.image.id'), project_id: 'project-2', cloud: 'owner' },
      ],
      imagebridge_image_share_acceptance: [
        {
          image_id: ref('imagebridge_image_share.share.image_id'),
          region: ref('imagebridge_image_share.share.region'),
          cloud: 'receiver',
        },
      ],
      imagebridge_image_copy: [
        {
          source_image_id: ref('imagebridge_image_share_acceptance.accepted.image_id'),
          name: 'mine',
          region: ref('imagebridge_image_share.share.region'),
          cloud: 'receiver',
        },
      ],
    });
  });

  test('is copied to another region, where the copy is shared', () => {
    const made = resources((stack) => {
      const image = MachineImage.fromImageId(stack, 'i', { imageId: 'id-1', region: 'r1' });
      const copy = image.copyTo({
        name: 'east copy',
        region: 'r2',
        projectName: 'p',
        agencyName: 'a',
        description: 'd',
      });
      copy.resource.overrideLogicalId('copy');
      copy.shareWith('project-2');
    });
    expect(made).toEqual({
      imagebridge_image_copy: [
        {
          source_image_id: 'id-1',
          name: 'east copy',
          description: 'd',
          region: 'r1',
          target_region: 'r2',
          target_project: 'p',
          agency_name: 'a',
        },
      ],
      imagebridge_image_share: [
        { image_id: ref('imagebridge_image_copy.copy.id'), project_id: 'project-2', region: 'r2' },
      ],
    });
  });

  test('names what is made of it by what is told of it', () => {
    resources((stack) => {
      const image = MachineImage.fromImageId(stack, 'i', { imageId: 'id-1' });
      expect(image.copyTo({ name: 'a copy/1', region: 'r2' }).node.path).toBe('stack/i/Copy-r2-a-copy-1');
      expect(image.copyTo({ name: '副本' }).node.id).toBe('Copy-副本');
      const share = image.shareWith('p1');
      expect(share.node.id).toBe('Share-p1');
      expect(share.acceptIn(ImageCloud.fromProfile('b')).node.id).toBe('Accept-b');
      expect(image.shareWith('p2', { id: 'Mine' }).node.id).toBe('Mine');
    });
  });

  test.each<[string, (stack: Construct) => unknown, string]>([
    [
      'a blank id',
      (stack) => MachineImage.fromImageId(stack, 'i', { imageId: '' }),
      'stack/i: imageId: got "", expected a text that is not blank',
    ],
    [
      'the same project twice',
      (stack) => {
        const image = MachineImage.fromImageId(stack, 'i', { imageId: 'x' });
        image.shareWith('p');
        image.shareWith('p');
      },
      'stack/i: shareWith: got project "p" a second time, expected each project once',
    ],
    [
      'a token as the only name',
      (stack) =>
        MachineImage.fromImageId(stack, 'i', { imageId: 'x' }).shareWith(
          new TerraformVariable(stack, 'v', { type: 'string' }).stringValue,
        ),
      'stack/i: id of Share: got none, and a token as project id, expected the option id, as a fixed name',
    ],
    [
      'sharing what another project owns',
      (stack) =>
        MachineImage.fromImageId(stack, 'i', { imageId: 'x' })
          .shareWith('p')
          .acceptIn(ImageCloud.fromProfile('b'))
          .shareWith('q'),
      'share with q: got an image that belongs to another project',
    ],
    [
      'a blank region',
      (stack) => MachineImage.fromImageId(stack, 'i', { imageId: 'x' }).copyTo({ name: 'n', region: '' }),
      'region: got "", expected a text that is not blank',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(() => resources((stack) => void build(stack))).toThrow(message);
  });
});
