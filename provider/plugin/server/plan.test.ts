// PlanResourceChange through the wire: what Terraform's contract says, in its order.
import { describe, expect, it } from 'vitest';
import { type PlanModifier, planModifiers } from '../definition/plan-modifier.ts';
import { withProviderData } from '../definition/provider.ts';
import type { AnyResource, Resource } from '../definition/resource.ts';
import { a } from '../schema/attribute.ts';
import { b, type Schema, schema } from '../schema/schema.ts';
import { t } from '../schema/type.ts';
import { path } from '../values/path.ts';
import { UNKNOWN } from '../values/unknown.ts';
import { TestClient } from './test-client.ts';

const { defineResource } = withProviderData<string>();

/** A resource that is only planned. */
function planned<S extends Schema>(
  definition: S,
  more: Partial<Pick<Resource<S, string>, 'modifyPlan' | 'update'>> = {},
): AnyResource<string> {
  const never = async () => {
    throw new Error('not called in this test');
  };
  return defineResource<S>({
    schema: definition,
    create: never,
    read: never,
    update: never,
    delete: never,
    ...more,
  });
}

const thing = schema({
  attributes: {
    id: a.string({ computed: true, nonNull: true, planModifiers: [planModifiers.useStateForUnknown] }),
    name: a.string({ required: true }),
    size: a.number({ optional: true, computed: true }),
    kind: a.string({ optional: true, default: 'plain' }),
    zone: a.string({ optional: true, planModifiers: [planModifiers.requiresReplace] }),
    secret: a.string({ optional: true, writeOnly: true }),
    stamp: a.string({ computed: true }),
  },
});
const NOTHING = { id: null, name: 'n', size: null, kind: null, zone: null, secret: null, stamp: null };
const STORED = { id: 'i', name: 'n', size: 3, kind: 'plain', zone: 'a', secret: null, stamp: 's' };

describe('the schema', () => {
  it('is told with what Terraform would refuse in it, by name', async () => {
    const wrong = planned(schema({ attributes: { count: a.string({ optional: true }) } }));
    const { diagnostics } = await new TestClient(wrong).call('GetProviderSchema', {});
    expect(diagnostics?.map(({ detail }) => detail)).toEqual([
      `resource x_thing: "count" is a word of Terraform's own in a resource. This is a bug of the provider.`,
    ]);
  });
});

