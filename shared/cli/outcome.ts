// How a command ends: its result on stdout, its error on stderr, its exit code.
import { ImageBridgeError } from '@imagebridge/core';

/** Exit codes that scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, cloud: 4, paused: 130 } as const;

/** A mistake in how the command was called. */
export class UsageError extends Error {}

/** The user paused the work with Ctrl-C and has been told how to go on. */
export class PausedByUser extends Error {
  override readonly message = 'paused by the user';
}

/** Options that every command takes. */
export interface CommonOptions {
  json?: boolean | undefined;
  config?: string | undefined;
}

/** Prints a result: `data` as JSON with `--json`, else the text. */
export function printResult(options: CommonOptions, data: unknown, text: string): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(data, undefined, 2)}\n` : text === '' ? '' : `${text}\n`,
  );
}

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof PausedByUser) return EXIT.paused;
  if (!(error instanceof ImageBridgeError)) return EXIT.failed;
  switch (error.kind) {
    case 'refused':
    case 'local-file':
    case 'file-changed':
      return EXIT.refused;
    case 'cancelled':
    case 'busy':
    case 'integrity':
      return EXIT.failed;
    case 'invalid-input':
      return error.details.httpStatus === undefined ? EXIT.usage : EXIT.cloud;
    default:
      return EXIT.cloud;
  }
}

/** Prints an error for people on stderr and, with `--json`, as data on stdout. Never a stack trace. */
export function printError(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  // A pause has told its own story already.
  if (!(error instanceof PausedByUser)) process.stderr.write(`imagebridge: ${message}\n`);
  if (!json) return;
  const data =
    error instanceof ImageBridgeError
      ? error.toJSON()
      : {
          kind:
            error instanceof UsageError ? 'usage' : error instanceof PausedByUser ? 'cancelled' : 'internal',
          message,
        };
  process.stdout.write(`${JSON.stringify({ error: data }, undefined, 2)}\n`);
}
