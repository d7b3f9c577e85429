// How commands open a cloud: with secrets of the store, and with warnings on stderr.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles, Secret } from '@imagebridge/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCloud } from './cloud.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-cli-cloud-'));
  for (const name of Object.keys(process.env)) {
    if (/^(IMAGEBRIDGE_|HW_|OS_|UCLOUDSTACK_)/.test(name)) vi.stubEnv(name, '');
  }
  vi.stubEnv('HOME', dir);
  vi.stubEnv('IMAGEBRIDGE_SECRET_STORE', 'file');
  vi.stubEnv('IMAGEBRIDGE_SECRETS_FILE', join(dir, 'secrets.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

it('takes stored secrets along, and warns', async () => {
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    authorizations.push(String(request.headers.authorization));
    response.writeHead(403).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = join(dir, 'profiles.yaml');
  const env = process.env;
  await loadProfiles({ path: config, mustExist: false, env }).add('c', {
    fields: {
      family: 'huaweicloud',
      region: 'r',
      access_key: 'AK',
      insecure: true,
      endpoints: { iam: `http://127.0.0.1:${port}`, ims: `http://127.0.0.1:${port}` },
    },
    secretFields: ['secret_key'],
    readSecrets: async () => new Map([['secret_key', new Secret('topsecret')]]),
  });
  let stderr = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  const cloud = await openCloud({ config, region: 'r' }).finally(() => write.mockRestore());
  try {
    await expect(cloud.projectId()).rejects.toThrow('HTTP 403');
    expect(authorizations[0]).toMatch(/^SDK-HMAC-SHA256 Access=AK, .*Signature=[0-9a-f]{64}$/);
    expect(stderr).toMatch(/^imagebridge: warning: CERTIFICATES ARE NOT CHECKED for cloud "c"/);
  } finally {
    await cloud.close();
    server.close();
  }
});

it('says what is wrong with a profile that is not there', async () => {
  const config = join(dir, 'profiles.yaml');
  writeFileSync(config, 'clouds: {}');
  await expect(openCloud({ config, cloud: 'c' })).rejects.toThrow('find cloud "c"');
});
