// The locker under the real terraform: its key is used, and found nowhere afterwards.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terraformIsThere, Workspace } from '../acceptance/workspace.ts';

const SOURCE = "import { serve } from '../index.ts'; void serve(() => import('./locker.ts'));";

describe.runIf(terraformIsThere)(
  'the locker under terraform (needs the terraform binary on PATH)',
  { timeout: 60_000 },
  () => {
    let space: Workspace;
    beforeAll(async () => {
      space = await Workspace.create({ locker: { source: SOURCE, bare: true } });
    });
    afterAll(() => space.remove());

    const declare = (version: number) =>
      space.declare(`
        ephemeral "locker_key" "k" {}
        resource "locker_box" "b" {
          key         = ephemeral.locker_key.k.value
          key_version = ${version}
        }`);
    const box = async () => (await space.stored())[0]?.values;

    it('locks a box, plans nothing, and locks it anew when it is told to', async () => {
      await declare(1);
      const { code, output } = await space.apply({ TF_LOG: 'trace', TF_LOG_PATH: join(space.work, 'log') });
      expect(code, output).toBe(0);
      const first = await box();
      expect(first).toMatchObject({ key: null, key_version: 1 });
      expect(await space.planCode()).toBe(0);
      await declare(2);
      expect((await space.apply()).output).toContain('0 added, 1 changed');
      const second = await box();
      expect(second?.id).toBe(first?.id);
      expect(second?.fingerprint).not.toBe(first?.fingerprint);
      const log = await readFile(join(space.work, 'log'), 'utf8');
      expect(log).toContain('the key is gone');
      for (const name of await readdir(space.work)) {
        expect(await readFile(join(space.work, name), 'utf8'), name).not.toMatch(/key-[0-9a-f]{8}/);
      }
    });
  },
);
