// The framework's definers for handlers that get this provider's connections.
import { type Diagnostics, withProviderData } from '@imagebridge/terraform-plugin';
import type { Connections } from './config/connections.ts';

const definers = withProviderData<Connections>();

export const { defineProvider } = definers;

/** As the framework's; what the user should know of the clouds that a handler opened becomes warnings. */
export const defineResource: typeof definers.defineResource = (definition) =>
  definers.defineResource(telling(definition));

/** As the framework's; see {@link defineResource}. */
export const defineDataSource: typeof definers.defineDataSource = (definition) =>
  definers.defineDataSource(telling(definition));

/** As the framework's; see {@link defineResource}. */
export const defineEphemeralResource: typeof definers.defineEphemeralResource = (definition) =>
  definers.defineEphemeralResource(telling(definition));

/** Handlers that may open a cloud. */
const HANDLERS = new Set<string | symbol>(['create', 'read', 'update', 'delete', 'modifyPlan', 'open']);

interface Request {
  readonly provider: Connections;
  readonly diagnostics: Diagnostics;
}

function telling<D extends object>(definition: D): D {
  return new Proxy(definition, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || !HANDLERS.has(name)) return member;
      return async (request: Request): Promise<unknown> => {
        try {
          return await Reflect.apply(member, target, [request]);
        } finally {
          request.provider.tellWarnings(request.diagnostics);
        }
      };
    },
  });
}
