// The adapter for the openstack family against the embedded cloud, both dialects. test/peers runs the same suite on real servers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles, type OpenstackProfile } from '@imagebridge/core';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe } from 'vitest';
import { openstackSuite } from './suites/openstack.ts';

let dir: string;
let server: LocalCloud;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-openstack-'));
  server = await startLocalCloud({ dataDir: dir, jobDurationMs: 40 });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function profile(name: string): OpenstackProfile {
  const found = loadProfiles({ path: server.profilesPath, env: {} }).get(name);
  if (found.family !== 'openstack') throw new Error(`${name} is of another family`);
  return found;
}

describe.each(['openstack', 'easystack'])('the embedded cloud as an %s', (dialect) => {
  openstackSuite(() => ({
    server: 'embedded',
    profile: profile(`local-${dialect}`),
    other: profile(`partner-${dialect}`),
    admin: profile(`operator-${dialect}`),
    secondStore: dialect === 'openstack' ? 'store2' : undefined,
    fetchesLoopback: dialect === 'openstack',
    credential: server.accounts[0]?.openstack.applicationCredential,
  }));
});
