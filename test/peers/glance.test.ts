// The adapter for the openstack family against a real Keystone and Glance of Debian.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OpenstackProfile, parseProfile } from '@imagebridge/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { z } from 'zod';
import { openstackSuite } from '../conformance/suites/openstack.ts';
import { whyNoDebian } from './debian.ts';

const script = fileURLToPath(new URL('openstack.sh', import.meta.url));
const userSchema = z.object({ user: z.string(), password: z.string(), project: z.string() });
const peersSchema = z.object({
  authUrl: z.string(),
  region: z.string(),
  domain: z.string(),
  secondStore: z.string(),
  member: userSchema,
  other: userSchema,
  admin: userSchema,
  credential: z.object({ id: z.string(), secret: z.string() }),
});

const reason = whyNoDebian();
let dir: string;
let peers: z.infer<typeof peersSchema>;

/** A port that is free now. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? String(address.port) : '0';
}

beforeAll(async () => {
  if (reason !== undefined) return;
  const env = { ...process.env, KEYSTONE_PORT: await freePort(), GLANCE_PORT: await freePort() };
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-peers-'));
  const { status, stderr } = spawnSync('bash', [script, 'up', dir], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`Keystone and Glance did not start: ${stderr.slice(-2000)}`);
  peers = peersSchema.parse(JSON.parse(readFileSync(join(dir, 'peers.json'), 'utf8')));
}, 300_000);
afterAll(() => {
  if (reason !== undefined) return;
  spawnSync('bash', [script, 'down', dir]);
  rmSync(dir, { recursive: true, force: true });
});

function profile({ user, password, project }: z.infer<typeof userSchema>): OpenstackProfile {
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
