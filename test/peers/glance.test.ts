// The adapter for the openstack family against a real Keystone and Glance of Debian.
import { type OpenstackProfile, parseProfile } from '@imagebridge/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { openstackSuite } from '../conformance/suites/openstack.ts';
import { whyNoDebian } from './debian.ts';
import { type Peers, type PeerUser, START_LIMIT_MS, startOpenstack } from './openstack.ts';

const reason = whyNoDebian();
let peers: Peers;
let stop: (() => void) | undefined;

beforeAll(async () => {
  if (reason === undefined) ({ peers, stop } = await startOpenstack());
}, START_LIMIT_MS);
afterAll(() => stop?.());

function profile({ user, password, project }: PeerUser): OpenstackProfile {
  const fields = {
    family: 'openstack',
    region: peers.region,
    auth_url: peers.authUrl,
    username: user,
    password,
    project_name: project,
    user_domain_name: peers.domain,
    project_domain_name: peers.domain,
  };
  const parsed = parseProfile(user, fields);
  if (parsed.family !== 'openstack') throw new Error('another family than asked for');
  return parsed;
}

describe.skipIf(reason !== undefined)(`a real Keystone and Glance${reason ? ` (${reason})` : ''}`, () => {
  openstackSuite(() => ({
    server: 'glance',
    profile: profile(peers.member),
    other: profile(peers.other),
    admin: profile(peers.admin),
    secondStore: peers.secondStore,
    fetchesLoopback: true,
    credential: peers.credential,
  }));
});
