// No secret is written anywhere: not to the state, nor to logs at TRACE, nor to the journals and whatever else is in the state
// directory, nor, where it came by environment or ephemeral variables, to the plan file. Looked for are all passwords and keys of
// all accounts, all tokens that the clouds gave out meanwhile, and signatures of URLs.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('secrets', () => {
  let work: Work;
  let config: string;
  /** What was found to be secret on the wire: tokens and signatures. */
  const onWire = new Set<string>();
  const proxies: http.Server[] = [];
  let log: string;
  let traced: NodeJS.ProcessEnv;
  const shown: string[] = [];

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 400 });
    // Everything passes by here, so that tokens and signed URLs are known.
    let text = await readFile(work.cloud.profilesPath, 'utf8');
    for (const address of new Set(text.match(/http:\/\/127\.0\.0\.1:\d+/g)))
      text = text.replaceAll(address, await listenBefore(address));
    config = path.join(work.dir, 'recorded.yaml');
    await writeFile(config, text, { mode: 0o600 });
    log = path.join(work.dir, 'trace.log');
    traced = { TF_LOG: 'TRACE', TF_LOG_PATH: log, IMAGEBRIDGE_CONFIG: config };
  });
  afterAll(async () => {
    for (const proxy of proxies) {
      proxy.closeAllConnections();
      proxy.close();
    }
    await work?.close();
  });

  async function listenBefore(address: string): Promise<string> {
    const proxy = http.createServer((request, response) => {
      note(request.headers, request.url ?? '');
      const onward = http.request(address + request.url, {
        method: request.method,
        headers: request.headers,
      });
      onward.on('error', () => response.destroy());
      onward.on('response', (reply) => {
        note(reply.headers, '');
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      });
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', () => resolve()));
    proxies.push(proxy);
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }

  function note(headers: http.IncomingHttpHeaders, url: string): void {
    for (const name of ['x-auth-token', 'x-subject-token'])
      if (typeof headers[name] === 'string') onWire.add(headers[name]);
    const signature = /(?:AWS|OBS) [^:]+:(.+)$|Signature=([^&,]+)/.exec(headers.authorization ?? '');
    const inUrl = /[?&](?:Signature|X-Amz-Signature)=([^&]+)/.exec(url);
    for (const found of [signature?.[1] ?? signature?.[2], inUrl?.[1]])
      if (found !== undefined) onWire.add(decodeURIComponent(found));
  }

  /** Every secret there is, by what it is. */
  function secrets(): [what: string, secret: string][] {
    const ofAccounts = work.cloud.accounts.flatMap(
      ({ domain, password, secretKey, openstack, ucloudstack }): [string, string][] => [
        [`password of ${domain}`, password],
        [`secret key of ${domain}`, secretKey],
        [`OpenStack password of ${domain}`, openstack.password],
        [`application credential of ${domain}`, openstack.applicationCredential.secret],
        [`private key of ${domain}`, ucloudstack.privateKey],
      ],
    );
    return [...ofAccounts, ...[...onWire].map((secret): [string, string] => ['token or signature', secret])];
  }

  /** All that terraform and the provider have written, by what it is. */
  async function written(tf: Workspace): Promise<[where: string, text: string][]> {
    const texts: [string, string][] = [
      ['the trace log', await readFile(log, 'utf8')],
      ['what was printed', shown.join('\n')],
    ];
    for (const dir of [tf.dir, work.stateDir])
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = await readFile(path.join(entry.parentPath, entry.name));
        texts.push([entry.name, entry.name === 'plan.bin' ? unpacked(bytes) : bytes.toString('latin1')]);
      }
    return texts;
  }

  async function expectNoSecret(tf: Workspace): Promise<void> {
    const texts = await written(tf);
    expect(texts.map(([where]) => where)).toEqual(
      expect.arrayContaining(['plan.bin', 'terraform.tfstate', 'journal.jsonl']),
    );
    const found = secrets().flatMap(([what, secret]) =>
      texts
        .filter(([, text]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
        .map(([where]) => `${what} in ${where}`),
    );
    const signed = texts.filter(([, text]) => /[?&](X-Amz-Signature|Signature)=[^*]/.test(text));
    found.push(...signed.map(([where]) => `a signed URL in ${where}`));
    expect([...new Set(found)]).toEqual([]);
  }

  it('of all families, through plan, apply, interruption, failure, import and destroy', async () => {
    const tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    const images = await Promise.all(
      FAMILIES.map(
        async (family) =>
          `resource "imagebridge_image" "${family.family}" {\n  cloud = "${family.cloud}"\n  name = "secret"\n  source = { file = "${await family.file(work, family.family, 24 * MIB)}" }\n  ${family.imageArguments}\n}\n`,
      ),
    );
    await tf.write(`${images.join('')}
ephemeral "imagebridge_image_download_url" "signed" {
  cloud    = "local-ucloudstack"
  image_id = imagebridge_image.ucloudstack.id
}
resource "imagebridge_image_share" "one" {
  cloud      = "local"
  image_id   = imagebridge_image.huaweicloud.id
  project_id = "${work.cloud.accounts[1]?.projects['local-1']}"
}
`);
    shown.push(await tf.must(['plan', '-out=plan.bin'], traced));
    // Interrupted, with the answer of the cloud that the token is bad, and again to the end.
    work.cloud.faults.add({
      method: 'PUT',
      path: /partNumber|\/file/,
      count: 50,
      action: { kind: 'bandwidth', bytesPerSecond: 16 * MIB },
    });
    const apply = tf.start(['apply', '-no-color', 'plan.bin'], traced);
    await until('an image is on its way', () => work.requests.some(({ method }) => method === 'PUT'));
    apply.signalAll('SIGINT');
    shown.push((await apply.done).output);
    work.cloud.faults.clear();
    const refused = { kind: 'status', status: 401 } as const;
    for (const service of ['ims', 'glance'] as const)
      work.cloud.faults.add({ service, method: 'POST', count: 3, action: refused });
    shown.push((await tf.run(['apply', '-auto-approve'], traced)).output);
    work.cloud.faults.clear();
    shown.push(await tf.must(['apply', '-auto-approve'], traced));
    shown.push(
      await tf.must(['plan', '-out=plan.bin'], traced),
      await tf.must(['show', '-json', 'plan.bin']),
    );
    const id = await tf.attribute('imagebridge_image.huaweicloud', 'id');
    await tf.must(['state', 'rm', 'imagebridge_image.huaweicloud']);
    shown.push(await tf.must(['import', 'imagebridge_image.huaweicloud', `local/local-1/${id}`], traced));
    expect(onWire.size, 'tokens and signatures seen').toBeGreaterThan(5);
    expect(await readFile(log, 'utf8'), 'the log is a log of ours').toContain('imagebridge');
    await expectNoSecret(tf);
    shown.push(await tf.must(['destroy', '-auto-approve'], traced));
    await expectNoSecret(tf);
  });

  it('that the provider gets in its configuration, by ephemeral variables', async () => {
    const [account] = work.cloud.accounts;
    if (account === undefined) throw new Error('no account');
    const { endpoints } = work.cloud;
    const services = endpoints.regions['local-1'];
    const { IMAGEBRIDGE_CONFIG: _, ...env } = work.env;
    const tf = await Workspace.make(path.join(work.dir, 'tf-variables'), {
      ...env,
      TF_VAR_password: account.password,
      TF_VAR_secret_key: account.secretKey,
      TF_VAR_openstack_password: account.openstack.password,
      TF_VAR_private_key: account.ucloudstack.privateKey,
    });
    const variables = ['password', 'secret_key', 'openstack_password', 'private_key'];
    await mkdir(work.stateDir, { recursive: true });
    await tf.write(`
${variables.map((name) => `variable "${name}" {\n  type = string\n  sensitive = true\n  ephemeral = true\n}`).join('\n')}
provider "imagebridge" {
  clouds = {
    one = {
      family         = "huaweicloud"
      region         = "local-1"
      domain         = "${account.domain}"
      user           = "${account.user}"
      password       = var.password
      access_key     = "${account.accessKey}"
      secret_key     = var.secret_key
      obs_path_style = true
      endpoints      = { iam = "${endpoints.iam}", ims = "${services?.ims}", obs = "${services?.obs}" }
    }
    two = {
      family              = "openstack"
      region              = "local-1"
      auth_url            = "${endpoints.keystone}/v3"
      username            = "${account.openstack.userName}"
      password            = var.openstack_password
      project_name        = "${account.openstack.projectName}"
      user_domain_name    = "${account.openstack.domainName}"
      project_domain_name = "${account.openstack.domainName}"
    }
  }
}
resource "imagebridge_image" "one" {
  cloud  = "one"
  name   = "by-variables"
  source = { file = "${await work.file('small.raw', MIB)}" }
}
resource "imagebridge_image" "two" {
  cloud  = "two"
  name   = "by-variables"
  source = { file = "${path.join(work.dir, 'small.raw')}" }
}
`);
    const { IMAGEBRIDGE_CONFIG: __, ...quiet } = traced;
    shown.push(await tf.must(['plan', '-out=plan.bin'], quiet));
    shown.push(await tf.must(['apply', 'plan.bin'], quiet));
    await expectNoSecret(tf);
    await tf.destroy();
  });
});

/** The contents of all files in a zip archive, as terraform writes its plans. */
function unpacked(zip: Buffer): string {
  const texts: string[] = [];
  // The list of files at the end has the sizes; each entry says where its file begins.
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0 && zip.readUInt32LE(at) === 0x02014b50; ) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const header = zip.readUInt32LE(at + 42);
    const begin = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const bytes = zip.subarray(begin, begin + size);
    texts.push((method === 8 ? inflateRawSync(bytes) : bytes).toString('latin1'));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (texts.length < 3) throw new Error('the plan file is no archive of several files');
  return texts.join('\n');
}
