// Exports under the real terraform: to the store of the image's own cloud, to any other store, to a file; found again after
// an interruption, made anew when they are gone, removed with their resource.
import { createHash } from 'node:crypto';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findExport, openBucket, removeExport } from '@imagebridge/core';
import type { RequestLogEntry } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { Sources } from './copy-sources.ts';
import { describeTerraform, until, Workspace } from './terraform.ts';

const EXPORT = 'imagebridge_image_export';

const isExport = ({ service, method, path: at, status }: RequestLogEntry) =>
  service === 'ims' && method === 'POST' && at.endsWith('/file') && status === 200;

describeTerraform('exports of images', () => {
  let work: Work;
  let sources: Sources;
  let env: NodeJS.ProcessEnv;
  /** Ids of the images, by profile. */
  const source: Record<string, string> = {};

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 1000 });
    sources = new Sources(work);
    for (const profile of ['local', 'local-openstack', 'local-ucloudstack'])
      source[profile] = await sources.image(profile, `of-${profile}`);
    // The cloud makes the bucket on the way.
    await (await sources.cloud('local')).stage({ bucket: 'exports', key: 'any' });
    const [account] = work.cloud.accounts;
    env = {
      ...work.env,
      AWS_ACCESS_KEY_ID: account?.accessKey,
      AWS_SECRET_ACCESS_KEY: account?.secretKey,
    };
  });
  afterAll(async () => {
    await sources?.close();
    await work?.close();
  });

  const workspace = (name: string) => Workspace.make(path.join(work.dir, `tf-${name}`), env);
  const object = async (key: string) => findExport(await sources.cloud('local'), 'exports', key);
  const sha256Of = async (profile: string) =>
    (await work.cloud.storedImages()).find(({ id }) => id === source[profile])?.sha256;

  const toObject = (key: string, more = '') => `
resource "${EXPORT}" "it" {
  cloud    = "local"
  image_id = "${source.local}"
  object   = { bucket = "exports", key = "${key}" }
  ${more}
}`;

  it('to an object, a store and a file: made, found gone, made again, imported, removed', async () => {
    const tf = await workspace('all');
    const file = path.join(tf.dir, 'image.qcow2');
    const endpoint = work.cloud.endpoints.regions['local-1']?.obs ?? '';
    const plan = await tf.step(`
${toObject('one.qcow2')}
resource "${EXPORT}" "quick" {
  cloud      = "local"
  image_id   = "${source.local}"
  object     = { bucket = "exports", key = "quick/one" }
  quick      = true
  on_destroy = "retain"
  depends_on = [${EXPORT}.it]
}
resource "${EXPORT}" "store" {
  cloud    = "local-ucloudstack"
  image_id = "${source['local-ucloudstack']}"
  s3       = { endpoint = "${endpoint}", region = "local-1", path_style = true, bucket = "exports", key = "from/ucloudstack" }
}
resource "${EXPORT}" "file" {
  cloud    = "local-openstack"
  image_id = "${source['local-openstack']}"
  file     = "${file}"
}`);
    expect(Object.values(plan.actions)).toEqual(['create', 'create', 'create', 'create']);
    expect(plan.change(`${EXPORT}.it`).after).toMatchObject({ disk_format: 'qcow2', region: 'local-1' });
    const state = await tf.resources();
    expect(state[`${EXPORT}.it`]).toMatchObject({ id: 'exports/one.qcow2', sha256: null });
    expect((await object('one.qcow2'))?.etag).toBe(state[`${EXPORT}.it`]?.etag);
    const bytes = await readFile(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(sha256).toBe(await sha256Of('local-openstack'));
    expect(state[`${EXPORT}.file`]).toMatchObject({ sha256, size_bytes: bytes.length, etag: null });
    expect(state[`${EXPORT}.store`]).toMatchObject({ id: 's3://exports/from/ucloudstack' });
    // The notes of unfinished exports are gone with the first look after the apply.
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
    expect(await tf.stateText()).not.toContain(env.AWS_SECRET_ACCESS_KEY ?? '?');

    await tf.importVerify(`${EXPORT}.it`, `local/local-1/${source.local}:exports/one.qcow2`);
    await tf.importVerify(
      `${EXPORT}.file`,
      `local-openstack/local-1/${source['local-openstack']}:file:${file}`,
    );

    await removeExport(await sources.cloud('local'), 'exports', 'one.qcow2');
    await rm(file);
    expect((await tf.planned()).actions).toEqual({
      [`${EXPORT}.it`]: 'create',
      [`${EXPORT}.file`]: 'create',
    });
    await tf.applyPlanned();
    expect(await object('one.qcow2')).toBeDefined();
    await access(file);

    await tf.destroy();
    expect(await object('one.qcow2')).toBeUndefined();
    expect(await object('from/ucloudstack')).toBeUndefined();
    expect(await object('quick/one')).toBeDefined();
    await expect(access(file)).rejects.toThrow();
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('are found again after a kill, on a runner whose disk is lost', async () => {
    const tf = await workspace('killed');
    await tf.write(toObject('killed.qcow2'));
    work.requests.length = 0;
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the export has begun', () => work.requests.some(isExport));
    apply.signalAll('SIGKILL');
    await apply.done;
    await rm(work.stateDir, { recursive: true, force: true });
    await tf.loseState();
    await tf.apply();
    expect(work.requests.filter(isExport)).toHaveLength(1);
    // Once more, when all was done but the state was not saved.
    await tf.loseState();
    await tf.apply();
    expect(work.requests.filter(isExport)).toHaveLength(1);
    await tf.nothingToDo();
    await tf.loseState();
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect(code, 'an export of a saved state is adopted by nobody').toBe(1);
    expect(output).toMatch(/There is an object of that key already/);
    await removeExport(await sources.cloud('local'), 'exports', 'killed.qcow2');
  });

  it('to a file take the same bytes that are there already, and nothing else', async () => {
    const tf = await workspace('file');
    const file = path.join(tf.dir, 'image.qcow2');
    await tf.write(`
resource "${EXPORT}" "it" {
  cloud    = "local-openstack"
  image_id = "${source['local-openstack']}"
  file     = "${file}"
}`);
    await tf.apply();
    await tf.loseState();
    work.requests.length = 0;
    await tf.apply();
    expect(work.requests.filter(({ path: at }) => at.endsWith('/file'))).toEqual([]);

    // Something else in its place is shown, left alone, and not overwritten.
    await writeFile(file, 'mine');
    const planned = await tf.plan();
    expect(planned.code).toBe(2);
    expect(planned.output).toMatch(/Something else is at/);
    // With -refresh=false terraform still believes that it is the export.
    const destroyed = await tf.must(['destroy', '-auto-approve', '-refresh=false']);
    expect(destroyed).toMatch(/was left alone/);
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/another file of that name already, and it is not overwritten/);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('are refused while planning where the cloud has none, with what to do instead', async () => {
    const tf = await workspace('refused');
    await tf.write(`
resource "${EXPORT}" "object" {
  cloud    = "local-openstack"
  image_id = "x"
  object   = { bucket = "b", key = "k" }
}
resource "${EXPORT}" "file" {
  cloud    = "local"
  image_id = "x"
  file     = "image.qcow2"
}`);
    const { code, output } = await tf.plan();
    expect(code).toBe(1);
    expect(output).toMatch(/Could not export an image to a bucket on openstack.*Download the image/s);
    expect(output).toMatch(
      /Could not export an image to a file on huaweicloud.*Export the image to a bucket/s,
    );
    await tf.write(`
resource "${EXPORT}" "none" { image_id = "x" }
resource "${EXPORT}" "two" {
  image_id = "x"
  file     = "f"
  object   = { bucket = "b", key = "k" }
}
resource "${EXPORT}" "format" {
  image_id    = "x"
  file        = "f"
  disk_format = "vmdk"
}`);
    const validated = await tf.run(['validate']);
    expect(validated.output).toMatch(/The export has no place/);
    expect(validated.output).toMatch(/More than one place/);
    expect(validated.output).toMatch(/disk_format goes with object only/);
  });

  it('say what is wrong with the bucket', async () => {
    const tf = await workspace('no-bucket');
    await tf.write(toObject('x.qcow2').replace('"exports"', '"no-such-bucket"'));
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/There is no bucket no-such-bucket in region local-1/);
    const store = openBucket(
      { endpoint: work.cloud.endpoints.regions['local-1']?.obs, region: 'local-1' },
      env,
    );
    expect(await store.hasBucket('no-such-bucket'), 'no bucket is made').toBe(false);
    await store.close();
  });
});
