// For component tests: a window over an engine that answers from a table. Real contract, real texts, no network.
import {
  connectEngine,
  DEFAULT_SETTINGS,
  EngineError,
  type Handlers,
  type MethodName,
  NO_TOTALS,
  type Params,
  serveContract,
  type TaskView,
  transportPair,
} from '@imagebridge/desktop-contract';
import { configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { startTexts } from '../i18n/index.ts';
import { Toasts } from '../kit/index.ts';
import { ConnectionScope } from '../state/connection.tsx';
import { type Hello, openStore } from '../state/store.ts';

// A busy machine is no fault of the window.
configure({ asyncUtilTimeout: 10_000 });

/** A greeting with nothing in it. */
export const emptyHello: Hello = {
  version: '0.0.0',
  variant: 'web',
  platform: 'linux',
  node: 'v20',
  settings: { ...DEFAULT_SETTINGS, language: 'en', theme: 'light' },
  profiles: [],
  warnings: [],
  taskWarnings: [],
  tasks: [],
  totals: NO_TOTALS,
  activities: [],
  online: true,
  localCloud: false,
};

/** A task with plausible values. */
export const someTask = (over: Partial<TaskView> = {}): TaskView => ({
  id: 't1',
  fileName: 'ubuntu-24.04.qcow2',
  path: '/images/ubuntu-24.04.qcow2',
  sizeBytes: 3 * 1024 ** 3,
  format: 'qcow2',
  state: 'draft',
  order: 1,
  origin: 'desktop',
  elsewhere: false,
  errors: 0,
  warnings: 0,
  actions: ['start', 'edit', 'remove'],
  addedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  ...over,
});

/** What was called, and the means to tell the window something. */
export interface FakeEngine {
  calls: { method: MethodName; params: unknown }[];
  emit: ReturnType<typeof serveContract>['emit'];
  /** The parameters of the last call of a method. */
  last<M extends MethodName>(method: M): Params<M> | undefined;
}

/**
 * Draws something with a connection to a fake engine. A call without an answer in the table fails as the engine's refusal.
 */
export async function renderWith(
  children: ReactNode,
  {
    hello = {},
    answers = {},
    language = 'en' as 'en' | 'zh-CN',
  }: {
    hello?: Partial<Hello>;
    answers?: Partial<Handlers>;
    language?: 'en' | 'zh-CN';
  } = {},
): Promise<FakeEngine & ReturnType<typeof render>> {
  await startTexts(language);
  const [near, far] = transportPair();
  const calls: FakeEngine['calls'] = [];
  const all = { 'app.hello': () => ({ ...emptyHello, ...hello }), ...answers } as Handlers;
  const handlers = new Proxy(all, {
    get: (target, method: MethodName) => (params: never, signal: AbortSignal) => {
      calls.push({ method, params });
      const answer: ((params: never, signal: AbortSignal) => unknown) | undefined = target[method];
      if (answer === undefined) throw new Error(`The fake engine has no answer to ${method}.`);
      return answer(params, signal);
    },
  });
  const session = serveContract(far, handlers, {
    toProblem: (thrown) =>
      thrown instanceof EngineError
        ? thrown.problem
        : { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) },
    onBadMessage: (why) => {
      throw new Error(why);
    },
  });
  const client = connectEngine(near);
  const store = await openStore(client, 1);
  const view = render(
    <Toasts>
      <ConnectionScope value={{ client, store }}>{children}</ConnectionScope>
    </Toasts>,
  );
  return {
    ...view,
    calls,
    emit: session.emit,
    last: (method) =>
      calls.findLast((call) => call.method === method)?.params as Params<typeof method> | undefined,
  };
}
