// Measures uploads, listings and starts against peers, in the same run, as ratios.
// `npm run bench [-- --quick] [-- --only upload,tls,memory,list,command,provider,terraform,synth] [-- --rounds N] [-- --peers rclone,…]`.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BUCKET } from './contenders.ts';
import { desktop } from './desktop.ts';
import { commandStart, handshake } from './handshake.ts';
import { large } from './large.ts';
import { listing } from './list.ts';
import { GIB, MIB, megabytes, print, ratio } from './print.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { synth } from './synth.ts';
import { terraformPlans } from './terraform.ts';
import { uploads, writeRandom } from './uploads.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'upload,tls,memory,list,command,provider,terraform,synth' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string' },
  },
});
const plan = values.quick
  ? { fileBytes: 256 * MIB, smallBytes: GIB, largeBytes: 4 * GIB, starts: 15, images: 2_000, declared: 200 }
  : {
      fileBytes: 2 * GIB,
      smallBytes: GIB,
      largeBytes: 64 * GIB,
      starts: 31,
      images: 10_000,
      declared: 1_000,
    };
const rounds = Number(values.rounds);
const only = values.only.split(',');
const peers = values.peers === undefined ? undefined : ['imagebridge', ...values.peers.split(',')];

const workDir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-bench-'));
const sections: Readonly<Record<string, () => Promise<void>>> = {
  upload: () => compare('without TLS', { tls: false }),
  tls: () => compare('over TLS', { tls: true }),
  memory: memory,
  list: list,
  command: command,
  provider: provider,
  terraform: terraform,
  desktop: uploader,
  synth: async () => synth(plan.declared, 5),
};
try {
  const unknown = only.filter((name) => sections[name] === undefined);
  if (unknown.length > 0) throw new Error(`--only takes ${Object.keys(sections).join(', ')}`);
  const cores = `${os.availableParallelism()} cores, load ${os.loadavg()[0]?.toFixed(1)}`;
  print(`ImageBridge benchmarks: Node ${process.versions.node}, ${cores}${values.quick ? ', quick' : ''}`);
  for (const name of only) await sections[name]?.();
} finally {
  await rm(workDir, { recursive: true, force: true });
}

/** The object store throws the bytes away unhashed: clients and server share the cores, and it is the clients that count. */
async function withServer(options: Omit<ServerOptions, 'dataDir'>, work: (server: Server) => Promise<void>) {
  const dataDir = path.join(workDir, options.tls ? 'cloud-tls' : 'cloud');
  const server = await startServer({ dataDir, objectBytes: 'discard-unchecked', ...options });
  try {
    await server.ask('PUT', `/${BUCKET}`);
    await work(server);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(how: string, options: { tls: boolean }): Promise<void> {
  print(
    `\nUpload of ${plan.fileBytes / MIB} MiB of random bytes to the embedded cloud ${how}, ${rounds} rounds in turn, medians`,
  );
  const file = path.join(workDir, 'random.raw');
  await writeRandom(file, plan.fileBytes);
  await withServer(options, (server) => uploads({ server, file, workDir, rounds, peers }));
  await rm(file);
}

async function memory(): Promise<void> {
  print('\nMemory, main thread and resume (sparse files, without TLS)');
  const { smallBytes, largeBytes } = plan;
  await withServer({}, (server) => large({ server, workDir, smallBytes, largeBytes }));
}

async function list(): Promise<void> {
  const figures = await listing(path.join(workDir, 'list'), plan.images, rounds);
  const { images, oursMs, bareMs, heapGrowthBytes } = figures;
  print(`\nListing ${images} images, pages of 100, medians of ${rounds}`);
  print(
    `  imagebridge ${oursMs.toFixed(0)} ms, bare undici ${bareMs.toFixed(0)} ms, ratio ${ratio(oursMs, bareMs)} (aim: at most 1.3); heap growth after the first 1000: ${megabytes(heapGrowthBytes)}`,
  );
}

async function uploader(): Promise<void> {
  print('\nDesktop uploader, web variant');
  const fileBytes = plan.smallBytes;
  const folder = path.join(workDir, 'desktop');
  await mkdir(folder);
  // Imports read the bytes, so they are kept.
  await withServer({ objectBytes: 'keep' }, (server) =>
    desktop({ server, workDir: folder, fileBytes, rounds }),
  );
}

async function command(): Promise<void> {
  const cli = await commandStart(plan.starts);
  print(
    `\nCommand: imagebridge --version ${cli.commandMs.toFixed(1)} ms, node -e 0 ${cli.bareMs.toFixed(1)} ms, ratio ${ratio(cli.commandMs, cli.bareMs)} (aim: at most 3)`,
  );
}

async function provider(): Promise<void> {
  print(`\nProvider: from spawn to handshake, minimum of ${plan.starts}`);
  const started = await handshake(plan.starts);
  print(
    `  node -e 0 ${started.bareMs.toFixed(1)} ms, provider ${started.providerMs.toFixed(1)} ms, ratio ${ratio(started.providerMs, started.bareMs)} (aim: at most 3.5)`,
  );
}

async function terraform(): Promise<void> {
  const { one, many } = await terraformPlans(path.join(workDir, 'terraform'), plan.declared, rounds);
  const memory = Math.max(one.peakRssBytes ?? 0, many.peakRssBytes ?? 0) || undefined;
  print(`\nTerraform: plans of what has not changed, against the built-in terraform_data, medians`);
  print(
    `  one image ${one.oursMs.toFixed(0)} ms, terraform_data ${one.builtInMs.toFixed(0)} ms, ratio ${ratio(one.oursMs, one.builtInMs)} (aim: at most 8)`,
  );
  print(
    `  ${many.images} images ${many.oursMs.toFixed(0)} ms, terraform_data ${many.builtInMs.toFixed(0)} ms, bare listing ${many.apiMs.toFixed(0)} ms, ratio without the listing ${ratio(many.oursMs - many.apiMs, many.builtInMs)} (aim: at most 3)`,
  );
  print(
    `  most memory of a process of the provider: ${megabytes(one.peakRssBytes)} with one image, ${megabytes(memory)} with ${many.images} (aim: less than 90 MB)`,
  );
}
