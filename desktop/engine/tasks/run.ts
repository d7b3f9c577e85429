// A task at work in this process: one run, which can be stopped and leads to an end. Changes the task, and tells the list.
import {
  type Clock,
  type EngineOptions,
  ImageBridgeError,
  type PublishEvent,
  type TransferBudget,
  type Upload,
} from '@imagebridge/core';
import type { Clouds } from '../context.ts';
import type { TaskList } from './list.ts';
import { type Published, publishTask } from './publish.ts';
import { note, placeOf, type Task } from './task.ts';
import { still } from './view.ts';
import { UploadWatch } from './watch-upload.ts';

/** Why a run is stopped: by the user, to go on by itself later, or for good. */
export type StopReason = 'hold' | 'pause' | 'cancel';

/** Of two reasons the later one here counts. */
const REASONS: readonly StopReason[] = ['hold', 'pause', 'cancel'];

/** How a run ended. `aborted`: another process gave the upload up. */
export type RunEnd =
  | { kind: 'published'; made: Published }
  | { kind: 'stopped'; reason: StopReason }
  | { kind: 'aborted' }
  /** `reason`: it was being stopped when it failed. */
  | { kind: 'failed'; thrown: unknown; reason: StopReason | undefined };

/** What runs share. */
export interface RunTools {
  clock: Clock;
  clouds: Clouds;
  engine: EngineOptions;
  budget: TransferBudget;
  list: TaskList;
  online(): boolean;
  /** The run has begun an upload of its own, and this earlier one of the task is of no use any more. */
  onReplaced(task: Task, uploadId: string): void;
  /** The task has left the place among those that send. */
  onImporting(): void;
}

/** One run of one task. */
export class Run {
  readonly task: Task;
  /** Never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #tools: RunTools;
  readonly #controller = new AbortController();
  #reason: StopReason | undefined;
  #upload: Upload | undefined;
  #watch: UploadWatch | undefined;
  #wasAborted = false;

  constructor(task: Task, tools: RunTools) {
    this.task = task;
    this.#tools = tools;
    const { clock, list } = tools;
    task.state = 'uploading';
    task.startedAt ??= clock.now();
    delete task.endedAt;
    delete task.problem;
    delete task.need;
    list.changed(task);
    this.ended = this.#work().then(
      (made): RunEnd => ({ kind: 'published', made }),
      (thrown: unknown) => this.#endOf(thrown),
    );
  }

  /** The upload, once there is one. */
  get upload(): Upload | undefined {
    return this.#upload;
  }

  /** True while the bytes of this task want to be sent; false once only the service is at work. */
  get isSending(): boolean {
    return this.task.state !== 'importing';
  }

  /** Stops it safely. Resolves when nothing runs any more. */
  async stop(reason: StopReason): Promise<void> {
    const before = this.#reason ?? reason;
    this.#reason = REASONS.indexOf(reason) > REASONS.indexOf(before) ? reason : before;
    this.#controller.abort();
    await this.ended;
  }

  async #work(): Promise<Published> {
    const { clouds, engine, budget } = this.#tools;
    const { cloud: name, region } = placeOf(this.task);
    const cloud = await clouds.open(name, region === '' ? undefined : region);
    this.task.place = { ...this.task.place, cloud: name, region: cloud.region };
    return publishTask(this.task, {
      ...{ cloud, engine, budget },
      signal: this.#controller.signal,
      onEvent: (event) => this.#take(event),
      onUpload: (upload) => this.#attach(upload),
    });
  }

  #attach(upload: Upload): void {
    const { list, onReplaced } = this.#tools;
    const { task } = this;
    this.#upload = upload;
    const earlier = task.uploadId;
    task.uploadId = upload.id;
    if (earlier !== undefined && earlier !== upload.id) onReplaced(task, earlier);
    list.changed(task);
    // After a crash the next run must know which upload is its own.
    list.flush().catch(() => {});
  }

  /** Bytes of the upload that have left this machine; undefined while none is under way, or where it would start from 0 again. */
  get movedBytes(): number | undefined {
    const snapshot = this.#upload?.snapshot();
    if (snapshot?.state !== 'uploading' || snapshot.resumable === false) return undefined;
    return snapshot.sentBytes + (snapshot.underWayBytes ?? 0);
  }

  #take(event: PublishEvent): void {
    const { clock, list, online, onImporting } = this.#tools;
    const { task } = this;
    const now = clock.now();
    if (event.type === 'upload' && event.event.snapshot.state === 'aborted') this.#wasAborted = true;
    if (this.#reason !== undefined && event.type === 'upload') return;
    switch (event.type) {
      case 'measure':
        this.#show('unpacking: reading the file once', event.readBytes / Math.max(1, event.totalBytes));
        break;
      case 'convert':
        this.#show('converting', event.fraction);
        break;
      case 'note':
        note(task, now, event.text);
        list.changed(task);
        break;
      case 'image-id':
        task.imageId = event.imageId;
        list.changed(task);
        break;
      case 'uploaded':
        task.sha256 = event.result.sha256;
        list.changed(task);
        break;
      case 'upload': {
        this.#watch ??= new UploadWatch(task, now, true);
        if (this.#watch.take(event.event, now, online())) list.changed(task);
        else list.moved(task);
        if (task.state === 'importing') onImporting();
        // Another process has asked for it: the lock is given up, so that it can also go on there.
        if (task.state === 'paused') void this.stop('pause');
        break;
      }
    }
  }

  /** What is done before there is an upload. */
  #show(text: string, fraction: number): void {
    const { task } = this;
    const before = still(task.progress);
    const none = { totalBytes: task.sizeBytes, confirmedBytes: 0, fraction: 0, bytesPerSecond: 0 };
    const parts = { partsTotal: 0, partsDone: 0, partSizeBytes: 0, resumable: true };
    task.progress = { ...none, ...parts, ...before, work: { text, fraction: Math.min(1, fraction) } };
    this.#tools.list.moved(task);
  }

  #endOf(thrown: unknown): RunEnd {
    if (this.#wasAborted && this.#reason !== 'cancel') return { kind: 'aborted' };
    const isCancelled = thrown instanceof ImageBridgeError && thrown.kind === 'cancelled';
    if (this.#reason !== undefined && (isCancelled || this.#reason === 'cancel'))
      return { kind: 'stopped', reason: this.#reason };
    return { kind: 'failed', thrown, reason: this.#reason };
  }
}
