// The layering rules of biome.json bite: each is broken on purpose, in a scratch tree with the same configuration.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'imagebridge-layers-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const refused = [
  ['shared/core/model/x.ts', '../http/client.ts'],
  ['shared/core/http/x.ts', '../clouds/index.ts'],
  ['shared/core/clouds/huaweicloud/x.ts', '../../transfer/index.ts'],
  ['shared/core/clouds/x.ts', '../config/index.ts'],
  ['shared/core/transfer/x.ts', '../clouds/index.ts'],
  ['shared/core/transfer/x.ts', '../http/index.ts'],
  ['shared/core/inspect/x.ts', '../transfer/index.ts'],
  ['shared/core/convert/x.ts', '../inspect/index.ts'],
  ['shared/core/convert/decoders/x.ts', '../../http/index.ts'],
  ['shared/core/transfer/x.ts', '../convert/index.ts'],
  ['shared/core/config/x.ts', '../workflow/index.ts'],
  ['shared/core/workflow/x.ts', '@imagebridge/local-cloud'],
  ['shared/local-cloud/x.ts', '@imagebridge/core'],
  ['shared/local-cloud/huaweicloud/x.ts', '../../core/model/index.ts'],
  ['shared/cli/x.ts', '../core/workflow/index.ts'],
  ['provider/plugin/x.ts', '@imagebridge/core'],
  ['provider/terraform/x.ts', '@imagebridge/local-cloud'],
  ['provider/terraform/x.ts', '../../shared/core/index.ts'],
  ['provider/cdktf/x.ts', '@imagebridge/terraform-provider'],
  ['provider/cdktf/x.ts', '@imagebridge/core'],
  ['desktop/contract/x.ts', 'node:fs'],
  ['desktop/contract/views/x.ts', '@imagebridge/core'],
  ['desktop/engine/x.ts', 'electron'],
  ['desktop/engine/tasks/x.ts', '../../window/store.ts'],
  ['desktop/engine/x.ts', '@imagebridge/cli'],
  ['desktop/window/x.ts', 'node:path'],
  ['desktop/window/x.ts', 'electron'],
  ['desktop/window/screens/x.ts', '@imagebridge/core'],
  ['desktop/window/x.ts', '../engine/index.ts'],
  ['desktop/shell/x.ts', '@imagebridge/core'],
  ['desktop/shell/x.ts', 'react'],
] as const;

const allowed = [
  ['shared/core/clouds/huaweicloud/x.ts', '../../http/index.ts'],
  ['shared/core/clouds/huaweicloud/x.ts', '../object-store/obs.ts'],
  ['shared/core/workflow/x.ts', '../transfer/index.ts'],
  ['shared/core/workflow/x.ts', '../convert/index.ts'],
  ['shared/core/convert/x.ts', '../model/index.ts'],
  ['shared/cli/x.ts', '@imagebridge/core'],
  ['provider/terraform/x.ts', '@imagebridge/terraform-plugin'],
  ['provider/terraform/x.ts', '../../shared/bundle/slim.mjs'],
  ['desktop/engine/x.ts', '../../shared/bundle/slim.mjs'],
  ['provider/cdktf/x.ts', 'cdktf'],
] as const;

const report = z.object({
  summary: z.object({ unchanged: z.number(), changed: z.number() }),
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.unknown() }) })),
});

/** Names of the files, of one per case, in which lint found a forbidden import. */
function lintAll(cases: readonly (readonly [string, string])[]): { checked: number; found: Set<string> } {
  copyFileSync(path.join(root, 'biome.json'), path.join(scratch, 'biome.json'));
  cases.forEach(([file, specifier], i) => {
    const place = path.join(scratch, path.dirname(file), `case-${i}.ts`);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, `import { x } from '${specifier}';\n\nexport default x;\n`);
  });
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8' });
  const { summary, diagnostics } = report.parse(JSON.parse(stdout));
  const found = diagnostics
    .filter(({ category }) => category === 'lint/style/noRestrictedImports')
    .map(({ location }) => /case-\d+/.exec(JSON.stringify(location.path))?.[0] ?? '');
  return { checked: summary.unchanged + summary.changed, found: new Set(found) };
}

const cases = [...refused, ...allowed];
const { checked, found } = lintAll(cases);

it('lints every case', () => expect(checked).toBeGreaterThanOrEqual(cases.length));

it.each(refused)('%s may not import %s', (file, specifier) => {
  const i = cases.findIndex((c) => c[0] === file && c[1] === specifier);
  expect(found).toContain(`case-${i}`);
});

it.each(allowed)('%s may import %s', (file, specifier) => {
  const i = cases.findIndex((c) => c[0] === file && c[1] === specifier);
  expect(found).not.toContain(`case-${i}`);
});
