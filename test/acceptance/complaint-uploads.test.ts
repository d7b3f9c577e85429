// What users of other providers complain of when images are made: uploads, imports, failures. A test for each, by its number.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('complaints about uploads and imports', () => {
  let work: Work;
  let file: string;
  let sha256: string;

  beforeAll(async () => {
    work = await makeWork();
    file = await work.file('disk.raw', 20 * MIB);
    sha256 = await sha256Of(file);
  });
  afterAll(() => work?.close());
  afterEach(() => {
    work.cloud.faults.clear();
    work.requests.length = 0;
  });

  const sha256Of = async (name: string) =>
    createHash('sha256')
      .update(await readFile(name))
      .digest('hex');
  const named = async (name: string) =>
    (await work.cloud.storedImages()).filter((image) => image.name === name);
  const imports = () =>
    work.requests.filter(({ service, path: on }) => service === 'ims' && on.endsWith('/cloudimages/action'));
  const parts = () =>
    work.requests.filter(
      ({ service, method, path: on, status }) =>
        service === 'obs' && method === 'PUT' && on.includes('partNumber') && status === 200,
    );

  const image = (name: string, more = '', source = file) =>
    `resource "imagebridge_image" "base" {\n  name = "${name}"\n  source = { file = "${source}" }\n  ${more}\n}\n`;

  async function workspace(name: string, more?: string, source?: string): Promise<Workspace> {
    const tf = await Workspace.make(path.join(work.dir, `tf-${name}`), work.env);
    await tf.write(image(name, more, source));
    return tf;
  }

  it.each(FAMILIES)(
    'terraform-provider-openstack#1343: a 0-byte image does not succeed ($family)',
    async ({ cloud, imageArguments }) => {
      const empty = await work.file('empty.raw', 0);
      const tf = await workspace(`empty-${cloud}`, `cloud = "${cloud}"\n  ${imageArguments}`, empty);
      const { code, output } = await tf.run(['plan']);
      expect([code, output]).toEqual([1, expect.stringMatching(/empty|0 bytes/)]);
      expect(await named(`empty-${cloud}`)).toEqual([]);
    },
  );

  it('terraform-provider-openstack#1801: bytes that were lost on the way do not become an image', async () => {
    const tf = await workspace('lost-bytes');
    work.cloud.faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=',
      action: { kind: 'lose-part' },
    });
    await tf.apply();
    expect(await named('lost-bytes')).toMatchObject([{ status: 'active', sha256 }]);
    await tf.destroy();
  });

  it('terraform-provider-openstack#80: a create that fails makes no second image when it is tried again', async () => {
    const tf = await workspace('failed');
    work.cloud.faults.add({
      service: 'ims',
      method: 'POST',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: 'the image file is damaged' },
    });
    const { code } = await tf.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    await tf.apply();
    expect((await named('failed')).map(({ status }) => status)).toEqual(['active']);
    await tf.nothingToDo();
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });

  it('terraform-provider-huaweicloud: the reason of a failed job is shown, with its code', async () => {
    const tf = await workspace('reason');
    work.cloud.faults.add({
      service: 'ims',
      method: 'POST',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: 'the image file is damaged' },
    });
    const { output } = await tf.run(['apply', '-auto-approve']);
    expect(output).toMatch(/The service answered: [^\n]*the image file is damaged/);
    expect(output).toMatch(/Code: IMG\.0057/);
    await tf.apply();
    await tf.destroy();
  });

  it('openstack-image-manager#617, #656: an import that is stuck is not silent, ends in time, and is not begun twice', async () => {
    const tf = await workspace('stuck', 'timeouts = { create = "3s" }');
    work.cloud.faults.add({ service: 'ims', method: 'POST', action: { kind: 'stuck-job' } });
    const first = await tf.run(['apply', '-auto-approve']);
    expect([first.code, first.output]).toEqual([1, expect.stringMatching(/(job|image) [0-9a-f-]{36}/)]);
    expect(first.output).toMatch(/not finished after 3 s/);
    const second = await tf.run(['apply', '-auto-approve']);
    expect(second.code).toBe(1);
    expect(imports(), 'imports').toHaveLength(1);
  });

  it('terraform-provider-huaweicloud: an apply that is killed during the import leaves no orphan', async () => {
    const tf = await workspace('orphan');
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the import has begun', () => imports().length > 0);
    apply.signalAll('SIGKILL');
    await apply.done;
    expect(await tf.resources(), 'nothing was saved').toEqual({});
    await tf.apply();
    expect(await named('orphan')).toMatchObject([{ status: 'active', sha256 }]);
    expect(imports(), 'imports').toHaveLength(1);
    await tf.destroy();
    expect(await named('orphan')).toEqual([]);
  });

  it('terraform-provider-openstack, -huaweicloud: an upload that is killed goes on, and sends no finished part again', async () => {
    const large = await work.file('large.raw', 64 * MIB);
    const tf = await workspace('resumed', '', large);
    work.cloud.faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=',
      count: Number.POSITIVE_INFINITY,
      action: { kind: 'bandwidth', bytesPerSecond: 24 * MIB },
    });
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('a part is in the cloud', () => parts().length > 0);
    apply.signalAll('SIGKILL');
    await apply.done;
    work.cloud.faults.clear();
    const before = parts().length;
    await tf.apply();
    expect(parts().length - before).toBeLessThan(4);
    expect(await named('resumed')).toMatchObject([{ sha256: await sha256Of(large) }]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
    await tf.destroy();
  });

  it('all providers: another content at the same path plans a replacement, and says why', async () => {
    const changing = await work.file('changing.raw', 3 * MIB);
    const tf = await workspace('changing', '', changing);
    await tf.step();
    const bytes = await readFile(changing);
    bytes[2 * MIB] = (bytes[2 * MIB] ?? 0) ^ 1;
    await writeFile(changing, bytes);
    const plan = await tf.step();
    expect(plan.actions).toEqual({ 'imagebridge_image.base': 'replace' });
    expect(plan.replacedBy('imagebridge_image.base')).toEqual(['source.sha256']);
    expect(await named('changing')).toMatchObject([{ sha256: await sha256Of(changing) }]);
    await tf.destroy();
  });

  it('terraform-provider-huaweicloud: a hash that the user gives is checked before anything becomes an image', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf-hash'), work.env);
    await tf.write(
      `resource "imagebridge_image" "base" {\n  name = "hash"\n  source = { file = "${file}", sha256 = "${'0'.repeat(64)}" }\n}`,
    );
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/SHA-256/)]);
    expect(output).toContain(sha256);
    expect(await named('hash')).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('terraform-provider-opentelekomcloud#1860: a file above 12 MB goes up with an access key alone', async () => {
    const [account] = work.cloud.accounts;
    const { endpoints } = work.cloud;
    const services = endpoints.regions['local-1'];
    const { IMAGEBRIDGE_CONFIG: _, ...env } = work.env;
    const tf = await Workspace.make(path.join(work.dir, 'tf-keys'), {
      ...env,
      TF_VAR_secret_key: account?.secretKey ?? '',
    });
    await tf.write(`
variable "secret_key" {
  type      = string
  ephemeral = true
}
provider "imagebridge" {
  clouds = {
    keys = {
      family         = "huaweicloud"
      region         = "local-1"
      access_key     = "${account?.accessKey}"
      secret_key     = var.secret_key
      obs_path_style = true
      endpoints      = { iam = "${endpoints.iam}", ims = "${services?.ims}", obs = "${services?.obs}" }
    }
  }
}
${image('keys')}`);
    await tf.apply();
    expect(await named('keys')).toMatchObject([{ sizeBytes: 20 * MIB, sha256 }]);
    await tf.destroy();
  });

  it('terraform-provider-opentelekomcloud#1749: what is sent again after an error is read from the file again', async () => {
    const tf = await workspace('again');
    const part = { service: 'obs', method: 'PUT', path: 'partNumber=' } as const;
    work.cloud.faults.add({ ...part, action: { kind: 'status', status: 503 } });
    work.cloud.faults.add({ ...part, action: { kind: 'cut', afterBytes: 3 * MIB } });
    await tf.apply();
    expect(await named('again')).toMatchObject([{ status: 'active', sha256 }]);
    await tf.destroy();
  });

  it('terraform-provider-huaweicloud#10449: what is sent again carries the date of that moment', async () => {
    const seen: { part: string; date: string }[] = [];
    const obs = work.cloud.endpoints.regions['local-1']?.obs ?? '';
    const proxy = http.createServer((request, response) => {
      const part = /partNumber=\d+/.exec(request.url ?? '')?.[0];
      const date = request.headers['x-obs-date'] ?? request.headers.date;
      if (part !== undefined && typeof date === 'string') seen.push({ part, date });
      const onward = http.request(obs + request.url, { method: request.method, headers: request.headers });
      onward.on('response', (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      });
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', () => resolve()));
    try {
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const config = path.join(work.dir, 'proxied.yaml');
      await writeFile(config, (await readFile(work.cloud.profilesPath, 'utf8')).replaceAll(obs, address));
      const tf = await workspace('dates', '', await work.file('small.raw', 2 * MIB));
      work.cloud.faults.add({
        service: 'obs',
        method: 'PUT',
        path: 'partNumber=',
        action: { kind: 'status', status: 503, headers: { 'retry-after': '2' } },
      });
      await tf.must(['apply', '-auto-approve'], { IMAGEBRIDGE_CONFIG: config });
      const dates = seen.filter(({ part }) => part === 'partNumber=1').map(({ date }) => date);
      expect(dates.length).toBeGreaterThan(1);
      expect(new Set(dates).size).toBe(dates.length);
      await tf.must(['destroy', '-auto-approve'], { IMAGEBRIDGE_CONFIG: config });
    } finally {
      proxy.close();
    }
  });
});
