import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { testFolder } from './clouds/testing.ts';
import { openLog } from './log.ts';
import { VERSION } from './version.ts';

describe('the log', () => {
  it('keeps its lines over a restart, one entry a line, without secrets', () => {
    const dataDir = testFolder();
    openLog(dataDir, systemClock).warn('a\nb Authorization: Bearer abc.def');
    openLog(dataDir, systemClock).fault('An error', new Error('oh'));
    const lines = openLog(dataDir, systemClock).lines();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('warn a ⏎ b');
    expect(lines[0]).not.toContain('abc.def');
    expect(lines[1]).toMatch(/An error: Error: oh ⏎ at /);
  });

  it('is bounded in memory and on disk', () => {
    const dataDir = testFolder();
    writeFileSync(join(dataDir, 'engine.log'), 'x'.repeat(1024 * 1024 + 1));
    const log = openLog(dataDir, systemClock);
    for (let n = 0; n < 600; n++) log.info(`line ${n}`);
    expect(log.lines()).toHaveLength(500);
    expect(log.lines().at(-1)).toContain('line 599');
    expect(statSync(join(dataDir, 'engine.log')).size).toBeLessThan(100_000);
    expect(statSync(join(dataDir, 'engine.old.log')).size).toBeGreaterThan(1_000_000);
  });

  it('does without a file where there can be none', () => {
    const dataDir = testFolder();
    writeFileSync(join(dataDir, 'f'), '');
    const log = openLog(join(dataDir, 'f'), systemClock);
    log.info('still here');
    expect(log.lines()).toHaveLength(1);
    expect(readFileSync(join(dataDir, 'f'), 'utf8')).toBe('');
  });
});

it('the version is that of the package', () => {
  const text = readFileSync(new URL('./package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
});
