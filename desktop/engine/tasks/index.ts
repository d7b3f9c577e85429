// The tasks of the uploader: files that become images, from adding to history. Opens the part and answers its methods.
import { ConflictError, ImageBridgeError, readTimeline, TransferBudget } from '@imagebridge/core';
import type { Problem, TaskDetail, TaskForm } from '@imagebridge/desktop-contract';
import type { EngineContext, HandlersOf, TasksPart } from '../context.ts';
import { problemOf } from '../problem.ts';
import { Adding } from './adding.ts';
import { Announcer } from './announcer.ts';
import { checkTask } from './check.ts';
import { begunAnew, Control } from './control.ts';
import { TaskList } from './list.ts';
import { Others } from './others.ts';
import { openPresets } from './presets.ts';
import { Queue } from './queue.ts';
import { Suggester } from './suggest.ts';
import { isOverState, placeOf, sameImagePlace, type Task } from './task.ts';
import { readTasks } from './task-file.ts';
import { eachOf, within } from './timers.ts';
import { partDigits, RUNNING, viewOf } from './view.ts';

/** Checks under way at once when many tasks are started. */
const CHECKS_AT_ONCE = 6;
/** Of more tasks than these, the cloud is asked only when their turn comes. */
const MOST_ASKED = 50;
/** A start does not wait longer than that for a cloud; the cloud is asked again before anything is sent. In ms. */
const START_PATIENCE_MS = 6_000;
/** Stopping takes at most so long; what does not stop by then is gone on with after the next start. In ms. */
const STOP_PATIENCE_MS = 8_000;

