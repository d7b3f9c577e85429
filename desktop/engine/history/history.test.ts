import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineEvent, HistoryEntry } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../clouds/testing.ts';
import { csvCell, historyCsv } from './csv.ts';
import { openHistory } from './history-store.ts';

const entry = (n: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: `t-${n}`,
  outcome: 'done',
  fileName: `disk-${n}.qcow2`,
  path: `/images/disk-${n}.qcow2`,
  sizeBytes: 1000 + n,
  cloud: n % 2 === 0 ? 'even' : 'odd',
  region: 'r-1',
  imageName: `image ${n}`,
  imageId: `id-${n}`,
  origin: 'desktop',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_000_000 + n * 1000,
  ...more,
});

function setUp() {
  const dataDir = testFolder();
  const warnings: string[] = [];
  const events: EngineEvent[] = [];
  const log = { info: () => {}, warn: (line: string) => void warnings.push(line), lines: () => [] };
  const open = (maxEntries?: number) =>
    openHistory({ dataDir, log, emit: (event) => void events.push(event), maxEntries });
  return { dataDir, path: join(dataDir, 'history.jsonl'), warnings, events, open };
}

const signal = new AbortController().signal;
const all = { filter: {}, offset: 0, limit: 1000 };

describe('history', () => {
  it('lasts, shows the newest first, in pages', async () => {
    const { open, events } = setUp();
    const history = await open();
    for (const n of [1, 2, 3, 4, 5]) await history.add(entry(n));
    expect(events).toHaveLength(5);
    const { handlers } = await open();
    const page = await handlers['history.list']({ filter: {}, offset: 1, limit: 2 }, signal);
    expect(page.total).toBe(5);
    expect(page.entries.map(({ id }) => id)).toEqual(['t-4', 't-3']);
  });

  it('filters', async () => {
    const { open } = setUp();
    const history = await open();
    for (const n of [1, 2, 3, 4]) await history.add(entry(n, n === 4 ? { outcome: 'failed' } : {}));
    const ids = async (filter: object) =>
      (await history.handlers['history.list']({ ...all, filter }, signal)).entries.map(({ id }) => id);
    expect(await ids({ text: 'DISK-3' })).toEqual(['t-3']);
    expect(await ids({ text: 'id-2' })).toEqual(['t-2']);
    expect(await ids({ outcome: 'failed' })).toEqual(['t-4']);
    expect(await ids({ cloud: 'odd' })).toEqual(['t-3', 't-1']);
    expect(await ids({ from: 1_700_000_002_000, to: 1_700_000_003_000 })).toEqual(['t-3', 't-2']);
    expect(await ids({ cloud: 'odd', outcome: 'failed' })).toEqual([]);
  });

  it('tolerates a torn last line and damage, and goes on behind it', async () => {
    const { open, path, warnings } = setUp();
    await (await open()).add(entry(1));
    appendFileSync(path, 'nonsense\n{"id":"t-2","outcome":"do');
    const history = await open();
    expect(warnings[0]).toContain('2 of 3 lines');
    await history.add(entry(3));
    const again = await open();
    expect((await again.handlers['history.list'](all, signal)).entries.map(({ id }) => id)).toEqual([
      't-3',
      't-1',
    ]);
  });

  it('notes an upload once, the later note wins', async () => {
    const { open } = setUp();
    const history = await open();
    await history.add(entry(1, { outcome: 'failed' }));
    await history.add(entry(1));
    const { entries, total } = await (await open()).handlers['history.list'](all, signal);
    expect([total, entries[0]?.outcome]).toEqual([1, 'done']);
  });

  it('keeps the newest only, also in the file', async () => {
    const { open, path } = setUp();
    writeFileSync(path, Array.from({ length: 1005 }, (_, n) => `${JSON.stringify(entry(n))}\n`).join(''));
    const history = await open(5);
    expect(history.count()).toBe(5);
    await history.add(entry(2000));
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(5);
    const { entries } = await history.handlers['history.list'](all, signal);
    expect(entries.map(({ id }) => id)).toEqual(['t-2000', 't-1004', 't-1003', 't-1002', 't-1001']);
  });

  it('is cleared for good', async () => {
    const { open } = setUp();
    const history = await open();
    await history.add(entry(1));
    await history.handlers['history.clear']({}, signal);
    await history.add(entry(2));
    expect((await open()).count()).toBe(1);
  });

  it('stays, and says nothing, when it cannot be cleared', async () => {
    const { dataDir, events, open } = setUp();
    const history = await open();
    await history.add(entry(1));
    rmSync(join(dataDir, 'history.jsonl'));
    mkdirSync(join(dataDir, 'history.jsonl', 'in-the-way'), { recursive: true });
    await expect(history.handlers['history.clear']({}, signal)).rejects.toThrow();
    expect(history.count()).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(['history']);
  });

  it('never stops an upload', async () => {
    const { dataDir, warnings } = setUp();
    writeFileSync(join(dataDir, 'file'), '');
    const log = { info: () => {}, warn: (line: string) => void warnings.push(line), lines: () => [] };
    const history = await openHistory({ dataDir: join(dataDir, 'file'), log, emit: () => {} });
    await history.add(entry(1));
    expect(warnings.at(-1)).toContain('could not be noted');
    expect(history.count()).toBe(1);
  });
});

describe('the export', () => {
  it('is CSV that spreadsheets read, and runs no formula', () => {
    const text = historyCsv([
      entry(1, {
        fileName: '=HYPERLINK("http://evil.example")',
        imageName: 'a "quoted", name',
        problem: { kind: 'refused', message: 'line one\nline two', requestId: '-1' },
      }),
    ]);
    const [titles, ...rows] = text.split('\r\n');
    expect(titles?.startsWith('\uFEFFended,outcome,file,image,')).toBe(true);
    expect(rows.join('\r\n')).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(rows.join('\r\n')).toContain('"a ""quoted"", name"');
    expect(rows.join('\r\n')).toContain('"line one\nline two"');
    expect(rows.join('\r\n')).toContain(",'-1\r\n");
  });

  it.each([
    ['=1', "'=1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', `"'\t=1"`],
    ['  =1', "'  =1"],
    ['\u00A0=1', "'\u00A0=1"],
    ['＝1', "'＝1"],
    ['ünïcode 文件.iso', 'ünïcode 文件.iso'],
    ['a-b=c', 'a-b=c'],
    [' blank', '" blank"'],
    [-5, '-5'],
    [undefined, ''],
  ])('writes %j as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('is JSON with everything', async () => {
    const { open } = setUp();
    const history = await open();
    await history.add(entry(1));
    const { text, fileName } = await history.handlers['history.export'](
      { filter: {}, format: 'json' },
      signal,
    );
    expect(fileName).toBe('imagebridge-history.json');
    expect(JSON.parse(text)).toEqual([entry(1)]);
  });
});
