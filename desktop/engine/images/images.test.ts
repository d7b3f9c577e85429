// Images as the window handles them, against the embedded cloud: all three families, what is refused, what is hostile.
import { METHODS, type Params, type Problem } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { LONG, never } from '../clouds/testing.ts';
import { problemOf } from '../problem.ts';
import { openTestImages } from './testing.ts';
import { typedName } from './view.ts';

const problem = (work: unknown): Promise<Problem> =>
  Promise.resolve(work).then(
    () => {
      throw new Error('it was not refused');
    },
    (thrown: unknown) => problemOf(thrown),
  );

const own = (cloud: string) => ({ query: { cloud, scope: 'own' as const } });

describe.each(['local', 'local-openstack', 'local-ucloudstack'])('images of %s', (profile) => {
  it('are listed, looked at, changed as far as the family can, and deleted by their name', async () => {
    const { handlers, publish, clouds, events } = await openTestImages();
    const { id } = await publish(profile, 'first');
    const at = { cloud: profile, imageId: id };
    const page = METHODS['images.list'].result.parse(await handlers['images.list'](own(profile), never));
    expect(page).toMatchObject({ images: [{ id, name: 'first', status: 'active' }] });
    expect(page.cursor).toBeUndefined();
    const detail = METHODS['images.detail'].result.parse(await handlers['images.detail'](at, never));
    expect(detail).toMatchObject({ image: { id, name: 'first', createdAt: expect.any(Number) }, shares: [] });
    const { capabilities } = await clouds.open(profile);
    expect(detail.sharesNote).toBe(capabilities.share === true ? undefined : capabilities.share);

    const change = (changes: Params<'images.update'>['changes']) =>
      Promise.resolve(handlers['images.update']({ ...at, changes }, never));
    const expectOutcome = async (
      ability: true | string,
      changes: Params<'images.update'>['changes'],
      seen: object,
    ) => {
      if (ability === true) {
        expect(METHODS['images.update'].result.parse(await change(changes))).toMatchObject(seen);
        return;
      }
      const given = await problem(change(changes));
      expect(given.kind).toBe('unsupported');
      expect(given.message).toContain(ability);
    };
    await expectOutcome(capabilities.rename, { name: 'second' }, { name: 'second' });
    await expectOutcome(capabilities.updateDescription, { description: 'x' }, { description: 'x' });
    await expectOutcome(capabilities.protect, { protected: true }, { protected: true });
    await expectOutcome(capabilities.updateTags, { tags: { stage: 'beta' } }, { tags: { stage: 'beta' } });
    await expectOutcome(
      capabilities.updateVisibility,
      { visibility: 'community' },
      { visibility: 'community' },
    );
    await expectOutcome(capabilities.updateMinimums, { minRamMiB: 512 }, { minRamMiB: 512 });
    expect(events.filter(({ type }) => type === 'images-changed').at(-1)).toEqual({
      type: 'images-changed',
      cloud: profile,
    });

    const name = capabilities.rename === true ? 'second' : 'first';
    const remove = (typed: string) =>
      Promise.resolve(handlers['images.delete']({ ...at, name: typed }, never));
    expect(await problem(remove('other'))).toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('typed differently'),
    });
    if (capabilities.protect === true) {
      const refused = await problem(remove(name));
      expect(refused).toMatchObject({ kind: 'conflict' });
      expect(refused.hint).toContain('Take its protection away first');
      await change({ protected: false });
    }
    expect(await remove(` ${name} `)).toBeNull();
    expect(await problem(handlers['images.detail'](at, never))).toMatchObject({ kind: 'not-found' });
    expect(await remove(name)).toBeNull();
  });
});

