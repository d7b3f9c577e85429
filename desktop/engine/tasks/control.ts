// What the user does to tasks: pause, resume, cancel, retry, move a file, accept a changed one. Puts the parts together.

import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  BusyError,
  ConflictError,
  FileChangedError,
  InvalidInputError,
  readUpload,
  relocateUpload,
} from '@imagebridge/core';
import { EngineError } from '@imagebridge/desktop-contract';
import { problemOf } from '../problem.ts';
import { type Adding, inspectInto, lookAt } from './adding.ts';
import { judgeFailure } from './failures.ts';
import { abortUpload, forget, type GiveUpTools, giveUp } from './give-up.ts';
import type { TaskList } from './list.ts';
import type { Others } from './others.ts';
import type { Queue } from './queue.ts';
import { isOverState, note, type Task } from './task.ts';
import { eachOf } from './timers.ts';
import { RUNNING } from './view.ts';

/** Cancels under way at once. */
const CANCELS_AT_ONCE = 8;
const PAUSABLE: ReadonlySet<Task['state']> = new Set(['queued', 'uploading', 'verifying', 'waiting-network']);

/** What commands work on. */
export interface ControlTools {
  list: TaskList;
  queue: Queue;
  others: Others;
  adding: Adding;
  giveUp: GiveUpTools;
}

/** The commands of the user. */
export class Control {
  readonly #tools: ControlTools;
  /** Uploads of others that were gone on with here, and are paused with all. */
  readonly #pausedOthers = new Set<string>();
  /** Tasks whose file is being seen to: accepted as it is now, or found at another place. */
  readonly #seenTo = new Map<Task, Promise<void>>();

  constructor(tools: ControlTools) {
    this.#tools = tools;
  }

  /** @throws InvalidInputError when there is no such task */
  task(id: string): Task {
    const task = this.#tools.list.get(id);
    if (task !== undefined) return task;
    throw new InvalidInputError({
      operation: `find upload ${id}`,
      reason: 'it is not in the list any more',
    });
  }

  /** Does something with each task that is there; those that are gone meanwhile are passed over. */
  async each(ids: readonly string[], work: (task: Task) => Promise<void>): Promise<void> {
    const { list, queue } = this.#tools;
    const found = ids.flatMap((id) => list.get(id) ?? []);
    // Those that run come last: the place of one is not to be taken by the next one that is meant, too.
    const runs = (task: Task) => Number(queue.runOf(task) !== undefined);
    const tasks = found.sort((a, b) => runs(a) - runs(b));
    const failures: unknown[] = [];
    await eachOf(tasks, CANCELS_AT_ONCE, async (task) => {
      await work(task).catch((thrown: unknown) => failures.push(thrown));
    });
    if (failures.length > 0) throw failures[0];
  }

  async pause(task: Task): Promise<void> {
    const { queue, others } = this.#tools;
    if (task.elsewhere) {
      if (task.state !== 'paused' && !(await others.command(task, 'pause'))) await others.look();
      return;
    }
    if (PAUSABLE.has(task.state)) await queue.stop(task, 'pause');
  }

  async resume(task: Task): Promise<void> {
    const { queue, others, list } = this.#tools;
    if (task.elsewhere) {
      if (task.state !== 'paused' || (await others.command(task, 'resume'))) return;
      task.elsewhere = false;
    }
    // Another program has paused it just now: its run here is still coming to its end.
    if (task.state === 'paused' && queue.runOf(task) !== undefined) await queue.stop(task, 'pause');
    if (task.state !== 'paused' || task.cancelling) return;
    list.facts.paused = false;
    list.factsChanged();
    queue.enqueue(task);
  }

  /** Pauses what this engine works on, and what waits for its turn. What the service does by itself goes on. */
  async pauseAll(): Promise<void> {
    const { list } = this.#tools;
    list.facts.paused = true;
    list.factsChanged();
    const ours = list.all().filter((task) => !task.elsewhere && PAUSABLE.has(task.state));
    for (const { id, origin } of ours) if (origin === 'other') this.#pausedOthers.add(id);
    await eachOf(ours, CANCELS_AT_ONCE, (task) => this.pause(task));
  }

