// The conformance suite of a profile's family on a user's own cloud: IMAGEBRIDGE_LIVE_CLOUD=NAME npm run test:live. It
// makes small images whose names begin with `imagebridge-`, and deletes them. IMAGEBRIDGE_LIVE_OTHER and
// IMAGEBRIDGE_LIVE_ADMIN name profiles of another project and of an administrator.
import { connectProfile, loadProfiles, type Profile } from '@imagebridge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openstackSuite } from '../conformance/suites/openstack.ts';
import { ucloudstackSuite } from '../conformance/suites/ucloudstack.ts';
import { recordVerified } from '../conformance/suites/verified.ts';

const { IMAGEBRIDGE_LIVE_CLOUD: name, IMAGEBRIDGE_LIVE_OTHER, IMAGEBRIDGE_LIVE_ADMIN } = process.env;
const profiles = loadProfiles({ env: process.env });
const secretsOf = async (of: string | undefined): Promise<Profile | undefined> =>
  of === undefined ? undefined : profiles.open(of);
const family = name === undefined ? undefined : profiles.get(name).family;

let main: Profile;
let other: Profile | undefined;
let admin: Profile | undefined;
beforeAll(async () => {
  if (name === undefined) return;
  main = await profiles.open(name);
  other = await secretsOf(IMAGEBRIDGE_LIVE_OTHER);
  admin = await secretsOf(IMAGEBRIDGE_LIVE_ADMIN);
});

it.skipIf(name === undefined)(
  `a live cloud${name === undefined ? ' (IMAGEBRIDGE_LIVE_CLOUD names no profile)' : ` "${name}"`}`,
  async () => {
    const cloud = connectProfile(main);
    expect(await cloud.projectId()).not.toBe('');
    await cloud.close();
  },
);

const same = <F extends Profile['family']>(profile: Profile | undefined, wanted: F) =>
  profile?.family === wanted ? (profile as Extract<Profile, { family: F }>) : undefined;

describe.runIf(family === 'openstack')(`openstack "${name}"`, () => {
  openstackSuite(() => {
    const profile = same(main, 'openstack');
    if (profile === undefined) throw new Error('another family than asked for');
    return { server: 'live', profile, other: same(other, 'openstack'), admin: same(admin, 'openstack') };
  });
});

describe.runIf(family === 'ucloudstack')(`ucloudstack "${name}"`, () => {
  ucloudstackSuite(() => {
    const profile = same(main, 'ucloudstack');
    if (profile === undefined) throw new Error('another family than asked for');
    return { server: 'live', profile, admin: same(admin, 'ucloudstack') };
  });
});

// What costs nothing: reading calls, and a probe that cleans up. Imports of this family take a bucket and half an hour.
describe.runIf(family === 'huaweicloud')(`huaweicloud "${name}"`, () => {
  const reading = [14, 22, 28, 30, 39, 40, 41, 42, 48, 50, 51];
  let cloud: ReturnType<typeof connectProfile>;
  beforeAll(() => {
    cloud = connectProfile(main);
  });
  afterAll(() => cloud.close());

  it.each(reading)('answers operation %i', async (number) => {
    const parameters = number === 14 || number === 30 ? { limit: 5 } : {};
    expect((await cloud.callOperation(number, { parameters })).data).toBeDefined();
    recordVerified('live', number);
  });

  it('is probed', async () => {
    const { findings } = await cloud.probe();
    expect(findings.filter(({ outcome }) => outcome === 'works').length).toBeGreaterThan(0);
  });
});