describe('properties', () => {
  it.each(['local', 'local-openstack'])(
    'are added, changed and removed together in %s, but for those of the service and ours',
    async (profile) => {
      const { handlers, publish } = await openTestImages();
      const { id: imageId } = await publish(profile, 'first');
      const at = { cloud: profile, imageId };
      const detail = () => handlers['images.detail'](at, never);
      const change = (properties: Record<string, string | null>) =>
        Promise.resolve(handlers['images.update']({ ...at, changes: { properties } }, never));
      const { properties: before, fixedProperties: fixed = [] } = await detail();
      expect(fixed).toEqual(expect.arrayContaining(['container_format', 'imagebridge_sha256']));

      await change({ build: '4711', 'odd: name.x': 'one', gone: 'soon' });
      await change({ build: '4712', stage: '\u202E<b>', gone: null, absent: null });
      const { properties } = METHODS['images.detail'].result.parse(await detail());
      const own = { build: '4712', 'odd: name.x': 'one', stage: '\u202E<b>' };
      expect(properties).toEqual({ ...before, ...own });

      // What is told of each is so: the service takes it as it stands, or refuses.
      for (const [name, value] of Object.entries(properties))
        if (fixed.includes(name)) await problem(change({ [name]: `${value}x` }));
        else await change({ [name]: value });

      for (const name of ['imagebridge_sha256', 'imagebridge_channel_stable']) {
        const refused = await problem(change({ [name]: 'x', build: '1' }));
        expect(refused).toMatchObject({ kind: 'invalid-input', object: imageId });
        expect(refused.message).toContain(`${name} is a mark that ImageBridge keeps itself`);
      }
      expect((await detail()).properties).toEqual(properties);
    },
  );

  it('that are no texts take true and false only', async () => {
    const { handlers, publish } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'first');
    const at = { cloud: 'local-openstack', imageId };
    const hide = (os_hidden: string) =>
      Promise.resolve(handlers['images.update']({ ...at, changes: { properties: { os_hidden } } }, never));
    expect((await problem(hide('yes'))).message).toContain('os_hidden is either true or false');
    await hide('true');
    expect((await handlers['images.detail'](at, never)).properties).toMatchObject({ os_hidden: 'true' });
  });

  it('are two in UCloudStack, which knows no others', async () => {
    const { handlers, publish } = await openTestImages();
    const { id: imageId } = await publish('local-ucloudstack', 'first');
    const at = { cloud: 'local-ucloudstack', imageId };
    const { properties, fixedProperties = [] } = await handlers['images.detail'](at, never);
    const free = Object.keys(properties).filter((name) => !fixedProperties.includes(name));
    expect(free.toSorted()).toEqual(['SupportCloudInit', 'SupportQGA']);
    const change = (to: Record<string, string | null>) =>
      Promise.resolve(handlers['images.update']({ ...at, changes: { properties: to } }, never));
    await change({ SupportQGA: 'true' });
    await change({ SupportCloudInit: 'true' });
    expect((await handlers['images.detail'](at, never)).properties).toMatchObject({
      SupportQGA: 'true',
      SupportCloudInit: 'true',
    });
    expect((await problem(change({ SupportQGA: null }))).message).toContain('either true or false');
    expect(await problem(change({ build: '1' }))).toMatchObject({ kind: 'unsupported' });
  });
});

describe('taking out of use', () => {
  it('deactivates where the cloud can, and puts back', async () => {
    const { handlers, publish } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'first');
    const active = (value: boolean) =>
      handlers['images.update']({ cloud: 'local-openstack', imageId, changes: { active: value } }, never);
    expect(await active(false)).toMatchObject({ status: 'deactivated' });
    expect(await active(false)).toMatchObject({ status: 'deactivated' });
    expect(await active(true)).toMatchObject({ status: 'active' });
  });

  it('marks as retired where it cannot, and refuses where nothing can be marked', async () => {
    const { handlers, publish } = await openTestImages();
    const { id: imageId } = await publish('local', 'first');
    const at = { cloud: 'local', imageId };
    const marked = async () =>
      Object.keys((await handlers['images.detail'](at, never)).properties).includes('imagebridge_deprecated');
    await handlers['images.update']({ ...at, changes: { active: false } }, never);
    expect(await marked()).toBe(true);
    await handlers['images.update']({ ...at, changes: { active: true } }, never);
    expect(await marked()).toBe(false);
    const other = await publish('local-ucloudstack', 'first');
    const refused = await problem(
      handlers['images.update'](
        { cloud: 'local-ucloudstack', imageId: other.id, changes: { active: false } },
        never,
      ),
    );
    expect(refused.kind).toBe('unsupported');
  });
});

