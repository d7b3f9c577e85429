// Sends the requests of the image service: adds the token, renews a refused one once, maps errors.
import type { z } from 'zod';
import {
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  type HttpStream,
  notAWebPage,
  parseReply,
  type RepeatRule,
  type RequestContext,
} from '../../../http/index.ts';
import type { CallOptions } from '../../../model/index.ts';
import { encodeQuery } from '../../encode.ts';
import { joinUrl } from '../../url.ts';
import { toError } from '../errors.ts';
import type { KeystoneToken } from '../keystone.ts';

/** One call. */
export interface GlanceCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, from the root of the service. */
  path: string;
  query?: readonly (readonly [string, string])[] | undefined;
  headers?: Record<string, string> | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Default `application/json`. */
  contentType?: string | undefined;
  upload?: HttpRequest['upload'];
  /** As a phrase that follows "Could not". */
  operation: string;
  object?: string | undefined;
  repeat?: RepeatRule | undefined;
  timeoutMs?: number | undefined;
  /** Statuses besides 2xx that are a success. */
  accept?: readonly number[] | undefined;
}

/** Where tokens come from. */
export interface TokenSource {
  token(options?: CallOptions): Promise<KeystoneToken>;
  discard(token: KeystoneToken): void;
}

/** The image service of one region. */
export class GlanceTransport {
  readonly #http: HttpClient;
  readonly #identity: TokenSource;
  readonly #base: (token: KeystoneToken) => URL;
  readonly #context: Omit<RequestContext, 'operation'>;

  constructor(parts: {
    http: HttpClient;
    identity: TokenSource;
    base: (token: KeystoneToken) => URL;
    context: Omit<RequestContext, 'operation'>;
  }) {
    this.#http = parts.http;
    this.#identity = parts.identity;
    this.#base = parts.base;
    this.#context = parts.context;
  }

  /**
   * Makes a call whose answer has a shape.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async call<T extends z.ZodType>(
    call: GlanceCall,
    schema: T,
    options: CallOptions = {},
  ): Promise<z.infer<T>> {
    return (await this.callFull(call, schema, options)).data;
  }

  /** The same, with the answer's headers, which carry facts of some calls. */
  async callFull<T extends z.ZodType>(
    call: GlanceCall,
    schema: T,
    options: CallOptions = {},
  ): Promise<{ data: z.infer<T>; headers: Record<string, string> }> {
    const reply = await this.send(call, options);
    return { data: parseReply(reply, schema, this.contextOf(call)), headers: reply.headers };
  }

  /** Makes a call and gives its successful answer. */
  async send(call: GlanceCall, options: CallOptions = {}): Promise<HttpReply> {
    const reply = await this.#authorized(
      call,
      options,
      (request) => this.#http.send(request),
      (r) => r,
    );
    if (succeeded(reply.status, call)) return notAWebPage(reply, this.contextOf(call));
    throw toError(reply, this.contextOf(call));
  }

  /** Makes a call whose answer is bytes; they are handed over while they arrive. */
  async open(call: GlanceCall, options: CallOptions = {}): Promise<HttpStream & { ok: true }> {
    const stream = await this.#authorized(
      call,
      options,
      (request) => this.#http.open(request),
      (found) => (found.ok ? undefined : found.reply),
    );
    if (stream.ok) return stream;
    throw toError(stream.reply, this.contextOf(call));
  }

  /** Where the service is; asks for the catalogue when it is not known yet. */
  async origin(options: CallOptions = {}): Promise<URL> {
    return this.#base(await this.#identity.token(options));
  }

  /** What errors of a call say. */
  contextOf(call: GlanceCall): RequestContext {
    // What became of bytes that were sent can be looked up in the record: whether to send them again is the caller's choice.
    const repeatable = call.repeat === 'safe' || call.upload !== undefined ? true : undefined;
    return { ...this.#context, operation: call.operation, object: call.object, repeatable };
  }

  async #authorized<R>(
    call: GlanceCall,
    options: CallOptions,
    send: (request: HttpRequest) => Promise<R>,
    replyOf: (result: R) => HttpReply | undefined,
  ): Promise<R> {
    let token = await this.#identity.token(options);
    let result = await send(this.#request(call, token, options));
    if (replyOf(result)?.status === 401) {
      this.#identity.discard(token);
      // A refused token means that nothing was done, so any call may be made again; but whether bytes that were streamed
      // can be sent again is known only to who has them, and the service may have taken some.
      if (call.upload !== undefined) return result;
      token = await this.#identity.token(options);
      result = await send(this.#request(call, token, options));
    }
    return result;
  }

  #request(call: GlanceCall, token: KeystoneToken, options: CallOptions): HttpRequest {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return {
      method: call.method,
      url: joinUrl(this.#base(token), call.path, encodeQuery(call.query ?? [])),
      headers: {
        // Without it errors come as web pages.
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
        ...call.headers,
        'x-auth-token': token.value.reveal(),
      },
      body,
      upload: call.upload,
      context: this.contextOf(call),
      repeat: call.repeat,
      timeoutMs: call.timeoutMs,
      signal: options.signal,
    };
  }
}

const succeeded = (status: number, call: GlanceCall) =>
  (status >= 200 && status < 300) || call.accept?.includes(status) === true;
