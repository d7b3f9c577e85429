// A link to download an image by: used while terraform runs, and found nowhere afterwards.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, type ImageCloud } from '@imagebridge/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { seedImages } from './seed-images.ts';
import { describeTerraform, Workspace } from './terraform.ts';

describeTerraform('the ephemeral download link', () => {
  let work: Work;
  let tf: Workspace;
  let cloud: ImageCloud;
  let id: string;

  beforeAll(async () => {
    work = await makeWork();
    tf = await Workspace.make(path.join(work.dir, 'tf'), work.env);
    cloud = await connect({ cloud: 'local-ucloudstack', configPath: work.cloud.profilesPath, env: work.env });
    id = (await seedImages(cloud, work, ['base'])).base ?? '';
  });
  afterAll(async () => {
    await cloud?.close();
    await work?.close();
  });

  it('is good for a download, and reaches neither plan nor state', async () => {
    // The provisioner gets the link in its environment; the file it writes is no part of terraform's records.
    await writeFile(
      path.join(tf.dir, 'fetch.mjs'),
      `import { writeFileSync } from 'node:fs';
const { LINK, UNTIL } = process.env;
const answer = await fetch(LINK);
const bytes = new Uint8Array(await answer.arrayBuffer());
writeFileSync('fetched.json', JSON.stringify({ link: LINK, until: UNTIL, ok: answer.ok, size: bytes.length }));
`,
    );
    await tf.write(`
ephemeral "imagebridge_image_download_url" "base" {
  cloud    = "local-ucloudstack"
  image_id = "${id}"
}
resource "terraform_data" "fetch" {
  provisioner "local-exec" {
    command = "${process.execPath} fetch.mjs"
    environment = {
      LINK  = ephemeral.imagebridge_image_download_url.base.url
      UNTIL = ephemeral.imagebridge_image_download_url.base.expires_at
    }
  }
}
`);
    const log = path.join(work.dir, 'trace.log');
    const plan = await tf.planned();
    expect(plan.actions).toEqual({ 'terraform_data.fetch': 'create' });
    const shown = await tf.must(['show', '-json', 'plan.bin']);
    const output = await tf.must(['apply', 'plan.bin'], { TF_LOG: 'TRACE', TF_LOG_PATH: log });
    const fetched: unknown = JSON.parse(await readFile(path.join(tf.dir, 'fetched.json'), 'utf8'));
    expect(fetched).toEqual({
      link: expect.stringMatching(/^http/),
      until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      ok: true,
      size: expect.any(Number),
    });
    const { link } = Object(fetched);
    const secret = new URL(String(link)).search.slice(1);
    expect(secret.length).toBeGreaterThan(8);
    const texts = [shown, output, await tf.stateText(), await readFile(log, 'utf8')];
    for (const name of await readdir(work.stateDir, { recursive: true, withFileTypes: true }))
      if (name.isFile()) texts.push(await readFile(path.join(name.parentPath, name.name), 'utf8'));
    for (const text of texts) expect(text.includes(secret)).toBe(false);
    // Nor does the link that the plan got, which was another one.
    expect(texts.join('\n')).not.toContain('Signature=');
    await tf.nothingToDo();
    await tf.nothingToDo('-refresh-only');
  });

  it('is refused by Terraform where it would be stored', async () => {
    const link = `
ephemeral "imagebridge_image_download_url" "base" {
  cloud    = "local-ucloudstack"
  image_id = "${id}"
}
`;
    await tf.write(
      `${link}resource "terraform_data" "x" { input = ephemeral.imagebridge_image_download_url.base.url }`,
    );
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(/ephemeral values/i)]);
  });

  it.each<[string, string, RegExp]>([
    ['an image that is not there', 'cloud = "local-ucloudstack"\n  image_id = "nothing"', /nothing/],
    ['openstack', 'cloud = "local-openstack"\n  image_id = "x"', /Download the image with the credentials/],
    ['huaweicloud', 'cloud = "local"\n  image_id = "x"', /Export the image to a bucket/],
  ])('is refused for %s while planning', async (_, body, message) => {
    await tf.write(`ephemeral "imagebridge_image_download_url" "x" {\n  ${body}\n}`);
    const { code, output } = await tf.run(['plan']);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
  });
});
