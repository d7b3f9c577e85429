// The program that Terraform starts. The provider is loaded while Terraform connects.
import { serve } from '../index.ts';

void serve(() => import('./provider.ts'), { debug: process.argv.includes('--debug') });
