// `npm run provider:dist [-- --targets host|linux_amd64,…] [--out FOLDER] [--check]`: everything that a release of the provider has.
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { keychain } from './keychain.ts';
import { completeRelease, nodeZipName, writeZip, zipName } from './release.ts';
import { makeExecutable, nodeFor, prepareProgram, signature } from './single.ts';
import { hostTarget, NODE_VERSION, nameOf, TARGETS, type Target } from './targets.ts';
import type { ZipEntry } from './zip.ts';

// From the bundle in dist.
const bundles = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(bundles, '../../..');
const print = (text: string) => void process.stdout.write(`${text}\n`);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: 'all' },
    out: { type: 'string', default: path.join(root, 'dist/provider') },
    check: { type: 'boolean', default: false },
  },
});
const out = path.resolve(values.out);
const targets = chosenTargets(values.targets);
const version = await ownVersion();
const workDir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-dist-'));
try {
  await emptied(out);
  print(`ImageBridge provider ${version} with Node ${NODE_VERSION}, into ${out}`);
  const host = await nodeFor(hostTarget(), path.join(workDir, 'host'));
  const texts: readonly ZipEntry[] = [
    { name: 'LICENSE.txt', bytes: await readFile(path.join(root, 'LICENSE')) },
    {
      name: 'THIRD-PARTY-LICENSES.txt',
      bytes: await readFile(path.join(bundles, 'THIRD-PARTY-LICENSES.txt')),
    },
  ];
  // npm's packages for Windows lack it; it is the same for all systems.
  const nodeLicence = { name: 'NODE-LICENSE.txt', bytes: await readFile(path.join(host.folder, 'LICENSE')) };
  const blob = await prepareProgram(bundles, host.binary, workDir);
  for (const target of targets) await single(target, blob, [...texts, nodeLicence]);
  await withoutNode(texts);
  await completeRelease(out, version, targets);
  const left = TARGETS.filter((target) => !targets.includes(target)).map(nameOf);
  if (left.length > 0) print(`  left out, as asked: ${left.join(', ')}`);
  if (targets.some((target) => target.os === 'darwin')) print(`  darwin is signed ${signature()}`);
  print('  SHA256SUMS, terraform-registry-manifest.json, mirror/ and terraform.rc are written');
  if (values.check) await check({ folder: out, root, print });
} finally {
  await rm(workDir, { recursive: true, force: true });
}

/** Makes a folder empty that is new, or has an older release: nothing else is removed. */
async function emptied(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length > 0 && !names.includes('SHA256SUMS'))
    throw new Error(`${folder} has something else than a release in it: name another folder by --out.`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

async function single(target: Target, blob: string, texts: readonly ZipEntry[]): Promise<void> {
  const name = `terraform-provider-imagebridge_v${version}${target.os === 'windows' ? '.exe' : ''}`;
  const folder = path.join(workDir, nameOf(target));
  const { binary } = await nodeFor(target, folder);
  const executable = path.join(workDir, `${nameOf(target)}-${name}`);
  await makeExecutable(target, binary, blob, executable);
  const bytes = await readFile(executable);
  const entries = [
    { name, bytes, executable: true },
    ...texts,
    ...(await keychain(target, root, path.join(workDir, `${nameOf(target)}-keychain`))),
  ];
  const zipBytes = await writeZip(path.join(out, zipName(version, target)), entries);
  await rm(executable);
  await rm(folder, { recursive: true, force: true });
  print(`  ${nameOf(target).padEnd(14)} ${megabytes(bytes.length)}, zipped ${megabytes(zipBytes)}`);
}

/** What `npm run build` made, for Linux and macOS: Windows takes no script for a program. */
async function withoutNode(texts: readonly ZipEntry[]): Promise<void> {
  const program = `terraform-provider-imagebridge_v${version}`;
  const names = (await readdir(bundles)).filter((name) =>
    [program, 'core.cjs', 'package.json'].includes(name),
  );
  const entries = await Promise.all(
    names.map(async (name) => ({
      name,
      bytes: await readFile(path.join(bundles, name)),
      executable: name === program,
    })),
  );
  const bytes = await writeZip(path.join(out, nodeZipName(version)), [...entries, ...texts]);
  print(`  ${'for Node 20+'.padEnd(14)} zipped ${megabytes(bytes)}`);
}

function chosenTargets(text: string): readonly Target[] {
  if (text === 'all') return TARGETS;
  if (text === 'host') return [hostTarget()];
  return text.split(',').map((name) => {
    const found = TARGETS.find((target) => nameOf(target) === name);
    if (found === undefined) throw new Error(`--targets takes all, host, ${TARGETS.map(nameOf).join(', ')}`);
    return found;
  });
}

async function ownVersion(): Promise<string> {
  const own: unknown = JSON.parse(await readFile(path.join(bundles, '../package.json'), 'utf8'));
  if (own instanceof Object && 'version' in own && typeof own.version === 'string') return own.version;
  throw new Error('provider/terraform/package.json has no version.');
}
