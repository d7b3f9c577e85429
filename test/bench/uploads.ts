// Section `upload` and `tls`: the same file by everybody in turn, medians, and ratios to ours.
import { open } from 'node:fs/promises';
import { pseudoRandom } from '../fixtures/qcow2.ts';
import { BUCKET, contenders } from './contenders.ts';
import { type Measured, median } from './measure.ts';
import { MIB, megabytes, print, ratio, seconds } from './print.ts';
import type { Server } from './server.ts';

/** Fills a file with bytes that do not compress. */
export async function writeRandom(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'w');
  for (let at = 0; at < sizeBytes; at += 8 * MIB) await handle.write(pseudoRandom('bench', at, 8 * MIB));
  await handle.close();
}

interface Figures {
  wallMs: number;
  cpuMs: number | undefined;
  peakRssBytes: number | undefined;
  serverCpuMs: number | undefined;
}

interface UploadsOptions {
  server: Server;
  file: string;
  workDir: string;
  rounds: number;
  /** Names of those who take part. */
  peers?: readonly string[] | undefined;
}

/** Measures everybody and prints a table. */
export async function uploads({ server, file, workDir, rounds, peers }: UploadsOptions): Promise<void> {
  const results = new Map<string, (Measured & { serverCpuMs: number | undefined })[]>();
  const chosen = contenders.filter(({ name }) => peers === undefined || peers.includes(name));
  for (const { name, missing } of chosen) {
    const reason = missing();
    if (reason === undefined) results.set(name, []);
    else print(`  ${name.padEnd(12)} skipped: ${reason}`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, upload } of chosen) {
      const runs = results.get(name);
      if (runs === undefined) continue;
      const key = `${name.replaceAll(/\W+/g, '-')}-${round}`;
      const before = server.cpuMs();
      const measured = await upload({ server, file, key, workDir });
      const after = server.cpuMs();
      runs.push({
        ...measured,
        serverCpuMs: before === undefined || after === undefined ? undefined : after - before,
      });
      await server.ask('DELETE', `/${BUCKET}/${key}`);
    }
  }
  const figures = new Map([...results].map(([name, runs]) => [name, summary(runs)]));
  const ours = figures.get('imagebridge');
  print(
    `  ${''.padEnd(12)}${['wall', 'client CPU', 'peak memory', 'server CPU'].map((t) => t.padStart(14)).join('')}`,
  );
  for (const [name, { wallMs, cpuMs, peakRssBytes, serverCpuMs }] of figures) {
    const cells = [seconds(wallMs), seconds(cpuMs), megabytes(peakRssBytes), seconds(serverCpuMs)];
    const ratios =
      ours === undefined || name === 'imagebridge'
        ? ''
        : `   ours / it: wall ${ratio(ours.wallMs, wallMs)}, CPU ${ratio(ours.cpuMs, cpuMs)}, memory ${ratio(ours.peakRssBytes, peakRssBytes)}`;
    print(`  ${name.padEnd(12)}${cells.map((text) => text.padStart(14)).join('')}${ratios}`);
  }
  const others = chosen.flatMap(({ name, multipart }) => {
    const found = figures.get(name);
    return multipart && name !== 'imagebridge' && found !== undefined ? [found] : [];
  });
  if (ours === undefined || others.length === 0) return;
  const least = (pick: (one: Figures) => number | undefined) =>
    Math.min(...others.map((one) => pick(one) ?? Number.POSITIVE_INFINITY));
  print(
    `  ours / the best multipart peer: wall ${ratio(
      ours.wallMs,
      least((one) => one.wallMs),
    )} (aim: at most 0.8), CPU ${ratio(
      ours.cpuMs,
      least((one) => one.cpuMs),
    )} (aim: at most 1), memory ${megabytes(ours.peakRssBytes)} (aim: under 150 MB)`,
  );
}

function summary(runs: readonly (Measured & { serverCpuMs: number | undefined })[]): Figures {
  const middle = (pick: (run: (typeof runs)[number]) => number | undefined) => {
    const known = runs.map(pick).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    wallMs: middle((run) => run.wallMs) ?? Number.NaN,
    cpuMs: middle((run) => run.cpuMs),
    peakRssBytes: middle((run) => run.peakRssBytes),
    serverCpuMs: middle((run) => run.serverCpuMs),
  };
}
