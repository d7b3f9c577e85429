// Starts the shell with a made-up Electron and a made-up engine, anew for each test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_SETTINGS,
  type Handlers,
  type HostCommand,
  NO_TOTALS,
  portLine,
  type Settings,
  serveContract,
} from '@imagebridge/desktop-contract';
import { afterEach, beforeEach, vi } from 'vitest';

vi.mock('../app/places.ts', () => ({ built: (...names: string[]) => join(folder, ...names) }));

type Fake = typeof import('../testing/fake-electron.ts');
/** The window's page. */
export const PAGE = 'app://imagebridge/index.html';
/** A folder of this test. */
export let folder: string;
/** The made-up Electron of this test. */
export let fake: Fake;
/** What the engine says that is set. */
export let settings: Settings;
/** What the engine was asked to do. */
export let asked: string[];

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Who listened to the signals of this process before the shell did. */
const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));

/** Lets promises and contract messages through. */
export const settle = () => vi.advanceTimersByTimeAsync(1);

/** Starts the shell, with an engine that greets whoever connects. */
export async function start(paths: string[] = []) {
  vi.resetModules();
  fake = (await import('electron')) as unknown as Fake;
  fake.system.userData = folder;
  const { runShell } = await import('../app/shell.ts');
  runShell(paths);
  await settle();
  answerWindows();
  await settle();
  return { window: theWindow(), engine: () => fake.children.at(-1) };
}

function theWindow() {
  const [window] = fake.windows;
  if (window === undefined) throw new Error('There is no window.');
  return window;
}

/** Plays the engine on all lines that were asked for. */
function answerWindows(): void {
  const hello = {
    version: '1',
    variant: 'app',
    platform: 'linux',
    node: '24',
    settings,
    profiles: [],
    warnings: [],
    taskWarnings: [],
  };
  const rest = { tasks: [], totals: NO_TOTALS, activities: [], online: true, localCloud: false };
  const handlers = {
    'app.hello': () => ({ ...hello, ...rest }),
    'app.setSettings': (change: object) => {
      asked.push(`setSettings ${JSON.stringify(change)}`);
      return { ...settings, ...change };
    },
    'tasks.pauseAll': () => void asked.push('pauseAll'),
    'tasks.resumeAll': () => void asked.push('resumeAll'),
  } as unknown as Handlers;
  const toProblem = (thrown: unknown) => ({ kind: 'internal' as const, message: String(thrown) });
  for (const { type, port } of fake.children.at(-1)?.posted ?? []) {
    if (type === 'window') serveContract(portLine(port as never), handlers, { toProblem });
  }
}

/** What the engine was told on its first port. */
export const commands = (child = fake.children.at(-1)): HostCommand[] =>
  (child?.posted[0]?.port.got ?? []) as HostCommand[];
/** A report of so many uploads. */
export const busy = (uploading: number) => ({ type: 'busy', uploading, attention: 0, fraction: 0.5 });
/** The menu bar. */
export const menu = () =>
  fake.callsOf('setApplicationMenu').at(-1)?.[0] as { label: string; submenu: Item[] }[];
interface Item {
  label?: string;
  click?: () => void;
}
/** Chooses an item of the menu bar. */
export const press = (label: string) =>
  menu()
    .flatMap(({ submenu }) => submenu)
    .find((item) => item.label === label)
    ?.click?.();

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'imagebridge-shell-'));
  mkdirSync(join(folder, 'window'));
  writeFileSync(join(folder, 'window', 'index.html'), '');
  asked = [];
  settings = { ...DEFAULT_SETTINGS, language: 'en', theme: 'dark' };
});
afterEach(() => {
  for (const [index, signal] of SIGNALS.entries()) {
    for (const listener of process.listeners(signal))
      if (!before[index]?.has(listener)) process.off(signal, listener);
  }
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});
