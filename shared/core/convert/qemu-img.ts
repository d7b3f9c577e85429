// qemu-img: found, asked for its version, run. Touches PATH and child processes.
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { type CallOptions, CancelledError, InvalidInputError, LocalFileError } from '../model/index.ts';
import { systemCode } from './archive-file.ts';
import type { QemuImg } from './types.ts';

/** How long a child may take to end after it was asked to, in ms. */
const killAfterMs = 2_000;
/** How long qemu-img may take to tell its version, in ms. */
const versionMs = 10_000;

/** Where to look. */
export interface FindOptions extends CallOptions {
  /** Default: that of this process. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The qemu-img that IMAGEBRIDGE_QEMU_IMG names, else the first one on PATH. Undefined when none is installed.
 * Relative entries of PATH are passed over: what lies in the working directory is not ours to run.
 * @throws InvalidInputError when IMAGEBRIDGE_QEMU_IMG names something that is no qemu-img; CancelledError
 */
export async function findQemuImg(options: FindOptions = {}): Promise<QemuImg | undefined> {
  const env = options.env ?? process.env;
  const named = env.IMAGEBRIDGE_QEMU_IMG;
  const file = process.platform === 'win32' ? 'qemu-img.exe' : 'qemu-img';
  const candidates = named
    ? [named]
    : (env.PATH ?? '')
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .map((folder) => join(folder, file));
  for (const path of candidates) {
    const version = await versionOf(path, options.signal);
    if (version !== undefined) return { path, version };
  }
  if (!named) return undefined;
  throw new InvalidInputError({
    operation: 'use the qemu-img that IMAGEBRIDGE_QEMU_IMG names',
    object: named,
    reason: 'it cannot be run, or is no qemu-img',
    hint: 'Give its absolute path, or remove the variable to use the one on PATH.',
  });
}

async function versionOf(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (!isAbsolute(path)) return undefined;
  try {
    await access(path, constants.X_OK);
  } catch {
    return undefined;
  }
  const timeout = AbortSignal.timeout(versionMs);
  const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const { output, code } = await runQemuImg({ path, version: '' }, ['--version'], { signal: both });
    return code === 0 ? /qemu-img version (\d+(?:\.\d+)*)/.exec(output)?.[1] : undefined;
  } catch (error) {
    if (signal?.aborted || !(error instanceof CancelledError || error instanceof LocalFileError)) throw error;
    return undefined;
  }
}

/** Options of `runQemuImg`. */
export interface RunOptions extends CallOptions {
  /** Called with 0 to 1 when the command prints its progress (`-p`). Never goes back. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** How a run ended. */
export interface RunResult {
  code: number | null;
  /** The last 64 KiB of what it printed. */
  output: string;
  /** The last of what it complained about, in one line. */
  complaint: string;
}

/**
 * Runs qemu-img without a shell. Nothing of it is left running when this settles.
 * @throws CancelledError when `signal` aborted; LocalFileError when it cannot be started
 */
export async function runQemuImg(
  qemuImg: QemuImg,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, onProgress } = options;
  const operation = `run qemu-img ${args[0] ?? ''}`;
  const cancelled = () => new CancelledError({ operation, reason: 'it was cancelled' });
  if (signal?.aborted) throw cancelled();
  return await new Promise<RunResult>((resolve, reject) => {
    const child = spawn(qemuImg.path, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Messages and numbers in the form that is read here.
      env: { ...process.env, LC_ALL: 'C' },
      windowsHide: true,
    });
    let output = '';
    let complaints = '';
    let best = 0;
    let kill: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    };
    signal?.addEventListener('abort', stop);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-65_536);
      if (!onProgress) return;
      // The last number that is there as a whole: `    (12.34/100%)`, each over the one before.
      const percent = [...output.matchAll(/\((\d+(?:\.\d+)?)\/100%\)/g)].at(-1)?.[1];
      output = output.slice(-64);
      const fraction = Math.min(1, Number(percent ?? 0) / 100);
      if (fraction > best) {
        best = fraction;
        onProgress(fraction);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4_096);
    });
    const settle = (call: () => void) => {
      signal?.removeEventListener('abort', stop);
      clearTimeout(kill);
      call();
    };
    child.on('error', (cause) => {
      // An error of killing comes here too; the child still ends then.
      if (child.pid !== undefined) return;
      const reason = `it could not be started (${systemCode(cause) ?? 'unknown error'})`;
      settle(() => reject(new LocalFileError({ operation, object: qemuImg.path, reason, cause })));
    });
    child.on('close', (code, byWhat) =>
      settle(() => {
        if (signal?.aborted) return reject(cancelled());
        const complaint = complaints
          .replace(/^qemu-img: /gm, '')
          .replace(/\s+/g, ' ')
          .trim();
        return resolve({ code, output, complaint: complaint || (byWhat ? `it was ended by ${byWhat}` : '') });
      }),
    );
  });
}
