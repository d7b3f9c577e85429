// What users get wrong when they declare an image: refused with the attribute named, at plan time wherever that is possible,
// and with nothing left in the cloud.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, type Outcome, PROVIDER, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
/** The user `nobody`, where this test has to be somebody else than root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0;

describeTerraform('bad input for an image', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    file = await work.file('disk.raw', 3 * MIB);
  });
  afterAll(() => work?.close());
  afterEach(() => work.cloud.faults.clear());

  const image = (body: string) => `resource "imagebridge_image" "base" {\n${body}\n}`;
  const declared = (more = '', name = 'base') =>
    image(`name = "${name}"\nsource = { file = "${file}" }\n${more}`);

  /** Refused, in words that match, without a stack trace, and nothing is in the cloud. */
  async function expectRefusal({ code, output }: Outcome, ...messages: RegExp[]): Promise<void> {
    for (const message of messages) expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    expect(output).not.toMatch(/\n\s+at /);
    expect(output).not.toMatch(/panic|crash|undefined|\[object/i);
    expect(await work.cloud.storedImages()).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  }

  it.each<[string, () => string, RegExp]>([
    ['a number that is text', () => declared('min_ram_mib = "lots"'), /min_ram_mib/],
    ['a number with a fraction', () => declared('min_ram_mib = 0.5'), /min_ram_mib/],
    ['a number below zero', () => declared('min_ram_mib = -1'), /min_ram_mib/],
    ['tags that are text', () => declared('tags = "web"'), /tags/],
    ['a tag without a value', () => declared('tags = { team = null }'), /tags\["team"\]/],
    ['a source that is text', () => image(`name = "x"\nsource = "${file}"`), /source/],
    ['a name that is a list', () => image(`name = ["x"]\nsource = { file = "${file}" }`), /name/],
    ['a blank name', () => declared('', '  '), /name/],
    ['an image without a source', () => image('name = "x"'), /source/],
    ['a source without content', () => image('name = "x"\nsource = {}'), /source/],
    [
      'two sources at once',
      () => image(`name = "x"\nsource = { file = "${file}", url = "http://127.0.0.1/x" }`),
      /source.*(file|url)|(file|url).*source/s,
    ],
    [
      'a hash that is none',
      () => image(`name = "x"\nsource = { file = "${file}", sha256 = "abc" }`),
      /sha256/,
    ],
    ['a timeout without a unit', () => declared('timeouts = { create = "5" }'), /timeouts\.create|timeouts/],
    ['an attribute that there is not', () => declared('nmae = "x"'), /Unsupported argument/],
  ])('%s is refused while planning', async (_, configuration, message) => {
    await tf.write(configuration());
    await expectRefusal(await tf.run(['plan']), message);
  });

  it.each(FAMILIES)(
    'a name that is too long is refused while planning ($family)',
    async ({ cloud, imageArguments }) => {
      await tf.write(declared(`cloud = "${cloud}"\n${imageArguments}`, 'n'.repeat(300)));
      await expectRefusal(await tf.run(['plan']), /name = "n+"/, /1 to \d+/);
    },
  );

  // Where its services would be follows from its name, so only the cloud can tell.
  it.each(FAMILIES)('a region that the cloud has not is named ($family)', async (family) => {
    const own = await family.file(work, 'nowhere', MIB);
    await tf.write(
      `resource "imagebridge_image" "base" {\n  cloud = "${family.cloud}"\n  region = "nowhere-1"\n  name = "x"\n  source = { file = "${own}" }\n  ${family.imageArguments}\n}`,
    );
    await expectRefusal(await tf.run(['apply', '-auto-approve']), /Error: .*nowhere-1/s);
  });

  it('a region without an endpoint is refused, with what to add', async () => {
    const config = path.join(work.dir, 'no-endpoint.yaml');
    const text = await readFile(work.cloud.profilesPath, 'utf8');
    await writeFile(config, text.replaceAll(/^.*\bims: .*\n/gm, ''));
    await tf.write(declared());
    await expectRefusal(
      await tf.run(['apply', '-auto-approve'], { IMAGEBRIDGE_CONFIG: config }),
      /endpoint|domain_suffix/,
    );
  });

  it('a file that is gone between plan and apply is named, and nothing is left', async () => {
    const passing = await work.file('passing.raw', MIB);
    await tf.write(image(`name = "passing"\nsource = { file = "${passing}" }`));
    await tf.must(['plan', '-out=plan.bin']);
    await rm(passing);
    await expectRefusal(await tf.run(['apply', 'plan.bin']), /passing\.raw/, /missing|no such file|no file/i);
  });

  // Terraform itself sees that the content is another one; the provider is not asked to make anything.
  it('a file that changes between plan and apply is not sent for the planned one', async () => {
    const changing = await work.file('changing.raw', MIB);
    await tf.write(image(`name = "changing"\nsource = { file = "${changing}" }`));
    await tf.must(['plan', '-out=plan.bin']);
    const bytes = await readFile(changing);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await writeFile(changing, bytes);
    await expectRefusal(await tf.run(['apply', 'plan.bin']), /source\.sha256/);
  });

  const who = !isRoot ? 'this user' : hasSetpriv ? 'nobody' : undefined;
  it.skipIf(who === undefined)(
    `a file that may not be read is named${who === undefined ? ' (skipped: root may read every file, and there is no setpriv to be somebody else)' : ''}`,
    async () => {
      const secret = await work.file('secret.raw', MIB);
      await chmod(secret, isRoot ? 0o600 : 0);
      const dir = path.join(work.dir, 'tf-nobody');
      const config = path.join(dir, 'profiles.yaml');
      const own = await Workspace.make(dir, {
        ...work.env,
        IMAGEBRIDGE_CONFIG: config,
        IMAGEBRIDGE_STATE_DIR: path.join(dir, 'state'),
      });
      await copyFile(work.cloud.profilesPath, config);
      await own.write(image(`name = "secret"\nsource = { file = "${secret}" }`));
      if (!isRoot) return expectRefusal(await own.run(['plan']), /secret\.raw/, /permission|may not/i);
      await chmod(work.dir, 0o755);
      for (const mine of [dir, config]) await chown(mine, NOBODY, NOBODY);
      const args = ['--reuid', String(NOBODY), '--clear-groups', 'terraform', 'plan', '-no-color'];
      const child = spawn('setpriv', args, { cwd: dir, env: { ...own.env, HOME: dir } });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      const [code] = await once(child, 'close');
      await expectRefusal({ code, output }, /secret\.raw/, /permission|may not/i);
    },
  );

  it('a token that expires in mid-apply is renewed, unseen', async () => {
    await tf.write(declared('', 'renewed'));
    work.cloud.faults.add({ service: 'ims', method: 'POST', action: { kind: 'expire-token' } });
    work.cloud.faults.add({ service: 'ims', path: '/jobs/', action: { kind: 'expire-token' } });
    await tf.apply();
    expect(await work.cloud.storedImages()).toMatchObject([{ name: 'renewed', status: 'active' }]);
    await tf.destroy();
  });

  it('credentials that end in mid-apply are named, and the next apply goes on', async () => {
    await tf.write(declared('', 'ended'));
    const refused = {
      kind: 'status',
      status: 401,
      body: '{"error_msg":"expired","error_code":"APIGW.0301"}',
    } as const;
    work.cloud.faults.add({
      service: 'ims',
      method: 'POST',
      count: Number.POSITIVE_INFINITY,
      action: refused,
    });
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/401/)]);
    expect(output).toMatch(/APIGW\.0301/);
    expect(output).toMatch(/credential|password|key|log in|token/i);
    work.cloud.faults.clear();
    const sent = () =>
      work.requests.filter(({ service, method }) => service === 'obs' && method === 'PUT').length;
    const before = sent();
    await tf.apply();
    expect(sent(), 'parts sent again').toBe(before);
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });

  it('the provider, run by hand, says what it is', async () => {
    const child = spawn(PROVIDER, [], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(output).toMatch(/terraform/i);
    expect(output).not.toMatch(/\n\s+at /);
    expect(output.trim().split('\n').length).toBeLessThan(6);
  });
});
