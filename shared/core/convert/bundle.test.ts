// The unpacking thread in bundles: its code travels as text, so every way of bundling must leave it whole.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, large } from './testing/fixtures.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  for (const name of ['bzip2', 'xzBlocks', 'zstd'] as const)
    await writeFile(join(folder, name), fixture(name));
  await writeFile(
    join(folder, 'main.ts'),
    `import { openUnpacked } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
for (const path of process.argv.slice(2)) {
  const source = await openUnpacked(path, { stateDir: path + '.state' });
  const bytes = new Uint8Array(source.identity.sizeBytes);
  await source.read(0, bytes);
  await source.close();
  console.log(bytes.length);
}`,
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('bundled into one file', () => {
  it.each([
    ['plain', {}],
    ['minified', { minify: true }],
    ['with names kept', { keepNames: true }],
  ])(
    '%s, it unpacks',
    async (name, options) => {
      const outfile = join(folder, `${name.replaceAll(' ', '-')}.mjs`);
      await build({
        entryPoints: [join(folder, 'main.ts')],
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        outfile,
        logLevel: 'error',
        ...options,
      });
      const archives = ['bzip2', 'xzBlocks', 'zstd'].map((file) => join(folder, file));
      const { stdout } = await promisify(execFile)(process.execPath, [outfile, ...archives]);
      expect(stdout.trim().split('\n')).toEqual(archives.map(() => String(large.length)));
    },
    60_000,
  );
});
