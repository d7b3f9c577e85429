// What must be refused, or must plan nothing: at plan time where that is possible, with the attribute named, and never with
// a secret in the state, the logs or the journals.
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('refusals and content', () => {
  let work: Work;
  let tf: Workspace;
  let file: string;
  let iso: string;

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    file = await work.file('disk.raw', 3 * MIB);
    iso = await work.file('setup.iso', MIB);
    const bytes = await readFile(iso);
    bytes.write('CD001', 16 * 2048 + 1, 'latin1');
    await writeFile(iso, bytes);
  });
  afterAll(() => work?.close());

  const image = (body: string) => `resource "imagebridge_image" "base" {\n${body}\n}`;
  const declared = (more = '') => image(`name = "base"\nsource = { file = "${file}" }\n${more}`);

  it.each<[string, () => string, RegExp]>([
    [
      'an illegal name',
      () => declared().replace('"base"\n', '"a<b"\n'),
      /"a<b".*name = "a<b".*not legal there/s,
    ],
    ['a missing file', () => image('name = "x"\nsource = { file = "/nowhere/x.iso" }'), /\/nowhere\/x\.iso/],
    ['a directory', () => image(`name = "x"\nsource = { file = "${work.dir}" }`), /is a directory/],
    ['a format that the cloud does not take', () => declared('disk_format = "floppy"'), /floppy/],
    [
      'an ISO without an OS version',
      () => image(`name = "x"\nsource = { file = "${iso}" }`),
      /wants to know which operating system/,
    ],
    ['a min_disk smaller than the disk', () => declared('min_disk_gib = 0'), /min_disk_gib/],
    [
      'a tag that no cloud takes',
      () => declared('tags = { "a.b" = "x" }'),
      /tags\["a\.b"\] must have 1 to 36/,
    ],
    [
      "the provider's own tag",
      () => declared('tags = { imagebridge-marker = "x" }'),
      /must not begin with "imagebridge-"/,
    ],
    ['an unknown cloud', () => declared('cloud = "prod"'), /prod.*local/s],
    [
      'a copy to another region without an agency',
      () =>
        'resource "imagebridge_image_copy" "c" {\nsource_image_id = "x"\nname = "c"\ntarget_region = "local-2"\n}',
      /agency/,
    ],
    ['an unknown attribute', () => declared('nmae = "x"'), /Unsupported argument/],
  ])('%s is refused while planning', async (_, configuration, message) => {
    await tf.write(configuration());
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('a wrong sha256 is refused, and nothing is left in the cloud', async () => {
    await tf.write(image(`name = "wrong"\nsource = { file = "${file}", sha256 = "${'0'.repeat(64)}" }`));
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect([code, output]).toEqual([1, expect.stringMatching(/SHA-256/)]);
    expect(await work.cloud.storedImages()).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('wrong credentials are named, without the password', async () => {
    const config = path.join(work.dir, 'wrong.yaml');
    const text = await readFile(work.cloud.profilesPath, 'utf8');
    await writeFile(config, text.replaceAll(/password: .*/g, 'password: "not-the-password"'));
    await tf.write(declared());
    const { code, output } = await tf.run(['apply', '-auto-approve'], { IMAGEBRIDGE_CONFIG: config });
    expect([code, output]).toEqual([1, expect.stringMatching(/401/)]);
    expect(output).not.toContain('not-the-password');
  });

  it('changed content plans a replacement, and the file may be absent', async () => {
    await tf.write(declared());
    await tf.apply();
    await rename(file, `${file}.away`);
    await tf.nothingToDo();
    await rename(`${file}.away`, file);
    const bytes = await readFile(file);
    bytes[MIB] = (bytes[MIB] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const { 'imagebridge_image.base': change } = await tf.changes();
    expect(change?.actions).toEqual(['delete', 'create']);
    expect(change?.replace_paths).toEqual([['source', 'sha256']]);
    await tf.apply();
    await tf.nothingToDo();
    await tf.destroy();
  });

  it('no secret reaches the state, the plan, the trace log or the journals', async () => {
    await tf.write(declared('tags = { team = "web" }'));
    const log = path.join(work.dir, 'trace.log');
    await tf.must(['apply', '-auto-approve'], { TF_LOG: 'TRACE', TF_LOG_PATH: log });
    await tf.must(['plan', '-out=plan.bin']);
    // The plan file is a compressed archive: what is in it is read through terraform.
    const plan = await tf.must(['show', '-json', 'plan.bin']);
    const texts = [await tf.stateText(), await readFile(log, 'utf8'), plan];
    for (const name of await readdir(work.stateDir, { recursive: true, withFileTypes: true }))
      if (name.isFile()) texts.push(await readFile(path.join(name.parentPath, name.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(3);
    expect(texts[1], 'the log is a log of ours').toContain('imagebridge');
    const all = texts.join('\n');
    for (const account of work.cloud.accounts)
      for (const secret of [account.password, account.secretKey]) expect(all.includes(secret)).toBe(false);
    expect(all).not.toMatch(/x-auth-token|x-subject-token/i);
    await tf.destroy();
  });
});
