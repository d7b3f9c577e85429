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

/**
 * Serves a provider to Terraform over standard output and a local socket, until Terraform ends it.
 * Run by hand it says what it is and exits with code 1.
 */
export async function serve(provider: AnyProvider, options: ServeOptions = {}): Promise<void> {
  await run(provider, options);
}
