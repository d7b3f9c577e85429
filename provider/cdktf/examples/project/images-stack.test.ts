// How a user tests a stack: with CDKTF's own matchers, which take the classes of this library as they are.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImagebridgeChannel, ImagebridgeImage, ImagebridgeImageShare, ImageCloud } from '@imagebridge/cdktf';
import { Testing } from 'cdktf';
import { afterAll, describe, expect, test } from 'vitest';
import { Images, type ImagesProps } from './images-stack.ts';

const props: ImagesProps = {
  cloud: ImageCloud.fromProfile('private', { family: 'openstack' }),
  path: '/images/debian-12.qcow2',
  version: '7',
  projectIds: ['p-1', 'p-2'],
};

// Without it, each app would leave a folder among the temporary files.
const outdir = mkdtempSync(join(tmpdir(), 'images-stack-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** The synthesised stack; the checks of all constructs run. */
const synthesise = (more: Partial<ImagesProps> = {}): string =>
  Testing.synth(new Images(Testing.app({ outdir }), 'images', { ...props, ...more }), true);

describe('the images', () => {
  test('are published under their version', () => {
    expect(
      Testing.toHaveResourceWithProperties(synthesise(), ImagebridgeImage.tfResourceType, {
        name: 'debian-12-7',
        cloud: 'private',
        source: { file: '/images/debian-12.qcow2' },
      }),
    ).toBe(true);
    expect(
      Testing.toHaveResourceWithProperties(synthesise(), ImagebridgeChannel.tfResourceType, {
        name: 'debian-12-stable',
      }),
    ).toBe(true);
  });

  test('are shared with all projects, and with none where there are none', () => {
    for (const project_id of props.projectIds)
      expect(
        Testing.toHaveResourceWithProperties(synthesise(), ImagebridgeImageShare.tfResourceType, {
          project_id,
        }),
      ).toBe(true);
    expect(Testing.toHaveResource(synthesise({ projectIds: [] }), ImagebridgeImageShare.tfResourceType)).toBe(
      false,
    );
  });

  test('cannot go where there is no sharing', () => {
    const cloud = ImageCloud.fromProfile('edge', { family: 'ucloudstack' });
    expect(() => synthesise({ cloud })).toThrow('share: got one on ucloudstack, which has no sharing');
  });
});
