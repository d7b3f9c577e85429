// The HTTP client of the core. Imports model only.
export {
  HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpStream,
  type RequestGate,
} from './client.ts';
export { isLoopback } from './dispatcher.ts';
export type { HttpReply, ReplyHead } from './exchange.ts';
export { baseDetails, type RequestContext } from './failures.ts';
export type { RequestEvent, RequestObserver } from './observer.ts';
export { isHtml, notAWebPage, parseJson, parseReply, unexpectedReply } from './parse.ts';
export { REDACTED, redactHeaders, redactText, redactUrl } from './redact.ts';
export { parseRetryAfter, type RepeatRule } from './retry.ts';
export { parseUntrusted } from './safe-json.ts';
export { USER_AGENT, VERSION } from './version.ts';
