// A release works where there is no Node and no network: the single executable for this machine, installed from the mirror.
// Takes half a minute and downloads 50 MB the first time: `npm run test:dist`, not a part of `npm test`.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { hostTarget, NODE_VERSION } from '../../provider/terraform/dist-tool/targets.ts';
import { skipReason as noTerraform } from '../fixtures/terraform.ts';

const TOOL = fileURLToPath(new URL('../../provider/terraform/dist/dist-tool.mjs', import.meta.url));

function whyNot(): string | undefined {
  if (noTerraform !== undefined) return noTerraform;
  try {
    const wanted = `${hostTarget().nodePackage}@${NODE_VERSION}`;
    const asked = spawnSync('npm', ['view', wanted, 'dist.integrity'], { encoding: 'utf8', timeout: 60_000 });
    return asked.status === 0 ? undefined : `${wanted} cannot be had from the npm registry here`;
  } catch (error) {
    return String(error);
  }
}
const reason = whyNot();
if (reason !== undefined) process.stderr.write(`skipped: a release of the provider: ${reason}\n`);

describe.skipIf(reason !== undefined)(
  `a release of the provider${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let out: string;
    afterAll(() => rm(out, { recursive: true, force: true }));

    it('is installed from its mirror, and applies the quick start without Node on the PATH', async () => {
      out = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-release-'));
      const { stdout } = await promisify(execFile)(process.execPath, [
        TOOL,
        '--targets',
        'host',
        '--check',
        '--out',
        out,
      ]);
      expect(stdout).toContain('the quick start works from the mirror');
    });

    it('has the sums of all its files, and says which protocol it speaks', async () => {
      const sums = (await readFile(path.join(out, 'SHA256SUMS'), 'utf8')).trim().split('\n');
      const named = sums.map((line) => line.split('  '));
      const files = (await readdir(out)).filter((name) => /\.zip$|_manifest\.json$/.test(name)).sort();
      expect(named.map(([, name]) => name)).toEqual(files);
      for (const [sum, name = ''] of named) {
        const bytes = await readFile(path.join(out, name));
        expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sum);
      }
      const manifest: unknown = JSON.parse(
        await readFile(path.join(out, 'terraform-registry-manifest.json'), 'utf8'),
      );
      expect(manifest).toEqual({ version: 1, metadata: { protocol_versions: ['6.0'] } });
    });
  },
);
