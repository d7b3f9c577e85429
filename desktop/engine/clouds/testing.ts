// What tests of the engine's clouds share: a user with an own folder, a keychain in memory, a clock that can be moved.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError, type Clock, systemClock } from '@imagebridge/core';
import type { EngineEvent, HostCommand, HostReport } from '@imagebridge/desktop-contract';
import { onTestFinished, vi } from 'vitest';
import type { Host, Log } from '../context.ts';
import { type CloudsOptions, openClouds } from './index.ts';

/** A folder that goes when the test ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'imagebridge-clouds-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A keychain as the native binding is, over a map. */
export function memoryKeychain() {
  const kept = new Map<string, string>();
  class AsyncEntry {
    readonly #key: string;
    constructor(_service: string, account: string) {
      this.#key = account;
    }
    async getPassword() {
      return kept.get(this.#key) ?? null;
    }
    async setPassword(text: string) {
      kept.set(this.#key, text);
    }
    async deletePassword() {
      return kept.delete(this.#key);
    }
  }
  return { kept, load: async (): Promise<unknown> => ({ AsyncEntry }) };
}

/** A machine without a keychain. */
export const noKeychain = async (): Promise<unknown> => {
  throw new Error('Cannot find native binding');
};

/** Time that passes only when it is told to. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#sleepers.delete(sleeper);
        reject(new CancelledError({ operation: 'wait', reason: 'it was cancelled' }));
      };
      const sleeper = {
        at: this.#now + ms,
        wake: () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
      };
      if (signal?.aborted) return cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** How many wait. */
  get waiting(): number {
    return this.#sleepers.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

/** A log that can be read. */
export function memoryLog(): Log {
  const lines: string[] = [];
  return { info: (text) => void lines.push(text), warn: (text) => void lines.push(text), lines: () => lines };
}

/** A shell that answers questions for proxies. */
export function fakeHost(answer: (url: string) => string | null | undefined) {
  const asked: string[] = [];
  let listener: (command: HostCommand) => void = () => {};
  const host: Host = {
    report(report: HostReport) {
      if (report.type !== 'resolve-proxy') return;
      asked.push(report.url);
      const proxy = answer(report.url);
      if (proxy !== undefined) queueMicrotask(() => listener({ type: 'proxy', id: report.id, proxy }));
    },
    onCommand(given) {
      listener = given;
    },
  };
  return { host, asked };
}

/** The part, opened for a user with an own folder; stopped when the test ends. */
export async function openTestClouds(given: Partial<CloudsOptions> & { folder?: string } = {}) {
  const folder = given.folder ?? testFolder();
  const events: EngineEvent[] = [];
  const log = memoryLog();
  const keychain = memoryKeychain();
  const configPath = join(folder, 'config', 'profiles.yaml');
  const env = { HOME: folder, IMAGEBRIDGE_SECRETS_FILE: join(folder, 'config', 'secrets.json') };
  const part = await openClouds({
    env,
    dataDir: join(folder, 'desktop'),
    engine: { stateDir: join(folder, 'state') },
    clock: systemClock,
    log,
    emit: (event) => void events.push(event),
    configPath,
    loadKeychain: keychain.load,
    localJobMs: 40,
    watchMs: 50,
    ...given,
  });
  onTestFinished(() => part.stop());
  return { part, handlers: part.handlers, events, log, keychain, folder, configPath };
}

/** Long enough for a busy machine. */
export const LONG = { timeout: 10_000, interval: 10 } as const;

/** Waits until something holds. */
export const soon = (check: () => unknown): Promise<void> =>
  vi.waitFor(async () => void (await check()), LONG);

/** A signal that never aborts. */
export const never: AbortSignal = new AbortController().signal;

/** Every file below a folder as text, but for those below some of its folders. */
export function textsBelow(folder: string, except: readonly string[] = []): { path: string; text: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (except.includes(name)) return [];
    return statSync(path).isDirectory()
      ? textsBelow(path, except)
      : [{ path, text: readFileSync(path, 'latin1') }];
  });
}
