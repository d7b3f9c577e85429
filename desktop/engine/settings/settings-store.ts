// The settings: one small file, validated when it is read, replaced whole when they change. Touches settings.json only.
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@imagebridge/core';
import {
  DEFAULT_SETTINGS,
  type EngineEvent,
  type Settings,
  type SettingsChange,
  settings as settingsSchema,
} from '@imagebridge/desktop-contract';
import type { Log, SettingsStore } from '../context.ts';
import { systemReason, writeWhole } from '../files/write-file.ts';

/** What the settings need. */
export interface SettingsOptions {
  dataDir: string;
  log: Log;
  emit: (event: EngineEvent) => void;
}

/**
 * Opens the settings. What is missing in the file, or wrong in it, has its default; a file that is no JSON is kept aside as
 * `settings.damaged.json`.
 */
export async function openSettings({ dataDir, log, emit }: SettingsOptions): Promise<SettingsStore> {
  const path = join(dataDir, 'settings.json');
  const listeners = new Set<(settings: Settings) => void>();
  let current = await read(path, log);
  let last: Promise<unknown> = Promise.resolve();

  async function apply(change: SettingsChange): Promise<Settings> {
    checkFeed(change.updateFeedUrl);
    const changed = settingsSchema.parse(merge(current, change));
    await writeWhole(path, `${JSON.stringify(changed, undefined, 2)}\n`, 'the settings');
    current = changed;
    emit({ type: 'settings', settings: changed });
    for (const listener of listeners) listener(changed);
    return changed;
  }

  return {
    get: () => current,
    change(change) {
      // One after the other: each builds on the one before.
      const next = last.then(() => apply(change));
      last = next.catch(() => {});
      return next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The settings with a change; null removes. */
function merge(before: Settings, change: SettingsChange): Record<string, unknown> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...before, ...Object.fromEntries(given) });
  return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined));
}

/** The feed names programs that will be installed, so it must be a place that nobody on the way can stand in for. */
function checkFeed(url: string | undefined): void {
  if (url === undefined || url === '') return;
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return;
  throw new InvalidInputError({
    operation: 'set the feed of updates',
    reason: 'it is no address that begins with https://',
    hint: 'Leave it empty to switch updates off.',
  });
}

async function read(path: string, log: Log): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    const isFirstRun = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    if (!isFirstRun)
      log.warn(`The settings cannot be read (${systemReason(thrown)}): all have their defaults.`);
    return DEFAULT_SETTINGS;
  }
  try {
    return lenient(JSON.parse(text), log);
  } catch {
    const aside = path.replace(/\.json$/, '.damaged.json');
    await rename(path, aside).catch(() => {});
    log.warn(`The settings were damaged: all have their defaults. What was there is in ${aside}.`);
    return DEFAULT_SETTINGS;
  }
}

/** Takes what is right, one by one: a wrong value, or one of a newer version, must not lose the others. */
function lenient(found: unknown, log: Log): Settings {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new TypeError('no object');
  let taken: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, value] of Object.entries(found)) {
    if (!Object.hasOwn(settingsSchema.shape, name)) continue;
    const tried = { ...taken, [name]: value };
    if (settingsSchema.safeParse(tried).success) taken = tried;
    else log.warn(`The setting ${name} had a wrong value: it has its default.`);
  }
  return settingsSchema.parse(taken);
}
