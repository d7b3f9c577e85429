// Reads error answers of services in all their shapes, and turns them into the errors that users see. A family adds what
// its codes mean. Imports http and the model.
import { type HttpReply, isHtml, parseUntrusted, type RequestContext, redactText } from '../http/index.ts';
import {
  AuthenticationError,
  ConflictError,
  type ErrorDetails,
  type ErrorKind,
  type ImageBridgeError,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  PermissionError,
  ProtocolError,
  QuotaError,
  ThrottledError,
  UnavailableError,
  UnsupportedError,
} from '../model/index.ts';
import { parseXml } from './xml.ts';

/** What an error answer says. */
export interface ServiceError {
  code?: string | undefined;
  message?: string | undefined;
  requestId?: string | undefined;
}

const MAX_MESSAGE = 500;

/**
 * Reads an error answer. Tries the shapes of seed 001 §3.3 and appendix B, the gateway's, IAM's, any nested object with
 * such a pair, XML, then plain text. Never throws.
 */
export function readServiceError(reply: HttpReply): ServiceError {
  // A HEAD has no body: the object store tells the code in a header.
  const fromHeader = {
    code: reply.headers['x-obs-error-code'] ?? reply.headers['x-amz-error-code'],
    message: reply.headers['x-obs-error-message'],
  };
  const text = reply.text().trim();
  if (text === '') return clean(fromHeader);
  if (isHtml(reply)) return clean({ message: htmlTitle(text) });
  let found: ServiceError | undefined;
  try {
    found = findPair(text.startsWith('<') ? parseXml(text) : parseUntrusted(text), 0);
  } catch {
    found = undefined;
  }
  return clean(found ?? { ...fromHeader, message: text });
}

/** What a service's error code means. */
export interface CodeMeaning {
  kind: ErrorKind;
  hint?: string | undefined;
  retryable?: boolean | undefined;
}

/**
 * The error that an answer stands for.
 * @param reply an answer with a status that is no success, or whose body is an error
 * @param context what was tried
 * @param meaningOf what the family knows of the code; undefined: the status decides
 * @param said what the answer says. Default: `readServiceError(reply)`
 */
export function toServiceError(
  reply: HttpReply,
  context: RequestContext,
  meaningOf: (code: string, repeatable: boolean) => CodeMeaning | undefined,
  said: ServiceError = readServiceError(reply),
): ImageBridgeError {
  const repeatable = context.repeatable ?? (reply.method === 'GET' || reply.method === 'HEAD');
  const base: ErrorDetails = {
    operation: context.operation,
    cloud: context.cloud,
    object: context.object,
    code: said.code,
    serviceMessage: said.message,
    httpStatus: reply.status,
    requestId: said.requestId ?? reply.requestId,
    retryAfterMs: reply.retryAfterMs,
  };
  const meaning = said.code === undefined ? undefined : meaningOf(said.code, repeatable);
  if (meaning) {
    const { kind, hint, retryable } = meaning;
    return errorOfKind(kind, { ...base, hint, retryable });
  }
  if (reply.status >= 300 && reply.status < 400) {
    return new ProtocolError({
      ...base,
      serviceMessage: undefined,
      // A service that redirects says so in its own way, too.
      foreign: said.code === undefined || said.code === String(reply.status),
      reason: 'answered with a redirect, which is not followed because it would carry the credentials away',
      hint: context.endpointHint ?? 'Check the endpoint.',
    });
  }
  if (isHtml(reply)) {
    const details = {
      ...base,
      reason: 'answered HTML instead of its API (a proxy or a wrong endpoint?)',
      hint: context.endpointHint ?? 'Check the endpoint and whether a proxy stands in between.',
    };
    // 511: "network authentication required".
    const foreign = reply.status < 300 || reply.status === 511;
    return reply.status >= 500 && !foreign
      ? new UnavailableError({ ...details, retryable: repeatable })
      : new ProtocolError({ ...details, foreign });
  }
  return byStatus(reply.status, base, repeatable, context);
}

/** An error of the class that belongs to a kind. */
export function errorOfKind(kind: ErrorKind, details: ErrorDetails): ImageBridgeError {
  switch (kind) {
    case 'authentication':
      return new AuthenticationError(details);
    case 'permission':
      return new PermissionError(details);
    case 'not-found':
      return new NotFoundError(details);
    case 'conflict':
      return new ConflictError(details);
    case 'quota':
      return new QuotaError(details);
    case 'invalid-input':
      return new InvalidInputError(details);
    case 'throttled':
      return new ThrottledError(details);
    case 'unsupported':
      return new UnsupportedError(details);
    case 'integrity':
      return new IntegrityError(details);
    case 'unavailable':
      return new UnavailableError(details);
    default:
      return new ProtocolError(details);
  }
}

function byStatus(
  status: number,
  base: ErrorDetails,
  repeatable: boolean,
  context: RequestContext,
): ImageBridgeError {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return new InvalidInputError(base);
    case 401:
      return new AuthenticationError({
        ...base,
        hint: 'Check user, password, domain and keys of the profile.',
      });
    case 402:
    case 403:
      return new PermissionError({
        ...base,
        hint: 'Check the rights of the user or key in this project.',
      });
    case 404:
      return new NotFoundError({ ...base, hint: 'Check the id, the region and the project.' });
    case 409:
      return new ConflictError(base);
    case 429:
      return new ThrottledError({ ...base, hint: 'Wait and try again.', retryable: true });
    case 405:
    case 406:
    case 501:
      return new UnsupportedError({ ...base, hint: context.endpointHint ?? 'Check the endpoint.' });
    case 408:
      return new UnavailableError({ ...base, hint: 'Try again.', retryable: repeatable });
  }
  if (status >= 500) {
    return new UnavailableError({ ...base, hint: 'Try again later.', retryable: repeatable });
  }
  return new ProtocolError({ ...base, hint: context.endpointHint ?? 'Check the endpoint.' });
}

/** Looks for a pair of code and message, outside first. */
function findPair(value: unknown, depth: number): ServiceError | undefined {
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  const record = value as Record<string, unknown>;
  const code = scalar(record.error_code ?? record.code ?? record.Code);
  const message = scalar(
    record.error_msg ?? record.error_message ?? record.message ?? record.Message ?? record.title,
  );
  const requestId = scalar(record.request_id ?? record.RequestId);
  if (code !== undefined || (message !== undefined && depth > 0)) return { code, message, requestId };
  for (const member of Object.values(record)) {
    const found = findPair(member, depth + 1);
    if (found) return { requestId, ...found };
  }
  return message === undefined ? undefined : { message, requestId };
}

const scalar = (value: unknown) =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

function htmlTitle(text: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  return title ? `web page "${title}"` : 'a web page';
}

function clean(error: ServiceError): ServiceError {
  const message = error.message === undefined ? undefined : redactText(error.message.trim());
  return {
    code: error.code,
    message:
      message !== undefined && message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
    requestId: error.requestId,
  };
}
