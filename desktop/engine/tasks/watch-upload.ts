// Follows the events of one upload into its task, whoever works on it. Pure but for the task it changes.
import type { UploadEvent, UploadSnapshot } from '@imagebridge/core';
import type { TaskState } from '@imagebridge/desktop-contract';
import type { Task } from './task.ts';
import { progressOf, still } from './view.ts';

/** No byte has moved for so long, and the network is to blame: it is away. In ms. */
const AWAY_AFTER_MS = 2_000;
/** How long the last known progress stands while the server has not told what it has. In ms. */
const FLOOR_MS = 15_000;

const STATES: Readonly<Record<UploadSnapshot['state'], TaskState>> = {
  planned: 'uploading',
  uploading: 'uploading',
  paused: 'paused',
  verifying: 'verifying',
  completing: 'completing',
  importing: 'importing',
  // Both are followed by the end of the upload, which tells what it was.
  uploaded: 'importing',
  attention: 'uploading',
  aborted: 'uploading',
};

/** Turns snapshots into a task's state and progress. One for each run. */
export class UploadWatch {
  readonly #task: Task;
  readonly #floor: { bytes: number; untilMs: number };
  #sentBytes = -1;
  #movedMs: number;
  /** Nothing was answered to the last failure. */
  #silent = false;
  #hasBegun: boolean;
  /** Bytes that earlier runs have sent. */
  readonly #sentBefore: number;

  /** @param isOurs the upload is begun by this very process: what its journal says of before does not count */
  constructor(task: Task, nowMs: number, isOurs: boolean) {
    this.#task = task;
    this.#hasBegun = !isOurs;
    this.#sentBefore = isOurs ? (task.sentBytes ?? 0) : 0;
    this.#movedMs = nowMs;
    const bytes = task.progress?.resumable === true ? task.progress.confirmedBytes : 0;
    this.#floor = { bytes, untilMs: nowMs + FLOOR_MS };
  }

  /**
   * Takes an event, or a first snapshot.
   * @returns true when the task's state has changed
   */
  take(
    event: UploadEvent | { type: 'progress'; snapshot: UploadSnapshot },
    nowMs: number,
    online: boolean,
  ): boolean {
    const { snapshot } = event;
    if (snapshot.sentBytes > this.#sentBytes || snapshot.state !== 'uploading') {
      if (this.#sentBytes >= 0) this.#silent = false;
      this.#sentBytes = snapshot.sentBytes;
      this.#movedMs = nowMs;
    }
    if (event.type === 'retry') {
      this.#silent = event.error.kind === 'unavailable' && event.error.details?.httpStatus === undefined;
    }
    const task = this.#task;
    const floor = nowMs < this.#floor.untilMs ? this.#floor.bytes : 0;
    const progress = progressOf(snapshot, snapshot.resumable === false ? 0 : floor);
    task.progress = snapshot.state === 'paused' ? (still(progress) ?? progress) : progress;
    task.sentBytes = this.#sentBefore + snapshot.sentBytes;
    task.partsSkipped = snapshot.partsSkipped;
    if (snapshot.sha256 !== undefined) task.sha256 = snapshot.sha256;
    if (snapshot.state !== 'paused') this.#hasBegun = true;
    const isAway = this.#isAway(nowMs, online, snapshot);
    const told = this.#hasBegun ? STATES[snapshot.state] : 'uploading';
    const state = isAway ? 'waiting-network' : told;
    if (state === task.state) return false;
    task.state = state;
    return true;
  }

  #isAway(nowMs: number, online: boolean, { state, confirmedBytes, file }: UploadSnapshot): boolean {
    const isSending = state === 'uploading' && confirmedBytes < file.sizeBytes;
    return isSending && (this.#silent || !online) && nowMs - this.#movedMs >= AWAY_AFTER_MS;
  }
}
