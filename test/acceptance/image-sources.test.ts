// Images from everything but a local file: URLs, objects, servers, volumes, backups, and images of other clouds.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connect, openBucket, publishToBucket } from '@imagebridge/core';
import { huaweicloudInventory, ucloudstackInventory } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
const ADDRESS = 'imagebridge_image.made';
const SYSTEM =
  'os_type = "Linux"\n  os_distribution = "Ubuntu"\n  os_version = "22.04"\n  architecture = "x86_64"';

describeTerraform('images from other sources', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;
  let bytes: Buffer;
  let web: Server;
  let origin: string;
  let projectId: string;
  const fetched: string[] = [];
  /** The web server takes its time. */
  let slow = false;
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 50 });
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    file = path.join(work.dir, 'disk.qcow2');
    await makeQcow2(file, { dataBytes: MIB, seed: 'sources' });
    bytes = await readFile(file);
    web = createServer((request, response) => {
      fetched.push(request.url ?? '');
      const [, from] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
      const body = bytes.subarray(Number(from ?? 0));
      response.writeHead(from === undefined ? 200 : 206, {
        'content-length': body.length,
        ...(from === undefined
          ? {}
          : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
      });
      if (slow) setTimeout(() => response.end(body), 2_000);
      else response.end(body);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    projectId = work.cloud.accounts[0]?.projects['local-1'] ?? '';
  });
  afterAll(async () => {
    web?.close();
    await work?.close();
  });

  const declared = (cloud: string, source: string, more = '', name = 'made') => `
resource "imagebridge_image" "made" {
  cloud  = "${cloud}"
  name   = "${name}"
  source = { ${source} }
  ${more}
}`;
  const stored = async () => (await work.cloud.storedImages()).filter(({ name }) => name === 'made');
  const clean = async () => {
    await tf.destroy();
    expect(await stored()).toEqual([]);
  };

  /** Makes an image, or another one in its place, and checks that there is nothing left to do. */
  async function whole(
    cloud: string,
    source: string,
    more = '',
    action = 'create',
  ): Promise<Record<string, unknown>> {
    const plan = await tf.step(declared(cloud, source, more));
    expect(plan.actions).toEqual({ [ADDRESS]: action });
    expect(await stored()).toHaveLength(1);
    const { [ADDRESS]: state } = await tf.resources();
    expect(state).toMatchObject({ id: (await stored())[0]?.id, status: 'active' });
    return state ?? {};
  }

  describe('a URL', () => {
    it('is fetched by a Glance, compared with the SHA-512, and a change of it replaces the image', async () => {
      const sha512 = hash('sha512');
      const state = await whole('local-openstack', `url = "${origin}/a.qcow2", sha512 = "${sha512}"`);
      expect(state).toMatchObject({
        disk_format: 'qcow2',
        stored_checksum: sha512,
        stored_checksum_algorithm: 'sha512',
      });
      await tf.write(declared('local-openstack', `url = "${origin}/b.qcow2"`));
      const plan = await tf.planned();
      expect(plan.actions).toEqual({ [ADDRESS]: 'replace' });
      expect(plan.replacedBy(ADDRESS)).toEqual(['source.url']);
      await clean();
    });

    it('with the wrong bytes leaves no image', async () => {
      const wrong = '0'.repeat(128);
      await tf.write(declared('local-openstack', `url = "${origin}/a.qcow2", sha512 = "${wrong}"`));
      const { code, output } = await tf.run(['apply', '-auto-approve']);
      expect(code).toBe(1);
      expect(output).toMatch(/its sha512 is [0-9a-f]{128}, but 0{128} was asked for/i);
      expect(await stored()).toEqual([]);
      await tf.loseState();
    });

    it('that grants access is never stored, and a new signature plans nothing', async () => {
      const signed = (signature: string) => `url_wo = "${origin}/signed.qcow2?X-Amz-Signature=${signature}"`;
      await whole('local-ucloudstack', signed('secret-one'), SYSTEM);
      expect(fetched.some((url) => url.includes('secret-one'))).toBe(true);
      expect(await tf.stateText()).not.toMatch(/secret-one|signed\.qcow2/);
      await tf.write(declared('local-ucloudstack', signed('secret-two'), SYSTEM));
      await tf.nothingToDo();
      await tf.write(declared('local-ucloudstack', `${signed('secret-two')}, url_wo_version = 2`, SYSTEM));
      const plan = await tf.planned();
      expect(plan.replacedBy(ADDRESS)).toEqual(['source.url_wo']);
      await clean();
    });

    it('is gone on with after a kill: no second image, also without the state directory', async () => {
      slow = true;
      await tf.write(declared('local-openstack', `url = "${origin}/slow.qcow2"`));
      const apply = tf.start(['apply', '-auto-approve', '-no-color']);
      await until('the cloud fetches the image', () => fetched.includes('/slow.qcow2'));
      apply.signalAll('SIGKILL');
      await apply.done;
      await rm(work.stateDir, { recursive: true, force: true });
      const [begun] = await stored();
      slow = false;
      await tf.apply();
      expect((await stored()).map(({ id }) => id)).toEqual([begun?.id]);
      await tf.nothingToDo();
      await clean();
    });

    it.each([
      ['url = "https://h/x.raw?Signature=abc"', '', /Give it as source\.url_wo/],
      ['url = "https://user:pass@h/x.raw"', '', /Give it as source\.url_wo/],
      ['url = "https://h/x.img"', '', /Set disk_format/],
      ['url = "https://h/x.raw", file = "y"', '', /source names file and url/],
      [
        `url = "https://h/x.raw", sha256 = "${'0'.repeat(64)}"`,
        '',
        /does not tell that checksum.*It tells sha512/s,
      ],
    ])('%s is refused while planning', async (source, more, message) => {
      await tf.write(declared('local-openstack', source, more));
      const { code, output } = await tf.run(['plan']);
      expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    });

    it.each(['local', 'local-easystack'])(
      'goes through this machine to a cloud that fetches none: %s',
      async (cloud) => {
        const [sha256, sha512] = [hash('sha256'), hash('sha512')];
        const url = `url = "${origin}/through", sha256 = "${sha256}", sha512 = "${sha512}"`;
        const state = await whole(cloud, url);
        expect(state).toMatchObject({ source: { sha256 } });
        expect((await stored())[0]?.sha256).toBe(sha256);
        await clean();
        await tf.write(declared(cloud, url.replace(sha256, '0'.repeat(64))));
        const { code, output } = await tf.run(['apply', '-auto-approve']);
        expect([code, output]).toEqual([1, expect.stringMatching(/0{64} was asked for/)]);
        expect(await stored()).toEqual([]);
        expect(await work.cloud.unfinishedUploads()).toEqual([]);
        await tf.loseState();
      },
    );
  });

  it('an object of the cloud becomes an image', async () => {
    const [account] = work.cloud.accounts;
    const store = openBucket(
      { endpoint: work.cloud.endpoints.regions['local-1']?.obs, region: 'local-1', pathStyle: true },
      { AWS_ACCESS_KEY_ID: account?.accessKey, AWS_SECRET_ACCESS_KEY: account?.secretKey },
    );
    const cloud = await connect({ cloud: 'local', configPath: work.cloud.profilesPath, env: {} });
    await cloud.stage({ bucket: 'objects', key: 'disk.qcow2' });
    const to = { store, bucket: 'objects', key: 'disk.qcow2' };
    await publishToBucket({ path: file, to }, { stateDir: work.stateDir });
    const state = await whole(
      'local',
      'object = { bucket = "objects", key = "disk.qcow2" }',
      'tags = { team = "web" }\n  properties = { purpose = "x" }',
    );
    expect(state).toMatchObject({ tags: { team: 'web' }, properties: { purpose: 'x' } });
    expect((await stored())[0]?.sha256).toBe(hash('sha256'));
    await clean();
    await store.close();
    await cloud.close();
  });

  it('a server, a volume, a backup and a whole server of huaweicloud become images', async () => {
    const { servers, backups, vaults } = huaweicloudInventory(projectId, 'local-1');
    const build = servers.find(({ name }) => name === 'build');
    const backup = backups.find(({ name }) => name === 'nightly')?.id;
    const vault = vaults.find(({ name }) => name === 'main')?.id;
    await whole('local', `server_id = "${build?.id}"`, 'min_ram_mib = 1024\n  boot_mode = "uefi"');
    await whole('local', `volume_id = "${build?.volumes[1]?.id}", data_disk = true`, '', 'replace');
    await whole('local', `backup_id = "${backup}"`, '', 'replace');
    await whole('local', `whole_server_id = "${build?.id}", vault_id = "${vault}"`, '', 'replace');
    await clean();
  });

  it('a disk of a ucloudstack server becomes an image, and its system is set afterwards', async () => {
    const company = work.cloud.accounts[0]?.ucloudstack.companyId ?? 0;
    const build = ucloudstackInventory(company, 'local-1').find(({ name }) => name === 'build');
    const source = `server_id = "${build?.id}", disk_id = "${build?.disks[1]?.id}"`;
    const state = await whole('local-ucloudstack', source, SYSTEM);
    expect(state).toMatchObject({ os_distribution: 'Ubuntu', os_version: '22.04' });
    await clean();
  });

  it('what a family cannot do is refused while planning, with what it can', async () => {
    const refused = async (cloud: string, source: string, more: string, message: RegExp) => {
      await tf.write(declared(cloud, source, more));
      const { code, output } = await tf.run(['plan']);
      expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    };
    await refused(
      'local-openstack',
      'server_id = "x"',
      '',
      /make an image from a server.*snapshot of the server/s,
    );
    await refused(
      'local',
      'server_id = "x"',
      'architecture = "arm"',
      /architecture cannot be set on huaweicloud/,
    );
    await refused('local', `file = "${file}"`, 'protected = true', /protected cannot be set on huaweicloud/);
    await refused(
      'local',
      `file = "${file}"`,
      'active = false',
      /Could not deactivate an image on huaweicloud/,
    );
    await refused('local-ucloudstack', `file = "${file}"`, '', /os_distribution is missing/);
    await refused(
      'local-ucloudstack',
      `file = "${file}"`,
      `${SYSTEM}\n  min_ram_mib = 512`,
      /min_ram_mib cannot be set on ucloudstack/,
    );
  });

  it("another cloud's image comes over, and keeps its bytes", async () => {
    const from = `
resource "imagebridge_image" "first" {
  cloud  = "local-openstack"
  name   = "first"
  source = { file = "${file}" }
}`;
    const image = 'image = { id = imagebridge_image.first.id, cloud = "local-openstack" }';
    const plan = await tf.step(from + declared('local', image, 'tags = { from = "glance" }'));
    expect(plan.actions).toEqual({ 'imagebridge_image.first': 'create', [ADDRESS]: 'create' });
    const { [ADDRESS]: state } = await tf.resources();
    expect((await stored())[0]?.sha256).toBe(hash('sha256'));
    expect(state).toMatchObject({ tags: { from: 'glance' }, source: { sha256: hash('sha256') } });
    await clean();
  });
});
