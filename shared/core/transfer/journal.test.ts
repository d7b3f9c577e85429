// Torture of the journal: cut at every byte, flipped bits, full disks, growth. Real files.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalFileError, systemClock } from '../model/index.ts';
import { listUploads, readUpload, startUpload } from './index.ts';
import { isUploadId, Journal, newUploadId, readJournal } from './journal.ts';
import {
  decodeJournal,
  encodeRecord,
  foldJournal,
  type JournalState,
  journalVersion,
  type RecordBody,
  recordsOf,
} from './journal-records.ts';
import { hanging, MemoryTarget } from './testing/memory-target.ts';
import { makeSetting, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let setting: Setting;
beforeEach(async () => {
  setting = await makeSetting();
});
afterEach(() => setting.remove());

const md5 = (n: number) => n.toString(16).padStart(32, '0');

const bodies: RecordBody[] = [
  {
    type: 'plan',
    uploadId: '0123456789abcde',
    createdAtMs: 5,
    file: { path: '/数据/镜像 1.iso', sizeBytes: 95, mtimeMs: 1.5, inode: 9 },
    target: { cloud: 'c', region: 'r', bucket: 'b', key: 'k' },
    partSizeBytes: 10,
    partsTotal: 10,
  },
  { type: 'state', state: 'uploading' },
  { type: 'server', serverUploadId: 'id-1' },
  { type: 'part', partNumber: 1, etag: md5(1), md5: md5(1) },
  { type: 'fact', key: 'marker', value: '标记' },
  { type: 'part', partNumber: 3, etag: md5(3), md5: md5(3) },
  { type: 'fact', key: 'job', value: 'j-1' },
  { type: 'sha256', sha256: 'a'.repeat(64) },
  { type: 'state', state: 'attention', problem: { kind: 'unavailable', message: 'away' } },
];
const bytes = Buffer.from(bodies.map((b, n) => encodeRecord(n, 1_000 + n, b)).join(''));
const stateOf = (list: RecordBody[]): JournalState | undefined =>
  foldJournal(decodeJournal(Buffer.from(list.map((b, n) => encodeRecord(n, 1_000 + n, b)).join(''))));
const lineEnds = [...bytes.entries()].filter(([, b]) => b === 0x0a).map(([i]) => i + 1);

describe('reading', () => {
  test('every line is JSON, and the state is the sum of the records', () => {
    for (const line of bytes.toString().trimEnd().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('record');
    const state = foldJournal(decodeJournal(bytes));
    expect(state).toMatchObject({ serverUploadId: 'id-1', state: 'attention', updatedAtMs: 1_008 });
    expect([...(state?.parts.keys() ?? [])]).toEqual([1, 3]);
    expect(Object.fromEntries(state?.facts ?? [])).toEqual({ marker: '标记', job: 'j-1' });
  });

  test('a moment of a kind that a newer version knows keeps its words', () => {
    const note = {
      type: 'note',
      at: 3,
      kind: 'retry',
      text: 'It was tried.',
      moment: { type: 'odd' },
    } as never;
    const [plan] = bodies;
    const state = plan === undefined ? undefined : stateOf([plan, note]);
    expect(state?.notes).toMatchObject([{ at: 3, kind: 'retry', text: 'It was tried.' }]);
    expect(state?.notes[0]?.moment).toBeUndefined();
  });

  test('cut at every byte: exactly the whole records before the cut count', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoded = decodeJournal(bytes.subarray(0, cut));
      const whole = lineEnds.filter((end) => end <= cut).length;
      expect(decoded.records).toHaveLength(whole);
      expect(decoded.goodBytes).toBe(lineEnds[whole - 1] ?? 0);
      expect(decoded.damage).toBe(cut === decoded.goodBytes ? undefined : 'torn');
    }
  });

  test('any flipped bit is noticed: nothing of that record is believed, and nothing is invented', () => {
    const intact = decodeJournal(bytes).records.map((r) => r.r);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const line = lineEnds.filter((end) => end <= at).length;
      const decoded = decodeJournal(flipped);
      expect(decoded.records.map((r) => r.r)).toEqual(intact.slice(0, line));
      expect(decoded.damage).toBeDefined();
      for (const fact of decoded.salvagedFacts) expect(bodies).toContainEqual({ type: 'fact', ...fact });
    }
  });

  test('random garbage never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(bytes.length), (noise, at) => {
        const mixed = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
        const { records, goodBytes } = decodeJournal(mixed);
        expect(goodBytes).toBeLessThanOrEqual(mixed.length);
        expect(records.length).toBeLessThanOrEqual(bodies.length);
      }),
    );
  });

  test('facts behind a damage are saved, for no server could give them back; parts are not', () => {
    const damaged = Buffer.from(bytes);
    const at = (lineEnds[2] ?? 0) + 60;
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    const state = foldJournal(decodeJournal(damaged));
    expect(Object.fromEntries(state?.facts ?? [])).toEqual({ marker: '标记', job: 'j-1' });
    expect(state?.parts.size).toBe(0);
    expect(state?.serverUploadId).toBe('id-1');
  });

  test('a missing or repeated line is a damage', () => {
    const lines = bytes.toString().split('\n');
    const without = [...lines.slice(0, 3), ...lines.slice(4)].join('\n');
    expect(decodeJournal(Buffer.from(without))).toMatchObject({ damage: 'damaged', goodBytes: lineEnds[2] });
    const twice = [...lines.slice(0, 3), lines[2], ...lines.slice(3)].join('\n');
    expect(decodeJournal(Buffer.from(twice))).toMatchObject({ damage: 'damaged', goodBytes: lineEnds[2] });
  });

  test('a record of a newer version is not guessed at', () => {
    const lineOf = (v: number) => {
      const record = JSON.stringify({ v, n: 1, atMs: 5, r: bodies[1] });
      const sum = createHash('sha256').update(record).digest('hex').slice(0, 16);
      return `{"sum":"${sum}","record":${record}}\n`;
    };
    const plan = bytes.subarray(0, lineEnds[0]).toString();
    const read = (v: number) => decodeJournal(Buffer.from(plan + lineOf(v))).records;
    expect(read(journalVersion)).toHaveLength(2);
    expect(read(journalVersion + 1)).toHaveLength(1);
  });

  test('the fewest records of a state add up to the same state', () => {
    const anyBody = fc.constantFrom<RecordBody>(...bodies.slice(1), {
      type: 'parts',
      parts: [{ partNumber: 7, etag: md5(7), md5: md5(7) }],
    });
    fc.assert(
      fc.property(fc.array(anyBody, { maxLength: 30 }), (list) => {
        const plan = bodies[0];
        if (plan === undefined) throw new Error('no plan');
        const state = stateOf([plan, ...list]);
        if (state === undefined) throw new Error('no state');
        const again = stateOf(recordsOf(state));
        expect({ ...again, updatedAtMs: 0 }).toEqual({ ...state, updatedAtMs: 0 });
      }),
    );
  });
});

