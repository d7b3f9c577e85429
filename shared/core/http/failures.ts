// Turns what undici, the socket and TLS throw into the errors that users see. Sends nothing.
import { CancelledError, ImageBridgeError, ProtocolError, UnavailableError } from '../model/index.ts';
import { redactText, redactUrl } from './redact.ts';

/** What a request is about, for messages. */
export interface RequestContext {
  /** What is tried, as a phrase that follows "Could not". */
  operation: string;
  /** The cloud, e.g. `huaweicloud "prod"`. */
  cloud?: string | undefined;
  object?: string | undefined;
  /** What to check when the service cannot be reached. Default: the endpoint and the network. */
  endpointHint?: string | undefined;
  /**
   * Making the call again does no harm, whatever became of the first one: errors then say that they are retryable.
   * Default: so for reads.
   */
  repeatable?: boolean | undefined;
}

/** A failed attempt, and whether another one may be made. */
export interface Failure {
  error: ImageBridgeError;
  /** Nothing of the request can have reached the service. */
  notSent: boolean;
  /** Another attempt may go better. */
  transient: boolean;
}

/** How far the attempt had come. */
export interface AttemptState {
  url: URL;
  /** The start of an answer had arrived. */
  answered: boolean;
  /** A body was still being sent. */
  sending: boolean;
  /** Set when our own timer ended the attempt: its length in ms. */
  idleMs?: number | undefined;
  /** The caller's signal ended it. */
  aborted: boolean;
  connectTimeoutMs: number;
}

/** Thrown while reading an answer that is larger than allowed. */
export class ReplyTooLarge extends Error {
  readonly limitBytes: number;

