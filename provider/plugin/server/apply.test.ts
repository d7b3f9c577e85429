// Create, update, delete, read, import, upgrade and validate through the wire: what is stored when things go wrong.
import { describe, expect, it } from 'vitest';
import { withProviderData } from '../definition/provider.ts';
import type { AnyResource, Resource } from '../definition/resource.ts';
import { check, validators } from '../definition/validator.ts';
import { failure } from '../diagnostics.ts';
import { a } from '../schema/attribute.ts';
import { b, schema } from '../schema/schema.ts';
import { t } from '../schema/type.ts';
import { path } from '../values/path.ts';
import { UNKNOWN } from '../values/unknown.ts';
import { ProviderClient, TestClient } from './test-client.ts';

const { defineResource } = withProviderData<string>();

const thing = schema({
  version: 2,
  attributes: {
    id: a.string({ computed: true, nonNull: true }),
    name: a.string({
      required: true,
      validators: [validators.length({ max: 5 })],
      semanticEquals: (l, r) => l.trim() === r.trim(),
    }),
    size: a.number({ computed: true }),
    secret: a.string({ optional: true, writeOnly: true }),
    tags: a.map({
      element: t.string,
      optional: true,
      validators: [validators.values(check('is short', (v: string) => v.length < 3))],
    }),
  },
});
type Thing = Resource<typeof thing, string>;

const never = async () => {
  throw new Error('not called in this test');
};
const client = (some: Partial<Thing>) =>
  new TestClient(
    defineResource<typeof thing>({
      schema: thing,
      create: never,
      read: never,
      update: never,
      delete: never,
      ...some,
    }) as AnyResource<string>,
  );

const CONFIG = { id: null, name: 'n', size: null, secret: 'hush', tags: null };
const PLAN = { ...CONFIG, id: UNKNOWN, size: UNKNOWN, secret: null };
const STORED = { id: 'i', name: 'n', size: 1, secret: null, tags: null };

