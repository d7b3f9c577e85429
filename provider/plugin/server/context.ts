// What all calls share: the provider, its configuration, the stop signal, and how a handler is run.
import type { AnyProvider } from '../definition/provider.ts';
import type { CallRequest, ProviderRequest } from '../definition/resource.ts';
import { type Diagnostic, DiagnosticError, type Diagnostics, failure } from '../diagnostics.ts';
import type { Logger } from '../logger.ts';
import type { ValueType } from '../schema/type.ts';
import { decodeValue } from '../values/codec.ts';
import { AttributePath } from '../values/path.ts';
import { isRecord } from '../values/record.ts';
import { ValueError } from '../values/value-error.ts';
import type { Decoded } from '../wire/protobuf.ts';
import { type ClientCapabilities, DEFERRED, type DynamicValue } from '../wire/tfplugin6.ts';
import { fromJson, parseJson } from './from-json.ts';
import type { ObjectValue } from './objects.ts';

/** Why handlers are told to stop. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** How a handler ended. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** The state of one server. */
export class ServerContext {
  readonly provider: AnyProvider;
  readonly log: Logger;
  #configured: { readonly data: unknown; readonly deferred: boolean } | undefined;
  /** Of the running handlers. Each has its own: what `AbortSignal.any` makes of a lasting signal stays in memory for long. */
  readonly #stops = new Set<AbortController>();
  /** How to give up each running handler. */
  readonly #abandon = new Set<(error: unknown) => void>();
  readonly #running = new Set<Promise<unknown>>();
  #stopped = false;
  /** Numbers the calls in logs: several run at once. */
  #calls = 0;

  constructor(provider: AnyProvider, log: Logger) {
    this.provider = provider;
    this.log = log;
  }

  /** Keeps what `configure` made. In debug mode it is called repeatedly. */
  setConfigured(data: unknown, deferred = false): void {
    this.#configured = { data, deferred };
  }

  /** What to answer to a call that has to wait until more of the provider's configuration is known; undefined: run it. */
  deferral(
    capabilities: Decoded<typeof ClientCapabilities> | undefined,
  ): { readonly reason: number } | undefined {
    const waits = this.#configured?.deferred === true && capabilities?.deferralAllowed === true;
    return waits ? { reason: DEFERRED.providerConfigUnknown } : undefined;
  }

  /** Tells every running handler to stop. Later calls run normally: a debugged server lives on. */
  stop(reason: string): void {
    this.#stopped = true;
    for (const running of [...this.#stops]) running.abort(new StoppedError(reason));
  }

  /** Lets the provider end its work, unless it was stopped before. Never rejects. */
  async finish(limitMs: number): Promise<void> {
    const { provider, log } = this;
    if (this.#stopped || this.#configured === undefined || provider.finish === undefined) return;
    const signal = AbortSignal.timeout(limitMs);
    const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const work = Promise.resolve().then(() =>
      provider.finish?.({ provider: this.#configured?.data, signal, log }),
    );
    await Promise.race([work, over]).catch((error: unknown) => {
      log.warn('the provider could not end its work', { error: String(error) });
    });
  }

  /** Gives up the running handlers after an error that none of them caught; what they recorded is kept. */
  giveUp(error: unknown): void {
    for (const abandon of this.#abandon) abandon(error);
  }

  /** Resolves once no handler runs, or after a time. */
  async idle(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
  }

  /**
   * Runs provider code. Whatever it throws becomes a diagnostic.
   * @param name of the call and the type, for logs
   * @param cancelled fires where Terraform gives the call up
   */
  async run<T>(
    name: string,
    diagnostics: Diagnostics,
    cancelled: AbortSignal,
    handler: (request: CallRequest) => Promise<T>,
  ): Promise<Outcome<T>> {
    const log = this.log.with({ tf_rpc: name, tf_req_id: String(++this.#calls) });
    const stop = new AbortController();
    const { signal } = stop;
    const giveUp = () => stop.abort(cancelled.reason);
    if (cancelled.aborted) giveUp();
    cancelled.addEventListener('abort', giveUp, { once: true });
    this.#stops.add(stop);
    // Started in a promise, so that a synchronous throw is caught like any other.
    const work = Promise.resolve().then(() => handler({ signal, log, diagnostics }));
    this.#running.add(work);
    let abandon: (error: unknown) => void = () => {};
    const abandoned = new Promise<never>((_resolve, reject) => {
      abandon = reject;
    });
    this.#abandon.add(abandon);
    try {
      return { ok: true, value: await Promise.race([work, abandoned]) };
    } catch (error) {
      diagnostics.add(...this.explain(error, name, signal));
      log.debug('the call failed', { error: error instanceof Error ? error.stack : String(error) });
      return { ok: false };
    } finally {
      cancelled.removeEventListener('abort', giveUp);
      this.#stops.delete(stop);
      this.#running.delete(work);
      this.#abandon.delete(abandon);
    }
  }

  /** As {@link run}, for handlers that need the configured provider. */
  async runConfigured<T>(
    name: string,
    diagnostics: Diagnostics,
    cancelled: AbortSignal,
    handler: (request: ProviderRequest<unknown>) => Promise<T>,
  ): Promise<Outcome<T>> {
    return this.run(name, diagnostics, cancelled, (request) => {
      const configured = this.#configured;
      if (configured === undefined) {
        throw failure(
          'The provider is not configured',
          `${name} was called before ConfigureProvider succeeded.`,
        );
      }
      return handler({ ...request, provider: configured.data });
    });
  }

  /** What to tell the user of an error. Never a stack trace. */
  explain(error: unknown, name: string, signal?: AbortSignal): readonly Diagnostic[] {
    if (error instanceof DiagnosticError) return error.diagnostics;
    if (error instanceof ValueError) {
      const where = error.path.toString();
      return [
        {
          severity: 'error',
          summary: 'Unsuitable value',
          detail: `${where === '' ? '' : `${where}: `}${error.message}.`,
          path: error.path,
        },
      ];
    }
    const own = this.provider.diagnose?.(error);
    if (own !== undefined) return Array.isArray(own) ? own : [own as Diagnostic];
    if (signal?.aborted === true) {
      const reason: unknown = signal.reason;
      const why = reason instanceof Error ? reason.message : 'it was cancelled';
      return [{ severity: 'error', summary: 'Cancelled', detail: `${name} did not finish: ${why}.` }];
    }
    const detail = error instanceof Error ? error.message : String(error);
    return [{ severity: 'error', summary: `${name} failed`, detail: detail || 'The error has no message.' }];
  }
}

type Dynamic = Decoded<typeof DynamicValue> | undefined;

/** Decodes a value of a request. Throws ValueError. */
export function fromDynamic(type: ValueType, dynamic: Dynamic): unknown {
  if (dynamic === undefined) return null;
  if (dynamic.msgpack.length > 0) return decodeValue(type, dynamic.msgpack);
  return dynamic.json.length > 0 ? fromJson(type, parseJson(dynamic.json), AttributePath.root) : null;
}

/** Decodes an object of a request: null where there is none. Throws ValueError. */
export function objectFrom(type: ValueType, dynamic: Dynamic): ObjectValue | null {
  const value = fromDynamic(type, dynamic);
  if (value === null) return null;
  if (!isRecord(value)) throw new ValueError(AttributePath.root, 'an object is needed here');
  return value;
}
