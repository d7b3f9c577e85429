// An engine that answers from a script, behind the web variant's own server: for states that are hard to reach for real.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type EngineEvent,
  type Handlers,
  type MethodName,
  type Params,
  type Problem,
  type Result,
  type Session,
  serveContract,
} from '@imagebridge/desktop-contract';
import { loadAssets } from '../../../desktop/engine/web/assets.ts';
import { startWebServer } from '../../../desktop/engine/web/server.ts';
import { fakeAnswers } from './fake-answers.ts';
import { emptyHello } from './fake-data.ts';

/** The built window. */
const WINDOW =
  process.env.IMAGEBRIDGE_WINDOW_DIR ||
  fileURLToPath(new URL('../../../desktop/window/dist/app', import.meta.url));

/** What the engine greets a window with. */
export type Hello = Result<'app.hello'>;

/** A refusal that a handler may throw. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A scripted engine with its server. */
export interface FakeEngine {
  /** A new link with a token. */
  link(): string;
  /** What windows are greeted with from now on. */
  hello: Hello;
  /** Answers of methods; may be replaced while it runs. */
  answers: Partial<Handlers>;
  readonly calls: { method: MethodName; params: unknown }[];
  /** What windows sent that the contract refuses. Empty at the end of every test. */
  readonly badMessages: string[];
  /** Tells all windows. */
  emit(event: EngineEvent): void;
  /** The parameters of the last call of a method. */
  last<M extends MethodName>(method: M): Params<M> | undefined;
  /** Breaks the lines of all windows; while `refuse` is on, new ones are broken at once. */
  breakLines(refuse?: boolean): void;
  close(): Promise<void>;
}

/** Starts it. Without an answer of its own a method has a plausible one. */
export async function startFakeEngine(hello: Partial<Hello> = {}): Promise<FakeEngine> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'imagebridge-fake-'));
  const sessions = new Set<Session>();
  let isRefusing = false;
  const quiet = { info() {}, warn() {}, lines: () => [] };

  const server = await startWebServer({
    assets: await loadAssets(WINDOW),
    dataDir,
    log: quiet,
    port: 0,
    engine: {
      connect(transport) {
        if (isRefusing) return transport.close();
        const session = serveContract(transport, handlers, {
          toProblem: (thrown) =>
            thrown instanceof Refusal
              ? thrown.problem
              : { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) },
          onBadMessage: (why) => engine.badMessages.push(why),
        });
        sessions.add(session);
        transport.onClose(() => sessions.delete(session));
      },
      add: async () => [],
    },
  });

  const engine: FakeEngine = {
    link: () => server.newLink(),
    hello: { ...emptyHello, ...hello },
    answers: {},
    calls: [],
    badMessages: [],
    emit(event) {
      for (const session of sessions) session.emit(event);
    },
    last: (method) => engine.calls.findLast((call) => call.method === method)?.params as never,
    breakLines(refuse = false) {
      isRefusing = refuse;
      for (const session of [...sessions]) session.close();
    },
    async close() {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };

  const plausible = fakeAnswers(engine);
  // Every method is there; what nobody scripted is refused by name, so that a test sees it.
  const handlers = new Proxy({} as Handlers, {
    get: (_, method: MethodName) => (params: never, signal: AbortSignal) => {
      engine.calls.push({ method, params });
      const answer: ((params: never, signal: AbortSignal) => unknown) | undefined =
        engine.answers[method] ?? plausible[method];
      if (answer === undefined) throw new Error(`The fake engine has no answer to ${method}.`);
      return answer(params, signal);
    },
  });
  return engine;
}
