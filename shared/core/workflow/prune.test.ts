import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Image, PermissionError, UnsupportedError } from '../model/index.ts';
import { executePrune, findPrunable, type PruneRules, planPrune } from './prune.ts';
import { ChangingCloud } from './testing/changing-cloud.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2030, 0, 31);
const clock = { now: () => NOW, sleep: async () => {} };
let cloud: ChangingCloud;
const add = (name: string, ageDays: number, more: Partial<Image> = {}) =>
  cloud.addImage({ name, createdAt: new Date(NOW - ageDays * DAY), ...more });
const rules = (more: Partial<PruneRules> = {}): PruneRules => ({
  namePrefix: 'web-',
  keep: 2,
  minAgeMs: 14 * DAY,
  ...more,
});
const plan = async (more: Partial<PruneRules> = {}) =>
  Object.fromEntries(
    (await findPrunable(cloud, rules(more), { clock })).map((v) => [
      v.image.name,
      `${v.action}: ${v.reason}`,
    ]),
  );

beforeEach(() => {
  cloud = new ChangingCloud();
});

describe('the plan', () => {
  it('keeps the newest, the young, the protected, the shared and those in channels', async () => {
    add('web-5', 1);
    add('web-4', 5);
    add('web-3', 10);
    add('web-2', 20);
    add('web-1', 30, { protected: true });
    const shared = add('web-0', 40);
    cloud.shares.push({ imageId: shared.id, projectId: 'p2', status: 'accepted' });
    add('web-current', 50, { properties: { imagebridge_channel_stable: 'current' } });
    add('web-previous', 60, { tags: { imagebridge_channel_stable: 'previous' } });
    add('web-former', 70, { properties: { imagebridge_channel_stable: 'former' } });
    add('web-public', 80, { visibility: 'public' });
    add('other', 90);
    expect(await plan()).toEqual({
      'web-5': 'keep: number 1 of the newest 2',
      'web-4': 'keep: number 2 of the newest 2',
      'web-3': 'keep: younger than 14 days',
      'web-2': 'delete: not one of the newest 2',
      'web-1': 'keep: protected',
      'web-0': 'keep: shared with 1 project',
      'web-current': 'keep: current in channel stable',
      'web-previous': 'keep: previous in channel stable',
      'web-former': 'delete: not one of the newest 2',
      'web-public': 'keep: it is public',
    });
    expect(await plan({ force: true })).toMatchObject({
      'web-0': 'delete: not one of the newest 2',
      'web-1': 'keep: protected',
      'web-current': 'keep: current in channel stable',
    });
  });

  it('does not count what failed as one of the newest, and leaves alone what is being made', async () => {
    add('web-failed', 20, { status: 'failed', rawStatus: 'killed' });
    add('web-making', 20, { status: 'importing', rawStatus: 'saving' });
    add('web-good', 25);
    expect(await plan({ keep: 1 })).toEqual({
      'web-failed': 'delete: it failed',
      'web-making': 'keep: its status is saving',
      'web-good': 'keep: number 1 of the newest 1',
    });
  });

  it('looks at the images of a channel, and at those with a tag', async () => {
    add('a', 20, { properties: { imagebridge_channel_stable: 'former' } });
    add('b', 20, { tags: { team: 'web' } });
    expect(Object.keys(await plan({ namePrefix: undefined, channel: 'stable' }))).toEqual(['a']);
    expect(Object.keys(await plan({ namePrefix: undefined, tags: { team: 'web' } }))).toEqual(['b']);
  });

  it('looks at names by a pattern, and spares what is named', async () => {
    add('web-2030.01', 20);
    const spared = add('web-2030.02', 21);
    add('web-test', 22);
    expect(
      await plan({ namePrefix: undefined, namePattern: /-\d{4}\./, keep: 0, spare: [spared.id] }),
    ).toEqual({
      'web-2030.01': 'delete: not one of the newest 0',
      'web-2030.02': 'keep: it is named as one that stays',
    });
  });

  it('retires otherwise than by deleting, and nothing twice', async () => {
    add('web-new', 1);
    add('web-old', 20);
    add('web-retired', 30, { properties: { imagebridge_deprecated: '2029-01-01T00:00:00.000Z' } });
    add('web-failed', 40, { status: 'failed', rawStatus: 'killed' });
    expect(await plan({ keep: 1, action: 'deprecate' })).toEqual({
      'web-new': 'keep: number 1 of the newest 1',
      'web-old': 'deprecate: not one of the newest 1',
      'web-retired': 'keep: deprecated already',
      'web-failed': 'keep: its status is killed',
    });
    await expect(plan({ action: 'deactivate' })).rejects.toThrow(UnsupportedError);
    await expect(plan({ action: 'hide' })).rejects.toThrow(UnsupportedError);
  });

  it('refuses to look at every image', async () => {
    for (const more of [{ namePrefix: undefined }, { namePrefix: '' }, { keep: -1 }, { minAgeMs: -1 }])
      await expect(plan(more)).rejects.toThrow(/plan what to prune/);
  });

  it('holds for any images: never more gone than there are beyond keep, nothing protected, young or in a channel', () => {
    const anyImage = fc.record({
      id: fc.uuid(),
      ageDays: fc.option(fc.integer({ min: 0, max: 60 })),
      protected: fc.boolean(),
      status: fc.constantFrom('active', 'failed', 'importing', 'deactivated') as fc.Arbitrary<
        Image['status']
      >,
      mark: fc.option(fc.constantFrom('current', 'previous', 'former')),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyImage, { selector: ({ id }) => id }),
        fc.nat(5),
        fc.boolean(),
        (made, keep, force) => {
          const images = made.map(
            ({ id, ageDays, mark, ...rest }): Image => ({
              id,
              name: 'web-x',
              rawStatus: rest.status,
              tags: {},
              properties: mark === null ? {} : { imagebridge_channel_c: mark },
              createdAt: ageDays === null ? undefined : new Date(NOW - ageDays * DAY),
              ...rest,
            }),
          );
          const verdicts = planPrune(images, rules({ keep, force }), NOW);
          expect(verdicts).toHaveLength(images.length);
          const gone = verdicts.filter((v) => v.action === 'delete').map((v) => v.image);
          for (const image of gone) {
            expect(image.protected).toBe(false);
            expect(image.status).not.toBe('importing');
            expect(['current', 'previous']).not.toContain(image.properties.imagebridge_channel_c);
            expect(NOW - (image.createdAt?.getTime() ?? NOW)).toBeGreaterThanOrEqual(14 * DAY);
          }
          const usable = (image: Image) => ['active', 'deactivated'].includes(image.status);
          const left = images.filter(usable).length - gone.filter(usable).length;
          expect(left).toBeGreaterThanOrEqual(Math.min(keep, images.filter(usable).length));
        },
      ),
    );
  });
});

