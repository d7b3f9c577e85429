// The engine: puts its parts together, serves any number of windows, and obeys its host. Plain Node.
import { join, resolve } from 'node:path';
import { type Clock, type EngineOptions, stateDir, systemClock, TransferBudget } from '@imagebridge/core';
import {
  CONTRACT_VERSION,
  EngineError,
  type EngineEvent,
  type Handlers,
  type HostCommand,
  type Params,
  type Problem,
  type Result,
  type Transport,
} from '@imagebridge/desktop-contract';
import { openClouds } from './clouds/index.ts';
import type { EngineContext, Host } from './context.ts';
import { diagnostics } from './diagnostics/diagnostics.ts';
import { openPicker } from './files/picker.ts';
import { openHistory } from './history/history-store.ts';
import { openImages } from './images/index.ts';
import { type EngineLog, openLog } from './log.ts';
import { problemOf } from './problem.ts';
import { watchAddresses } from './process/addresses.ts';
import { type EngineLock, lockDataDir } from './process/lock.ts';
import { noticeText } from './process/notices.ts';
import { Windows } from './process/windows.ts';
import { openSettings } from './settings/settings-store.ts';
import { openTasks } from './tasks/index.ts';
import { VERSION } from './version.ts';

/** How an engine is started. */
export interface StartEngineOptions {
  /** `web`: files come from the picker, and paths are held to its roots; `app`: from the system's dialogs. */
  variant: 'app' | 'web';
  /** IMAGEBRIDGE_* and proxy variables. Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder of the engine's own files. Default: IMAGEBRIDGE_DESKTOP_DIR, or `desktop` in the state directory. */
  dataDir?: string | undefined;
  /** The shell around the engine. */
  host?: Host | undefined;
  /** Folders that files may be picked from (`web`). Default: the home directory and the current one. */
  roots?: readonly string[] | undefined;
  /** The system's language. Default: that of the environment. */
  locale?: string | undefined;
  clock?: Clock | undefined;
}

/** A running engine. */
export interface Engine {
  /** Folder of its own files. */
  readonly dataDir: string;
  readonly log: EngineLog;
  readonly lock: EngineLock;
  /** Serves a window until its line is closed. */
  connect(transport: Transport): void;
  /** Adds files, wherever they lie. Returns what was refused, as sentences. */
  add(paths: readonly string[]): Promise<string[]>;
  /** Starts the embedded cloud; returns the names of its profiles. */
  startLocalCloud(): Promise<string[]>;
  /** Pauses everything safely, ends the windows' lines, and gives the data folder up. May be called twice. */
  stop(): Promise<void>;
}

/** A signal for calls that nobody gives up. */
const unlimited = () => new AbortController().signal;

/**
 * Starts an engine on a data folder.
 *
 * @example
 * const engine = await startEngine({ variant: 'web', roots: ['/srv/images'] });
 * engine.connect(transport);
 * await engine.stop();
 *
 * @throws EngineRunningError when another process has the folder; LocalFileError when it cannot be used
 */
export async function startEngine(options: StartEngineOptions): Promise<Engine> {
  const { env = process.env, host, clock = systemClock } = options;
  const dataDir = resolve(options.dataDir ?? (env.IMAGEBRIDGE_DESKTOP_DIR || join(stateDir(env), 'desktop')));
  const obedience = obeyWhenReady(host);
  const lock = await lockDataDir(dataDir, { variant: options.variant, sinceMs: clock.now() });
  /** What is to be ended when a later part cannot be opened. */
  const opened: (() => unknown)[] = [() => lock.release()];
  try {
    const { engine, obey } = await open({ ...options, env, clock, dataDir }, lock, opened);
    obedience.begin(obey);
    host?.report({ type: 'ready' });
    return engine;
  } catch (thrown) {
    for (const end of opened.reverse()) await Promise.resolve(end()).catch(() => {});
    throw thrown;
  }
}

type Opened = { engine: Engine; obey: (command: HostCommand) => Promise<void> };
type Given = StartEngineOptions & Required<Pick<StartEngineOptions, 'env' | 'clock' | 'dataDir'>>;

