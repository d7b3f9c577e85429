// The provider's own configuration, in all three families: accounts written into it, the environment alone, values that are
// known only after apply, aliases, contradictions, regions that are not there, credentials that expire.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientSettings } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
const BASE = 'imagebridge_image.base';

/** Secrets of the accounts, by the variable that holds them. */
type Secrets = Readonly<Record<string, string>>;

describeTerraform('the configuration of the provider', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;
  let secrets: Secrets;
  /** The environment without anything that names a cloud. */
  let bare: NodeJS.ProcessEnv;

  beforeAll(async () => {
    work = await makeWork();
    file = path.join(work.dir, 'disk.qcow2');
    await makeQcow2(file, { dataBytes: 2 * MIB, seed: 'configured' });
    const [acme] = work.cloud.accounts;
    if (acme === undefined) throw new Error('there is no account');
    secrets = {
      hw_password: acme.password,
      hw_access_key: acme.accessKey,
      hw_secret_key: acme.secretKey,
      os_password: acme.openstack.password,
      os_credential: acme.openstack.applicationCredential.secret,
      ucs_private_key: acme.ucloudstack.privateKey,
    };
    const { IMAGEBRIDGE_CONFIG: _, ...env } = work.env;
    bare = { ...env, IMAGEBRIDGE_CONFIG: undefined, HOME: work.dir, XDG_CONFIG_HOME: work.dir };
    const variables = Object.entries(secrets).map(([name, value]) => [`TF_VAR_${name}`, value]);
    tf = await Workspace.make(path.join(work.dir, 'tf'), { ...bare, ...Object.fromEntries(variables) });
  });
  afterAll(() => work?.close());
  beforeEach(() => {
    work.requests.length = 0;
    work.cloud.faults.clear();
  });

  /** Settings as an expression: JSON is one; `@name` stands for the variable of that name. */
  const expression = (settings: unknown) => JSON.stringify(settings).replace(/"@(\w+)"/g, 'var.$1');

  const endpointsByRegion = () => {
    const { iam, regions } = work.cloud.endpoints;
    const entries = Object.entries(regions).map(([region, { ims, obs }]) => [
      region,
      { endpoints: { iam, ims, obs } },
    ]);
    return { obs_path_style: true, regions: Object.fromEntries(entries) };
  };
  const huaweicloud = (more = {}) => ({
    family: 'huaweicloud',
    region: 'local-1',
    domain: 'acme',
    user: 'acme-admin',
    password: '@hw_password',
    access_key: '@hw_access_key',
    secret_key: '@hw_secret_key',
    ...endpointsByRegion(),
    ...more,
  });
  const openstack = (more = {}) => {
    const { userName, domainName, projectName } = work.cloud.accounts[0]?.openstack ?? {};
    return {
      family: 'openstack',
      region: 'local-1',
      auth_url: work.cloud.endpoints.keystone,
      username: userName,
      user_domain_name: domainName,
      password: '@os_password',
      project_name: projectName,
      project_domain_name: domainName,
      ...more,
    };
  };
  const partTransport = () => ({
    kind: 's3',
    endpoint: work.cloud.endpoints.regions['local-1']?.ucloudstackS3,
    access_key: '@hw_access_key',
    secret_key: '@hw_secret_key',
  });
  const ucloudstack = () => {
    const { publicKey, companyId, projectId } = work.cloud.accounts[0]?.ucloudstack ?? {};
    return {
      family: 'ucloudstack',
      region: 'local-1',
      endpoint: `${work.cloud.endpoints.ucloudstack}/api`,
      public_key: publicKey,
      private_key: '@ucs_private_key',
      company_id: companyId,
      project_id: projectId,
      part_transport: partTransport(),
    };
  };

  const variables = () =>
    Object.keys(secrets)
      .map((name) => `variable "${name}" {\n  type = string\n  sensitive = true\n  ephemeral = true\n}\n`)
      .join('');
  const provider = (clouds: unknown, more = '') =>
    `${variables()}provider "imagebridge" {\n  clouds = ${expression(clouds)}\n  ${more}\n}\n`;
  const image = (more = '', name = 'base') =>
    `resource "imagebridge_image" "${name}" {\n  name = "configured-${name}"\n  source = { file = "${file}" }\n  ${more}\n}\n`;
  const stored = async () =>
    (await work.cloud.storedImages()).map(({ family, region, name }) => `${family} ${region} ${name}`).sort();
  const refused = async (configuration: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    await tf.write(configuration);
    const { code, output } = await tf.run(['plan'], env);
    expect(code, output).toBe(1);
    return output;
  };

  it('serves accounts of all families at once; their secrets reach no state, plan, log or journal', async () => {
    const clouds = { hw: huaweicloud(), os: openstack(), ucs: ucloudstack() };
    const images = FAMILIES.map(({ family, imageArguments }) => {
      const cloud = { huaweicloud: 'hw', openstack: 'os', ucloudstack: 'ucs' }[family];
      return image(`cloud = "${cloud}"\n  ${imageArguments}`, cloud);
    });
    await tf.write(provider(clouds, 'default_tags = { team = "web" }') + images.join(''));
    const log = path.join(work.dir, 'trace.log');
    const traced = { TF_LOG: 'TRACE', TF_LOG_PATH: log };
    await tf.must(['plan', '-out=plan.bin'], traced);
    const shown = await tf.must(['show', '-json', 'plan.bin']);
    await tf.must(['apply', 'plan.bin'], traced);
    expect(await stored()).toEqual([
      'huaweicloud local-1 configured-hw',
      'openstack local-1 configured-os',
      'ucloudstack local-1 configured-ucs',
    ]);
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
    expect((await tf.resources())['imagebridge_image.os']).toMatchObject({
      tags: null,
      tags_all: { team: 'web' },
    });

    const plan = await readFile(path.join(tf.dir, 'plan.bin'), 'latin1');
    const texts = [shown, plan, await tf.stateText(), await readFile(log, 'utf8')];
    for (const entry of await readdir(work.stateDir, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) texts.push(await readFile(path.join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(4);
    const all = texts.join('\n');
    for (const [name, secret] of Object.entries(secrets)) {
      // An access key is a name, and travels in every request.
      if (name === 'hw_access_key') continue;
      expect(all.includes(secret), `${name} was found`).toBe(false);
    }
    await tf.destroy();
    expect(await stored()).toEqual([]);
  });

  it('takes everything from the environment where the block is empty, or says nothing of it', async () => {
    const [hw, os, ucs] = ['huaweicloud', 'openstack', 'ucloudstack'].map(
      (client) =>
        clientSettings(work.cloud, 'acme', 'local-1').find((one) => one.client === client)?.variables,
    );
    // The only account of the environment is the default.
    await tf.write(image());
    await tf.must(['apply', '-auto-approve'], os);
    expect(await stored()).toEqual(['openstack local-1 configured-base']);
    await tf.must(['destroy', '-auto-approve'], os);

    // Several are named by their family; settings without credentials are completed.
    const entry = expression({ hw: { family: 'huaweicloud', ...endpointsByRegion() } });
    await tf.write(
      `provider "imagebridge" {\n  clouds = ${entry}\n  default_cloud = "hw"\n}\n${image()}` +
        'data "imagebridge_images" "ucs" {\n  cloud = "env-ucloudstack"\n  scope = "own"\n}\n',
    );
    await tf.must(['apply', '-auto-approve'], { ...hw, ...os, ...ucs });
    expect(await stored()).toEqual(['huaweicloud local-1 configured-base']);
    await tf.must(['destroy', '-auto-approve'], { ...hw, ...os, ...ucs });
  });

  it('takes clouds.yaml by OS_CLOUD, application credentials, and more than one by aliases', async () => {
    const { applicationCredential } = work.cloud.accounts[0]?.openstack ?? {};
    const auth = { auth_url: work.cloud.endpoints.keystone };
    const credential = {
      application_credential_id: applicationCredential?.id,
      application_credential_secret: secrets.os_credential,
    };
    const foreign = {
      clouds: {
        dev: {
          auth_type: 'v3applicationcredential',
          auth: { ...auth, ...credential },
          region_name: 'local-2',
        },
      },
    };
    // JSON is YAML.
    await writeFile(path.join(tf.dir, 'clouds.yaml'), JSON.stringify(foreign));
    const written = openstack({
      username: undefined,
      user_domain_name: undefined,
      password: undefined,
      project_name: undefined,
      project_domain_name: undefined,
      ...credential,
      application_credential_secret: '@os_credential',
    });
    await tf.write(
      `${variables()}provider "imagebridge" {}\n` +
        `provider "imagebridge" {\n  alias  = "written"\n  clouds = ${expression({ only: written })}\n}\n` +
        image() +
        image('provider = imagebridge.written', 'other'),
    );
    const env = { OS_CLOUD: 'dev' };
    await tf.must(['apply', '-auto-approve'], env);
    expect(await stored()).toEqual([
      'openstack local-1 configured-other',
      'openstack local-2 configured-base',
    ]);
    expect((await tf.run(['plan', '-detailed-exitcode'], env)).code).toBe(0);
    await tf.must(['destroy', '-auto-approve'], env);
  });

  it('plans with values that are known only after apply', async () => {
    const region = 'terraform_data.region.output';
    const clouds = expression({ mine: huaweicloud({ region: '@@' }), other: openstack() });
    await tf.write(
      `${variables()}resource "terraform_data" "region" {\n  input = "local-1"\n}\n` +
        `provider "imagebridge" {\n  default_cloud = "mine"\n  default_tags  = { place = ${region} }\n  clouds = ${clouds.replace('"@@"', region)}\n}\n` +
        image() +
        image('cloud = "other"', 'known'),
    );
    const { [BASE]: change, 'imagebridge_image.known': known } = await tf.changes();
    expect(change?.actions).toEqual(['create']);
    expect(change?.after_unknown).toMatchObject({ region: true, id: true, tags_all: true });
    // What does not depend on them is planned in full.
    expect(known?.after).toMatchObject({ region: 'local-1' });
    await tf.apply();
    await tf.nothingToDo();
    expect(await stored()).toHaveLength(2);
    expect((await tf.resources())[BASE]).toMatchObject({ tags_all: { place: 'local-1' } });
    await tf.destroy();
    expect(await stored()).toEqual([]);
  });

  it('changes nothing when a cloud gets another name, or is named aloud', async () => {
    await tf.write(provider({ mine: huaweicloud() }) + image());
    await tf.apply();
    const [before] = await work.cloud.storedImages();
    await tf.write(provider({ mine: huaweicloud() }) + image('cloud = "mine"'));
    expect((await tf.changes())[BASE]?.actions).toEqual(['update']);
    await tf.apply();
    expect((await work.cloud.storedImages()).map(({ id }) => id)).toEqual([before?.id]);
    await tf.write(provider({ mine: huaweicloud(), other: huaweicloud() }) + image('cloud = "other"'));
    expect((await tf.changes())[BASE]?.replace_paths).toEqual([['cloud']]);
    await tf.write(provider({ mine: huaweicloud() }) + image());
    await tf.destroy();
  });

  it('goes on when a token expires in mid-apply, and says so when the credentials themselves do', async () => {
    await tf.write(
      provider({ hw: huaweicloud(), os: openstack() }, 'default_cloud = "hw"') +
        image() +
        image('cloud = "os"', 'os'),
    );
    work.cloud.faults.add({ service: 'ims', after: 1, action: { kind: 'expire-token' } });
    work.cloud.faults.add({ service: 'glance', after: 2, action: { kind: 'expire-token' } });
    await tf.apply();
    expect(work.cloud.faults.list()).toEqual([]);
    await tf.destroy();

    // From the moment that the bytes are there, nobody is let in any more.
    const always = { count: Number.POSITIVE_INFINITY, action: { kind: 'status', status: 401 } } as const;
    work.cloud.faults.add({ service: 'ims', method: 'POST', ...always });
    work.cloud.faults.add({ service: 'iam', after: 2, ...always });
    await tf.write(provider({ hw: huaweicloud() }) + image());
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/HTTP status: 401/)]);
    expect(output).toMatch(/password|credentials|keys/i);
    expect(await stored()).toEqual([]);

    // With good ones the next apply goes on: no part is sent again.
    work.cloud.faults.clear();
    work.requests.length = 0;
    await tf.apply();
    expect(
      work.requests.filter(({ method, path: to }) => method === 'PUT' && to.includes('partNumber')),
    ).toEqual([]);
    expect(await stored()).toEqual(['huaweicloud local-1 configured-base']);
    await tf.destroy();
  });

  it('names a region that is not there, and the cloud', async () => {
    const clouds = { hw: huaweicloud(), os: openstack(), ucs: ucloudstack() };
    const data = Object.keys(clouds).map(
      (cloud) => `data "imagebridge_images" "${cloud}" {\n  cloud  = "${cloud}"\n  region = "nowhere-7"\n}\n`,
    );
    const output = await refused(provider(clouds) + data.join(''));
    expect(output).toMatch(/on huaweicloud "hw"/);
    expect(output).toMatch(/iam\.nowhere-7\.myhuaweicloud\.com/);
    expect(output).toMatch(/the image service of region nowhere-7 on openstack "os"/);
    expect(output).toMatch(/on ucloudstack "ucs"/);
  });

  it('warns once of certificates that are not checked', async () => {
    await tf.write(
      `${provider({ mine: openstack({ insecure: true }) })}data "imagebridge_images" "a" {}\ndata "imagebridge_images" "b" {}\n`,
    );
    const output = await tf.must(['plan']);
    expect(output.match(/CERTIFICATES ARE NOT CHECKED for cloud "mine"/g)).toHaveLength(1);
    expect(output).toMatch(/Warning: /);
  });

  it('names each attribute that is wrong, all at once', async () => {
    const values = {
      a: { endpoints: { iam: 'iam.example' } },
      b: { ...openstack(), auth_type: 'kerberos' },
      c: { ...openstack(), requests_per_second: 0 },
    };
    const wrong = await refused(provider(values) + image());
    expect(wrong).toMatch(/clouds\["a"\].endpoints.iam must be a URL/);
    expect(wrong).toMatch(/clouds\["b"\].auth_type must be one of "password", "token"/);
    expect(wrong).toMatch(/clouds\["c"\].requests_per_second must be a number above 0/);

    const contradictions = {
      a: { profile: 'x', user: 'y' },
      b: { region: 'r', auth_url: 'http://k' },
      c: { family: 'huaweicloud', region: 'r', access_key: 'k' },
      d: { ...huaweicloud(), interface: 'public' },
    };
    const output = await refused(provider(contradictions) + image());
    expect(output).toMatch(/clouds\["a"\] has both profile and user/);
    expect(output).toMatch(/clouds\["b"\] needs family, e.g. family = "openstack"/);
    expect(output).toMatch(/clouds\["c"\] has access_key without secret_key/);
    expect(output).toMatch(
      /clouds\["d"\].interface is no setting of the family huaweicloud, but of openstack/,
    );
  });

  it('refuses to guess among clouds, and names what is near', async () => {
    const two = { prod: openstack(), test: openstack() };
    expect(await refused(provider(two) + image())).toMatch(
      /The provider has 2 clouds \(prod, test\) and no default_cloud/,
    );
    const typo = await refused(provider(two) + image('cloud = "prd"'), {
      IMAGEBRIDGE_CONFIG: work.cloud.profilesPath,
    });
    expect(typo).toMatch(/Could not find cloud "prd"/);
    const incomplete = await refused(provider({ mine: openstack({ project_name: undefined }) }) + image());
    expect(incomplete).toMatch(/Could not read cloud "mine" of the provider configuration/);
    expect(incomplete).toMatch(/project_name or project_id \(username or user_id is given\)/);
  });
});
