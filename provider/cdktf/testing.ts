// What the tests of the constructs share. Not part of the package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, TerraformStack, TerraformVariable, Testing, type TestingAppConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { afterAll } from 'vitest';

const outdir = mkdtempSync(join(tmpdir(), 'imagebridge-cdktf-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** An app like that of `Testing.app`, which leaves no folder behind. */
export const testApp = (config: TestingAppConfig = {}): App => Testing.app({ ...config, outdir });

/** How Terraform refers to something. */
export const ref = (expression: string): string => `\${${expression}}`;

interface Synthesised {
  provider?: Record<string, unknown>;
  resource?: Record<string, Record<string, unknown>>;
  data?: Record<string, Record<string, unknown>>;
  [section: string]: unknown;
}

/** A whole stack, as it is synthesised without checks. */
export function synth(build: (stack: Construct) => void): Synthesised {
  const stack = new TerraformStack(testApp(), 'stack');
  build(stack);
  return JSON.parse(Testing.synth(stack));
}

const byType = (section: Record<string, Record<string, unknown>> = {}): Record<string, unknown[]> =>
  Object.fromEntries(Object.entries(section).map(([type, byName]) => [type, Object.values(byName)]));

/** The resources of a stack by type; cdktf's unique names are left out, the order of making is kept. */
export const resources = (build: (stack: Construct) => void): Record<string, unknown[]> =>
  byType(synth(build).resource);

/** The data sources, likewise. */
export const dataSources = (build: (stack: Construct) => void): Record<string, unknown[]> =>
  byType(synth(build).data);

/** What the checks at synthesis say; empty where they find nothing. */
export function problems(build: (stack: Construct) => void): string {
  const stack = new TerraformStack(testApp(), 'stack');
  build(stack);
  try {
    Testing.synth(stack, true);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A reference to a text that is known after apply. */
export const variable = (scope: Construct, id = 'v'): string =>
  new TerraformVariable(scope, id, { type: 'string' }).stringValue;
