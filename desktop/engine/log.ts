// The last lines of what the engine did: in memory for the diagnostics, and in a bounded file, so that they outlive a crash.
// Writes engine.log and engine.old.log of the data folder.
import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, redactText } from '@imagebridge/core';
import type { Log } from './context.ts';

const KEPT_LINES = 500;
const MAX_LINE_CHARS = 2000;
const MAX_FILE_BYTES = 1024 * 1024;

/** What only the engine itself uses of the log. */
export interface EngineLog extends Log {
  /** Notes an error that nobody caught, with its stack: the stack is for the diagnostics, not for messages. */
  fault(what: string, thrown: unknown): void;
}

/** Opens the log; the last lines of the run before are in it. A file that cannot be written is done without. */
export function openLog(dataDir: string, clock: Clock): EngineLog {
  const path = join(dataDir, 'engine.log');
  const lines = lastLines(path);
  const write = (level: 'info' | 'warn', text: string) => {
    // One entry is one line, whatever a service or a file name brings along.
    const clean = redactText(text).replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ');
    const line = `${new Date(clock.now()).toISOString()} ${level} ${clean.slice(0, MAX_LINE_CHARS)}`;
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_FILE_BYTES) {
        renameSync(path, join(dataDir, 'engine.old.log'));
      }
      // At once and whole: the line before a crash is the one that is looked for.
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not stop an upload; the lines in memory are still there.
    }
  };
  return {
    info: (text) => write('info', text),
    warn: (text) => write('warn', text),
    fault: (what, thrown) =>
      write(
        'warn',
        `${what}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
      ),
    lines: () => lines,
  };
}

function lastLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-KEPT_LINES);
  } catch {
    return [];
  }
}