describe('on disk', () => {
  test('a journal of version 1 is read whole, and goes on as one of this version', async () => {
    await copyFile(
      fileURLToPath(new URL('testing/journal-v1.jsonl', import.meta.url)),
      join(setting.folder, 'journal.jsonl'),
    );
    const journal = await Journal.open(setting.folder, systemClock);
    expect(journal?.damage).toBeUndefined();
    expect(journal?.state).toMatchObject({
      file: { path: '/data/镜像 1.iso', sizeBytes: 50 },
      target: { bucket: 'staging', key: 'images/1.iso' },
      serverUploadId: 'upload-1',
      state: 'attention',
      problem: { kind: 'unavailable' },
      sha256: 'ab'.repeat(32),
    });
    await journal?.append({ type: 'part', partNumber: 2, etag: md5(2), md5: md5(2) });
    await journal?.close();
    const again = await readJournal(setting.folder);
    expect(again?.damage).toBeUndefined();
    expect([...(again?.state?.parts.keys() ?? [])]).toEqual([1, 3, 2]);
  });

  test('a record appended the moment the one before is durable is written too', async () => {
    const journal = await Journal.create(setting.folder, planned(), systemClock);
    for (let n = 1; n <= 50; n++)
      await journal.append({ type: 'part', partNumber: n, etag: md5(n), md5: md5(n) });
    await journal.close();
    expect((await readJournal(setting.folder))?.state?.parts.size).toBe(50);
  });

  const planned = (): JournalState => {
    const state = stateOf(bodies.slice(0, 1));
    if (state === undefined) throw new Error('no state');
    return state;
  };

  test('records written at the same time keep their order and share the file', async () => {
    const journal = await Journal.create(setting.folder, planned(), systemClock);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        journal.append({ type: 'part', partNumber: i + 1, etag: md5(i), md5: md5(i) }),
      ),
    );
    await journal.close();
    const path = join(setting.folder, 'journal.jsonl');
    const { records, damage } = decodeJournal(await readFile(path));
    expect(damage).toBeUndefined();
    expect(records.flatMap(({ r }) => (r.type === 'part' ? [r.partNumber] : []))).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('cut at every byte, it opens, says what is left, and takes new records', async () => {
    const path = join(setting.folder, 'journal.jsonl');
    const first = lineEnds[0] ?? 0;
    for (let cut = 0; cut < bytes.length; cut += cut < first ? 40 : 11) {
      await writeFile(path, bytes.subarray(0, cut));
      const journal = await Journal.open(setting.folder, systemClock);
      expect(journal === undefined).toBe(cut < first);
      if (journal === undefined) continue;
      await journal.append({ type: 'fact', key: 'new', value: 'x' });
      await journal.close();
      const decoded = decodeJournal(await readFile(path));
      expect(decoded.damage).toBeUndefined();
      expect(foldJournal(decoded)?.facts.get('new')).toBe('x');
    }
  });

  test('a damaged one is repaired, and the original kept beside it', async () => {
    const damaged = Buffer.from(bytes);
    const at = (lineEnds[3] ?? 0) + 60;
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    await writeFile(join(setting.folder, 'journal.jsonl'), damaged);
    const journal = await Journal.open(setting.folder, systemClock);
    expect(journal?.damage).toBe('damaged');
    expect([...(journal?.state.parts.keys() ?? [])]).toEqual([1]);
    await journal?.close();
    expect(await readFile(join(setting.folder, 'journal.damaged.jsonl'))).toEqual(damaged);
    expect(decodeJournal(await readFile(join(setting.folder, 'journal.jsonl'))).damage).toBeUndefined();
  });

  test('one that has grown silly is made small again', async () => {
    const journal = await Journal.create(setting.folder, planned(), systemClock);
    const appends: Promise<void>[] = [];
    for (let i = 0; i < 2_000; i++) appends.push(journal.append({ type: 'fact', key: 'k', value: `${i}` }));
    await Promise.all(appends);
    await journal.close();
    const { records } = decodeJournal(await readFile(join(setting.folder, 'journal.jsonl')));
    expect(records.length).toBeLessThan(10);
    const again = await Journal.open(setting.folder, systemClock);
    expect(again?.state.facts.get('k')).toBe('1999');
    await again?.close();
  });

  test('an unreadable one is listed as needing attention, and the others with it', async () => {
    const target = new MemoryTarget();
    const file = await setting.file('disk.img', KiB);
    const upload = await startUpload({ path: file.path, target }, setting.options);
    await upload.done;
    const broken = newUploadId(Date.now());
    const folder = join(setting.options.stateDir, 'uploads', broken);
    await mkdir(folder);
    await writeFile(join(folder, 'journal.jsonl'), 'not a journal\n');
    const all = await listUploads(setting.options);
    expect(all.map((u) => u.state).sort()).toEqual(['attention', 'uploaded']);
    expect((await readUpload(broken, setting.options))?.problem?.message).toMatch(/damaged/);
  });
});

