// Uploads that are gone on with only by the program that began them: they are shown, and can be given up.
import { connect, openBucket, publishToBucket } from '@imagebridge/core';
import { expect, it } from 'vitest';
import { testWorld } from './testing/cloud.ts';
import { rawDisk } from './testing/files.ts';
import { until } from './testing/place.ts';

const world = testWorld();

/** Leaves an unfinished upload to a bucket of one's own. */
async function leaveUpload(dir: string, name: string): Promise<Record<string, string>> {
  const [account] = world.cloud.accounts;
  const env = {
    AWS_ACCESS_KEY_ID: account?.accessKey ?? '',
    AWS_SECRET_ACCESS_KEY: account?.secretKey ?? '',
  };
  const cloud = await connect({ cloud: 'local', configPath: world.cloud.profilesPath, env: {} });
  await cloud.stage({ bucket: 'of-ones-own', key: 'unused' });
  await cloud.close();
  const endpoint = world.cloud.endpoints.regions['local-1']?.obs ?? '';
  const store = openBucket({ endpoint, region: 'local-1', pathStyle: true }, env);
  world.holdParts(3);
  const controller = new AbortController();
  const sent = publishToBucket(
    {
      path: await rawDisk(dir, name, 96),
      to: { store, bucket: 'of-ones-own', key: name },
      signal: controller.signal,
      onEvent: ({ snapshot }) => snapshot.partsDone === 3 && controller.abort(),
    },
    { stateDir: `${dir}/state` },
  );
  await expect(sent).rejects.toMatchObject({ kind: 'cancelled' });
  await store.close();
  world.cloud.faults.clear();
  return env;
}

it('says what to do, and is not forgotten by a cancel that lacks the keys', async () => {
  const dir = await world.folder();
  await leaveUpload(dir, 'plain');
  const place = await world.open({ dir });
  await until('it is shown', () => place.views().length === 1);
  const [task] = place.views();
  expect(task).toMatchObject({
    origin: 'other',
    state: 'attention',
    imageName: 'plain',
    actions: ['cancel'],
  });
  expect(task?.problem?.hint).toContain('once more');
  await place.all('cancel', task?.id ?? '');
  expect(place.views()[0]).toMatchObject({ state: 'attention', actions: ['cancel', 'remove'] });
  expect(await world.cloud.unfinishedUploads()).toHaveLength(1);
  await place.all('remove', task?.id ?? '');
  expect(place.views()).toEqual([]);
});

it('is removed from the server where the keys are at hand', async () => {
  const dir = await world.folder();
  const env = await leaveUpload(dir, 'known');
  const place = await world.open({ dir, env });
  await until('it is shown', () => place.views().length === 1);
  await place.all('cancel', place.views()[0]?.id ?? '');
  expect(place.views()).toEqual([]);
  expect((await world.cloud.unfinishedUploads()).filter(({ key }) => key === 'known')).toEqual([]);
  expect(place.history).toMatchObject([{ outcome: 'cancelled', origin: 'other' }]);
});
