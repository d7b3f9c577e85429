// The guide shows the example as it is.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it.each(['provider.ts', 'main.ts', 'locker.ts'])('README.md shows %s word by word', async (name) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const source = await readFile(new URL(name, import.meta.url), 'utf8');
  expect(readme).toContain(source.trimEnd());
});
