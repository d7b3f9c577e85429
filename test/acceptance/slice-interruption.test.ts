// An apply that is interrupted, in every way, and the next one: it goes on with the same upload, job and image, sends no
// finished part again, makes no second image and leaves nothing behind; also where the state directory is lost.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, type Running, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
/** Several parts of 16 MiB. */
const SIZE = 96 * MIB;
/** Slows the cloud down, so that an apply can be met in the middle of its upload. */
const SLOW_BYTES_PER_SECOND = 24 * MIB;

describeTerraform('an interrupted apply', () => {
  let work: Work;
  let file: string;
  let sha256: string;
  let partsPut = 0;
  let imports = 0;

  beforeAll(async () => {
    work = await makeWork({
      jobDurationMs: 400,
      onRequest: ({ service, method, path: resource, status }) => {
        if (service === 'obs' && method === 'PUT' && resource.includes('partNumber') && status === 200)
          partsPut++;
        if (service === 'ims' && method === 'POST' && resource.endsWith('/action')) imports++;
      },
    });
    file = await work.file('disk.raw', SIZE);
    sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  });
  afterAll(() => work?.close());
  afterEach(() => work.cloud.faults.clear());

  async function workspace(name: string): Promise<Workspace> {
    const tf = await Workspace.make(path.join(work.dir, `tf-${name}`), work.env);
    await tf.write(
      `resource "imagebridge_image" "base" {\n  name = "${name}"\n  source = { file = "${file}" }\n}`,
    );
    partsPut = 0;
    imports = 0;
    return tf;
  }

  /** Starts an apply over a slow network and waits until some parts are in the cloud. */
  async function applyIntoUpload(tf: Workspace): Promise<Running> {
    const bandwidth = { kind: 'bandwidth', bytesPerSecond: SLOW_BYTES_PER_SECOND } as const;
    work.cloud.faults.add({
      service: 'obs',
      method: 'PUT',
      path: 'partNumber=',
      count: Number.POSITIVE_INFINITY,
      action: bandwidth,
    });
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('two parts are in the cloud', () => partsPut >= 2);
    return apply;
  }

  /** Applies again, and checks what must be so at the end. */
  async function finish(tf: Workspace, name: string, resumes: boolean): Promise<void> {
    work.cloud.faults.clear();
    const before = partsPut;
    await tf.apply();
    const images = (await work.cloud.storedImages()).filter((image) => image.name === name);
    expect(images.map((image) => [image.status, image.sha256])).toEqual([['active', sha256]]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
    if (resumes) expect(partsPut - before, 'parts sent by the second apply').toBeLessThan(SIZE / (16 * MIB));
    await tf.nothingToDo();
    await tf.destroy();
    expect((await work.cloud.storedImages()).filter((image) => image.name === name)).toEqual([]);
  }

  it('by Ctrl-C in the upload: pauses, says so, and the next goes on', async () => {
    const tf = await workspace('ctrl-c');
    const apply = await applyIntoUpload(tf);
    apply.signalAll('SIGINT');
    const { code, output } = await apply.done;
    expect(code).not.toBe(0);
    expect(output).toMatch(/The upload is paused safely\. [1-9]\d* of \d+ parts are stored/);
    await finish(tf, 'ctrl-c', true);
  });

  it('by SIGKILL of terraform and the provider in the upload', async () => {
    const tf = await workspace('killed');
    const apply = await applyIntoUpload(tf);
    apply.signalAll('SIGKILL');
    await apply.done;
    await finish(tf, 'killed', true);
  });

  it('by SIGKILL in the upload, on a runner whose disk is lost', async () => {
    const tf = await workspace('runner-lost');
    const apply = await applyIntoUpload(tf);
    apply.signalAll('SIGKILL');
    await apply.done;
    await rm(work.stateDir, { recursive: true });
    await finish(tf, 'runner-lost', true);
  });

  it('by SIGKILL while the image is imported: the image is adopted', async () => {
    const tf = await workspace('import-killed');
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the import has begun', () => imports >= 1);
    apply.signalAll('SIGKILL');
    await apply.done;
    const [first] = (await work.cloud.storedImages()).filter((image) => image.name === 'import-killed');
    await finish(tf, 'import-killed', false);
    expect(first).toBeDefined();
    expect(imports, 'imports').toBe(1);
  });

  it('by SIGKILL while the image is imported, on a runner whose disk is lost: the image is adopted by its marker', async () => {
    const tf = await workspace('import-lost');
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the import has begun', () => imports >= 1);
    apply.signalAll('SIGKILL');
    await apply.done;
    await rm(work.stateDir, { recursive: true, force: true });
    const before = partsPut;
    await finish(tf, 'import-lost', false);
    expect(imports, 'imports').toBe(1);
    expect(partsPut, 'nothing was sent again').toBe(before);
  });

  it('does not adopt an image that belongs to a saved state', async () => {
    const tf = await workspace('owned');
    await tf.apply();
    await tf.nothingToDo();
    const other = await Workspace.make(path.join(work.dir, 'tf-twin'), work.env);
    await other.write(
      `resource "imagebridge_image" "base" {\n  name = "owned"\n  source = { file = "${file}" }\n}`,
    );
    const { code, output } = await other.run(['apply', '-auto-approve']);
    expect(code).not.toBe(0);
    expect(output).toMatch(/has that name already/);
    await tf.nothingToDo();
    await tf.destroy();
  });
});
