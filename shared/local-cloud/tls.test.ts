// The embedded cloud over TLS, with a certificate that openssl makes here.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLocalCloud } from './environment.ts';
import { startTestCloud } from './testing/client.ts';

const noOpenssl = spawnSync('openssl', ['version']).status !== 0;

it.skipIf(noOpenssl)(
  'serves all but the control port over TLS, and tells clients whom to trust',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-cloud-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const name = ['-subj', '/CN=local', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...what, ...name, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    const certificate = readFileSync(cert, 'utf8');
    const test = await startTestCloud({ tls: { certificate, privateKey: readFileSync(key, 'utf8') } });
    try {
      const { endpoints, profilesPath } = test.cloud;
      expect((await fetch(`${endpoints.control}/_health`)).status).toBe(200);
      const caFile = /ca_file: "(.+)"/.exec(readFileSync(profilesPath, 'utf8'))?.[1] ?? '';
      expect(readFileSync(caFile, 'utf8')).toBe(certificate);
      const obs = endpoints.regions['local-1']?.obs ?? '';
      expect(readLocalCloud(test.dataDir).endpoints).toEqual(endpoints);
      const statusWith = (ca: string | undefined) =>
        new Promise<number | undefined>((resolve, reject) => {
          const asked = request(obs, { ca, agent: false }, (reply) => {
            reply.resume();
            resolve(reply.statusCode);
          });
          asked.on('error', reject).end();
        });
      expect(await statusWith(certificate)).toBe(403);
      await expect(statusWith(undefined)).rejects.toThrow('self-signed certificate');
    } finally {
      await test.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
