// Many images of one project: a refresh asks the service for pages of a listing, not for each image.
import path from 'node:path';
import { connect, type ImageCloud, waitForJob } from '@imagebridge/core';
import { huaweicloudInventory, ucloudstackInventory } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, type Family, Workspace } from './terraform.ts';

/** The images that a page of a listing holds, in all families. */
const PAGE_SIZE = 100;
/** Calls beside the pages: tokens, the project, and the images that are asked for one by one. */
const MORE_CALLS = 20;
/** Terraform itself takes its time with a thousand objects, and the more on a machine that is busy. */
const LIMIT_MS = 600_000;
/** So many are made at once. */
const AT_ONCE = 16;

describeTerraform('many images', () => {
  let work: Work;

  beforeAll(async () => {
    work = await makeWork({ imageQuota: 10_000, jobDurationMs: 0 });
  });
  afterAll(() => work?.close());

  const imported = (cloud: string, ids: Readonly<Record<string, string>>) => `
provider "imagebridge" {
  default_cloud = "${cloud}"
}
locals {
  ids = ${JSON.stringify(ids)}
}
import {
  for_each = local.ids
  to       = imagebridge_image.many[each.key]
  id       = each.value
}
resource "imagebridge_image" "many" {
  for_each = local.ids
  name     = each.key
  source   = {}
  tags     = { stage = "test" }
}
`;

  it.each<[Family['family'], number]>([
    ['openstack', 1000],
    ['huaweicloud', 250],
    ['ucloudstack', 250],
  ])(
    '%s: %i images are read by pages',
    async (family, count) => {
      const cloud = FAMILIES.find((one) => one.family === family)?.cloud ?? '';
      const ids = await makeImages(work, cloud, count);
      const tf = await Workspace.make(path.join(work.dir, family), work.env);
      await tf.write(imported(cloud, ids));
      work.requests.length = 0;
      await tf.apply();
      const importCalls = work.requests.length;

      work.requests.length = 0;
      await tf.nothingToDo('-refresh-only');
      const calls = work.requests.map(({ method, path: to }) => `${method} ${to}`);
      expect(calls.length, calls.join('\n')).toBeLessThanOrEqual(count / PAGE_SIZE + MORE_CALLS);
      // The import itself reads them all as well.
      expect(importCalls).toBeLessThanOrEqual(2 * (count / PAGE_SIZE + MORE_CALLS));

      // What was changed and removed by others meanwhile is seen.
      const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
      await opened.deleteImage(ids['many-7'] ?? '');
      await opened.close();
      const { code, output } = await tf.plan('-refresh-only');
      expect(code).toBe(2);
      expect(output).toMatch(/imagebridge_image\.many\["many-7"\] has been deleted/);
      expect(output.match(/has been deleted/g)).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

/** Makes images of the names `many-0` … by the port, several at once. Gives their ids by name. */
async function makeImages(work: Work, cloud: string, count: number): Promise<Record<string, string>> {
  const opened = await connect({ cloud, configPath: work.cloud.profilesPath, env: work.env });
  const ids: Record<string, string> = {};
  const names = Array.from({ length: count }, (_, i) => `many-${i}`);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop())
        ids[name] = await makeImage(opened, work, name);
    }),
  );
  await opened.close();
  return ids;
}

/** One active image, in the way that takes least. */
async function makeImage(cloud: ImageCloud, work: Work, name: string): Promise<string> {
  const common = { name, tags: { stage: 'test' } };
  const content = Buffer.from(name);
  const ref =
    cloud.family === 'openstack'
      ? await cloud.uploadStream({
          ...common,
          diskFormat: 'raw',
          sizeBytes: content.length,
          async *open() {
            yield content;
          },
        })
      : await cloud.createFromServer({ ...common, serverId: stoppedServer(cloud, work) });
  const { imageIds } = await waitForJob(cloud, ref, `make image ${name}`);
  return imageIds[0] ?? '';
}

/** A server that images can be made from. */
function stoppedServer({ family, region }: ImageCloud, { cloud }: Work): string {
  const [account] = cloud.accounts;
  if (account === undefined) return '';
  const server =
    family === 'huaweicloud'
      ? huaweicloudInventory(account.projects[region] ?? '', region).servers.find(
          ({ status, obstacle }) => status === 'SHUTOFF' && obstacle === undefined,
        )
      : ucloudstackInventory(account.ucloudstack.companyId, region).find(({ name }) => name === 'build');
  return server?.id ?? '';
}
