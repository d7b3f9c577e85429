// The program that Terraform starts.
import { serve } from '../index.ts';
import { provider } from './provider.ts';

void serve(provider, { debug: process.argv.includes('--debug') });
