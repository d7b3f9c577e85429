// The entry of a provider's program. May touch the process: arguments, environment, stdout, signals.
import type { AnyProvider } from './definition/provider.ts';
import { run } from './transport/run.ts';

/** How to serve. */
export interface ServeOptions {
  /**
   * Run without Terraform starting it: prints a `TF_REATTACH_PROVIDERS` value to use in another terminal, so that the
   * provider can run under a debugger. No encryption, no automatic end.
   */
  readonly debug?: boolean;
}

/** A module that exports a provider. */
export interface ProviderModule {
  readonly provider: AnyProvider;
}

/**
 * Serves a provider to Terraform over standard output and a local socket, until Terraform ends it.
 * Run by hand it says what it is and sets the exit code 1. Never rejects: what keeps it from starting is told on
 * standard error, and ends the process.
 * @param source the provider, or a function that loads its module, such as `() => import('./provider.ts')`: it is then
 *   loaded while Terraform connects, after the line that Terraform waits for
 */
export async function serve(
  source: AnyProvider | (() => Promise<ProviderModule>),
  options: ServeOptions = {},
): Promise<void> {
  const load = typeof source === 'function' ? source : async () => ({ provider: source });
  try {
    await run(load, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The provider could not start: ${reason}\n`);
    process.exit(1);
  }
}
