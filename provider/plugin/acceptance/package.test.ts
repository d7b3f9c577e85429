// The package as it would be published: what is in it, and that it works in an empty folder, with its types.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnv } from '../example/bundle.ts';

const run = promisify(execFile);
const own = fileURLToPath(new URL('..', import.meta.url));
const root = join(own, '../..');
const require = createRequire(import.meta.url);

/** Packs a copy, because packing builds anew what other tests may be using. Returns the archive and what is in it. */
async function pack(
  folder: string,
): Promise<{ readonly archive: string; readonly files: readonly string[] }> {
  const copy = join(folder, 'provider/plugin');
  const isSource = (path: string) => !/\/(dist|node_modules)$/.test(path);
  await cp(own, copy, { recursive: true, filter: isSource });
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { stdout } = await run('npm', ['pack', '--json', '--silent'], { cwd: copy, env: cleanEnv({}) });
  // The scripts that build it may print lines of their own before.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (packed === undefined) throw new Error(`npm pack printed ${stdout}`);
  return { archive: join(copy, packed.filename), files: packed.files.map(({ path }) => path) };
}

describe('the package', { timeout: 60_000 }, () => {
  let sources = '';
  let folder = '';
  let files: readonly string[] = [];

  beforeAll(async () => {
    sources = await mkdtemp(join(tmpdir(), 'pack-'));
    folder = await mkdtemp(join(tmpdir(), 'user-'));
    const packed = await pack(sources);
    files = packed.files;
    const target = join(folder, 'node_modules/@imagebridge/terraform-plugin');
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', packed.archive, '-C', target, '--strip-components=1']);
    // Its one dependency, as npm would have put it there, and the compiler's types of Node.
    for (const name of ['lossless-json', '@types/node', 'undici-types']) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const example = await readFile(join(own, 'example/provider.ts'), 'utf8');
    await writeFile(
      join(folder, 'provider.ts'),
      example.replace("'../index.ts'", "'@imagebridge/terraform-plugin'"),
    );
    await writeFile(
      join(folder, 'main.ts'),
      "import { serve } from '@imagebridge/terraform-plugin';\nvoid serve(() => import('./provider.js'));\n",
    );
  }, 60_000);
  afterAll(async () => {
    for (const made of [sources, folder]) await rm(made, { recursive: true, force: true });
  });

  it('holds the code, its types, the guide and the licence, and nothing else', () => {
    expect(files).toContain('README.md');
    expect(files).toContain('LICENSE');
    expect(files).toContain('dist/index.js');
    expect(files).toContain('dist/types/index.d.ts');
    const others = files.filter(
      (path) =>
        !/^(README\.md|LICENSE|package\.json|dist\/(index\.js|chunks\/[^/]+\.js|types\/.+\.d\.ts))$/.test(
          path,
        ),
    );
    expect(others).toEqual([]);
    expect(files.filter((path) => /test|example|acceptance/.test(path))).toEqual([]);
  });

  it('is compiled against, by its types alone, and runs', async () => {
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    await run(process.execPath, [tsc, ...options, 'main.ts', 'provider.ts'], { cwd: folder });
    const failed = await run(process.execPath, ['main.js'], { cwd: folder, env: cleanEnv({}) }).catch(
      (error: Error & { stderr?: string }) => error.stderr ?? error.message,
    );
    expect(failed).toContain('is the Terraform provider registry.terraform.io/example/notes');
  });
});
