// The whole life of images, shares and copies under the real terraform: plan, apply, nothing left to do, import, destroy.
import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('the life of an image', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;
  let sha256: string;

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    file = await work.file('disk.raw', 6 * MIB);
    sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  });
  afterAll(() => work?.close());

  const image = (extra = '', name = 'base-1') => `
resource "imagebridge_image" "base" {
  name = "${name}"
  source = { file = "${file}" }
  ${extra}
}`;
  const SHARED = `
provider "imagebridge" {
  default_cloud = "local"
}
resource "imagebridge_image_share" "partner" {
  image_id   = imagebridge_image.base.id
  project_id = "PROJECT"
}
resource "imagebridge_image_share_acceptance" "partner" {
  cloud    = "partner"
  image_id = imagebridge_image_share.partner.image_id
}
resource "imagebridge_image_copy" "here" {
  source_image_id = imagebridge_image.base.id
  name            = "base-1-copy"
  description     = "a copy"
}
resource "imagebridge_image_copy" "there" {
  source_image_id = imagebridge_image.base.id
  name            = "base-1-far"
  target_region   = "local-2"
  agency_name     = "imagebridge"
}
data "imagebridge_image" "found" {
  name  = imagebridge_image.base.name
  scope = "own"
  depends_on = [imagebridge_image.base]
}
output "found" { value = data.imagebridge_image.found.id }
`;
  const shared = () => SHARED.replace('PROJECT', work.cloud.accounts[1]?.projects['local-1'] ?? '');

  it('knows the content, the format and the disk size while planning', async () => {
    await tf.write(image('tags = { team = "web" }\n  min_ram_mib = 1024\n  description = "first"'));
    const { 'imagebridge_image.base': change } = await tf.changes();
    expect(change?.actions).toEqual(['create']);
    expect(change?.after).toMatchObject({
      source: { file, sha256 },
      disk_format: 'raw',
      min_disk_gib: 40,
      region: 'local-1',
    });
    expect(change?.after_unknown).toMatchObject({ id: true, status: true, size_bytes: true });
  });

  it('is made as declared, and then there is nothing left to do', async () => {
    await tf.apply();
    const stored = await work.cloud.storedImages();
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ name: 'base-1', region: 'local-1', sha256, status: 'active' });
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    const { 'imagebridge_image.base': state } = await tf.resources();
    expect(state).toMatchObject({
      id: stored[0]?.id,
      status: 'active',
      tags: { team: 'web' },
      description: 'first',
      min_ram_mib: 1024,
    });
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('changes and clears in place what the cloud can change', async () => {
    const [before] = await work.cloud.storedImages();
    await tf.write(image('tags = { team = "web" }', 'base-1b'));
    const { 'imagebridge_image.base': change } = await tf.changes();
    expect(change?.actions).toEqual(['update']);
    await tf.apply();
    await tf.nothingToDo();
    const { 'imagebridge_image.base': state } = await tf.resources();
    expect(state).toMatchObject({ id: before?.id, name: 'base-1b', description: null, min_ram_mib: null });
    await tf.write(image('tags = { team = "web" }'));
    await tf.apply();
    expect((await work.cloud.storedImages())[0]).toMatchObject({ id: before?.id, name: 'base-1' });
  });

  it('sends nothing when the same content is at another path', async () => {
    const [before] = await work.cloud.storedImages();
    const moved = path.join(work.dir, 'moved.raw');
    await copyFile(file, moved);
    await tf.write(image('tags = { team = "web" }').replaceAll(file, moved));
    const { 'imagebridge_image.base': change } = await tf.changes();
    expect(change?.actions).toEqual(['update']);
    expect(change?.after).toMatchObject({ id: before?.id, source: { file: moved, sha256 } });
    await tf.apply();
    expect((await work.cloud.storedImages()).map(({ id }) => id)).toEqual([before?.id]);
    await tf.write(image('tags = { team = "web" }'));
    await tf.apply();
  });

  it('is shared, accepted by the other account, and copied near and far', async () => {
    await tf.write(image('tags = { team = "web" }') + shared());
    await tf.apply();
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    const state = await tf.resources();
    expect(state['imagebridge_image_share_acceptance.partner']).toMatchObject({ status: 'accepted' });
    expect(state['data.imagebridge_image.found']).toMatchObject({
      id: state['imagebridge_image.base']?.id,
      tags: { team: 'web' },
    });
    const stored = await work.cloud.storedImages();
    expect(stored.map(({ name, region }) => `${name} ${region}`).sort()).toEqual([
      'base-1 local-1',
      'base-1-copy local-1',
      'base-1-far local-2',
    ]);
    expect(new Set(stored.map((one) => one.sha256))).toEqual(new Set([sha256]));
  });

  it('is found again by import, with nothing left to do', async () => {
    const state = await tf.resources();
    const ids: Record<string, string> = {
      'imagebridge_image.base': `${state['imagebridge_image.base']?.id}`,
      'imagebridge_image_share.partner': `local/local-1/${state['imagebridge_image_share.partner']?.id}`,
      'imagebridge_image_share_acceptance.partner': `partner/local-1/${state['imagebridge_image.base']?.id}`,
      'imagebridge_image_copy.here': `${state['imagebridge_image_copy.here']?.id}`,
      'imagebridge_image_copy.there': `local/local-1/local-2/${state['imagebridge_image_copy.there']?.id}`,
    };
    for (const [address, id] of Object.entries(ids)) {
      await tf.must(['state', 'rm', address]);
      await tf.must(['import', address, id]);
    }
    const changes = await tf.changes();
    const planned = Object.entries(changes).map(([address, { actions }]) => [address, actions]);
    expect(planned.filter(([, actions]) => `${actions}` !== 'no-op' && `${actions}` !== 'update')).toEqual(
      [],
    );
    expect(changes['imagebridge_image.base']?.actions).toEqual(['no-op']);
    expect(changes['imagebridge_image_share.partner']?.after).toMatchObject(
      state['imagebridge_image_share.partner'] ?? {},
    );
  });

  it('is removed with everything that belongs to it', async () => {
    await tf.apply();
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });
});
