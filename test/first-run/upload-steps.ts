// The upload half of the first run: push, pause, resume, SIGKILL, go on in a new process, verify.
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import { formatBytes, formatDuration } from '../../shared/cli/format.ts';
import { runJson, startCommand, type UploadLine } from '../fixtures/cli-process.ts';
import { begin, check, draw, say } from './screen.ts';

const MIB = 1024 ** 2;
const PAUSE_MS = 1_500;

const pushed = z.object({
  image: z.object({ id: z.string(), name: z.string(), status: z.string() }),
  sha256: z.string(),
  partsTotal: z.number(),
  partsSkipped: z.number(),
  sentBytes: z.number(),
  sizeBytes: z.number(),
});
const journal = z.object({
  uploadId: z.string(),
  state: z.string(),
  partsDone: z.number(),
  partsTotal: z.number(),
});
const snapshot = z.object({ state: z.string(), confirmedBytes: z.number() });

/** What the upload half needs. */
export interface UploadSteps {
  cloud: LocalCloud;
  env: NodeJS.ProcessEnv;
  path: string;
  sizeBytes: number;
  name: string;
  osVersion: string | undefined;
  /** SHA-256 of the file, computed apart from the product, in hex. */
  sha256: string;
}

/** Runs the steps. @returns the id of the image they made */
export async function uploadSteps(run: UploadSteps): Promise<string> {
  const osVersion = run.osVersion === undefined ? [] : ['--os-version', run.osVersion];
  const push = [
    'push',
    run.path,
    '--to',
    'local',
    '--name',
    run.name,
    ...osVersion,
    '--progress',
    'json',
    '--json',
  ];
  // Slow enough to be seen, and to be interrupted in the middle.
  const limit = Math.ceil(run.sizeBytes / 9);
  const partKiB = Math.min(8192, Math.ceil(run.sizeBytes / 25 / 1024));
  const partSize = run.sizeBytes < 2048 * MIB ? ['--part-size', `${partKiB}k`] : [];
  const args = [...push, ...partSize, '--limit-rate', String(limit)];

  begin('Upload it in parts');
  say(`imagebridge push ${run.path} --to local --limit-rate ${formatBytes(limit).replace(/ (.)iB/, '$1')}`);
  let last: UploadLine | undefined;
  const first = startCommand(args, run.env, (line) => {
    last = line;
    drawProgress(line);
  });
  const failed = first.ended.then(({ code, stderr }) => {
    if (code !== null) throw new Error(`the upload ended early with code ${code}: ${stderr}`);
  });
  failed.catch(() => {});
  const until = (fraction: number) =>
    Promise.race([failed, reached(() => (last?.confirmedBytes ?? 0) >= run.sizeBytes * fraction)]);
  await until(0.2);
  const id = last?.uploadId ?? '';

  begin('Pause it from another process, and resume it');
  say(`imagebridge uploads pause ${id}`);
  const paused = await runJson(['uploads', 'pause', id], run.env, snapshot);
  check(paused.state === 'paused', `paused at ${formatBytes(paused.confirmedBytes)}`);
  await delay(PAUSE_MS);
  const still = (await runJson(['uploads', 'list'], run.env, z.array(journal))).find(
    (u) => u.uploadId === id,
  );
  check(
    still?.state === 'paused' && last?.confirmedBytes === paused.confirmedBytes,
    `nothing was sent for ${PAUSE_MS} ms`,
  );
  say(`imagebridge uploads resume ${id}`);
  await runJson(['uploads', 'resume', id], run.env, snapshot);
  await until(0.5);

  begin('Kill the uploading process with SIGKILL, half-way');
  first.child.kill('SIGKILL');
  await first.ended;
  const left = (await runJson(['uploads', 'list'], run.env, z.array(journal))).find((u) => u.uploadId === id);
  const onServer = (await run.cloud.unfinishedUploads())[0]?.parts ?? 0;
  check(
    left !== undefined && left.partsDone > 0 && left.partsDone < left.partsTotal,
    `process ${first.child.pid} is dead; its journal knows ${left?.partsDone} of ${left?.partsTotal} parts, the cloud has ${onServer}`,
  );

  begin('Go on in a new process');
  say(`imagebridge push ${run.path} --to local`);
  const second = startCommand(args, run.env, drawProgress);
  const { code, stdout, stderr } = await second.ended;
  check(code === 0, 'the second process finished the upload and the import', stderr);
  const result = pushed.parse(JSON.parse(stdout));
  say(
    `parts skipped: ${result.partsSkipped} of ${result.partsTotal} were in the cloud already and were not sent again`,
  );
  check(result.partsSkipped >= (left?.partsDone ?? 1), 'no finished part was sent again');
  check(
    result.sentBytes <=
      run.sizeBytes * (1 - result.partsSkipped / result.partsTotal) + run.sizeBytes / result.partsTotal,
    `only ${formatBytes(result.sentBytes)} of ${formatBytes(run.sizeBytes)} were sent by the second process`,
  );

  begin('Verify what the cloud stored');
  const stored = (await run.cloud.storedImages()).find((image) => image.id === result.image.id);
  say(`image ${result.image.id} "${result.image.name}" is ${result.image.status}`);
  check(result.sha256 === run.sha256, `the uploader computed SHA-256 ${result.sha256}`);
  check(stored?.sha256 === run.sha256, `the cloud stored   SHA-256 ${stored?.sha256}`);
  check((await run.cloud.unfinishedUploads()).length === 0, 'no unfinished upload is left in the cloud');
  return result.image.id;
}

function drawProgress(line: UploadLine): void {
  const fraction = line.confirmedBytes / line.file.sizeBytes;
  const bar = '█'.repeat(Math.round(fraction * 20)).padEnd(20, '░');
  const eta = line.etaMs === undefined ? 'ETA …' : `ETA ${formatDuration(line.etaMs)}`;
  draw(
    `${bar} ${(fraction * 100).toFixed(1).padStart(5)}%  ${formatBytes(line.confirmedBytes)} of ${formatBytes(line.file.sizeBytes)}  ` +
      `${formatBytes(Math.round(line.bytesPerSecond))}/s  ${line.state === 'uploading' ? eta : line.state}  parts ${line.partsDone}/${line.partsTotal}`,
  );
}

/** Waits until something is so; the caller bounds it. */
async function reached(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 60_000) throw new Error('the upload made no progress for a minute');
    await delay(50);
  }
}