async function open(options: Given, lock: EngineLock, opened: (() => unknown)[]): Promise<Opened> {
  const { variant, host } = options;
  const env = options.env ?? process.env;
  const clock = options.clock ?? systemClock;
  const dataDir = options.dataDir ?? '';
  const log = openLog(dataDir, clock);
  const windows = new Windows();
  const picker = openPicker(options.roots);
  let online = true;
  let stopping: Promise<void> | undefined;

  let tellHost: (event: EngineEvent) => void = () => {};

  const emit = (event: EngineEvent) => {
    windows.emit(event);
    tellHost(event);
  };
  const settings = await openSettings({ dataDir, log, emit });
  if (host !== undefined) tellHost = hostTeller(host, options.locale, settings.get);
  const history = await openHistory({ dataDir, log, emit });
  const budget = new TransferBudget({ limitBytesPerSecond: settings.get().limitBytesPerSecond }, clock);
  settings.subscribe((now) => budget.setLimit(now.limitBytesPerSecond));
  const engine: EngineOptions = { stateDir: stateDir(env), clock, budget };

  const cloudsPart = await openClouds({ env, dataDir, engine, clock, log, emit });
  opened.push(() => cloudsPart.stop());
  if (host !== undefined) cloudsPart.setHost(host);
  const { clouds } = cloudsPart;
  const context: EngineContext = { env, engine, dataDir, clock, log, settings, history, clouds, emit };
  const images = openImages(context);
  opened.push(() => images.stop());
  const tasks = await openTasks(context);
  opened.push(() => tasks.stop());
  const onLost = (signal: AbortSignal) => {
    log.info('This machine has lost an address.');
    tasks.addressLost(signal).catch((thrown) => {
      if (!signal.aborted) log.fault('Going over to another address failed', thrown);
    });
  };
  const unwatch = watchAddresses({ clock, onLost });
  opened.push(unwatch);

  const snapshot = () => ({
    ...tasks.snapshot(),
    settings: settings.get(),
    profiles: [...clouds.profiles()],
    warnings: cloudsPart.warnings(),
    taskWarnings: tasks.warnings(),
    activities: images.snapshot(),
    online,
  });

  function greet({ contract }: Params<'app.hello'>): Result<'app.hello'> {
    if (contract !== CONTRACT_VERSION) {
      throw new EngineError({
        kind: 'protocol',
        message: `The window is of another version (contract ${contract}; the engine has ${CONTRACT_VERSION}).`,
        hint: 'Reload it.',
      });
    }
    return {
      version: VERSION,
      variant,
      platform: process.platform,
      node: process.versions.node,
      localCloud: cloudsPart.localRunning(),
      ...snapshot(),
    };
  }

  const handlers: Omit<Handlers, 'app.hello'> = {
    ...picker.handlers,
    ...history.handlers,
    ...cloudsPart.handlers,
    ...images.handlers,
    ...tasks.handlers,
    ...(variant === 'web' ? heldToRoots(picker, tasks.handlers, images.handlers) : {}),
    'app.setSettings': (change) => settings.change(change),
    'app.diagnostics': () =>
      diagnostics({
        nowMs: clock.now(),
        variant,
        dataDir,
        stateDir: engine.stateDir,
        windows: windows.count,
        historyEntries: history.count(),
        log: log.lines(),
        ...snapshot(),
      }),
  };

  function toProblem(thrown: unknown): Problem {
    const problem = problemOf(thrown);
    // Of what is not ours, the log has the stack.
    if (problem.kind === 'internal') log.fault('A call failed', thrown);
    return problem;
  }

  async function add(paths: readonly string[]): Promise<string[]> {
    const { refused } = await tasks.handlers['tasks.add']({ paths: [...paths] }, unlimited());
    return refused.map(({ problem }) => problem.message);
  }

  async function end(): Promise<void> {
    log.info('The engine stops.');
    unwatch();
    for (const step of [() => tasks.stop(), () => images.stop(), () => cloudsPart.stop()]) {
      try {
        await step();
      } catch (thrown) {
        log.fault('A part of the engine could not stop', thrown);
      }
    }
    windows.closeAll();
    await lock.release();
    host?.report({ type: 'stopped' });
  }

  const stop = () => {
    stopping ??= end();
    return stopping;
  };

  async function obey(command: HostCommand): Promise<void> {
    switch (command.type) {
      case 'suspend':
        await tasks.suspend();
        return clouds.dropConnections();
      case 'resume':
        clouds.dropConnections();
        return tasks.resume();
      case 'network':
        if (command.online === online) return;
        online = command.online;
        if (online) clouds.dropConnections();
        tasks.setOnline(online);
        return emit({ type: 'network', online });
      case 'open':
        // Not waited for: a drive may hang.
        add(command.paths).then(
          (refused) => {
            for (const refusal of refused) log.warn(refusal);
          },
          (thrown) => log.fault('Files could not be added', thrown),
        );
        return;
      case 'stop':
        return stop();
      case 'proxy':
        // Those are the clouds' own.
        return;
    }
  }

  log.info(`The engine ${VERSION} (${variant}) has started with Node ${process.versions.node}.`);
  return {
    engine: {
      dataDir,
      log,
      lock,
      connect(transport) {
        // One that comes back while everything ends would be shown what is no longer kept up.
        if (stopping !== undefined) transport.close();
        else windows.serve(transport, { handlers, greet, toProblem, log });
      },
      add,
      async startLocalCloud() {
        return (await cloudsPart.handlers['localCloud.start']({}, unlimited())).profiles;
      },
      stop,
    },
    obey: (command) =>
      obey(command).catch((thrown) => log.fault(`The command ${command.type} failed`, thrown)),
  };
}

