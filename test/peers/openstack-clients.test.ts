// Debian's openstack and glance commands, unmodified, on the embedded cloud.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAccount, type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { must, run } from './command.ts';
import { install } from './debian.ts';

const noOpenstack = install('openstack', 'python3-openstackclient');
const noGlance = install('glance', 'python3-glanceclient');
const named = (what: string, reason: string | undefined) =>
  reason === undefined ? what : `${what} (${reason})`;

let dir: string;
let server: LocalCloud;
const disk = () => join(dir, 'disk.qcow2');
const md5 = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-os-'));
  server = await startLocalCloud({ dataDir: join(dir, 'cloud'), jobDurationMs: 40 });
  await makeQcow2(disk(), { dataBytes: 3 << 20, seed: 'clients' });
}, 180_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function account(domain: string): LocalAccount {
  const found = server.accounts.find((one) => one.domain === domain);
  if (found === undefined) throw new Error(`no account ${domain}`);
  return found;
}
function environment(domain: string): Record<string, string> {
  const { userName, password, projectName, domainName } = account(domain).openstack;
  return {
    OS_AUTH_URL: `${server.endpoints.keystone}/v3`,
    OS_USERNAME: userName,
    OS_PASSWORD: password,
    OS_PROJECT_NAME: projectName,
    OS_USER_DOMAIN_NAME: domainName,
    OS_PROJECT_DOMAIN_NAME: domainName,
    OS_REGION_NAME: 'local-1',
    OS_IDENTITY_API_VERSION: '3',
    PYTHONWARNINGS: 'ignore',
  };
}
const lastId = (output: string) => /\b[0-9a-f]{8}-[0-9a-f-]{27}\b/.exec(output)?.[0] ?? '';

describe.skipIf(noOpenstack !== undefined)(named('openstack', noOpenstack), () => {
  const openstack = async (domain: string, ...args: string[]): Promise<string> =>
    must('openstack', args, environment(domain));
  const image = async (domain: string, ...args: string[]) =>
    JSON.parse(await openstack(domain, 'image', ...args, '-f', 'json'));

  it('gets a token and reads the catalogue', async () => {
    expect(await openstack('acme', 'token', 'issue', '-f', 'json')).toContain('expires');
    expect(await openstack('acme', 'catalog', 'list')).toContain('glance');
  });

  it('creates, lists, changes, saves, shares, deactivates and deletes an image', async () => {
    const made = await image('acme', 'create', 'cli', '--disk-format', 'qcow2', '--file', disk());
    const shown = await image('acme', 'show', made.id);
    expect(shown).toMatchObject({ status: 'active', checksum: md5(disk()) });
    const listed: { ID: string }[] = await image('acme', 'list');
    expect(listed.map(({ ID }) => ID)).toContain(made.id);
    await openstack(
      ...(['acme', 'image', 'set', made.id, '--name', 'renamed', '--tag', 'blue'] as const),
      ...['--property', 'os_distro=debian', '--protected', '--min-disk', '2'],
    );
    expect(await image('acme', 'show', made.id)).toMatchObject({
      name: 'renamed',
      tags: ['blue'],
      protected: true,
      min_disk: 2,
    });
    expect((await run('openstack', ['image', 'delete', made.id], environment('acme'))).code).not.toBe(0);
    await openstack('acme', 'image', 'set', made.id, '--unprotected');
    await openstack('acme', 'image', 'unset', made.id, '--tag', 'blue', '--property', 'os_distro');

    await openstack('acme', 'image', 'save', made.id, '--file', join(dir, 'saved'));
    expect(md5(join(dir, 'saved'))).toBe(md5(disk()));

    const partner = account('partner').openstack.projectId;
    await openstack('acme', 'image', 'set', made.id, '--shared');
    await openstack('acme', 'image', 'add', 'project', made.id, partner);
    await openstack('partner', 'image', 'set', '--accept', made.id);
    const theirs: { ID: string }[] = await image('partner', 'list');
    expect(theirs.map(({ ID }) => ID)).toContain(made.id);
    expect(await openstack('acme', 'image', 'member', 'list', made.id)).toContain('accepted');
    await openstack('partner', 'image', 'set', '--reject', made.id);
    await openstack('acme', 'image', 'remove', 'project', made.id, partner);

    await openstack('operator', 'image', 'set', '--deactivate', made.id);
    expect(await image('acme', 'show', made.id)).toMatchObject({ status: 'deactivated' });
    await openstack('operator', 'image', 'set', '--activate', made.id);
    await openstack('acme', 'image', 'delete', made.id);
    expect((await run('openstack', ['image', 'show', made.id], environment('acme'))).code).not.toBe(0);
  });

  it('works with an application credential', async () => {
    const { id, secret } = account('acme').openstack.applicationCredential;
    await must('openstack', ['image', 'list'], {
      OS_AUTH_URL: `${server.endpoints.keystone}/v3`,
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_APPLICATION_CREDENTIAL_ID: id,
      OS_APPLICATION_CREDENTIAL_SECRET: secret,
      OS_REGION_NAME: 'local-1',
      OS_IDENTITY_API_VERSION: '3',
    });
  });
});

describe.skipIf(noGlance !== undefined)(named('glance', noGlance), () => {
  const glance = (...args: string[]) => must('glance', args, environment('acme'));

  it('imports by way of the staging area and from a URL', async () => {
    const made = await glance(
      ...['image-create-via-import', '--import-method', 'glance-direct', '--name', 'staged'],
      ...['--disk-format', 'qcow2', '--container-format', 'bare', '--file', disk()],
    );
    const id = lastId(made.slice(made.indexOf('| id')));
    await active(id);
    const bytes = readFileSync(disk());
    const web = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const { port } = web.address() as AddressInfo;
    const fetched = await glance(
      ...['image-create-via-import', '--import-method', 'web-download', '--name', 'fetched'],
      ...['--disk-format', 'qcow2', '--container-format', 'bare', '--uri', `http://127.0.0.1:${port}/d`],
    );
    await active(lastId(fetched.slice(fetched.indexOf('| id'))));
    web.close();
    await glance('image-download', id, '--file', join(dir, 'glance-saved'));
    expect(md5(join(dir, 'glance-saved'))).toBe(md5(disk()));
    expect(await glance('member-list', '--image-id', id)).toContain('Member ID');
    await glance('image-tag-update', id, 'green');
    expect(await glance('image-show', id)).toContain('green');
    await glance('image-delete', id);
  });

  async function active(id: string): Promise<void> {
    for (let i = 0; i < 30; i++) {
      if (/\| status\s+\| active/.test(await glance('image-show', id))) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`image ${id} did not become active`);
  }

  it('is told of a file that is not what it is said to be', async () => {
    writeFileSync(join(dir, 'text'), 'no disk at all'.repeat(100));
    const wrong = await run(
      'glance',
      [
        'image-create',
        '--name',
        'x',
        '--disk-format',
        'qcow2',
        '--container-format',
        'bare',
        '--file',
        join(dir, 'text'),
      ],
      environment('acme'),
    );
    expect([wrong.code === 0, wrong.stderr + wrong.stdout]).toEqual([false, expect.stringContaining('415')]);
  });
});
