import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreateFromServerRequest, type ImageCloud, UnavailableError } from '../model/index.ts';
import { type CreateImageRequest, checkChecksums, createImage } from './create-image.ts';
import { missingFacts, splitDescription, whyFixed } from './describe-image.ts';
import { claimImage, MARKER_TAG, releaseInProcess } from './marker.ts';
import { FakeCloud, fakeClock } from './testing/fake-cloud.ts';

/** A cloud that makes images of servers. */
class ServerCloud extends FakeCloud {
  /** Throws away the answer to the next creating call. */
  losesAnswer = false;
  override readonly capabilities: ImageCloud['capabilities'] = {
    ...new FakeCloud().capabilities,
    createFromServer: true,
  };

  override async createFromServer(request: CreateFromServerRequest) {
    this.calls.push('createFromServer');
    const image = this.addImage({ name: request.name, tags: request.tags ?? {} });
    if (!this.losesAnswer) return this.addJob({}, { status: 'succeeded', imageIds: [image.id] });
    this.losesAnswer = false;
    throw new UnavailableError({ operation: 'create an image', reason: 'the connection was reset' });
  }
}

const options = () => ({ clock: fakeClock() });
const request: CreateImageRequest = {
  source: { kind: 'server', serverId: 's-1' },
  image: { name: 'base' },
};
const made = (cloud: FakeCloud) => cloud.calls.filter((call) => call === 'createFromServer').length;

describe('createImage', () => {
  it('makes an image with its marker, and tells its id', async () => {
    const cloud = new ServerCloud('r-make');
    const ids: string[] = [];
    const { image, adopted } = await createImage(cloud, request, {
      ...options(),
      onImageId: (id) => ids.push(id),
    });
    expect(adopted).toBe(false);
    expect(ids).toEqual([image.id]);
    expect(image.tags[MARKER_TAG]).toMatch(/^[\w-]{43}$/);
  });

  it('adopts what an interrupted run made of the same source under the same name', async () => {
    const cloud = new ServerCloud('r-adopt');
    const first = await createImage(cloud, request, options());
    releaseInProcess(cloud, first.image.id);
    const again = await createImage(cloud, request, options());
    expect([again.adopted, again.image.id]).toEqual([true, first.image.id]);
    for (const other of [
      { ...request, image: { name: 'other' } },
      { ...request, source: { kind: 'server', serverId: 's-2' } } as const,
    ]) {
      releaseInProcess(cloud, first.image.id);
      expect((await createImage(cloud, other, options())).adopted).toBe(false);
    }
  });

  it('makes a second one of a twin, and of what is claimed', async () => {
    const cloud = new ServerCloud('r-twin');
    const first = await createImage(cloud, request, options());
    const twin = await createImage(cloud, request, options());
    expect(twin.image.id).not.toBe(first.image.id);
    for (const { image } of [first, twin]) {
      await claimImage(cloud, image);
      releaseInProcess(cloud, image.id);
    }
    expect((await createImage(cloud, request, options())).adopted).toBe(false);
  });

  it('finds the image when the answer is lost, and makes no second one', async () => {
    const cloud = new ServerCloud('r-lost');
    cloud.losesAnswer = true;
    await createImage(cloud, request, options());
    expect([made(cloud), cloud.images.size]).toEqual([1, 1]);
  });

  it('refuses what the cloud cannot do, before anything is sent', async () => {
    const cloud = new FakeCloud('r-refuse');
    await expect(createImage(cloud, request, options())).rejects.toMatchObject({ kind: 'unsupported' });
    expect(() => checkChecksums(cloud, { sha512: 'x' }, 'url')).toThrow(/does not tell that checksum/);
    expect(() => checkChecksums(cloud, {}, 'url')).not.toThrow();
  });
});

describe('claims of clouds that keep no properties', () => {
  let stateDir: string;
  beforeAll(async () => {
    stateDir = await mkdtemp(path.join(tmpdir(), 'imagebridge-claims-'));
  });
  afterAll(() => rm(stateDir, { recursive: true, force: true }));

  /** A cloud without properties. */
  class BareCloud extends ServerCloud {
    override readonly capabilities: ImageCloud['capabilities'] = {
      ...new FakeCloud().capabilities,
      createFromServer: true,
      customProperties: 'use tags',
    };
  }

  it('are remembered by this machine', async () => {
    const cloud = new BareCloud('r-bare');
    const first = await createImage(cloud, request, { ...options(), stateDir });
    expect(await claimImage(cloud, first.image)).toBe(false);
    expect(await claimImage(cloud, first.image, { stateDir })).toBe(true);
    expect(cloud.calls).not.toContain('updateImage');
    releaseInProcess(cloud, first.image.id);
    expect((await createImage(cloud, request, { ...options(), stateDir })).adopted).toBe(false);
  });

  it('are believed of everything that is older than a day', async () => {
    const cloud = new BareCloud('r-old');
    const { image } = await createImage(cloud, request, options());
    cloud.images.set(image.id, { ...image, createdAt: new Date(Date.now() - 25 * 3_600_000) });
    releaseInProcess(cloud, image.id);
    expect((await createImage(cloud, request, options())).adopted).toBe(false);
  });
});

describe('a description', () => {
  const split = (cloud: ImageCloud, kind: 'file' | 'server', more: object) =>
    splitDescription(cloud, { kind }, { name: 'n', tags: { a: 'b' }, ...more });

  it('is divided by what the cloud takes when it makes an image, and afterwards', () => {
    const cloud = new FakeCloud();
    const fields = {
      osVersion: 'Ubuntu',
      minRamMiB: 1,
      bootMode: 'uefi',
      properties: { p: 'x' },
      protected: false,
    };
    expect(split(cloud, 'file', fields)).toEqual({
      now: { name: 'n', description: undefined, tags: { a: 'b' }, osVersion: 'Ubuntu', minRamMiB: 1 },
      later: { bootMode: 'uefi', properties: { p: 'x' } },
      refused: [],
    });
    expect(split(cloud, 'server', fields).refused).toEqual([expect.objectContaining({ field: 'osVersion' })]);
    expect(split(cloud, 'file', { protected: true, visibility: 'public' }).refused).toHaveLength(2);
    expect(split(cloud, 'file', { visibility: 'private', minRamMiB: 0, properties: {} })).toMatchObject({
      later: undefined,
      refused: [],
    });
  });

  it('tells what is never changed, and what is missing', () => {
    const cloud = new FakeCloud();
    expect(whyFixed(cloud, 'name')).toBeUndefined();
    expect(whyFixed(cloud, 'tags')).toBe('make a new one');
    expect(whyFixed(cloud, 'minDiskGiB')).toMatch(/never changes/);
    expect(missingFacts(cloud, { kind: 'file' }, { name: 'n' })).toEqual([]);
    const other = Object.assign(new FakeCloud(), { family: 'ucloudstack' as const });
    expect(missingFacts(other, { kind: 'file' }, { name: 'n', osType: 'Linux' })).toEqual([
      'osDistribution',
      'osVersion',
      'architecture',
    ]);
  });
});
