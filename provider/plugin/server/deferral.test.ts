// A provider whose configuration is not known yet: everything is put off where Terraform can wait, and only there.
import { describe, expect, it } from 'vitest';
import { withProviderData } from '../definition/provider.ts';
import type { AnyResource } from '../definition/resource.ts';
import { a } from '../schema/attribute.ts';
import { schema } from '../schema/schema.ts';
import { typeOf } from '../schema/shape.ts';
import { decodeValue, encodeValue } from '../values/codec.ts';
import { isUnknown, UNKNOWN } from '../values/unknown.ts';
import { ProviderClient, plain, texts } from './test-client.ts';

const { defineResource, defineDataSource, defineEphemeralResource } = withProviderData<string>();

const config = schema({ attributes: { endpoint: a.string({ required: true }) } });
const thing = schema({
  attributes: { id: a.string({ computed: true }), name: a.string({ required: true }) },
});
const type = typeOf(thing);
const bytes = (value: unknown) => ({ msgpack: encodeValue(type, value), json: new Uint8Array(0) });
const CONFIG = bytes({ id: null, name: 'n' });
const STORED = bytes({ id: 'i', name: 'n' });
const DEFERRED = { reason: 2 };

/** A client whose provider calls `defer` where its endpoint is unknown, and the handlers that ran. */
async function configured(endpoint: unknown, allowed: boolean) {
  const ran: string[] = [];
  const answers: boolean[] = [];
  const result = { id: 'i', name: 'n' };
  const resource = defineResource<typeof thing>({
    schema: thing,
    create: async () => result,
    delete: async () => {},
    async read() {
      ran.push('read');
      return result;
    },
    async modifyPlan() {
      ran.push('modifyPlan');
      return undefined;
    },
    async importState() {
      ran.push('import');
      return result;
    },
  });
  const data = defineDataSource<typeof thing>({
    schema: thing,
    async read() {
      ran.push('data');
      return result;
    },
  });
  const ephemeral = defineEphemeralResource<typeof thing>({
    schema: thing,
    async open() {
      ran.push('open');
      return { result };
    },
  });
  const client = new ProviderClient({
    schema: config,
    async configure({ config: given, defer }) {
      if (isUnknown(given.endpoint)) answers.push(defer());
      return 'data';
    },
    resources: { x_thing: resource as AnyResource<string> },
    dataSources: { x_thing: data as never },
    ephemeralResources: { x_thing: ephemeral as never },
  });
  const { diagnostics } = await client.call('ConfigureProvider', {
    config: { msgpack: encodeValue(typeOf(config), { endpoint }), json: new Uint8Array(0) },
    clientCapabilities: { deferralAllowed: allowed, writeOnlyAttributesAllowed: true },
  });
  expect(texts(diagnostics)).toEqual([]);
  const clientCapabilities = { deferralAllowed: allowed, writeOnlyAttributesAllowed: true };
  const typeName = 'x_thing';
  const plan = await client.call('PlanResourceChange', {
    typeName,
    config: CONFIG,
    proposedNewState: CONFIG,
    clientCapabilities,
  });
  const read = await client.call('ReadResource', { typeName, currentState: STORED, clientCapabilities });
  const imported = await client.call('ImportResourceState', { typeName, id: 'i', clientCapabilities });
  const found = await client.call('ReadDataSource', { typeName, config: CONFIG, clientCapabilities });
  const opened = await client.call('OpenEphemeralResource', { typeName, config: CONFIG, clientCapabilities });
  return { ran, answers, plan, read, imported, found, opened };
}

const decoded = (value: { readonly msgpack: Uint8Array } | undefined) =>
  plain(decodeValue(type, value?.msgpack ?? new Uint8Array(0)));

describe('a provider that cannot plan yet', () => {
  it('puts everything off where Terraform can wait, and runs no handler', async () => {
    const { ran, answers, plan, read, imported, found, opened } = await configured(UNKNOWN, true);
    expect(answers).toEqual([true]);
    expect(ran).toEqual([]);
    expect([plan, read, imported, found, opened].map(({ deferred }) => deferred)).toEqual(
      new Array(5).fill(DEFERRED),
    );
    expect(decoded(plan.plannedState)).toEqual({ id: UNKNOWN, name: 'n' });
    expect(decoded(read.newState)).toEqual({ id: 'i', name: 'n' });
    expect(decoded(imported.importedResources?.[0]?.state)).toBe(UNKNOWN);
    expect(decoded(found.state)).toBe(UNKNOWN);
  });

  it.each([
    ['Terraform cannot wait', UNKNOWN, false, [false]],
    ['everything is known', 'https://example.com', true, []],
  ])('runs its handlers where %s', async (_why, endpoint, allowed, expected) => {
    const { ran, answers, plan, read, imported, found, opened } = await configured(endpoint, allowed);
    expect(answers).toEqual(expected);
    expect(ran).toEqual(['modifyPlan', 'read', 'import', 'data', 'open']);
    expect([plan, read, imported, found, opened].map(({ deferred }) => deferred)).toEqual(
      new Array(5).fill(undefined),
    );
  });
});
