// The error hierarchy of the whole product: every failure that a user may see is one of these classes.
// It keeps what the service said (code, message, request id) and adds what was tried and what to do next.
// Imports nothing.

/** What went wrong, in the vocabulary all families share. The class of an error follows its kind. */
export type ErrorKind =
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'conflict'
  | 'quota'
  | 'invalid-input'
  | 'throttled'
  | 'unavailable'
  | 'job-failed'
  | 'unsupported'
  | 'integrity'
  | 'file-changed'
  | 'local-file'
  | 'busy'
  | 'refused'
  | 'protocol'
  | 'cancelled';

/** Everything an error knows. No field may hold a secret: messages and URLs are redacted before they come here. */
export interface ErrorDetails {
  /** What was tried, as a phrase that follows "Could not": `upload part 3 of disk.qcow2`. */
  operation: string;
  /** The cloud it was tried on: family and profile name, e.g. `huaweicloud "prod"`. */
  cloud?: string | undefined;
  /** The remote or local object concerned: an image id, `bucket/key`, a path. */
  object?: string | undefined;
  /** What happened, when no service said it: `the connection was reset`. */
  reason?: string | undefined;
  /** The service's own error code, e.g. `IMG.0009` or `NoSuchUpload`. */
  code?: string | undefined;
  /** The service's own message, in its original language. */
  serviceMessage?: string | undefined;
  /** HTTP status of the reply, when there was one. */
  httpStatus?: number | undefined;
  /** The service's id of the request, to quote to its support. */
  requestId?: string | undefined;
  /** What the user can do next, as a sentence. */
  hint?: string | undefined;
  /** True when the same call may succeed if it is made again later, and making it again does no harm. */
  retryable?: boolean | undefined;
  /**
   * True when what answered seems not to be the service at all: a web page, a redirect, a certificate of somebody else. So
   * does the sign-in page of a network, and a wrong endpoint.
   */
  foreign?: boolean | undefined;
  /** How long the service asked to wait before the next try (Retry-After), in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The underlying error; never printed to users. */
  cause?: unknown;
}

/** The base of every error that ImageBridge throws on purpose. Its message is a complete sentence for users. */
export class ImageBridgeError extends Error {
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, details: ErrorDetails) {
    super(describe(kind, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.details = details;
  }

  /** True when the same call may be made again later without harm. */
  get retryable(): boolean {
    return this.details.retryable ?? false;
  }

  /** The parts of the error as plain data, for `--json` output and logs. Has no `cause`. */
  toJSON(): Record<string, unknown> {
    const { cause: _, ...rest } = this.details;
    return { kind: this.kind, message: this.message, ...rest };
  }
}

function describe(kind: ErrorKind, d: ErrorDetails): string {
  const where = d.cloud ? ` on ${d.cloud}` : '';
  const what = d.object && !d.operation.includes(d.object) ? ` (${d.object})` : '';
  const said = [
    d.httpStatus === undefined ? undefined : `HTTP ${d.httpStatus}`,
    // Some services repeat the status as their code.
    d.code === String(d.httpStatus) ? undefined : d.code,
    d.serviceMessage,
    d.requestId ? `request id ${d.requestId}` : undefined,
  ].filter((part) => part !== undefined && part !== '');
  const reason = d.reason?.replace(/\.$/, '');
  // What is refused here was never asked of a service: the code is that of a finding.
  const isOurs = kind === 'refused' && d.httpStatus === undefined;
  const answer = said.length === 0 || isOurs ? undefined : `the service answered: ${said.join(', ')}`;
  const came = [isOurs && d.code ? [reason, `(${d.code})`].filter(Boolean).join(' ') : reason, answer]
    .filter(Boolean)
    .join('; ');
  const next = d.hint ? ` ${d.hint}` : '';
  return `Could not ${d.operation}${where}${what}${came ? `: ${came}` : ''}.${next}`.replace(
    /\.\.(?=\s|$)/g,
    '.',
  );
}

const kindClass = (kind: ErrorKind) =>
  class extends ImageBridgeError {
    constructor(details: ErrorDetails) {
      super(kind, details);
    }
  };

/** Credentials are missing, wrong or expired. */
export class AuthenticationError extends kindClass('authentication') {}
/** The credentials are good, but may not do this. */
export class PermissionError extends kindClass('permission') {}
/** The object does not exist, or is not visible to this project. */
export class NotFoundError extends kindClass('not-found') {}
/** The object is not in the right state, or a name is taken. */
export class ConflictError extends kindClass('conflict') {}
/** A limit of the account or project is reached. */
export class QuotaError extends kindClass('quota') {}
/** The request or the user's input is wrong; sending it again cannot help. */
export class InvalidInputError extends kindClass('invalid-input') {}
/** Too many requests; wait and try again. */
export class ThrottledError extends kindClass('throttled') {}
/** The service cannot be reached, or fails; the outcome of a change may be unknown. */
export class UnavailableError extends kindClass('unavailable') {}
/** The cloud accepted the work and failed it later. */
export class JobFailedError extends kindClass('job-failed') {}
/** This cloud cannot do this; the hint names the nearest thing that works. */
export class UnsupportedError extends kindClass('unsupported') {}
/** What arrived is not what was sent. */
export class IntegrityError extends kindClass('integrity') {}
/** The local file changed while, or since, it was being uploaded. */
export class FileChangedError extends kindClass('file-changed') {}
/** The local file or state directory cannot be read or written. */
export class LocalFileError extends kindClass('local-file') {}
/** Another process is working on the same thing. */
export class BusyError extends kindClass('busy') {}
/** Inspection or a pre-flight check found that the cloud would refuse it; nothing was sent. */
export class RefusedError extends kindClass('refused') {}
/** The service answered something that is not its API: truncated, HTML, another shape. */
export class ProtocolError extends kindClass('protocol') {}
/** The user, or a signal, stopped it. */
export class CancelledError extends kindClass('cancelled') {}
