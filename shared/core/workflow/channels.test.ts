import { beforeEach, describe, expect, it } from 'vitest';
import {
  ConflictError,
  type Image,
  NotFoundError,
  UnavailableError,
  UnsupportedError,
} from '../model/index.ts';
import { clearChannel, findImage, planPromotion, promoteImage, readChannel } from './channels.ts';
import { channelMarks, deprecatedAt, markIn } from './marks.ts';
import { retireImage, unretireImage } from './retire.ts';
import { ChangingCloud } from './testing/changing-cloud.ts';
import { fakeClock } from './testing/fake-cloud.ts';

let cloud: ChangingCloud;
let clock: ReturnType<typeof fakeClock>;
const image = (name: string): Image => {
  const found = [...cloud.images.values()].find((one) => one.name === name);
  if (!found) throw new Error(`no image ${name}`);
  return found;
};
const promote = (name: string, channel = 'stable') => {
  void clock.sleep(60_000);
  return promoteImage(cloud, image(name), channel, { clock });
};
const states = (channel = 'stable') =>
  Object.fromEntries([...cloud.images.values()].map((one) => [one.name, markIn(one, channel)?.state]));

beforeEach(() => {
  cloud = new ChangingCloud();
  clock = fakeClock(Date.UTC(2030, 0, 1));
  for (const name of ['a', 'b', 'c']) cloud.addImage({ name });
});

describe.each(['tags', 'properties'] as const)('a channel kept as %s', (place) => {
  beforeEach(() => {
    if (place === 'tags') cloud.capabilities.updateTags = true;
  });

  it('moves from image to image, and keeps the one before', async () => {
    await promote('a');
    expect(image('a')[place]).toMatchObject({ imagebridge_channel_stable: 'current' });
    const second = await promote('b');
    expect(second.previous?.name).toBe('a');
    expect(states()).toEqual({ a: 'previous', b: 'current', c: undefined });
    await promote('c');
    expect(states()).toEqual({ a: 'former', b: 'previous', c: 'current' });
  });

  it('does not take a copy that inherited the marks for its image', async () => {
    await promote('a');
    await promote('a', 'testing');
    const { tags, properties } = image('a');
    cloud.images.set('copy', { ...image('a'), id: 'copy', name: 'copy', tags, properties });
    expect(states()).toMatchObject({ a: 'current', copy: undefined });
    expect(await readChannel(cloud, 'stable')).toMatchObject({ current: { name: 'a' }, settled: true });
    await promote('copy');
    expect(states()).toMatchObject({ a: 'previous', copy: 'current' });
    expect(states('testing')).toMatchObject({ a: 'current', copy: undefined });
  });

  it('rolls back', async () => {
    await promote('a');
    await promote('b');
    const earlier = await findImage(cloud, 'channel:stable/previous');
    await promoteImage(cloud, earlier, 'stable', { clock });
    expect(states()).toEqual({ a: 'current', b: 'previous', c: undefined });
  });

  it('changes nothing the second time', async () => {
    await promote('a');
    await promote('b');
    const before = cloud.calls.filter((call) => call.startsWith('updateImage')).length;
    const again = await promote('b');
    expect(again).toMatchObject({ steps: [], previous: { name: 'a' } });
    expect(cloud.calls.filter((call) => call.startsWith('updateImage'))).toHaveLength(before);
  });

  it('is never empty: an interruption leaves two, the last promoted one counts, and the next run repairs it', async () => {
    await promote('a');
    let updates = 0;
    cloud.before = (method) => {
      if (method === 'updateImage' && ++updates === 2)
        throw new UnavailableError({ operation: 'update', reason: 'the connection broke' });
    };
    await expect(promote('b')).rejects.toThrow('the connection broke');
    cloud.before = () => {};
    expect(states()).toEqual({ a: 'current', b: 'current', c: undefined });
    expect((await findImage(cloud, 'channel:stable')).name).toBe('b');
    await promote('b');
    expect(states()).toEqual({ a: 'previous', b: 'current', c: undefined });
  });

  it('is looked at, also when an interruption left it unsettled, and cleared with all that belongs to it', async () => {
    expect(await readChannel(cloud, 'stable')).toEqual({ settled: true });
    await promote('a');
    await promote('b');
    await promote('c');
    await promote('c', 'beta');
    expect(await readChannel(cloud, 'stable')).toMatchObject({
      current: { name: 'c' },
      previous: { name: 'b' },
      settled: true,
    });
    const stray = image('a');
    cloud.images.set(stray.id, { ...stray, [place]: { imagebridge_channel_stable: 'current' } });
    expect((await readChannel(cloud, 'stable')).settled).toBe(false);
    await clearChannel(cloud, 'stable');
    expect(states()).toEqual({ a: undefined, b: undefined, c: undefined });
    expect(states('beta').c).toBe('current');
    expect(Object.keys(image('b').properties)).toEqual([]);
    const updates = cloud.calls.length;
    await clearChannel(cloud, 'stable');
    expect(cloud.calls.slice(updates).filter((call) => call.startsWith('updateImage'))).toEqual([]);
  });

  it('moves also where the mark of an image is at the other place, which may be fixed', async () => {
    const other = place === 'tags' ? 'properties' : 'tags';
    cloud.images.set(image('a').id, { ...image('a'), [other]: { imagebridge_channel_stable: 'current' } });
    await promote('b');
    expect(states()).toMatchObject({ a: 'previous', b: 'current' });
    await clearChannel(cloud, 'stable');
    expect(states()).toEqual({ a: undefined, b: undefined, c: undefined });
  });

  it('an image can be in several', async () => {
    await promote('a');
    await promote('a', 'beta');
    await promote('b', 'beta');
    expect(channelMarks(image('a')).map(({ channel, state }) => [channel, state])).toEqual(
      expect.arrayContaining([
        ['stable', 'current'],
        ['beta', 'previous'],
      ]),
    );
  });
});

