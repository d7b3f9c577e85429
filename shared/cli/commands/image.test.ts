// `imagebridge image` as a user calls it: the bundled command against the embedded cloud.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandPlace, makePlace } from '../testing/command.ts';

const image = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  status: z.string(),
  tags: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.string()),
  protected: z.boolean().optional(),
});
let place: CommandPlace;
let disk: string;

beforeAll(async () => {
  place = await makePlace();
  disk = await place.disk('disk.img', 1 << 20);
}, 60_000);
afterAll(() => place.close());

const images = async (...args: string[]) =>
  z.array(image).parse(await place.json(['image', 'list', ...args]));
const show = async (id: string, ...args: string[]) =>
  image.parse(await place.json(['image', 'show', id, ...args]));

/** Makes an image in Huawei's way. */
async function push(name: string, ...args: string[]): Promise<string> {
  const result = await place.json(['push', disk, '--name', name, '--progress', 'none', ...args]);
  return z.object({ image }).parse(result).image.id;
}

const upload = (name: string) => place.glanceImage(name, disk);

describe('lists and changes', () => {
  it('lists with filters, as a table and as JSON, and stops at a limit', { timeout: 60_000 }, async () => {
    const ids = [await push('web-1', '--tag', 'team=web'), await push('web-2'), await push('db-1')];
    expect((await images()).map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect((await images('--name-prefix', 'web-')).map(({ name }) => name).sort()).toEqual([
      'web-1',
      'web-2',
    ]);
    expect((await images('--tag', 'team=web')).map(({ name }) => name)).toEqual(['web-1']);
    expect((await images('--name', 'db-1')).map(({ name }) => name)).toEqual(['db-1']);
    expect(await images('--status', 'failed')).toEqual([]);
    expect(await images('--limit', '2')).toHaveLength(2);
    const table = await place.run(['image', 'list']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout.split('\n')[0]).toMatch(/^ID +NAME +STATUS +SIZE +OS +CHANNELS +CREATED$/);
    expect(table.stdout.trim().split('\n')).toHaveLength(4);

    const id = ids[0] ?? '';
    await place.json([
      'image',
      'update',
      'name:web-1',
      '--name',
      'web-one',
      '--description',
      'd',
      '--property',
      'own=x',
    ]);
    expect(await show(id)).toMatchObject({ name: 'web-one', description: 'd', properties: { own: 'x' } });
    await place.json(['image', 'update', id, '--remove-property', 'own']);
    expect((await show(id)).properties.own).toBeUndefined();
    expect(await place.run(['image', 'update', id])).toMatchObject({ code: 2, stdout: '' });

    const refused = await place.run(['image', 'tag', id, 'a=b']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/keep such facts in properties/);

    const unsure = await place.run(['image', 'delete', id, 'name:web-2']);
    expect(unsure).toMatchObject({ code: 2, stdout: '' });
    expect(unsure.stderr).toMatch(/Nobody can be asked here: give --yes/);
    expect(await images()).toHaveLength(3);
    const some = await place.json(['image', 'delete', id, 'no-such-id', '--yes'], 5);
    expect(some).toMatchObject([
      { id: 'no-such-id', outcome: 'failed', error: { kind: 'not-found' } },
      { id, outcome: 'deleted' },
    ]);
    await place.json(['image', 'delete', id, '--yes', '--ignore-missing']);
    await place.json(['image', 'delete', id, '--yes'], 4);
  });

  it('tags, protects and takes out of use where the family can', { timeout: 60_000 }, async () => {
    const id = await upload('glance-1');
    const on = ['--cloud', 'local-openstack'];
    await place.json(['image', 'tag', id, 'team=web', 'draft', ...on]);
    await place.json(['image', 'tag', id, '--remove', 'draft', ...on]);
    expect((await show(id, ...on)).tags).toEqual({ team: 'web' });
    await place.json(['image', 'protect', id, ...on]);
    const refused = await place.run(['image', 'delete', id, '--yes', ...on]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/image unprotect/);
    await place.json(['image', 'unprotect', id, ...on]);
    await place.json(['image', 'deactivate', id, ...on]);
    expect((await show(id, ...on)).status).toBe('deactivated');
    await place.json(['image', 'activate', id, ...on]);
    await place.json(['image', 'activate', id, ...on]);
    expect((await show(id, ...on)).status).toBe('active');
  });
});

it('exports into a bucket, waits, and names the job', { timeout: 60_000 }, async () => {
  const id = await push('exported');
  await place.json(['api', '--list']);
  const made = await place.json([
    'image',
    'export',
    id,
    '--bucket',
    await stagingBucket(),
    '--progress',
    'none',
  ]);
  expect(made).toMatchObject({ imageId: id, key: 'exported.qcow2', jobId: expect.any(String) });
  const again = await place.run(['image', 'export', id, '--bucket', await stagingBucket(), '--quiet']);
  expect(again.code).toBe(4);
});

/** The bucket that pushes have made. */
async function stagingBucket(): Promise<string> {
  const journals = await place.json(['uploads', 'list']);
  return (
    z.array(z.object({ target: z.object({ bucket: z.string() }) })).parse(journals)[0]?.target.bucket ?? ''
  );
}

it('downloads, pauses by Ctrl-C, goes on with a Range, and overwrites nothing', {
  timeout: 60_000,
}, async () => {
  const id = await upload('big');
  const to = path.join(place.dir, 'got.img');
  const download = ['image', 'download', id, to, '--cloud', 'local-openstack'];
  place.cloud.faults.add({
    service: 'glance',
    path: '/file',
    action: { kind: 'bandwidth', bytesPerSecond: 300_000 },
  });
  const running = place.start([...download, '--progress', 'json']);
  await running.sees(/"gotBytes":[1-9]/);
  running.child.kill('SIGINT');
  const paused = await running.ended;
  expect(paused.code).toBe(130);
  expect(paused.stderr).toMatch(
    /paused; what came so far is in .*got\.img\.part.*run the same command again/,
  );
  place.cloud.faults.clear();

  const done = z.object({
    sha256: z.string(),
    resumedAtByte: z.number(),
    verified: z.object({ algorithm: z.string() }),
  });
  const got = done.parse(await place.json([...download, '--progress', 'none']));
  expect(got.resumedAtByte).toBeGreaterThan(0);
  expect(got.verified.algorithm).toBe('sha512');
  const bytes = await readFile(disk);
  expect(got.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect((await readFile(to)).equals(bytes)).toBe(true);

  await writeFile(to, 'mine');
  const refused = await place.run(download);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/there is a file of that name already/);
  expect(await readFile(to, 'utf8')).toBe('mine');
});
