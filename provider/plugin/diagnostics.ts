// What a provider tells the user: errors and warnings, each with a title, a remedy and a place.
import type { AttributePath } from './values/path.ts';

/** How bad it is. An error stops the operation for this object; a warning is only shown. */
export type Severity = 'error' | 'warning';

/** One message to the user. */
export interface Diagnostic {
  readonly severity: Severity;
  /** One short sentence without a full stop: what is wrong. */
  readonly summary: string;
  /** What was tried, where, what came back, what to do next. May be several lines. */
  readonly detail?: string | undefined;
  /** The attribute it is about; Terraform then shows the line of the configuration. */
  readonly path?: AttributePath | undefined;
}

/** Collects the diagnostics of one call. Handlers get one; what they add is shown, whether they return or throw. */
export class Diagnostics {
  readonly #list: Diagnostic[] = [];

  /** Adds an error. The call goes on; the framework reports it as failed afterwards. */
  error(summary: string, detail?: string, path?: AttributePath): void {
    this.add({ severity: 'error', summary, detail, path });
  }

  /** Adds a warning. */
  warning(summary: string, detail?: string, path?: AttributePath): void {
    this.add({ severity: 'warning', summary, detail, path });
  }

  /** Adds ready-made diagnostics. */
  add(...diagnostics: readonly Diagnostic[]): void {
    this.#list.push(...diagnostics);
  }

  /** True once an error was added. */
  get hasErrors(): boolean {
    return this.#list.some((one) => one.severity === 'error');
  }

  /** All of them, in the order they were added. */
  get all(): readonly Diagnostic[] {
    return this.#list;
  }
}

/**
 * An error that is already worded for the user. Throw it from a handler where nothing sensible can follow;
 * every other error becomes a diagnostic through the provider's `diagnose` hook, or its message alone.
 */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((one) => one.summary).join('; '));
    this.diagnostics = diagnostics;
  }
}

/** Shorthand: a {@link DiagnosticError} of one error. */
export function failure(summary: string, detail?: string, path?: AttributePath): DiagnosticError {
  return new DiagnosticError({ severity: 'error', summary, detail, path });
}
