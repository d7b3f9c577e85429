// The window's side of the line: calls with typed replies, events, and an end.
import type { z } from 'zod';
import { notice } from './envelope.ts';
import type { EngineEvent } from './events.ts';
import { METHODS, type MethodName, type Params, type Result } from './methods.ts';
import type { Transport } from './transport.ts';
import type { Problem } from './views/problem.ts';

/** A call that the engine refused, or that failed. `problem` has everything that can be shown. */
export class EngineError extends Error {
  readonly problem: Problem;

  /** @param problem what is shown; holds no secret */
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'EngineError';
    this.problem = problem;
  }
}

/** The engine as the window sees it. */
export interface EngineClient {
  /**
   * Calls a method.
   * @throws EngineError when the engine refuses it, the line breaks (kind `lost`), or the signal aborts (kind `cancelled`)
   */
  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>>;
  /** Tells a listener every event from now on; returns what ends it. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  /** Called once when the line is lost or closed. */
  onClose(listener: () => void): void;
  close(): void;
}

interface Waiting {
  method: MethodName;
  resolve: (result: unknown) => void;
  reject: (error: EngineError) => void;
}

/** Speaks to an engine over a transport. Messages of a wrong shape are dropped and told to `onBadMessage`. */
export function connectEngine(
  transport: Transport,
  options: { onBadMessage?: (why: string) => void } = {},
): EngineClient {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: EngineEvent) => void>();
  let closed = false;
  let nextId = 1;

  transport.onClose(() => {
    closed = true;
    for (const { reject } of waiting.values()) reject(lost());
    waiting.clear();
  });
  transport.onMessage((message) => {
    const parsed = notice.safeParse(message);
    if (!parsed.success) return options.onBadMessage?.(why(parsed.error));
    const told = parsed.data;
    if (told.kind === 'event') {
      for (const listener of listeners) listener(told.event);
      return;
    }
    const call = waiting.get(told.id);
    if (call === undefined) return;
    waiting.delete(told.id);
    if (told.kind === 'error') return call.reject(new EngineError(told.problem));
    const result = METHODS[call.method].result.safeParse(told.result);
    if (result.success) return call.resolve(result.data);
    options.onBadMessage?.(`${call.method}: ${why(result.error)}`);
    call.reject(
      new EngineError({
        kind: 'protocol',
        message: `The engine's reply to ${call.method} has a wrong shape.`,
      }),
    );
  });

  return {
    call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> {
      return new Promise<unknown>((resolve, reject) => {
        if (closed) return reject(lost());
        if (signal?.aborted) return reject(cancelled(method));
        const id = nextId++;
        const giveUp = () => {
          if (!waiting.delete(id)) return;
          transport.send({ kind: 'cancel', id });
          reject(cancelled(method));
        };
        const settled = () => signal?.removeEventListener('abort', giveUp);
        signal?.addEventListener('abort', giveUp, { once: true });
        waiting.set(id, {
          method,
          resolve: (result) => {
            settled();
            resolve(result);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        });
        transport.send({ kind: 'call', id, method, params });
      }) as Promise<Result<M>>; // It has been parsed by the schema of this method.
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

const lost = () =>
  new EngineError({
    kind: 'lost',
    message: 'The connection to the engine is lost.',
    hint: 'It is tried again.',
  });

const cancelled = (method: string) =>
  new EngineError({ kind: 'cancelled', message: `${method} was given up.` });

/** The first fault of a message, without its content. */
export function why(error: z.ZodError): string {
  const [issue] = error.issues;
  return `a message of a wrong shape: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'wrong'}`;
}
