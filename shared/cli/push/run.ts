// Does what a push has planned: publishes, shows progress, keeps the manifest, and pauses at Ctrl-C.
import { CancelledError, type PublishEvent, type PublishItem, stateDir } from '@imagebridge/core';
import { modeOf, progressView } from '../progress.ts';
import { interruptible } from '../signals.ts';
import { sendToBuckets } from './buckets.ts';
import { publishOrFollow } from './follow.ts';
import type { Manifest } from './manifest.ts';
import { type ManyView, manyView } from './many-view.ts';
import type { Closing, Plan, Task } from './plan.ts';
import { type Ended, endText, keyOfItem, printSeveral, printSingle, recorder, resumeHint } from './report.ts';
import type { PushOptions } from './request.ts';

/** Publishes, and tells what became of it. Sets the exit code. */
export async function run(
  { tasks, request }: Plan,
  options: PushOptions,
  earlier: Manifest | undefined,
  closing: Closing,
): Promise<void> {
  const single = tasks.length === 1 && earlier === undefined;
  const view = single ? singleView(options) : severalView(tasks, options);
  const record = recorder(tasks, request.image, options, earlier);
  const jobs = new Map<string, string>();
  const adopted = new Set<string>();
  const uploads = new Map<string, boolean>();
  const imported = importWatch(tasks, options.wait === false);
  const onEvent = ({ item, event }: { item: PublishItem; event: PublishEvent }) => {
    if (event.type === 'import') jobs.set(keyOfItem(item), event.job.id);
    if (event.type === 'image-id' && event.adopted) adopted.add(keyOfItem(item));
    if (event.type === 'upload') {
      const { uploadId, resumable } = event.event.snapshot;
      uploads.set(uploadId, resumable !== false);
    }
    view.onEvent(item, event);
    // A job that is done already leads to the end by itself.
    if (event.type === 'import' && event.job.status !== 'succeeded') imported.reached(item);
  };
  const ended: Ended[] = [];
  const onResult = (result: Ended) => {
    const jobId = jobs.get(keyOfItem(result));
    const waits = result.status === 'paused' && imported.signal.aborted && jobId !== undefined;
    const full: Ended = {
      ...result,
      status: waits ? 'importing' : result.status,
      adopted: adopted.has(keyOfItem(result)),
      ...(waits ? { jobId } : {}),
    };
    ended.push(full);
    view.onEnd(full, endText(full));
    imported.reached(full);
    record.add(full);
  };
  const resume = () => resumeHint(options, single, uploads);
  const finish = await interruptible(
    async (signal) => {
      const both = AbortSignal.any([signal, imported.signal]);
      const engine = { stateDir: stateDir(process.env) };
      const buckets = tasks.filter(({ bucket }) => bucket !== undefined);
      const how = { signal: both, onEvent, onResult };
      await Promise.all([
        tasks.length > buckets.length ? publishOrFollow(request, how, engine) : undefined,
        sendToBuckets(buckets, request, options, { ...how, closing }),
      ]);
      view.end();
      const paused = signal.aborted && ended.some(({ status }) => status === 'paused');
      if (paused && single)
        throw new CancelledError({ operation: `publish ${tasks[0]?.item.path ?? 'the file'}` });
      return () => {
        if (paused) process.stderr.write(`${resume()}\n`);
        record.end();
        const result = ended[0];
        if (single && result) printSingle(result, options);
        else printSeveral(record.manifest(), ended, options, paused);
      };
    },
    () => {
      view.end();
      process.stderr.write('pausing safely … (Ctrl-C again stops at once)\n');
    },
    () => {
      view.end();
      record.end();
      process.stderr.write(`${resume()}\n`);
    },
  );
  finish();
}

/** Tells when everything that is still under way is only waited for, if that is not wanted. */
function importWatch(tasks: readonly Task[], active: boolean) {
  const left = new Set(tasks.map(({ item }) => keyOfItem(item)));
  const controller = new AbortController();
  return {
    signal: controller.signal,
    reached(item: PublishItem): void {
      left.delete(keyOfItem(item));
      if (active && left.size === 0) controller.abort();
    },
  };
}

function singleView(options: PushOptions): ManyView {
  const mode = modeOf(options);
  const intervalMs = options.progressInterval * 1000;
  const view = progressView(mode, process.stderr, { intervalMs });
  return {
    onEvent: (_, event) => view.onEvent(event),
    onEnd: () => view.end(),
    note: (text) => view.onEvent({ type: 'note', text }),
    end: view.end,
  };
}

const severalView = (tasks: readonly Task[], options: PushOptions): ManyView =>
  manyView(
    tasks.map(({ item }) => item),
    modeOf(options),
    process.stderr,
    { intervalMs: options.progressInterval * 1000 },
  );
