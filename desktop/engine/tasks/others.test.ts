// An upload whose process cannot be reached, on another host for example: it is shown, and told once.
import { BusyError } from '@imagebridge/core';
import { expect, it, vi } from 'vitest';
import { TaskList } from './list.ts';
import { Others } from './others.ts';
import { testWorld } from './testing/cloud.ts';
import { rawDisk } from './testing/files.ts';
import { until } from './testing/place.ts';

vi.mock('@imagebridge/core', async (original) => ({
  ...(await original<typeof import('@imagebridge/core')>()),
  attachUpload: async () => {
    throw new BusyError({ operation: 'watch the upload', reason: 'it is on another host' });
  },
}));

const world = testWorld();

it('is no change at every look', async () => {
  const dir = await world.folder();
  world.holdParts(0);
  const far = await world.open({ dir, data: 'far' });
  await far.begin(await rawDisk(dir, 'far away', 1), 'local');
  const here = await world.open({ dir });
  await until('it appears', () => here.views()[0]?.problem?.kind === 'busy');
  expect(here.views()[0]).toMatchObject({ elsewhere: true, state: 'uploading' });
  const looks = vi.spyOn(Others.prototype, 'look');
  const changes = vi.spyOn(TaskList.prototype, 'changed');
  const [task] = here.views();
  await until('it was looked for again', () => looks.mock.contexts.length >= 6);
  const told = changes.mock.calls.filter(([changed]) => changed.id === task?.id && changed.elsewhere);
  vi.restoreAllMocks();
  expect(told).toEqual([]);
});
