// Secrets that Terraform never stores: a key that lives while Terraform runs, and a box that is locked with it.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { a, planModifiers, schema, withProviderData } from '../index.ts';

const { defineEphemeralResource, defineResource, defineProvider } = withProviderData<{ prefix: string }>();

const HOUR_MS = 3_600_000;
const fingerprint = (key: string) => createHash('sha256').update(key).digest('hex');

const key = defineEphemeralResource({
  schema: schema({ attributes: { value: a.string({ computed: true, sensitive: true }) } }),
  async open({ provider, privateState }) {
    privateState.set('lease', randomUUID());
    const value = `${provider.prefix}${randomBytes(16).toString('hex')}`;
    return { result: { value }, renewAt: new Date(Date.now() + HOUR_MS) };
  },
  async renew({ privateState, log }) {
    log.info('the key lives on', { lease: privateState.get('lease', String) });
    return { renewAt: new Date(Date.now() + HOUR_MS) };
  },
  async close({ privateState, log }) {
    log.info('the key is gone', { lease: privateState.get('lease', String) });
  },
});

const box = defineResource({
  schema: schema({
    attributes: {
      id: a.string({ computed: true, nonNull: true, planModifiers: [planModifiers.useStateForUnknown] }),
      key: a.string({ required: true, writeOnly: true }),
      key_version: a.number({ required: true, description: 'Raise it to lock the box anew.' }),
      fingerprint: a.string({ computed: true }),
    },
  }),
  create: async ({ plan, config }) => ({ ...plan, id: randomUUID(), fingerprint: fingerprint(config.key) }),
  read: async ({ state }) => ({ ...state, key_version: state.key_version ?? 0 }),
  update: async ({ plan, state, config }) => ({
    ...plan,
    id: state.id,
    fingerprint: fingerprint(config.key),
  }),
  async delete() {},
});

export const provider = defineProvider({
  address: 'registry.terraform.io/example/locker',
  version: '0.1.0',
  schema: schema({}),
  configure: async () => ({ prefix: 'key-' }),
  resources: { locker_box: box },
  ephemeralResources: { locker_key: key },
});
