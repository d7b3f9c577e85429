import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, type EngineEvent } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../clouds/testing.ts';
import { openSettings } from './settings-store.ts';

function setUp(text?: string) {
  const dataDir = testFolder();
  const path = join(dataDir, 'settings.json');
  if (text !== undefined) writeFileSync(path, text);
  const warnings: string[] = [];
  const events: EngineEvent[] = [];
  const log = { info: () => {}, warn: (line: string) => void warnings.push(line), lines: () => [] };
  return {
    dataDir,
    path,
    warnings,
    events,
    open: () => openSettings({ dataDir, log, emit: (e) => void events.push(e) }),
  };
}

describe('settings', () => {
  it('begin with defaults and write nothing by themselves', async () => {
    const { open, dataDir, warnings } = setUp();
    expect((await open()).get()).toEqual(DEFAULT_SETTINGS);
    expect(readdirSync(dataDir)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('last, tell windows and listeners, and take null for away', async () => {
    const { open, path, events } = setUp();
    const store = await open();
    const told: number[] = [];
    const end = store.subscribe((now) => void told.push(now.parallel));
    await store.change({ parallel: 5, limitBytesPerSecond: 1000, defaultCloud: 'prod' });
    end();
    const without = await store.change({ limitBytesPerSecond: null, defaultCloud: null });
    expect(without).toEqual({ ...DEFAULT_SETTINGS, parallel: 5 });
    expect((await open()).get()).toEqual(without);
    expect(told).toEqual([5]);
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual({ type: 'settings', settings: without });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lose none of many changes at once', async () => {
    const { open } = setUp();
    const store = await open();
    await Promise.all([
      store.change({ parallel: 3 }),
      store.change({ theme: 'dark' }),
      store.change({ keepAwake: false }),
    ]);
    expect((await open()).get()).toEqual({
      ...DEFAULT_SETTINGS,
      parallel: 3,
      theme: 'dark',
      keepAwake: false,
    });
  });

  it('keep a damaged file aside', async () => {
    const { open, dataDir, warnings } = setUp('{"theme": "da');
    expect((await open()).get()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(join(dataDir, 'settings.damaged.json'), 'utf8')).toBe('{"theme": "da');
    expect(warnings[0]).toContain('damaged');
  });

  it('take what is right in a file of which something is wrong, or newer', async () => {
    const { open, warnings } = setUp(
      '{"theme": "dark", "parallel": 1000, "__proto__": {"x": 1}, "fromTheFuture": 1}',
    );
    expect((await open()).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
    expect(warnings).toEqual(['The setting parallel had a wrong value: it has its default.']);
  });

  it('refuse a feed of updates that anybody on the way could stand in for', async () => {
    const { open } = setUp();
    const store = await open();
    await expect(store.change({ updateFeedUrl: 'http://updates.example' })).rejects.toThrow('https://');
    await expect(store.change({ updateFeedUrl: 'nonsense' })).rejects.toThrow('https://');
    expect((await store.change({ updateFeedUrl: 'https://updates.example/a' })).updateFeedUrl).toContain(
      'https',
    );
    expect((await store.change({ updateFeedUrl: '' })).updateFeedUrl).toBe('');
  });

  it('stay as they were when they cannot be written', async () => {
    const { dataDir } = setUp();
    const log = { info: () => {}, warn: () => {}, lines: () => [] };
    writeFileSync(join(dataDir, 'a-file'), '');
    const store = await openSettings({ dataDir: join(dataDir, 'a-file'), log, emit: () => {} });
    await expect(store.change({ theme: 'dark' })).rejects.toThrow('Could not write the settings');
    expect(store.get().theme).toBe('system');
    await expect(store.change({ theme: 'light' })).rejects.toThrow('a file is in the place of its folder');
  });
});
