// The provider's flow around the adapters changes nothing: the suites of the adapters run through it, and what a listing tells
// of an image is what the service tells of it alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelledError,
  connect,
  type ImageCloud,
  loadProfiles,
  type Profile,
  systemClock,
  waitForJob,
} from '@imagebridge/core';
import {
  huaweicloudInventory,
  type LocalCloud,
  startLocalCloud,
  ucloudstackInventory,
} from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountFlow } from '../../provider/terraform/flow/flow.ts';
import { Written } from '../../provider/terraform/flow/written.ts';
import { openstackSuite } from './suites/openstack.ts';
import { ucloudstackSuite } from './suites/ucloudstack.ts';

let dir: string;
let server: LocalCloud;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-flow-'));
  server = await startLocalCloud({ dataDir: dir, jobDurationMs: 40 });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function profile<F extends Profile['family']>(name: string, family: F): Extract<Profile, { family: F }> {
  const found = loadProfiles({ path: server.profilesPath, env: {} }).get(name);
  if (isOf(found, family)) return found;
  throw new Error(`${name} is of another family`);
}

const isOf = <F extends Profile['family']>(
  found: Profile,
  family: F,
): found is Extract<Profile, { family: F }> => found.family === family;

const written = new Written();
const around = (cloud: ImageCloud): ImageCloud =>
  new AccountFlow({
    written,
    clock: systemClock,
    cancelled: () => new CancelledError({ operation: 'wait', reason: 'it was cancelled' }),
    onCopyWaits: () => {},
  }).around(cloud);

describe('the flow around the openstack adapter', () => {
  openstackSuite(() => ({
    server: 'embedded',
    profile: profile('local-openstack', 'openstack'),
    other: profile('partner-openstack', 'openstack'),
    admin: profile('operator-openstack', 'openstack'),
    secondStore: 'store2',
    fetchesLoopback: true,
    credential: server.accounts[0]?.openstack.applicationCredential,
    around,
  }));
});

describe('the flow around the ucloudstack adapter', () => {
  ucloudstackSuite(() => ({
    server: 'embedded',
    profile: profile('local-ucloudstack', 'ucloudstack'),
    admin: profile('operator-ucloudstack', 'ucloudstack'),
    stoppedServer: stoppedServer('ucloudstack'),
    fetchesLoopback: true,
    around,
  }));
});

describe('an image of a listing', () => {
  it.each(['local', 'local-openstack', 'local-ucloudstack'])('is what %s tells of it alone', async (name) => {
    const cloud = await connect({ cloud: name, configPath: server.profilesPath, env: {} });
    const common = { tags: { a: '1', b: '2' }, description: 'of a listing' };
    for (let i = 0; i < 9; i++) {
      const image = { ...common, name: `listed-${i}` };
      if (cloud.family !== 'openstack') {
        const serverId = stoppedServer(cloud.family);
        await waitForJob(cloud, await cloud.createFromServer({ ...image, serverId }), 'make an image');
        continue;
      }
      const properties = { os_distro: 'ubuntu', own: 'x' };
      await cloud.uploadStream({
        ...image,
        description: undefined,
        properties,
        minDiskGiB: 1,
        diskFormat: 'raw',
        sizeBytes: 1,
        async *open() {
          yield Buffer.from('x');
        },
      });
    }
    let compared = 0;
    for await (const listed of cloud.listImages({ scope: 'own' })) {
      expect(await cloud.getImage(listed.id)).toEqual(listed);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(9);
    await cloud.close();
  });
});

/** A server that images can be made from. */
function stoppedServer(family: 'huaweicloud' | 'ucloudstack'): string {
  const [account] = server.accounts;
  const found =
    family === 'huaweicloud'
      ? huaweicloudInventory(account?.projects['local-1'] ?? '', 'local-1').servers.find(
          ({ status, obstacle }) => status === 'SHUTOFF' && obstacle === undefined,
        )
      : ucloudstackInventory(account?.ucloudstack.companyId ?? 0, 'local-1').find(
          ({ status, arch }) => status === 'Stopped' && arch === 'x86_64',
        );
  return found?.id ?? '';
}