describe('the execution', () => {
  const run = async (more: Partial<PruneRules> = {}, meanwhile = () => {}) => {
    const verdicts = await findPrunable(cloud, rules(more), { clock });
    meanwhile();
    const outcomes: [string, string][] = [];
    for await (const { image, outcome, reason, error } of executePrune(cloud, verdicts, rules(more), {
      clock,
    }))
      outcomes.push([image.name, [outcome, reason ?? error?.kind].filter(Boolean).join(': ')]);
    return outcomes;
  };

  it('removes, and finds nothing more the second time', async () => {
    for (let i = 0; i < 4; i++) add(`web-${i}`, 20 + i);
    expect(await run()).toEqual([
      ['web-2', 'deleted'],
      ['web-3', 'deleted'],
    ]);
    expect([...cloud.images.values()].map(({ name }) => name)).toEqual(['web-0', 'web-1']);
    expect(await run()).toEqual([]);
  });

  it('keeps as many as the rules say, also when newer ones went since the plan, and touches nothing that came', async () => {
    const [newest] = [add('web-0', 20), add('web-1', 21), add('web-2', 22), add('web-3', 23)];
    const outcomes = await run({}, () => {
      cloud.images.delete(newest?.id ?? '');
      add('web-late', 60);
    });
    expect(outcomes).toEqual([
      ['web-2', 'kept: number 2 of the newest 2'],
      ['web-3', 'deleted'],
    ]);
    expect([...cloud.images.values()].map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-late']);
  });

  it('deprecates with a reason, and finds nothing more the second time', async () => {
    for (let i = 0; i < 3; i++) add(`web-${i}`, 20 + i);
    const how = { action: 'deprecate', reason: 'a hole' } as const;
    expect(await run(how)).toEqual([['web-2', 'retired']]);
    const [, , last] = [...cloud.images.values()];
    expect(last?.properties).toMatchObject({ imagebridge_deprecated_reason: 'a hole' });
    expect(await run(how)).toEqual([]);
  });

  it('leaves what was promoted, protected, shared or removed since the plan, and goes on after a failure', async () => {
    const images = ['promoted', 'protected', 'shared', 'removed', 'refused', 'old'].map((name, i) =>
      add(`web-${name}`, 20 + i),
    );
    const [promoted, guarded, shared, removed] = images.map(({ id }) => id);
    const outcomes = await run({ keep: 0 }, () => {
      const change = (id: string | undefined, more: Partial<Image>) => {
        const image = cloud.images.get(id ?? '');
        if (image) cloud.images.set(image.id, { ...image, ...more });
      };
      change(promoted, { properties: { imagebridge_channel_stable: 'current' } });
      change(guarded, { protected: true });
      cloud.shares.push({ imageId: shared ?? '', projectId: 'p2', status: 'pending' });
      cloud.images.delete(removed ?? '');
      let deletes = 0;
      cloud.before = (method) => {
        if (method === 'deleteImage' && deletes++ === 0) throw new PermissionError({ operation: 'delete' });
      };
    });
    expect(outcomes).toEqual([
      ['web-promoted', 'kept: current in channel stable'],
      ['web-protected', 'kept: protected'],
      ['web-shared', 'kept: shared with 1 project'],
      ['web-removed', 'gone'],
      ['web-refused', 'failed: permission'],
      ['web-old', 'deleted'],
    ]);
  });
});
