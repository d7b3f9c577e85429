// What tests of tasks start from: an engine's surroundings over real profiles, without its other parts. Also used by children.
import path from 'node:path';
import { connect, type ImageCloud, systemClock } from '@imagebridge/core';
import {
  DEFAULT_SETTINGS,
  type EngineEvent,
  type HistoryEntry,
  type ProfileView,
  type Settings,
  type TaskForm,
  type TaskView,
} from '@imagebridge/desktop-contract';
import type { Clouds, EngineContext } from '../../context.ts';
import { openTasks } from '../index.ts';

/** Settings of a test. */
export const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  language: 'en',
  keepAwake: false,
  closeToTray: 'quit',
};

/** Where a test's engine keeps its things. */
export interface TestPlace {
  /** Folder of the data and the state directory. */
  dir: string;
  profilesPath: string;
  /** Name of the data folder in it. Default `data`. */
  data?: string | undefined;
  settings?: Partial<Settings>;
  env?: Record<string, string>;
}

/** Clouds over the core's own `connect`, opened once each. */
export function testClouds({ profilesPath }: Pick<TestPlace, 'profilesPath'>) {
  const opened = new Map<string, Promise<ImageCloud>>();
  const listeners = new Set<() => void>();
  let configPath = profilesPath;
  const view = (name: string): ProfileView => ({
    ...{
      name,
      source: 'file',
      place: configPath,
      isDefault: name === 'local',
      editable: true,
      isLocal: true,
    },
  });
  const clouds: Clouds = {
    open(cloud, region) {
      const key = `${cloud}/${region ?? ''}`;
      let found = opened.get(key);
      if (found === undefined) {
        found = connect({ cloud, region, configPath, env: {}, maxAttempts: 2 });
        opened.set(key, found);
        found.catch(() => opened.delete(key));
      }
      return found;
    },
    profiles: () => ['local', 'local-openstack', 'local-ucloudstack'].map(view),
    forget: () => opened.clear(),
    dropConnections: () => {},
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    clouds,
    /** Other profiles from now on. */
    use(file: string) {
      configPath = file;
      opened.clear();
      for (const listener of listeners) listener();
    },
    /** Calls under way fail; the next `open` connects anew. */
    async drop() {
      const all = await Promise.allSettled(opened.values());
      opened.clear();
      for (const one of all) if (one.status === 'fulfilled') await one.value.close();
    },
    async close() {
      const all = await Promise.allSettled(opened.values());
      for (const one of all) if (one.status === 'fulfilled') await one.value.close();
    },
  };
}

/** Opens the tasks in a place, and what is needed to look at them. */
export async function openPlace(place: TestPlace) {
  const { dir } = place;
  const events: EngineEvent[] = [];
  const history: HistoryEntry[] = [];
  const warnings: string[] = [];
  const listeners = new Set<(settings: Settings) => void>();
  const opened = testClouds(place);
  let settings: Settings = { ...SETTINGS, ...place.settings };
  const context: EngineContext = {
    env: place.env ?? {},
    engine: { stateDir: path.join(dir, 'state') },
    dataDir: path.join(dir, place.data || 'data'),
    clock: systemClock,
    log: { info: () => {}, warn: (text) => void warnings.push(text), lines: () => warnings },
    settings: {
      get: () => settings,
      change: async (change) => {
        const { limitBytesPerSecond, defaultCloud, ...rest } = change;
        settings = { ...settings, ...(rest as Partial<Settings>) };
        if (limitBytesPerSecond === null) delete settings.limitBytesPerSecond;
        else if (limitBytesPerSecond !== undefined) settings = { ...settings, limitBytesPerSecond };
        if (typeof defaultCloud === 'string') settings = { ...settings, defaultCloud };
        for (const listener of listeners) listener(settings);
        return settings;
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    history: { add: async (entry) => void history.push(entry) },
    clouds: opened.clouds,
    emit: (event) => void events.push(event),
  };
  const part = await openTasks(context);
  const signal = new AbortController().signal;
  const { handlers } = part;
  const views = () => part.snapshot().tasks;
  const place_ = {
    ...{ part, context, events, history, warnings, clouds: opened },
    views,
    view(id: string): TaskView {
      const found = views().find((task) => task.id === id);
      if (found === undefined) throw new Error(`there is no task ${id}`);
      return found;
    },
    notices: () => events.flatMap((event) => (event.type === 'notice' ? [event.key] : [])),
    add: (paths: string[]) => Promise.resolve(handlers['tasks.add']({ paths }, signal)),
    suggest: (id: string, cloud: string) => Promise.resolve(handlers['tasks.suggest']({ id, cloud }, signal)),
    check: (id: string, form: TaskForm) => Promise.resolve(handlers['tasks.check']({ id, form }, signal)),
    start: (tasks: { id: string; form: TaskForm }[]) =>
      Promise.resolve(handlers['tasks.start']({ tasks }, signal)),
    detail: (id: string) => Promise.resolve(handlers['tasks.detail']({ id }, signal)),
    async all(what: 'pause' | 'resume' | 'cancel' | 'retry' | 'remove', ...ids: string[]) {
      await handlers[`tasks.${what}`]({ ids }, signal);
    },
    move: async (id: string, before: string | null) => handlers['tasks.move']({ id, before }, signal),
    pauseAll: async () => handlers['tasks.pauseAll']({}, signal),
    resumeAll: async () => handlers['tasks.resumeAll']({}, signal),
    locate: async (id: string, to: string) => handlers['tasks.locate']({ id, path: to }, signal),
    acceptFile: async (id: string) => handlers['tasks.acceptFile']({ id }, signal),
    /** Adds one file and waits until it is a draft. */
    async draft(file: string): Promise<string> {
      const { added, refused } = await place_.add([file]);
      const [id] = added;
      if (id === undefined) throw new Error(refused[0]?.problem.message ?? 'it was not added');
      await until('it is inspected', () => place_.view(id).state !== 'inspecting');
      return id;
    },
    /** Adds and starts one file with what is suggested. */
    async begin(file: string, cloud: string, more: Partial<TaskForm> = {}): Promise<string> {
      const id = await place_.draft(file);
      const form = { ...(await place_.suggest(id, cloud)), ...more };
      const { refused } = await place_.start([{ id, form }]);
      if (refused[0] !== undefined) throw new Error(refused[0].problem.message);
      return id;
    },
    async reaches(id: string, state: TaskView['state'], ms = 30_000): Promise<TaskView> {
      await until(
        `${id} is ${state}`,
        () => place_.view(id).state === state,
        ms,
        () => `it is ${JSON.stringify(place_.view(id))}`,
      );
      return place_.view(id);
    },
    async close() {
      await part.stop();
      await opened.close();
    },
  };
  return place_;
}
/** See `openPlace`. */
export type Place = Awaited<ReturnType<typeof openPlace>>;

/** Waits, in real time, until something holds. Fails loudly. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 30_000,
  why: () => string = () => '',
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came true: ${what}; ${why()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
