// The hook through which debug logs see requests. Types only.

/** One attempt of one request, after it ended. Holds no secret: the URL is redacted. */
export interface RequestEvent {
  method: string;
  url: string;
  /** From 1. */
  attempt: number;
  /** Duration of the attempt in milliseconds. */
  ms: number;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  /** The service's id of the request. */
  requestId?: string | undefined;
  /** Why there was no answer. */
  failure?: string | undefined;
  /** How long the client waits before it tries again, in milliseconds; absent when it does not. */
  retryInMs?: number | undefined;
}

/** Called after every attempt. Must not throw. */
export type RequestObserver = (event: RequestEvent) => void;
