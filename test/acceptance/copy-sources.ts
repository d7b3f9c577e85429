// Small images to copy and export, made through the port before terraform comes.
import path from 'node:path';
import { claimImage, connect, type ImageCloud, publishImage } from '@imagebridge/core';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import type { Work } from '../fixtures/work.ts';

const MIB = 1024 ** 2;

/** What a UCloudStack wants to know of an image. */
export const LINUX = {
  osType: 'Linux',
  osDistribution: 'Ubuntu',
  osVersion: '22.04',
  architecture: 'x86_64',
} as const;

/** Makes images in the clouds of a work place. Close it at the end. */
export class Sources {
  readonly #work: Work;
  readonly #clouds = new Map<string, Promise<ImageCloud>>();

  constructor(work: Work) {
    this.#work = work;
  }

  /** The cloud of a profile. */
  cloud(name: string): Promise<ImageCloud> {
    const known = this.#clouds.get(name);
    if (known !== undefined) return known;
    const opening = connect({ cloud: name, configPath: this.#work.cloud.profilesPath, env: {} });
    this.#clouds.set(name, opening);
    return opening;
  }

  /** Makes an active image of a qcow2 disk that is described, and claimed as one in a state is. Returns its id. */
  async image(profile: string, name: string, dataBytes = MIB): Promise<string> {
    const cloud = await this.cloud(profile);
    const file = path.join(this.#work.dir, `${name}.qcow2`);
    await makeQcow2(file, { dataBytes, seed: name });
    const facts = cloud.family === 'ucloudstack' ? LINUX : {};
    const described = { name, description: 'the source', tags: { source: 'yes' }, ...facts };
    const stateDir = path.join(this.#work.dir, 'source-state');
    const { image } = await publishImage(cloud, { path: file, image: described }, { stateDir });
    await claimImage(cloud, image, { stateDir });
    return image.id;
  }

  async close(): Promise<void> {
    for (const cloud of this.#clouds.values()) await (await cloud).close();
  }
}
