// Sends the requests of the image service: signs them, renews a refused token once, maps errors.
import type { z } from 'zod';
import {
  type HttpClient,
  type HttpReply,
  parseReply,
  type RepeatRule,
  type RequestContext,
} from '../../../http/index.ts';
import type { CallOptions } from '../../../model/index.ts';
import { encodeQuery } from '../../encode.ts';
import { joinUrl } from '../../url.ts';
import type { Authorizer, SignRequest } from '../auth.ts';
import { isThrottled, isTokenRefused, toError } from '../errors.ts';

/** One call. */
export interface ImsCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, from the root of the service. */
  path: string;
  query?: readonly (readonly [string, string])[] | undefined;
  /** Sent as JSON, also with DELETE. */
  body?: unknown;
  /** As a phrase that follows "Could not". */
  operation: string;
  object?: string | undefined;
  repeat?: RepeatRule | undefined;
}

/** The image service of one region, for one project. */
export class ImsTransport {
  readonly #http: HttpClient;
  readonly #base: URL;
  readonly #auth: Authorizer;
  readonly #context: Omit<RequestContext, 'operation'>;

  constructor(parts: {
    http: HttpClient;
    base: URL;
    auth: Authorizer;
    context: Omit<RequestContext, 'operation'>;
  }) {
    this.#http = parts.http;
    this.#base = parts.base;
    this.#auth = parts.auth;
    this.#context = parts.context;
  }

  /** The project's id, which some paths hold. */
  projectId(options?: CallOptions): Promise<string> {
    return this.#auth.projectId(options);
  }

  /**
   * Makes a call whose answer has a shape.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async call<T extends z.ZodType>(call: ImsCall, schema: T, options: CallOptions = {}): Promise<z.infer<T>> {
    const reply = await this.#send(call, options);
    return parseReply(reply, schema, this.#contextOf(call));
  }

  /** Makes a call whose answer has no content that matters. */
  async callEmpty(call: ImsCall, options: CallOptions = {}): Promise<void> {
    await this.#send(call, options);
  }

  async #send(call: ImsCall, options: CallOptions): Promise<HttpReply> {
    const context = this.#contextOf(call);
    let sign = await this.#auth.prepare(options);
    let reply = await this.#attempt(call, context, sign, options);
    // A refused token means that nothing was done, so any call may be made again.
    if (isTokenRefused(reply) && this.#auth.refused(sign)) {
      sign = await this.#auth.prepare(options);
      reply = await this.#attempt(call, context, sign, options);
    }
    if (reply.status < 200 || reply.status >= 300) throw toError(reply, context);
    return reply;
  }

  #attempt(
    call: ImsCall,
    context: RequestContext,
    sign: SignRequest,
    options: CallOptions,
  ): Promise<HttpReply> {
    const url = joinUrl(this.#base, call.path, encodeQuery(call.query ?? []));
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return this.#http.send({
      method: call.method,
      url,
      headers: () =>
        sign({
          method: call.method,
          url,
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          body,
        }),
      body,
      context,
      repeat: call.repeat,
      isThrottled,
      signal: options.signal,
    });
  }

  #contextOf(call: ImsCall): RequestContext {
    return { ...this.#context, operation: call.operation, object: call.object };
  }
}
