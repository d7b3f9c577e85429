// Runs the server.
import type { AnyProvider } from '../definition/provider.ts';
import type { ServeOptions } from '../serve.ts';

export async function run(_provider: AnyProvider, _options: ServeOptions): Promise<void> {}
