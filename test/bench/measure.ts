// Runs a command as a process and measures it from outside: wall time, CPU time, peak memory. Linux tells the last two
// in /proc; elsewhere they are reported as not measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** One measured run. Absent figures could not be measured on this platform. */
export interface Measured {
  wallMs: number;
  /** User and system time, in ms. */
  cpuMs?: number | undefined;
  /** Peak resident memory, in bytes. */
  peakRssBytes?: number | undefined;
}

/** Kernel ticks per second, as /proc counts CPU time. */
const TICKS_PER_SECOND = 100;

/** Runs a command to its end. @throws Error with its stderr when it fails */
export async function measure(
  command: string,
  args: readonly string[],
  env = process.env,
): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn(command, [...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2_000);
  });
  let cpuMs: number | undefined;
  let peakRssBytes: number | undefined;
  // The last look before the end counts; both figures only grow.
  const timer = setInterval(async () => {
    const [stat, status] = await Promise.all(
      ['stat', 'status'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8').catch(() => '')),
    );
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields?.[11]) + Number(fields?.[12]);
    if (ticks > 0) cpuMs = (ticks / TICKS_PER_SECOND) * 1_000;
    const peak = /VmHWM:\s+(\d+) kB/.exec(status ?? '')?.[1];
    if (peak !== undefined) peakRssBytes = Number(peak) * 1024;
  }, 20);
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${command} ended with code ${code}: ${stderr}`);
    return { wallMs: performance.now() - startedMs, cpuMs, peakRssBytes };
  } finally {
    clearInterval(timer);
  }
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
