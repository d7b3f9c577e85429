// An answer of which the head is here: its body is read whole, within limits of size and time, or handed over on the way.
import { type Failure, ReplyTooLarge, ReplyTooSlow } from './failures.ts';

/** The head of an answer. */
export interface ReplyHead {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The service's id of the request. */
  requestId?: string | undefined;
  /** The URL that answered, redacted. */
  url: string;
  method: string;
  /** From Retry-After, in ms; not capped. */
  retryAfterMs?: number | undefined;
}

/** An answer with its body, which is complete and within the size limit. */
export interface HttpReply extends ReplyHead {
  body: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
}

// An answer that is kept in memory may take this many idle times, and then must have come at this rate.
const SLOW_REPLY_PATIENCE = 10;
const MIN_REPLY_BYTES_PER_S = 1024;

/** What reading an answer tells its attempt. */
export interface ExchangeHooks {
  /** Largest answer that is kept in memory. */
  maxBytes: number;
  /** How long nothing may move, in ms. */
  timeoutMs: number;
  /** Something has moved. */
  touch: () => void;
  /** Nothing is meant to move until the next touch. */
  pause: () => void;
  /** The attempt has ended well, or nobody reads on. */
  release: () => Promise<void>;
  /** Ends the attempt. @throws AttemptFailed */
  failed: (thrown: unknown) => Promise<never>;
}

type ResponseBody = AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };

/** An answer whose head is here and whose body is not read yet. */
export class Exchange {
  readonly head: ReplyHead;
  readonly #body: ResponseBody;
  readonly #hooks: ExchangeHooks;

  constructor(head: ReplyHead, body: ResponseBody, hooks: ExchangeHooks) {
    this.head = head;
    this.#body = body;
    this.#hooks = hooks;
  }

  /** The whole answer. @throws AttemptFailed */
  async readAll(): Promise<HttpReply> {
    const { maxBytes, timeoutMs, touch, release, failed } = this.#hooks;
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    const startedMs = performance.now();
    try {
      // HEAD tells the length of what it does not send.
      const announced = this.head.method === 'HEAD' ? 0 : Number(this.head.headers['content-length'] ?? 0);
      if (announced > maxBytes) throw new ReplyTooLarge(maxBytes);
      for await (const chunk of this.#body) {
        touch();
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) throw new ReplyTooLarge(maxBytes);
        // A byte now and then keeps the idle timer quiet for ever.
        const allowedMs = SLOW_REPLY_PATIENCE * timeoutMs + (sizeBytes / MIN_REPLY_BYTES_PER_S) * 1000;
        if (performance.now() - startedMs > allowedMs) throw new ReplyTooSlow(MIN_REPLY_BYTES_PER_S);
        chunks.push(chunk);
      }
    } catch (thrown) {
      this.#discard();
      return failed(thrown);
    }
    await release();
    const body = Buffer.concat(chunks);
    return { ...this.head, body, text: () => body.toString('utf8') };
  }

  /** The body while it arrives. @throws UnavailableError, ProtocolError, CancelledError */
  async *readOn(): AsyncGenerator<Uint8Array> {
    const { touch, pause, release, failed } = this.#hooks;
    try {
      for await (const chunk of this.#body) {
        // While the consumer works with the chunk, it is not the network that is slow.
        pause();
        yield chunk;
        touch();
      }
    } catch (thrown) {
      this.#discard();
      await failed(thrown).catch((failure: unknown) => {
        throw failure instanceof AttemptFailed ? failure.failure.error : failure;
      });
    } finally {
      this.#discard();
      await release();
    }
  }

  #discard(): void {
    this.#body.destroy();
  }
}

/** Carries a failure's facts from the attempt to the loop over attempts. */
export class AttemptFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}
