// The provider's program: serves it to Terraform. The only file here with side effects.
import { setFlagsFromString } from 'node:v8';
import { serve } from '@imagebridge/terraform-plugin';
import { keepMemoryLow } from './memory.ts';

// V8 would compile undici's parser of HTTP anew after a few answers, for 28 MB, and a process that ends waits for that. With this
// budget only what runs over megabytes is compiled again: the hashes of uploads.
setFlagsFromString('--wasm-tiering-budget=1000000000');
// Young objects get 1 MiB instead of up to 16. Terraform runs many providers side by side.
setFlagsFromString('--semi-space-growth-factor=1');
keepMemoryLow();

// Never rejects. The provider is loaded while Terraform connects.
void serve(() => import('./provider.ts'), { debug: process.argv.includes('--debug') });
