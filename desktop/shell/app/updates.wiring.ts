// Updates: nothing is looked for without a feed, nothing is downloaded or installed without a yes.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wordsFor } from '../system/words.ts';
import { answers, app, calls, callsOf, dialog } from '../testing/fake-electron.ts';
import { Updates } from './updates.ts';

const updater = vi.hoisted(() => ({
  found: undefined as string | undefined,
  done: [] as string[],
  fails: false,
}));
vi.mock('electron-updater', () => ({
  default: {
    autoUpdater: {
      setFeedURL: ({ provider, url }: { provider: string; url: string }) =>
        updater.done.push(`${provider} ${url}`),
      checkForUpdates: async () => {
        if (updater.fails) throw new Error('net::ERR_NAME_NOT_RESOLVED\n    at somewhere');
        const { found } = updater;
        return { isUpdateAvailable: found !== undefined, updateInfo: { version: found } };
      },
      downloadUpdate: async () => void updater.done.push('download'),
      quitAndInstall: () => void updater.done.push('install'),
    },
  },
}));

const FEED = 'https://mirror.example.cn/imagebridge/';
const LOOK = `generic ${FEED}`;
const [NO, YES] = [1, 0];
const DAY_MS = 24 * 60 * 60 * 1000;

function open() {
  return new Updates({
    words: () => wordsFor('en', []),
    window: () => undefined,
    stopSafely: async () => void updater.done.push('stop'),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  calls.length = 0;
  answers.length = 0;
  Object.assign(updater, { found: '2.0.0', done: [], fails: false });
});
afterEach(() => {
  app.isPackaged = true;
  vi.useRealTimers();
});

test('off without a feed, with one that is not https, and while it is not packed', async () => {
  const updates = open();
  for (const setting of ['', 'http://mirror.example.cn/']) updates.follow(setting);
  await vi.advanceTimersByTimeAsync(3 * DAY_MS);
  await updates.lookNow();
  app.isPackaged = false;
  updates.follow(FEED);
  await vi.advanceTimersByTimeAsync(3 * DAY_MS);
  expect(updater.done).toEqual([]);
  expect(callsOf('ask')).toEqual([['Updates are off']]);
});

test('asks before it downloads; a no is a no until there is another version', async () => {
  const updates = open();
  updates.follow(FEED);
  answers.push(NO);
  await vi.advanceTimersByTimeAsync(60_000 + 2 * DAY_MS);
  expect(updater.done).toEqual([LOOK, LOOK, LOOK]);
  expect(callsOf('ask')).toEqual([['ImageBridge 2.0.0 is available']]);
  updater.found = '2.1.0';
  answers.push(NO);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(callsOf('ask')).toHaveLength(2);
  updates.follow('');
  await vi.advanceTimersByTimeAsync(3 * DAY_MS);
  expect(updater.done).toHaveLength(4);
});

test('looks once a day, also when the feed was named anew while a question was open', async () => {
  const updates = open();
  updates.follow(FEED);
  let answer = () => {};
  const question = vi.spyOn(dialog, 'showMessageBox').mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        answer = () => resolve({ response: NO });
      }),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(question).toHaveBeenCalledOnce();
  updates.follow('');
  updates.follow(FEED);
  answer();
  await vi.advanceTimersByTimeAsync(5 * DAY_MS);
  expect(updater.done).toHaveLength(6);
});

test('asks again before it installs, and pauses uploads first', async () => {
  const updates = open();
  updates.follow(FEED);
  answers.push(YES, NO);
  await updates.lookNow();
  expect(updater.done).toEqual([LOOK, 'download']);
  answers.push(YES, YES);
  await updates.lookNow();
  expect(updater.done).toEqual([LOOK, 'download', LOOK, 'download', 'stop', 'install']);
});

test('who looks by hand is told what came of it; nobody else is told of failures', async () => {
  const updates = open();
  updates.follow(FEED);
  updater.found = undefined;
  await updates.lookNow();
  updater.fails = true;
  await updates.lookNow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(callsOf('ask')).toEqual([['There is no newer version'], ['Looking for updates has failed']]);
});
