// Menus, texts, and what the taskbar shows.
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { IDLE, mustStayAwake, summary, taskbarBar } from './busy.ts';
import { type MenuActions, menuBar, trayMenu } from './menus.ts';
import { wordsFor } from './words.ts';

const en = wordsFor('en', []);
const zh = wordsFor('zh-CN', []);

const actions = (): MenuActions => ({
  tell: vi.fn(),
  show: vi.fn(),
  pauseAll: vi.fn(),
  resumeAll: vi.fn(),
  checkForUpdates: vi.fn(),
  about: vi.fn(),
  quit: vi.fn(),
});

function all(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);
}

describe('languages', () => {
  test.each([
    ['system', ['zh-Hans-CN', 'en'], zh],
    ['system', ['zh_TW'], zh],
    ['system', ['de-DE', 'en-GB', 'zh-CN'], en],
    ['system', ['de-DE', 'zh-CN'], en],
    ['system', [], en],
    ['en', ['zh-CN'], en],
    ['zh-CN', ['en'], zh],
  ] as const)('%s with %j', (setting, languages, words) => {
    expect(wordsFor(setting, languages)).toBe(words);
  });

  test('every text is there in Chinese, and is another one', () => {
    const same = Object.entries(zh).filter(([key, text]) => text === en[key as keyof typeof en]);
    expect(same.map(([key]) => key)).toEqual(['app']);
  });
});

describe('menus', () => {
  test.each(['linux', 'win32', 'darwin'] as const)('on %s no accelerator is there twice', (platform) => {
    const items = all(menuBar(en, actions(), { platform, isDeveloping: true }));
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('CmdOrCtrl+O');
    expect(items.filter(({ label }) => label === en.quit)).toHaveLength(1);
    expect(items.filter(({ label }) => label === en.settings)).toHaveLength(1);
    expect(items.every(({ label, type }) => label !== undefined || type === 'separator')).toBe(true);
  });

  test('developer tools are for developers', () => {
    const roles = (isDeveloping: boolean) =>
      all(menuBar(en, actions(), { platform: 'linux', isDeveloping })).map(({ role }) => role);
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(false)).not.toContain('reload');
  });

  test('items do what they say', () => {
    const done = actions();
    const press = (label: string) => {
      const items = all(menuBar(zh, done, { platform: 'linux', isDeveloping: false }));
      const click = items.find((item) => item.label === label)?.click as (() => void) | undefined;
      click?.();
    };
    press(zh.addFiles);
    press(zh.images);
    press(zh.pauseAll);
    expect(done.tell).toHaveBeenNthCalledWith(1, { type: 'add' });
    expect(done.tell).toHaveBeenNthCalledWith(2, { type: 'show', screen: 'images' });
    expect(done.pauseAll).toHaveBeenCalledOnce();
  });

  test('the tray says what is going on', () => {
    const [state] = trayMenu(en, actions(), '2 uploads, 40 %');
    expect(state).toMatchObject({ label: '2 uploads, 40 %', enabled: false });
  });
});

describe('busy', () => {
  test('the taskbar shows how far it is, that it is under way, or that somebody is needed', () => {
    expect(taskbarBar(IDLE)).toEqual({ value: -1, mode: 'none' });
    expect(taskbarBar({ uploading: 1, attention: 0, fraction: 0.4 })).toEqual({ value: 0.4, mode: 'normal' });
    expect(taskbarBar({ uploading: 1, attention: 1, fraction: 7 })).toEqual({ value: 1, mode: 'normal' });
    expect(taskbarBar({ uploading: 1, attention: 0 })).toEqual({ value: 2, mode: 'indeterminate' });
    expect(taskbarBar({ uploading: 0, attention: 1 })).toEqual({ value: 1, mode: 'error' });
  });

  test('one line says it in both languages', () => {
    expect(summary(IDLE, en)).toBe('Nothing is being uploaded');
    expect(summary({ uploading: 1, attention: 2, fraction: 0.999 }, en)).toBe('1 upload, 99 % · 2 need you');
    expect(summary({ uploading: 3, attention: 0 }, zh)).toBe('3 个上传');
  });

  test('the machine stays awake only for uploads, and only if that is wanted', () => {
    expect(mustStayAwake({ uploading: 1, attention: 0 }, { keepAwake: true })).toBe(true);
    expect(mustStayAwake({ uploading: 1, attention: 0 }, { keepAwake: false })).toBe(false);
    expect(mustStayAwake({ uploading: 0, attention: 3 }, { keepAwake: true })).toBe(false);
  });
});
