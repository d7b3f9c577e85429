// The provider's program: serves it to Terraform. The only file here with side effects.
import { serve } from '@imagebridge/terraform-plugin';

// Never rejects. The provider is loaded while Terraform connects.
void serve(() => import('./provider.ts'), { debug: process.argv.includes('--debug') });
