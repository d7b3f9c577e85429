// From draft to queue: forms are suggested and checked, and what a cloud would refuse comes back. Asks clouds.
import { stat } from 'node:fs/promises';
import { ConflictError, ImageBridgeError } from '@imagebridge/core';
import type { Problem, TaskForm, TaskVerdict } from '@imagebridge/desktop-contract';
import type { EngineContext } from '../context.ts';
import { problemOf } from '../problem.ts';
import { inspectInto } from './adding.ts';
import { checkTask } from './check.ts';
import { begunAnew, type Control } from './control.ts';
import type { TaskList } from './list.ts';
import type { Presets } from './presets.ts';
import type { Queue } from './queue.ts';
import { Suggester } from './suggest.ts';
import { isOverState, sameImagePlace, type Task } from './task.ts';
import { eachOf, within } from './timers.ts';

/** Checks under way at once when many tasks are started. */
const CHECKS_AT_ONCE = 6;
/** Of more tasks than these, the cloud is asked only when their turn comes. */
const MOST_ASKED = 50;
/** A start does not wait longer than that for a cloud; the cloud is asked again before anything is sent. In ms. */
const START_PATIENCE_MS = 6_000;

/** What is needed to start tasks. */
export interface StartingTools {
  context: EngineContext;
  list: TaskList;
  queue: Queue;
  control: Control;
  presets: Presets;
}

/** A task with the form that it is to be started with. */
export interface Wanted {
  id: string;
  form: TaskForm;
}

/** Why tasks were not started. */
export type Refused = { id: string; problem: Problem }[];

/** Starts tasks. */
export class Starting {
  readonly #tools: StartingTools;
  readonly #suggester: Suggester;

  constructor(tools: StartingTools) {
    const { context, presets } = tools;
    this.#tools = tools;
    this.#suggester = new Suggester(context.clock, context.log, presets);
  }

  /** Profiles have changed. */
  forget(): void {
    this.#suggester.forget();
  }

  /** @throws ConflictError before the file is inspected; InvalidInputError when there is no such profile */
  async suggest(task: Task, cloudName: string, region: string | undefined): Promise<TaskForm> {
    const { inspection, fileName } = task;
    if (inspection === undefined) throw notYet(task);
    const cloud = await this.#tools.context.clouds.open(cloudName, region);
    return this.#suggester.suggest(cloud, region, { fileName, inspection });
  }

  /**
   * @param ask false: what only the cloud knows is not asked for
   * @throws InvalidInputError when there is no such profile; LocalFileError
   */
  async check(task: Task, form: TaskForm, signal: AbortSignal | undefined, ask = true): Promise<TaskVerdict> {
    const { context, list, queue } = this.#tools;
    const cloud = await context.clouds.open(form.cloud, form.region);
    const told = await checkTask(cloud, { path: task.path, form, ask }, { signal });
    if (task.state === 'draft' && (await isAnother(task))) {
      await inspectInto(task, signal);
      list.changed(task);
    }
    // It has told that no image has the name.
    if (ask && told.verdict === 'ok' && (form.ifExists ?? 'fail') === 'fail') queue.reached(form.cloud);
    return told;
  }

  /** Puts into the queue what the clouds would not refuse. */
  async start(wanted: readonly Wanted[]): Promise<Refused> {
    const { list, presets } = this.#tools;
    const refused: Refused = [];
    const accepted = new Set<string>();
    /** Clouds that did not answer: the others need not wait for them, too. */
    const silent = new Set<string>();
    await eachOf(wanted, CHECKS_AT_ONCE, async ({ id, form }) => {
      const task = list.get(id);
      const ask = wanted.length <= MOST_ASKED && !silent.has(form.cloud);
      const problem =
        task === undefined ? notThere() : await this.#refusal(task, form, ask, () => silent.add(form.cloud));
      if (problem === undefined) accepted.add(id);
      else refused.push({ id, problem });
    });
    const taken = this.#takenPlaces();
    const habits = new Map<string, TaskForm>();
    for (const { id, form } of wanted) {
      const task = list.get(id);
      if (task === undefined || !accepted.delete(id)) continue;
      // While clouds were asked, somebody else may have started it.
      if (!this.#isStartable(task)) {
        refused.push({ id, problem: problemOf(notADraft(task)) });
        continue;
      }
      const place = placeKey(form);
      const twin = taken.get(place)?.find((one) => one !== task && isTwin(one, task, form));
      if (twin !== undefined) {
        refused.push({ id, problem: problemOf(isUnderWay(task, form)) });
        continue;
      }
      this.#put(task, form);
      taken.set(place, [...(taken.get(place) ?? []), task]);
      habits.set(JSON.stringify([form.cloud, form.region]), form);
    }
    for (const form of habits.values()) void presets.remember(form);
    return refused;
  }

