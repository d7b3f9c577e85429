import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../outcome.ts';
import { expandFiles } from './glob.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'imagebridge-glob-'));
  mkdirSync(path.join(dir, 'sub', 'deep'), { recursive: true });
  mkdirSync(path.join(dir, 'folder.qcow2'));
  for (const name of [
    'a.qcow2',
    'b.qcow2',
    'c.iso',
    '.hidden.qcow2',
    'x[1].qcow2',
    'sub/d.qcow2',
    'sub/deep/e.qcow2',
    '镜像.qcow2',
    'a+b.iso',
  ])
    writeFileSync(path.join(dir, name), '');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const names = (...patterns: string[]) =>
  expandFiles(patterns.map((pattern) => path.join(dir, pattern))).map((file) => path.relative(dir, file));

describe('patterns', () => {
  it.each([
    ['*.qcow2', ['a.qcow2', 'b.qcow2', 'x[1].qcow2', '镜像.qcow2']],
    ['?.qcow2', ['a.qcow2', 'b.qcow2']],
    ['[ab].qcow2', ['a.qcow2', 'b.qcow2']],
    ['[!a].qcow2', ['b.qcow2']],
    ['.*.qcow2', ['.hidden.qcow2']],
    ['a+b.*', ['a+b.iso']],
    ['**/*.qcow2', ['a.qcow2', 'b.qcow2', 'sub/d.qcow2', 'sub/deep/e.qcow2', 'x[1].qcow2', '镜像.qcow2']],
    ['s*/*.qcow2', ['sub/d.qcow2']],
  ])('%s', (pattern, expected) => {
    expect(names(pattern)).toEqual(expected);
  });

  it('a file that exists is no pattern, and is named once', () => {
    expect(names('x[1].qcow2', 'a.qcow2', 'a*', 'sub/../a.qcow2')).toEqual([
      'x[1].qcow2',
      'a.qcow2',
      'a+b.iso',
    ]);
  });

  it('a path without a pattern is left to whoever reads it', () => {
    expect(names('not-there.qcow2')).toEqual(['not-there.qcow2']);
  });

  it('nothing that matches is a mistake of the user', () => {
    expect(() => names('*.vmdk')).toThrow(UsageError);
    expect(() => names('no-folder/*.qcow2')).toThrow(/No file matches/);
  });
});
