// Starts the embedded cloud in a process of its own, and makes its certificate.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readLocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import { cleanEnv, cpuOfProcess } from './measure.ts';
import { obsAuthorization } from './obs-signature.ts';

const factsSchema = z.object({
  region: z.string(),
  iam: z.string(),
  ims: z.string(),
  obs: z.string(),
  profilesPath: z.string(),
});

/** A running cloud, as its clients see it. */
export interface Server extends z.infer<typeof factsSchema> {
  accessKey: string;
  secretKey: string;
  /** File of the certificate that clients must trust; absent without TLS. */
  caFile?: string | undefined;
  /** CPU time of the server so far, in ms. */
  cpuMs(): number | undefined;
  /** A request to the object store that must succeed. @param resource `/bucket` or `/bucket/key` */
  ask(method: string, resource: string): Promise<void>;
  stop(): Promise<void>;
}

/** How the cloud is to be. */
export interface ServerOptions {
  dataDir: string;
  objectBytes?: 'keep' | 'discard' | 'discard-unchecked';
  tls?: boolean;
}

/** Starts one. Stop it when done. */
export async function startServer({ tls = false, ...options }: ServerOptions): Promise<Server> {
  mkdirSync(options.dataDir, { recursive: true });
  const files = tls ? makeCertificate(options.dataDir) : undefined;
  const script = fileURLToPath(new URL('list-server.js', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ ...options, tls: files })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: cleanEnv(),
  });
  const ended = once(child, 'close');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    ended.then(() => {
      throw new Error('the embedded cloud did not start');
    }),
  ]);
  const facts = factsSchema.parse(JSON.parse(line));
  const account = readLocalCloud(options.dataDir).accounts[0];
  if (account === undefined) throw new Error('the embedded cloud has no account');
  const { accessKey, secretKey } = account;
  return {
    ...facts,
    accessKey,
    secretKey,
    caFile: files?.certificateFile,
    cpuMs: () => cpuOfProcess(child.pid ?? 0),
    async ask(method, resource) {
      const date = new Date().toUTCString();
      const signedPath = resource.split('/').length === 2 ? `${resource}/` : resource;
      const authorization = obsAuthorization({ method, path: signedPath, date, accessKey, secretKey });
      const headers = ['-H', 'Content-Type:', '-X', method];
      const input = `header = "x-obs-date: ${date}"\nheader = "Authorization: ${authorization}"\n`;
      const ca = files === undefined ? [] : ['--cacert', files.certificateFile];
      execFileSync('curl', ['-sS', '--fail', '-K', '-', ...ca, ...headers, `${facts.obs}${resource}`], {
        input,
        env: cleanEnv(),
        stdio: ['pipe', 'ignore', 'inherit'],
      });
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function makeCertificate(folder: string): { certificateFile: string; keyFile: string } {
  const keyFile = path.join(folder, 'server-key.pem');
  const certificateFile = path.join(folder, 'server.pem');
  const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=local', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...what, ...name, '-keyout', keyFile, '-out', certificateFile], {
    stdio: 'ignore',
  });
  return { certificateFile, keyFile };
}
