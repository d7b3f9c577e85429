// Finds what a call names.
import type { AnyDataSource } from '../definition/data-source.ts';
import type { AnyEphemeralResource } from '../definition/ephemeral-resource.ts';
import type { AnyResource } from '../definition/resource.ts';
import { STATUS, StatusError } from '../grpc/status.ts';
import type { ServerContext } from './context.ts';

/** The resource of a type. Throws StatusError: Terraform only asks for types of the schema it was given. */
export function resourceOf({ provider }: ServerContext, typeName: string): AnyResource<unknown> {
  const found = Object.hasOwn(provider.resources, typeName) ? provider.resources[typeName] : undefined;
  if (found === undefined) throw unheardOf(`resource type "${typeName}"`);
  return found;
}

/** The data source of a type. Throws StatusError as {@link resourceOf}. */
export function dataSourceOf({ provider }: ServerContext, typeName: string): AnyDataSource<unknown> {
  const sources = provider.dataSources ?? {};
  const found = Object.hasOwn(sources, typeName) ? sources[typeName] : undefined;
  if (found === undefined) throw unheardOf(`data source type "${typeName}"`);
  return found;
}

/** The ephemeral resource of a type. Throws StatusError as {@link resourceOf}. */
export function ephemeralResourceOf(
  { provider }: ServerContext,
  typeName: string,
): AnyEphemeralResource<unknown> {
  const ephemerals = provider.ephemeralResources ?? {};
  const found = Object.hasOwn(ephemerals, typeName) ? ephemerals[typeName] : undefined;
  if (found === undefined) throw unheardOf(`ephemeral resource type "${typeName}"`);
  return found;
}

/** The error for something that is not in the schema. */
export const unheardOf = (what: string): StatusError =>
  new StatusError(STATUS.invalidArgument, `this provider has no ${what}`);
