// The rules of an image's life: protection, what destroying does, replacement before destruction, default tags, hashes,
// states of older versions, interrupted applies of images that are not files, configurations made from imports.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { connect, type ImageCloud } from '@imagebridge/core';
import { huaweicloudInventory, ucloudstackInventory } from '@imagebridge/local-cloud';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
const ADDRESS = 'imagebridge_image.base';
const SYSTEM = FAMILIES.find(({ family }) => family === 'ucloudstack')?.imageArguments ?? '';

describeTerraform('the rules of an image', () => {
  let work: Work;
  let file: string;
  let other: string;
  let tf: Workspace;
  let counter = 0;

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 50 });
    file = path.join(work.dir, 'disk.qcow2');
    other = path.join(work.dir, 'other.qcow2');
    await makeQcow2(file, { dataBytes: MIB, seed: 'rules' });
    await makeQcow2(other, { dataBytes: MIB, seed: 'other' });
  });
  afterAll(() => work?.close());
  // So that a test that fails does not make others fail.
  afterEach(async () => {
    for (const { family, id } of await work.cloud.storedImages()) {
      const cloud = await open(FAMILIES.find((one) => one.family === family)?.cloud ?? '');
      await cloud.updateImage(id, { protected: false }).catch(() => {});
      await cloud.deleteImage(id);
      await cloud.close();
    }
  });
  const fresh = async () => {
    tf = await Workspace.make(path.join(work.dir, `tf-${++counter}`), work.env);
    return tf;
  };
  const open = (cloud: string): Promise<ImageCloud> =>
    connect({ cloud, configPath: work.cloud.profilesPath, env: {} });
  const stored = async (name = 'base') =>
    (await work.cloud.storedImages()).filter((image) => image.name === name);
  const image = (cloud: string, more = '', source = `file = "${file}"`, name = 'base') => `
resource "imagebridge_image" "base" {
  cloud  = "${cloud}"
  name   = "${name}"
  source = { ${source} }
  ${cloud === 'local-ucloudstack' ? SYSTEM : ''}
  ${more}
}`;

  it('a protected image is neither destroyed nor replaced before it is said so', async () => {
    await fresh();
    await tf.step(image('local-openstack', 'protected = true'));
    for (const args of [
      ['destroy', '-auto-approve'],
      ['plan', '-destroy'],
    ]) {
      const { code, output } = await tf.run(args);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/Set `protected = false` and apply that first/),
      ]);
    }
    await tf.write(image('local-openstack', 'protected = true', `file = "${other}"`));
    expect((await tf.run(['plan'])).output).toMatch(/It is to be replaced, and the cloud refuses/);
    await tf.step(image('local-openstack', 'protected = false'));
    await tf.destroy();
    expect(await stored()).toEqual([]);
  });

  it('destroying retains or deactivates an image where that is declared', async () => {
    await fresh();
    await tf.step(image('local-openstack', 'on_destroy = "deactivate"'));
    await tf.destroy();
    const [left] = await stored();
    expect(left).toMatchObject({ status: 'deactivated' });
    await tf.step(image('local', 'on_destroy = "retain"'));
    await tf.destroy();
    expect((await stored()).map(({ family, status }) => `${family} ${status}`).sort()).toEqual([
      'huaweicloud active',
      'openstack deactivated',
    ]);
    await tf.write(image('local-ucloudstack', 'on_destroy = "deactivate"'));
    expect((await tf.run(['plan'])).output).toMatch(/Could not deactivate an image on ucloudstack/);
  });

  it.each([
    ['local-openstack', 'base', `file = "${'OTHER'}"`],
    ['local-ucloudstack', 'base', `file = "${'OTHER'}"`],
    ['local-ucloudstack', 'base', 'file = "FILE"', 'description = "second"'],
    ['local', 'base-2', 'file = "OTHER"'],
  ])('create_before_destroy works on %s (%s, %s)', async (cloud, name, source, more = '') => {
    await fresh();
    const first = 'lifecycle { create_before_destroy = true }';
    await tf.step(image(cloud, first));
    const [before] = await stored();
    const next = source.replace('OTHER', other).replace('FILE', file);
    const plan = await tf.step(image(cloud, `${more}\n  ${first}`, next, name));
    expect(plan.actions).toEqual({ [ADDRESS]: 'create-before-delete' });
    const after = await stored(name);
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before?.id);
    await tf.destroy();
    expect(await stored(name)).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it("the provider's default tags are added, changed in place, and replace nothing where tags are fixed", async () => {
    await fresh();
    const tags = (owner: string, cloud: string) =>
      `provider "imagebridge" {\n  default_tags = { owner = "${owner}" }\n}\n${image(cloud, 'tags = { team = "web" }')}`;
    await tf.step(tags('us', 'local-openstack'));
    expect(Object.keys((await stored())[0]?.tags ?? {})).toEqual(
      expect.arrayContaining(['owner=us', 'team=web']),
    );
    const plan = await tf.step(tags('them', 'local-openstack'));
    expect(plan.actions).toEqual({ [ADDRESS]: 'update' });
    const { [ADDRESS]: state } = await tf.resources();
    expect(state).toMatchObject({ tags: { team: 'web' }, tags_all: { owner: 'them', team: 'web' } });
    await tf.destroy();
    await tf.step(tags('us', 'local'));
    await tf.write(tags('them', 'local'));
    await tf.nothingToDo();
    await tf.destroy();
  });

  it('what is known only after apply is planned: another file makes a new image, other values are changed in place', async () => {
    await fresh();
    const declared = (input: string, source: string, more = '') =>
      `resource "terraform_data" "later" { input = "${input}" }\n${image('local-openstack', more, source)}`;
    const later = 'terraform_data.later.output';
    await tf.step(declared('a', `file = "${file}"`, `tags = { is = ${later} }\n  os_version = ${later}`));
    const update = await tf.step(
      declared('b', `file = "${file}"`, `tags = { is = ${later} }\n  os_version = ${later}`),
    );
    expect(update.actions).toMatchObject({ [ADDRESS]: 'update' });
    await tf.step(declared(file, `file = ${later}`));
    await tf.write(declared(other, `file = ${later}`));
    const { output } = await tf.run(['plan']);
    expect(output).toMatch(/The content is known only after apply/);
    const plan = await tf.step();
    expect(plan.replacedBy(ADDRESS)).toEqual(['source.sha256']);
    await tf.destroy();
  });

  describe('content', () => {
    const packed = () => path.join(work.dir, 'disk.qcow2.gz');
    const digest = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex');

    it('is compared with every hash that is given, before anything is sent', async () => {
      await fresh();
      const bytes = await readFile(file);
      const [sha512, md5] = [digest('sha512', bytes), digest('md5', bytes)];
      await tf.step(image('local', '', `file = "${file}", sha512 = "${sha512}", md5 = "${md5}"`));
      await tf.destroy();
      await tf.write(image('local', '', `file = "${file}", md5 = "${'0'.repeat(32)}"`));
      const { code, output } = await tf.run(['apply', '-auto-approve']);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/has the md5 [0-9a-f]{32}, but 0{32} was asked for/),
      ]);
      expect(await stored()).toEqual([]);
      expect(await work.cloud.unfinishedUploads()).toEqual([]);
    });

    it('of a packed file is unpacked on its way, and the packed file is what counts', async () => {
      await fresh();
      await writeFile(packed(), gzipSync(await readFile(file)));
      await tf.write(image('local-openstack', '', `file = "${packed()}"`));
      expect((await tf.run(['plan'])).code).toBe(1);
      await tf.step(image('local-openstack', '', `file = "${packed()}", unpack = true`));
      expect((await stored())[0]?.sha256).toBe(digest('sha256', await readFile(file)));
      const { [ADDRESS]: state } = await tf.resources();
      expect(state?.source).toMatchObject({ sha256: digest('sha256', await readFile(packed())) });
      await tf.destroy();
    });

    it('goes by way of a bucket of one’s own to a cloud without an object store', async () => {
      await fresh();
      const [account] = work.cloud.accounts;
      const staged = image('local-openstack', 'staging_bucket = "staging"');
      await tf.write(staged);
      expect((await tf.run(['plan'])).output).toMatch(/AWS_ACCESS_KEY_ID is not set/);
      Object.assign(tf.env, {
        AWS_ACCESS_KEY_ID: account?.accessKey,
        AWS_SECRET_ACCESS_KEY: account?.secretKey,
        AWS_ENDPOINT_URL: work.cloud.endpoints.regions['local-1']?.obs,
        AWS_REGION: 'local-1',
      });
      const own = await open('local');
      await own.stage({ bucket: 'staging', key: 'x' });
      await own.close();
      work.requests.length = 0;
      await tf.step(staged);
      expect((await stored())[0]?.sha256).toBe(digest('sha256', await readFile(file)));
      const parts = work.requests.filter(({ service, method }) => service === 'obs' && method === 'PUT');
      expect(parts.length).toBeGreaterThan(0);
      expect(await work.cloud.unfinishedUploads()).toEqual([]);
      await tf.destroy();
    });

    it('that is empty, a folder or unreadable is refused while planning', async () => {
      await fresh();
      const empty = path.join(work.dir, 'empty.raw');
      const folder = path.join(work.dir, 'folder.raw');
      await writeFile(empty, '');
      await mkdir(folder, { recursive: true });
      for (const [bad, message] of [
        [empty, /empty/],
        [folder, /is a directory/],
      ] as const) {
        await tf.write(image('local', '', `file = "${bad}"`));
        const { code, output } = await tf.run(['plan']);
        expect([code, output]).toEqual([1, expect.stringMatching(message)]);
      }
      if (process.getuid?.() === 0) return;
      const secret = path.join(work.dir, 'secret.raw');
      await writeFile(secret, 'x');
      await chmod(secret, 0);
      await tf.write(image('local', '', `file = "${secret}"`));
      expect((await tf.run(['plan'])).output).toMatch(/permission|EACCES/i);
    });
  });

  it('a state of version 0 is upgraded, and has nothing left to do', async () => {
    await fresh();
    await tf.step(image('local', 'tags = { team = "web" }'));
    const state: { resources: { instances: Record<string, unknown>[] }[] } = JSON.parse(await tf.stateText());
    const instance = state.resources[0]?.instances[0] ?? {};
    const attributes = instance.attributes as Record<string, unknown>;
    const { id, name, description, tags, os_version, os_type, min_disk_gib, min_ram_mib, disk_format } =
      attributes;
    const {
      staging_bucket,
      cloud,
      region,
      status,
      size_bytes,
      stored_format,
      owner_id,
      visibility,
      created_at,
    } = attributes;
    instance.schema_version = 0;
    instance.attributes = {
      ...{ id, name, description, tags, os_version, os_type, min_disk_gib, min_ram_mib, disk_format },
      ...{
        staging_bucket,
        cloud,
        region,
        status,
        size_bytes,
        stored_format,
        owner_id,
        visibility,
        created_at,
      },
      timeouts: null,
      file: {
        path: file,
        sha256: createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      },
    };
    delete instance.private;
    await writeFile(path.join(tf.dir, 'terraform.tfstate'), JSON.stringify(state));
    await tf.nothingToDo();
    await tf.write(image('local', 'tags = { team = "web" }', `file = "${other}"`));
    expect((await tf.planned()).replacedBy(ADDRESS)).toEqual(['source.sha256']);
    await tf.destroy();
  });

  it.each(FAMILIES)(
    'an import block makes a configuration that has nothing to do ($family)',
    async ({ cloud }) => {
      await fresh();
      await tf.step(image(cloud, 'description = "imported"'));
      const [made] = await stored();
      await tf.loseState();
      const provider = `provider "imagebridge" {\n  default_cloud = "${cloud}"\n}\n`;
      await tf.write(`${provider}import {\n  to = imagebridge_image.base\n  id = "${made?.id}"\n}`);
      await tf.must(['plan', '-generate-config-out=generated.tf']);
      const generated = await readFile(path.join(tf.dir, 'generated.tf'), 'utf8');
      expect(generated).toMatch(/description\s+= "imported"/);
      await tf.apply();
      await tf.nothingToDo();
      await rm(path.join(tf.dir, 'generated.tf'));
      await tf.write(provider + image(cloud, 'description = "imported"').replace(/cloud {2}= "\S+"\n/, ''));
      await tf.nothingToDo();
      await tf.destroy();
      expect(await stored()).toEqual([]);
    },
  );
});

