// The provider's functions, called by terraform: they run while planning and validating, without the provider's configuration.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, Workspace } from './terraform.ts';

describeTerraform('functions', () => {
  let work: Work;
  let tf: Workspace;

  beforeAll(async () => {
    work = await makeWork();
    // No cloud is known: functions need none.
    tf = await Workspace.make(path.join(work.dir, 'tf'), { ...work.env, IMAGEBRIDGE_CONFIG: '/nowhere' });
    await makeQcow2(path.join(tf.dir, 'disk.qcow2'), { dataBytes: 1 << 20, seed: 'function' });
  });
  afterAll(() => work?.close());

  it('inspect a file, hash it, and make a name', async () => {
    await tf.write(`
output "file" { value = provider::imagebridge::inspect_file("disk.qcow2") }
output "hash" { value = provider::imagebridge::file_sha256("disk.qcow2") }
output "name" { value = provider::imagebridge::image_name("ucloudstack", "Débian 12", "", "2030/01") }
`);
    await tf.apply();
    await tf.nothingToDo();
    const outputs = await tf.outputs();
    const bytes = await readFile(path.join(tf.dir, 'disk.qcow2'));
    expect(outputs.file).toMatchObject({
      format: 'qcow2',
      compression: null,
      encrypted: false,
      boot: expect.any(String),
    });
    expect(outputs.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(outputs.name).toBe('Debian-12-2030-01');
  });

  it('remember the hash in the state folder that the environment names', async () => {
    await work.pause(2100);
    await tf.must(['plan']);
    expect(await readdir(path.join(work.stateDir, 'hashes'))).toHaveLength(1);
  });

  it.each<[string, RegExp]>([
    [
      'inspect_file("nowhere.qcow2")',
      /Invalid value for "path" parameter.*nowhere\.qcow2.*there is no such file/is,
    ],
    ['file_sha256(".")', /Invalid value for "path" parameter.*directory/is],
    ['image_name("aws", "x")', /Invalid value for "family" parameter.*there is no family "aws"/is],
    ['image_name("openstack", "…")', /Invalid value for "parts" parameter.*no letter/is],
  ])('%s blames its argument', async (call, message) => {
    await tf.write(`output "x" { value = provider::imagebridge::${call} }`);
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
});
