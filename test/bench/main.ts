// Measures uploads and the provider's start against peers, in the same run, as ratios. `npm run bench [-- --quick]`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import { pseudoRandom } from '../fixtures/qcow2.ts';
import { commandStart, handshake } from './handshake.ts';
import { listing } from './list.ts';
import { type Measured, measure, median } from './measure.ts';
import { obsAuthorization } from './obs-signature.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BUCKET = 'bench';
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const print = (text = '') => process.stdout.write(`${text}\n`);

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = values.quick
  ? { fileBytes: 512 * MIB, rounds: 3, small: 512 * MIB, large: 4 * GIB, starts: 15, images: 3_000 }
  : { fileBytes: 2 * GIB, rounds: 3, small: 2 * GIB, large: 16 * GIB, starts: 31, images: 10_000 };

const workDir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-bench-'));
const dataDir = path.join(workDir, 'cloud');
try {
  // Its accounts stay the same when a process of its own serves the same folder, so that it is not measured along.
  const prepared = await startLocalCloud({ dataDir });
  const { profilesPath } = prepared;
  const account = prepared.accounts[0];
  await prepared.close();
  const server = spawn(
    process.execPath,
    [here('../../shared/cli/bin/imagebridge.js'), 'local-cloud', '--data', dataDir, '--json'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const endpoint = await endpointOf(server.stdout);
    await bench({
      endpoint,
      profilesPath,
      accessKey: account?.accessKey ?? '',
      secretKey: account?.secretKey ?? '',
    });
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close');
  }
} finally {
  await rm(workDir, { recursive: true, force: true });
}

interface Peers {
  endpoint: string;
  profilesPath: string;
  accessKey: string;
  secretKey: string;
}

async function bench(peers: Peers): Promise<void> {
  print(
    `ImageBridge benchmarks: Node ${process.versions.node}, ${os.availableParallelism()} cores${values.quick ? ', quick' : ''}`,
  );
  await signed(peers, 'PUT', `/${BUCKET}`);

  const file = path.join(workDir, 'random.raw');
  await writeRandom(file, plan.fileBytes);
  print(
    `\nUpload of ${plan.fileBytes / MIB} MiB of random bytes to the embedded cloud, ${plan.rounds} rounds in turn, medians`,
  );
  const contenders: [string, (key: string) => Promise<Measured>][] = [
    ['imagebridge', (key) => uploadOurs(peers, file, key)],
    ['curl -T', (key) => uploadCurl(peers, file, key)],
    ['lib-storage', (key) => uploadLibStorage(peers, file, key)],
  ];
  const results = new Map<string, Measured[]>(contenders.map(([name]) => [name, []]));
  const skipped = new Map<string, string>();
  for (let round = 0; round < plan.rounds; round++)
    for (const [name, upload] of contenders) {
      if (skipped.has(name)) continue;
      try {
        results.get(name)?.push(await upload(`${name.replaceAll(/\W+/g, '-')}-${round}`));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
        skipped.set(name, 'not installed');
      }
    }
  const ours = summary(results.get('imagebridge') ?? []);
  for (const [name] of contenders) {
    const reason = skipped.get(name);
    if (reason) {
      print(`  ${name.padEnd(12)} skipped: ${reason}`);
      continue;
    }
    const figures = summary(results.get(name) ?? []);
    const ratios =
      name === 'imagebridge'
        ? ''
        : `   imagebridge/${name}: wall ${ratio(ours.wallMs, figures.wallMs)}, CPU ${ratio(ours.cpuMs, figures.cpuMs)}, memory ${ratio(ours.peakRssBytes, figures.peakRssBytes)}`;
    print(`  ${name.padEnd(12)} ${show(figures)}${ratios}`);
  }
  await rm(file);

  print('\nPeak memory of an upload, by the size of the file (sparse)');
  const sizes = [plan.small, plan.large];
  const peaks: number[] = [];
  for (const size of sizes) {
    const sparse = path.join(workDir, 'sparse.raw');
    const handle = await open(sparse, 'w');
    await handle.truncate(size);
    await handle.close();
    const measured = await uploadOurs(peers, sparse, `sparse-${size}`);
    peaks.push(measured.peakRssBytes ?? Number.NaN);
    print(`  ${String(size / GIB).padStart(4)} GiB     ${show(measured)}`);
    await rm(sparse);
  }
  print(`  ratio ${ratio(peaks[1], peaks[0])} (aim: within 10 %, both under 250 MB)`);

  const { images, oursMs, bareMs, heapGrowthBytes } = await listing(
    path.join(workDir, 'list'),
    plan.images,
    plan.rounds,
  );
  const growth = heapGrowthBytes === undefined ? 'not measured' : `${(heapGrowthBytes / 1e6).toFixed(1)} MB`;
  print(`\nListing ${images} images, pages of 100, medians of ${plan.rounds}`);
  print(
    `  imagebridge ${oursMs.toFixed(0)} ms, bare undici ${bareMs.toFixed(0)} ms, ratio ${ratio(oursMs, bareMs)} (aim: at most 1.3); heap growth after the first 1000: ${growth}`,
  );

  const cli = await commandStart(plan.starts);
  print(
    `\nCommand: imagebridge --version ${cli.commandMs.toFixed(1)} ms, node -e 0 ${cli.bareMs.toFixed(1)} ms, ratio ${ratio(cli.commandMs, cli.bareMs)} (aim: at most 3)`,
  );

  print(`\nProvider: from spawn to handshake, minimum of ${plan.starts}`);
  const started = await handshake(plan.starts);
  print(
    `  node -e 0 ${started.bareMs.toFixed(1)} ms, provider ${started.providerMs.toFixed(1)} ms, ratio ${ratio(started.providerMs, started.bareMs)} (aim: at most 5)`,
  );
}

async function uploadOurs(peers: Peers, file: string, key: string): Promise<Measured> {
  const env = {
    ...process.env,
    IMAGEBRIDGE_CONFIG: peers.profilesPath,
    IMAGEBRIDGE_STATE_DIR: path.join(workDir, 'state'),
  };
  const measured = await measure(process.execPath, [here('./upload-child.js'), file, BUCKET, key], env);
  await signed(peers, 'DELETE', `/${BUCKET}/${key}`);
  return measured;
}

async function uploadCurl(peers: Peers, file: string, key: string): Promise<Measured> {
  const date = new Date().toUTCString();
  const resource = `/${BUCKET}/${key}`;
  const authorization = obsAuthorization({ method: 'PUT', path: resource, date, ...peers });
  const headers = [
    '-H',
    `x-obs-date: ${date}`,
    '-H',
    `Authorization: ${authorization}`,
    '-H',
    'Content-Type:',
    '-H',
    'Expect:',
  ];
  const measured = await measure('curl', [
    '-sS',
    '--fail',
    ...headers,
    '-T',
    file,
    `${peers.endpoint}${resource}`,
  ]);
  await signed(peers, 'DELETE', resource);
  return measured;
}

async function uploadLibStorage(peers: Peers, file: string, key: string): Promise<Measured> {
  const env = {
    ...process.env,
    BENCH_ENDPOINT: peers.endpoint,
    BENCH_ACCESS_KEY: peers.accessKey,
    BENCH_SECRET_KEY: peers.secretKey,
  };
  const measured = await measure(process.execPath, [here('./lib-storage-child.js'), file, BUCKET, key], env);
  await signed(peers, 'DELETE', `/${BUCKET}/${key}`);
  return measured;
}

async function signed(peers: Peers, method: string, resource: string): Promise<void> {
  const date = new Date().toUTCString();
  const signedPath = resource.split('/').length === 2 ? `${resource}/` : resource;
  const authorization = obsAuthorization({ method, path: signedPath, date, ...peers });
  const reply = await fetch(`${peers.endpoint}${resource}`, {
    method,
    headers: { 'x-obs-date': date, authorization },
  });
  if (!reply.ok) throw new Error(`${method} ${resource}: HTTP ${reply.status} ${await reply.text()}`);
}

async function endpointOf(stdout: NodeJS.ReadableStream): Promise<string> {
  const shape = z.object({
    endpoints: z.object({ regions: z.record(z.string(), z.object({ obs: z.string() })) }),
  });
  let text = '';
  for await (const line of createInterface({ input: stdout })) {
    text += line;
    if (line === '}') break;
  }
  const first = Object.values(shape.parse(JSON.parse(text)).endpoints.regions)[0];
  if (!first) throw new Error('the embedded cloud names no region');
  return first.obs;
}

async function writeRandom(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'w');
  for (let at = 0; at < sizeBytes; at += 8 * MIB) await handle.write(pseudoRandom('bench', at, 8 * MIB));
  await handle.close();
}

function summary(runs: readonly Measured[]): Measured {
  const middle = (pick: (run: Measured) => number | undefined) => {
    const known = runs.map(pick).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    wallMs: middle((run) => run.wallMs) ?? Number.NaN,
    cpuMs: middle((run) => run.cpuMs),
    peakRssBytes: middle((run) => run.peakRssBytes),
  };
}

function show({ wallMs, cpuMs, peakRssBytes }: Measured): string {
  const cpu = cpuMs === undefined ? 'not measured' : `${(cpuMs / 1000).toFixed(2)} s`;
  const memory = peakRssBytes === undefined ? 'not measured' : `${(peakRssBytes / 1e6).toFixed(0)} MB`;
  return `wall ${(wallMs / 1000).toFixed(2)} s, CPU ${cpu}, peak memory ${memory}`;
}

function ratio(a: number | undefined, b: number | undefined): string {
  return a === undefined || b === undefined || Number.isNaN(a / b) ? 'not measured' : (a / b).toFixed(2);
}
