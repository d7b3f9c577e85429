// Everything the framework has, under the real terraform: kinds of values, plans, write-only values, private state, moves.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schemaJson } from '../schema-json.ts';
import { provider } from './things.ts';
import { terraformIsThere, Workspace } from './workspace.ts';

const SOURCE = "import { serve } from '../index.ts'; void serve(() => import('../acceptance/things.ts'));";

describe.runIf(terraformIsThere)(
  'a wide provider under terraform (needs the terraform binary on PATH)',
  { timeout: 60_000 },
  () => {
    let space: Workspace;
    beforeAll(async () => {
      space = await Workspace.create({ things: { source: SOURCE }, notes: {} });
    });
    afterAll(() => space.remove());
    beforeEach(async () => {
      for (const name of await readdir(space.work)) await rm(join(space.work, name), { recursive: true });
      for (const name of await readdir(space.data)) await rm(join(space.data, name));
    });

    const thing = (body: string) => `resource "things_thing" "t" {\n${body}\n}`;
    const values = async () => (await space.stored())[0]?.values;
    const calls = async () => (await readFile(join(space.data, 'calls'), 'utf8')).trimEnd().split('\n');
    const finished = async () => (await readFile(join(space.data, 'finished'), 'utf8')).trimEnd().split('\n');
    async function applied(body: string): Promise<string> {
      await space.declare(body);
      const { code, output } = await space.apply();
      expect(code, output).toBe(0);
      // What was just applied plans nothing, and was read back as it was written.
      expect(await space.planCode()).toBe(0);
      expect(await space.planCode('-refresh-only')).toBe(0);
      return output;
    }

    it('takes values of every kind, and plans nothing afterwards', async () => {
      const output = await applied(
        thing(`
          name     = "every kind"
          title    = "Quiet"
          secret   = "hush"
          exact    = 123456789012345678901234567890.5
          zones    = ["b", "a", "a"]
          steps    = [0.1, -5, 9007199254740991, 1e300]
          sizes    = { "__proto__" = 9007199254740993, constructor = 0.30000000000000000001 }
          any      = { list = [1, "two", null], flag = true }
          pair     = { left = "l", right = null }
          one      = { key = "one" }
          some     = [{ key = "first" }, { key = "second", mode = "r" }]
          bag      = [{ key = "x" }, { key = "y" }]
          by_name  = { "__proto__" = { key = "p" }, z = { key = "z", mode = "w" } }
          timeouts = { create = "1m30s" }
          boot { key = "boot" }
          disk { key = "sda" }
          disk {
            key = "sdb"
            hole { key = "deep" }
          }
          port { key = "http" }
          port { key = "ssh" }
          mount "data" { key = "vol" }
        `),
      );
      expect(output).toMatch(/\+ secret\s+= \(sensitive value\)/);
      expect(output).not.toContain('hush');
      const made = (key: string, mode = 'rw') => ({ key, mode, handle: `handle of ${key}` });
      expect(await values()).toMatchObject({
        // The user's spelling stays, though the service shouts.
        title: 'Quiet',
        count_of: 3,
        revision: 1,
        zones: ['a', 'b'],
        steps: [0.1, -5, 9007199254740991, 1e300],
        any: { list: [1, 'two', null], flag: true },
        pair: { left: 'l', right: null },
        one: made('one'),
        some: [made('first'), made('second', 'r')],
        bag: [made('x'), made('y')],
        boot: made('boot'),
        disk: [
          { ...made('sda'), hole: [] },
          { ...made('sdb'), hole: [made('deep')] },
        ],
        port: [made('http'), made('ssh')],
        mount: { data: made('vol') },
      });
      // Every digit is in the state file, also those that JavaScript would lose.
      const state = await readFile(join(space.work, 'terraform.tfstate'), 'utf8');
      expect(state).toMatch(/"__proto__": 9007199254740993\b/);
      expect(state).toMatch(/"constructor": 0\.30000000000000000001\b/);
      expect(state).toMatch(/"exact": 123456789012345678901234567890\.5\b/);
      expect(await calls()).toEqual(['create every kind 90000']);
      // Plan and apply of the first command, and two plans.
      expect(await finished()).toHaveLength(4);
    });

    it('plans as little as there is to do, and says what it does not know', async () => {
      await applied(thing(`name = "one"\n title = "Quiet"\n zones = ["a", "b"]\n disk { key = "sda" }`));
      // Another spelling and another order are no change.
      await space.declare(
        thing(`name = "one"\n title = "quiet"\n zones = ["b", "a"]\n disk { key = "sda" }`),
      );
      expect(await space.planCode()).toBe(0);
      await space.declare(thing(`name = "longer"\n count_of = 0\n one = { key = "new" }`));
      const change = (await space.plan()).resource_changes?.[0]?.change;
      expect(change).toMatchObject({
        actions: ['update'],
        after: { title: null, zones: null, count_of: 0, one: { key: 'new', mode: 'rw' }, disk: [] },
        after_unknown: { revision: true, one: { handle: true } },
      });
      expect(change?.after_unknown).not.toHaveProperty('id');
      expect((await space.apply()).output).toContain('1 changed');
      // Private state came along.
      expect(await values()).toMatchObject({ revision: 2, one: { handle: 'handle of new' } });
      await space.declare(thing('name = "short"'));
      expect((await space.plan()).resource_changes?.[0]?.change).toMatchObject({
        actions: ['delete', 'create'],
        replace_paths: [['name']],
      });
    });

    it('waits for what is known only after another apply, wherever it stands', async () => {
      await applied(`
        resource "things_old" "o" { title = "x" }
        resource "things_thing" "t" {
          name    = "waits"
          any     = { deep = [things_old.o.id], whole = things_old.o }
          zones   = ["a", things_old.o.id]
          sizes   = { (things_old.o.id) = 1 }
          one     = { key = "k\${things_old.o.id}" }
          some    = [{ key = "a", mode = things_old.o.id }]
          bag     = [{ key = "a", mode = things_old.o.id }, { key = "b" }]
          by_name = { for id in [things_old.o.id] : id => { key = "k" } }
          boot { key = "k\${things_old.o.id}" }
          dynamic "disk" {
            for_each = toset([things_old.o.id])
            content { key = "k\${disk.value}" }
          }
          dynamic "port" {
            for_each = toset([things_old.o.id])
            content { key = "k\${port.value}" }
          }
          mount "m" {
            key  = "k"
            mode = things_old.o.id
          }
        }`);
      const id = (await space.stored()).find(({ address }) => address === 'things_old.o')?.values.id;
      const made = (key: string, mode: unknown = 'rw') => ({ key, mode, handle: `handle of ${key}` });
      expect(
        (await space.stored()).find(({ address }) => address === 'things_thing.t')?.values,
      ).toMatchObject({
        any: { deep: [id], whole: { id, title: 'x' } },
        one: made(`k${id}`),
        bag: [made('a', id), made('b')],
        by_name: { [String(id)]: made('k') },
        disk: [{ ...made(`k${id}`), hole: [] }],
        port: [made(`k${id}`)],
        mount: { m: made('k', id) },
      });
    });

    it('passes write-only values on, from an ephemeral resource that is renewed meanwhile, and stores none', async () => {
      const body = (version: number) => `
        ephemeral "things_lease" "l" { purpose = "work" }
        resource "things_task" "wait" {
          waits_for = "renew work"
          token     = ephemeral.things_lease.l.token
        }
        resource "things_thing" "t" {
          name             = "locked"
          password         = ephemeral.things_lease.l.token
          password_version = ${version}
        }`;
      await space.declare(body(1));
      const planned = await space.terraform(['plan', '-out=plan']);
      expect(planned.code, planned.output).toBe(0);
      const { code, output } = await space.terraform(['apply', 'plan']);
      expect(code, output).toBe(0);
      expect(output).toContain('ephemeral.things_lease.l: Closing complete');
      // Opened and closed by the plan, and once more by the apply.
      const seen = (await calls()).filter((line) => line.endsWith(' work'));
      expect(seen.filter((line) => line === 'open work')).toHaveLength(2);
      expect(seen.filter((line) => line === 'close work')).toHaveLength(2);
      expect(seen).toContain('renew work');
      const stored = (await space.stored()).find(({ address }) => address === 'things_thing.t');
      expect(stored?.values).toMatchObject({ password: null, password_length: 42, password_version: 1 });
      for (const name of await readdir(space.work)) {
        expect(await readFile(join(space.work, name), 'latin1'), name).not.toContain('token-');
      }
      expect(await space.planCode()).toBe(0);
      await space.declare(body(2));
      const change = (await space.plan()).resource_changes?.find(
        ({ address }) => address === 'things_thing.t',
      );
      expect(change?.change).toMatchObject({
        actions: ['update'],
        after_unknown: { password_length: true },
      });
    });

    it('shows the error of an ephemeral resource with its block', async () => {
      await space.declare(
        `ephemeral "things_lease" "l" { purpose = "none" }\n` +
          thing('name = "x"\n password = ephemeral.things_lease.l.token'),
      );
      const { code, output } = await space.terraform(['plan']);
      expect(code).toBe(1);
      expect(output).toContain('Error: No lease');
      expect(output).toContain('with ephemeral.things_lease.l');
    });

    it('warns of what is deprecated, and names the nested attribute that is wrong', async () => {
      await space.declare(thing(`name = "x"\n nickname = "y"\n some = [{ key = "ok" }, { key = "1st" }]`));
      const { code, output } = await space.terraform(['validate']);
      expect(code).toBe(1);
      expect(output).toContain('Warning: Deprecated attribute');
      expect(output).toContain('nickname is deprecated. Use title.');
      expect(output).toContain('some[1].key must start with a letter; got "1st".');
      expect(output).toMatch(/on main\.tf line \d+/);
    });

    it('moves objects here from another type, and from another provider', async () => {
      await space.declare(
        `resource "things_old" "o" { title = "old" }\n resource "notes_note" "n" { title = "note" }`,
      );
      expect((await space.apply()).code).toBe(0);
      const before = new Map((await space.stored()).map(({ address, values: { id } }) => [address, id]));
      const id = before.get('notes_note.n');
      await writeFile(
        join(space.data, `${id}.thing.json`),
        JSON.stringify({ id, name: 'note', count_of: 3, revision: 7 }),
      );
      await space.declare(`
        resource "things_thing" "a" { name = "old" }
        resource "things_thing" "b" { name = "note" }
        moved {
          from = things_old.o
          to   = things_thing.a
        }
        moved {
          from = notes_note.n
          to   = things_thing.b
        }`);
      const { code, output } = await space.apply();
      expect(code, output).toBe(0);
      expect(output).toContain('0 added, 0 changed, 0 destroyed');
      const after = new Map((await space.stored()).map(({ address, values: { id: now } }) => [address, now]));
      expect(after.get('things_thing.a')).toBe(before.get('things_old.o'));
      expect(after.get('things_thing.b')).toBe(id);
      // What the move kept as private state is there.
      await space.declare(
        `resource "things_thing" "a" { name = "older" }\n resource "things_thing" "b" { name = "note" }`,
      );
      expect((await space.apply()).code).toBe(0);
      const a = (await space.stored()).find(({ address }) => address === 'things_thing.a');
      expect(a?.values.revision).toBe(8);
    });

    it('says why it cannot take over an unknown type', async () => {
      await space.declare('resource "things_task" "o" { waits_for = "create" }');
      await writeFile(join(space.data, 'calls'), 'create\n');
      expect((await space.apply()).code).toBe(0);
      await space.declare(
        `${thing('name = "x"')}\n moved {\n from = things_task.o\n to = things_thing.t\n }`,
      );
      const { code, output } = await space.terraform(['plan']);
      expect(code).toBe(1);
      expect(output).toContain('Error: The resource cannot be moved');
      expect(output.replace(/\s+/g, ' ')).toContain('things_thing cannot take over a things_task');
    });

    it('upgrades a state that an older version stored', async () => {
      await applied(thing('name = "old"'));
      const file = join(space.work, 'terraform.tfstate');
      const state = JSON.parse(await readFile(file, 'utf8'));
      const [instance] = state.resources[0].instances;
      const { name, ...rest } = instance.attributes;
      instance.schema_version = 0;
      instance.attributes = { ...rest, label: name, gone: { since: 'long' } };
      await writeFile(file, JSON.stringify({ ...state, serial: state.serial + 1 }));
      expect(await space.planCode()).toBe(0);
    });

    it('writes the configuration of what is imported', async () => {
      await applied(thing(`name = "made"\n zones = ["a"]\n one = { key = "k" }\n disk { key = "sda" }`));
      const id = (await values())?.id;
      await rm(join(space.work, 'terraform.tfstate'));
      await space.declare(`import {\n to = things_thing.t\n id = "${id}"\n}`);
      const planned = await space.terraform(['plan', '-generate-config-out=generated.tf']);
      expect(planned.code, planned.output).toBe(0);
      expect(planned.output).toContain('1 to import, 0 to add, 0 to change, 0 to destroy');
      const { code, output } = await space.apply();
      expect(code, output).toBe(0);
      expect(await space.planCode()).toBe(0);
    });

    /** An apply that is waiting in the middle of a create, in a process group of its own, as a terminal starts it. */
    async function waiting() {
      await space.declare(thing('name = "slow"\n nickname = "slow"'));
      const child = spawn('terraform', ['apply', '-auto-approve', '-no-color'], {
        cwd: space.work,
        env: space.env({ TF_LOG_PROVIDER: 'info', TF_LOG_PATH: join(space.data, 'log') }),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const printed: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => printed.push(String(chunk)));
      }
      const exit = once(child, 'exit');
      await expect.poll(() => calls().catch(() => []), { timeout: 20_000 }).toEqual(['create slow 1']);
      return { child, exit, output: () => printed.join('') };
    }

    it('records what exists when Ctrl-C comes, and logs what was asked for', async () => {
      const { child, exit, output } = await waiting();
      process.kill(-(child.pid ?? 0), 'SIGINT');
      expect(await exit).toEqual([1, null]);
      expect(output()).toContain('Error: Cancelled');
      expect(output()).toContain('Creating things_thing did not finish: Terraform was interrupted.');
      expect(await space.stored()).toMatchObject([{ tainted: true, values: { name: 'slow' } }]);
      // The plan's process ended in good order, that of the apply did not.
      expect(await finished()).toHaveLength(1);
      const log = await readFile(join(space.data, 'log'), 'utf8');
      expect(log).toMatch(/\[INFO\] {2}provider.*made a thing:.*planned=true/);
    });

    it('stops by itself when terraform is killed', async () => {
      const { child, exit } = await waiting();
      child.kill('SIGKILL');
      await exit;
      await expect.poll(calls, { timeout: 10_000 }).toEqual(['create slow 1', 'stop slow']);
    });

    it('carries a value of 10 MB through plan and apply', async () => {
      const huge = 'ä1'.repeat(3_500_000);
      await writeFile(join(space.work, 'huge.txt'), huge);
      await space.declare(thing('name = "huge"\n huge = file("huge.txt")'));
      const { code, output } = await space.terraform(['apply', '-auto-approve']);
      expect(code, output.slice(-500)).toBe(0);
      const state = JSON.parse(await readFile(join(space.work, 'terraform.tfstate'), 'utf8'));
      expect(state.resources[0].instances[0].attributes.huge === huge).toBe(true);
      expect(await space.planCode()).toBe(0);
    });

    it('carries values of any type through a data source', async () => {
      const any = '{ a = [1, 2.50, 123456789012345678901234567890], b = { c = null, d = "x" } }';
      const output = await applied(
        `data "things_echo" "e" { value = ${any} }\n output "same" { value = data.things_echo.e.value == ${any} }`,
      );
      expect(output).toContain('same = true');
    });

    it('calls functions with any number of values of any type, and blames the one that is wrong', async () => {
      const output = await applied(`
        output "none" { value = provider::things::total(null) }
        output "sum" { value = provider::things::total("t", 1, 2.5) }
        output "any" { value = provider::things::same({ a = [1, "x", null], n = 12345678901234567890123 }) }
      `);
      expect(output.replace(/\s+/g, ' ')).toContain('none = { "sum" = 0 "text" = "none" }');
      expect(output.replace(/\s+/g, ' ')).toContain('sum = { "sum" = 3.5 "text" = "t" }');
      expect(output).toContain('"n" = 12345678901234567890123');
      await space.declare('output "odd" { value = provider::things::total("t", 1, 0.25) }');
      const failed = await space.terraform(['plan']);
      expect(failed.code).toBe(1);
      expect(failed.output.replace(/\s+/g, ' ')).toContain(
        'Invalid value for "numbers" parameter: halves are the smallest there is',
      );
    });

    it('prints the schema that schemaJson gives', async () => {
      await space.declare('');
      const { output } = await space.terraform(['providers', 'schema', '-json']);
      const printed = JSON.parse(output) as { readonly provider_schemas: Record<string, unknown> };
      expect(printed.provider_schemas['registry.terraform.io/example/things']).toEqual(schemaJson(provider));
    });
  },
);
