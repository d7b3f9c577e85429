// What happens to an image after it is published, as a user does it: the bundled command against the embedded cloud.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandPlace, makePlace } from '../testing/command.ts';

let place: CommandPlace;
let disk: string;
/** Images of the profile `local`, by name. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  place = await makePlace();
  disk = await place.disk('disk.img', 1 << 20);
  for (const name of ['web-1', 'web-2', 'web-3']) {
    const made = await place.json(['push', disk, '--name', name, '--progress', 'none']);
    ids[name] = z.object({ image: z.object({ id: z.string() }) }).parse(made).image.id;
  }
}, 60_000);
afterAll(() => place.close());

const id = (name: string) => ids[name] ?? '';
const shown = async (text: string, ...args: string[]) =>
  z
    .looseObject({
      id: z.string(),
      name: z.string(),
      status: z.string(),
      properties: z.record(z.string(), z.string()),
    })
    .parse(await place.json(['image', 'show', text, ...args]));

describe('channels', () => {
  it.each(['local', 'local-openstack'])(
    'of %s: promote, roll back, retire',
    { timeout: 60_000 },
    async (cloud) => {
      const on = ['--cloud', cloud];
      const glance = cloud !== 'local';
      const [first, second] = glance
        ? [await place.glanceImage('g-1', disk), await place.glanceImage('g-2', disk)]
        : [id('web-1'), id('web-2')];
      const promote = (text: string, ...args: string[]) =>
        place.json(['promote', text, '--channel', 'web-stable', ...on, ...args]);
      expect(await promote(first)).toMatchObject({ imageId: first, changed: true });
      expect(await promote(second, '--dry-run')).toMatchObject({ changed: false, steps: [{}, {}] });
      expect(await promote(second)).toMatchObject({ previousImageId: first, changed: true });
      expect(await promote(second)).toMatchObject({ previousImageId: first, changed: false });
      expect((await shown('channel:web-stable', ...on)).id).toBe(second);
      expect((await shown('channel:web-stable/previous', ...on)).id).toBe(first);
      const listed = await place.run(['image', 'list', '--channel', 'web-stable', ...on]);
      expect(listed.stdout).toMatch(/ web-stable\/previous /);
      await promote('channel:web-stable/previous');
      expect((await shown('channel:web-stable', ...on)).id).toBe(first);

      const refused = await place.run(['retire', first, ...on]);
      expect(refused.code).toBe(4);
      expect(refused.stderr).toMatch(/current image of channel web-stable/);
      expect(await place.json(['retire', second, '--reason', 'a hole', ...on])).toMatchObject({
        changed: true,
      });
      expect(await place.json(['retire', second, '--reason', 'a hole', ...on])).toMatchObject({
        changed: false,
      });
      expect((await shown(second, ...on)).properties).toMatchObject({
        imagebridge_deprecated_reason: 'a hole',
      });
      const again = await place.run(['promote', second, '--channel', 'web-stable', ...on]);
      expect(again).toMatchObject({ code: 4, stdout: '' });
      expect(await place.json(['retire', second, '--undo', ...on])).toMatchObject({ changed: true });
      if (glance) {
        await place.json(['retire', second, '--deactivate', '--hide', ...on]);
        expect(await shown(second, ...on)).toMatchObject({
          status: 'deactivated',
          properties: { os_hidden: 'true' },
        });
        const hidden = await place.json(['image', 'list', '--hidden', ...on]);
        expect(hidden).toMatchObject([{ id: second }]);
        await place.json(['retire', second, '--undo', ...on]);
        expect(await shown(second, ...on)).toMatchObject({
          status: 'active',
          properties: { os_hidden: 'false' },
        });
      } else expect((await place.run(['retire', second, '--deactivate', ...on])).code).toBe(4);
    },
  );

  it('are refused where no mark can be kept', async () => {
    const stack = await place.run(['promote', 'name:none', '--channel', 'c', '--cloud', 'local-ucloudstack']);
    expect(stack.code).toBe(4);
    expect((await place.run(['promote', id('web-1'), '--channel', 'no name'])).code).toBe(2);
    expect((await place.run(['promote', id('web-1')])).code).toBe(2);
  });
});

it('shares with several projects, and tells which of them failed', { timeout: 60_000 }, async () => {
  const partner = place.cloud.accounts[1]?.projects['local-1'] ?? '';
  const added = await place.json(['share', 'add', id('web-1'), `${partner},not-a-project`], 5);
  expect(added).toMatchObject([{ projectId: partner }, { projectId: 'not-a-project', error: {} }]);
  expect(await place.json(['share', 'list', id('web-1')])).toMatchObject([
    { projectId: partner, status: 'pending' },
  ]);
  expect(await place.json(['share', 'accept', id('web-1'), '--cloud', 'partner'])).toMatchObject({
    status: 'accepted',
  });
  expect(await place.json(['image', 'list', '--scope', 'shared', '--cloud', 'partner'])).toMatchObject([
    { id: id('web-1') },
  ]);
  expect(await place.json(['share', 'reject', id('web-1'), '--cloud', 'partner'])).toMatchObject({
    status: 'rejected',
  });
  expect((await place.run(['share', 'accept', id('web-2'), '--cloud', 'partner'])).code).toBe(4);
});

it('prunes: shows the plan, asks, leaves what is protected by its place, and is done the second time', {
  timeout: 60_000,
}, async () => {
  const prune = ['prune', '--name-prefix', 'web-', '--keep', '0', '--min-age', '0s'];
  await place.json(['promote', id('web-3'), '--channel', 'kept']);
  const partner = place.cloud.accounts[1]?.projects['local-1'] ?? '';
  await place.json(['share', 'add', id('web-1'), partner]);
  const young = await place.run(['prune', '--name-prefix', 'web-', '--keep', '0', '--dry-run']);
  expect(young.code).toBe(0);
  expect(young.stdout).toMatch(/younger than 14 days/);
  expect(young.stdout).toMatch(/0 of 3 images would be deleted/);
  const unsure = await place.run(prune);
  expect(unsure.code).toBe(2);
  expect(unsure.stderr).toMatch(/Nobody can be asked here/);
  expect((await place.run(['prune', '--keep', '1'])).code).toBe(2);
  const dry = z
    .array(z.object({ name: z.string(), action: z.string(), outcome: z.string().optional() }))
    .parse(await place.json([...prune, '--dry-run']));
  const plan = Object.fromEntries(dry.map(({ name, action }) => [name, action]));
  expect(plan['web-3']).toBe('keep');
  const gone = await place.json([...prune, '--yes']);
  expect(gone).toHaveLength(3);
  const left = z.array(z.object({ name: z.string() })).parse(await place.json(['image', 'list']));
  expect(left.map(({ name }) => name).sort()).toEqual(
    dry
      .filter(({ action }) => action === 'keep')
      .map(({ name }) => name)
      .sort(),
  );
  expect((await place.run([...prune, '--yes'])).stdout).toMatch(/^0 of \d images to be deleted$/m);

  const [shared, alone] = [await place.glanceImage('old-1', disk), await place.glanceImage('old-2', disk)];
  const glance = ['--cloud', 'local-openstack'];
  await place.json(['image', 'update', shared, '--visibility', 'shared', ...glance]);
  await place.json(['share', 'add', shared, 'f'.repeat(32), ...glance]);
  const old = ['prune', '--name-prefix', 'old-', '--keep', '0', '--min-age', '0s', ...glance, '--yes'];
  const outcomes = z.array(z.object({ imageId: z.string(), action: z.string(), reason: z.string() }));
  const marked = outcomes.parse(await place.json([...old, '--action', 'deprecate', '--reason', 'too old']));
  expect(marked.find(({ imageId }) => imageId === alone)?.action).toBe('deprecate');
  expect((await shown(alone, ...glance)).properties).toMatchObject({
    imagebridge_deprecated_reason: 'too old',
  });
  const pruned = outcomes.parse(await place.json(old));
  expect(pruned.find(({ imageId }) => imageId === alone)?.action).toBe('delete');
  expect(pruned.find(({ imageId }) => imageId === shared)).toMatchObject({
    action: 'keep',
    reason: 'shared with 1 project',
  });
});

it('copies in the region and to another one, and to a base image', { timeout: 60_000 }, async () => {
  const source = 'name:web-3';
  expect(await place.json(['copy', source, '--progress', 'none'])).toMatchObject({
    image: { name: 'web-3-copy', status: 'active' },
    region: 'local-1',
  });
  const refused = await place.run(['copy', source, '--to-region', 'local-2', '--to-store', 'x']);
  expect(refused.code).toBe(2);
  const across = ['copy', source, '--to-region', 'local-2', '--agency', 'copier', '--progress', 'none'];
  expect(await place.json(across)).toMatchObject({ image: { name: 'web-3' }, region: 'local-2' });
  const missing = await place.run(['copy', source, '--to-base-image', '--quiet']);
  expect(missing.code).toBe(4);
  expect(missing.stderr).toMatch(/Copy the image inside the region/);
});

it('copies to another cloud', { timeout: 60_000 }, async () => {
  const id = await place.glanceImage('across', disk);
  const copy = ['copy', id, '--cloud', 'local-openstack', '--to', 'local', '--progress', 'none'];
  expect(await place.json(copy)).toMatchObject({
    image: { name: 'across', status: 'active' },
    cloud: 'local',
  });
  const stored = (await place.cloud.storedImages()).filter((image) => image.name === 'across');
  expect(stored).toHaveLength(2);
  expect(stored[0]?.sha256).toBe(stored[1]?.sha256);
  expect((await place.run([...copy, '--to', 's3://bucket/key'])).code).toBe(2);
});

it('shows and waits for jobs, lists systems and limits', { timeout: 60_000 }, async () => {
  const quota = z
    .array(z.object({ resource: z.string(), limit: z.number() }))
    .parse(await place.json(['quota']));
  expect(quota.map(({ resource }) => resource)).toContain('image');
  const found = z
    .array(z.object({ osVersion: z.string() }))
    .parse(await place.json(['os-versions', '--search', 'ubuntu 64']));
  expect(found.length).toBeGreaterThan(0);
  for (const { osVersion } of found) expect(osVersion).toMatch(/ubuntu/i);
  expect((await place.run(['os-versions', '--search', 'no such thing'])).stdout).toBe(
    'nothing like that in the catalogue\n',
  );
  const journals = z
    .array(z.object({ target: z.object({ bucket: z.string() }) }))
    .parse(await place.json(['uploads']));
  const bucket = journals[0]?.target.bucket ?? '';
  const exported = await place.json(['image', 'export', 'name:web-3', '--bucket', bucket, '--no-wait']);
  const { jobId } = z.object({ jobId: z.string() }).parse(exported);
  expect(await place.json(['job', 'show', jobId])).toMatchObject({ id: jobId });
  expect(await place.json(['job', 'wait', jobId, '--progress', 'none'])).toMatchObject({
    status: 'succeeded',
  });
  expect((await place.run(['job', 'show', 'no-such-job'])).code).toBe(4);
});
