// The model types that follow from a schema. The assertions are checked by the type checker.
import { describe, expectTypeOf, it } from 'vitest';
import { timeouts } from '../definition/timeouts.ts';
import type { Unknown } from '../values/unknown.ts';
import { a } from './attribute.ts';
import {
  b,
  type ConfigModel,
  type KnownConfigModel,
  type PartialState,
  type PlanModel,
  type PlannedModel,
  type StateModel,
  type StubModel,
  schema,
} from './schema.ts';
import { t } from './type.ts';

const example = schema({
  attributes: {
    id: a.string({ computed: true, nonNull: true }),
    name: a.string({ required: true }),
    size: a.number({ optional: true, computed: true }),
    kind: a.string({ optional: true, default: 'x' }),
    note: a.string({ optional: true }),
    secret: a.string({ required: true, writeOnly: true }),
    names: a.list({ element: t.string, optional: true }),
    source: a.single({
      required: true,
      attributes: { file: a.string({ optional: true }), hash: a.string({ computed: true }) },
    }),
    timeouts: timeouts(),
  },
  blocks: { disk: b.list({ attributes: { gib: a.number({ required: true }) } }) },
});
type S = typeof example;

describe('model types', () => {
  it('have unknown values in configurations and plans', () => {
    expectTypeOf<ConfigModel<S>['id']>().toEqualTypeOf<null>();
    expectTypeOf<ConfigModel<S>['name']>().toEqualTypeOf<string | Unknown>();
    expectTypeOf<ConfigModel<S>['secret']>().toEqualTypeOf<string | Unknown>();
    expectTypeOf<PlanModel<S>['id']>().toEqualTypeOf<string | Unknown>();
    expectTypeOf<PlanModel<S>['kind']>().toEqualTypeOf<string | Unknown>();
    expectTypeOf<PlanModel<S>['names']>().toEqualTypeOf<readonly (string | Unknown)[] | Unknown | null>();
  });

  it('have unknown values at apply only where they are computed', () => {
    expectTypeOf<PlannedModel<S>['id']>().toEqualTypeOf<string | Unknown>();
    expectTypeOf<PlannedModel<S>['name']>().toEqualTypeOf<string>();
    expectTypeOf<PlannedModel<S>['size']>().toEqualTypeOf<number | Unknown | null>();
    expectTypeOf<PlannedModel<S>['kind']>().toEqualTypeOf<string>();
    expectTypeOf<PlannedModel<S>['source']>().toEqualTypeOf<{
      readonly file: string | null;
      readonly hash: string | Unknown | null;
    }>();
    expectTypeOf<KnownConfigModel<S>['secret']>().toEqualTypeOf<string>();
  });

  it('have nothing unknown and nothing write-only in state', () => {
    expectTypeOf<StateModel<S>['size']>().toEqualTypeOf<number | null>();
    expectTypeOf<StateModel<S>['disk']>().toEqualTypeOf<readonly { readonly gib: number }[]>();
    expectTypeOf<'secret' extends keyof StateModel<S> ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<StubModel<S>['id']>().toEqualTypeOf<string>();
    expectTypeOf<StubModel<S>['name']>().toEqualTypeOf<string | null>();
  });

  it('demand only the non-null attributes of a partial state', () => {
    expectTypeOf<{ id: string }>().toExtend<PartialState<S>>();
    expectTypeOf<{ name: string }>().not.toExtend<PartialState<S>>();
  });
});
