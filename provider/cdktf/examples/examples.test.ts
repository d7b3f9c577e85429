import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

let outdir: string | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  if (outdir) rmSync(outdir, { recursive: true });
});

test('the quick start synthesises, and is what the README shows', async () => {
  // GIVEN
  outdir = mkdtempSync(join(tmpdir(), 'imagebridge-'));
  vi.stubEnv('CDKTF_OUTDIR', outdir);

  // WHEN
  await import('./quick-start.ts');

  // THEN
  const json: unknown = JSON.parse(readFileSync(join(outdir, 'stacks/images/cdk.tf.json'), 'utf8'));
  expect(json).toMatchObject({
    provider: { imagebridge: [{ default_cloud: 'build' }] },
    terraform: { required_providers: { imagebridge: { source: 'imagebridge/imagebridge' } } },
    output: { east_image_id: { value: expect.stringMatching(/^\$\{imagebridge_image_copy\.[\w-]+\.id\}$/) } },
  });
  const source = readFileSync(new URL('quick-start.ts', import.meta.url), 'utf8');
  const shown = /```ts\n([\s\S]*?)```/.exec(
    readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
  )?.[1];
  expect(shown).toBe(source.replace(/^\/\/.*\n/, '').replace("'../index.ts'", "'@imagebridge/cdktf'"));
});
