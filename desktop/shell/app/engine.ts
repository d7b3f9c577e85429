// The engine as the shell has it: its process, and a line of the shell's own for settings and for what menus do.
import {
  CONTRACT_VERSION,
  connectEngine,
  type EngineClient,
  portLine,
  type Settings,
} from '@imagebridge/desktop-contract';
import { utilityProcess } from 'electron';
import type { Child, EngineProcess } from '../engine/engine-process.ts';
import { built } from './places.ts';

/** So much of what a process wrote last is kept. */
const LAST_CHARS = 2000;
const LAST_LINES = 4;
const AGAIN_MS = 250;

/** Starts the engine's process. */
export function forkEngine(): Child {
  const child = utilityProcess.fork(built('engine-entry.js'), [], {
    serviceName: 'ImageBridge engine',
    stdio: 'pipe',
  });
  let last = '';
  child.stdout?.resume();
  child.stderr?.on('data', (bytes: Buffer) => {
    last = (last + bytes.toString('utf8')).slice(-LAST_CHARS);
  });
  // A fatal error of V8: the exit follows.
  child.on('error', () => {});
  return {
    postMessage: (message, ports) => child.postMessage(message, ports),
    onExit: (listener) =>
      void child.once('exit', (code) =>
        listener(code, last.trim().split('\n').slice(-LAST_LINES).join('\n')),
      ),
    kill: () => void child.kill(),
  };
}

/** Settings until the engine has told them. */
export const FIRST_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  parallel: 1,
  startAtOnce: false,
  notifications: true,
  keepAwake: true,
  closeToTray: 'ask',
  updateFeedUrl: '',
};

/** The shell's own line to the engine, kept open. */
export class ShellLine {
  readonly #engine: EngineProcess;
  readonly #onSettings: (settings: Settings) => void;
  #client: EngineClient | undefined;

  constructor(engine: EngineProcess, onSettings: (settings: Settings) => void) {
    this.#engine = engine;
    this.#onSettings = onSettings;
  }

  /** Opens it, and opens it again whenever it breaks. */
  open(): void {
    this.#engine.connect('shell', (port) => {
      const client = connectEngine(portLine(port));
      this.#client = client;
      client.subscribe((event) => {
        if (event.type === 'settings') this.#onSettings(event.settings);
      });
      client.onClose(() => {
        this.#client = undefined;
        setTimeout(() => this.open(), AGAIN_MS);
      });
      client.call('app.hello', { contract: CONTRACT_VERSION }).then(
        ({ settings }) => this.#onSettings(settings),
        () => client.close(),
      );
    });
  }

  /** Without an engine there is nothing to pause; a refusal is shown by the tasks themselves. */
  pauseAll(): void {
    this.#client?.call('tasks.pauseAll', {}).catch(() => {});
  }

  /** See `pauseAll`. */
  resumeAll(): void {
    this.#client?.call('tasks.resumeAll', {}).catch(() => {});
  }

  /** Remembers how the window is closed. Without an engine it is asked again the next time. */
  rememberClosing(closeToTray: Settings['closeToTray']): void {
    this.#client?.call('app.setSettings', { closeToTray }).catch(() => {});
  }
}
