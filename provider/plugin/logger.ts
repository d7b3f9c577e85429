// What handlers log with. The terminal side (hclog JSON lines on stderr) is in transport/log.ts.

/** Fields of a log line: JSON-able values. Never put a secret here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging. Shown by Terraform under `TF_LOG` or `TF_LOG_PROVIDER`, at the level of the method. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
}
