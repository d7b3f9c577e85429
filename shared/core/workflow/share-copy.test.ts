import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  NotFoundError,
  PermissionError,
  ProtocolError,
  ThrottledError,
  UnavailableError,
  UnsupportedError,
} from '../model/index.ts';
import { copyImage } from './copy.ts';
import { legalName } from './preflight.ts';
import { answerShare, setShares, shareImage, unshareImage } from './share.ts';
import { FakeCloud, fakeClock } from './testing/fake-cloud.ts';

const options = () => ({ clock: fakeClock() });

describe('sharing', () => {
  it('shares, is content when it is shared already, and ends the share', async () => {
    const cloud = new FakeCloud();
    const { id } = cloud.addImage({ name: 'a' });
    expect(await shareImage(cloud, id, 'p2', options())).toMatchObject({
      projectId: 'p2',
      status: 'pending',
    });
    await shareImage(cloud, id, 'p2', options());
    expect(cloud.calls.filter((call) => call === 'addShare')).toHaveLength(1);
    await unshareImage(cloud, id, 'p2', options());
    await unshareImage(cloud, id, 'p2', options());
    expect(cloud.calls.filter((call) => call === 'removeShare')).toHaveLength(1);
    expect(cloud.shares).toEqual([]);
  });

  it('sends what comes together as one call', async () => {
    const cloud = new FakeCloud();
    const { id } = cloud.addImage({ name: 'a' });
    const projects = Array.from({ length: 50 }, (_, index) => `p${index}`);
    const shares = await Promise.all(projects.map((project) => shareImage(cloud, id, project, options())));
    expect(shares.map(({ projectId }) => projectId)).toEqual(projects);
    await Promise.all(projects.map((project) => unshareImage(cloud, id, project, options())));
    expect(cloud.shares).toEqual([]);
    const of = (name: string) => cloud.calls.filter((call) => call === name).length;
    expect([of('addShare'), of('removeShare')]).toEqual([1, 1]);
    expect([of('listShares'), of('getShare')]).toEqual([3, 0]);
  });

  it('serves each alone when what came together is refused', async () => {
    const cloud = new FakeCloud();
    const { id } = cloud.addImage({ name: 'a' });
    const addShare = cloud.addShare.bind(cloud);
    cloud.addShare = async (imageId, projects) => {
      if ([projects].flat().includes('bad'))
        throw new NotFoundError({ operation: 'share', reason: 'the project is unknown' });
      return addShare(imageId, projects);
    };
    const outcomes = await Promise.allSettled(
      ['p1', 'bad', 'p2'].map((project) => shareImage(cloud, id, project, options())),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(cloud.shares.map(({ projectId }) => projectId)).toEqual(['p1', 'p2']);
  });

  it('makes a set of projects the only ones', async () => {
    const cloud = new FakeCloud();
    const { id } = cloud.addImage({ name: 'a' });
    for (const project of ['p1', 'p2', 'foreign']) await shareImage(cloud, id, project, options());
    expect(await setShares(cloud, id, ['p2', 'p3', 'p4'], options())).toEqual({
      added: ['p3', 'p4'],
      removed: ['p1', 'foreign'],
    });
    expect(cloud.shares.map(({ projectId }) => projectId).sort()).toEqual(['p2', 'p3', 'p4']);
    const before = cloud.calls.length;
    expect(await setShares(cloud, id, ['p4', 'p3', 'p2'], options())).toEqual({ added: [], removed: [] });
    expect(cloud.calls.slice(before)).toEqual(['listShares']);
  });

  it('tells an owner that accepting is for the receiver', async () => {
    const cloud = new FakeCloud();
    const { id } = cloud.addImage({ name: 'a', ownerId: 'project-1' });
    await expect(answerShare(cloud, id, 'accepted', options())).rejects.toThrow(
      /project-1\) owns the image.*the receiving project/,
    );
    await shareImage(cloud, id, 'project-1', options());
    cloud.before = (method) => {
      if (method === 'answerShare') throw new PermissionError({ operation: 'accept', httpStatus: 403 });
    };
    const refused = answerShare(cloud, id, 'accepted', options());
    await expect(refused).rejects.toBeInstanceOf(PermissionError);
    await expect(refused).rejects.toThrow(
      /act in project project-1.*Use credentials of the receiving project/s,
    );
  });

  it('says so when there is nothing to accept', async () => {
    const cloud = new FakeCloud();
    await expect(answerShare(cloud, 'i1', 'accepted', options())).rejects.toThrow(
      /is not shared with this project \(project-1\)/,
    );
  });

  it('refuses where the family has no sharing, with the nearest thing that works', async () => {
    const cloud = new FakeCloud();
    cloud.capabilities.share = 'Make it a base image instead.';
    const refused = shareImage(cloud, 'i1', 'p2', options());
    await expect(refused).rejects.toBeInstanceOf(UnsupportedError);
    await expect(refused).rejects.toThrow(/Make it a base image instead/);
    expect(cloud.calls).toEqual([]);
  });
});

