// One text for support: versions, settings, profiles, tasks, the last log lines. Without secrets and without the user's name
// in paths. Pure.
import { arch, homedir, release, totalmem, type } from 'node:os';
import { redactText } from '@imagebridge/core';
import type { Activity, ProfileView, Settings, TaskView, Totals } from '@imagebridge/desktop-contract';
import { VERSION } from '../version.ts';

/** What it is made of. */
export interface DiagnosticsInput {
  nowMs: number;
  variant: 'app' | 'web';
  dataDir: string;
  stateDir: string;
  online: boolean;
  windows: number;
  settings: Settings;
  profiles: readonly ProfileView[];
  warnings: readonly string[];
  taskWarnings: readonly string[];
  tasks: readonly TaskView[];
  totals: Totals;
  activities: readonly Activity[];
  historyEntries: number;
  log: readonly string[];
  /** Default: that of this user. */
  home?: string | undefined;
}

/** Makes the text, and a name for its file. */
export function diagnostics(input: DiagnosticsInput): { fileName: string; text: string } {
  const { settings, profiles, warnings, taskWarnings, tasks, totals, activities, log } = input;
  const memory = process.memoryUsage();
  const about = {
    imagebridge: VERSION,
    variant: input.variant,
    node: process.versions.node,
    electron: process.versions.electron ?? 'none',
    system: `${type()} ${release()} ${arch()}, ${mib(totalmem())} MiB`,
    engineMemory: `${mib(memory.rss)} MiB, heap ${mib(memory.heapUsed)} MiB`,
    upSeconds: Math.round(process.uptime()),
    online: input.online,
    windows: input.windows,
    dataFolder: input.dataDir,
    stateFolder: input.stateDir,
    historyEntries: input.historyEntries,
  };
  const sections: readonly (readonly [string, unknown])[] = [
    ['About', about],
    ['Settings', { ...settings, updateFeedUrl: withoutQuery(settings.updateFeedUrl) }],
    ['Profiles', profiles],
    ['Warnings of the profiles', warnings],
    ['Warnings of the list of uploads', taskWarnings],
    ['Totals', totals],
    ['Tasks', tasks],
    ['Activities', activities],
  ];
  const text = [
    `ImageBridge diagnostics, ${new Date(input.nowMs).toISOString()}`,
    'It holds no passwords and no keys; it does hold names of files, images, profiles and addresses of services.',
    ...sections.map(([title, value]) => `\n== ${title} ==\n${JSON.stringify(value, undefined, 2)}`),
    `\n== Log ==\n${log.join('\n')}`,
  ].join('\n');
  return {
    fileName: `imagebridge-diagnostics-${new Date(input.nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}.txt`,
    text: `${shortenHome(redactText(text), input.home ?? homedir())}\n`,
  };
}

/** Puts `~` for the home directory, as it is written plainly, in JSON and in URLs. */
export function shortenHome(text: string, home: string): string {
  // A home of "/" stands in every path.
  if (home.length < 2) return text;
  const spellings = new Set([
    home,
    JSON.stringify(home).slice(1, -1),
    encodeURI(home),
    home.replaceAll('\\', '/'),
  ]);
  return [...spellings].reduce((shorter, spelling) => {
    const name = spelling.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // Whole names only: /home/ann is not the beginning of /home/anna.
    return shorter.replaceAll(new RegExp(`${name}(?![\\p{L}\\p{N}_-])`, 'gu'), '~');
  }, text);
}

/** A feed's URL may carry a key in its query or its user name. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

const mib = (bytes: number) => Math.round(bytes / 1024 ** 2);
