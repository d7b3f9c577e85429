// Sends actions: flattens, signs, posts, and reads the envelope around every answer.
import type { z } from 'zod';
import {
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  parseReply,
  parseUntrusted,
  type RequestContext,
} from '../../http/index.ts';
import type { CallOptions, ImageBridgeError, UcloudstackProfile } from '../../model/index.ts';
import { encodeQuery } from '../encode.ts';
import { errorOfKind, toServiceError } from '../service-error.ts';
import { meaningOfReturnCode } from './return-codes.ts';
import { flatten, type ParameterValue, sign } from './signing.ts';

/** One call. */
export interface ActionCall {
  action: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** As a phrase that follows "Could not". */
  operation: string;
  object?: string | undefined;
  /** True for actions that only read: they may be made again. */
  reads: boolean;
}

const PERMITTED_IN_URL = /^(?!Secret$|PrivateKey$)/;

/** The action API of one account. */
export class ActionTransport {
  readonly #http: HttpClient;
  readonly #profile: UcloudstackProfile;
  readonly #context: Omit<RequestContext, 'operation'>;

  constructor(parts: {
    http: HttpClient;
    profile: UcloudstackProfile;
    context: Omit<RequestContext, 'operation'>;
  }) {
    this.#http = parts.http;
    this.#profile = parts.profile;
    this.#context = parts.context;
  }

  /**
   * Makes a call.
   * @returns the whole answer, unknown fields included
   * @throws an error of the return code's kind; the HTTP client's
   */
  async call<T extends z.ZodType>(
    call: ActionCall,
    schema: T,
    options: CallOptions = {},
  ): Promise<z.infer<T>> {
    const context = this.contextOf(call);
    const reply = await this.#http.send(this.#request(call, options));
    const code = returnCode(reply);
    if (reply.status < 200 || reply.status >= 300 || (code !== undefined && code.code !== 0)) {
      throw this.#error(reply, code, context, call);
    }
    return parseReply(reply, schema, context);
  }

  /** What errors of a call say. */
  contextOf(call: ActionCall): RequestContext {
    return { ...this.#context, operation: call.operation, object: call.object, repeatable: call.reads };
  }

  #request(call: ActionCall, options: CallOptions): HttpRequest {
    const { publicKey, privateKey, securityToken, requestForm = 'form', endpoint } = this.#profile;
    const flat = flatten({
      Action: call.action,
      ...call.parameters,
      PublicKey: publicKey,
      SecurityToken: securityToken?.reveal(),
    });
    const signed: Record<string, string> = { ...flat, Signature: sign(flat, privateKey.reveal()) };
    const url = new URL(endpoint);
    // A URL is written to logs on its way: what is secret goes into a body whatever the form.
    const form =
      requestForm === 'get' && Object.keys(flat).every((name) => PERMITTED_IN_URL.test(name))
        ? 'get'
        : requestForm === 'get'
          ? 'form'
          : requestForm;
    if (form === 'get') url.search = encodeQuery(Object.entries(signed));
    return {
      method: form === 'get' ? 'GET' : 'POST',
      url,
      headers: {
        accept: 'application/json',
        ...(form === 'get'
          ? {}
          : {
              'content-type':
                form === 'json'
                  ? 'application/json; charset=utf-8'
                  : 'application/x-www-form-urlencoded; charset=utf-8',
            }),
      },
      body:
        form === 'get'
          ? undefined
          : form === 'json'
            ? JSON.stringify(signed)
            : encodeQuery(Object.entries(signed)),
      context: this.contextOf(call),
      repeat: call.reads ? 'safe' : 'unsafe',
      isThrottled: (reply) => {
        const code = returnCode(reply)?.code;
        return code !== undefined && this.#meaning(code, call.reads).kind === 'throttled';
      },
      signal: options.signal,
    };
  }

  #meaning(code: number, repeatable: boolean) {
    return meaningOfReturnCode(code, this.#profile.returnCodes ?? 'v2', repeatable);
  }

  #error(
    reply: HttpReply,
    said: { code: number; message: string | undefined } | undefined,
    context: RequestContext,
    call: ActionCall,
  ): ImageBridgeError {
    if (said === undefined || said.code === 0) return toServiceError(reply, context, () => undefined);
    const { kind, meaning, hint, retryable } = this.#meaning(said.code, call.reads);
    return errorOfKind(kind, {
      operation: context.operation,
      cloud: context.cloud,
      object: context.object,
      reason: meaning,
      code: String(said.code),
      serviceMessage: said.message,
      httpStatus: reply.status,
      requestId: reply.requestId,
      retryAfterMs: reply.retryAfterMs,
      hint,
      retryable,
    });
  }
}

/** The return code of an answer; undefined when it has none. */
function returnCode(reply: HttpReply): { code: number; message: string | undefined } | undefined {
  let body: unknown;
  try {
    body = parseUntrusted(reply.text());
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || !('RetCode' in body)) return undefined;
  const code = Number(body.RetCode);
  if (!Number.isInteger(code)) return undefined;
  const message =
    'Message' in body && typeof body.Message === 'string' ? body.Message.slice(0, 500) : undefined;
  return { code, message: message === '' ? undefined : message };
}
