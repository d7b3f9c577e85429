// Runs a command as a process and measures it from outside, with all that it starts: wall time, CPU time, peak memory.
// CPU time comes from the shell, memory from /proc: where there is none, it is reported as not measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** One measured run. Absent figures could not be measured on this platform. */
export interface Measured {
  wallMs: number;
  /** User and system time of the command and of all that it waited for, in ms. */
  cpuMs?: number | undefined;
  /** Sum of the peak resident memory of its processes, in bytes. */
  peakRssBytes?: number | undefined;
  /** What it printed. */
  stdout: string;
}

/** How a command is run. */
export interface MeasureOptions {
  env?: NodeJS.ProcessEnv | undefined;
  /** Handed to standard input, which is closed otherwise: for what must not stand on a command line. */
  input?: string | undefined;
  /** The signal that the command is expected to end by. */
  endsBy?: 'SIGKILL' | undefined;
}

/** Variables that would lead a client elsewhere, or make it trust and do other things than it does by itself. */
const FOREIGN =
  /^(OS_|AWS_|RCLONE_|HW_|CURL_|SSL_|REQUESTS_|PYTHON|NODE_|IMAGEBRIDGE_|https?_proxy$|all_proxy$|.*CA_CERTS$|.*CA_BUNDLE$)/i;

/** An environment without the settings of this machine; Debian's programs want Debian's Python. */
export function cleanEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  return { ...own, PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', no_proxy: '127.0.0.1', ...more };
}

// `times` prints the times of the shell and then those of its children, each as 0m1.230000s.
const SCRIPT = '"$@"; code=$?; times >&3; exit $code';

/** Runs a command to its end. @throws Error with its stderr when it fails */
export async function measure(
  command: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', command, ...args], {
    env: options.env ?? cleanEnv(),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [stdin, stdout, stderr, times] = child.stdio;
  stdin?.on('error', () => {});
  stdin?.end(options.input ?? '');
  const texts = [stdout, stderr, times].map(collect);
  const peaks = new Map<number, number>();
  // The last look before the end counts: a peak only grows.
  const look = () => {
    for (const pid of descendants(child.pid)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakRss(pid)));
  };
  const timer = setInterval(look, 40);
  try {
    const [code] = await closed;
    const wallMs = performance.now() - startedMs;
    const [said = '', complained = '', spent = ''] = texts.map((text) => text());
    const expected = options.endsBy === undefined ? 0 : 137;
    if (code !== expected) throw new Error(`${command} ended with code ${code}: ${complained.slice(-2_000)}`);
    const cpuMs = cpuOf(spent.trim().split('\n').at(-1) ?? '');
    const peakRssBytes = peaks.size === 0 ? undefined : [...peaks.values()].reduce((a, b) => a + b, 0);
    return { wallMs, cpuMs, peakRssBytes, stdout: said };
  } finally {
    clearInterval(timer);
  }
}

function collect(stream: unknown): () => string {
  let text = '';
  if (stream instanceof Object && 'on' in stream && typeof stream.on === 'function') {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return () => text;
}

function cpuOf(line: string): number | undefined {
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, m, s]) => Number(m) * 60_000 + Number(s) * 1000,
  );
  return parts.length === 2 ? (parts[0] ?? 0) + (parts[1] ?? 0) : undefined;
}

/** All processes below one; none where the system does not tell. */
export function descendants(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** The most that a process had resident so far, in bytes; 0 where the system does not tell. */
export function peakRss(pid: number): number {
  try {
    const kB = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kB ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** CPU time that a process has spent so far, in ms; undefined where the system does not tell. */
export function cpuOfProcess(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Linux counts in hundredths of a second there.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
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