describe('create', () => {
  it('gets the write-only value from the configuration, and never stores it', async () => {
    let secret: unknown;
    const applied = await client({
      async create({ plan, config, provider }) {
        secret = config.secret;
        // Everything spread into the state, as a careless provider would.
        return { ...config, ...plan, secret: config.secret, id: provider, size: 1 };
      },
    }).apply(CONFIG, PLAN);
    expect(secret).toBe('hush');
    expect(applied).toMatchObject({ state: { ...STORED, id: 'data' }, diagnostics: [] });
  });

  it('that throws before anything is recorded leaves nothing', async () => {
    const applied = await client({
      async create() {
        throw new TypeError('boom');
      },
    }).apply(CONFIG, PLAN);
    expect(applied.state).toBeNull();
    expect(applied.diagnostics).toEqual(['Creating x_thing failed: boom']);
    expect(applied.diagnostics[0]).not.toContain('at ');
  });

  it('that throws after setState leaves a partial object, filled from the plan', async () => {
    const applied = await client({
      async create({ setState, privateState }) {
        setState({ id: 'first' });
        setState({ id: 'made' });
        privateState.set('step', 1);
        throw failure('Refused', 'Because.', path('name'));
      },
    }).apply(CONFIG, PLAN);
    expect(applied.state).toEqual({ ...STORED, id: 'made', size: null });
    expect(Buffer.from(applied.private).toString()).toBe('{"step":1}');
    expect(applied.diagnostics).toEqual(['name: Refused: Because.']);
  });

  it('that is stopped records what exists', async () => {
    const it_ = client({
      create: ({ setState, signal }) =>
        new Promise((_resolve, reject) => {
          setState({ id: 'made' });
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    const applying = it_.apply(CONFIG, PLAN);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await it_.call('StopProvider', {});
    const applied = await applying;
    expect(applied.state).toMatchObject({ id: 'made' });
    expect(applied.diagnostics).toEqual([
      'Cancelled: Creating x_thing did not finish: Terraform was interrupted.',
    ]);
  });

  it('that hangs when a stray error strikes is given up, with what it recorded', async () => {
    const it_ = client({
      create: ({ setState }) =>
        new Promise(() => {
          setState({ id: 'made' });
        }),
    });
    const applying = it_.apply(CONFIG, PLAN);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    it_.context.giveUp(new Error('stray'));
    expect(await applying).toMatchObject({
      state: { id: 'made' },
      diagnostics: ['Creating x_thing failed: stray'],
    });
  });

  it('that breaks its plan is blamed, attribute by attribute, and the object is kept', async () => {
    const applied = await client({
      create: async ({ plan }) => ({
        ...plan,
        id: 'made',
        name: 'other',
        size: UNKNOWN as unknown as number,
      }),
    }).apply(CONFIG, PLAN);
    expect(applied.state).toEqual({ ...STORED, id: 'made', name: 'other', size: null });
    expect(applied.diagnostics.map((one) => one.split(':')[0])).toEqual(['name', 'size']);
  });

  it('that returns a badly typed attribute still keeps the object', async () => {
    const applied = await client({
      create: async ({ plan }) => ({ ...plan, id: 'made', size: 'big' as unknown as number }),
    }).apply(CONFIG, PLAN);
    expect(applied.state).toMatchObject({ id: 'made', size: null });
    expect(applied.diagnostics[0]).toContain('size');
  });

  it('keeps the spelling of the plan where the service rewrites it', async () => {
    const applied = await client({
      create: async ({ plan }) => ({ ...plan, id: 'i', name: ' n ', size: 1 }),
    }).apply(CONFIG, PLAN);
    expect(applied).toMatchObject({ state: STORED, diagnostics: [] });
  });

  it('that adds an error without throwing is recorded as it is', async () => {
    const applied = await client({
      async create({ plan, diagnostics }) {
        diagnostics.error('Half done');
        diagnostics.warning('Mind this');
        return { ...plan, id: 'i', size: 1 };
      },
    }).apply(CONFIG, PLAN);
    expect(applied).toMatchObject({ state: STORED, diagnostics: ['Half done: ', 'Mind this: '] });
  });
});

describe('update and delete', () => {
  it('that throw keep what was stored, with what was recorded on the way', async () => {
    const plan = { ...STORED, name: 'm', size: UNKNOWN };
    const config = { ...CONFIG, name: 'm' };
    const plainly = client({ update: async () => Promise.reject(new Error('no')) });
    expect((await plainly.apply(config, plan, STORED)).state).toEqual(STORED);
    const halfway = client({
      async update({ setState }) {
        setState({ name: 'm' });
        throw new Error('no');
      },
    });
    expect((await halfway.apply(config, plan, STORED)).state).toEqual({ ...STORED, name: 'm' });
    const failing = client({ delete: async () => Promise.reject(new Error('in use')) });
    expect(await failing.apply(null, null, STORED)).toMatchObject({
      state: STORED,
      diagnostics: ['Deleting x_thing failed: in use'],
    });
  });

  it('that succeed store the new state, or nothing', async () => {
    const it_ = client({
      update: async ({ plan, state }) => ({ ...plan, id: state.id, size: 2 }),
      delete: async () => {},
    });
    const plan = { ...STORED, name: 'm', size: UNKNOWN };
    expect((await it_.apply({ ...CONFIG, name: 'm' }, plan, STORED)).state).toEqual({
      ...STORED,
      name: 'm',
      size: 2,
    });
    expect((await it_.apply(null, null, STORED)).state).toBeNull();
  });
});

describe('the end of a process', () => {
  const ending = (finish: () => Promise<void>) => new ProviderClient({ finish });

  it('lets the provider end its work, for so long and no longer, whatever it throws', async () => {
    let ended = 0;
    await ending(async () => {
      ended++;
    }).context.finish(1_000);
    await ending(async () => {
      ended++;
      throw new Error('only logged');
    }).context.finish(1_000);
    await ending(() => new Promise(() => {})).context.finish(10);
    expect(ended).toBe(2);
  });

  it('is no occasion for work after Ctrl-C', async () => {
    let called = false;
    const it_ = ending(async () => {
      called = true;
    });
    await it_.call('StopProvider', {});
    await it_.context.finish(1_000);
    expect(called).toBe(false);
  });
});

describe('read and import', () => {
  it('report drift, and what is gone', async () => {
    const drifted = client({ read: async () => ({ id: 'i', name: 'x', size: 9, tags: {} }) });
    expect((await drifted.read(STORED)).state).toEqual({ ...STORED, name: 'x', size: 9, tags: {} });
    expect((await client({ read: async () => null }).read(STORED)).state).toBeNull();
  });

  it('keep the stored spelling and, after an error, the stored state', async () => {
    const rewritten = client({ read: async () => ({ id: 'i', name: 'n ', size: 1, tags: null }) });
    expect((await rewritten.read(STORED)).state).toEqual(STORED);
    const broken = await client({ read: async () => Promise.reject(new Error('503')) }).read(STORED);
    expect(broken).toMatchObject({ state: STORED, diagnostics: ['Reading x_thing failed: 503'] });
  });

  it('import a stub by its id', async () => {
    const it_ = client({ importState: async ({ id }) => ({ id }) });
    const { importedResources = [] } = await it_.call('ImportResourceState', {
      typeName: 'x_thing',
      id: 'abc',
    });
    expect(it_.decoded(importedResources[0]?.state)).toEqual({
      id: 'abc',
      name: null,
      size: null,
      secret: null,
      tags: null,
    });
    const { diagnostics = [] } = await client({}).call('ImportResourceState', {
      typeName: 'x_thing',
      id: 'a',
    });
    expect(diagnostics[0]?.summary).toBe('The resource cannot be imported');
  });
});

describe('validate', () => {
  it('runs validators where the value is known, with paths', async () => {
    const it_ = client({});
    expect(await it_.validate({ ...CONFIG, secret: null, name: 'longer than five' })).toEqual([
      'name: Invalid value: name must have at most 5 characters; got "longer than five".',
    ]);
    expect(
      await it_.validate({ ...CONFIG, secret: null, name: UNKNOWN, tags: { a: 'long', b: 'ok' } }),
    ).toEqual(['tags.a: Invalid value: tags["a"] is short; got "long".']);
    expect(await it_.validate({ ...CONFIG, secret: null, tags: { a: UNKNOWN, b: 'long' } })).toEqual([]);
  });

  it('refuses null elements, and write-only values under an old Terraform', async () => {
    const it_ = client({});
    expect((await it_.validate({ ...CONFIG, secret: null, tags: { a: null } }))[0]).toContain(
      'tags.a: Null element',
    );
    expect((await it_.validate(CONFIG))[0]).toContain('secret: Terraform is too old');
  });

  it('warns of what is deprecated, where it is set', async () => {
    const part = { key: a.string({ optional: true, deprecated: 'Use name.' }) };
    const aging = schema({
      deprecated: 'Use x_other.',
      attributes: { gone: a.string({ optional: true, deprecated: 'Leave it out.' }) },
      blocks: {
        disk: b.list({ attributes: part, deprecated: 'Use disks.' }),
        boot: b.single({ attributes: part, deprecated: 'Use disks.' }),
      },
    });
    const definition = defineResource<typeof aging>({
      schema: aging,
      create: never,
      read: never,
      delete: never,
    });
    const it_ = new TestClient(definition as AnyResource<string>);
    expect(await it_.validate({ gone: 'x', disk: [{ key: 'k' }, { key: null }], boot: null })).toEqual([
      'Deprecated: Use x_other.',
      'gone: Deprecated attribute: gone is deprecated. Leave it out.',
      'disk: Deprecated block: disk is deprecated. Use disks.',
      'disk.0.key: Deprecated attribute: disk[0].key is deprecated. Use name.',
    ]);
    expect(await it_.validate({ gone: UNKNOWN, disk: [], boot: null })).toEqual(['Deprecated: Use x_other.']);
  });

  it("asks the resource's own check last", async () => {
    const it_ = client({
      async validateConfig({ config, diagnostics }) {
        if (config.name === 'bad') diagnostics.error('Bad', 'No.', path('name'));
      },
    });
    expect(await it_.validate({ ...CONFIG, secret: null, name: 'bad' })).toEqual(['name: Bad: No.']);
    expect(await it_.validate({ ...CONFIG, secret: null })).toEqual([]);
  });
});

describe('upgrading a stored state', () => {
  it('passes the current version through, ignoring what is no attribute', async () => {
    const upgraded = await client({}).upgrade(2, '{"id":"i","name":"n","size":1,"gone":{"x":[1.5e3]}}');
    expect(upgraded).toMatchObject({ state: STORED, diagnostics: [] });
  });

  it('loses no digit', async () => {
    const wide = schema({
      attributes: { n: a.decimal({ required: true }), m: a.map({ element: t.decimal, optional: true }) },
    });
    const it_ = new TestClient(
      defineResource<typeof wide>({
        schema: wide,
        create: never,
        read: never,
        delete: never,
      }) as AnyResource<string>,
    );
    const { state } = await it_.upgrade(0, '{"n":9007199254740993,"m":{"__proto__":0.10000000000000000001}}');
    expect(JSON.stringify(state)).toBe('{"n":"9007199254740993","m":{"__proto__":"0.10000000000000000001"}}');
  });

  it('runs the step of an older version', async () => {
    const it_ = client({
      upgradeState: { 1: async ({ rawState }) => ({ id: rawState.key, name: 'n', size: rawState.bytes }) },
    });
    expect((await it_.upgrade(1, '{"key":"i","bytes":1}')).state).toEqual(STORED);
    expect((await it_.upgrade(0, '{}')).diagnostics[0]).toContain('no step from there to 2');
    expect((await it_.upgrade(3, '{}')).diagnostics[0]).toContain('newer provider');
  });
});
