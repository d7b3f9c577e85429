// Ephemeral resources through the wire: open, renew, close, and what happens when one of them fails.
import { describe, expect, it } from 'vitest';
import type { AnyEphemeralResource, EphemeralResource } from '../definition/ephemeral-resource.ts';
import { withProviderData } from '../definition/provider.ts';
import { validators } from '../definition/validator.ts';
import { failure } from '../diagnostics.ts';
import { a } from '../schema/attribute.ts';
import { schema } from '../schema/schema.ts';
import { typeOf } from '../schema/shape.ts';
import { decodeValue, encodeValue } from '../values/codec.ts';
import { path } from '../values/path.ts';
import { UNKNOWN } from '../values/unknown.ts';
import { ProviderClient, plain, texts } from './test-client.ts';

const { defineEphemeralResource } = withProviderData<string>();

const token = schema({
  attributes: {
    user: a.string({ required: true, validators: [validators.length({ max: 5 })] }),
    value: a.string({ computed: true, sensitive: true }),
  },
});
type Token = EphemeralResource<typeof token, string>;
const type = typeOf(token);
const NAME = { typeName: 'x_token' };
const text = (json: unknown): string => String(json);

const client = (some: Partial<Token>) => {
  const definition: Token = {
    schema: token,
    open: async () => {
      throw new Error('not called in this test');
    },
    ...some,
  };
  const erased = defineEphemeralResource(definition) as AnyEphemeralResource<string>;
  return new ProviderClient({ ephemeralResources: { x_token: erased } });
};

async function open(it_: ProviderClient, user: unknown = 'me') {
  const config = { msgpack: encodeValue(type, { user, value: null }), json: new Uint8Array(0) };
  const {
    result,
    renewAt,
    private: kept,
    diagnostics,
  } = await it_.call('OpenEphemeralResource', {
    ...NAME,
    config,
  });
  return {
    result: result === undefined ? undefined : plain(decodeValue(type, result.msgpack)),
    renewAt,
    kept: kept ?? new Uint8Array(0),
    diagnostics: texts(diagnostics),
  };
}

describe('an ephemeral resource', () => {
  it('is opened, renewed and closed, and keeps private data between them', async () => {
    const seen: string[] = [];
    const it_ = client({
      async open({ config, provider, privateState }) {
        privateState.set('id', 'first');
        return { result: { ...config, value: `${provider} of ${config.user}` }, renewAt: new Date(1_500) };
      },
      async renew({ privateState }) {
        seen.push(`renew ${privateState.get('id', text)}`);
        privateState.set('id', 'second');
        return seen.length === 1 ? { renewAt: new Date('2100-01-01T00:00:00.250Z') } : {};
      },
      async close({ privateState, provider }) {
        seen.push(`close ${privateState.get('id', text)} with ${provider}`);
      },
    });
    const opened = await open(it_);
    expect(opened).toMatchObject({
      result: { user: 'me', value: 'data of me' },
      renewAt: { seconds: 1, nanos: 500_000_000 },
      diagnostics: [],
    });
    const renewed = await it_.call('RenewEphemeralResource', { ...NAME, private: opened.kept });
    expect(renewed.renewAt).toEqual({ seconds: 4_102_444_800, nanos: 250_000_000 });
    const last = await it_.call('RenewEphemeralResource', {
      ...NAME,
      private: renewed.private ?? new Uint8Array(0),
    });
    expect(last.renewAt).toBeUndefined();
    const closed = await it_.call('CloseEphemeralResource', { ...NAME, private: opened.kept });
    expect(closed.diagnostics).toEqual([]);
    expect(seen).toEqual(['renew first', 'renew second', 'close first with data']);
  });

  it('may do without renew and close', async () => {
    const it_ = client({ open: async ({ config }) => ({ result: { ...config, value: 'v' } }) });
    expect(await open(it_)).toMatchObject({ renewAt: undefined, diagnostics: [] });
    expect((await it_.call('CloseEphemeralResource', NAME)).diagnostics).toEqual([]);
    expect(texts((await it_.call('RenewEphemeralResource', NAME)).diagnostics)).toEqual([
      'The value cannot be renewed: x_token has no renew.',
    ]);
  });

  it('that fails to open gives no result, and is not closed', async () => {
    let closed = 0;
    const it_ = client({
      open: async () => Promise.reject(failure('Refused', 'No such user.', path('user'))),
      close: async () => {
        closed++;
      },
    });
    expect(await open(it_)).toMatchObject({
      result: undefined,
      diagnostics: ['user: Refused: No such user.'],
    });
    expect(closed).toBe(0);
  });

  it.each([
    ['changes what the user wrote', { user: 'you', value: 'v' }, undefined, 'user'],
    ['leaves a value unknown', { user: 'me', value: UNKNOWN as unknown as string }, undefined, 'value'],
    [
      'names no valid moment',
      { user: 'me', value: 'v' },
      new Date(Number.NaN),
      'The provider returned no moment',
    ],
  ])('whose open %s is closed at once: Terraform would not do it', async (_what, result, renewAt, blamed) => {
    let closed = '';
    const it_ = client({
      async open({ privateState }) {
        privateState.set('id', 'made');
        return { result, renewAt };
      },
      async close({ privateState }) {
        closed = privateState.get('id', text) ?? '';
      },
    });
    const opened = await open(it_);
    expect(opened.result).toBeUndefined();
    expect(opened.diagnostics[0]?.split(':')[0]).toBe(blamed);
    expect(closed).toBe('made');
  });

  it('is stopped by Ctrl-C like any other call', async () => {
    const it_ = client({
      open: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    const opening = open(it_);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await it_.call('StopProvider', {});
    expect((await opening).diagnostics).toEqual([
      'Cancelled: Opening x_token did not finish: Terraform was interrupted.',
    ]);
  });

  it('is validated by its attributes and by itself', async () => {
    const it_ = client({
      async validateConfig({ config, diagnostics }) {
        if (config.user === 'bad') diagnostics.error('Bad', 'No.', path('user'));
      },
    });
    const validate = async (user: unknown) => {
      const config = { msgpack: encodeValue(type, { user, value: null }), json: new Uint8Array(0) };
      return texts((await it_.call('ValidateEphemeralResourceConfig', { ...NAME, config })).diagnostics);
    };
    expect(await validate('longer')).toEqual([
      'user: Invalid value: user must have at most 5 characters; got "longer".',
    ]);
    expect(await validate('bad')).toEqual(['user: Bad: No.']);
    expect(await validate(UNKNOWN)).toEqual([]);
  });

  it('is in the schema, and unknown ones are refused by name', async () => {
    const it_ = client({});
    const { ephemeralResourceSchemas } = await it_.call('GetProviderSchema', {});
    expect(Object.keys(ephemeralResourceSchemas ?? {})).toEqual(['x_token']);
    await expect(it_.call('OpenEphemeralResource', { typeName: 'toString' })).rejects.toThrow(
      'this provider has no ephemeral resource type "toString"',
    );
  });
});
