// For tests: a provider that uses everything the framework has. Keeps things as JSON files, and notes its calls in a file.
import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ArgumentError,
  a,
  b,
  defineFunction,
  failure,
  isKnown,
  isUnknown,
  type PlanModifier,
  type PlannedModel,
  planModifiers,
  type StateModel,
  schema,
  t,
  timeoutMs,
  timeouts,
  UNKNOWN,
  type Unknown,
  validators,
  withProviderData,
} from '../index.ts';

interface Place {
  readonly folder: string;
}
const { defineResource, defineDataSource, defineEphemeralResource, defineProvider } =
  withProviderData<Place>();

const fileOf = ({ folder }: Place, id: string) => join(folder, `${id}.thing.json`);
const note = ({ folder }: Place, line: string) => appendFile(join(folder, 'calls'), `${line}\n`);
const integer = (json: unknown): number => {
  if (typeof json !== 'number') throw new TypeError('not a number');
  return json;
};

/** What each nested object has: something required, something with a default, something the service decides. */
const part = {
  key: a.string({ required: true, validators: [validators.matches(/^[a-z]/, 'must start with a letter')] }),
  mode: a.string({ optional: true, default: 'rw' }),
  handle: a.string({ computed: true }),
};

/** Unknown only where a new password is announced. */
const followsPassword: PlanModifier<number> = {
  description: 'Changes with the password.',
  modify({ state, plan, isCreate, privateState }) {
    privateState.set('planned', true);
    return isUnknown(plan) && !isCreate && state !== null ? { plan: state } : undefined;
  },
};

const thingSchema = schema({
  version: 1,
  description: 'A thing with values of every kind.',
  attributes: {
    id: a.string({ computed: true, nonNull: true, planModifiers: [planModifiers.useStateForUnknown] }),
    name: a.string({
      required: true,
      validators: [validators.length({ max: 20 })],
      planModifiers: [
        planModifiers.requiresReplaceIf<string>(
          'A shorter name replaces the thing.',
          ({ state, plan }) => isKnown(plan) && (plan ?? '').length < (state ?? '').length,
        ),
      ],
    }),
    nickname: a.string({ optional: true, deprecated: 'Use title.' }),
    title: a.string({ optional: true, semanticEquals: (l, r) => l.toLowerCase() === r.toLowerCase() }),
    secret: a.string({ optional: true, sensitive: true }),
    password: a.string({ optional: true, writeOnly: true }),
    password_version: a.number({ optional: true }),
    password_length: a.number({ computed: true, planModifiers: [followsPassword] }),
    revision: a.number({ computed: true, description: 'How often it was applied; kept as private state.' }),
    count_of: a.number({ optional: true, default: 3 }),
    exact: a.decimal({ optional: true }),
    huge: a.string({ optional: true }),
    zones: a.set({ element: t.string, optional: true }),
    steps: a.list({ element: t.number, optional: true }),
    sizes: a.map({ element: t.decimal, optional: true }),
    any: a.value(t.dynamic, { optional: true }),
    pair: a.value(t.object({ left: t.string, right: t.nullable(t.bool) }), { optional: true }),
    one: a.single({ attributes: part, optional: true }),
    some: a.nestedList({ attributes: part, optional: true }),
    bag: a.nestedSet({ attributes: part, optional: true }),
    by_name: a.nestedMap({ attributes: part, optional: true }),
    timeouts: timeouts(),
  },
  blocks: {
    boot: b.single({ attributes: part }),
    disk: b.list({ attributes: part, maxItems: 3, blocks: { hole: b.list({ attributes: part }) } }),
    port: b.set({ attributes: part }),
    mount: b.map({ attributes: part }),
  },
});
type Planned = PlannedModel<typeof thingSchema>;
type Thing = StateModel<typeof thingSchema>;

/** Fills in every handle that is left to the service, at any depth. */
function withHandles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHandles);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
    const decided = key === 'handle' && 'key' in value ? `handle of ${value.key}` : withHandles(one);
    return [key, decided];
  });
  return Object.fromEntries(entries);
}

/** What the service makes of a plan: it shouts titles. */
async function store(place: Place, plan: Planned, decided: Partial<Thing> & { readonly id: string }) {
  // The handles were the last unknown values.
  const state = withHandles({ ...plan, title: plan.title?.toUpperCase() ?? null, ...decided }) as Thing;
  await writeFile(fileOf(place, decided.id), JSON.stringify(state));
  return state;
}

