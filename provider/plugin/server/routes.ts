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
  const add = <Q extends object, R extends object>(
    name: CallName,
    types: { readonly request: Message<Q>; readonly response: Message<R> },
    handler: (request: Q, cancelled: AbortSignal) => Promise<Partial<R>>,
  ) => {
    routes.set(`/tfplugin6.Provider/${name}`, async (bytes, cancelled) =>
      encode(types.response, await handler(decode(types.request, bytes), cancelled)),
    );
  };
  add('GetProviderSchema', calls.GetProviderSchema, handlers.GetProviderSchema);
  add('ValidateProviderConfig', calls.ValidateProviderConfig, handlers.ValidateProviderConfig);
  add('ValidateResourceConfig', calls.ValidateResourceConfig, handlers.ValidateResourceConfig);
  add('ValidateDataResourceConfig', calls.ValidateDataResourceConfig, handlers.ValidateDataResourceConfig);
  add('ConfigureProvider', calls.ConfigureProvider, handlers.ConfigureProvider);
  add('UpgradeResourceState', calls.UpgradeResourceState, handlers.UpgradeResourceState);
  add('ReadResource', calls.ReadResource, handlers.ReadResource);
  add('PlanResourceChange', calls.PlanResourceChange, handlers.PlanResourceChange);
  add('ApplyResourceChange', calls.ApplyResourceChange, handlers.ApplyResourceChange);
  add('ImportResourceState', calls.ImportResourceState, handlers.ImportResourceState);
  add('MoveResourceState', calls.MoveResourceState, handlers.MoveResourceState);
  add('ReadDataSource', calls.ReadDataSource, handlers.ReadDataSource);
  add(
    'ValidateEphemeralResourceConfig',
    calls.ValidateEphemeralResourceConfig,
    handlers.ValidateEphemeralResourceConfig,
  );
  add('OpenEphemeralResource', calls.OpenEphemeralResource, handlers.OpenEphemeralResource);
  add('RenewEphemeralResource', calls.RenewEphemeralResource, handlers.RenewEphemeralResource);
  add('CloseEphemeralResource', calls.CloseEphemeralResource, handlers.CloseEphemeralResource);
  add('CallFunction', calls.CallFunction, handlers.CallFunction);
  add('StopProvider', calls.StopProvider, handlers.StopProvider);
  return routes;
}
