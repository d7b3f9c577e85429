// What the tests of the constructs share. Not part of the package.
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import type { Construct } from 'constructs';

/** How Terraform refers to something. */
export const ref = (expression: string): string => `\${${expression}}`;

interface Synthesised {
  provider?: Record<string, unknown>;
  resource?: Record<string, Record<string, unknown>>;
  data?: Record<string, Record<string, unknown>>;
  [section: string]: unknown;
}

/** A whole stack, as it is synthesised without checks. */
export const synth = (build: (stack: Construct) => void): Synthesised =>
  JSON.parse(Testing.synthScope(build));

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
  const stack = new TerraformStack(Testing.app(), 'stack');
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
