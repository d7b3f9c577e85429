// Sends the requests of the object store: addresses, signs and reads them. Makes one attempt unless told otherwise.
import type { HttpClient, HttpReply, HttpRequest, HttpStream, RequestContext } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
  ProtocolError,
} from '../../model/index.ts';
import { encodePath, encodeQuery } from '../encode.ts';
import { usesPathStyle } from '../huaweicloud/endpoints.ts';
import { isThrottled, toError } from '../huaweicloud/errors.ts';
import { joinUrl } from '../url.ts';
import { parseXml } from '../xml.ts';
import { signObs } from './obs.ts';

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

/** The object store of one region. */
export class ObsTransport {
  readonly #http: HttpClient;
  readonly #base: URL;
  readonly #profile: HuaweicloudProfile;
  readonly #clock: Clock;
  readonly #context: Omit<RequestContext, 'operation'>;

  constructor(parts: {
    http: HttpClient;
    base: URL;
    profile: HuaweicloudProfile;
    clock: Clock;
    context: Omit<RequestContext, 'operation'>;
  }) {
    this.#http = parts.http;
    this.#base = parts.base;
    this.#profile = parts.profile;
    this.#clock = parts.clock;
    this.#context = parts.context;
  }

  /** Sends and gives the answer, whatever it is. */
  async send(call: ObsCall, options: CallOptions = {}): Promise<HttpReply> {
    return this.#http.send(this.#request(call, options));
  }

  /**
   * Sends and gives a successful answer.
   * @throws the errors of `toError`, and those of the HTTP client
   */
  async succeed(call: ObsCall, options: CallOptions = {}): Promise<HttpReply> {
    const reply = await this.send(call, options);
    if (reply.status < 200 || reply.status >= 300) throw toError(reply, this.contextOf(call));
    return reply;
  }

  /** Sends and hands the body of a successful answer over while it arrives. */
  async open(call: ObsCall, options: CallOptions = {}): Promise<HttpStream> {
    return this.#http.open(this.#request(call, options));
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

  /** What errors of a call say. */
  contextOf(call: ObsCall): RequestContext {
    const object = call.key === undefined ? call.bucket : `${call.bucket}/${call.key}`;
    // What is sent once, or safe to repeat, is harmless: a part replaces itself, and the outcome of a completion or an
    // abort can be looked up. Whether to try again is then the caller's choice.
    const repeatable = call.repeat === 'once' || call.repeat === 'safe' ? true : undefined;
    return { ...this.#context, operation: call.operation, object, repeatable };
  }

  #request(call: ObsCall, options: CallOptions): HttpRequest {
    const url = this.#url(call);
    return {
      method: call.method,
      url,
      // Signed anew for each attempt: a repeated date would be refused as too old.
      headers: () => this.#sign(call),
      body: call.body,
      upload: call.upload,
      context: this.contextOf(call),
      repeat: call.repeat,
      isThrottled,
      timeoutMs: call.timeoutMs,
      signal: options.signal,
    };
  }

  #url(call: ObsCall): URL {
    const key = call.key === undefined ? '' : encodePath(call.key);
    const query = encodeQuery(call.query ?? []);
    if (usesPathStyle(this.#profile, this.#base)) {
      return joinUrl(this.#base, `/${call.bucket}${key === '' ? '' : `/${key}`}`, query);
    }
    const base = new URL(this.#base);
    base.hostname = `${call.bucket}.${base.hostname}`;
    return joinUrl(base, `/${key}`, query);
  }

  #sign(call: ObsCall): Record<string, string> {
    const { accessKey, secretKey, securityToken } = this.#profile;
    if (accessKey === undefined || secretKey === undefined) {
      throw new AuthenticationError({
        ...this.contextOf(call),
        reason: `the profile "${this.#profile.name}" has no access_key and secret_key, which the object store needs`,
        hint: 'Create an access key for the user and add both to the profile.',
      });
    }
    const headers: Record<string, string> = {
      ...call.headers,
      'x-obs-date': new Date(this.#clock.now()).toUTCString(),
      ...(securityToken === undefined ? {} : { 'x-obs-security-token': securityToken.reveal() }),
    };
    const authorization = signObs(
      { method: call.method, bucket: call.bucket, key: call.key, query: call.query, headers },
      { accessKey, secretKey: secretKey.reveal() },
    );
    return { ...headers, authorization };
  }
}
