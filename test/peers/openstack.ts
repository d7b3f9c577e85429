// A real Keystone and Glance of Debian, started for one test file and stopped with it.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

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

/** A user of the peers, with a project. Secret. */
export type PeerUser = z.infer<typeof userSchema>;

/** How the peers are reached. Secret. */
export type Peers = z.infer<typeof peersSchema>;

/** How long the start may take, packages included, in ms. */
export const START_LIMIT_MS = 300_000;

/**
 * Starts them on free ports; installs the packages first, where they are missing.
 * @throws Error with the end of what the start printed
 */
export async function startOpenstack(): Promise<{ peers: Peers; stop: () => void }> {
  const env = { ...process.env, KEYSTONE_PORT: await freePort(), GLANCE_PORT: await freePort() };
  const dir = mkdtempSync(join(tmpdir(), 'imagebridge-peers-'));
  const stop = () => {
    spawnSync('bash', [script, 'down', dir]);
    rmSync(dir, { recursive: true, force: true });
  };
  const { status, stderr } = spawnSync('bash', [script, 'up', dir], { encoding: 'utf8', env });
  if (status !== 0) {
    stop();
    throw new Error(`Keystone and Glance did not start: ${stderr.slice(-2000)}`);
  }
  return { peers: peersSchema.parse(JSON.parse(readFileSync(join(dir, 'peers.json'), 'utf8'))), stop };
}

/** A port that is free now. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? String(address.port) : '0';
}
