// Uploads of this machine that this engine does not work on itself: looked for in the core's journals, watched while another
// process works on them. Reads journals; commands their owners.
import {
  type AttachedUpload,
  attachUpload,
  controlUpload,
  ImageBridgeError,
  isOver,
  isPlainUpload,
  isPublished,
  type JournalSummary,
  listUploads,
  parseImageSource,
  readStored,
  readUpload,
} from '@imagebridge/core';
import type { EngineContext } from '../context.ts';
import { problemOf } from '../problem.ts';
import { historyOf } from './history-entry.ts';
import type { TaskList } from './list.ts';
import type { Queue } from './queue.ts';
import { isOverState, placeOf, type Task, taskOfJournal } from './task.ts';
import { UploadWatch } from './watch-upload.ts';

const LOOK_EVERY_MS = 2_000;
/** Looking takes at most this share of the time, however many journals there are. */
const LOOK_SHARE = 20;

/** What the watcher needs. */
export interface OthersOptions {
  context: EngineContext;
  list: TaskList;
  queue: Queue;
}

/** Watches the journals. */
export class Others {
  readonly #options: OthersOptions;
  readonly #attached = new Map<string, AttachedUpload>();
  readonly #forgotten = new Set<string>();
  readonly #stop = new AbortController();
  #looking: Promise<void> | undefined;
  #lookMs = 0;
  #told = '';
  #isFirst = true;

  constructor(options: OthersOptions) {
    this.#options = options;
  }

  /** Looks once, then now and then until it is stopped. Resolves after the first look. */
  async start(): Promise<void> {
    await this.look();
    void this.#loop();
  }

