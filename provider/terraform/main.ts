// The provider's program: serves it to Terraform. The only file here with side effects.
import { serve } from '@imagebridge/terraform-plugin';
import { provider } from './provider.ts';

serve(provider, { debug: process.argv.includes('--debug') }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
