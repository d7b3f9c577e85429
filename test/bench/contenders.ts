// Who uploads, and how: each with its defaults, and with the settings that its documentation gives for an endpoint, keys and
// a certificate. No secret stands on a command line.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv, type Measured, measure } from './measure.ts';
import { obsAuthorization } from './obs-signature.ts';
import type { Server } from './server.ts';

/** The bucket of all uploads. */
export const BUCKET = 'bench';
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** One upload. */
export interface Job {
  server: Server;
  file: string;
  key: string;
  /** A folder for settings and state. */
  workDir: string;
}

/** One way to upload. */
export interface Contender {
  name: string;
  /** Sends parts, several at a time: the kind of program that ours is. */
  multipart: boolean;
  /** Why it cannot take part here; undefined when it can. */
  missing(): string | undefined;
  upload(job: Job): Promise<Measured>;
}

const command = (name: string) => () =>
  spawnSync('/bin/sh', ['-c', `command -v ${name}`], { env: cleanEnv() }).status === 0
    ? undefined
    : 'not installed';

/** Uploads a file with the product's engine, in a process of its own. */
export function uploadOurs(
  job: Job,
  more: Record<string, string> = {},
  endsBy?: 'SIGKILL',
): Promise<Measured> {
  const env = cleanEnv({
    IMAGEBRIDGE_CONFIG: job.server.profilesPath,
    IMAGEBRIDGE_STATE_DIR: path.join(job.workDir, 'state'),
    ...more,
  });
  return measure(process.execPath, [here('./upload-child.js'), job.file, BUCKET, job.key], { env, endsBy });
}

/** All of them, ours first. */
export const contenders: readonly Contender[] = [
  { name: 'imagebridge', multipart: true, missing: () => undefined, upload: (job) => uploadOurs(job) },
  {
    name: 'aws s3 cp',
    multipart: true,
    missing: command('aws'),
    upload({ server, file, key, workDir }) {
      const config = path.join(workDir, 'empty');
      writeFileSync(config, '');
      const env = cleanEnv({
        AWS_ACCESS_KEY_ID: server.accessKey,
        AWS_SECRET_ACCESS_KEY: server.secretKey,
        AWS_DEFAULT_REGION: server.region,
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: config,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(server.caFile === undefined ? {} : { AWS_CA_BUNDLE: server.caFile }),
      });
      const to = `s3://${BUCKET}/${key}`;
      return measure('aws', ['--endpoint-url', server.obs, 's3', 'cp', '--no-progress', file, to], { env });
    },
  },
  {
    name: 'rclone',
    multipart: true,
    missing: command('rclone'),
    upload({ server, file, key, workDir }) {
      const config = path.join(workDir, 'empty');
      writeFileSync(config, '');
      const env = cleanEnv({
        RCLONE_CONFIG: config,
        RCLONE_CONFIG_CLOUD_TYPE: 's3',
        RCLONE_CONFIG_CLOUD_PROVIDER: 'Other',
        RCLONE_CONFIG_CLOUD_ENDPOINT: server.obs,
        RCLONE_CONFIG_CLOUD_REGION: server.region,
        RCLONE_CONFIG_CLOUD_ACCESS_KEY_ID: server.accessKey,
        RCLONE_CONFIG_CLOUD_SECRET_ACCESS_KEY: server.secretKey,
        RCLONE_CONFIG_CLOUD_FORCE_PATH_STYLE: 'true',
        ...(server.caFile === undefined ? {} : { RCLONE_CA_CERT: server.caFile }),
      });
      return measure('rclone', ['copyto', file, `cloud:${BUCKET}/${key}`], { env });
    },
  },
  {
    name: 's3cmd',
    multipart: true,
    missing: command('s3cmd'),
    upload({ server, file, key, workDir }) {
      const { host } = new URL(server.obs);
      const config = path.join(workDir, 's3cmd.cfg');
      const lines = [
        '[default]',
        `access_key = ${server.accessKey}`,
        `secret_key = ${server.secretKey}`,
        `bucket_location = ${server.region}`,
        `host_base = ${host}`,
        `host_bucket = ${host}`,
        `use_https = ${server.caFile === undefined ? 'False' : 'True'}`,
        ...(server.caFile === undefined ? [] : [`ca_certs_file = ${server.caFile}`]),
      ];
      writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
      return measure('s3cmd', ['-c', config, '--no-progress', 'put', file, `s3://${BUCKET}/${key}`]);
    },
  },
  {
    name: 'lib-storage',
    multipart: true,
    missing: () => undefined,
    upload({ server, file, key }) {
      const env = cleanEnv({
        AWS_ACCESS_KEY_ID: server.accessKey,
        AWS_SECRET_ACCESS_KEY: server.secretKey,
        AWS_REGION: server.region,
        BENCH_ENDPOINT: server.obs,
        ...(server.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: server.caFile }),
      });
      return measure(process.execPath, [here('./lib-storage-child.js'), file, BUCKET, key], { env });
    },
  },
  {
    name: 'curl -T',
    multipart: false,
    missing: command('curl'),
    upload({ server, file, key }) {
      const date = new Date().toUTCString();
      const resource = `/${BUCKET}/${key}`;
      const authorization = obsAuthorization({ method: 'PUT', path: resource, date, ...server });
      const input = `header = "x-obs-date: ${date}"\nheader = "Authorization: ${authorization}"\n`;
      const headers = ['-H', 'Content-Type:', '-H', 'Expect:'];
      const ca = server.caFile === undefined ? [] : ['--cacert', server.caFile];
      const to = `${server.obs}${resource}`;
      return measure('curl', ['-sS', '--fail', '-K', '-', ...headers, ...ca, '-T', file, to], { input });
    },
  },
];