/** Opens the tasks: reads the list, and goes on with what ran. @throws nothing: a list that is damaged starts empty */
export async function openTasks(context: EngineContext): Promise<TasksPart & { warnings(): string[] }> {
  const { clock, clouds, engine, env, log, settings, dataDir } = context;
  const read = await readTasks(dataDir, clock.now(), log);
  const presets = await openPresets(dataDir, log);
  const list = new TaskList({ dataDir, clock, log, read });
  const announcer = new Announcer(list, clock, (event) => context.emit(event));
  // Copies between clouds share it, too.
  const budget = engine.budget ?? new TransferBudget({}, clock);
  budget.setLimit(settings.get().limitBytesPerSecond);
  const queue: Queue = new Queue({
    ...{ context, list, budget },
    onReplaced: (_task, uploadId) => void control.discardEarlier(uploadId),
    onElsewhere: () => void others.look(),
  });
  const others = new Others({ context, list, queue });
  const adding = new Adding(context, list, (task) => void startAtOnce(task));
  const control = new Control({
    ...{ list, queue, others, adding },
    giveUp: { clock, clouds, engine, env, log },
  });
  const suggester = new Suggester(clock, log, presets);
  list.watch(announcer);
  takeUp(list, adding);

  const ends = [
    settings.subscribe(({ limitBytesPerSecond }) => {
      budget.setLimit(limitBytesPerSecond);
      queue.fill();
    }),
    clouds.subscribe(() => {
      suggester.forget();
      queue.credentialsChanged();
      // Whoever waits for credentials tries whether they are good now.
      for (const task of list.all()) {
        if (task.state === 'attention' && task.need === 'sign-in') void control.retry(task);
      }
    }),
  ];
  // What ran goes on once it is known which uploads are whose.
  others.start().then(
    () => queue.hold('starting', false),
    () => queue.hold('starting', false),
  );

  /** Begins what needs no decision. */
  async function startAtOnce(task: Task): Promise<void> {
    const { startAtOnce: isWanted, defaultCloud } = settings.get();
    const cloud = defaultCloud ?? clouds.profiles().find(({ isDefault }) => isDefault)?.name;
    if (!isWanted || cloud === undefined || task.inspection === undefined) return;
    try {
      const form = await suggest(task, cloud, undefined);
      const verdict = await check(task, form, undefined, true);
      if (verdict.verdict !== 'ok' || verdict.findings.some(({ severity }) => severity === 'warning')) return;
      if (task.state === 'draft' && list.get(task.id) === task) put(task, form);
    } catch (thrown) {
      if (!(thrown instanceof ImageBridgeError)) throw thrown;
      // The form says it when it is opened.
      log.info(`${task.path} is not begun by itself: ${thrown.message}`);
    }
  }

  async function suggest(task: Task, cloudName: string, region: string | undefined): Promise<TaskForm> {
    const { inspection, fileName } = task;
    if (inspection === undefined) throw notYet(task);
    return suggester.suggest(await clouds.open(cloudName, region), region, { fileName, inspection });
  }

  async function check(task: Task, form: TaskForm, signal: AbortSignal | undefined, ask: boolean) {
    const cloud = await clouds.open(form.cloud, form.region);
    return checkTask(cloud, { path: task.path, form, ask }, { signal });
  }

  /** Why a task cannot be put into the queue; undefined when it can. */
  async function refusalOf(task: Task, form: TaskForm, ask: boolean): Promise<Problem | undefined> {
    if (task.state !== 'draft' && task.state !== 'attention') return problemOf(notADraft(task));
    if (queue.runOf(task) !== undefined || task.cancelling) return problemOf(notADraft(task));
    const twin = list.all().find((one) => one !== task && isTwin(one, task, form));
    if (twin !== undefined) return problemOf(isUnderWay(task, form));
    const gaveUp = new AbortController();
    try {
      const late = () => new Error('late');
      const verdict = await within(clock, START_PATIENCE_MS, check(task, form, gaveUp.signal, ask), late);
      return verdict.verdict === 'refused' ? verdict.problem : undefined;
    } catch (thrown) {
      gaveUp.abort();
      if (thrown instanceof ImageBridgeError && thrown.kind !== 'cancelled') return problemOf(thrown);
      return undefined;
    }
  }

  function put(task: Task, form: TaskForm): void {
    const before = task.form;
    const { uploadId } = task;
    // What was sent for another image is of no use for this one.
    if (before !== undefined && uploadId !== undefined && !sameImagePlace(before, form)) {
      begunAnew(task);
      void control.discardEarlier(uploadId);
    }
    task.form = form;
    delete task.place;
    void presets.remember(form);
    queue.enqueue(task);
  }

  const flushed = async (): Promise<null> => {
    // A list that cannot be written is told to the log; the uploads themselves have their journals.
    await list.flush().catch(() => {});
    return null;
  };

  const handlers: HandlersOf<'tasks'> = {
    'tasks.add': async ({ paths }, signal) => {
      const result = await adding.add(paths, signal);
      await flushed();
      return result;
    },
    'tasks.suggest': ({ id, cloud, region }) => suggest(control.task(id), cloud, region),
    'tasks.check': ({ id, form }, signal) => check(control.task(id), form, signal, true),
    'tasks.start': async ({ tasks }) => {
      const refused: { id: string; problem: Problem }[] = [];
      const ask = tasks.length <= MOST_ASKED;
      const accepted = new Map<string, TaskForm>();
      await eachOf(tasks, CHECKS_AT_ONCE, async ({ id, form }) => {
        const task = list.get(id);
        const problem = task === undefined ? notThere() : await refusalOf(task, form, ask);
        if (problem === undefined) accepted.set(id, form);
        else refused.push({ id, problem });
      });
      for (const { id } of tasks) {
        const task = list.get(id);
        const form = accepted.get(id);
        if (task === undefined || form === undefined) continue;
        const twin = list.all().some((one) => one !== task && isTwin(one, task, form));
        if (twin) refused.push({ id, problem: problemOf(isUnderWay(task, form)) });
        else put(task, form);
      }
      await flushed();
      return { refused };
    },
    'tasks.pause': async ({ ids }) => {
      await control.each(ids, (task) => control.pause(task));
      return flushed();
    },
    'tasks.resume': async ({ ids }) => {
      await control.each(ids, (task) => control.resume(task));
      return flushed();
    },
    'tasks.cancel': async ({ ids }) => {
      await control.each(ids, (task) => control.cancel(task));
      return flushed();
    },
    'tasks.retry': async ({ ids }) => {
      await control.each(ids, (task) => control.retry(task));
      return flushed();
    },
    'tasks.remove': async ({ ids }) => {
      await control.each(ids, (task) => control.remove(task));
      return flushed();
    },
    'tasks.move': ({ id, before }) => {
      list.place(control.task(id), before === null ? undefined : list.get(before));
      return flushed();
    },
    'tasks.pauseAll': async () => {
      list.facts.paused = true;
      list.factsChanged();
      const ours = list.all().filter(({ elsewhere }) => !elsewhere);
      await control.each(
        ours.map(({ id }) => id),
        (task) => control.pause(task),
      );
      announcer.totalsChanged();
      return flushed();
    },
    'tasks.resumeAll': async () => {
      list.facts.paused = false;
      list.factsChanged();
      const ours = list.all().filter(({ elsewhere, origin }) => !elsewhere && origin === 'desktop');
      await control.each(
        ours.map(({ id }) => id),
        (task) => control.resume(task),
      );
      queue.fill();
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
      upload?.partStates() ?? watched?.partStates().catch(() => new Uint8Array()) ?? restingParts(task),
    ]);
    const timeline = [...moments, ...task.notes].sort((a, b) => a.at - b.at);
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
    warnings: () => (read.warning === undefined ? [] : [read.warning]),
    setOnline: (online) => queue.setOnline(online),
    async suspend() {
      queue.hold('asleep', true);
      await queue.stopAll();
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
      await within(clock, STOP_PATIENCE_MS, queue.stopAll(), () => new Error('late')).catch(() => {
        log.warn('Some uploads did not stop in time; they go on where they were after the next start.');
      });
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

/** True when another task makes the same image of the same file. */
function isTwin(one: Task, task: Task, form: TaskForm): boolean {
  if (one.form === undefined || one.state === 'draft' || isOverState(one.state)) return false;
  const { cloud, imageName } = placeOf(one);
  const isPlace = cloud === form.cloud && one.form.region === form.region;
  if (!isPlace || imageName !== form.name) return false;
  return (one.realPath ?? one.path) === (task.realPath ?? task.path) || form.ifExists !== 'new';
}

const notThere = (): Problem => ({ kind: 'not-found', message: 'This file is not in the list any more.' });

const notYet = (task: Task) =>
  new ConflictError({ operation: `describe ${task.path}`, reason: 'it has not been inspected yet' });

const notADraft = (task: Task) =>
  new ConflictError({
    operation: `start ${task.path}`,
    reason: task.state === 'inspecting' ? 'it is still being inspected' : 'it has been started already',
  });

const isUnderWay = (task: Task, form: TaskForm) =>
  new ConflictError({
    operation: `start ${task.path}`,
    reason: `an image ${JSON.stringify(form.name)} of ${form.cloud} is in the queue already`,
    hint: 'Choose another name, or another cloud.',
  });
