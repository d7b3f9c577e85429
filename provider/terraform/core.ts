// The core, loaded on first use: Terraform starts the program several times per command, most often only for the schema.
// Imports types of the core only.
import type { ErrorDetails } from '@imagebridge/core';

type Core = typeof import('@imagebridge/core');

let loading: Promise<Core> | undefined;

/** The core; the first call loads it. */
export function core(): Promise<Core> {
  loading ??= import('@imagebridge/core');
  return loading;
}

/** An error of the core, told by its shape, so that asking does not load the core. */
export interface CoreError extends Error {
  readonly kind: string;
  readonly details: ErrorDetails;
}

/** True for errors of the core. */
export function isCoreError(error: unknown): error is CoreError {
  return (
    error instanceof Error &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    'details' in error &&
    typeof error.details === 'object' &&
    error.details !== null &&
    'operation' in error.details &&
    typeof error.details.operation === 'string'
  );
}

/** True for errors of the core of one of these kinds. */
export function isKind(error: unknown, ...kinds: readonly string[]): error is CoreError {
  return isCoreError(error) && kinds.includes(error.kind);
}