  async #loop(): Promise<void> {
    const { clock } = this.#options.context;
    try {
      for (;;) {
        await clock.sleep(Math.max(LOOK_EVERY_MS, this.#lookMs * LOOK_SHARE), this.#stop.signal);
        await this.look();
      }
    } catch {
      // It was stopped.
    }
  }

  /** The user has done with an upload: its journal, should it still be there, is not shown again. */
  forget(uploadId: string): void {
    this.#forgotten.add(uploadId);
  }

  /** It is shown again after all: it could not be removed. */
  remember(uploadId: string): void {
    this.#forgotten.delete(uploadId);
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#stop.abort();
    for (const upload of this.#attached.values()) upload.leave();
    this.#attached.clear();
  }

  /** What watches an upload that another process works on. */
  watched(uploadId: string | undefined): AttachedUpload | undefined {
    return uploadId === undefined ? undefined : this.#attached.get(uploadId);
  }

  /**
   * Tells the process that works on a task to pause or to go on.
   * @returns false when nobody works on it any more
   * @throws UnavailableError, BusyError
   */
  async command(task: Task, command: 'pause' | 'resume'): Promise<boolean> {
    if (task.uploadId === undefined) return false;
    const told = await controlUpload(task.uploadId, command, this.#options.context.engine);
    await this.look();
    return told !== undefined;
  }

  /** Compares the tasks with the journals. Never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { context } = this.#options;
    const startedMs = context.clock.now();
    try {
      const journals = await listUploads(context.engine);
      if (this.#stop.signal.aborted) return;
      const byUpload = new Map<string, Task>();
      for (const task of this.#options.list.all()) {
        if (task.uploadId !== undefined) byUpload.set(task.uploadId, task);
      }
      const seen = new Set<string>();
      for (const journal of journals) {
        seen.add(journal.uploadId);
        const task = byUpload.get(journal.uploadId) ?? (await this.#adopt(journal));
        if (task !== undefined) await this.#compare(task, journal);
      }
      for (const [uploadId, task] of byUpload) if (!seen.has(uploadId)) await this.#vanished(task);
      this.#noteEnds(journals);
      this.#told = '';
      this.#isFirst = false;
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      if (text !== this.#told) context.log.warn(`The uploads of this machine cannot be listed: ${text}`);
      this.#told = text;
    } finally {
      this.#lookMs = context.clock.now() - startedMs;
    }
  }

  /** The task of a journal that no task is known to have; undefined when there is none and shall be none. */
  async #adopt(journal: JournalSummary): Promise<Task | undefined> {
    const { list, queue, context } = this.#options;
    // What is copied from another cloud is no file of this machine; whoever copies shows it.
    if (this.#forgotten.has(journal.uploadId)) return undefined;
    if (isOver(journal) || parseImageSource(journal.file.path) !== undefined) return undefined;
    const own = list.all().find((task) => isOf(task, journal));
    if (own !== undefined) {
      if (queue.runOf(own) !== undefined) return undefined;
      own.uploadId = journal.uploadId;
      list.changed(own);
      return own;
    }
    // It may be that of a run which has not heard of its upload yet.
    if (journal.active && queue.isBeginning) return undefined;
    // The list of journals is a moment old: it may have been given up since.
    const isThere = (await readUpload(journal.uploadId, context.engine)) !== undefined;
    if (!isThere || this.#forgotten.has(journal.uploadId)) return undefined;
    if (list.ofUpload(journal.uploadId) !== undefined) return undefined;
    const task = taskOfJournal(journal, list.nextOrder());
    list.add(task);
    if (journal.active && !this.#isFirst) {
      const { cloud, imageName } = placeOf(task);
      const values = {
        name: imageName || task.fileName,
        file: task.fileName,
        cloud,
        reason: '',
        message: '',
      };
      context.emit({ type: 'notice', key: 'adopted', values, taskId: task.id });
    }
    return task;
  }

  async #compare(task: Task, journal: JournalSummary): Promise<void> {
    const { queue, list } = this.#options;
    if (queue.runOf(task) !== undefined || isOverState(task.state) || task.cancelling) return;
    if (task.origin === 'other' && readStored(journal) !== undefined) learn(task, journal);
    if (journal.active) return this.#attach(task);
    const isOurs = task.origin === 'desktop' && !task.elsewhere;
    task.elsewhere = false;
    if (isOver(journal)) return this.#over(task, journal);
    const progress = progressOfJournal(journal);
    if (task.progress === undefined || !isOurs)
      task.progress = { ...progress, ...resumableOf(task, progress) };
    // What of ours is queued or waits goes on by itself.
    if (isOurs || task.state === 'queued' || task.state === 'waiting-network') return list.moved(task);
    const before = JSON.stringify([task.state, task.problem]);
    this.#rest(task, journal);
    if (JSON.stringify([task.state, task.problem]) !== before) list.changed(task);
  }

  /** Nobody works on it just now. */
  #rest(task: Task, journal: JournalSummary): void {
    const { problem } = journal;
    if (task.origin === 'other' && readStored(journal) === undefined) {
      task.state = 'attention';
      task.need = 'other-program';
      task.problem = {
        kind: problem?.kind ?? 'interrupted',
        message: problem?.message ?? whyNot(journal),
        hint: isPlainUpload(journal)
          ? 'Run the command that began it once more: it goes on by itself. Or cancel it here.'
          : 'Run the program that began it once more: it goes on by itself. Or cancel it here.',
      };
      return;
    }
    if (task.state === 'attention' && task.need !== undefined) return;
    task.state = journal.state === 'attention' ? 'attention' : 'paused';
    if (task.state === 'attention') {
      task.need = problem?.kind === 'authentication' ? 'sign-in' : 'retry';
      task.problem = problem ?? { kind: 'interrupted', message: 'The upload stopped.' };
    } else delete task.problem;
  }

  async #over(task: Task, journal: JournalSummary): Promise<void> {
    const { queue, context } = this.#options;
    this.#leave(task);
    if (journal.sha256 !== undefined) task.sha256 = journal.sha256;
    if (journal.state === 'aborted') return queue.finish(task, 'cancelled');
    const imageId = journal.facts['image-id'];
    if (imageId !== undefined) task.imageId = imageId;
    if (task.progress !== undefined) {
      const { totalBytes, partsTotal } = task.progress;
      task.progress = { ...task.progress, confirmedBytes: totalBytes, fraction: 1, partsDone: partsTotal };
    }
    await queue.finish(task, 'done');
    const { cloud, region } = placeOf(task);
    context.emit({ type: 'images-changed', cloud, region });
  }

  /** Its journal is gone: whoever had it has discarded it. */
  async #vanished(task: Task): Promise<void> {
    const { queue, list } = this.#options;
    if (queue.runOf(task) !== undefined || isOverState(task.state) || task.cancelling) return;
    this.#leave(task);
    if (task.origin === 'other') {
      await queue.finish(task, 'cancelled');
      return list.remove(task);
    }
    // One of ours begins anew when it goes on.
    delete task.uploadId;
    if (task.elsewhere) {
      task.elsewhere = false;
      task.state = 'paused';
    }
    list.changed(task);
  }

