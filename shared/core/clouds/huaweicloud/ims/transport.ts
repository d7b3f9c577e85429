// Sends the requests of the image service: signs them, renews a refused token once, maps errors.
import type { z } from 'zod';
import {
  type HttpClient,
  type HttpReply,
  parseReply,
  type RepeatRule,
  type RequestContext,
} from '../../../http/index.ts';
import { type CallOptions, InvalidInputError } from '../../../model/index.ts';
import { encodeQuery } from '../../encode.ts';
import { joinUrl } from '../../url.ts';
import type { Authorizer, SignRequest } from '../auth.ts';
import { isThrottled, isTokenRefused, toError } from '../errors.ts';

/** Pairs of a query, in the order in which they are sent. */
export type Query = readonly (readonly [string, string])[];

/** Bytes that are sent as they are. */
export interface ImsBytes {
  sizeBytes: number;
  /** Called once per attempt. */
  open: () => AsyncIterable<Uint8Array>;
}

/** One call. */
export interface ImsCall {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, from the root of the service. */
  path: string;
  query?: Query | undefined;
  /** Sent as JSON, also with DELETE. */
  body?: unknown;
  /** Sent instead of `body`. */
  bytes?: ImsBytes | undefined;
  /** Of the body. Default `application/json`. */
  contentType?: string | undefined;
  /** Further headers. */
  headers?: Record<string, string> | undefined;
  /** A status outside of 2xx that is a success; what comes with it is read as any answer. */
  alsoSuccess?: number | undefined;
  /** As a phrase that follows "Could not". */
  operation: string;
  object?: string | undefined;
  repeat?: RepeatRule | undefined;
}

/** What a transport is made of. */
export interface ImsParts {
  http: HttpClient;
  base: URL;
  auth: Authorizer;
  context: Omit<RequestContext, 'operation'>;
  /** Sees each successful answer before it is read. */
  onReply?: ((reply: HttpReply) => void) | undefined;
}

// Bytes may stand still for a while on a bad line before they are given up.
const UPLOAD_IDLE_MS = 60_000;

/** The image service of one region, for one project. */
export class ImsTransport {
  readonly #parts: ImsParts;

  constructor(parts: ImsParts) {
    this.#parts = parts;
  }

  /** The cloud's name in messages. */
  get cloud(): string | undefined {
    return this.#parts.context.cloud;
  }

  /** The project's id, which some paths hold. */
  projectId(options?: CallOptions): Promise<string> {
    return this.#parts.auth.projectId(options);
  }

  /** The same service, showing each successful answer as it came. */
  observed(onReply: (reply: HttpReply) => void): ImsTransport {
    return new ImsTransport({ ...this.#parts, onReply });
  }

  /**
   * Makes a call whose answer has a shape.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async call<T extends z.ZodType>(call: ImsCall, schema: T, options: CallOptions = {}): Promise<z.infer<T>> {
    return parseReply(await this.send(call, options), schema, this.#contextOf(call));
  }

  /**
   * Makes a call and gives its successful answer, unread.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async send(call: ImsCall, options: CallOptions = {}): Promise<HttpReply> {
    const context = this.#contextOf(call);
    const { auth, onReply } = this.#parts;
    const body = await this.#bodyOf(call);
    let sign = await auth.prepare(options);
    let reply = await this.#attempt(call, body, context, sign, options);
    // A refused token means that nothing was done, so any call may be made again.
    if (isTokenRefused(reply) && auth.refused(sign)) {
      sign = await auth.prepare(options);
      reply = await this.#attempt(call, body, context, sign, options);
    }
    const expected = (reply.status >= 200 && reply.status < 300) || reply.status === call.alsoSuccess;
    if (!expected) throw toError(reply, context);
    onReply?.(reply);
    return reply;
  }

  #attempt(
    call: ImsCall,
    body: string | Uint8Array | undefined,
    context: RequestContext,
    sign: SignRequest,
    options: CallOptions,
  ): Promise<HttpReply> {
    const url = joinUrl(this.#parts.base, call.path, encodeQuery(call.query ?? []));
    const upload = body === undefined ? call.bytes : undefined;
    const headers = {
      accept: 'application/json',
      'content-type': call.contentType ?? 'application/json',
      ...call.headers,
    };
    return this.#parts.http.send({
      method: call.method,
      url,
      headers: () => sign({ method: call.method, url, headers, body }),
      body,
      upload,
      timeoutMs: call.bytes === undefined ? undefined : UPLOAD_IDLE_MS,
      context,
      repeat: call.repeat,
      isThrottled,
      signal: options.signal,
    });
  }

  /** The body in memory; undefined when there is none, or when bytes are streamed instead. */
  async #bodyOf(call: ImsCall): Promise<string | Uint8Array | undefined> {
    const limit = this.#parts.auth.maxBodyBytes;
    if (call.bytes === undefined) {
      const text = call.body === undefined ? undefined : JSON.stringify(call.body);
      this.#checkSize(call, text === undefined ? 0 : Buffer.byteLength(text), limit);
      return text;
    }
    this.#checkSize(call, call.bytes.sizeBytes, limit);
    // A signature covers the bytes, so they are read before they are sent: only few may be signed.
    if (limit === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of call.bytes.open()) {
      chunks.push(chunk);
      size += chunk.byteLength;
      this.#checkSize(call, size, limit);
    }
    return Buffer.concat(chunks);
  }

  #checkSize(call: ImsCall, sizeBytes: number, limitBytes: number | undefined): void {
    if (limitBytes === undefined || sizeBytes <= limitBytes) return;
    throw new InvalidInputError({
      ...this.#contextOf(call),
      reason: `it sends ${sizeBytes} bytes, and requests signed with access keys may have ${limitBytes}`,
      hint: 'Give the profile user and password, so that a token is used, or put the file into a bucket and create the image from the object.',
    });
  }

  #contextOf(call: ImsCall): RequestContext {
    return { ...this.#parts.context, operation: call.operation, object: call.object };
  }
}
