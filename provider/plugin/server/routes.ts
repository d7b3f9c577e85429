// Every call of the protocol by its path, decoded and encoded.
import type { UnaryHandler } from '../grpc/server.ts';
import { decode, encode, type Message } from '../wire/protobuf.ts';
import { calls } from '../wire/tfplugin6.ts';
import { applyResourceChange } from './apply.ts';
import type { CallHandler, CallName } from './calls.ts';
import type { ServerContext } from './context.ts';
import { closeEphemeralResource, openEphemeralResource, renewEphemeralResource } from './ephemeral.ts';
import { moveResourceState } from './move.ts';
import { planResourceChange } from './plan.ts';
import { callFunction, configureProvider, getProviderSchema, stopProvider } from './provider.ts';
import { importResourceState, readDataSource, readResource } from './read.ts';
import { upgradeResourceState } from './upgrade.ts';
import {
  validateDataResourceConfig,
  validateEphemeralResourceConfig,
  validateProviderConfig,
  validateResourceConfig,
} from './validate.ts';

/** The calls of `tfplugin6.Provider`. What is not here answers UNIMPLEMENTED, which Terraform takes for "cannot". */
export function providerRoutes(context: ServerContext): Map<string, UnaryHandler> {
  const handlers: { readonly [N in CallName]: CallHandler<N> } = {
    GetProviderSchema: getProviderSchema(context),
    ValidateProviderConfig: validateProviderConfig(context),
    ValidateResourceConfig: validateResourceConfig(context),
    ValidateDataResourceConfig: validateDataResourceConfig(context),
    ConfigureProvider: configureProvider(context),
    UpgradeResourceState: upgradeResourceState(context),
    ReadResource: readResource(context),
    PlanResourceChange: planResourceChange(context),
    ApplyResourceChange: applyResourceChange(context),
    ImportResourceState: importResourceState(context),
    MoveResourceState: moveResourceState(context),
    ReadDataSource: readDataSource(context),
    ValidateEphemeralResourceConfig: validateEphemeralResourceConfig(context),
    OpenEphemeralResource: openEphemeralResource(context),
    RenewEphemeralResource: renewEphemeralResource(context),
    CloseEphemeralResource: closeEphemeralResource(context),
    CallFunction: callFunction(context),
    StopProvider: stopProvider(context),
  };
  const routes = new Map<string, UnaryHandler>();
  for (const name of Object.keys(handlers) as CallName[]) {
    // Each name has one pair of messages and one handler for them; the compiler cannot follow the index.
    const { request, response } = calls[name] as unknown as Messages;
    const handle = handlers[name] as unknown as (request: object, cancelled: AbortSignal) => Promise<object>;
    routes.set(`/tfplugin6.Provider/${name}`, async (bytes, cancelled) =>
      encode(response, await handle(decode(request, bytes), cancelled)),
    );
  }
  return routes;
}

interface Messages {
  readonly request: Message<object>;
  readonly response: Message<object>;
}
