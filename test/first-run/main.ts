// The main job on a fresh machine, step by step and checked: a real image file goes through every layer of the product,
// against the embedded cloud. `npm start`, `npm start -- ./my.iso`, `npm start -- --keep`.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { inspectFile } from '@imagebridge/core';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { formatBytes } from '../../shared/cli/format.ts';
import { makeQcow2 } from '../fixtures/qcow2.ts';
import { begin, check, checksDone, say } from './screen.ts';
import { terraformSteps } from './terraform-steps.ts';
import { uploadSteps } from './upload-steps.ts';

const DATA_BYTES = 192 * 1024 ** 2;
/** In smaller files the parts that the object storage takes are too few. */
const SMALLEST_BYTES = 4 * 1024 ** 2;
const USAGE = `Usage: npm start [-- [FILE] [--keep]]

  FILE     an image file of yours instead of a made one
  --keep   leave the embedded cloud running at the end, until Ctrl-C`;

async function main(): Promise<number> {
  const given = readArguments();
  if (given === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const startedMs = Date.now();
  const workDir = await realpath(await mkdtemp(path.join(os.tmpdir(), 'imagebridge-first-run-')));
  let cloud: LocalCloud | undefined;
  try {
    cloud = await startStep(path.join(workDir, 'cloud'));
    const file = await fileStep(workDir, positionals[0]);
    const env = {
      ...process.env,
      IMAGEBRIDGE_CONFIG: cloud.profilesPath,
      IMAGEBRIDGE_STATE_DIR: path.join(workDir, 'state'),
    };
    await mkdir(env.IMAGEBRIDGE_STATE_DIR, { recursive: true });
    const imageId = await uploadSteps({ cloud, env, ...file, name: 'first-run' });
    const complete = await terraformSteps({ cloud, env, workDir, ...file, keepImageId: imageId });
    summary(complete, Date.now() - startedMs);
    if (values.keep) await keepRunning(cloud, workDir);
    return 0;
  } finally {
    await cloud?.close();
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Undefined when they make no sense. */
function readArguments() {
  try {
    const found = parseArgs({
      allowPositionals: true,
      options: {
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return found.positionals.length > 1 ? undefined : found;
  } catch {
    return undefined;
  }
}

async function startStep(dataDir: string): Promise<LocalCloud> {
  begin('Start the embedded cloud');
  const cloud = await startLocalCloud({ dataDir });
  for (const [region, { ims, obs }] of Object.entries(cloud.endpoints.regions))
    say(`region ${region}: image service ${ims}, object storage ${obs}`);
  check(
    Object.keys(cloud.endpoints.regions).length >= 2 && cloud.accounts.length >= 2,
    `it runs on loopback, with accounts ${cloud.accounts.map((account) => account.domain).join(' and ')}`,
  );
  return cloud;
}

async function fileStep(workDir: string, given: string | undefined) {
  begin(given === undefined ? 'Make an image file' : 'Look at the image file');
  const file = given === undefined ? path.join(workDir, 'demo-disk.qcow2') : path.resolve(given);
  if (given === undefined) await makeQcow2(file, { dataBytes: DATA_BYTES, seed: 'first run' });
  const found = await inspectFile(file);
  say(
    `${file}: ${found.format}, ${formatBytes(found.fileSizeBytes)}, a disk of ${formatBytes(found.virtualSizeBytes)}`,
  );
  for (const finding of found.findings) say(`${finding.severity}: ${finding.message} ${finding.remedy}`);
  check(
    found.fileSizeBytes >= SMALLEST_BYTES,
    'it is large enough to be interrupted half-way',
    `Give a file of at least ${formatBytes(SMALLEST_BYTES)}.`,
  );
  check(
    !found.findings.some((finding) => finding.severity === 'error'),
    'inspection finds nothing against it',
  );
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  // The cloud has to be told what an ISO installs.
  const isIso = found.format === 'iso';
  const osVersion = isIso ? 'Ubuntu 22.04 server 64bit' : undefined;
  if (osVersion) say(`taken as an installer of ${osVersion}`);
  return {
    path: file,
    sizeBytes: found.fileSizeBytes,
    sha256: hash.digest('hex'),
    osVersion,
    copies: !isIso,
  };
}

function summary(complete: boolean, tookMs: number): void {
  begin('Done');
  say(
    `${checksDone()} checks held, in ${Math.round(tookMs / 1000)} s${complete ? '' : '; the terraform half was left out'}.`,
  );
  say('What to try next:');
  say('  npm start -- ./your.iso                    the same with a file of yours');
  say('  npm start -- --keep                        and leave the cloud running');
  say('  npx imagebridge local-cloud                the embedded cloud alone');
  say('  npx imagebridge push --help                upload to a cloud of yours');
  say('  README.md                                  profiles, Terraform, CDKTF');
}

async function keepRunning(cloud: LocalCloud, workDir: string): Promise<void> {
  say(`\nThe cloud keeps running until Ctrl-C, its data is in ${workDir}. In another terminal:`);
  say(`  export IMAGEBRIDGE_CONFIG=${cloud.profilesPath}`);
  say('  npx imagebridge image list --cloud local');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `\nThe first run stopped: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
