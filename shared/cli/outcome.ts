// How a command ends: its result on stdout, its error on stderr, its exit code.
import { ImageBridgeError } from '@imagebridge/core';
import { stderrStyle } from './style.ts';

/**
 * Exit codes that scripts rely on. `partial`: of several things that were asked for, some were done and some failed.
 */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  cloud: 4,
  partial: 5,
  paused: 130,
} as const;

/** For the help texts of commands. */
export const EXIT_CODES =
  'Exit codes: 0 done, 1 another failure, 2 wrong usage, 3 refused by inspection, 4 the cloud said no, 5 only a part of it done, 130 paused.';

/** A mistake in how the command was called. */
export class UsageError extends Error {}

/** The user paused the work with Ctrl-C and has been told how to go on. */
export class PausedByUser extends Error {
  override readonly message: string = 'paused by the user';
}

/** Options that every command takes. */
export interface CommonOptions {
  json?: boolean | undefined;
  config?: string | undefined;
}

/** `closed`: nobody reads standard output any more, so that long lists can end. */
export const output = { closed: false };

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

/** The exit code of several things of which some may have failed. */
export function exitCodeOfMany(total: number, errors: readonly unknown[]): number {
  if (errors.length === 0) return EXIT.done;
  if (errors.some((error) => error instanceof PausedByUser)) return EXIT.paused;
  return errors.length < total ? EXIT.partial : exitCodeOf(errors[0]);
}

/** An error as data, for `--json`. */
export function errorData(error: unknown): Record<string, unknown> {
  if (error instanceof ImageBridgeError) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  const kind =
    error instanceof UsageError ? 'usage' : error instanceof PausedByUser ? 'cancelled' : 'internal';
  return { kind, message };
}

/** Prints an error for people on stderr and, with `--json`, as data on stdout. Never a stack trace. */
export function printError(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  // A pause has told its own story already.
  if (!(error instanceof PausedByUser))
    process.stderr.write(`${stderrStyle.bad('imagebridge:')} ${message}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: errorData(error) }, undefined, 2)}\n`);
}
