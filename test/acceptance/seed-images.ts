// Images that are there before terraform comes, made through the port: tiny, and one after the other so that their ages differ.
import { createReadStream, statSync } from 'node:fs';
import { type ImageCloud, type JobRef, publishImage, waitForJob } from '@imagebridge/core';
import { ucloudstackInventory } from '@imagebridge/local-cloud';
import type { Work } from '../fixtures/work.ts';

const SIZE_BYTES = 64 * 1024;

/**
 * Makes active images of these names in a cloud of the work place.
 * @returns their ids by name
 */
export async function seedImages(
  cloud: ImageCloud,
  work: Work,
  names: readonly string[],
  tags: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const name of names) {
    ids[name] = await make(cloud, work, name, { ...tags });
    // The services tell ages in seconds.
    if (name !== names.at(-1)) await work.pause(1000);
  }
  return ids;
}

async function make(
  cloud: ImageCloud,
  work: Work,
  name: string,
  tags: Record<string, string>,
): Promise<string> {
  const file = await work.file(`seed-${name}.raw`, SIZE_BYTES);
  if (cloud.family === 'huaweicloud') {
    const { image } = await publishImage(
      cloud,
      { path: file, image: { name, tags } },
      { stateDir: work.stateDir },
    );
    return image.id;
  }
  return finished(
    cloud,
    await (cloud.family === 'openstack'
      ? streamed(cloud, file, name, tags)
      : ofServer(cloud, work, name, tags)),
  );
}

const streamed = (cloud: ImageCloud, file: string, name: string, tags: Record<string, string>) =>
  cloud.uploadStream({
    name,
    tags,
    diskFormat: 'raw',
    sizeBytes: statSync(file).size,
    open: () => createReadStream(file),
  });

function ofServer(
  cloud: ImageCloud,
  work: Work,
  name: string,
  tags: Record<string, string>,
): Promise<JobRef> {
  const company = work.cloud.accounts[0]?.ucloudstack.companyId ?? 0;
  // The one that is stopped.
  const server = ucloudstackInventory(company, cloud.region).find((vm) => vm.name === 'build');
  return cloud.createFromServer({ name, tags, serverId: server?.id ?? '' });
}

async function finished(cloud: ImageCloud, ref: JobRef): Promise<string> {
  const { imageIds } = await waitForJob(cloud, ref, 'make an image of the seed');
  const [id] = imageIds;
  if (id === undefined) throw new Error(`no image came of ${ref.id}`);
  return id;
}
