// What the family's error codes mean, and when a token is to be renewed. Reading an answer is in ../service-error.ts.
import type { HttpReply, RequestContext } from '../../http/index.ts';
import type { ErrorKind, ImageBridgeError } from '../../model/index.ts';
import { type CodeMeaning, readServiceError, toServiceError } from '../service-error.ts';
import { IMAGE_CODES, KIND_BY_CLASS, KIND_BY_CODE, OTHER_CODES } from './error-codes.ts';

/** True when an answer says "too many requests" in the family's own codes. */
export function isThrottled(reply: HttpReply): boolean {
  if (reply.status < 400) return false;
  const { code } = readServiceError(reply);
  return code !== undefined && kindOfCode(code) === 'throttled';
}

/** True when a new token may help: the reply says that this one is wrong, or of another project. */
export function isTokenRefused(reply: HttpReply): boolean {
  if (reply.status === 401) return true;
  if (reply.status < 400) return false;
  const { code } = readServiceError(reply);
  return code !== undefined && IMAGE_CODES[code]?.[2] === 'token';
}

/**
 * The error that an answer stands for.
 * @param reply an answer with a status that is no success, or whose body is an error
 * @param context what was tried
 */
export function toError(reply: HttpReply, context: RequestContext): ImageBridgeError {
  return toServiceError(reply, context, (code, repeatable) => meaningOf(code, repeatable, reply.status));
}

function meaningOf(code: string, repeatable: boolean, httpStatus: number): CodeMeaning | undefined {
  const image = IMAGE_CODES[code];
  if (image) {
    const [, hint, retry] = image;
    const retryable = retry === 'wait' || (retry === 'sys' && repeatable);
    const kind = kindOfCode(code) ?? 'unavailable';
    // A status of its own (404) says more than the general code "the id is wrong" that comes with it.
    const missing = httpStatus === 404 && kind === 'invalid-input';
    return { kind: missing ? 'not-found' : kind, hint, retryable };
  }
  const other = OTHER_CODES[code];
  if (!other) return undefined;
  const [kind, hint, retryable] = other;
  return { kind, hint, retryable };
}

function kindOfCode(code: string): ErrorKind | undefined {
  const special = KIND_BY_CODE[code];
  if (special) return special;
  const image = IMAGE_CODES[code];
  if (image) return KIND_BY_CLASS[image[0]];
  return OTHER_CODES[code]?.[0];
}
