// For tests: calls a provider's routes as Terraform would, through the bytes of the wire, without a process.
import { type AnyProvider, type Provider, withProviderData } from '../definition/provider.ts';
import type { AnyResource } from '../definition/resource.ts';
import type { Logger } from '../logger.ts';
import { type Schema, schema } from '../schema/schema.ts';
import { typeOf } from '../schema/shape.ts';
import { decodeValue, encodeValue } from '../values/codec.ts';
import { decode, encode, type Message } from '../wire/protobuf.ts';
import { calls } from '../wire/tfplugin6.ts';
import type { CallName, CallRequestOf, CallResponseOf } from './calls.ts';
import { ServerContext } from './context.ts';
import { providerRoutes } from './routes.ts';
import { toDynamic } from './to-proto.ts';

const nothing = () => {};
const silent: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => silent,
};

/** The values of an object. */
type Values = Readonly<Record<string, unknown>>;

/** What an apply left. */
export interface Applied {
  readonly state: unknown;
  readonly private: Uint8Array;
  readonly diagnostics: readonly string[];
}

/** Talks to a provider that is configured already, with `'data'` as what its handlers get. */
export class ProviderClient {
  readonly context: ServerContext;
  readonly #routes: ReturnType<typeof providerRoutes>;

  constructor(offers: Partial<Provider<Schema, string>>) {
    const { defineProvider } = withProviderData<string>();
    const provider = defineProvider({
      address: 'registry.terraform.io/test/x',
      version: '0',
      schema: schema({}),
      configure: async () => 'data',
      resources: {},
      ...offers,
    });
    this.context = new ServerContext(provider as AnyProvider, silent);
    this.context.setConfigured('data');
    this.#routes = providerRoutes(this.context);
  }

  /** One call over the wire's bytes. */
  async call<N extends CallName>(name: N, request: Partial<CallRequestOf<N>>): Promise<CallResponseOf<N>> {
    const route = this.#routes.get(`/tfplugin6.Provider/${name}`);
    if (route === undefined) throw new Error(`no route ${name}`);
    // The table pairs each name with its messages; the compiler cannot follow the index.
    const types = calls[name] as unknown as {
      request: Message<CallRequestOf<N>>;
      response: Message<Required<CallResponseOf<N>>>;
    };
    const bytes = await route(encode(types.request, request), new AbortController().signal);
    return decode(types.response, bytes);
  }
}

/** Talks to one resource type, `x_thing`. */
export class TestClient extends ProviderClient {
  readonly #resource: AnyResource<string>;

  constructor(resource: AnyResource<string>) {
    super({ resources: { x_thing: resource } });
    this.#resource = resource;
  }

  get type() {
    return typeOf(this.#resource.schema);
  }

  value(value: Values | null) {
    return toDynamic(this.type, value);
  }

  decoded(dynamic: { readonly msgpack: Uint8Array } | undefined): unknown {
    return dynamic === undefined || dynamic.msgpack.length === 0
      ? null
      : plain(decodeValue(this.type, dynamic.msgpack));
  }

  /** Plans as Terraform does: the proposed state is the configuration, with prior values where it has null. */
  async plan(config: Values | null, prior: Values | null = null, proposed?: Values) {
    const merged = config === null ? null : (proposed ?? this.#proposed(config, prior));
    const response = await this.call('PlanResourceChange', {
      typeName: 'x_thing',
      config: this.value(config),
      priorState: this.value(prior),
      proposedNewState: this.value(merged),
    });
    return {
      state: this.decoded(response.plannedState) as Record<string, unknown> | null,
      replace: (response.requiresReplace ?? []).map(({ steps }) =>
        steps.map((step) => step.attributeName ?? step.elementKeyString ?? step.elementKeyInt).join('.'),
      ),
      private: response.plannedPrivate ?? new Uint8Array(0),
      diagnostics: texts(response.diagnostics),
    };
  }

  #proposed(config: Values, prior: Values | null): Values {
    const result: Record<string, unknown> = {};
    for (const [name, attribute] of Object.entries(this.#resource.schema.attributes)) {
      const given = config[name] ?? null;
      result[name] = given === null && attribute.computed ? (prior?.[name] ?? null) : given;
    }
    for (const name of Object.keys(this.#resource.schema.blocks)) result[name] = config[name];
    return result;
  }

  /** Applies a plan. */
  async apply(config: Values | null, planned: Values | null, prior: Values | null = null): Promise<Applied> {
    const response = await this.call('ApplyResourceChange', {
      typeName: 'x_thing',
      config: this.value(config),
      plannedState: this.value(planned),
      priorState: this.value(prior),
    });
    return {
      state: this.decoded(response.newState),
      private: response.private ?? new Uint8Array(0),
      diagnostics: texts(response.diagnostics),
    };
  }

  async read(state: Values): Promise<Applied> {
    const response = await this.call('ReadResource', {
      typeName: 'x_thing',
      currentState: this.value(state),
    });
    return {
      state: this.decoded(response.newState),
      private: response.private ?? new Uint8Array(0),
      diagnostics: texts(response.diagnostics),
    };
  }

  async validate(config: Values): Promise<readonly string[]> {
    const response = await this.call('ValidateResourceConfig', {
      typeName: 'x_thing',
      config: { msgpack: encodeValue(nullable(this.type), config), json: new Uint8Array(0) },
    });
    return texts(response.diagnostics);
  }

  async upgrade(version: number, json: string): Promise<Applied> {
    const response = await this.call('UpgradeResourceState', {
      typeName: 'x_thing',
      version,
      rawState: { json: Buffer.from(json) },
    });
    return {
      state: this.decoded(response.upgradedState),
      private: new Uint8Array(0),
      diagnostics: texts(response.diagnostics),
    };
  }
}

/** The same type with null allowed everywhere: what Terraform may send. */
function nullable(type: TestClient['type']): TestClient['type'] {
  const change = (one: typeof type): typeof type => {
    if ('element' in one) return { ...one, nullable: true, element: change(one.element) };
    if (one.kind !== 'object') return { ...one, nullable: true };
    const attributes = Object.fromEntries(
      Object.entries(one.attributes).map(([name, inner]) => [name, change(inner)]),
    );
    return { ...one, nullable: true, attributes };
  };
  return change(type);
}

/** Diagnostics as `path: summary: detail`. */
export function texts(
  diagnostics:
    | readonly {
        summary: string;
        detail: string;
        attribute:
          | {
              steps: readonly { attributeName: unknown; elementKeyString: unknown; elementKeyInt: unknown }[];
            }
          | undefined;
      }[]
    | undefined,
): readonly string[] {
  return (diagnostics ?? []).map(({ summary, detail, attribute }) => {
    const at = attribute?.steps
      .map((s) => s.attributeName ?? s.elementKeyString ?? s.elementKeyInt)
      .join('.');
    return `${at === undefined ? '' : `${at}: `}${summary}: ${detail}`;
  });
}

/** Ordinary objects, for comparison. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
