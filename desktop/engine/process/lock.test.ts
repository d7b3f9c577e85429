// The data folder is taken, and tidied up by whoever takes it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../clouds/testing.ts';
import { lockDataDir } from './lock.ts';

it('removes what a killed process had not finished writing, and nothing else', async () => {
  const folder = testFolder();
  for (const name of ['.tasks.jsonl.0123456789ab', '.tasks.jsonl', 'tasks.jsonl', '.notes.of-the-user'])
    writeFileSync(join(folder, name), 'x');
  const lock = await lockDataDir(folder, { variant: 'app', sinceMs: 1 });
  expect(readdirSync(folder).sort()).toEqual([
    '.notes.of-the-user',
    '.tasks.jsonl',
    'engine.json',
    'tasks.jsonl',
  ]);
  await lock.release();
  expect(readdirSync(folder)).not.toContain('engine.json');
});