describe('planning', () => {
  it('a create fills in defaults, and leaves what the provider decides unknown', async () => {
    const plan = await new TestClient(planned(thing)).plan(NOTHING);
    expect(plan).toMatchObject({ diagnostics: [], replace: [] });
    expect(plan.state).toEqual({
      ...NOTHING,
      id: UNKNOWN,
      size: UNKNOWN,
      kind: 'plain',
      stamp: UNKNOWN,
    });
  });

  it('no change plans none', async () => {
    const plan = await new TestClient(planned(thing)).plan({ ...NOTHING, zone: 'a' }, STORED);
    expect(plan.state).toEqual(STORED);
  });

  it('an update makes computed values unknown, but for those that keep their state', async () => {
    const plan = await new TestClient(planned(thing)).plan({ ...NOTHING, name: 'other', zone: 'a' }, STORED);
    expect(plan.state).toEqual({ ...STORED, name: 'other', size: UNKNOWN, stamp: UNKNOWN });
    expect(plan.replace).toEqual([]);
  });

  it('a write-only value is in no plan, and changes nothing by itself', async () => {
    const plan = await new TestClient(planned(thing)).plan({ ...NOTHING, zone: 'a', secret: 'hush' }, STORED);
    expect(plan.state).toEqual(STORED);
  });

  it('a removed optional value is planned as null, and an empty one as empty', async () => {
    const client = new TestClient(planned(thing));
    const removed = await client.plan(NOTHING, STORED);
    expect(removed.state).toMatchObject({ zone: null });
    expect(removed.replace).toEqual(['zone']);
    const empty = await client.plan({ ...NOTHING, zone: '', kind: '', size: 0 }, STORED);
    expect(empty.state).toMatchObject({ zone: '', kind: '', size: 0 });
  });

  it('a replacement is planned only where there is something to replace', async () => {
    const client = new TestClient(planned(thing));
    expect((await client.plan({ ...NOTHING, zone: 'b' }, STORED)).replace).toEqual(['zone']);
    expect((await client.plan({ ...NOTHING, zone: UNKNOWN }, STORED)).replace).toEqual(['zone']);
    expect((await client.plan({ ...NOTHING, zone: 'b' })).replace).toEqual([]);
  });

  it('a condition for a replacement is asked only where a stored value changes', async () => {
    const asked: unknown[] = [];
    const shrinks = planModifiers.requiresReplaceIf<number>('Shrinking replaces.', ({ state, plan }) => {
      asked.push([state, plan]);
      return typeof plan === 'number' && plan < (state ?? 0);
    });
    const definition = schema({
      attributes: {
        gib: a.number({ required: true, planModifiers: [shrinks] }),
        note: a.string({ optional: true }),
      },
    });
    const client = new TestClient(planned(definition));
    const prior = { gib: 5, note: null };
    expect((await client.plan({ gib: 4, note: null })).replace).toEqual([]);
    expect((await client.plan({ gib: 5, note: 'x' }, prior)).replace).toEqual([]);
    expect(asked).toEqual([]);
    expect((await client.plan({ gib: 6, note: null }, prior)).replace).toEqual([]);
    expect((await client.plan({ gib: 4, note: null }, prior)).replace).toEqual(['gib']);
    expect(asked).toEqual([
      [5, 6],
      [5, 4],
    ]);
  });

  it('a configured value that is not known yet stays unknown, and gets no default', async () => {
    const plan = await new TestClient(planned(thing)).plan({ ...NOTHING, kind: UNKNOWN }, STORED);
    expect(plan.state).toMatchObject({ kind: UNKNOWN });
  });

  it('modifiers run in order, each seeing what the one before it decided', async () => {
    const seen: unknown[] = [];
    const set = (value: string): PlanModifier<string> => ({
      description: '',
      modify: ({ plan }) => {
        seen.push(plan);
        return { plan: value };
      },
    });
    const definition = schema({
      attributes: { x: a.string({ computed: true, planModifiers: [set('1'), set('2')] }) },
    });
    const plan = await new TestClient(planned(definition)).plan({ x: null });
    expect(seen).toEqual([UNKNOWN, '1']);
    expect(plan.state).toEqual({ x: '2' });
  });

  it('the whole-resource hook comes last, changes computed values, and replaces', async () => {
    const resource = planned(thing, {
      async modifyPlan({ plan, requiresReplace }) {
        requiresReplace(path('stamp'));
        requiresReplace(path('name'));
        requiresReplace(path('stamp'));
        return plan && { ...plan, stamp: `of ${String(plan.kind)}` };
      },
    });
    const plan = await new TestClient(resource).plan(NOTHING);
    expect(plan.state).toMatchObject({ stamp: 'of plain' });
    expect(plan.replace).toEqual(['name', 'stamp']);
  });

  it('the hook sees destroys, can keep notes for apply, and can refuse', async () => {
    const resource = planned(thing, {
      async modifyPlan({ plan, state, config, diagnostics, privateState }) {
        expect({ plan, config }).toEqual({ plan: null, config: null });
        privateState.set('seen', { id: state?.id });
        diagnostics.error('Protected', 'It must not be destroyed.', path('name'));
        return undefined;
      },
    });
    const plan = await new TestClient(resource).plan(null, STORED);
    expect(plan.diagnostics).toEqual(['name: Protected: It must not be destroyed.']);
    expect(Buffer.from(plan.private).toString()).toBe('{"seen":{"id":"i"}}');
    expect(plan.state).toBeNull();
  });

  it('a plan that changes what the user wrote is refused with the attribute', async () => {
    const resource = planned(thing, {
      modifyPlan: async ({ plan }) => plan && { ...plan, name: 'mine', zone: 'z' },
    });
    const plan = await new TestClient(resource).plan(NOTHING);
    expect(plan.diagnostics.map((one) => one.split(':')[0])).toEqual(['name', 'zone']);
  });

  it('a resource without update replaces for every change of the user, not for computed values', async () => {
    const { update: _update, ...fixed } = planned(thing);
    const client = new TestClient(fixed);
    expect((await client.plan({ ...NOTHING, name: 'x', zone: 'a' }, STORED)).replace).toContain('name');
    expect((await client.plan({ ...NOTHING, zone: 'a' }, STORED)).replace).toEqual([]);
    expect((await client.plan({ ...NOTHING, name: 'x', zone: 'a' }, STORED)).replace).not.toContain('stamp');
  });

  it('the prior spelling is kept where both mean the same', async () => {
    const definition = schema({
      attributes: {
        code: a.string({ required: true, semanticEquals: (l, r) => l.toLowerCase() === r.toLowerCase() }),
        stamp: a.string({ computed: true }),
      },
    });
    const client = new TestClient(planned(definition));
    const prior = { code: 'ABC', stamp: 's' };
    expect((await client.plan({ code: 'abc', stamp: null }, prior)).state).toEqual(prior);
    expect((await client.plan({ code: 'abd', stamp: null }, prior)).state).toEqual({
      code: 'abd',
      stamp: UNKNOWN,
    });
  });
});

