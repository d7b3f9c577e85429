// How an error of the core is shown to a Terraform user. Imports the plugin framework only.
import { type AttributePath, type Diagnostic, DiagnosticError } from '@imagebridge/terraform-plugin';
import { isCoreError } from './core.ts';

/**
 * Turns an error of the core into a diagnostic: what was tried becomes the title; what happened, the service's own
 * words, code and request id, and what to do next become the text.
 * @returns undefined for errors that are not of the core
 */
export function diagnose(error: unknown, path?: AttributePath): Diagnostic | undefined {
  if (!isCoreError(error)) return undefined;
  const d = error.details;
  const where = d.cloud ? ` on ${d.cloud}` : '';
  const lines = [
    d.reason && sentence(d.reason),
    d.serviceMessage && `The service answered: ${d.serviceMessage}`,
    d.code && `Code: ${d.code}`,
    d.httpStatus !== undefined && `HTTP status: ${d.httpStatus}`,
    d.requestId && `Request id: ${d.requestId}`,
    d.object && !d.operation.includes(d.object) && `Object: ${d.object}`,
    d.hint && `\n${d.hint}`,
  ].filter((line) => typeof line === 'string' && line !== '');
  return {
    severity: 'error',
    summary: `Could not ${d.operation}${where}`,
    detail: lines.join('\n').trim(),
    path,
  };
}

/** The same error, pointing at an attribute; errors that are not of the core come back as they are. */
export function at(path: AttributePath, error: unknown): unknown {
  const diagnostic = diagnose(error, path);
  return diagnostic ? new DiagnosticError(diagnostic) : error;
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
