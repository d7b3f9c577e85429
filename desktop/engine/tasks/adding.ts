// Files on their way into the list: looked at one by one, refused kindly, inspected a few at a time. Reads files.
import { constants, type Stats } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { inspectFile } from '@imagebridge/core';
import type { InspectionView, Problem } from '@imagebridge/desktop-contract';
import type { EngineContext } from '../context.ts';
import { systemReason } from '../files/write-file.ts';
import { problemOf } from '../problem.ts';
import { judgeFailure } from './failures.ts';
import type { TaskList } from './list.ts';
import { newTask, type Task } from './task.ts';
import { breath, eachOf } from './timers.ts';

const LOOKS_AT_ONCE = 16;
const INSPECTIONS_AT_ONCE = 4;
const ADDED_AT_ONCE = 500;

/** What becomes of added paths. */
export interface Added {
  added: string[];
  refused: { path: string; problem: Problem }[];
}

/** A file that can be added. */
export interface LookedAt {
  /** Absolute. */
  path: string;
  /** Without links. */
  realPath: string;
  sizeBytes: number;
}

/** Adds files and inspects them. */
export class Adding {
  readonly #context: EngineContext;
  readonly #list: TaskList;
  readonly #onInspected: (task: Task) => void;
  readonly #stop = new AbortController();
  readonly #waiting: Task[] = [];
  #working = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param onInspected called when a task is a draft */
  constructor(context: EngineContext, list: TaskList, onInspected: (task: Task) => void) {
    this.#context = context;
    this.#list = list;
    this.#onInspected = onInspected;
  }

  /** Adds files. Resolves when all have been looked at; they are inspected afterwards. */
  add(paths: readonly string[], signal: AbortSignal): Promise<Added> {
    // One call after the other: what the first one adds, the second one knows.
    const adding = this.#last.then(() => this.#add(paths, signal));
    this.#last = adding.catch(() => {});
    return adding;
  }

  async #add(paths: readonly string[], signal: AbortSignal): Promise<Added> {
    const looked: (LookedAt | Problem | undefined)[] = new Array(paths.length);
    await eachOf(paths, LOOKS_AT_ONCE, async (given, index) => {
      if (!signal.aborted) looked[index] = await lookAt(given);
    });
    const there = new Set<string>();
    for (const task of this.#list.all()) {
      if (task.state === 'inspecting' || task.state === 'draft') there.add(task.realPath ?? task.path);
    }
    const result: Added = { added: [], refused: [] };
    // One after the other: the order is that of the paths.
    for (const [index, found] of looked.entries()) {
      const given = paths[index] ?? '';
      if (index % ADDED_AT_ONCE === ADDED_AT_ONCE - 1) await breath();
      if (found === undefined) continue;
      const refusal = 'kind' in found ? found : there.has(found.realPath) ? twice(found.path) : undefined;
      if ('kind' in found || refusal !== undefined) {
        if (refusal !== undefined) result.refused.push({ path: given, problem: refusal });
        continue;
      }
      there.add(found.realPath);
      const task = newTask(found, this.#list.nextOrder(), this.#context.clock.now());
      this.#list.add(task);
      this.inspect(task);
      result.added.push(task.id);
    }
    return result;
  }

  /** Inspects a task in its turn. */
  inspect(task: Task): void {
    this.#waiting.push(task);
    if (this.#working >= INSPECTIONS_AT_ONCE) return;
    this.#working++;
    void this.#work();
  }

  async #work(): Promise<void> {
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) {
      if (this.#stop.signal.aborted) break;
      await this.#inspect(task);
    }
    this.#working--;
  }

  async #inspect(task: Task): Promise<void> {
    if (this.#list.get(task.id) !== task) return;
    try {
      await inspectInto(task, this.#stop.signal);
      if (this.#list.get(task.id) !== task || task.state !== 'inspecting') return;
      task.state = 'draft';
      delete task.problem;
      delete task.need;
      this.#list.changed(task);
      this.#onInspected(task);
    } catch (thrown) {
      if (this.#stop.signal.aborted || task.state !== 'inspecting') return;
      const verdict = await judgeFailure(thrown, task.path);
      task.state = 'attention';
      task.need = verdict.kind === 'attention' ? verdict.need : 'retry';
      task.problem = problemOf(thrown);
      this.#list.changed(task);
    }
  }

  /** Inspects nothing more. What is not inspected yet is when the engine starts again. */
  stop(): void {
    this.#stop.abort();
  }
}

/** Notes in a task what its file is now. @throws LocalFileError, CancelledError */
export async function inspectInto(task: Task, signal?: AbortSignal): Promise<void> {
  const found = await inspectFile(task.path, { signal });
  const { mtimeMs, size } = await stat(task.path);
  task.sizeBytes = size;
  task.mtimeMs = mtimeMs;
  task.inspection = inspectionOf(found);
}

/** The parts of an inspection that windows show. */
function inspectionOf(found: Awaited<ReturnType<typeof inspectFile>>): InspectionView {
  const { format, fileSizeBytes, virtualSizeBytes, boot, encrypted, findings } = found;
  const { variant, compression, partitionTable, volumeLabel, architecture, osType, osHint } = found;
  const perhaps = { variant, compression, partitionTable, volumeLabel, architecture, osType, osHint };
  return {
    ...{ format, fileSizeBytes, virtualSizeBytes, boot, encrypted, findings },
    ...Object.fromEntries(Object.entries(perhaps).filter(([, value]) => value !== undefined)),
  };
}

/** What a path is: a file that can be added, or why not. */
export async function lookAt(given: string): Promise<LookedAt | Problem> {
  const absolute = path.resolve(given);
  const refuse = (message: string, hint: string): Problem => ({
    kind: 'local-file',
    message,
    hint,
    object: absolute,
  });
  if (given === '' || given.includes('\0')) return refuse('This is no path of a file.', 'Choose a file.');
  let found: Stats;
  let realPath: string;
  try {
    found = await stat(absolute);
    realPath = await realpath(absolute);
    if (found.isFile()) await access(absolute, constants.R_OK);
  } catch (thrown) {
    const hint = 'Check that the drive is connected, the file is still there and you may read it.';
    return refuse(`${absolute} cannot be added: ${systemReason(thrown)}.`, hint);
  }
  if (found.isDirectory())
    return refuse(
      `${absolute} is a folder.`,
      'Add the image files inside it; several can be chosen at once.',
    );
  if (!found.isFile())
    return refuse(`${absolute} is no regular file.`, 'Copy what it holds to a file, and add that.');
  if (found.size === 0)
    return refuse(`${absolute} is empty (0 bytes).`, 'Get the file again: nothing of it has arrived here.');
  return { path: absolute, realPath, sizeBytes: found.size };
}

const twice = (file: string): Problem => ({
  kind: 'conflict',
  message: `${file} is in the list already.`,
  hint: 'To send it to another cloud too, start it first, then add it once more.',
  object: file,
});
