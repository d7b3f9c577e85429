// Keeps the engine's process running: starts it, brings it back after a crash, hands out lines to it, stops it safely. What it
// needs of Electron is given to it.
import {
  type HostCommand,
  type HostReport,
  hostReport,
  type ProcessMessage,
  portLine,
} from '@imagebridge/desktop-contract';
import type { MessagePortMain } from 'electron';

/** A running process of the engine. */
export interface Child {
  postMessage(message: ProcessMessage, ports: MessagePortMain[]): void;
  /** Called once when it has ended, with its exit code and the last lines that it wrote. */
  onExit(listener: (code: number, lastLines: string) => void): void;
  kill(): void;
}

/** Why the engine is not running, in words for the user. */
export interface Outage {
  reason: string;
  /** True when the engine itself has said so: trying again changes nothing before the user does something. */
  isTold: boolean;
  /** How many times it has ended soon after its start, one after the other. */
  failures: number;
}

/** What an engine's process needs. */
export interface EngineProcessOptions {
  fork(): Child;
  channel(): { port1: MessagePortMain; port2: MessagePortMain };
  /** The system's language. */
  locale: string;
  /** Folder of the engine's own files. Default: the engine's own choice. */
  dataDir?: string | undefined;
  onReport(report: HostReport): void;
  /** Called whenever it has ended without having been told to; it is started again by itself. */
  onOutage(outage: Outage): void;
  /** For tests. */
  now?: () => number;
}

/** Pauses before it is started again, in ms; the last one is repeated. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** Who has run for so long has not failed at its start. */
const SETTLED_MS = 60_000;

/** The engine's process, kept running until `stop`. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  readonly #now: () => number;
  /** Lines that were asked for while it was down, by who asked. */
  readonly #asked = new Map<string, (port: MessagePortMain) => void>();
  /** Files to open that came before it was ready. */
  #unsent: HostCommand[] = [];
  #running: { child: Child; send: (command: HostCommand) => void; isReady: boolean } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopping: Promise<boolean> | undefined;
  #onStopped: (() => void) | undefined;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Starts it, also when it waits for its next try. */
  start(): void {
    if (this.#running !== undefined || this.#stopping !== undefined) return;
    clearTimeout(this.#timer);
    const { fork, channel, locale, dataDir, onReport } = this.#options;
    const startedAt = this.#now();
    const child = fork();
    const { port1, port2 } = channel();
    const line = portLine(port2);
    let reason = '';
    const running = { child, send: (command: HostCommand) => line.send(command), isReady: false };
    this.#running = running;
    child.onExit((code, lastLines) => {
      line.close();
      this.#running = undefined;
      const isTold = reason !== '';
      this.#ended(reason || lastLines || `It ended with code ${code}.`, isTold, this.#now() - startedAt);
    });
    line.onMessage((message) => {
      const report = hostReport.safeParse(message);
      if (!report.success) return;
      if (report.data.type === 'ready') {
        running.isReady = true;
        for (const command of this.#unsent.splice(0)) line.send(command);
      }
      if (report.data.type === 'failed') reason = report.data.message;
      if (report.data.type === 'stopped') this.#onStopped?.();
      onReport(report.data);
    });
    child.postMessage({ type: 'start', locale, ...(dataDir === undefined ? {} : { dataDir }) }, [port1]);
    for (const take of this.#asked.values()) this.#connect(child, take);
    this.#asked.clear();
  }

  /** Tells it something. While it is down nobody hears it, but files to open wait until it is ready: a start may fail. */
  send(command: HostCommand): void {
    if (command.type === 'open' && this.#running?.isReady !== true) this.#unsent.push(command);
    else this.#running?.send(command);
  }

  /** Gives a new line to the engine: at once, or when it runs again. Of one asker only the last request counts. */
  connect(asker: string, take: (port: MessagePortMain) => void): void {
    if (this.#stopping !== undefined) return;
    if (this.#running === undefined) this.#asked.set(asker, take);
    else this.#connect(this.#running.child, take);
  }

  #connect(child: Child, take: (port: MessagePortMain) => void): void {
    const { port1, port2 } = this.#options.channel();
    child.postMessage({ type: 'window' }, [port1]);
    try {
      take(port2);
    } catch {
      // Whoever asked is gone, as a page that has crashed is. The next one asks for a line of its own.
      port2.close();
    }
  }

  /**
   * Stops it safely: everything pauses and is on disk before it ends. After `timeoutMs` it is ended anyway, which loses
   * nothing but the parts that were on their way.
   * May be called twice.
   * @returns false when it had to be ended
   */
  stop(timeoutMs: number): Promise<boolean> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #stop(timeoutMs: number): Promise<boolean> {
    clearTimeout(this.#timer);
    const running = this.#running;
    if (running === undefined) return true;
    const isInTime = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.#onStopped = () => {
        clearTimeout(timer);
        resolve(true);
      };
      running.send({ type: 'stop' });
    });
    if (!isInTime) running.child.kill();
    return isInTime;
  }

  #ended(reason: string, isTold: boolean, ranMs: number): void {
    if (this.#stopping !== undefined) {
      this.#onStopped?.();
      return;
    }
    this.#failures = ranMs < SETTLED_MS ? this.#failures + 1 : 1;
    const pauseMs = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length) - 1];
    this.#timer = setTimeout(() => this.start(), pauseMs);
    this.#options.onOutage({ reason, isTold, failures: this.#failures });
  }
}
