// Starting, restarting, being killed: what is on disk, and who may use it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalCloud } from './cloud.ts';
import type { LocalCloud } from './options.ts';
import {
  creation,
  imsOf,
  md5,
  obs,
  send,
  sha256,
  startTestCloud,
  type TestCloud,
  tagOf,
  tokenOf,
  upload,
} from './testing/client.ts';

let test: TestCloud;
beforeEach(async () => {
  test = await startTestCloud();
});
afterEach(() => test.remove());

describe('a restart', () => {
  it('finds objects, parts, images, jobs, tokens, accounts and ports again', async () => {
    await upload(test, 'box/disk', 'content');
    const begun = await obs(test, 'POST', 'box/parts', { query: 'uploads' });
    const uploadId = tagOf(begun.text, 'UploadId');
    await obs(test, 'PUT', 'box/parts', { query: `partNumber=1&uploadId=${uploadId}`, body: 'part' });
    const acme = await imsOf(test);
    const started = await acme.call('POST', '/v2/cloudimages/action', creation('kept', 'box:disk'));
    const before = { endpoints: test.cloud.endpoints, accounts: test.cloud.accounts };

    await test.restart();
    expect({ endpoints: test.cloud.endpoints, accounts: test.cloud.accounts }).toEqual(before);
    expect((await acme.finish(started.data.job_id)).status).toBe('SUCCESS');
    expect(await test.cloud.storedImages()).toMatchObject([
      { name: 'kept', status: 'active', sha256: sha256('content'), sizeBytes: 7, region: 'local-1' },
    ]);
    expect((await obs(test, 'GET', 'box/disk')).text).toBe('content');
    expect(await test.cloud.unfinishedUploads()).toMatchObject([{ uploadId, parts: 1, key: 'parts' }]);
    const done = await obs(test, 'POST', 'box/parts', {
      query: `uploadId=${uploadId}`,
      body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${md5('part').toString('hex')}</ETag></Part></CompleteMultipartUpload>`,
    });
    expect(done.status).toBe(200);
  });

  it('sweeps what a killed process left half-written', async () => {
    await upload(test, 'box/disk', 'content');
    await test.cloud.close();
    await writeFile(join(test.dataDir, 'blobs', 'orphan'), 'x');
    await writeFile(join(test.dataDir, 'blobs', 'half.tmp'), 'x');
    await writeFile(join(test.dataDir, 'huaweicloud', 'obs', 'objects', 'a.json.00.tmp'), '{"half');
    await test.restart();
    expect(readdirSync(join(test.dataDir, 'blobs'))).toHaveLength(1);
    expect(readdirSync(join(test.dataDir, 'huaweicloud', 'obs', 'objects'))).toHaveLength(1);
    expect((await obs(test, 'GET', 'box/disk')).text).toBe('content');
  });
});

describe('the data directory', () => {
  it('keeps secrets from other users, and holds the profiles', async () => {
    for (const name of ['accounts.json', 'profiles.yaml']) {
      expect(statSync(join(test.dataDir, name)).mode & 0o777).toBe(0o600);
    }
    const yaml = await readFile(test.cloud.profilesPath, 'utf8');
    expect(yaml).toMatch(/^default: local$/m);
    for (const line of [
      '  local:',
      '  partner:',
      '    family: huaweicloud',
      '    region: "local-1"',
      '    domain: "acme"',
      '    user: "partner-admin"',
      `    password: ${JSON.stringify(test.acme.password)}`,
      `    secret_key: ${JSON.stringify(test.partner.secretKey)}`,
      '    obs_path_style: true',
      `          obs: ${JSON.stringify(test.cloud.endpoints.regions['local-2']?.obs)}`,
    ]) {
      expect(yaml.split('\n')).toContain(line);
    }
  });

  it('is served by one cloud at a time', async () => {
    await expect(startLocalCloud({ dataDir: test.dataDir })).rejects.toThrow(/served by another/);
  });
});

describe('the address', () => {
  it.each(['0.0.0.0', '192.168.1.1', 'example.com', '::'])('%s is refused', async (host) => {
    await expect(startLocalCloud({ dataDir: test.dataDir, host })).rejects.toThrow(/loopback/);
  });

  it('may begin at a port of choice, and a taken port is said', async () => {
    const { port } = new URL(test.cloud.endpoints.iam);
    const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-'));
    let second: LocalCloud | undefined;
    try {
      await expect(startLocalCloud({ dataDir, basePort: Number(port) })).rejects.toThrow(/EADDRINUSE/);
      for (let base = 42_000; second === undefined && base < 60_000; base += 97) {
        second = await startLocalCloud({ dataDir, basePort: base, regions: ['one'] }).catch(() => undefined);
      }
      if (second === undefined) throw new Error('no free row of ports was found');
      const { iam, control, keystone, ucloudstack, regions } = second.endpoints;
      const one = regions.one;
      const urls = [iam, control, one?.ims, one?.obs, keystone, ucloudstack, one?.glance, one?.ucloudstackS3];
      const ports = urls.map((url) => Number(new URL(url ?? '').port));
      expect(ports.map((p) => p - (ports[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    } finally {
      await second?.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('the identity service', () => {
  const login = async (
    change: Record<string, unknown>,
    scope: unknown = { project: { name: 'local-1' } },
    query = '',
  ) => {
    const user = { name: 'acme-admin', password: test.acme.password, domain: { name: 'acme' }, ...change };
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } };
    const url = `${test.cloud.endpoints.iam}/v3/auth/tokens${query}`;
    const reply = await send(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: reply.status, header: reply.headers['x-subject-token'], data: JSON.parse(reply.text) };
  };

  it('issues tokens for a project by name or id, with or without catalogue', async () => {
    const byName = await login({});
    expect(byName.status).toBe(201);
    expect(byName.header).toMatch(/^MII/);
    expect(byName.data.token).toMatchObject({
      expires_at: '2026-01-03T03:04:05.000000Z',
      methods: ['password'],
      project: { id: test.acme.projects['local-1'], name: 'local-1', domain: { name: 'acme' } },
      user: { name: 'acme-admin' },
    });
    const image = byName.data.token.catalog.find((entry: { type: string }) => entry.type === 'image');
    expect(image.endpoints[1].url).toBe(test.cloud.endpoints.regions['local-2']?.ims);
    const byId = await login({}, { project: { id: test.acme.projects['local-2'] } }, '?nocatalog=true');
    expect(byId.data.token).toMatchObject({ project: { name: 'local-2' }, catalog: [] });
  });

  it.each<[string, number, Record<string, unknown>, unknown]>([
    ['a wrong password', 401, { password: 'wrong' }, undefined],
    ['a wrong user', 401, { name: 'nobody' }, undefined],
    ['a user of another domain', 401, { domain: { name: 'partner' } }, undefined],
    ['no domain', 400, { domain: undefined }, undefined],
    ['a foreign project', 401, {}, { project: { name: 'local-9' } }],
  ])('refuses %s', async (_, status, change, scope) => {
    const reply = await login(change, scope ?? { project: { name: 'local-1' } });
    expect(reply).toMatchObject({ status, header: undefined, data: { error: { code: status } } });
    expect(JSON.stringify(reply.data)).not.toContain(test.acme.password);
  });

  it('lists the projects of the caller', async () => {
    const token = await tokenOf(test, test.acme);
    const projects = async (query: string, value = token) => {
      const reply = await send(`${test.cloud.endpoints.iam}/v3/projects${query}`, {
        headers: { 'x-auth-token': value },
      });
      return { status: reply.status, data: JSON.parse(reply.text) };
    };
    expect((await projects('')).data.projects).toHaveLength(2);
    expect((await projects('?name=local-2')).data.projects).toMatchObject([
      { id: test.acme.projects['local-2'], name: 'local-2', enabled: true },
    ]);
    expect((await projects('', 'wrong')).status).toBe(401);
  });
});

describe('a killed process', () => {
  it('leaves a directory that can be served again, with every part it confirmed', async () => {
    await test.cloud.close();
    const folder = mkdtempSync(join(tmpdir(), 'local-cloud-kill-'));
    try {
      const bundle = join(folder, 'cloud.mjs');
      await build({
        stdin: {
          contents: `import { startLocalCloud } from './index.ts';
            const cloud = await startLocalCloud({ dataDir: process.argv[2] });
            process.stdout.write(JSON.stringify(cloud.endpoints) + '\\n');`,
          resolveDir: import.meta.dirname,
          loader: 'ts',
        },
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: bundle,
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      });
      const child = spawn(process.execPath, [bundle, test.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = await once(child.stdout, 'data');
      const remote: TestCloud = {
        ...test,
        cloud: { ...test.cloud, endpoints: JSON.parse(String(line)) },
      };
      test.clock.ms = Date.now();
      await obs(remote, 'PUT', 'box');
      const begun = await obs(remote, 'POST', 'box/parts', { query: 'uploads' });
      const uploadId = tagOf(begun.text, 'UploadId');
      const confirmed: number[] = [];
      const sending = Array.from({ length: 40 }, async (_, index) => {
        const query = `partNumber=${index + 1}&uploadId=${uploadId}`;
        const reply = await obs(remote, 'PUT', 'box/parts', { query, body: Buffer.alloc(1 << 20, index) });
        if (reply.status === 200) confirmed.push(index + 1);
        if (confirmed.length === 5) child.kill('SIGKILL');
      });
      await Promise.allSettled(sending);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      expect(confirmed.length).toBeGreaterThanOrEqual(5);

      await test.restart();
      const list = await obs(test, 'GET', 'box/parts', { query: `uploadId=${uploadId}` });
      const found = new Map(
        [...list.text.matchAll(/<PartNumber>(\d+)<.*?<ETag>&quot;(\w+)&quot;<.*?<Size>(\d+)</g)].map((m) => [
          Number(m[1]),
          m,
        ]),
      );
      for (const number of confirmed) expect(found.has(number)).toBe(true);
      for (const [number, [, , etag, size]] of found) {
        expect([etag, size]).toEqual([
          md5(Buffer.alloc(1 << 20, number - 1)).toString('hex'),
          String(1 << 20),
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