  async #attach(task: Task): Promise<void> {
    const { uploadId } = task;
    if (uploadId === undefined || this.#attached.has(uploadId)) return;
    const { context, list, queue } = this.#options;
    try {
      const upload = await attachUpload(uploadId, context.engine);
      if (upload === undefined) return;
      // It was begun here while we asked.
      if (queue.runOf(task) !== undefined || this.#stop.signal.aborted) return upload.leave();
      this.#attached.set(uploadId, upload);
      task.elsewhere = true;
      delete task.problem;
      delete task.need;
      task.startedAt ??= context.clock.now();
      void this.#follow(task, upload);
    } catch (thrown) {
      if (!(thrown instanceof ImageBridgeError)) throw thrown;
      // On another host, or one that does not answer: it is shown, and cannot be controlled.
      const problem = problemOf(thrown);
      const isKnown =
        task.elsewhere && task.state === 'uploading' && task.problem?.message === problem.message;
      if (isKnown) return;
      task.elsewhere = true;
      task.state = 'uploading';
      task.problem = problem;
      list.changed(task);
    }
  }

  async #follow(task: Task, upload: AttachedUpload): Promise<void> {
    const { context, list, queue } = this.#options;
    const { clock } = context;
    const watch = new UploadWatch(task, clock.now(), false);
    watch.take({ type: 'progress', snapshot: upload.snapshot() }, clock.now(), queue.online);
    list.changed(task);
    for await (const event of upload.events) {
      if (!task.elsewhere || queue.runOf(task) !== undefined) break;
      if (watch.take(event, clock.now(), queue.online)) list.changed(task);
      else list.moved(task);
    }
    upload.leave();
    if (this.#attached.get(upload.id) === upload) this.#attached.delete(upload.id);
    if (!this.#stop.signal.aborted) await this.look();
  }

  #leave(task: Task): void {
    if (task.uploadId === undefined) return;
    this.#attached.get(task.uploadId)?.leave();
    this.#attached.delete(task.uploadId);
  }

  /** Uploads that ended while nobody looked are history, too. */
  #noteEnds(journals: readonly JournalSummary[]): void {
    const { list, context } = this.#options;
    let latest = list.facts.seenUntil;
    for (const journal of journals) {
      const endedAt = journal.updatedAt.getTime();
      if (!isOver(journal) || endedAt <= list.facts.seenUntil) continue;
      latest = Math.max(latest, endedAt);
      const isKnown = list.ofUpload(journal.uploadId) !== undefined || this.#forgotten.has(journal.uploadId);
      if (isKnown || !isPublished(journal)) continue;
      if (parseImageSource(journal.file.path) !== undefined) continue;
      const task = taskOfJournal(journal, 0);
      task.imageId = journal.facts['image-id'];
      task.sha256 = journal.sha256;
      const entry = historyOf(task, 'done', endedAt);
      if (entry !== undefined) void context.history.add(entry);
    }
    if (latest === list.facts.seenUntil) return;
    list.facts.seenUntil = latest;
    list.factsChanged();
  }
}

/** True when an upload that nobody is known to have is that of a task of ours. */
function isOf(task: Task, journal: JournalSummary): boolean {
  const { form, origin, uploadId, state } = task;
  if (origin !== 'desktop' || uploadId !== undefined || form === undefined || task.startedAt === undefined)
    return false;
  if (isOverState(state)) return false;
  const stored = readStored(journal);
  const { cloud, region } = placeOf(task);
  const isPlace = journal.target.cloud === cloud && (region === '' || journal.target.region === region);
  if (!isPlace) return false;
  if (stored !== undefined && stored.image.name !== form.name) return false;
  // What is unpacked or converted has another path in its journal.
  const path = journal.file.path;
  return (
    path === task.path || path === `unpacked:${task.path}` || (stored !== undefined && path.includes('spool'))
  );
}

/** The request is stored a moment after the upload begins. */
function learn(task: Task, journal: JournalSummary): void {
  if (task.form !== undefined || task.place?.imageName === readStored(journal)?.image.name) return;
  const { place, form } = taskOfJournal(journal, 0);
  task.place = place;
  if (form !== undefined) task.form = form;
}

const whyNot = (journal: JournalSummary): string =>
  isPlainUpload(journal)
    ? 'It goes to a bucket, and the keys of the bucket are not known here.'
    : 'Its journal does not say what it was for.';

function progressOfJournal(journal: JournalSummary) {
  const { partsTotal, partsDone, partSizeBytes = 0, file, target } = journal;
  // The last part may be smaller.
  const confirmedBytes =
    partsDone === partsTotal ? file.sizeBytes : Math.min(file.sizeBytes, partsDone * partSizeBytes);
  return {
    totalBytes: file.sizeBytes,
    confirmedBytes,
    fraction: file.sizeBytes === 0 ? 0 : confirmedBytes / file.sizeBytes,
    bytesPerSecond: 0,
    ...{ partsTotal, partsDone },
    partSizeBytes,
    resumable: target.route !== 'stream',
  };
}

/** What was seen of the upload while it ran is better than what its journal's parts add up to. */
const resumableOf = (task: Task, { partsDone }: { partsDone: number }) =>
  task.progress?.partsDone === partsDone ? { confirmedBytes: task.progress.confirmedBytes } : {};