describe('copying', () => {
  it('copies to another region', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a' });
    const made = await copyImage(
      cloud,
      { sourceImageId: source.id, name: 'a-copy', region: 'r2' },
      options(),
    );
    expect(made.target.region).toBe('r2');
    expect(made).toMatchObject({ adopted: false, image: { name: 'a-copy', sourceImageId: source.id } });
  });

  it('adopts the copy of an interrupted run, and makes no second one', async () => {
    const cloud = new FakeCloud('r-adopt');
    const source = cloud.addImage({ name: 'a' });
    const earlier = cloud.addImage({ name: 'a-copy', sourceImageId: source.id });
    const made = await copyImage(cloud, { sourceImageId: source.id, name: 'a-copy' }, options());
    expect(made).toMatchObject({ adopted: true, image: { id: earlier.id } });
    expect(cloud.calls).not.toContain('copyImage');
  });

  it('refuses a copy to another region without an agency, before anything is sent', async () => {
    const cloud = new FakeCloud();
    cloud.capabilities.copyNeedsAgency = true;
    const request = { sourceImageId: 'i1', name: 'c', region: 'r2' };
    await expect(copyImage(cloud, request, options())).rejects.toThrow(/needs an agency/);
    expect(cloud.calls).toEqual([]);
  });

  it('refuses a name that another image has', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a' });
    cloud.addImage({ name: 'taken' });
    await expect(
      copyImage(cloud, { sourceImageId: source.id, name: 'taken' }, options()),
    ).rejects.toBeInstanceOf(ConflictError);
  });

  it('looks for the copy when the answer was lost', async () => {
    const cloud = new FakeCloud('r-lost');
    const source = cloud.addImage({ name: 'a' });
    cloud.before = (method) => {
      if (method !== 'copyImage') return;
      cloud.addImage({ name: 'b', sourceImageId: source.id });
      throw new ProtocolError({ operation: 'copy', reason: 'truncated reply' });
    };
    const made = await copyImage(cloud, { sourceImageId: source.id, name: 'b' }, options());
    expect(made.image.name).toBe('b');
  });

  it('gives the first error when there is no copy to be found', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a' });
    cloud.before = (method) => {
      if (method === 'copyImage')
        throw new UnavailableError({ operation: 'copy', reason: 'connection reset' });
    };
    await expect(copyImage(cloud, { sourceImageId: source.id, name: 'c' }, options())).rejects.toThrow(
      /connection reset/,
    );
  });
});

describe('copying elsewhere', () => {
  it('waits its turn while the service takes no more copies', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a' });
    let refusals = 3;
    cloud.before = (method) => {
      if (method === 'copyImage' && refusals-- > 0)
        throw new ThrottledError({ operation: 'copy', code: 'IMG.0149', retryable: true });
    };
    const clock = fakeClock();
    await copyImage(cloud, { sourceImageId: source.id, name: 'b', region: 'r2' }, { clock });
    expect(clock.sleeps.slice(0, 3)).toEqual([1000, 1500, 2250]);
    refusals = Number.POSITIVE_INFINITY;
    const never = copyImage(cloud, { sourceImageId: source.id, name: 'c' }, { clock, timeoutMs: 60_000 });
    await expect(never).rejects.toBeInstanceOf(ThrottledError);
  });

  it('adopts a copy whose name was refused because it was begun already', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a' });
    cloud.before = (method) => {
      if (method !== 'copyImage') return;
      cloud.addImage({ name: 'b', sourceImageId: source.id });
      throw new ConflictError({ operation: 'copy', reason: 'the name is taken' });
    };
    const made = await copyImage(cloud, { sourceImageId: source.id, name: 'b' }, options());
    expect(made).toMatchObject({ adopted: true, image: { name: 'b' } });
  });

  it('makes a base image, and finds the one that an interrupted run began', async () => {
    const cloud = new FakeCloud();
    cloud.capabilities.copyToBaseImage = true;
    const source = cloud.addImage({ name: 'a' });
    const request = { sourceImageId: source.id, name: 'base', toBaseImage: true };
    const begun = cloud.addImage({ id: 'begun-base', name: 'base', sourceImageId: source.id });
    expect(await copyImage(cloud, request, options())).toMatchObject({
      adopted: true,
      image: { id: begun.id },
    });
    expect(cloud.calls).not.toContain('copyImage');
  });

  it('puts the same image into further stores, whatever its name', async () => {
    const cloud = new FakeCloud();
    const source = cloud.addImage({ name: 'a name with spaces' });
    const request = { sourceImageId: source.id, name: source.name, toStores: ['fast'] };
    await expect(copyImage(cloud, request, options())).rejects.toBeInstanceOf(UnsupportedError);
    cloud.capabilities.copyToStore = true;
    expect(await copyImage(cloud, request, options())).toMatchObject({ image: { id: source.id } });
  });
});

it.each([
  ['我的 镜像 1', '1'],
  ['Ubuntu 22.04 (server)', 'Ubuntu-22.04-server'],
  ['..hidden', 'hidden'],
  ['镜像', 'image'],
  ['é'.repeat(80), 'e'.repeat(50)],
])('makes a legal name of %j', (text, expected) => expect(legalName(text)).toBe(expected));
