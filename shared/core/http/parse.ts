// Reads answers that should be JSON, and says in words when they are not. Sends nothing.
import type { z } from 'zod';
import { ProtocolError } from '../model/index.ts';
import type { HttpReply } from './exchange.ts';
import { baseDetails, type RequestContext } from './failures.ts';
import { JsonTooDeep, MAX_JSON_DEPTH, parseUntrusted } from './safe-json.ts';

/** True when an answer is a web page: a proxy's, a login page, a wrong endpoint. */
export function isHtml(reply: HttpReply): boolean {
  if (reply.headers['content-type']?.toLowerCase().includes('text/html')) return true;
  return /^\s*<(!doctype html|html|head|body)\b/i.test(reply.text().slice(0, 256));
}

/**
 * True when a success is a web page, and so no answer of the service. Some services call their empty answers HTML; of a HEAD,
 * which has no body, only its headers can tell.
 */
function isWebPage(reply: HttpReply): boolean {
  if (!isHtml(reply)) return false;
  if (reply.method === 'HEAD') return reply.headers.etag === undefined && reply.requestId === undefined;
  return reply.text().trim() !== '';
}

/**
 * Takes a success as it is, unless it is a web page. For answers of which little or nothing is read.
 * @throws ProtocolError
 */
export function notAWebPage(reply: HttpReply, context: RequestContext): HttpReply {
  if (!isWebPage(reply)) return reply;
  throw unexpectedReply(reply, context, 'answered HTML instead of its API (a proxy or a wrong endpoint?)');
}

/** An error that says that an answer is not what the service's API gives. */
export function unexpectedReply(reply: HttpReply, context: RequestContext, reason: string): ProtocolError {
  return new ProtocolError({
    ...baseDetails(context),
    reason,
    httpStatus: reply.status,
    requestId: reply.requestId,
    ...(isWebPage(reply) ? { foreign: true } : {}),
    hint: context.endpointHint ?? 'Check the endpoint and whether a proxy stands in between.',
  });
}

/**
 * Reads a JSON answer. Members that reach for prototypes (`__proto__`) are left out.
 * @throws ProtocolError when it is HTML, cut off, compressed, nested absurdly deep, or no JSON
 */
export function parseJson(reply: HttpReply, context: RequestContext): unknown {
  const text = reply.text();
  try {
    return parseUntrusted(text);
  } catch (error) {
    if (error instanceof JsonTooDeep) {
      throw unexpectedReply(reply, context, `answered JSON nested deeper than ${MAX_JSON_DEPTH} levels`);
    }
    // Nothing is ever unpacked: a few bytes could become gigabytes.
    const coding = reply.headers['content-encoding']?.toLowerCase() ?? 'identity';
    if (coding !== 'identity') {
      throw unexpectedReply(reply, context, 'answered compressed data, which was not asked for');
    }
    if (isHtml(reply)) {
      throw unexpectedReply(reply, context, 'answered HTML instead of JSON (a proxy or a wrong endpoint?)');
    }
    if (text.trim() === '') throw unexpectedReply(reply, context, 'answered nothing instead of JSON');
    if (text.trimStart().startsWith('<')) {
      throw unexpectedReply(reply, context, 'answered XML instead of JSON');
    }
    const cut = /^\s*[[{]/.test(text) && !/[\]}]\s*$/.test(text);
    throw unexpectedReply(reply, context, cut ? 'truncated reply' : 'answered something that is not JSON');
  }
}

/**
 * Reads a JSON answer of a known shape.
 * @throws ProtocolError when it is no JSON, or has another shape
 */
export function parseReply<T extends z.ZodType>(
  reply: HttpReply,
  schema: T,
  context: RequestContext,
): z.infer<T> {
  const result = schema.safeParse(parseJson(reply, context));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw unexpectedReply(
    reply,
    context,
    `answered JSON of another shape than expected (${where}${issue?.message ?? 'unknown'})`,
  );
}
