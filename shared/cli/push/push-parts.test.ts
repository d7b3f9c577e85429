// Targets, the manifest, and the progress of several publishings.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PublishEvent, UploadSnapshot } from '@imagebridge/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { width } from '../format.ts';
import { UsageError } from '../outcome.ts';
import { isUnfinished, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { manyView } from './many-view.ts';
import { keyOf, readBucket, readTargets } from './targets.ts';

describe('targets', () => {
  it('are profiles, with a region where one is named, and buckets', () => {
    expect(readTargets([], 'r')).toEqual([{ kind: 'cloud', cloud: undefined, region: 'r' }]);
    expect(readTargets(['prod', 'lab/two', 's3://images/os/'], 'one')).toEqual([
      { kind: 'cloud', cloud: 'prod', region: 'one' },
      { kind: 'cloud', cloud: 'lab', region: 'two' },
      { kind: 'bucket', bucket: 'images', key: 'os/' },
    ]);
  });

  it.each(['/', 'a/b/c', 's3://', 's3:bucket', 'prod/'])('refuses %s', (text) => {
    expect(() => readTargets([text], undefined)).toThrow(UsageError);
  });

  it('refuses the same twice', () => {
    expect(() => readTargets(['prod', 'prod'], undefined)).toThrow(/twice/);
  });

  it('an object is called as asked, or after the file', () => {
    expect(keyOf(readBucket('s3://b/k.img'), 'disk.raw')).toBe('k.img');
    expect(keyOf(readBucket('s3://b/os/'), 'disk.raw')).toBe('os/disk.raw');
    expect(keyOf(readBucket('s3://b'), 'disk.raw')).toBe('disk.raw');
  });
});

describe('the manifest', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'imagebridge-manifest-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const manifest: Manifest = {
    version: 1,
    startedAt: '2030-01-01T00:00:00.000Z',
    image: { tags: { team: 'web' } },
    results: [
      { path: '/a', cloud: 'c', region: 'r', name: 'a', status: 'published', imageId: 'i', sizeBytes: 1 },
    ],
  };

  it('is read as it was written, and nothing lies beside it', () => {
    const file = path.join(dir, 'result.json');
    writeManifest(file, manifest);
    writeManifest(file, manifest);
    expect(readManifest(file)).toEqual(manifest);
    expect(readdirSync(dir)).toEqual(['result.json']);
  });

  it('is refused when it is none, and the one that is there stays when a new one cannot be written', () => {
    const file = path.join(dir, 'result.json');
    expect(() => readManifest(file)).toThrow(/ENOENT/);
    writeFileSync(file, '{"version":1');
    expect(() => readManifest(file)).toThrow(/it is no JSON/);
    writeFileSync(file, '{"version":1,"results":[{"path":7}]}');
    expect(() => readManifest(file)).toThrow(UsageError);
    expect(() => writeManifest(path.join(file, 'x'), manifest)).toThrow(/write the manifest/);
    expect(readFileSync(file, 'utf8')).toContain('"path":7');
  });

  it('says what is to be done again', () => {
    const statuses = ['published', 'skipped', 'failed', 'paused', 'importing', 'pending'] as const;
    expect(statuses.filter((status) => isUnfinished({ status }))).toEqual([
      'failed',
      'paused',
      'importing',
      'pending',
    ]);
  });
});

describe('progress of several', () => {
  const MIB = 1024 ** 2;
  const item = (file: string, cloud: string) => ({ path: `/images/${file}`, cloud, region: 'r', name: file });
  const items = [
    item('a.qcow2', 'prod'),
    item('a.qcow2', 'lab'),
    item('b.qcow2', 'prod'),
    item('b.qcow2', 'lab'),
  ];
  const upload = (doneMiB: number): PublishEvent => ({
    type: 'upload',
    event: {
      type: 'progress',
      at: 0,
      snapshot: {
        uploadId: 'u',
        state: 'uploading',
        file: { path: '/images/a.qcow2', sizeBytes: 100 * MIB, mtimeMs: 0, inode: 0 },
        confirmedBytes: doneMiB * MIB,
        bytesPerSecond: 10 * MIB,
        etaMs: 5000,
      } as UploadSnapshot,
    },
  });
  const show = (mode: 'line' | 'log' | 'json', columns = 80) => {
    let text = '';
    let nowMs = 0;
    const write = (part: string) => {
      text += part;
    };
    const sink = { write, columns, rows: 24 };
    const view = manyView(items, mode, sink, { now: () => (nowMs += 3000), intervalMs: 10_000 });
    const [first, second] = items;
    if (!first || !second) throw new Error('no items');
    view.onEvent(first, upload(50));
    view.onEvent(second, upload(10));
    view.onEvent(first, { type: 'note', text: 'something to know' });
    view.onEnd(first, 'image i1 is active');
    view.onEvent(second, upload(20));
    view.end();
    return text;
  };

  it.each([40, 80, 200])('on a terminal of %d columns: a line each, and the sum', (columns) => {
    const text = show('line', columns);
    expect(text).toContain('a.qcow2 → prod: image i1 is active\n');
    const last = text.slice(text.lastIndexOf('done') - 7);
    expect(last).toMatch(/1 of 4 done, 2 waiting, 10\.0 MiB\/s/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes that move the cursor
    for (const line of text.replace(/\x1b\[\d*[A-Z]/g, '').split(/[\r\n]/))
      expect(width(line)).toBeLessThan(Math.max(columns, 60));
    expect(text.endsWith('\x1b[1A\x1b[2K')).toBe(true);
  });

  it('in a log: every note and end, and lines now and then', () => {
    const lines = show('log').trim().split('\n');
    expect(lines).toContain('a.qcow2 → prod: something to know');
    expect(lines.filter((line) => line.includes('%')).length).toBeLessThan(4);
    expect(lines.join('\n')).not.toContain('\x1b');
  });

  it('for programs: JSON lines that name the item', () => {
    const lines = show('json')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines[0]).toMatchObject({ item: { cloud: 'prod', name: 'a.qcow2' }, type: 'upload-progress' });
  });
});