  /** Lets everything go on that is paused; of what others have begun, what `pauseAll` has paused. */
  async resumeAll(): Promise<void> {
    const { list, queue } = this.#tools;
    list.facts.paused = false;
    list.factsChanged();
    const isOurs = ({ origin, id }: Task) => origin === 'desktop' || this.#pausedOthers.has(id);
    const paused = list.all().filter((task) => task.state === 'paused' && !task.elsewhere && isOurs(task));
    this.#pausedOthers.clear();
    await eachOf(paused, CANCELS_AT_ONCE, (task) => this.resume(task));
    queue.fill();
  }

  async retry(task: Task): Promise<void> {
    const { queue, adding, list } = this.#tools;
    if (task.elsewhere || task.cancelling || task.need === 'give-up' || task.need === 'other-program') return;
    if (this.#seenTo.has(task)) return;
    if (task.state === 'attention' && task.origin === 'desktop' && task.form === undefined) {
      task.state = 'inspecting';
      delete task.problem;
      list.changed(task);
      return adding.inspect(task);
    }
    const isStopped = task.state === 'cancelled' && task.form !== undefined;
    if (task.state !== 'attention' && task.state !== 'waiting-network' && !isStopped) return;
    // A run that waits for the network asks again at once when it begins anew.
    if (queue.runOf(task) !== undefined) return queue.restart(task);
    if (isStopped) begunAnew(task);
    queue.enqueue(task);
  }

  /** Takes a task off the list. */
  async remove(task: Task): Promise<void> {
    const { queue, list, others, giveUp: tools } = this.#tools;
    const isRemovable =
      ['inspecting', 'draft', 'done', 'cancelled'].includes(task.state) ||
      (task.state === 'attention' && (task.startedAt === undefined || task.need === 'give-up'));
    if (!isRemovable || queue.runOf(task) !== undefined || task.elsewhere) {
      throw new ConflictError({
        operation: `take ${task.path} off the list`,
        reason: 'its upload is not over',
        hint: 'Cancel it first: what is unfinished is then removed from the server.',
      });
    }
    list.remove(task);
    const { uploadId } = task;
    const isOurs = task.origin === 'desktop' || task.need === 'give-up';
    // What is over is history; the journals of others belong to them.
    if (uploadId !== undefined) others.forget(uploadId);
    if (uploadId !== undefined && isOurs) await forget(uploadId, tools);
  }

  /** Stops a task for good, and removes from the server what is unfinished there. */
  async cancel(task: Task): Promise<void> {
    const { queue, list, others, giveUp: tools } = this.#tools;
    if (isOverState(task.state) || task.cancelling) return;
    if (task.state === 'draft' || task.state === 'inspecting') return list.remove(task);
    task.cancelling = true;
    if (task.need === 'other-program') delete task.need;
    list.changed(task);
    // It does not go on after that: it is being cancelled.
    await this.#seenTo.get(task)?.catch(() => {});
    try {
      const upload = queue.runOf(task)?.upload;
      if (upload !== undefined) {
        note(task, tools.clock.now(), 'Cancelled: what was sent is removed from the server.');
        await abortUpload(upload, tools).catch((thrown: unknown) => {
          // It had ended by itself, or is over: what is left is seen below.
          if (!(thrown instanceof ConflictError)) throw thrown;
        });
      }
      await queue.stop(task, 'cancel');
      if (list.get(task.id)?.state === 'done') return;
      if (task.uploadId !== undefined) await giveUp(task.uploadId, tools);
      await queue.finish(task, 'cancelled');
      if (task.origin === 'other') list.remove(task);
      if (task.origin === 'other' && task.uploadId !== undefined) others.forget(task.uploadId);
    } catch (thrown) {
      await queue.stop(task, 'cancel');
      const problem = problemOf(thrown);
      queue.attention(task, thrown instanceof BusyError ? 'retry' : 'give-up', problem);
    } finally {
      task.cancelling = false;
      list.changed(task);
      if (task.elsewhere) await others.look();
    }
  }

  /** Goes on with a cancel that the end of the engine has cut short. */
  cancelAgain(task: Task): Promise<void> {
    task.cancelling = false;
    return this.cancel(task);
  }

  /**
   * The file of a task is now at another path.
   * @throws EngineError, FileChangedError when it is not the same
   */
  async locate(task: Task, given: string): Promise<void> {
    this.#refuseWhileWorking(task, `look for the file of ${task.fileName}`);
    await this.#seeTo(task, this.#locate(task, given));
  }

  async #locate(task: Task, given: string): Promise<void> {
    const { giveUp: tools } = this.#tools;
    const found = await lookAt(given);
    if ('kind' in found) throw new EngineError(found);
    if (found.sizeBytes !== task.sizeBytes) {
      throw new FileChangedError({
        operation: `go on with ${task.fileName} from ${found.path}`,
        object: found.path,
        reason: `it has ${found.sizeBytes} bytes, and the file that was begun has ${task.sizeBytes}`,
        hint: 'Choose the file that was moved; another file is added as a new one.',
      });
    }
    const journal = task.uploadId === undefined ? undefined : await readUpload(task.uploadId, tools.engine);
    // That of what is unpacked on the way stays until the next run has found its parts by their place on the server.
    if (journal?.file.path === task.path) await relocateUpload(journal.uploadId, found.path, tools.engine);
    task.path = found.path;
    task.fileName = path.basename(found.path);
    if (found.realPath === found.path) delete task.realPath;
    else task.realPath = found.realPath;
    note(task, tools.clock.now(), `The file is now ${found.path}.`);
    await this.#lookAgain(task);
    this.#goOn(task);
  }

