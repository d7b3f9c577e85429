// What the tests of the engine start from: a folder of their own, a file of known bytes, a clock that does not wait.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError, type Clock } from '../../model/index.ts';
import type { EngineOptions, UploadEvent } from '../types.ts';

/** Real time, but sleeping takes next to none; remembers what was asked for. */
export class HastyClock implements Clock {
  readonly sleeps: number[] = [];
  #skippedMs = 0;

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new CancelledError({ operation: 'wait', reason: 'it was cancelled' });
    this.#skippedMs += ms;
  }
}

/** A test's own folder and engine options. */
export interface Setting {
  folder: string;
  clock: HastyClock;
  options: EngineOptions;
  /** Writes a file of random bytes; gives its path, bytes and SHA-256. */
  file(name: string, sizeBytes: number): Promise<{ path: string; bytes: Buffer; sha256: string }>;
  remove(): Promise<void>;
}

/** Makes a setting; remove it after the test. */
export async function makeSetting(): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'imagebridge-transfer-'));
  const clock = new HastyClock();
  return {
    folder,
    clock,
    options: { stateDir: join(folder, 'state'), clock, random: () => 0.5 },
    async file(name, sizeBytes) {
      const path = join(folder, name);
      const bytes = randomBytes(sizeBytes);
      await writeFile(path, bytes);
      return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Waits, in real time, until something holds. Fails loudly after 10 seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Collects events. */
export function recorder(): {
  events: UploadEvent[];
  states: () => string[];
  onEvent: (e: UploadEvent) => void;
} {
  const events: UploadEvent[] = [];
  return {
    events,
    states: () => events.flatMap((e) => (e.type === 'state' ? [e.snapshot.state] : [])),
    onEvent: (event) => events.push(event),
  };
}

/** A promise that is opened from outside. */
export function gate(): { passed: Promise<void>; open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