describeTerraform('an interrupted apply of an image that is no file', () => {
  let work: Work;
  let sources: Readonly<Record<string, string>>;
  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 2_000 });
    const [account] = work.cloud.accounts;
    const server = huaweicloudInventory(account?.projects['local-1'] ?? '', 'local-1').servers.find(
      ({ name }) => name === 'build',
    );
    const machine = ucloudstackInventory(account?.ucloudstack.companyId ?? 0, 'local-1').find(
      ({ name }) => name === 'build',
    );
    sources = { local: `server_id = "${server?.id}"`, 'local-ucloudstack': `server_id = "${machine?.id}"` };
  });
  afterAll(() => work?.close());
  afterEach(() => work.cloud.faults.clear());

  it.each(['local', 'local-ucloudstack'])(
    'goes on with the same image, also without its state directory: %s',
    async (cloud) => {
      const tf = await Workspace.make(path.join(work.dir, `tf-${cloud}`), work.env);
      await tf.write(
        `resource "imagebridge_image" "base" {\n  cloud = "${cloud}"\n  name = "made"\n  source = { ${sources[cloud]} }\n}`,
      );
      const images = async () => (await work.cloud.storedImages()).filter(({ name }) => name === 'made');
      const apply = tf.start(['apply', '-auto-approve', '-no-color']);
      await until('the cloud makes the image', async () => (await images()).length > 0);
      apply.signalAll('SIGKILL');
      await apply.done;
      await rm(work.stateDir, { recursive: true, force: true });
      const [begun] = await images();
      await tf.apply();
      expect((await images()).map(({ id }) => id)).toEqual([begun?.id]);
      await tf.nothingToDo();
      await tf.destroy();
      expect(await images()).toEqual([]);
    },
  );

  it('tells the service’s own words when the work fails, and leaves nothing', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf-failed'), work.env);
    work.cloud.faults.add({
      service: 'ims',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: 'the disk is damaged' },
    });
    await tf.write(
      `resource "imagebridge_image" "base" {\n  cloud = "local"\n  name = "made"\n  source = { ${sources.local} }\n}`,
    );
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/the disk is damaged/);
    expect(output).toMatch(/IMG\.0057/);
    await tf.destroy();
    expect((await work.cloud.storedImages()).filter(({ name }) => name === 'made')).toEqual([]);
  });
});
