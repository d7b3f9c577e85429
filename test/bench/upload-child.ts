// Uploads one file with the product's engine and ends. Arguments: file, bucket, key. Profiles come from IMAGEBRIDGE_CONFIG.
// BENCH_WATCH=1: prints how long the main thread stood still, and when the first part was on its way, as JSON.
// BENCH_KILL_AT=N: ends itself by force when N parts are confirmed.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connect, stateDir } from '@imagebridge/core';
import { startUpload } from '../../shared/core/transfer/index.ts';

const [path = '', bucket = '', key = ''] = process.argv.slice(2);
const watch = process.env.BENCH_WATCH === '1';
const killAt = Number(process.env.BENCH_KILL_AT ?? Number.POSITIVE_INFINITY);

const cloud = await connect({});
const target = await cloud.stage({ bucket, key });
let readyMs: number | undefined;
const uploadPart = target.uploadPart.bind(target);
target.uploadPart = (...args) => {
  // Since the process began.
  readyMs ??= performance.now();
  return uploadPart(...args);
};
// Looking more often would cost CPU time of its own.
const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
if (watch) delay.enable();
const startedMs = performance.now();
const upload = await startUpload(
  {
    path,
    target,
    onEvent({ snapshot }) {
      if (snapshot.partsDone >= killAt) process.kill(process.pid, 'SIGKILL');
    },
  },
  { stateDir: stateDir(process.env) },
);
const { partsSkipped, partsTotal } = await upload.done;
await cloud.close();
if (watch) {
  delay.disable();
  // The histogram holds the times between two looks: what is over the resolution is a delay.
  const stallMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const figures = {
    readyMs,
    startMs: startedMs,
    stallP99Ms: stallMs(delay.percentile(99)),
    stallMaxMs: stallMs(delay.max),
    partsSkipped,
    partsTotal,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
