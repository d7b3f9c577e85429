// Makes single executables: Node for the target with the program and the core inside. Starts Node, postject, and codesign on macOS.
import { execFile } from 'node:child_process';
import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { unpackPackage } from './npm-package.ts';
import { NODE_VERSION, type Target } from './targets.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Marks in Node's binary where it looks whether a program was put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Node for a target, unpacked in `into`: its binary and the folder it came in. */
export async function nodeFor(target: Target, into: string): Promise<{ binary: string; folder: string }> {
  const folder = await unpackPackage(target.nodePackage, NODE_VERSION, target.nodeIntegrity, into);
  return { folder, binary: path.join(folder, 'bin', target.os === 'windows' ? 'node.exe' : 'node') };
}

/**
 * Prepares what is put into the executables, with the Node of this machine in the same version. There is no code cache in it
 * and no snapshot: both hold for one processor and one build of Node only.
 * @param bundles the folder with `single/main.cjs` and `core.cjs`
 * @param hostNode the binary
 */
export async function prepareProgram(bundles: string, hostNode: string, workDir: string): Promise<string> {
  const output = path.join(workDir, 'program.blob');
  const config = path.join(workDir, 'single.json');
  const options = {
    main: path.join(bundles, 'single', 'main.cjs'),
    output,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    assets: { 'core.cjs': path.join(bundles, 'core.cjs') },
  };
  await writeFile(config, JSON.stringify(options));
  await run(hostNode, ['--experimental-sea-config', config]);
  return output;
}

/** How the executables for macOS were signed, in words. */
export type Signature = 'with a certificate' | 'for trying out only (ad hoc)' | 'not at all';

/**
 * How this machine can sign for macOS: only on macOS. `IMAGEBRIDGE_CODESIGN_IDENTITY` names a certificate of its keychain.
 */
export function signature(): Signature {
  if (process.platform !== 'darwin') return 'not at all';
  return process.env.IMAGEBRIDGE_CODESIGN_IDENTITY ? 'with a certificate' : 'for trying out only (ad hoc)';
}

/** Puts the program into a copy of the target's Node. */
export async function makeExecutable(
  target: Target,
  node: string,
  blob: string,
  executable: string,
): Promise<void> {
  await rm(executable, { force: true });
  await copyFile(node, executable);
  await chmod(executable, 0o755);
  const signs = target.os === 'darwin' && process.platform === 'darwin';
  // A signature of what the file was is worth nothing, and is in the way.
  if (signs) await run('codesign', ['--remove-signature', executable]);
  const segment = target.os === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  const postject = path.join(path.dirname(require.resolve('postject')), 'cli.js');
  await run(process.execPath, [
    postject,
    executable,
    'NODE_SEA_BLOB',
    blob,
    '--sentinel-fuse',
    FUSE,
    ...segment,
  ]);
  if (signs) {
    const identity = process.env.IMAGEBRIDGE_CODESIGN_IDENTITY || '-';
    const hardened = identity === '-' ? [] : ['--options', 'runtime', '--timestamp'];
    await run('codesign', [
      '--sign',
      identity,
      '--force',
      ...hardened,
      '--entitlements',
      await entitlements(executable),
      executable,
    ]);
  }
}

/** V8 makes machine code while it runs, and the keychain's binding is a library of somebody else. */
async function entitlements(executable: string): Promise<string> {
  const names = [
    'allow-jit',
    'allow-unsigned-executable-memory',
    'disable-executable-page-protection',
    'disable-library-validation',
  ];
  const keys = names.map((name) => `<key>com.apple.security.cs.${name}</key><true/>`).join('');
  const file = `${executable}.entitlements`;
  await writeFile(
    file,
    `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${keys}</dict></plist>`,
  );
  return file;
}
