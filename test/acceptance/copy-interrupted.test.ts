// Copies whose apply is killed, in every phase, on a runner whose disk is lost with it: the next apply goes on with what was
// begun, makes no second copy, and leaves nothing behind.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { RequestLogEntry } from '@imagebridge/local-cloud';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { Sources } from './copy-sources.ts';
import { describeTerraform, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;

interface Interruption {
  title: string;
  /** The request whose answer is the moment of the kill. */
  when(entry: RequestLogEntry): boolean;
  /** A request that starts work in a cloud: sent once in all. */
  once(entry: RequestLogEntry): boolean;
  from: string;
  sizeBytes?: number;
  declared: string;
  name: string;
  slow?: boolean;
}

const isCopy = ({ service, method, path: at }: RequestLogEntry) =>
  service === 'ims' && method === 'POST' && /copy/.test(at);
const isExport = ({ service, method, path: at, status }: RequestLogEntry) =>
  service === 'ims' && method === 'POST' && at.endsWith('/file') && status === 200;
const isFetch = ({ service, method, path: at }: RequestLogEntry) =>
  service === 'glance' && method === 'POST' && at.endsWith('/import');
const isPart = ({ service, method, path: at, status }: RequestLogEntry) =>
  service === 'obs' && method === 'PUT' && at.includes('partNumber') && status === 200;
const isStream = ({ service, method, path: at }: RequestLogEntry) =>
  service === 'glance' && method === 'PUT' && at.endsWith('/file');
const isImport = ({ service, method, path: at }: RequestLogEntry) =>
  service === 'ims' && method === 'POST' && at.endsWith('/action');

const INTERRUPTIONS: Interruption[] = [
  {
    title: 'in its region, while the cloud copies',
    from: 'local',
    declared: '',
    name: 'near',
    when: isCopy,
    once: isCopy,
  },
  {
    title: 'to another region, while the cloud copies',
    from: 'local',
    declared: 'target_region = "local-2"\n  agency_name = "copier"',
    name: 'far',
    when: isCopy,
    once: isCopy,
  },
  {
    title: 'to another cloud, while the image is exported for it',
    from: 'local',
    declared: 'target_cloud = "local-openstack"',
    name: 'exported',
    when: isExport,
    once: isExport,
  },
  {
    title: 'to another cloud, while that one fetches it',
    from: 'local',
    declared: 'target_cloud = "local-openstack"',
    name: 'fetched',
    when: isFetch,
    once: isFetch,
  },
  {
    title: 'to another cloud, while the bytes go through this machine',
    from: 'local-ucloudstack',
    declared: 'target_cloud = "local"',
    name: 'streamed',
    sizeBytes: 40 * MIB,
    slow: true,
    when: isPart,
    once: isImport,
  },
];

describeTerraform('an interrupted copy', () => {
  let work: Work;
  let sources: Sources;

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 1500 });
    sources = new Sources(work);
  });
  afterAll(async () => {
    await sources?.close();
    await work?.close();
  });
  afterEach(() => work.cloud.faults.clear());

  const named = async (name: string) =>
    (await work.cloud.storedImages()).filter((image) => image.name === name);

  it.each(INTERRUPTIONS)('$title, goes on with the next apply', async (interruption) => {
    const { from, name, declared, sizeBytes, slow, when, once } = interruption;
    const sourceId = await sources.image(from, `source-${name}`, sizeBytes);
    const tf = await Workspace.make(path.join(work.dir, `tf-${name}`), work.env);
    await tf.write(`
resource "imagebridge_image_copy" "it" {
  cloud           = "${from}"
  source_image_id = "${sourceId}"
  name            = "${name}"
  ${declared}
}`);
    if (slow === true)
      work.cloud.faults.add({
        service: 'obs',
        method: 'PUT',
        path: 'partNumber=',
        count: Number.POSITIVE_INFINITY,
        action: { kind: 'bandwidth', bytesPerSecond: 16 * MIB },
      });
    work.requests.length = 0;
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the copy has come so far', () => work.requests.some(when));
    apply.signalAll('SIGKILL');
    await apply.done;
    work.cloud.faults.clear();
    const [begun] = await named(name);
    await rm(work.stateDir, { recursive: true, force: true });
    await tf.loseState();

    const partsBefore = work.requests.filter(isPart).length;
    await tf.apply();
    const made = await named(name);
    expect(made).toMatchObject([{ status: 'active' }]);
    if (begun !== undefined) expect(made[0]?.id).toBe(begun.id);
    expect(work.requests.filter(once), 'the work was started once').toHaveLength(1);
    if (slow === true) {
      const parts = work.requests.filter(isPart).length - partsBefore;
      expect(parts, 'parts sent by the second apply').toBeLessThan(3);
    }
    await tf.nothingToDo();
    // What was exported on the way is gone again.
    if (work.requests.some(isExport))
      expect(work.requests.some(isRemoval), 'the export is removed').toBe(true);
    expect(await work.cloud.unfinishedUploads()).toEqual([]);

    await tf.destroy();
    expect(await named(name)).toEqual([]);
  });

  it('goes another way when the cloud cannot fetch it, and leaves nothing of the first', async () => {
    const sourceId = await sources.image('local', 'source-other-way');
    const tf = await Workspace.make(path.join(work.dir, 'tf-other-way'), work.env);
    await tf.write(`
resource "imagebridge_image_copy" "it" {
  cloud           = "local"
  source_image_id = "${sourceId}"
  name            = "other-way"
  target_cloud    = "local-openstack"
  on_destroy      = "deactivate"
}`);
    work.cloud.faults.add({
      service: 'glance',
      method: 'POST',
      path: '/import',
      action: { kind: 'fail-job', code: 'Task failed', reason: 'no route to the host' },
    });
    work.requests.length = 0;
    await tf.apply();
    expect(work.requests.some(isFetch) && work.requests.some(isStream)).toBe(true);
    expect(await named('other-way')).toMatchObject([{ status: 'active' }]);
    await tf.nothingToDo();
    await tf.destroy();
    expect(await named('other-way')).toMatchObject([{ status: 'deactivated' }]);
  });

  it('says on Ctrl-C that the next apply goes on', async () => {
    const sourceId = await sources.image('operator-ucloudstack', 'source-base');
    const tf = await Workspace.make(path.join(work.dir, 'tf-base'), work.env);
    await tf.write(`
resource "imagebridge_image_copy" "it" {
  cloud           = "operator-ucloudstack"
  source_image_id = "${sourceId}"
  name            = "base"
  to_base_image   = true
}`);
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the copy has begun', async () => (await named('base')).length > 0);
    apply.signalAll('SIGINT');
    const { code, output } = await apply.done;
    expect(code).not.toBe(0);
    expect(output).toMatch(/The next apply goes on from there, and makes no second copy/);
    const [begun] = await named('base');
    await tf.apply();
    expect(await named('base')).toMatchObject([{ id: begun?.id }]);
    await tf.nothingToDo();
    await tf.destroy();
  });

  it('that belongs to a saved state is adopted by no other declaration', async () => {
    const sourceId = await sources.image('local', 'source-owned');
    const declaration = `
resource "imagebridge_image_copy" "it" {
  cloud           = "local"
  source_image_id = "${sourceId}"
  name            = "owned"
}`;
    const tf = await Workspace.make(path.join(work.dir, 'tf-owned'), work.env);
    await tf.write(declaration);
    await tf.apply();
    const other = await Workspace.make(path.join(work.dir, 'tf-other'), work.env);
    await other.write(declaration);
    const { code, output } = await other.run(['apply', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/has that name already/);
    await tf.nothingToDo();
    await tf.destroy();
  });
});

const isRemoval = ({ service, method, path: at }: RequestLogEntry) =>
  service === 'obs' && method === 'DELETE' && at.includes('/imagebridge/') && !at.includes('uploadId');
