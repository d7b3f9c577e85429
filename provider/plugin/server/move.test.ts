// MoveResourceState through the wire.
import { describe, expect, it } from 'vitest';
import { withProviderData } from '../definition/provider.ts';
import type { AnyResource, Resource } from '../definition/resource.ts';
import { a } from '../schema/attribute.ts';
import { schema } from '../schema/schema.ts';
import { typeOf } from '../schema/shape.ts';
import { decodeValue } from '../values/codec.ts';
import { ProviderClient, plain, texts } from './test-client.ts';

const { defineResource } = withProviderData<string>();
const OURS = 'registry.terraform.io/test/x';

const target = schema({
  attributes: {
    id: a.string({ computed: true, nonNull: true }),
    bytes: a.decimal({ optional: true }),
    secret: a.string({ optional: true, writeOnly: true }),
  },
});
const never = async () => {
  throw new Error('not called in this test');
};
const client = (moveState?: Resource<typeof target, string>['moveState']) => {
  const resource = defineResource<typeof target>({
    schema: target,
    create: never,
    read: never,
    delete: never,
    ...(moveState && { moveState }),
  });
  return new ProviderClient({ resources: { x_new: resource as AnyResource<string> } });
};

async function move(it_: ProviderClient, json: string, sourceProviderAddress = OURS) {
  const { targetState, targetPrivate, diagnostics } = await it_.call('MoveResourceState', {
    sourceProviderAddress,
    sourceTypeName: 'x_old',
    sourceSchemaVersion: 3,
    sourceState: { json: Buffer.from(json) },
    sourcePrivate: Buffer.from('{"note":"kept"}'),
    targetTypeName: 'x_new',
  });
  return {
    state: targetState === undefined ? undefined : plain(decodeValue(typeOf(target), targetState.msgpack)),
    kept: Buffer.from(targetPrivate ?? []).toString(),
    diagnostics: texts(diagnostics),
  };
}

const takeOver: Resource<typeof target, string>['moveState'] = async (source) =>
  source.sourceTypeName === 'x_old' && source.sourceSchemaVersion === 3
    ? { id: source.sourceState.key, bytes: source.sourceState.size, secret: 'never stored' }
    : undefined;

describe('moving an object to another resource type', () => {
  it('keeps every digit and the private data, and stores nothing write-only', async () => {
    const moved = await move(client(takeOver), '{"key":"i","size":9007199254740993,"more":[]}');
    expect(moved).toEqual({
      state: { id: 'i', bytes: '9007199254740993', secret: null },
      kept: '{"note":"kept"}',
      diagnostics: [],
    });
  });

  it('drops what another provider kept for itself', async () => {
    expect((await move(client(takeOver), '{"key":"i"}', 'registry.terraform.io/b/x')).kept).toBe('');
  });

  it.each([
    ['the resource has no such ability', client()],
    ['it does not know the source', client(async () => undefined)],
  ])('is refused where %s', async (_why, it_) => {
    const { state, diagnostics } = await move(it_, '{"key":"i"}');
    expect(state).toBeUndefined();
    expect(diagnostics[0]).toContain(
      `The resource cannot be moved: x_new cannot take over a x_old of ${OURS}`,
    );
  });

  it('is offered only where a resource can do it', async () => {
    const offered = async (it_: ProviderClient) =>
      (await it_.call('GetProviderSchema', {})).serverCapabilities?.moveResourceState;
    expect(await offered(client())).toBe(false);
    expect(await offered(client(takeOver))).toBe(true);
  });
});
