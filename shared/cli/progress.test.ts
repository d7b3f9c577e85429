import type { PublishEvent, UploadSnapshot } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { width } from './format.ts';
import { progressView, uploadLine } from './progress.ts';

const MIB = 1024 ** 2;
const snapshot = (fields: Partial<UploadSnapshot> = {}): UploadSnapshot => ({
  uploadId: 'u1',
  state: 'uploading',
  file: { path: '/images/服务器 镜像.qcow2', sizeBytes: 192 * MIB, mtimeMs: 0, inode: 1 },
  target: { cloud: 'c', region: 'r', bucket: 'b', key: 'k' },
  partSizeBytes: 16 * MIB,
  partsTotal: 12,
  partsDone: 6,
  partsSkipped: 0,
  confirmedBytes: 96 * MIB,
  sentBytes: 100 * MIB,
  bytesPerSecond: 12 * MIB,
  etaMs: 8_000,
  hashedBytes: 96 * MIB,
  ...fields,
});

describe('the progress line', () => {
  it('shows name, bar, percent, bytes, speed, ETA and parts', () => {
    expect(uploadLine(snapshot(), 130)).toBe(
      '服务器 镜像.qcow2 [████████████░░░░░░░░░░░░]  50.0%  96.0 MiB of 192.0 MiB  12.0 MiB/s  ETA 8 s  parts 6/12',
    );
  });

  it.each([120, 100, 80, 60, 40, 20])('fits into %d columns', (columns) => {
    const line = uploadLine(snapshot({ confirmedBytes: 191 * MIB, etaMs: 7_500_000 }), columns);
    expect(width(line)).toBeLessThan(columns);
    expect(line).not.toBe('');
  });

  it.each([40, 80, 100, 200])('keeps its layout while the numbers change, at %d columns', (columns) => {
    const layouts = [0, 0.4, 9.9, 100, 191.9, 192].map((doneMiB) => {
      const line = uploadLine(
        snapshot({
          confirmedBytes: Math.round(doneMiB * MIB),
          bytesPerSecond: doneMiB * 7 * MIB,
          etaMs: (192 - doneMiB) * 10_000,
        }),
        columns,
      );
      return [line.includes('['), line.includes(' of '), line.includes('/s'), line.includes('parts')].join();
    });
    expect(new Set(layouts).size).toBe(1);
  });

  it('names the state instead of an ETA when nothing is being sent', () => {
    expect(uploadLine(snapshot({ state: 'paused' }), 100)).toContain('paused');
  });
});

describe('the views', () => {
  const progress: PublishEvent = { type: 'upload', event: { type: 'progress', at: 0, snapshot: snapshot() } };
  const note: PublishEvent = { type: 'note', text: 'something to know' };
  const shown = (mode: Parameters<typeof progressView>[0], events: PublishEvent[], now: () => number) => {
    let text = '';
    const view = progressView(mode, { write: (part) => (text += part), columns: 100 }, { now });
    for (const event of events) view.onEvent(event);
    view.end();
    return text;
  };

  it('a log gets a line every ten seconds, and every note', () => {
    let nowMs = 0;
    const text = shown('log', [progress, progress, note, progress, progress], () => (nowMs += 4_000));
    expect(text.split('\n').filter((line) => line.includes('%'))).toHaveLength(2);
    expect(text).toContain('something to know\n');
  });

  it('a terminal gets one line that is cleared at the end', () => {
    const text = shown('line', [progress, note, progress], () => 0);
    expect(text.endsWith('\r\x1b[2K')).toBe(true);
    expect(text).toContain('\r\x1b[2Ksomething to know\n');
  });

  it('a program gets JSON lines', () => {
    const lines = shown('json', [progress, note], () => 0)
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ type: 'upload-progress', uploadId: 'u1', partsDone: 6 }),
      { type: 'note', text: 'something to know' },
    ]);
  });
});
