// What has been done: one line per upload in an append-only file. The newest 5,000 are kept. Touches history.jsonl only.
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type EngineEvent,
  type HistoryEntry,
  type HistoryFilter,
  historyEntry,
} from '@imagebridge/desktop-contract';
import type { HandlersOf, History, Log } from '../context.ts';
import { systemReason, writeWhole } from '../files/write-file.ts';
import { historyCsv } from './csv.ts';

const MAX_ENTRIES = 5000;
/** Lines that may pile up before the file is written anew: entries that were replaced, or are over the limit. */
const SPARE_LINES = 1000;

/** What the history needs. */
export interface HistoryOptions {
  dataDir: string;
  log: Log;
  emit: (event: EngineEvent) => void;
  /** Entries that are kept. Default 5,000. */
  maxEntries?: number | undefined;
}

/** The history with its methods. */
export interface HistoryPart extends History {
  handlers: HandlersOf<'history'>;
  /** Number of entries. */
  count(): number;
}

/** Opens the history. Lines that cannot be read (a torn last one after a crash) are skipped and told to the log. */
export async function openHistory(options: HistoryOptions): Promise<HistoryPart> {
  const { dataDir, log, emit, maxEntries = MAX_ENTRIES } = options;
  const path = join(dataDir, 'history.jsonl');
  const found = await read(path, log);
  /** By id, the oldest first: an entry that comes again (a crash between two notes) replaces the first one. */
  const entries = found.entries;
  let lines = found.lines;
  let needsBreak = found.isTorn;
  let last: Promise<unknown> = Promise.resolve();
  trim();

  function trim(): void {
    for (const id of entries.keys()) {
      if (entries.size <= maxEntries) return;
      entries.delete(id);
    }
  }

  async function append(entry: HistoryEntry): Promise<void> {
    entries.delete(entry.id);
    entries.set(entry.id, entry);
    trim();
    if (lines >= maxEntries + SPARE_LINES) return rewrite();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    try {
      // Behind a torn line, a line of its own.
      await file.write(`${needsBreak ? '\n' : ''}${JSON.stringify(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    needsBreak = false;
    lines++;
  }

  async function rewrite(): Promise<void> {
    const text = [...entries.values()].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await writeWhole(path, text, 'the history');
    lines = entries.size;
    needsBreak = false;
  }

  /** One write after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  }

  const matching = (filter: HistoryFilter): HistoryEntry[] =>
    [...entries.values()].filter((entry) => matches(entry, filter)).sort((a, b) => b.endedAt - a.endedAt);

  return {
    async add(entry) {
      try {
        await inTurn(() => append(entry));
      } catch (thrown) {
        log.warn(`An upload could not be noted in the history ${path}: ${systemReason(thrown)}.`);
      }
      emit({ type: 'history', entry });
    },
    count: () => entries.size,
    handlers: {
      'history.list'({ filter, offset, limit }) {
        const all = matching(filter);
        return { entries: all.slice(offset, offset + limit), total: all.length };
      },
      'history.export'({ filter, format }) {
        const all = matching(filter);
        return format === 'csv'
          ? { fileName: 'imagebridge-history.csv', text: historyCsv(all) }
          : { fileName: 'imagebridge-history.json', text: `${JSON.stringify(all, undefined, 2)}\n` };
      },
      async 'history.clear'() {
        await inTurn(async () => {
          const before = [...entries];
          entries.clear();
          try {
            await rewrite();
          } catch (thrown) {
            for (const [id, entry] of before) entries.set(id, entry);
            throw thrown;
          }
        });
        emit({ type: 'history-cleared' });
        return null;
      },
    },
  };
}

function matches(entry: HistoryEntry, { text, outcome, cloud, from, to }: HistoryFilter): boolean {
  if (outcome !== undefined && entry.outcome !== outcome) return false;
  if (cloud !== undefined && entry.cloud !== cloud) return false;
  if (from !== undefined && entry.endedAt < from) return false;
  if (to !== undefined && entry.endedAt > to) return false;
  const wanted = text?.trim().toLowerCase() ?? '';
  return [entry.fileName, entry.imageName, entry.imageId ?? ''].some((one) =>
    one.toLowerCase().includes(wanted),
  );
}

interface Found {
  entries: Map<string, HistoryEntry>;
  lines: number;
  /** The file does not end with a line break. */
  isTorn: boolean;
}

async function read(path: string, log: Log): Promise<Found> {
  const entries = new Map<string, HistoryEntry>();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) {
      log.warn(`The history ${path} cannot be read: ${systemReason(thrown)}.`);
    }
    return { entries, lines: 0, isTorn: false };
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let damaged = 0;
  for (const line of lines) {
    const entry = parse(line);
    if (entry === undefined) {
      damaged++;
      continue;
    }
    entries.delete(entry.id);
    entries.set(entry.id, entry);
  }
  if (damaged > 0)
    log.warn(`${damaged} of ${lines.length} lines of the history ${path} are damaged: skipped.`);
  return { entries, lines: lines.length, isTorn: text !== '' && !text.endsWith('\n') };
}

function parse(line: string): HistoryEntry | undefined {
  try {
    return historyEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
