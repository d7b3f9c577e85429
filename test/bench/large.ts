// Sections `memory` and `resume`: sparse files of very different sizes; one is killed on the way and gone on with.
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { BUCKET, uploadOurs } from './contenders.ts';
import type { Measured } from './measure.ts';
import { GIB, MIB, megabytes, print, ratio, seconds } from './print.ts';
import type { Server } from './server.ts';

const figuresSchema = z.object({
  readyMs: z.number().optional(),
  startMs: z.number(),
  stallP99Ms: z.number(),
  stallMaxMs: z.number(),
  partsSkipped: z.number(),
  partsTotal: z.number(),
});
const figuresOf = (measured: Measured) => figuresSchema.parse(JSON.parse(measured.stdout));

interface LargeOptions {
  server: Server;
  workDir: string;
  smallBytes: number;
  largeBytes: number;
}

/** Peak memory by the size of the file; how long the main thread stood still; how soon an upload goes on after a kill. */
export async function large({ server, workDir, smallBytes, largeBytes }: LargeOptions): Promise<void> {
  const peaks: (number | undefined)[] = [];
  for (const sizeBytes of [smallBytes, largeBytes]) {
    const file = path.join(workDir, 'sparse.raw');
    const handle = await open(file, 'w');
    await handle.truncate(sizeBytes);
    await handle.close();
    const job = { server, file, key: `sparse-${sizeBytes}`, workDir };
    const run = await uploadOurs(job, { BENCH_WATCH: '1' });
    peaks.push(run.peakRssBytes);
    const { stallP99Ms, stallMaxMs } = figuresOf(run);
    const perGiB = run.cpuMs === undefined ? undefined : (run.cpuMs / sizeBytes) * GIB;
    print(
      `  ${String(sizeBytes / GIB).padStart(4)} GiB sparse: wall ${seconds(run.wallMs)}, CPU ${seconds(perGiB)} a GiB, peak memory ${megabytes(run.peakRssBytes)}; main thread stood still ${stallP99Ms.toFixed(1)} ms at p99, ${stallMaxMs.toFixed(0)} ms at most`,
    );
    await server.ask('DELETE', `/${BUCKET}/${job.key}`);
    if (sizeBytes === largeBytes) await resume(job, sizeBytes);
    await rm(file);
  }
  print(
    `  memory large / small ${ratio(peaks[1], peaks[0])} (aim: flat, under 150 MB; stalls under 10 ms at p99)`,
  );
}

async function resume(job: Parameters<typeof uploadOurs>[0], sizeBytes: number): Promise<void> {
  const again = { ...job, key: `${job.key}-killed` };
  // Nearly all of its parts are there: the most that can be to look at.
  const killAt = Math.floor((sizeBytes / (16 * MIB)) * 0.9);
  await uploadOurs(again, { BENCH_KILL_AT: String(killAt) }, 'SIGKILL');
  const run = await uploadOurs(again, { BENCH_WATCH: '1' });
  const { readyMs, startMs, partsSkipped, partsTotal, stallP99Ms } = figuresOf(run);
  const sinceStart = readyMs === undefined ? undefined : readyMs - startMs;
  print(
    `  resume of ${sizeBytes / GIB} GiB, killed with ${partsSkipped} of ${partsTotal} parts there: the first part on its way ${seconds(readyMs)} after the process began, ${seconds(sinceStart)} after startUpload (aim: under 2 s); done after ${seconds(run.wallMs)} (the whole file is hashed again), memory ${megabytes(run.peakRssBytes)}, stalls ${stallP99Ms.toFixed(1)} ms at p99`,
  );
  await job.server.ask('DELETE', `/${BUCKET}/${again.key}`);
}
