// The adapter for the ucloudstack family against the embedded cloud: both were written from the API documents, apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles, type UcloudstackProfile } from '@imagebridge/core';
import { type LocalCloud, startLocalCloud, ucloudstackInventory } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe } from 'vitest';
import { ucloudstackSuite } from './suites/ucloudstack.ts';

let dir: string;
let server: LocalCloud;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-ucloudstack-'));
  server = await startLocalCloud({ dataDir: dir, jobDurationMs: 100 });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function profile(name: string): UcloudstackProfile {
  const found = loadProfiles({ path: server.profilesPath, env: {} }).get(name);
  if (found.family !== 'ucloudstack') throw new Error(`${name} is of another family`);
  return found;
}

describe('the embedded cloud as a ucloudstack', () => {
  ucloudstackSuite(() => {
    const company = server.accounts[0]?.ucloudstack.companyId ?? 0;
    const stopped = ucloudstackInventory(company, 'local-1').find(
      (vm) => vm.status === 'Stopped' && vm.arch === 'x86_64',
    );
    return {
      server: 'embedded',
      profile: profile('local-ucloudstack'),
      admin: profile('operator-ucloudstack'),
      stoppedServer: stopped?.id,
      fetchesLoopback: true,
    };
  });
});
