// Twins and concurrent applies: the same image declared twice, in one configuration, by two runs on one machine, and by two
// machines, at the same moment. The rules are in ARCHITECTURE.md ("The creation marker"): no image ever belongs to two states,
// whoever comes second is told, and nothing is left behind.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeWork, type Work } from '../fixtures/work.ts';
import { describeTerraform, FAMILIES, type Family, type Outcome, until, Workspace } from './terraform.ts';

const MIB = 1024 ** 2;
/** What the second of two is told; each of them says which image or upload is in the way. */
const SECOND =
  /has that name already|another machine began|has been working on this upload|this very process is making/i;

describeTerraform('the same declaration twice at the same moment', () => {
  let work: Work;

  beforeAll(async () => {
    work = await makeWork({ jobDurationMs: 400 });
  });
  afterAll(() => work?.close());
  afterEach(() => work.cloud.faults.clear());

  const resource = (family: Family, address: string, name: string, file: string) =>
    `resource "imagebridge_image" "${address}" {\n  cloud = "${family.cloud}"\n  name = "${name}"\n  source = { file = "${file}" }\n  ${family.imageArguments}\n}\n`;
  const workspace = (name: string, machine = 'state') =>
    Workspace.make(path.join(work.dir, `tf-${name}`), {
      ...work.env,
      IMAGEBRIDGE_STATE_DIR: path.join(work.dir, machine),
    });
  const named = async (name: string) =>
    (await work.cloud.storedImages()).filter((image) => image.name === name);
  /** Ids of all images in the states; read after a plan, as every later run does. */
  const recorded = async (...all: Workspace[]) => {
    const states = await Promise.all(all.map((tf) => tf.resources()));
    return states.flatMap((state) => Object.values(state).map(({ id }) => `${id}`));
  };

  /** What must be so, whoever won: every image has one state, is whole, and nothing else is there. */
  async function expectNoneTwice(name: string, file: string, all: readonly Workspace[]): Promise<void> {
    const ids = await recorded(...all);
    expect(ids.length, 'somebody won').toBeGreaterThan(0);
    expect(new Set(ids).size, 'no image belongs to two').toBe(ids.length);
    const stored = await named(name);
    expect(stored.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    expect(new Set(stored.map((image) => image.sha256))).toEqual(new Set([sha256]));
    expect(await work.cloud.unfinishedUploads()).toEqual([]);
    for (const tf of all) await tf.destroy();
    expect(await named(name)).toEqual([]);
  }

  function expectTold(outcomes: readonly Outcome[]): void {
    for (const { code, output } of outcomes) if (code !== 0) expect(output).toMatch(SECOND);
  }

  it.each(FAMILIES)('in one configuration ($family)', async (family) => {
    const name = `twins-${family.family}`;
    const file = await family.file(work, name, 24 * MIB);
    const tf = await workspace(name);
    await tf.write(resource(family, 'a', name, file) + resource(family, 'b', name, file));
    expectTold([await tf.run(['apply', '-auto-approve'])]);
    await expectNoneTwice(name, file, [tf]);
  });

  it.each(
    FAMILIES.flatMap((family) => [
      { ...family, whose: 'on one machine', machines: ['state', 'state'] },
      { ...family, whose: 'on two machines', machines: ['state', 'other'] },
    ]),
  )('by two runs $whose ($family)', async ({ machines, whose, ...family }) => {
    const name = `two-${family.family}-${machines.length}${whose === 'on one machine' ? 'a' : 'b'}`;
    const file = await family.file(work, name, 24 * MIB);
    const all = await Promise.all(machines.map((machine, i) => workspace(`${name}-${i}`, machine)));
    for (const tf of all) await tf.write(resource(family, 'base', name, file));
    // Both are still sending when either is: who begins after the other's import has begun takes it for a vanished runner's.
    work.cloud.faults.add({
      method: 'PUT',
      path: /partNumber|\/file/,
      count: Number.POSITIVE_INFINITY,
      action: { kind: 'bandwidth', bytesPerSecond: 6 * MIB },
    });
    expectTold(await Promise.all(all.map((tf) => tf.run(['apply', '-auto-approve']))));
    await expectNoneTwice(name, file, all);
  });

  it.each(FAMILIES)('when a runner has vanished in its upload, with its disk ($family)', async (family) => {
    const name = `vanished-${family.family}`;
    const file = await family.file(work, name, 48 * MIB);
    const tf = await workspace(name, 'vanishing');
    await tf.write(resource(family, 'base', name, file));
    const put = /partNumber|\/file/;
    work.cloud.faults.add({
      method: 'PUT',
      path: put,
      count: Number.POSITIVE_INFINITY,
      action: { kind: 'bandwidth', bytesPerSecond: 16 * MIB },
    });
    work.cloud.faults.add({ method: 'PUT', path: put, action: { kind: 'delay', ms: 0 } });
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('bytes are on their way', () =>
      work.cloud.faults.list().every(({ action }) => action.kind !== 'delay'),
    );
    await work.pause(300);
    apply.signalAll('SIGKILL');
    await apply.done;
    work.cloud.faults.clear();
    await rm(path.join(work.dir, 'vanishing'), { recursive: true, force: true });
    await tf.apply();
    await tf.nothingToDo();
    await expectNoneTwice(name, file, [tf]);
  });
});
