// The engine's side of the line: calls are validated, handled and answered; whatever has a wrong shape is dropped.
import { why } from './client.ts';
import { request } from './envelope.ts';
import type { EngineEvent } from './events.ts';
import { METHODS, type MethodName, type Params, type Result } from './methods.ts';
import type { Transport } from './transport.ts';
import type { Problem } from './views/problem.ts';

/** What the engine does for each method. The signal aborts when the window gives the call up or is gone. */
export type Handlers = {
  [M in MethodName]: (params: Params<M>, signal: AbortSignal) => Result<M> | Promise<Result<M>>;
};

/** One window. */
export interface Session {
  /** Tells the window something that happened. */
  emit(event: EngineEvent): void;
  close(): void;
}

/** How a session behaves. */
export interface SessionOptions {
  /** Makes of what a handler threw what the window may see. It must hold no secret. */
  toProblem: (thrown: unknown) => Problem;
  /** Told why a message was dropped; never with its content. */
  onBadMessage?: ((why: string) => void) | undefined;
}

/** Serves the contract on a transport, until it is closed. */
export function serveContract(transport: Transport, handlers: Handlers, options: SessionOptions): Session {
  const running = new Map<number, AbortController>();

  transport.onClose(() => {
    for (const controller of running.values()) controller.abort();
    running.clear();
  });
  transport.onMessage((message) => {
    const parsed = request.safeParse(message);
    if (!parsed.success) return options.onBadMessage?.(why(parsed.error));
    const asked = parsed.data;
    if (asked.kind === 'cancel') return running.get(asked.id)?.abort();
    void answer(asked.id, asked.method, asked.params);
  });

  async function answer(id: number, method: string, given: unknown): Promise<void> {
    if (!isMethod(method)) {
      options.onBadMessage?.(`a call of the unknown method ${JSON.stringify(method.slice(0, 100))}`);
      return refuse(id, { kind: 'protocol', message: 'There is no such method.' });
    }
    const params = METHODS[method].params.safeParse(given);
    if (!params.success) {
      options.onBadMessage?.(`${method}: ${why(params.error)}`);
      return refuse(id, { kind: 'protocol', message: `${method} was called with ${why(params.error)}.` });
    }
    if (running.has(id)) return refuse(id, { kind: 'protocol', message: 'This call id is in use.' });
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await handle(method, params.data, controller.signal);
      transport.send({ kind: 'result', id, result: result ?? null });
    } catch (thrown) {
      refuse(id, options.toProblem(thrown));
    } finally {
      running.delete(id);
    }
  }

  function handle(method: MethodName, params: unknown, signal: AbortSignal): unknown {
    // The params have been parsed by the schema of this very method.
    const handler = handlers[method] as (params: unknown, signal: AbortSignal) => unknown;
    return handler(params, signal);
  }

  const refuse = (id: number, problem: Problem) => transport.send({ kind: 'error', id, problem });

  return {
    emit: (event) => transport.send({ kind: 'event', event }),
    close: () => transport.close(),
  };
}

const isMethod = (name: string): name is MethodName => Object.hasOwn(METHODS, name);
