// What data sources tell of images, catalogues, limits, shares, jobs and local files, in all three families.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type ImageCloud, promoteImage, retireImage } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

describeTerraform('data sources', () => {
  let work: Work;
  let tf: Workspace;
  const clouds: Record<string, ImageCloud> = {};
  /** Ids of the images `web-1`, `web-2` and `db-1` by the name of their cloud. */
  const ids: Record<string, Record<string, string>> = {};

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    for (const { cloud } of FAMILIES) {
      const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
      clouds[cloud] = opened;
      ids[cloud] = await seedImages(opened, work, ['web-1', 'web-2', 'db-1'], { team: 'web' });
    }
  });
  afterAll(async () => {
    for (const cloud of Object.values(clouds)) await cloud.close();
    await work?.close();
  });

  const told = async (configuration: string): Promise<Record<string, unknown>> => {
    await tf.write(configuration);
    await tf.apply();
    await tf.nothingToDo();
    return tf.outputs();
  };
  const refused = async (configuration: string): Promise<string> => {
    await tf.write(configuration);
    const { code, output } = await tf.run(['plan']);
    expect(code).toBe(1);
    return output;
  };

  it.each(FAMILIES)('$family: one image by id, name, expression, tags and the newest', async ({ cloud }) => {
    const outputs = await told(`
data "imagebridge_image" "id" {
  cloud = "${cloud}"
  id    = "${ids[cloud]?.['db-1']}"
}
data "imagebridge_image" "name" {
  cloud = "${cloud}"
  name  = "web-1"
  scope = "own"
}
data "imagebridge_image" "newest" {
  cloud       = "${cloud}"
  name_regex  = "^web-[0-9]+$"
  with_tags   = { team = "web" }
  scope       = "own"
  most_recent = true
}
data "imagebridge_images" "all" {
  cloud     = "${cloud}"
  with_tags = { team = "web" }
  scope     = "own"
  sort      = "name:asc"
}
data "imagebridge_images" "two" {
  cloud       = "${cloud}"
  name_prefix = "web-"
  scope       = "own"
  sort        = "name:desc"
  limit       = 1
}
data "imagebridge_images" "none" {
  cloud = "${cloud}"
  name  = "nobody"
}
output "id" { value = data.imagebridge_image.id }
output "name" { value = data.imagebridge_image.name.id }
output "newest" { value = data.imagebridge_image.newest.name }
output "all" { value = data.imagebridge_images.all.images[*].name }
output "two" { value = data.imagebridge_images.two.ids }
output "none" { value = data.imagebridge_images.none.images }
`);
    expect(outputs.id).toMatchObject({
      name: 'db-1',
      status: 'active',
      tags: { team: 'web' },
      retired_at: null,
    });
    expect(outputs).toMatchObject({
      name: ids[cloud]?.['web-1'],
      newest: 'web-2',
      all: ['db-1', 'web-1', 'web-2'],
      two: [ids[cloud]?.['web-2']],
      none: [],
    });
  });

  it('by channel and content; what is retired or hidden only where it is asked for', async () => {
    const cloud = clouds['local-openstack'];
    const own = ids['local-openstack'] ?? {};
    if (!cloud) throw new Error('no cloud');
    const image = async (name: string) => {
      const found = await cloud.getImage(own[name] ?? '');
      if (!found) throw new Error(`no image ${name}`);
      return found;
    };
    await promoteImage(cloud, await image('web-1'), 'web-stable');
    await promoteImage(cloud, await image('web-2'), 'web-stable');
    await retireImage(cloud, await image('db-1'), { hide: true });
    const sha256 = 'e'.repeat(64);
    await cloud.updateImage(own['web-2'] ?? '', { properties: { imagebridge_sha256: sha256 } });
    const outputs = await told(`
provider "imagebridge" {
  default_cloud = "local-openstack"
}
data "imagebridge_image" "current" {
  channel = "web-stable"
}
data "imagebridge_image" "previous" {
  channel = "web-stable/previous"
}
data "imagebridge_image" "content" {
  sha256 = "${sha256}"
}
data "imagebridge_images" "channel" {
  channel = "web-stable"
}
data "imagebridge_images" "visible" {
  scope = "own"
}
data "imagebridge_images" "hidden" {
  hidden  = true
  retired = true
}
output "current" { value = data.imagebridge_image.current }
output "previous" { value = data.imagebridge_image.previous.name }
output "content" { value = data.imagebridge_image.content.name }
output "channel" { value = data.imagebridge_images.channel.images[*].channels }
output "visible" { value = data.imagebridge_images.visible.images[*].name }
output "hidden" { value = data.imagebridge_images.hidden.images[*].name }
`);
    expect(outputs).toMatchObject({
      current: { name: 'web-2', channels: { 'web-stable': 'current' }, tags: { team: 'web' }, sha256 },
      previous: 'web-1',
      content: 'web-2',
      channel: [{ 'web-stable': 'current' }, { 'web-stable': 'previous' }],
      visible: ['web-2', 'web-1'],
      hidden: ['db-1'],
    });
  });

  it('names what was looked for, and the candidates', async () => {
    const several = await refused(`
data "imagebridge_image" "x" {
  name_prefix = "web-"
  scope       = "own"
}`);
    expect(several).toMatch(/2 images match on huaweicloud "local"/);
    expect(several).toContain(`${ids.local?.['web-1']}`);
    expect(await refused('data "imagebridge_image" "x" {\n  name = "nobody"\n}')).toMatch(
      /No image matches.*name "nobody"/s,
    );
    expect(await refused('data "imagebridge_image" "x" {\n  channel = "nothing-in-it"\n}')).toMatch(
      /channel nothing-in-it has no current image/i,
    );
    const many = await refused('data "imagebridge_image" "x" {\n  id = "i"\n  most_recent = true\n}');
    expect(many).toMatch(/Contradicting search/);
    expect(await refused('data "imagebridge_image" "x" {\n  name_regex = "("\n}')).toMatch(
      /must be a regular expression/,
    );
    expect(await refused('data "imagebridge_images" "x" {\n  sort = "age"\n}')).toMatch(
      /sort must be created_at/,
    );
  });

  it('systems, limits, members and jobs; what a family does not have is refused with the nearest thing', async () => {
    const partner = work.cloud.accounts[1]?.projects['local-1'] ?? '';
    const shared = ids.local?.['web-1'] ?? '';
    const { id: job } = (await clouds.local?.addShare(shared, partner)) ?? { id: '' };
    const outputs = await told(`
data "imagebridge_os_versions" "ubuntu" {
  platform = "Ubuntu"
}
data "imagebridge_os_versions" "stack" {
  cloud = "local-ucloudstack"
}
data "imagebridge_quotas" "here" {}
data "imagebridge_quotas" "glance" {
  cloud = "local-openstack"
}
data "imagebridge_members" "here" {
  image_id = "${shared}"
}
data "imagebridge_job" "share" {
  id = "${job}"
}
output "ubuntu" { value = data.imagebridge_os_versions.ubuntu.os_versions }
output "stack" { value = data.imagebridge_os_versions.stack.os_versions }
output "limits" { value = data.imagebridge_quotas.here.quotas }
output "glance" { value = data.imagebridge_quotas.glance.quotas }
output "members" { value = data.imagebridge_members.here.members }
output "job" { value = data.imagebridge_job.share.status }
`);
    expect(outputs.ubuntu).toEqual(
      expect.arrayContaining([expect.objectContaining({ platform: 'Ubuntu', os_type: 'Linux' })]),
    );
    expect(outputs.stack).toEqual(
      expect.arrayContaining([expect.objectContaining({ os_version: expect.any(String) })]),
    );
    expect(Object.values(Object(outputs.limits))).toEqual(
      expect.arrayContaining([{ used: expect.any(Number), limit: expect.any(Number) }]),
    );
    expect(Object.keys(Object(outputs.glance)).length).toBeGreaterThan(0);
    expect(outputs.members).toMatchObject([{ project_id: partner, status: 'pending' }]);
    expect(outputs.job).toMatch(/succeeded|running|queued/);
    expect(await refused('data "imagebridge_quotas" "x" {\n  cloud = "local-ucloudstack"\n}')).toMatch(
      /Read the quotas in the console/,
    );
    expect(await refused('data "imagebridge_os_versions" "x" {\n  cloud = "local-openstack"\n}')).toMatch(
      /os_distro and os_version/,
    );
    expect(
      await refused('data "imagebridge_members" "x" {\n  cloud = "local-ucloudstack"\n  image_id = "x"\n}'),
    ).toMatch(/base image/);
    expect(await refused('data "imagebridge_job" "x" {\n  id = "no-such-job"\n}')).toMatch(/no-such-job/);
  });

  it('inspects a local file, and judges it for each cloud', async () => {
    const disk = path.join(tf.dir, 'disk.qcow2');
    await makeQcow2(disk, { dataBytes: 1 << 20, seed: 'data' });
    await writeFile(path.join(tf.dir, 'not.qcow2'), 'no disk');
    const outputs = await told(`
data "imagebridge_image_file" "disk" {
  path           = "disk.qcow2"
  compute_sha256 = true
  clouds         = ["local", "local-openstack", "local-ucloudstack"]
  intended       = { name = "a<b" }
}
output "disk" { value = data.imagebridge_image_file.disk }
`);
    expect(outputs.disk).toMatchObject({
      format: 'qcow2',
      encrypted: false,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      verdicts: {
        local: {
          accepted: false,
          findings: expect.arrayContaining([expect.objectContaining({ code: 'name' })]),
        },
        'local-openstack': { accepted: true },
        'local-ucloudstack': { accepted: false },
      },
    });
    expect(await refused('data "imagebridge_image_file" "x" {\n  path = "nowhere.qcow2"\n}')).toMatch(
      /nowhere\.qcow2.*there is no such file/is,
    );
    expect(
      await refused(
        `data "imagebridge_image_file" "x" {\n  path = "disk.qcow2"\n  sha256 = "${'0'.repeat(64)}"\n}`,
      ),
    ).toMatch(/its SHA-256 is/i);
    expect(
      await refused('data "imagebridge_image_file" "x" {\n  path = "disk.qcow2"\n  clouds = ["nowhere"]\n}'),
    ).toMatch(/nowhere/);
  });
});
