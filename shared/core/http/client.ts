// The one HTTP client: connections, timeouts, repetitions, observation. Follows no redirect, knows no cloud.
import type { Readable } from 'node:stream';
import { request as undiciRequest } from 'undici';
import {
  CancelledError,
  type Clock,
  type ImageBridgeError,
  type ProfileConnection,
  systemClock,
} from '../model/index.ts';
import { type Connections, openConnections } from './dispatcher.ts';
import { AttemptFailed, Exchange, type HttpReply, type ReplyHead } from './exchange.ts';
import { baseDetails, describeFailure, type Failure, type RequestContext } from './failures.ts';
import { IdleTimer } from './idle-timer.ts';
import type { RequestObserver } from './observer.ts';
import { redactText, redactUrl } from './redact.ts';
import { backoffMs, isLaterStatus, MAX_RETRY_AFTER_MS, parseRetryAfter, type RepeatRule } from './retry.ts';
import { UploadBody } from './upload-body.ts';
import { USER_AGENT } from './version.ts';

/** A request. */
export interface HttpRequest {
  method: string;
  url: URL;
  /** The query of the URL grants access: it is never shown. */
  secretQuery?: boolean | undefined;
  /** A function is asked again for each attempt: a signature holds the time of its attempt. */
  headers?: Record<string, string> | (() => Record<string, string>) | undefined;
  body?: string | Uint8Array | undefined;
  /** A body that is streamed instead of `body`. `open` is called at most once per attempt. */
  upload?: { sizeBytes: number; open: () => AsyncIterable<Uint8Array> } | undefined;
  context: RequestContext;
  /** Default: `safe` for GET and HEAD, else `unsafe`. */
  repeat?: RepeatRule | undefined;
  /** True when an answer says "too many", in the service's own way. Status 429 needs no word of it. */
  isThrottled?: ((reply: HttpReply) => boolean) | undefined;
  /** How long nothing may move, in ms. Default: the client's. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** An answer whose body is read on the way: `body` when it is a success, else the complete `reply`. */
export type HttpStream =
  | { ok: true; head: ReplyHead; body: AsyncIterable<Uint8Array> }
  | { ok: false; reply: HttpReply };

/** Lets requests pass one by one, so that a client keeps within what a service bears. */
export interface RequestGate {
  /**
   * Waits until one attempt of a request may begin.
   * @param service the origin of its URL
   * @param bulk true where it carries much data, and so takes as long as the network needs
   * @returns called once when the attempt has ended
   * @throws CancelledError when `signal` aborts first
   */
  enter(service: string, bulk: boolean, signal: AbortSignal | undefined): Promise<() => void>;
}

/** What a client is made with; everything has a default. */
export interface HttpClientOptions {
  clock?: Clock | undefined;
  /** 0 ≤ x < 1. Default: Math.random. */
  random?: (() => number) | undefined;
  /** For the proxy variables. Default: none are read. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  observer?: RequestObserver | undefined;
  /** Default: requests begin when they are made. */
  gate?: RequestGate | undefined;
  /** What the profile says of proxy and certificates; wins over `env`. */
  connection?: ProfileConnection | undefined;
  /** Default 10 s. */
  connectTimeoutMs?: number | undefined;
  /** How long nothing may move in a request, in ms. Default 30 s. */
  timeoutMs?: number | undefined;
  /** Largest answer that is kept in memory. Default 16 MiB. */
  maxReplyBytes?: number | undefined;
  /** Attempts of one request, the first included. Default 4. */
  maxAttempts?: number | undefined;
}

const REQUEST_ID_HEADERS = [
  // A service's own header before the one that a proxy may have added.
  'x-ucloud-request-uuid',
  'x-obs-request-id',
  'x-openstack-request-id',
  'openstack-request-id',
  'x-amz-request-id',
  'x-request-id',
];

// A body of more bytes counts as much data.
const BULK_BYTES = 256 * 1024;

const shownUrl = ({ url, secretQuery }: HttpRequest): string =>
  redactUrl(secretQuery ? `${url.origin}${url.pathname}` : url);

/** True when a request only reads. */
const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/** One client holds the connections of one cloud account. */
export class HttpClient {
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #observer: RequestObserver | undefined;
  readonly #gate: RequestGate | undefined;
  readonly #connectTimeoutMs: number;
  readonly #timeoutMs: number;
  readonly #maxReplyBytes: number;
  readonly #maxAttempts: number;

