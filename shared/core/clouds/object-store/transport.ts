// Sends the requests of the object store: addresses, signs and reads them. Makes one attempt unless told otherwise.
import {
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  type HttpStream,
  notAWebPage,
  type RequestContext,
} from '../../http/index.ts';
import { type CallOptions, type ImageBridgeError, ProtocolError } from '../../model/index.ts';
import { encodePath, encodeQuery } from '../encode.ts';
import { joinUrl } from '../url.ts';
import { parseXml } from '../xml.ts';
import type { ObjectSigner } from './signer.ts';

/** One call. */
export interface ObsCall {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  bucket: string;
  /** Not encoded. */
  key?: string | undefined;
  query?: readonly (readonly [string, string | undefined])[] | undefined;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  upload?: HttpRequest['upload'];
  /** As a phrase that follows "Could not". */
  operation: string;
  repeat?: HttpRequest['repeat'];
  timeoutMs?: number | undefined;
}

/** What a store's error answers mean. */
export interface ObjectStoreErrors {
  isThrottled(reply: HttpReply): boolean;
  toError(reply: HttpReply, context: RequestContext): ImageBridgeError;
}

/** What a transport is made of. */
export interface ObjectStoreParts {
  http: HttpClient;
  base: URL;
  /** The bucket stands in the path instead of the host name. */
  pathStyle: boolean;
  signer: ObjectSigner;
  errors: ObjectStoreErrors;
  context: Omit<RequestContext, 'operation'>;
}

/** One object store, with one way of signing. */
export class ObsTransport {
  readonly #parts: ObjectStoreParts;

  constructor(parts: ObjectStoreParts) {
    this.#parts = parts;
  }

  /** Beginning of the names of the store's own headers. */
  get prefix(): ObjectSigner['prefix'] {
    return this.#parts.signer.prefix;
  }

  /** The error that an answer stands for. */
  errorOf(reply: HttpReply, call: ObsCall): ImageBridgeError {
    return this.#parts.errors.toError(reply, this.contextOf(call));
  }

  /**
   * Sends and gives the answer, whatever its status is.
   * @throws ProtocolError when a success is a web page; the errors of the HTTP client
   */
  async send(call: ObsCall, options: CallOptions = {}): Promise<HttpReply> {
    const reply = await this.#parts.http.send(this.#request(call, options));
    return isSuccess(reply) ? notAWebPage(reply, this.contextOf(call)) : reply;
  }

  /**
   * Sends and gives a successful answer.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async succeed(call: ObsCall, options: CallOptions = {}): Promise<HttpReply> {
    const reply = await this.send(call, options);
    if (!isSuccess(reply)) throw this.errorOf(reply, call);
    return reply;
  }

  /** Sends and hands the body of a successful answer over while it arrives. */
  async open(call: ObsCall, options: CallOptions = {}): Promise<HttpStream> {
    return this.#parts.http.open(this.#request(call, options));
  }

  /**
   * Reads an XML answer.
   * @throws ProtocolError when it is none
   */
  parse(reply: HttpReply, call: ObsCall): unknown {
    try {
      return parseXml(reply.text());
    } catch (cause) {
      throw new ProtocolError({
        ...this.contextOf(call),
        reason: 'answered something that is not XML, or was cut off',
        httpStatus: reply.status,
        requestId: reply.requestId,
        cause,
      });
    }
  }

  /** A URL that anybody can read an object with for a while; undefined when the store has none. Sends nothing. */
  presign(bucket: string, key: string, lifetimeMs: number): URL | undefined {
    const { signer } = this.#parts;
    const url = this.#url({ method: 'GET', bucket, key, operation: '' });
    return signer.presign?.({ method: 'GET', url, bucket, key }, lifetimeMs);
  }

  /** What errors of a call say. */
  contextOf(call: ObsCall): RequestContext {
    const object = call.key === undefined ? call.bucket : `${call.bucket}/${call.key}`;
    // What is sent once, or safe to repeat, is harmless: a part replaces itself, and the outcome of a completion or an
    // abort can be looked up. Whether to try again is then the caller's choice.
    const repeatable = call.repeat === 'once' || call.repeat === 'safe' ? true : undefined;
    return { ...this.#parts.context, operation: call.operation, object, repeatable };
  }

  #request(call: ObsCall, options: CallOptions): HttpRequest {
    const url = this.#url(call);
    return {
      method: call.method,
      url,
      // Signed anew for each attempt: a repeated date would be refused as too old.
      headers: () =>
        this.#parts.signer.sign({
          method: call.method,
          url,
          bucket: call.bucket,
          key: call.key,
          query: call.query,
          headers: call.headers ?? {},
          body: call.body,
          streamed: call.upload !== undefined,
        }),
      body: call.body,
      upload: call.upload,
      context: this.contextOf(call),
      repeat: call.repeat,
      isThrottled: this.#parts.errors.isThrottled,
      timeoutMs: call.timeoutMs,
      signal: options.signal,
    };
  }

  #url(call: ObsCall): URL {
    const key = call.key === undefined ? '' : encodePath(call.key);
    const query = encodeQuery(call.query ?? []);
    if (this.#parts.pathStyle) {
      return joinUrl(this.#parts.base, `/${call.bucket}${key === '' ? '' : `/${key}`}`, query);
    }
    const base = new URL(this.#parts.base);
    base.hostname = `${call.bucket}.${base.hostname}`;
    return joinUrl(base, `/${key}`, query);
  }
}

const isSuccess = ({ status }: HttpReply) => status >= 200 && status < 300;
