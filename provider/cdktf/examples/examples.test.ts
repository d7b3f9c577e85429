import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';

let outdir: string | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
  if (outdir) rmSync(outdir, { recursive: true, force: true });
});

const folder = fileURLToPath(new URL('.', import.meta.url));
const programs = readdirSync(folder).filter((name) => /(?<!\.test)\.ts$/.test(name));

/** Runs a program, and returns the names of the resources' types that each stack has. */
async function run(program: string): Promise<Record<string, string[]>> {
  outdir = mkdtempSync(join(tmpdir(), 'imagebridge-'));
  vi.stubEnv('CDKTF_OUTDIR', outdir);
  await import(join(folder, program));
  const stacks = join(outdir, 'stacks');
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => {
      const json: { resource?: object } = JSON.parse(
        readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8'),
      );
      return [stack, Object.keys(json.resource ?? {})];
    }),
  );
}

const TYPES: Readonly<Record<string, Record<string, string[]>>> = {
  'quick-start.ts': {
    images: [
      'imagebridge_image',
      'imagebridge_image_copy',
      'imagebridge_image_share',
      'imagebridge_image_share_acceptance',
    ],
  },
  'three-clouds.ts': { release: ['imagebridge_channel', 'imagebridge_image', 'imagebridge_image_retention'] },
  'share-across-projects.ts': { sharing: ['imagebridge_image', 'imagebridge_image_shares'] },
  'promote.ts': {
    candidate: ['imagebridge_channel', 'imagebridge_image'],
    production: ['imagebridge_channel', 'imagebridge_image_copy'],
  },
  'cross-cloud.ts': { crossing: ['imagebridge_image', 'imagebridge_image_copy'] },
};

describe('the examples', () => {
  test.each(programs)('%s synthesises', async (program) => {
    expect(await run(program)).toEqual(TYPES[program]);
  });

  test('the README shows the quick start', () => {
    const source = readFileSync(join(folder, 'quick-start.ts'), 'utf8');
    const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(folder, '../README.md'), 'utf8'))?.[1];
    expect(shown).toBe(source.replace(/^\/\/.*\n/, ''));
  });

  test('the pipelines run what the project has', () => {
    const project = readFileSync(join(folder, 'project/main.ts'), 'utf8');
    const stack = /new Images\(app, '(\w+)'/.exec(project)?.[1];
    for (const name of ['github-actions.yml', 'gitlab-ci.yml']) {
      const pipeline = readFileSync(join(folder, 'ci', name), 'utf8');
      expect(pipeline).toContain('node main.js');
      for (const [, dir] of pipeline.matchAll(/-chdir=(\S+)/g)) expect(dir).toBe(`cdktf.out/stacks/${stack}`);
    }
  });
});