  /** Begins what needs no decision, if the user wants that. */
  async startAtOnce(task: Task): Promise<void> {
    const { context, list } = this.#tools;
    const { startAtOnce, defaultCloud } = context.settings.get();
    const cloud = defaultCloud ?? context.clouds.profiles().find(({ isDefault }) => isDefault)?.name;
    if (!startAtOnce || cloud === undefined) return;
    try {
      const form = await this.suggest(task, cloud, undefined);
      const { verdict, findings } = await this.check(task, form, undefined);
      const isClear = verdict === 'ok' && findings.every(({ severity }) => severity === 'info');
      if (isClear && task.state === 'draft' && list.get(task.id) === task)
        await this.start([{ id: task.id, form }]);
    } catch (thrown) {
      if (!(thrown instanceof ImageBridgeError)) throw thrown;
      // The form says it when it is opened.
      context.log.info(`${task.path} is not begun by itself: ${thrown.message}`);
    }
  }

  #isStartable(task: Task): boolean {
    const isFree = this.#tools.queue.runOf(task) === undefined && !task.cancelling;
    return isFree && (task.state === 'draft' || task.state === 'attention');
  }

  /** Why a task cannot be put into the queue; undefined when it can. */
  async #refusal(
    task: Task,
    form: TaskForm,
    ask: boolean,
    onSilent: () => void,
  ): Promise<Problem | undefined> {
    const { context } = this.#tools;
    if (!this.#isStartable(task)) return problemOf(notADraft(task));
    const gaveUp = new AbortController();
    try {
      const checking = this.check(task, form, gaveUp.signal, ask);
      const { verdict, problem } = await within(context.clock, START_PATIENCE_MS, checking, tooLate);
      if (verdict === 'unknown') onSilent();
      return verdict === 'refused' ? problem : undefined;
    } catch (thrown) {
      if (thrown instanceof ImageBridgeError) return problemOf(thrown);
      gaveUp.abort();
      onSilent();
      return undefined;
    }
  }

  #put(task: Task, form: TaskForm): void {
    const { queue, control } = this.#tools;
    const { form: before, uploadId } = task;
    // What was sent for another image is of no use for this one.
    if (before !== undefined && uploadId !== undefined && !sameImagePlace(before, form)) {
      begunAnew(task);
      void control.discardEarlier(task, uploadId);
    }
    task.form = form;
    delete task.place;
    queue.enqueue(task);
  }

  /** The tasks that are on their way, by the image that they make. */
  #takenPlaces(): Map<string, Task[]> {
    const taken = new Map<string, Task[]>();
    for (const task of this.#tools.list.all()) {
      if (task.form === undefined || task.state === 'draft' || isOverState(task.state)) continue;
      const key = placeKey(task.form);
      taken.set(key, [...(taken.get(key) ?? []), task]);
    }
    return taken;
  }
}

const placeKey = ({ cloud, region, name }: TaskForm): string => JSON.stringify([cloud, region, name]);

/** True when another task makes the same image, or one that would be refused because of it. */
function isTwin(one: Task, task: Task, form: TaskForm): boolean {
  return (one.realPath ?? one.path) === (task.realPath ?? task.path) || form.ifExists !== 'new';
}

/** True when its file was written, or replaced, since it was inspected. */
async function isAnother({ path, mtimeMs, sizeBytes }: Task): Promise<boolean> {
  const now = await stat(path).catch(() => undefined);
  return now !== undefined && (now.mtimeMs !== mtimeMs || now.size !== sizeBytes);
}

const tooLate = () => new Error('it does not answer');

const notThere = (): Problem => ({
  kind: 'not-found',
  message: 'This file is not in the list any more.',
});

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
