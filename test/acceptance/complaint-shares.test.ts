// What users of other providers complain of when images are shared, copied and fetched. A test for each, by its number.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connect, type ImageCloud, unshareImage } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('complaints about shares, copies and fetched images', () => {
  let work: Work;
  let owner: ImageCloud;
  let projects: string[];
  let web: Server;
  let served = Buffer.alloc(MIB, 'a');
  let fetches = 0;

  beforeAll(async () => {
    work = await makeWork();
    owner = await connect({ cloud: 'local', env: work.env });
    projects = work.cloud.accounts.slice(1).map((account) => account.projects['local-1'] ?? '');
    web = createServer((request, response) => {
      if (request.method === 'GET') fetches++;
      response.setHeader('content-length', served.length);
      response.end(request.method === 'HEAD' ? undefined : served);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
  });
  afterAll(async () => {
    web?.close();
    await owner?.close();
    await work?.close();
  });

  const workspace = (name: string) => Workspace.make(path.join(work.dir, `tf-${name}`), work.env);

  it('opentelekomcloud#2716, #1145: many images are shared with many projects in few calls', async () => {
    const names = ['many-1', 'many-2', 'many-3'];
    const ids = Object.values(await seedImages(owner, work, names));
    const tf = await workspace('many');
    await tf.write(`
locals {
  pairs = setproduct(${JSON.stringify(ids)}, ${JSON.stringify(projects)})
}
resource "imagebridge_image_share" "all" {
  for_each   = { for pair in local.pairs : join("/", pair) => pair }
  cloud      = "local"
  image_id   = each.value[0]
  project_id = each.value[1]
}`);
    work.requests.length = 0;
    await tf.apply();
    const calls = work.requests.filter(
      ({ method, path: on }) => method === 'POST' && on.includes('/members'),
    );
    // Those that come together go together; how many do depends on how busy this machine is.
    expect(calls.length).toBeLessThan(ids.length * projects.length);
    for (const id of ids) {
      const shared: string[] = [];
      for await (const share of owner.listShares(id)) shared.push(share.projectId);
      expect(shared.sort()).toEqual([...projects].sort());
    }
    await tf.nothingToDo();
    await tf.destroy();
  });

  it('terraform-provider-huaweicloud: shares and acceptances are read: drift shows, ids are not random', async () => {
    const { read: id = '' } = await seedImages(owner, work, ['read']);
    const [project = ''] = projects;
    const tf = await workspace('read');
    await tf.step(`
resource "imagebridge_image_share" "one" {
  cloud      = "local"
  image_id   = "${id}"
  project_id = "${project}"
}
resource "imagebridge_image_share_acceptance" "one" {
  cloud    = "partner"
  image_id = imagebridge_image_share.one.image_id
}`);
    expect(await tf.attribute('imagebridge_image_share.one', 'id')).toBe(`${id}/${project}`);
    expect(await tf.attribute('imagebridge_image_share_acceptance.one', 'id')).toContain(id);
    await unshareImage(owner, id, project);
    const plan = await tf.planned();
    expect(plan.actions).toEqual({
      'imagebridge_image_share.one': 'create',
      'imagebridge_image_share_acceptance.one': 'create',
    });
    expect(Object.keys(plan.drift)).toContain('imagebridge_image_share.one');
    await tf.applyPlanned();
    await tf.destroy();
  });

  it('terraform-provider-openstack#1283: who may not accept is told who may', async () => {
    const cloud = await connect({ cloud: 'local-openstack', env: work.env });
    const { accept: id = '' } = await seedImages(cloud, work, ['accept']);
    await cloud.close();
    const tf = await workspace('accept');
    await tf.write(`
resource "imagebridge_image_share_acceptance" "own" {
  cloud    = "local-openstack"
  image_id = "${id}"
}`);
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/only the project that it is shared with/)]);
    expect(output).toMatch(/Name the cloud, or the credentials, of the receiving project/);
  });

  it('bpg/proxmox#1440: a URL whose content has another size now is not fetched again', async () => {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/disk.qcow2`;
    const tf = await workspace('url');
    await tf.step(
      `resource "imagebridge_image" "base" {\n  cloud = "local-openstack"\n  name = "fetched"\n  disk_format = "raw"\n  source = { url = "${url}" }\n}`,
    );
    const before = fetches;
    expect(before).toBeGreaterThan(0);
    served = Buffer.alloc(2 * MIB, 'b');
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    expect(fetches).toBe(before);
    await tf.destroy();
  });
});