  /** @param limitBytes the limit that was passed */
  constructor(limitBytes: number) {
    super(`reply larger than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

/** Thrown while reading an answer that trickles. */
export class ReplyTooSlow extends Error {
  readonly bytesPerSecond: number;

  /** @param bytesPerSecond the rate that was not reached */
  constructor(bytesPerSecond: number) {
    super(`reply slower than ${bytesPerSecond} bytes a second`);
    this.bytesPerSecond = bytesPerSecond;
  }
}

const PROXY_HINT = 'Check the proxy of the profile, or HTTPS_PROXY and NO_PROXY.';

const seconds = (ms: number) => (ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${ms} ms`);

/** Says what went wrong in an attempt, in words, and whether to try again. */
export function describeFailure(thrown: unknown, context: RequestContext, state: AttemptState): Failure {
  const common = { ...baseDetails(context), cause: thrown };
  const hint =
    context.endpointHint ?? `Check the endpoint ${redactUrl(state.url.origin)} and the network in between.`;
  type Flags = { notSent?: boolean; transient?: boolean; foreign?: boolean };
  const unavailable = (reason: string, flags: Flags, advice = hint) => ({
    error: new UnavailableError({
      ...common,
      reason,
      hint: advice,
      ...(flags.foreign === true ? { foreign: true } : {}),
      retryable: (flags.notSent === true || context.repeatable === true) && flags.transient !== false,
    }),
    notSent: flags.notSent ?? false,
    transient: flags.transient ?? true,
  });
  const protocol = (reason: string, transient: boolean, advice: string) => ({
    error: new ProtocolError({
      ...common,
      reason,
      hint: advice,
      retryable: transient && context.repeatable === true,
    }),
    notSent: false,
    transient,
  });

  if (thrown instanceof ImageBridgeError) return { error: thrown, notSent: false, transient: false };
  if (state.aborted) {
    return {
      error: new CancelledError({ ...common, reason: 'it was cancelled' }),
      notSent: false,
      transient: false,
    };
  }
  if (state.idleMs !== undefined) return unavailable(timeoutReason(state, state.idleMs), {});
  if (thrown instanceof ReplyTooSlow) {
    return unavailable(`timed out: the answer came at less than ${thrown.bytesPerSecond} bytes a second`, {
      transient: false,
    });
  }
  if (thrown instanceof ReplyTooLarge) {
    return protocol(
      `the answer is larger than ${thrown.limitBytes} bytes`,
      false,
      'This is no answer of the service that the profile names: check the endpoint.',
    );
  }

  const code = codeOf(thrown);
  const host = state.url.host;
  switch (code) {
    case 'ECONNREFUSED': {
      const proxy = refusingProxy(thrown, state.url);
      return unavailable(
        `connection refused by ${proxy ?? hostAndPort(state.url)}`,
        { notSent: true },
        proxy === undefined ? hint : PROXY_HINT,
      );
    }
    case 'ENOTFOUND': {
      const host = memberOf(thrown, 'hostname');
      const isProxy = typeof host === 'string' && host !== bareHost(state.url);
      return unavailable(
        isProxy
          ? `the host name ${host} of the proxy is unknown`
          : `the host name ${state.url.hostname} is unknown`,
        { notSent: true, transient: false },
        isProxy ? PROXY_HINT : hint,
      );
    }
    case 'EAI_AGAIN':
      return unavailable(`the host name ${state.url.hostname} could not be looked up`, { notSent: true });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unavailable(`there is no route to ${host}`, { notSent: true });
    case 'UND_ERR_CONNECT_TIMEOUT':
      return unavailable(`no connection to ${host} within ${seconds(state.connectTimeoutMs)}`, {
        notSent: true,
      });
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return {
        error: new CancelledError({ ...common, reason: 'the connection to the cloud was closed' }),
        notSent: false,
        transient: false,
      };
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'HPE_HEADER_OVERFLOW':
      return protocol('the header of the answer is too large', false, hint);
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return protocol('truncated reply', true, hint);
    case 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH':
      return protocol('the body had another length than announced', false, 'Try again.');
    case 'UND_ERR_PRX_TLS':
      return unavailable('TLS to the proxy failed', { notSent: true, transient: false }, PROXY_HINT);
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return unavailable(
        `${host} does not answer in TLS`,
        { notSent: true, transient: false, foreign: true },
        'Check whether the endpoint is http instead of https.',
      );
  }
  if (code?.startsWith('HPE_') || errorName(thrown) === 'HTTPParserError') {
    return protocol('answered something that is not HTTP', false, hint);
  }
  if (isCertificateCode(code)) {
    return unavailable(
      `the certificate of ${host} is not trusted (${code})`,
      // One whose time is over is most likely the service's own.
      { notSent: true, transient: false, foreign: !/EXPIRED|NOT_YET_VALID/.test(code) },
      'Where the cloud has its own authority, name the file with its certificate in ca_file of the profile.',
    );
  }
  const proxy = /Proxy response \((\d+)\)/.exec(messageOf(thrown));
  if (proxy)
    return unavailable(
      `the proxy refused the connection (HTTP ${proxy[1]})`,
      { notSent: true, transient: false },
      proxy[1] === '407' ? `The proxy wants other credentials. ${PROXY_HINT}` : PROXY_HINT,
    );
  if (isResetCode(code)) {
    if (state.answered) return protocol('truncated reply: the connection was cut', true, hint);
    return unavailable(
      state.sending ? 'the connection was reset while sending' : 'the connection was reset',
      {},
    );
  }
  return unavailable(redactText(messageOf(thrown)) || 'the request failed', { transient: false });
}

/** The details every error of a request carries. */
export function baseDetails(context: RequestContext): {
  operation: string;
  cloud?: string | undefined;
  object?: string | undefined;
} {
  return {
    operation: context.operation,
    ...(context.cloud === undefined ? {} : { cloud: context.cloud }),
    ...(context.object === undefined ? {} : { object: context.object }),
  };
}

function timeoutReason(state: AttemptState, idleMs: number): string {
  const time = seconds(idleMs);
  if (state.answered) return `timed out: the answer stopped for ${time}`;
  if (state.sending) return `timed out: no byte could be sent for ${time}`;
  return `timed out after ${time} without an answer`;
}

const hostAndPort = (url: URL) =>
  url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host;

const bareHost = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** Address of a proxy that refused; undefined when it was the service itself. */
function refusingProxy(thrown: unknown, url: URL): string | undefined {
  const [port, address] = [memberOf(thrown, 'port'), memberOf(thrown, 'address')];
  const own = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (typeof port !== 'number' || port === own) return undefined;
  return `the proxy at ${String(address)}:${port}`;
}

/** A member of what the socket threw; the first one where several addresses were tried. */
function memberOf(thrown: unknown, name: string): unknown {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
    const value: unknown = one instanceof Error ? Reflect.get(one, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function codeOf(thrown: unknown): string | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string') {
      // undici wraps what the socket said: the inner code is the one that tells.
      const inner = codeOf(error.cause);
      return error.code === 'UND_ERR_SOCKET' && inner !== undefined ? inner : error.code;
    }
  }
  return undefined;
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
const errorName = (thrown: unknown) => (thrown instanceof Error ? thrown.name : '');

const isResetCode = (code: string | undefined) =>
  code === 'ECONNRESET' ||
  code === 'EPIPE' ||
  code === 'ECONNABORTED' ||
  code === 'ETIMEDOUT' ||
  code === 'UND_ERR_SOCKET' ||
  code === 'UND_ERR_INFO' ||
  code === 'UND_ERR_ABORTED';

const isCertificateCode = (code: string | undefined): code is string =>
  code !== undefined &&
  (/CERT|^UNABLE_TO_|^SELF_SIGNED|^DEPTH_ZERO/.test(code) || code === 'ERR_TLS_CERT_ALTNAME_INVALID');
