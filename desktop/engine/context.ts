// What the parts of the engine give each other. Types only; `engine.ts` puts the parts together.
import type { Clock, EngineOptions, ImageCloud } from '@imagebridge/core';
import type {
  EngineEvent,
  Handlers,
  HistoryEntry,
  HostCommand,
  HostReport,
  ProfileView,
  Settings,
  SettingsChange,
  TaskView,
  Totals,
} from '@imagebridge/desktop-contract';

/** The last lines of the log, kept for the diagnostics. Texts are redacted on the way in. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  /** The last lines, the oldest first. */
  lines(): readonly string[];
}

/** What the user has set. */
export interface SettingsStore {
  get(): Settings;
  /** Changes them durably and tells windows and listeners. @throws LocalFileError */
  change(change: SettingsChange): Promise<Settings>;
  /** Tells a listener every change from now on; returns what ends it. */
  subscribe(listener: (settings: Settings) => void): () => void;
}

/** Uploads that are over. */
export interface History {
  /** Keeps an entry durably and tells windows. Failures are logged: history never stops an upload. */
  add(entry: HistoryEntry): Promise<void>;
}

/** The clouds of the profiles, opened once and shared. */
export interface Clouds {
  /**
   * The cloud of a profile. Do not close it: it is shared, and closed when the profile changes or the engine stops.
   * @throws InvalidInputError when there is no such profile or it is wrong; LocalFileError
   */
  open(cloud: string, region?: string): Promise<ImageCloud>;
  profiles(): readonly ProfileView[];
  /** Forgets the opened clouds of a profile, so that the next `open` signs in anew. Calls under way fail. */
  forget(cloud: string): void;
  /** Drops all connections (sleep, another network). Calls under way fail, and are repeated by whoever made them. */
  dropConnections(): void;
  /** Tells a listener that profiles have changed; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** The shell around the engine, where there is one. */
export interface Host {
  report(report: HostReport): void;
  onCommand(listener: (command: HostCommand) => void): void;
}

/** What every part is given. */
export interface EngineContext {
  env: Readonly<Record<string, string | undefined>>;
  /** Options for the core: the state directory (shared with the command line and Terraform), clock, budget. */
  engine: EngineOptions;
  /** Folder of the engine's own files: settings, tasks, history. */
  dataDir: string;
  clock: Clock;
  log: Log;
  settings: SettingsStore;
  history: History;
  clouds: Clouds;
  /** Tells all windows. */
  emit(event: EngineEvent): void;
}

/** The methods of a part: those whose names begin with one of its prefixes. */
export type HandlersOf<Prefix extends string> = {
  [M in keyof Handlers as M extends `${Prefix}.${string}` ? M : never]: Handlers[M];
};

/** The part that owns the tasks. */
export interface TasksPart {
  handlers: HandlersOf<'tasks'>;
  snapshot(): { tasks: TaskView[]; totals: Totals };
  /** What the user should know, e.g. that the list was damaged and is kept aside, or cannot be written just now. */
  warnings(): string[];
  /** The network is there, or is away. */
  setOnline(online: boolean): void;
  /** The machine has lost an address: what stands still now is begun anew over another one. */
  addressLost(signal: AbortSignal): Promise<void>;
  /** The machine goes to sleep: everything pauses; or it has woken up: what ran goes on. */
  suspend(): Promise<void>;
  resume(): void;
  /** Pauses everything safely and remembers what ran. */
  stop(): Promise<void>;
}