describe('promoting', () => {
  it('can be tried out', async () => {
    const planned = await promoteImage(cloud, image('a'), 'stable', { dryRun: true });
    expect(planned.steps).toEqual([{ image: image('a'), from: undefined, to: 'current' }]);
    expect(states().a).toBeUndefined();
  });

  it('refuses what is not usable, what is retired, and what is no name', async () => {
    const making = cloud.addImage({ name: 'making', status: 'importing', rawStatus: 'saving' });
    await expect(promoteImage(cloud, making, 'stable')).rejects.toThrow(/its status is saving/);
    await retireImage(cloud, image('a'));
    await expect(promote('a')).rejects.toThrow(/it is retired/);
    await expect(promote('b', 'no name')).rejects.toThrow(/no name/);
    expect(states()).toMatchObject({ a: undefined, b: undefined });
  });

  it('refuses where a mark cannot be kept', async () => {
    cloud.capabilities.customProperties = 'Use tags when the image is made.';
    const refused = promote('a');
    await expect(refused).rejects.toBeInstanceOf(UnsupportedError);
    await expect(refused).rejects.toThrow('Use tags when the image is made.');
    expect(cloud.calls.join()).not.toContain('updateImage');
  });

  it('clears up after several interrupted runs', () => {
    const marked = (name: string, minute: number) =>
      cloud.addImage({
        name,
        properties: {
          imagebridge_channel_stable: 'current',
          imagebridge_promoted_stable: new Date(minute * 60_000).toISOString(),
        },
      });
    const [old, newer] = [marked('old', 1), marked('newer', 2)];
    const steps = planPromotion([old, newer], image('a'), 'stable');
    expect(steps.map((step) => [step.image.name, step.to])).toEqual([
      ['a', 'current'],
      ['newer', 'previous'],
      ['old', 'former'],
    ]);
  });
});

describe('retiring', () => {
  it('marks, once, and can be taken back', async () => {
    const first = await retireImage(cloud, image('a'), { clock, reason: 'a hole' });
    expect(first.changed).toBe(true);
    expect(deprecatedAt(image('a'))).toEqual(new Date(clock.now()));
    await clock.sleep(1000);
    const again = await retireImage(cloud, image('a'), { clock, reason: 'a hole' });
    expect(again.changed).toBe(false);
    expect(await unretireImage(cloud, image('a'))).toMatchObject({
      changed: true,
      image: { properties: {} },
    });
    expect(await unretireImage(cloud, image('a'))).toMatchObject({ changed: false });
  });

  it('refuses the current image of a channel, unless it is forced', async () => {
    await promote('a');
    await expect(retireImage(cloud, image('a'))).rejects.toBeInstanceOf(ConflictError);
    await retireImage(cloud, image('a'), { force: true });
    expect(states().a).toBe('former');
    await expect(findImage(cloud, 'channel:stable')).rejects.toThrow(/has no current image/);
  });

  it('takes an image out of use where that is offered, and puts it back', async () => {
    await expect(retireImage(cloud, image('a'), { deactivate: true })).rejects.toThrow(UnsupportedError);
    expect(deprecatedAt(image('a'))).toBeUndefined();
    cloud.capabilities.deactivate = true;
    await retireImage(cloud, image('a'), { deactivate: true });
    expect(image('a').status).toBe('deactivated');
    await unretireImage(cloud, image('a'));
    expect(image('a').status).toBe('active');
  });
});

describe('finding an image', () => {
  it('by id, name and channel', async () => {
    await promote('b');
    for (const text of [image('b').id, 'name:b', 'channel:stable'])
      expect((await findImage(cloud, text)).name).toBe('b');
  });

  it('says what is missing, and which are meant when there are several', async () => {
    for (const text of ['nothing', 'name:nothing', 'channel:nothing'])
      await expect(findImage(cloud, text)).rejects.toBeInstanceOf(NotFoundError);
    const twin = cloud.addImage({ name: 'a' });
    await expect(findImage(cloud, 'name:a')).rejects.toThrow(new RegExp(`2 images.*${twin.id}`));
  });
});
