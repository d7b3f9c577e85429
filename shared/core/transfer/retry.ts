// When to try again, and how long to wait before. Knows errors and clocks, not what is being tried.
import {
  CancelledError,
  type Clock,
  ImageBridgeError,
  ProtocolError,
  ThrottledError,
  UnavailableError,
} from '../model/index.ts';

/** First wait after a failure, after a throttled request, and the longest wait, in ms. */
export const backoffMs = { base: 100, throttled: 500, cap: 20_000 } as const;

/**
 * The wait before the next try: "full jitter", a random part of a limit that doubles, but never less than what the
 * service asked for.
 * @param failures how often it has failed so far, from 1
 */
export function waitBeforeRetryMs(error: ImageBridgeError, failures: number, random: () => number): number {
  const base = error instanceof ThrottledError ? backoffMs.throttled : backoffMs.base;
  const limit = Math.min(backoffMs.cap, base * 2 ** Math.min(failures - 1, 30));
  return Math.max(Math.round(random() * limit), error.details.retryAfterMs ?? 0);
}

/** What was thrown, as an error of ours. A target that throws anything else is at fault itself. */
export function asImageBridgeError(error: unknown, operation: string): ImageBridgeError {
  if (error instanceof ImageBridgeError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ProtocolError({ operation, reason: `an unexpected error occurred (${text})`, cause: error });
}

/**
 * Tells a dead network from a failing request. While nothing at all is answered, on any part, a failure says nothing
 * about the request: it does not count as a try, for as long as the user's patience lasts.
 */
export class Outage {
  readonly #patienceMs: number;
  #contacts = 0;
  #sinceMs: number | undefined;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Somebody got an answer, whatever it was. */
  contact(): void {
    this.#contacts++;
    this.#sinceMs = undefined;
  }

  /** A mark to hand to `counts` after the next failure: did anybody get an answer in between? */
  mark(): number {
    return this.#contacts;
  }

  /** True while the network has been away since some failure. */
  get isAway(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** True when this failure counts as a try of the request. */
  counts(error: ImageBridgeError, mark: number, nowMs: number): boolean {
    const silent = error instanceof UnavailableError && error.details.httpStatus === undefined;
    if (!silent) {
      this.contact();
      return true;
    }
    if (this.#contacts !== mark) return true;
    this.#sinceMs ??= nowMs;
    return nowMs - this.#sinceMs >= this.#patienceMs;
  }
}

/** What `retrying` needs to know. */
export interface RetryRules {
  clock: Clock;
  random: () => number;
  maxAttempts: number;
  outage: Outage;
  signal: AbortSignal;
  /** Told before each wait. */
  onRetry(error: ImageBridgeError, attempt: number, waitMs: number): void;
}

/**
 * Makes a call until it succeeds.
 * @param operation names the call in errors: "upload part 3"
 * @param again says whether an error may be tried again; default: `retryable`
 * @throws what the call threw last, or first when it may not be tried again; CancelledError when the signal aborts
 */
export async function retrying<T>(
  rules: RetryRules,
  operation: string,
  call: () => Promise<T>,
  again: (error: ImageBridgeError) => boolean = (error) => error.retryable,
): Promise<T> {
  let counted = 0;
  let mark = rules.outage.mark();
  for (let failures = 1; ; failures++) {
    if (rules.signal.aborted) throw new CancelledError({ operation, reason: 'it was stopped' });
    try {
      const value = await call();
      rules.outage.contact();
      return value;
    } catch (thrown) {
      const error = asImageBridgeError(thrown, operation);
      if (rules.signal.aborted || !again(error)) throw error;
      if (rules.outage.counts(error, mark, rules.clock.now())) counted++;
      mark = rules.outage.mark();
      if (counted >= rules.maxAttempts) throw error;
      const waitMs = waitBeforeRetryMs(error, failures, rules.random);
      rules.onRetry(error, failures, waitMs);
      await rules.clock.sleep(waitMs, rules.signal);
    }
  }
}
