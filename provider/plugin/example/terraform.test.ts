// The example under the real terraform binary: every step of an object's life, as a user sees it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terraformIsThere, Workspace } from '../acceptance/workspace.ts';
import { schemaJson } from '../schema-json.ts';
import { cleanEnv } from './bundle.ts';
import { provider } from './provider.ts';

const run = promisify(execFile);

describe.runIf(terraformIsThere)(
  'the example under terraform (needs the terraform binary on PATH)',
  { timeout: 60_000 },
  () => {
    let space: Workspace;
    let notes = '';

    beforeAll(async () => {
      space = await Workspace.create({ notes: {} });
      notes = space.data;
    });
    afterAll(() => space.remove());

    const declare = (body: string) => space.declare(body);
    const terraform = (...args: string[]) => space.terraform(args);
    const apply = () => space.apply();
    const planCode = () => space.planCode();
    const stored = async () => (await space.stored())[0];
    const note = (title: string, more = '') =>
      `resource "notes_note" "n" {\n title = "${title}"\n ${more}\n}\n`;

    let first: unknown;

    it('creates, and then plans nothing', async () => {
      await declare(
        `${note('one', 'text = "hello"\n tags = { "__proto__" = "x", env = "ä" }')}
       data "notes_note" "same" { id = notes_note.n.id }
       output "text" { value = data.notes_note.same.text }
       output "slug" { value = provider::notes::slug("Hello, World!") }`,
      );
      const { code, output } = await apply();
      expect(output).toContain('1 added');
      // Known while planning, from modifyPlan.
      expect(output).toMatch(/\+ size\s+= 5/);
      // The data source read what was just made.
      expect(output).toContain('text = "hello"');
      expect(output).toContain('slug = "hello-world"');
      expect(code).toBe(0);
      const values = (await stored())?.values;
      expect(values).toMatchObject({ title: 'one', text: 'hello', size: 5 });
      expect(Object.entries(values?.tags as object)).toEqual([
        ['__proto__', 'x'],
        ['env', 'ä'],
      ]);
      first = values?.id;
      expect(await planCode()).toBe(0);
    });

    it('updates in place, clears what is removed, and shows drift', async () => {
      await declare(note('one', 'text = "hello you"'));
      expect((await apply()).output).toContain('1 changed');
      expect((await stored())?.values).toMatchObject({ id: first, text: 'hello you', size: 9, tags: null });
      await writeFile(
        join(notes, `${first}.json`),
        JSON.stringify({ title: 'one', text: 'drift', tags: null }),
      );
      expect((await terraform('plan')).output).toMatch(/~ text\s+= "drift" -> "hello you"/);
    });

    it('replaces where it must, and says why', async () => {
      await declare(note('two'));
      const { output } = await apply();
      expect(output).toMatch(/title\s+= "one" -> "two" # forces replacement/);
      expect(output).toContain('1 added, 0 changed, 1 destroyed');
      const values = (await stored())?.values;
      // The default of an attribute that is left out.
      expect(values).toMatchObject({ title: 'two', text: '' });
      expect(values?.id).not.toBe(first);
      expect(await readdir(notes)).toEqual([`${values?.id}.json`]);
    });

    it('makes anew what has gone', async () => {
      await rm(join(notes, `${(await stored())?.values.id}.json`));
      expect((await apply()).output).toContain('1 added, 0 changed, 0 destroyed');
    });

    it('imports, and then plans nothing', async () => {
      const id = (await stored())?.values.id;
      await rm(join(space.work, 'terraform.tfstate'));
      await declare(`${note('two')} import {\n to = notes_note.n\n id = "${id}"\n}`);
      expect((await apply()).output).toContain('1 imported, 0 added, 0 changed');
      expect(await planCode()).toBe(0);
    });

    it('blames the argument of a function', async () => {
      await declare(`${note('two')} output "slug" { value = provider::notes::slug("?!") }`);
      const { code, output } = await terraform('plan');
      expect(code).toBe(1);
      expect(output.replace(/\s+/g, ' ')).toContain(
        'Invalid value for "title" parameter: the title has no letters',
      );
    });

    it('can be run by hand under a debugger', async () => {
      const child = spawn(process.execPath, [space.bundle.program, '--debug'], {
        env: cleanEnv({}),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [line]: unknown[] = await once(child.stdout, 'data');
        const value = /^TF_REATTACH_PROVIDERS='(.*)'\n$/.exec(String(line))?.[1] ?? '';
        await declare(note('two'));
        // No dev_overrides, no init: Terraform can only reach the process that is running.
        const env = cleanEnv({ TF_REATTACH_PROVIDERS: value, CHECKPOINT_DISABLE: '1' });
        for (const _time of ['first', 'second']) {
          const { stdout } = await run('terraform', ['plan', '-no-color'], { cwd: space.work, env });
          expect(stdout).toContain('No changes');
        }
        expect(child.exitCode).toBeNull();
      } finally {
        child.kill();
      }
    });

    it('is reached over a port where there can be no socket, as on Windows', async () => {
      await declare(note('two'));
      const { code, output } = await space.terraform(['plan', '-detailed-exitcode'], {
        PLUGIN_UNIX_SOCKET_DIR: join(space.work, 'absent'),
        TF_LOG: 'debug',
      });
      expect(code).toBe(0);
      expect(output).toMatch(/listening: .*network=tcp/);
      expect(output).toMatch(/listening: .*address=127\.0\.0\.1:\d+/);
      expect(output).not.toContain('network=unix');
    });

    it('refuses bad values with their line', async () => {
      await declare(note('two', `text = "${'x'.repeat(1001)}"`));
      const { code, output } = await terraform('validate');
      expect(code).toBe(1);
      expect(output).toContain('text must have at most 1000 characters');
      expect(output).toMatch(/on main\.tf line \d+/);
    });

    it('keeps a half made object as tainted, and replaces it', async () => {
      await declare(note('three', 'text = "fail"'));
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(failed.output).toContain('Error: The text was refused');
      expect(failed.output).not.toMatch(/\bat \w+.*:\d+:\d+/);
      const half = await stored();
      expect(half).toMatchObject({ tainted: true, values: { title: 'three', text: 'fail' } });
      expect(await readdir(notes)).toEqual([`${half?.values.id}.json`]);
      await declare(note('three', 'text = "fine"'));
      expect((await apply()).output).toContain('1 added, 0 changed, 1 destroyed');
      expect((await stored())?.tainted).toBeUndefined();
      expect(await planCode()).toBe(0);
    });

    it('prints the schema that schemaJson gives', async () => {
      const { output } = await terraform('providers', 'schema', '-json');
      const printed: unknown = JSON.parse(output);
      expect(printed).toEqual({
        format_version: '1.0',
        provider_schemas: { 'registry.terraform.io/example/notes': schemaJson(provider) },
      });
    });

    it('destroys, and leaves nothing', async () => {
      expect((await terraform('destroy', '-auto-approve')).output).toContain('1 destroyed');
      expect(await readdir(notes)).toEqual([]);
      expect(await stored()).toBeUndefined();
    });
  },
);