const thing = defineResource({
  schema: thingSchema,
  async create({ plan, config, provider, privateState, setState, signal, log }) {
    const id = randomUUID();
    privateState.set('revision', 1);
    setState({ id });
    log.info('made a thing', { id, planned: privateState.get('planned', Boolean) ?? false });
    await note(provider, `create ${plan.name} ${timeoutMs(plan.timeouts, 'create', 1)}`);
    if (plan.nickname === 'slow') {
      // Until it is told to stop.
      await sleep(60_000, undefined, { signal }).catch(async (error: unknown) => {
        await note(provider, `stop ${plan.name}`);
        throw error;
      });
    }
    return store(provider, plan, { id, revision: 1, password_length: config.password?.length ?? 0 });
  },
  async read({ state, provider }) {
    const text = await readFile(fileOf(provider, state.id), 'utf8').catch(() => null);
    return text === null ? null : (JSON.parse(text) as Thing);
  },
  async update({ plan, config, state, provider, privateState }) {
    const revision = (privateState.get('revision', integer) ?? 0) + 1;
    privateState.set('revision', revision);
    const changed = isUnknown(plan.password_length);
    return store(provider, plan, {
      id: state.id,
      revision,
      password_length: changed ? (config.password?.length ?? 0) : state.password_length,
    });
  },
  async delete({ state, provider }) {
    await rm(fileOf(provider, state.id), { force: true });
  },
  importState: async ({ id }) => ({ id }),
  async modifyPlan({ plan, state }) {
    if (plan === null || state === null) return undefined;
    const announced = plan.password_version !== state.password_version;
    return announced ? { ...plan, password_length: UNKNOWN as Unknown } : undefined;
  },
  async moveState({ sourceTypeName, sourceProviderAddress, sourceState, privateState }) {
    const known = ['registry.terraform.io/example/notes', 'registry.terraform.io/example/things'];
    if (!known.includes(sourceProviderAddress) || !['notes_note', 'things_old'].includes(sourceTypeName)) {
      return undefined;
    }
    privateState.set('revision', 7);
    return { id: sourceState.id, name: sourceState.title };
  },
  upgradeState: { 0: async ({ rawState }) => ({ ...rawState, name: rawState.label }) },
});

const old = defineResource({
  schema: schema({
    attributes: { id: a.string({ computed: true, nonNull: true }), title: a.string({ required: true }) },
  }),
  async create({ plan, provider }) {
    const id = randomUUID();
    await writeFile(fileOf(provider, id), JSON.stringify({ id, name: plan.title, count_of: 3, revision: 7 }));
    return { id, title: plan.title };
  },
  read: async ({ state }) => ({ id: state.id, title: state.title ?? '' }),
  async delete() {},
});

const task = defineResource({
  schema: schema({
    attributes: {
      id: a.string({ computed: true, nonNull: true }),
      waits_for: a.string({ required: true, description: 'A line among the calls.' }),
      token: a.string({ optional: true, writeOnly: true }),
    },
  }),
  async create({ plan, provider, signal }) {
    const calls = async () => (await readFile(join(provider.folder, 'calls'), 'utf8')).split('\n');
    while (!(await calls()).includes(plan.waits_for)) await sleep(20, undefined, { signal });
    return { ...plan, id: 'task' };
  },
  read: async ({ state }) => ({ id: state.id, waits_for: state.waits_for ?? '' }),
  async delete() {},
});

const lease = defineEphemeralResource({
  schema: schema({
    attributes: {
      purpose: a.string({ required: true }),
      token: a.string({ computed: true, sensitive: true }),
    },
  }),
  async open({ config, provider, privateState }) {
    if (config.purpose === 'none') throw failure('No lease', 'There is none for that.', undefined);
    privateState.set('purpose', config.purpose);
    await note(provider, `open ${config.purpose}`);
    return { result: { ...config, token: `token-${randomUUID()}` }, renewAt: new Date(Date.now() + 200) };
  },
  async renew({ provider, privateState }) {
    await note(provider, `renew ${privateState.get('purpose', String)}`);
    return {};
  },
  async close({ provider, privateState }) {
    await note(provider, `close ${privateState.get('purpose', String)}`);
  },
});

const echo = defineDataSource({
  schema: schema({
    attributes: {
      value: a.value(t.dynamic, { required: true }),
      text: a.string({ computed: true }),
    },
  }),
  read: async ({ config }) => ({ value: config.value, text: JSON.stringify(config.value.value) }),
});

const total = defineFunction({
  summary: 'Adds numbers up, and keeps a text beside them.',
  parameters: [{ name: 'text', type: t.nullable(t.string) }],
  variadic: { name: 'numbers', type: t.number },
  returns: t.object({ text: t.string, sum: t.number }),
  async call({ args: [text], rest }) {
    const odd = rest.findIndex((one) => !Number.isSafeInteger(one * 2));
    if (odd >= 0) throw new ArgumentError(odd + 1, 'halves are the smallest there is');
    return { text: text ?? 'none', sum: rest.reduce((sum, one) => sum + one, 0) };
  },
});

const same = defineFunction({
  summary: 'Gives back what it is given.',
  parameters: [{ name: 'value', type: t.dynamic }],
  returns: t.dynamic,
  call: async ({ args: [value] }) => value,
});

/** The provider. */
export const provider = defineProvider({
  address: 'registry.terraform.io/example/things',
  version: '0.2.0',
  schema: schema({ attributes: { folder: a.string({ required: true }) } }),
  async configure({ config, defer }) {
    if (!isKnown(config.folder)) defer();
    return { folder: isKnown(config.folder) ? config.folder : '' };
  },
  finish: ({ provider: place }) => appendFile(join(place.folder, 'finished'), 'in good order\n'),
  resources: { things_thing: thing, things_old: old, things_task: task },
  dataSources: { things_echo: echo },
  ephemeralResources: { things_lease: lease },
  functions: { total, same },
});