  /** Sends the file as it is now, from the start. @throws what the service answers to the removal of what was sent */
  async acceptFile(task: Task): Promise<void> {
    this.#refuseWhileWorking(task, `send the changed file of ${task.fileName}`);
    await this.#seeTo(task, this.#acceptFile(task));
  }

  async #acceptFile(task: Task): Promise<void> {
    const { giveUp: tools } = this.#tools;
    if (task.uploadId !== undefined) await giveUp(task.uploadId, tools);
    begunAnew(task);
    note(task, tools.clock.now(), 'The file has changed: it is sent as it is now, from the start.');
    await this.#lookAgain(task);
    this.#goOn(task);
  }

  async #seeTo(task: Task, work: Promise<void>): Promise<void> {
    this.#seenTo.set(task, work);
    try {
      await work;
    } finally {
      this.#seenTo.delete(task);
    }
  }

  /** One that was never started waits for its form. */
  #goOn(task: Task): void {
    const { queue, list } = this.#tools;
    // Meanwhile it may have been cancelled, or taken off the list.
    if (task.cancelling || list.get(task.id) !== task) return;
    if (task.form !== undefined || task.uploadId !== undefined) {
      queue.enqueue(task);
      return;
    }
    task.state = 'draft';
    delete task.problem;
    delete task.need;
    list.changed(task);
  }

  async #lookAgain(task: Task): Promise<void> {
    const { queue, list } = this.#tools;
    try {
      await inspectInto(task);
      list.changed(task);
    } catch (thrown) {
      const verdict = await judgeFailure(thrown, task.path);
      if (verdict.kind === 'attention') queue.attention(task, verdict.need, verdict.problem);
      throw thrown;
    }
  }

  #refuseWhileWorking(task: Task, what: string): void {
    const isWorking =
      RUNNING.has(task.state) || this.#tools.queue.runOf(task) !== undefined || this.#seenTo.has(task);
    if (!isWorking && !task.elsewhere && !task.cancelling && !isOverState(task.state)) return;
    throw new ConflictError({
      operation: what,
      reason: 'its upload is under way, or over',
      hint: 'Pause it first.',
    });
  }

  /** An upload that a task does not use any more is removed from the server; a failure is logged. */
  async discardEarlier(task: Task, uploadId: string): Promise<void> {
    const { giveUp: tools, others } = this.#tools;
    others.forget(uploadId);
    try {
      if (await this.#wasTakenOver(task, uploadId)) await forget(uploadId, tools);
      else await giveUp(uploadId, tools);
    } catch (thrown) {
      others.remember(uploadId);
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      tools.log.warn(`What upload ${uploadId} had sent is still on the server: ${text}`);
    }
  }

  /** True when the parts of an earlier upload are now those of another one: of a packed file that has moved. */
  async #wasTakenOver({ uploadId }: Task, earlierId: string): Promise<boolean> {
    const { engine } = this.#tools.giveUp;
    if (uploadId === undefined) return false;
    const [earlier, now] = await Promise.all([readUpload(earlierId, engine), readUpload(uploadId, engine)]);
    const wasPacked = earlier?.file.path.startsWith('unpacked:') === true;
    return wasPacked && isDeepStrictEqual(earlier.target, now?.target);
  }
}

/** Nothing of what was before counts any more. */
export function begunAnew(task: Task): void {
  delete task.uploadId;
  delete task.progress;
  delete task.imageId;
  delete task.sha256;
  delete task.sentBytes;
  delete task.partsSkipped;
}