describe('a list', () => {
  it('is read page by page', async () => {
    const { handlers, clouds } = await openTestImages({ cloud: { imageQuota: 1000 } });
    const cloud = await clouds.open('local-openstack');
    const body = Buffer.alloc(512);
    const make = (name: string) =>
      cloud.uploadStream({
        name,
        diskFormat: 'raw',
        sizeBytes: 512,
        open: async function* () {
          yield body;
        },
      });
    for (let from = 0; from < 450; from += 30)
      await Promise.all(Array.from({ length: 30 }, (_, index) => make(`image-${from + index}`)));
    const names = new Set<string>();
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await handlers['images.list'](
        { ...own('local-openstack'), ...(cursor === undefined ? {} : { cursor }) },
        never,
      );
      for (const { name } of page.images) names.add(name);
      sizes.push(page.images.length);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(sizes).toEqual([200, 200, 50]);
    expect(names.size).toBe(450);
  }, 60_000);

  it('has what others have shared, and what the cloud offers', async () => {
    const { handlers, publish, clouds } = await openTestImages();
    const { id: imageId } = await publish('local-openstack', 'mine');
    const partner = await clouds.open('partner-openstack');
    const projectId = await partner.projectId();
    const shared = { query: { cloud: 'partner-openstack', scope: 'shared' as const } };
    const share = { cloud: 'local-openstack', imageId, projectIds: [projectId] };
    await handlers['images.share'](share, never);
    await expect
      .poll(
        async () => (await handlers['images.detail']({ cloud: 'local-openstack', imageId }, never)).shares,
        LONG,
      )
      .toMatchObject([{ projectId, status: 'pending' }]);
    const answer = { cloud: 'partner-openstack', imageId, answer: 'accepted' as const };
    expect(await handlers['images.answerShare'](answer, never)).toBeNull();
    expect((await handlers['images.list'](shared, never)).images).toMatchObject([
      { id: imageId, name: 'mine' },
    ]);
    const publicOnes = { query: { cloud: 'local', scope: 'public' as const } };
    expect((await handlers['images.list'](publicOnes, never)).images.length).toBeGreaterThan(0);
    const refused = await problem(
      handlers['images.answerShare']({ ...answer, cloud: 'local-openstack' }, never),
    );
    expect(refused.message).toContain('only the project that it is shared with can answer');
  });

  it('passes hostile names and texts through as data, and deletes what can hardly be typed', async () => {
    const { handlers, clouds } = await openTestImages();
    const cloud = await clouds.open('local-openstack');
    const names = [
      '<img src=x onerror=alert(1)>',
      '\u202Egnp.exe',
      'a\nb',
      'x'.repeat(255),
      '  ',
      '"; rm -rf /',
    ];
    for (const name of names)
      await cloud.uploadStream({
        name,
        description: '<script>alert(1)</script>',
        diskFormat: 'raw',
        sizeBytes: 1,
        open: async function* () {
          yield Buffer.from('x');
        },
      });
    const { images } = METHODS['images.list'].result.parse(
      await handlers['images.list'](own('local-openstack'), never),
    );
    expect(images.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { id, name, description } of images) {
      expect(description).toBe('<script>alert(1)</script>');
      const typed =
        name === '\u202Egnp.exe' ? 'gnp.exe' : name === 'a\nb' ? 'a b' : name === '  ' ? id : name;
      await handlers['images.delete']({ cloud: 'local-openstack', imageId: id, name: typed }, never);
    }
    expect((await handlers['images.list'](own('local-openstack'), never)).images).toEqual([]);
    expect(typedName('e\u0301')).toBe('é');
  });

  it('says why it cannot be read, with the request id of the service', async () => {
    const { handlers, cloud } = await openTestImages();
    cloud.faults.add({
      service: 'glance',
      path: '/v2/images',
      count: 99,
      action: { kind: 'status', status: 403 },
    });
    const refused = await problem(handlers['images.list'](own('local-openstack'), never));
    expect(refused).toMatchObject({ status: 403, cloud: 'openstack "local-openstack"' });
    const none = await problem(handlers['images.list'](own('nobody'), never));
    expect(none).toMatchObject({ kind: 'invalid-input' });
  });
});
