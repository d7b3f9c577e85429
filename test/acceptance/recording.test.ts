// Between the cloud and the state file: interruptions after the import, failed imports, and changes made from outside.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { answerShare, connect, unshareImage } from '@imagebridge/core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, type Running, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

describeTerraform('what the state records', () => {
  let work: Work;
  let file: string;
  let parts = 0;

  beforeAll(async () => {
    work = await makeWork({
      onRequest: ({ service, method, path: resource }) => {
        if (service === 'obs' && method === 'PUT' && resource.includes('partNumber')) parts++;
      },
    });
    file = await work.file('disk.raw', 4 * MIB);
  });
  afterAll(() => work?.close());
  afterEach(() => work.cloud.faults.clear());

  const named = async (name: string) =>
    (await work.cloud.storedImages()).filter((image) => image.name === name);

  async function workspace(name: string, more = ''): Promise<Workspace> {
    const tf = await Workspace.make(path.join(work.dir, `tf-${name}`), work.env);
    await tf.write(
      `resource "imagebridge_image" "base" {\n  name = "${name}"\n  source = { file = "${file}" }\n}\n${more}`,
    );
    return tf;
  }

  /** Applies until the image is made, and the provider waits for an answer that does not come. */
  async function applyUntilMade(tf: Workspace, name: string): Promise<Running> {
    work.cloud.faults.add({
      service: 'ims',
      method: 'PATCH',
      action: { kind: 'delay', ms: 60_000 },
    });
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the provider writes the hash to the image', () => work.cloud.faults.list().length === 0);
    expect((await named(name)).map(({ status }) => status)).toEqual(['active']);
    return apply;
  }

  it.each([false, true])(
    'adopts the image after a SIGKILL between import and state (state directory lost: %s)',
    async (lost) => {
      const name = `unsaved-${lost}`;
      const tf = await workspace(name);
      const apply = await applyUntilMade(tf, name);
      apply.signalAll('SIGKILL');
      await apply.done;
      expect(await tf.resources(), 'nothing was saved').toEqual({});
      const [first] = await named(name);
      if (lost) await rm(work.stateDir, { recursive: true, force: true });
      work.cloud.faults.clear();
      const before = parts;
      await tf.apply();
      expect((await named(name)).map(({ id }) => id)).toEqual([first?.id]);
      expect(parts, 'parts sent').toBe(before);
      await tf.nothingToDo();
      await tf.destroy();
    },
  );

  it('records the image, untainted, when Ctrl-C comes after the import', async () => {
    const tf = await workspace('late-ctrl-c');
    const apply = await applyUntilMade(tf, 'late-ctrl-c');
    apply.signalAll('SIGINT');
    const { output } = await apply.done;
    expect(output).toMatch(/Interrupted while the image became ready/);
    work.cloud.faults.clear();
    const [first] = await named('late-ctrl-c');
    const { 'imagebridge_image.base': state } = await tf.resources();
    expect(state).toMatchObject({ id: first?.id, status: 'active' });
    await tf.nothingToDo();
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
  });

  it('shows the code and the reason of a failed import, and the next apply sends nothing again', async () => {
    const tf = await workspace('failed-import');
    work.cloud.faults.add({
      service: 'ims',
      method: 'POST',
      action: { kind: 'fail-job', code: 'IMG.0057', reason: 'on request' },
    });
    const { code, output } = await tf.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/The service answered: [^\n]*on request/);
    expect(output).toMatch(/Code: IMG\.0057/);
    const before = parts;
    await tf.apply();
    expect(parts, 'parts sent').toBe(before);
    expect((await named('failed-import')).map(({ status }) => status)).toEqual(['active']);
    await tf.nothingToDo();
    await tf.destroy();
    expect(await work.cloud.storedImages()).toEqual([]);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
  });

  it('sees what was changed from outside, and puts it right', async () => {
    const project = work.cloud.accounts[1]?.projects['local-1'] ?? '';
    const tf = await workspace(
      'drift',
      `resource "imagebridge_image_share" "p" {\n  image_id = imagebridge_image.base.id\n  project_id = "${project}"\n}\n` +
        'resource "imagebridge_image_share_acceptance" "p" {\n  cloud = "partner"\n  image_id = imagebridge_image_share.p.image_id\n}\n',
    );
    await tf.apply();
    const id = `${(await tf.resources())['imagebridge_image.base']?.id}`;
    const [owner, partner] = await Promise.all([
      connect({ cloud: 'local', env: work.env }),
      connect({ cloud: 'partner', env: work.env }),
    ]);
    const actions = async () =>
      Object.fromEntries(
        Object.entries(await tf.changes())
          .map(([address, { actions: planned }]) => [address, planned.join()] as const)
          .filter(([, planned]) => planned !== 'no-op' && planned !== 'read'),
      );

    await answerShare(partner, id, 'rejected');
    expect(await actions()).toEqual({ 'imagebridge_image_share_acceptance.p': 'update' });
    await tf.apply();
    expect((await owner.getShare(id, project))?.status).toBe('accepted');

    await unshareImage(owner, id, project);
    expect(await actions()).toEqual({
      'imagebridge_image_share.p': 'create',
      'imagebridge_image_share_acceptance.p': 'create',
    });
    await tf.apply();

    await owner.updateImage(id, { name: 'renamed', description: 'from outside' });
    const changes = await tf.changes();
    expect(changes['imagebridge_image.base']?.actions).toEqual(['update']);
    expect(changes['imagebridge_image.base']?.before).toMatchObject({
      name: 'renamed',
      description: 'from outside',
    });
    await tf.apply();
    expect(await owner.getImage(id)).toMatchObject({ name: 'drift' });
    expect((await owner.getImage(id))?.description ?? '').toBe('');

    await unshareImage(owner, id, project);
    await owner.deleteImage(id);
    expect(await actions()).toMatchObject({ 'imagebridge_image.base': 'create' });
    await tf.destroy();
    await Promise.all([owner.close(), partner.close()]);
    expect(await work.cloud.storedImages()).toEqual([]);
  });
});
