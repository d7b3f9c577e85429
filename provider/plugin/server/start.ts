// Everything that answers Terraform's calls, behind one import: it is loaded while Terraform connects.
import type { AnyProvider } from '../definition/provider.ts';
import type { UnaryHandler } from '../grpc/server.ts';
import type { Logger } from '../logger.ts';
import { ServerContext } from './context.ts';
import { providerRoutes } from './routes.ts';

/** A server for one provider, not yet configured. */
export function startServer(
  provider: AnyProvider,
  log: Logger,
): { readonly context: ServerContext; readonly routes: ReadonlyMap<string, UnaryHandler> } {
  const context = new ServerContext(provider, log);
  return { context, routes: providerRoutes(context) };
}