test('upload ids are short, sortable by time, and safe as folder names', () => {
  const ids = [0, 1, 31, 32, 1e12, 1.7e12, 1.7e12 + 1].map(newUploadId);
  expect(ids).toEqual([...ids].sort());
  for (const id of ids) expect(isUploadId(id)).toBe(true);
  for (const bad of ['..', '../../etc/pass', 'A23456789012345', '', '0123456789abcde/'])
    expect(isUploadId(bad)).toBe(false);
});

// A file system of 64 KiB: the only honest full disk. Needs the right to mount.
const mountable = (() => {
  if (process.platform !== 'linux') return false;
  return spawnSync('unshare', ['-m', 'true']).status === 0 && process.getuid?.() === 0;
})();

describe.skipIf(!mountable)('a full disk (skipped where nothing may be mounted)', () => {
  let small: string;
  beforeEach(async () => {
    small = join(setting.folder, 'small');
    await mkdir(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small]).status).toBe(0);
  });
  afterEach(() => {
    spawnSync('umount', [small]);
  });
  const fill = async () => {
    // Down to single bytes: whatever is written next must fail.
    for (const size of [4096, 1]) {
      for (let i = 0; ; i++) {
        const failed = await writeFile(join(small, `fill-${size}-${i}`), Buffer.alloc(size)).then(
          () => false,
          () => true,
        );
        if (failed || i > 100) break;
      }
    }
  };

  test('at the start: refused before anything is sent', async () => {
    const file = await setting.file('disk.img', 8 * KiB);
    await mkdir(join(small, 'state'));
    await fill();
    const target = new MemoryTarget();
    const options = { ...setting.options, stateDir: join(small, 'state') };
    const started = startUpload({ path: file.path, target }, options);
    await expect(started).rejects.toBeInstanceOf(LocalFileError);
    await expect(started).rejects.toThrow(/disk is full/);
    expect(target.calls).toEqual([]);
  });

  test('in mid-upload: stops with attention; with space again it goes on, and nothing is lost', async () => {
    const file = await setting.file('disk.img', 200 * KiB);
    const target = new MemoryTarget();
    const held = hanging(target, 3);
    const options = { ...setting.options, stateDir: join(small, 'state') };
    const request = { path: file.path, target, partSizeBytes: KiB, parallelParts: 1 };
    const upload = await startUpload(request, options);
    await until('two parts are confirmed', () => upload.snapshot().partsDone === 2);
    await fill();
    held.open();
    await expect(upload.done).rejects.toThrow(/disk is full/);
    expect(upload.snapshot().state).toBe('attention');
    expect(upload.snapshot().partsDone).toBeLessThan(200);
    for (let i = 0; i < 12; i++) await writeFile(join(small, `fill-4096-${i}`), '');
    const again = await startUpload(request, options);
    const result = await again.done;
    expect(result.partsSkipped).toBeGreaterThanOrEqual(upload.snapshot().partsDone);
    expect(result.sha256).toBe(file.sha256);
    expect(target.object?.bytes.equals(file.bytes)).toBe(true);
  });
});
