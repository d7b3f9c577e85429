// The tasks of the uploader: files that become images, from adding to history. Opens the part and answers its methods.
import { readTimeline, TransferBudget } from '@imagebridge/core';
import type { TaskDetail } from '@imagebridge/desktop-contract';
import type { EngineContext, HandlersOf, TasksPart } from '../context.ts';
import { Adding } from './adding.ts';
import { Announcer } from './announcer.ts';
import { Control } from './control.ts';
import { TaskList } from './list.ts';
import { Others } from './others.ts';
import { openPresets } from './presets.ts';
import { Queue } from './queue.ts';
import { Starting } from './starting.ts';
import type { Task } from './task.ts';
import { readTasks } from './task-file.ts';
import { within } from './timers.ts';
import { entryOf, partDigits, RUNNING, viewOf } from './view.ts';

/** Stopping takes at most so long: what hangs must keep neither the engine from ending nor the machine from waking. In ms. */
const STOP_PATIENCE_MS = 8_000;

/** Opens the tasks: reads the list, and goes on with what ran. A list that is damaged is kept aside, and starts empty. */
export async function openTasks(context: EngineContext): Promise<TasksPart> {
  const { clock, clouds, engine, env, log, settings, dataDir } = context;
  const read = await readTasks(dataDir, clock.now(), log);
  const presets = await openPresets(dataDir, log);
  const onTrouble = () => context.emit({ type: 'task-warnings', warnings: warnings() });
  const list = new TaskList({ dataDir, clock, log, read, onTrouble });
  const warnings = () => [read.warning, list.trouble].filter((warning) => warning !== undefined);
  const announcer = new Announcer(list, clock, (event) => context.emit(event));
  // Copies between clouds share it, too.
  const budget = engine.budget ?? new TransferBudget({}, clock);
  budget.setLimit(settings.get().limitBytesPerSecond);
  const queue: Queue = new Queue({
    ...{ context, list, budget },
    onReplaced: (task, uploadId) => void control.discardEarlier(task, uploadId),
    onElsewhere: () => void others.look(),
  });
  const others = new Others({ context, list, queue });
  const adding = new Adding(context, list, (task) => {
    starting.startAtOnce(task).catch((thrown: unknown) => log.warn(`${task.path}: ${String(thrown)}`));
  });
  const giveUp = { clock, clouds, engine, env, log };
  const control = new Control({ list, queue, others, adding, giveUp });
  const starting = new Starting({ context, list, queue, control, presets });
  list.watch(announcer);
  takeUp(list, adding);

  const ends = [
    settings.subscribe(({ limitBytesPerSecond }) => {
      budget.setLimit(limitBytesPerSecond);
      queue.fill();
    }),
    clouds.subscribe(() => {
      starting.forget();
      queue.credentialsChanged();
      // Whoever waits for credentials tries whether they are good now.
      for (const task of list.all())
        if (task.state === 'attention' && task.need === 'sign-in') void control.retry(task);
    }),
  ];
  // What ran goes on once it is known which uploads are whose.
  void others.start().finally(() => {
    for (const task of list.all()) if (task.cancelling) void control.cancelAgain(task);
    queue.hold('starting', false);
  });

  const flushed = async (): Promise<null> => {
    // A list that cannot be written is told by a warning; the uploads themselves have their journals.
    await list.flush().catch(() => {});
    return null;
  };
  const stopAll = () =>
    within(clock, STOP_PATIENCE_MS, queue.stopAll(), () => new Error('late')).catch(() => {
      log.warn('Some uploads did not stop in time; they go on later, from where they were.');
    });
  const toEach =
    (work: (task: Task) => Promise<void>) =>
    async ({ ids }: { ids: string[] }): Promise<null> => {
      try {
        await control.each(ids, work);
      } finally {
        await flushed();
      }
      return null;
    };

  const handlers: HandlersOf<'tasks'> = {
    'tasks.add': async ({ paths }, signal) => {
      const result = await adding.add(paths, signal);
      await flushed();
      return result;
    },
    'tasks.suggest': ({ id, cloud, region }) => starting.suggest(control.task(id), cloud, region),
    'tasks.check': ({ id, form }, signal) => starting.check(control.task(id), form, signal),
    'tasks.start': async ({ tasks }) => {
      const refused = await starting.start(tasks);
      await flushed();
      return { refused };
    },
    'tasks.pause': toEach((task) => control.pause(task)),
    'tasks.resume': toEach((task) => control.resume(task)),
    'tasks.cancel': toEach((task) => control.cancel(task)),
    'tasks.retry': toEach((task) => control.retry(task)),
    'tasks.remove': toEach((task) => control.remove(task)),
    'tasks.move': ({ id, before }) => {
      list.place(control.task(id), before === null ? undefined : control.task(before));
      return flushed();
    },
    'tasks.pauseAll': async () => {
      await control.pauseAll();
      announcer.totalsChanged();
      return flushed();
    },
    'tasks.resumeAll': async () => {
      await control.resumeAll();
      announcer.totalsChanged();
      return flushed();
    },
    'tasks.locate': async ({ id, path }) => {
      await control.locate(control.task(id), path);
      return flushed();
    },
    'tasks.acceptFile': async ({ id }) => {
      await control.acceptFile(control.task(id));
      return flushed();
    },
    'tasks.detail': ({ id }) => detailOf(control.task(id)),
  };

  async function detailOf(task: Task): Promise<TaskDetail> {
    const { inspection, form, uploadId, sha256, sentBytes, partsSkipped } = task;
    const upload = queue.runOf(task)?.upload;
    const watched = others.watched(uploadId);
    const [moments, states] = await Promise.all([
      uploadId === undefined ? [] : (watched?.timeline() ?? readTimeline(uploadId, engine).catch(() => [])),
      upload?.partStates() ?? watched?.partStates().catch(() => restingParts(task)) ?? restingParts(task),
    ]);
    const timeline = [...moments.map(entryOf), ...task.notes].sort((a, b) => a.at - b.at);
    const parallelParts = (upload ?? watched)?.snapshot().parallelParts;
    return {
      task: viewOf(task),
      ...(inspection === undefined ? {} : { inspection }),
      ...(form === undefined ? {} : { form }),
      timeline,
      partStates: partDigits(states),
      ...(uploadId === undefined ? {} : { uploadId }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(sentBytes === undefined ? {} : { sentBytes }),
      ...(partsSkipped === undefined ? {} : { partsSkipped }),
      ...(parallelParts === undefined ? {} : { parallelParts }),
    };
  }

  return {
    handlers,
    snapshot: () => ({ tasks: list.all().map(viewOf), totals: announcer.totals() }),
    warnings,
    setOnline: (online) => queue.setOnline(online),
    addressLost: (signal) => queue.addressLost(signal),
    async suspend() {
      queue.hold('asleep', true);
      await stopAll();
      await flushed();
    },
    resume() {
      queue.setOnline(queue.online);
      queue.hold('asleep', false);
    },
    async stop() {
      queue.hold('stopped', true);
      for (const end of ends) end();
      adding.stop();
      others.stop();
      await stopAll();
      await flushed();
      list.stop();
      announcer.stop();
    },
  };
}

/** What was under way when the engine ended goes on by itself. */
function takeUp(list: TaskList, adding: Adding): void {
  for (const task of list.all()) {
    if (task.state === 'inspecting') adding.inspect(task);
    if (!RUNNING.has(task.state) && task.state !== 'waiting-network') continue;
    task.state = 'queued';
    delete task.problem;
    list.changed(task);
  }
}

/** Where parts stand while nobody works on them: so many are there, and nobody knows which. */
function restingParts({ progress, state }: Task): Uint8Array {
  const states = new Uint8Array(progress?.partsTotal ?? 0);
  return states.fill(3, 0, state === 'done' ? states.length : (progress?.partsDone ?? 0));
}