describe('planning nested values', () => {
  const inner = {
    key: a.string({ required: true }),
    mode: a.string({ optional: true, default: 'rw' }),
    handle: a.string({ computed: true }),
    pass: a.string({ optional: true, writeOnly: true }),
  };
  const nested = schema({
    attributes: {
      one: a.single({ attributes: inner, optional: true }),
      list: a.nestedList({ attributes: inner, optional: true }),
      set: a.nestedSet({ attributes: inner, optional: true }),
      map: a.nestedMap({ attributes: inner, optional: true }),
      made: a.single({ attributes: { x: a.string({ computed: true }) }, computed: true }),
    },
    blocks: { disk: b.list({ attributes: inner }), boot: b.single({ attributes: inner }) },
  });
  const given = (key: string) => ({ key, mode: null, handle: null, pass: 'p' });
  const expected = (key: string) => ({ key, mode: 'rw', handle: UNKNOWN, pass: null });

  it('reaches every depth on create', async () => {
    const config = {
      one: given('1'),
      list: [given('a'), given('b')],
      set: [given('s'), given('t')],
      map: { __proto__x: given('m') },
      made: null,
      disk: [given('d')],
      boot: null,
    };
    const plan = await new TestClient(planned(nested)).plan(config);
    expect(plan.diagnostics).toEqual([]);
    expect(plan.state).toEqual({
      one: expected('1'),
      list: [expected('a'), expected('b')],
      set: [expected('s'), expected('t')],
      map: { __proto__x: expected('m') },
      made: UNKNOWN,
      disk: [expected('d')],
      boot: null,
    });
  });

  it('keeps absent and empty collections apart', async () => {
    const config = { one: null, list: [], set: [], map: null, made: null, disk: [], boot: null };
    const plan = await new TestClient(planned(nested)).plan(config);
    expect(plan.state).toEqual({ ...config, made: UNKNOWN });
  });

  it('names the nested attribute that replaces', async () => {
    const definition = schema({
      attributes: {
        list: a.nestedList({
          optional: true,
          attributes: { key: a.string({ required: true, planModifiers: [planModifiers.requiresReplace] }) },
        }),
        tags: a.map({ element: t.string, optional: true }),
      },
    });
    const plan = await new TestClient(planned(definition)).plan(
      { list: [{ key: 'a' }, { key: 'c' }], tags: null },
      { list: [{ key: 'a' }, { key: 'b' }], tags: null },
    );
    expect(plan.replace).toEqual(['list.1.key']);
  });
});
