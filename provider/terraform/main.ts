// The provider's program: serves it to Terraform. The only file here with side effects.
import { serve } from '@imagebridge/terraform-plugin';
import { provider } from './provider.ts';

await serve(provider, { debug: process.argv.includes('--debug') });
