// Watching an upload that somebody works on, this process or another one, and commanding it.
import { UnavailableError } from '../model/index.ts';
import { activeUpload } from './active.ts';
import { converse } from './control-client.ts';
import { phraseOf } from './control-protocol.ts';
import { EventQueue } from './event-queue.ts';
import { controlUpload, ownerOf, partStatesOf } from './manage.ts';
import { momentOf, Timeline } from './timeline.ts';
import type { EngineOptions, TimelineEntry, Upload, UploadEvent, UploadSnapshot } from './types.ts';

/** Why there is nothing more to watch: the owner let go of the upload, it died, or the watcher left. */
export type WatchEnd = 'over' | 'lost' | 'left';

/** An upload as a watcher has it. */
export interface AttachedUpload {
  readonly id: string;
  /** The last that is known. */
  snapshot(): UploadSnapshot;
  /** The last 200 notable moments, those before this watcher came included. */
  timeline(): readonly TimelineEntry[];
  /**
   * What happens from now on, until there is nothing more to watch. For one reader. One that reads slowly misses
   * progress, and nothing else.
   */
  readonly events: AsyncIterable<UploadEvent>;
  /** Settles when there is nothing more to watch. `snapshot` then tells the last state; the journal has the rest. */
  readonly ended: Promise<WatchEnd>;
  /** One byte of `partState` for each part, as they are now. Empty when nobody works on it any more. */
  partStates(): Promise<Uint8Array>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  abort(): Promise<void>;
  setLimit(bytesPerSecond: number | undefined): Promise<void>;
  setPriority(priority: number): Promise<void>;
  /** Stops watching. The upload goes on. */
  leave(): void;
}

/**
 * Watches an upload that somebody works on.
 *
 * @example
 * const upload = await attachUpload(uploadId, { stateDir });
 * for await (const event of upload?.events ?? []) show(event.snapshot);
 *
 * @returns undefined when nobody works on it
 * @throws UnavailableError when the process that works on it refuses or does not answer; ProtocolError
 * @throws BusyError when that process runs on another host or in another container, where it cannot be reached
 */
export async function attachUpload(
  uploadId: string,
  options: EngineOptions,
): Promise<AttachedUpload | undefined> {
  const running = activeUpload(options.stateDir, uploadId);
  if (running !== undefined) return attachHere(running, options);
  const owner = await ownerOf(uploadId, 'watch', options);
  if (owner === undefined) return undefined;
  const queue = new EventQueue();
  let seen: { snapshot: UploadSnapshot; timeline: Timeline } | undefined;
  let first = () => {};
  const greeted = new Promise<void>((resolve) => {
    first = resolve;
  });
  let left = false;
  const talk = converse(owner.address, owner.token, { command: 'watch' }, (answer) => {
    if ('snapshot' in answer) {
      seen = { snapshot: answer.snapshot, timeline: new Timeline(answer.timeline) };
      first();
    } else if ('event' in answer && seen !== undefined) {
      seen.snapshot = answer.event.snapshot;
      const moment = momentOf(answer.event);
      if (moment !== undefined) seen.timeline.add(moment);
      queue.push(answer.event);
    }
  });
  const ended = talk.ended
    .then(
      (): WatchEnd => 'over',
      (): WatchEnd => (left ? 'left' : 'lost'),
    )
    .finally(() => queue.end());
  await Promise.race([greeted, talk.ended]);
  if (seen === undefined) return undefined;
  const known = seen;
  return attached(uploadId, options, {
    snapshot: () => known.snapshot,
    timeline: () => [...known.timeline.entries],
    events: queue,
    ended,
    leave() {
      left = true;
      talk.leave();
    },
  });
}

function attachHere(upload: Upload, options: EngineOptions): AttachedUpload {
  const queue = new EventQueue();
  const unsubscribe = upload.subscribe((event) => queue.push(event));
  const { promise, resolve: end } = deferred<WatchEnd>();
  const over = () => end('over');
  upload.done.then(over, over);
  const ended = promise.finally(() => {
    unsubscribe();
    queue.end();
  });
  const view = { snapshot: () => upload.snapshot(), timeline: () => upload.timeline() };
  return attached(upload.id, options, { ...view, events: queue, ended, leave: () => end('left') });
}

type View = Pick<AttachedUpload, 'snapshot' | 'timeline' | 'events' | 'ended' | 'leave'>;

function attached(id: string, options: EngineOptions, view: View): AttachedUpload {
  const order = async (command: Parameters<typeof controlUpload>[1]) => {
    if ((await controlUpload(id, command, options)) !== undefined) return;
    const operation = phraseOf(typeof command === 'string' ? command : command.command, id);
    throw new UnavailableError({ operation, reason: 'no process works on it any more' });
  };
  return {
    id,
    ...view,
    partStates: () => partStatesOf(id, options),
    pause: () => order('pause'),
    resume: () => order('resume'),
    abort: () => order('abort'),
    setLimit: (bytesPerSecond) => order({ command: 'set-limit', bytesPerSecond }),
    setPriority: (priority) => order({ command: 'set-priority', priority }),
  };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((yes) => {
    resolve = yes;
  });
  return { promise, resolve };
}