  /** @throws InvalidInputError, LocalFileError when the proxy or the file of certificates cannot be used */
  constructor(options: HttpClientOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#observer = options.observer;
    this.#gate = options.gate;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#maxReplyBytes = options.maxReplyBytes ?? 16 * 1024 * 1024;
    this.#maxAttempts = options.maxAttempts ?? 4;
    this.#connections = openConnections({
      connectTimeoutMs: this.#connectTimeoutMs,
      env: options.env ?? {},
      connection: options.connection,
    });
  }

  /**
   * Sends a request and reads the whole answer, whatever its status; makes it again as its `repeat` allows.
   * @throws UnavailableError, ProtocolError, CancelledError; and what a streamed body's source threw
   */
  async send(request: HttpRequest): Promise<HttpReply> {
    return this.#repeatedly(request, async () => {
      const exchange = await this.#exchange(request);
      return exchange.readAll();
    });
  }

  /**
   * Sends a request and hands a successful answer over while it arrives. Read `body` to its end or leave the loop:
   * both free the connection. A body that breaks off is not asked for again.
   * @throws UnavailableError, ProtocolError, CancelledError; the same while `body` is read
   */
  async open(request: HttpRequest): Promise<HttpStream> {
    let stream: HttpStream | undefined;
    const reply = await this.#repeatedly(request, async () => {
      const exchange = await this.#exchange(request);
      if (exchange.head.status >= 300) return exchange.readAll();
      stream = { ok: true, head: exchange.head, body: exchange.readOn() };
      return { ...exchange.head, body: new Uint8Array(), text: () => '' };
    });
    return stream ?? { ok: false, reply };
  }

  /** Closes all connections; requests under way fail with CancelledError. */
  async close(): Promise<void> {
    await this.#connections.destroy();
  }

  async #repeatedly(request: HttpRequest, once: () => Promise<HttpReply>): Promise<HttpReply> {
    const rule: RepeatRule = request.repeat ?? (isRead(request.method) ? 'safe' : 'unsafe');
    for (let attempt = 1; ; attempt += 1) {
      if (request.signal?.aborted) throw cancelled(request.context);
      const leave = await this.#enter(request);
      const startedAt = this.#clock.now();
      let waitMs: number | undefined;
      let outcome: { reply: HttpReply } | { failure: Failure };
      try {
        const reply = await once();
        outcome = { reply };
        const throttled = reply.status === 429 || (request.isThrottled?.(reply) ?? false);
        const again = throttled || (rule === 'safe' && isLaterStatus(reply.status));
        if (again && rule !== 'once') {
          const asked = Math.min(reply.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
          waitMs = Math.max(asked, backoffMs(attempt, this.#random, throttled));
        }
      } catch (thrown) {
        const failure = asFailure(thrown);
        outcome = { failure };
        if (failure.transient && (rule === 'safe' || (rule === 'unsafe' && failure.notSent))) {
          waitMs = backoffMs(attempt, this.#random, false);
        }
      } finally {
        leave?.();
      }
      if (attempt >= this.#maxAttempts) waitMs = undefined;
      this.#observe(request, attempt, startedAt, outcome, waitMs);
      if (waitMs === undefined) {
        if ('reply' in outcome) return outcome.reply;
        throw outcome.failure.error;
      }
      try {
        await this.#clock.sleep(waitMs, request.signal);
      } catch (thrown) {
        if (thrown instanceof CancelledError) throw cancelled(request.context);
        throw thrown;
      }
    }
  }

  /** Waits for the gate; gives what is to be called when the attempt has ended. */
  async #enter({ url, upload, body, signal, context }: HttpRequest): Promise<(() => void) | undefined> {
    const bulk = upload !== undefined || (body !== undefined && body.length > BULK_BYTES);
    try {
      return await this.#gate?.enter(url.origin, bulk, signal);
    } catch (thrown) {
      throw thrown instanceof CancelledError ? cancelled(context) : thrown;
    }
  }

  /** Sends one attempt and waits for the head of the answer. */
  async #exchange(request: HttpRequest): Promise<Exchange> {
    const controller = new AbortController();
    const timeoutMs = request.timeoutMs ?? this.#timeoutMs;
    const state = {
      url: request.url,
      answered: false,
      sending: false,
      idleMs: undefined as number | undefined,
      aborted: false,
      connectTimeoutMs: this.#connectTimeoutMs,
    };
    const timer = new IdleTimer(timeoutMs, () => {
      state.idleMs = timeoutMs;
      controller.abort();
    });
    const onAbort = () => {
      state.aborted = true;
      controller.abort();
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const context = { ...request.context, repeatable: request.context.repeatable ?? isRead(request.method) };
    const body = request.upload ? new UploadBody(request.upload.open, timer) : undefined;

    const release = async () => {
      timer.stop();
      request.signal?.removeEventListener('abort', onAbort);
      await body?.stop();
    };
    const failed = async (thrown: unknown): Promise<never> => {
      state.sending = body !== undefined && body.sentBytes < (request.upload?.sizeBytes ?? 0);
      await release();
      // The source's own error (the file changed) tells more than the broken connection it caused.
      if (body?.failure && !state.aborted && state.idleMs === undefined) {
        throw new AttemptFailed(describeFailure(body.failure.error, context, state));
      }
      throw new AttemptFailed(describeFailure(thrown, context, state));
    };

    try {
      const given = typeof request.headers === 'function' ? request.headers() : (request.headers ?? {});
      const response = await undiciRequest(request.url, {
        dispatcher: this.#connections.for(request.url),
        method: request.method as 'GET',
        headers: {
          'user-agent': USER_AGENT,
          ...given,
          ...(request.upload ? { 'content-length': String(request.upload.sizeBytes) } : {}),
        },
        // undici sends async iterables, as its documentation says; only its types do not know it.
        body: (body as unknown as Readable | undefined) ?? request.body ?? null,
        signal: controller.signal,
      });
      state.answered = true;
      timer.touch();
      const headers = flatten(response.headers);
      const head: ReplyHead = {
        status: response.statusCode,
        headers,
        requestId: REQUEST_ID_HEADERS.map((name) => headers[name]).find((id) => id !== undefined),
        url: shownUrl(request),
        method: request.method,
        retryAfterMs: parseRetryAfter(headers['retry-after'], this.#clock.now()),
      };
      return new Exchange(head, response.body, {
        maxBytes: this.#maxReplyBytes,
        timeoutMs,
        touch: () => timer.touch(),
        pause: () => timer.pause(),
        release,
        failed,
      });
    } catch (thrown) {
      if (thrown instanceof AttemptFailed) throw thrown;
      return failed(thrown);
    }
  }

  #observe(
    request: HttpRequest,
    attempt: number,
    startedAt: number,
    outcome: { reply: HttpReply } | { failure: Failure },
    retryInMs: number | undefined,
  ): void {
    this.#observer?.({
      method: request.method,
      url: shownUrl(request),
      attempt,
      ms: this.#clock.now() - startedAt,
      ...('reply' in outcome
        ? { status: outcome.reply.status, requestId: outcome.reply.requestId }
        : { failure: redactText(outcome.failure.error.details.reason ?? outcome.failure.error.message) }),
      retryInMs,
    });
  }
}

function asFailure(thrown: unknown): Failure {
  if (thrown instanceof AttemptFailed) return thrown.failure;
  throw thrown;
}

const cancelled = (context: RequestContext): ImageBridgeError =>
  new CancelledError({ ...baseDetails(context), reason: 'it was cancelled' });

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
