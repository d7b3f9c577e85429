// The provider's own configuration: accounts written into it, values that are known only after apply, contradictions.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('the configuration of the provider', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;

  beforeAll(async () => {
    work = await makeWork();
    // No profiles file, no environment: the configuration alone must do.
    const { IMAGEBRIDGE_CONFIG: _, ...env } = work.env;
    const [account] = work.cloud.accounts;
    tf = await Workspace.make(path.join(work.dir, 'tf'), {
      ...env,
      TF_VAR_password: account?.password ?? '',
      TF_VAR_access_key: account?.accessKey ?? '',
      TF_VAR_secret_key: account?.secretKey ?? '',
    });
    file = await work.file('disk.raw', 2 * MIB);
  });
  afterAll(() => work?.close());

  /** The account `acme`, written out. */
  const acme = (regionName = '"local-1"') => {
    const { endpoints } = work.cloud;
    const regions = Object.entries(endpoints.regions).map(
      ([region, { ims, obs }]) =>
        `"${region}" = { endpoints = { iam = "${endpoints.iam}", ims = "${ims}", obs = "${obs}" } }`,
    );
    return `{
      family = "huaweicloud"
      region = ${regionName}
      domain = "acme"
      user = "acme-admin"
      password = var.password
      access_key = var.access_key
      secret_key = var.secret_key
      obs_path_style = true
      regions = {
        ${regions.join('\n        ')}
      }
    }`;
  };
  const variables = ['password', 'access_key', 'secret_key']
    .map((name) => `variable "${name}" {\n  type = string\n  sensitive = true\n  ephemeral = true\n}`)
    .join('\n');
  const provider = (clouds: string) =>
    `${variables}\nprovider "imagebridge" {\n  state_dir = "${work.stateDir}"\n  clouds = {\n    ${clouds}\n  }\n}\n`;
  const image = (more = '') =>
    `resource "imagebridge_image" "base" {\n  name = "configured"\n  source = { file = "${file}" }\n  ${more}\n}\n`;

  it('serves accounts of its own; their secrets reach no state, plan, log or journal', async () => {
    await tf.write(provider(`mine = ${acme()}`) + image('region = "local-2"'));
    const log = path.join(work.dir, 'trace.log');
    const traced = { TF_LOG: 'TRACE', TF_LOG_PATH: log };
    await tf.must(['plan', '-out=plan.bin'], traced);
    const shown = await tf.must(['show', '-json', 'plan.bin']);
    await tf.must(['apply', '-auto-approve'], traced);
    expect(await work.cloud.storedImages()).toMatchObject([{ name: 'configured', region: 'local-2' }]);
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');

    const texts = [shown, await tf.stateText(), await readFile(log, 'utf8')];
    for (const entry of await readdir(work.stateDir, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) texts.push(await readFile(path.join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(3);
    const all = texts.join('\n');
    const [account] = work.cloud.accounts;
    for (const secret of [account?.password, account?.secretKey])
      expect(all.includes(secret ?? all), 'a secret was found').toBe(false);
    await tf.destroy();
  });

  it('plans with values that are known only after apply', async () => {
    await tf.write(
      `resource "terraform_data" "region" {\n  input = "local-1"\n}\n` +
        provider(`mine = ${acme('terraform_data.region.output')}`) +
        image(),
    );
    const { 'imagebridge_image.base': change } = await tf.changes();
    expect(change?.actions).toEqual(['create']);
    expect(change?.after_unknown).toMatchObject({ region: true, id: true });
    await tf.apply();
    await tf.nothingToDo();
    expect(await work.cloud.storedImages()).toMatchObject([{ name: 'configured', region: 'local-1' }]);
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });

  it('changes nothing when a cloud gets another name, or is named aloud', async () => {
    await tf.write(provider(`mine = ${acme()}`) + image());
    await tf.apply();
    const [before] = await work.cloud.storedImages();
    await tf.write(provider(`mine = ${acme()}`) + image('cloud = "mine"'));
    expect((await tf.changes())['imagebridge_image.base']?.actions).toEqual(['update']);
    await tf.apply();
    expect((await work.cloud.storedImages()).map(({ id }) => id)).toEqual([before?.id]);
    await tf.write(provider(`mine = ${acme()}\n    other = ${acme()}`) + image('cloud = "other"'));
    expect((await tf.changes())['imagebridge_image.base']?.replace_paths).toEqual([['cloud']]);
    await tf.write(provider(`mine = ${acme()}`) + image());
    await tf.destroy();
  });

  it.each<[string, string, RegExp]>([
    [
      'a profile with settings beside it',
      'mine = { profile = "x", user = "y" }',
      /has both profile and user/,
    ],
    ['settings without a family', 'mine = { region = "r", domain = "d" }', /needs family/],
    [
      'a key without its secret',
      'mine = { family = "huaweicloud", region = "r", access_key = "k" }',
      /has access_key without secret_key/,
    ],
    ['an endpoint that is no URL', 'mine = { endpoints = { iam = "iam.example" } }', /must be a URL/],
  ])('refuses %s, naming the attribute', async (_, cloud, message) => {
    await tf.write(provider(cloud) + image());
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    expect(output).toMatch(/clouds\["mine"\]/);
  });
});
