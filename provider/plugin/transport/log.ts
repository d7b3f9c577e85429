// Log lines as Terraform wants them on stderr: one JSON object a line, in hclog's form.
import type { LogFields, Logger } from '../logger.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** Terraform loses the structure of lines beyond 64 KB. */
const MAX_LINE_BYTES = 60_000;
const MAX_FIELD_CHARS = 4_000;

/** Where lines go and when it is. */
export interface LogTarget {
  readonly write: (line: string) => void;
  readonly now: () => Date;
  /** Lines below it are dropped; undefined drops all. */
  readonly level: Level | undefined;
}

/** The level that the environment asks for: Terraform shows nothing where neither variable is set. */
export function levelFromEnvironment(env: Readonly<Record<string, string | undefined>>): Level | undefined {
  const wanted = (env.TF_LOG_PROVIDER || env.TF_LOG || 'off').toLowerCase();
  if (wanted === 'off') return undefined;
  // Terraform itself takes anything it does not know, such as "1" or "json", as trace.
  return LEVELS.find((level) => level === wanted) ?? 'trace';
}

/** One log line without its newline. */
export function logLine(level: Level, message: string, at: Date, fields: LogFields): string {
  const line = {
    '@level': level,
    '@message': message,
    // Exactly six fractional digits, or Terraform does not parse the line.
    '@timestamp': at.toISOString().replace('Z', '000Z'),
    ...fields,
  };
  let text: string;
  try {
    text = JSON.stringify(line, plain);
  } catch {
    // A field that refers to itself: the message is worth more than the fields.
    return logLine(level, message, at, { '@cut': true });
  }
  if (Buffer.byteLength(text) <= MAX_LINE_BYTES) return text;
  const cut: Record<string, unknown> = {
    ...line,
    '@message': message.slice(0, MAX_FIELD_CHARS),
    '@cut': true,
  };
  const short = JSON.stringify(cut, (key, one) => {
    const value = plain(key, one);
    return typeof value === 'string' && value.length > MAX_FIELD_CHARS
      ? `${value.slice(0, MAX_FIELD_CHARS)}…`
      : value;
  });
  if (Buffer.byteLength(short) <= MAX_LINE_BYTES) return short;
  return logLine(level, message.slice(0, MAX_FIELD_CHARS), at, { '@cut': true });
}

/** Makes JSON of what JSON has no word for. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'symbol') return '(unknown)';
  if (value instanceof Error) return value.message;
  return value;
}

/** A logger that writes lines to a target. */
export function createLogger(target: LogTarget, base: LogFields): Logger {
  const from = target.level === undefined ? LEVELS.length : LEVELS.indexOf(target.level);
  const method =
    (level: Level) =>
    (message: string, fields: LogFields = {}): void => {
      if (LEVELS.indexOf(level) < from) return;
      target.write(`${logLine(level, message, target.now(), { ...base, ...fields })}\n`);
    };
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    with: (fields) => createLogger(target, { ...base, ...fields }),
  };
}