/** Commands that come while the engine starts wait for it; afterwards each waits for the one before, but for the last of all. */
function obeyWhenReady(host: Host | undefined): { begin(obey: Opened['obey']): void } {
  let begin = (_: Opened['obey']) => {};
  const ready = new Promise<Opened['obey']>((resolve) => {
    begin = resolve;
  });
  let last: Promise<unknown> = ready;
  host?.onCommand((command) => {
    const obeyed = async () => (await ready)(command);
    last = command.type === 'stop' ? obeyed() : last.then(obeyed);
  });
  return { begin: (obey) => begin(obey) };
}

/** In the web variant a window may only name files that its picker shows. What the user starts it with may lie anywhere. */
function heldToRoots(
  picker: Pick<ReturnType<typeof openPicker>, 'allowed' | 'allowedNew'>,
  tasks: Pick<Handlers, 'tasks.add' | 'tasks.locate'>,
  images: Pick<Handlers, 'images.download'>,
): Pick<Handlers, 'tasks.add' | 'tasks.locate' | 'images.download'> {
  return {
    async 'tasks.add'({ paths }, signal) {
      const refused: Result<'tasks.add'>['refused'] = [];
      const checked = await Promise.all(
        paths.map((path) =>
          picker.allowed(path).catch((thrown: unknown) => {
            refused.push({ path, problem: problemOf(thrown) });
          }),
        ),
      );
      const allowed = checked.filter((path) => path !== undefined);
      const result = await tasks['tasks.add']({ paths: allowed }, signal);
      return { added: result.added, refused: [...refused, ...result.refused] };
    },
    'tasks.locate': async ({ id, path }, signal) =>
      tasks['tasks.locate']({ id, path: await picker.allowed(path) }, signal),
    'images.download': async (params, signal) =>
      images['images.download']({ ...params, path: await picker.allowedNew(params.path) }, signal),
  };
}

/** Says of events what the host shows: how busy it is, once per change, and notifications. */
function hostTeller(
  host: Host,
  locale = Intl.DateTimeFormat().resolvedOptions().locale,
  settings: EngineContext['settings']['get'],
): (event: EngineEvent) => void {
  let told = '';
  return (event) => {
    if (event.type === 'totals') {
      const { uploading, attention, totalBytes, confirmedBytes } = event.totals;
      const fraction = totalBytes > 0 ? { fraction: Math.min(1, confirmedBytes / totalBytes) } : {};
      const report = { type: 'busy' as const, uploading, attention, ...fraction };
      const text = JSON.stringify(report);
      if (text !== told) host.report(report);
      told = text;
    }
    if (event.type === 'notice' && settings().notifications) {
      const words = noticeText(event, settings().language, locale);
      const about = event.taskId === undefined ? {} : { taskId: event.taskId };
      host.report({ type: 'notify', ...words, ...about });
    }
  };
}
