// Everything the window knows of the engine, kept up to date by its events. Plain TypeScript: no React.
import type { Activity, EngineClient, EngineEvent, Result, TaskView } from '@imagebridge/desktop-contract';

/** The engine's greeting. */
export type Hello = Result<'app.hello'>;

/** Something to tell the user once. */
export type Notice = Extract<EngineEvent, { type: 'notice' }>;

type Slice =
  | 'hello'
  | 'totals'
  | 'task-ids'
  /** Any task. */
  | 'tasks'
  | 'task-warnings'
  | 'activities'
  | 'profiles'
  | 'settings'
  | 'online'
  | 'history'
  | 'images';

/**
 * The state of the window. Each slice has its own listeners, so that a task's progress draws one row and not the list.
 */
export class Store {
  readonly #hello: Hello;
  readonly #tasks = new Map<string, TaskView>();
  readonly #activities = new Map<string, Activity>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #notices = new Set<(notice: Notice) => void>();
  #ids: readonly string[] = [];
  #activityList: readonly Activity[] = [];
  #totals: Hello['totals'];
  #settings: Hello['settings'];
  #profiles: Hello['profiles'];
  #warnings: readonly string[];
  #taskWarnings: readonly string[];
  #online: boolean;
  /** Grows with each upload that becomes history, and when it is cleared. */
  #historyCount = 0;
  /** Grows whenever images of some cloud have changed. */
  #imagesCount = 0;

  constructor(hello: Hello) {
    this.#hello = hello;
    this.#totals = hello.totals;
    this.#settings = hello.settings;
    this.#profiles = hello.profiles;
    this.#warnings = hello.warnings;
    this.#taskWarnings = hello.taskWarnings;
    this.#online = hello.online;
    for (const task of hello.tasks) this.#tasks.set(task.id, task);
    for (const one of hello.activities) this.#activities.set(one.id, one);
    this.#sortTasks();
    this.#listActivities();
  }

  /** What the engine is, as it said at the start. */
  get about(): Pick<Hello, 'version' | 'variant' | 'platform' | 'node'> {
    return this.#hello;
  }
  get totals(): Hello['totals'] {
    return this.#totals;
  }
  get settings(): Hello['settings'] {
    return this.#settings;
  }
  get profiles(): Hello['profiles'] {
    return this.#profiles;
  }
  get warnings(): readonly string[] {
    return this.#warnings;
  }
  get taskWarnings(): readonly string[] {
    return this.#taskWarnings;
  }
  get online(): boolean {
    return this.#online;
  }
  get historyCount(): number {
    return this.#historyCount;
  }
  get imagesCount(): number {
    return this.#imagesCount;
  }
  /** Ids of all tasks in the order of the list. The same array until a task comes, goes or moves. */
  get taskIds(): readonly string[] {
    return this.#ids;
  }
  /** The newest first. */
  get activities(): readonly Activity[] {
    return this.#activityList;
  }
  task(id: string): TaskView | undefined {
    return this.#tasks.get(id);
  }
  /** All tasks in the order of the list. */
  tasks(): TaskView[] {
    return this.#ids.flatMap((id) => this.#tasks.get(id) ?? []);
  }

  /** Calls a listener when a slice, or a task (`task:ID`), changes; returns what ends it. */
  subscribe(slice: Slice | `task:${string}`, listener: () => void): () => void {
    let set = this.#listeners.get(slice);
    if (set === undefined) {
      set = new Set();
      this.#listeners.set(slice, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#listeners.get(slice) === set) this.#listeners.delete(slice);
    };
  }

  /** Tells a listener every notice. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#notices.add(listener);
    return () => this.#notices.delete(listener);
  }

  /** Takes an event of the engine in. */
  apply(event: EngineEvent): void {
    switch (event.type) {
      case 'tasks':
        this.#applyTasks(event.upserted, event.removed);
        return;
      case 'totals':
        this.#totals = event.totals;
        this.#tell('totals');
        return;
      case 'activity':
        this.#activities.set(event.activity.id, event.activity);
        this.#listActivities();
        this.#tell('activities');
        return;
      case 'activity-gone':
        this.#activities.delete(event.id);
        this.#listActivities();
        this.#tell('activities');
        return;
      case 'profiles':
        this.#profiles = event.profiles;
        this.#warnings = event.warnings;
        this.#tell('profiles');
        return;
      case 'task-warnings':
        this.#taskWarnings = event.warnings;
        this.#tell('task-warnings');
        return;
      case 'settings':
        this.#settings = event.settings;
        this.#tell('settings');
        return;
      case 'history':
      case 'history-cleared':
        this.#historyCount++;
        this.#tell('history');
        return;
      case 'images-changed':
        this.#imagesCount++;
        this.#tell('images');
        return;
      case 'network':
        this.#online = event.online;
        this.#tell('online');
        return;
      case 'notice':
        for (const listener of this.#notices) listener(event);
    }
  }

  #applyTasks(upserted: readonly TaskView[], removed: readonly string[]): void {
    let reorder = false;
    for (const task of upserted) {
      const before = this.#tasks.get(task.id);
      reorder ||= before === undefined || before.order !== task.order;
      this.#tasks.set(task.id, task);
      this.#tell(`task:${task.id}`);
    }
    for (const id of removed) {
      if (!this.#tasks.delete(id)) continue;
      reorder = true;
      this.#tell(`task:${id}`);
    }
    if (reorder) {
      this.#sortTasks();
      this.#tell('task-ids');
    }
    this.#tell('tasks');
  }

  #sortTasks(): void {
    this.#ids = [...this.#tasks.values()].sort((a, b) => a.order - b.order).map(({ id }) => id);
  }

  #listActivities(): void {
    this.#activityList = [...this.#activities.values()].sort((a, b) => b.startedAt - a.startedAt);
  }

  #tell(slice: string): void {
    for (const listener of this.#listeners.get(slice) ?? []) listener();
  }
}

/** Greets an engine and keeps a store up to date from then on. No event is missed in between. */
export async function openStore(client: EngineClient, contract: number): Promise<Store> {
  const early: EngineEvent[] = [];
  let store: Store | undefined;
  client.subscribe((event) => {
    if (store === undefined) early.push(event);
    else store.apply(event);
  });
  const hello = await client.call('app.hello', { contract });
  store = new Store(hello);
  // Those that came before the greeting are in it already; whole as they are, they do no harm.
  for (const event of early) if (event.type !== 'notice') store.apply(event);
  return store;
}
