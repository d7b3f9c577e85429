// The proof that a release works: in an empty folder, with nothing but a CLI configuration that points at the mirror and an
// embedded cloud, and no Node on the PATH, Terraform installs the provider, applies the quick start, has nothing left to do,
// and destroys it.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Checks a release for this machine. @throws Error with what Terraform said */
export async function check(options: {
  /** Where the release was written. */
  readonly folder: string;
  /** The repository, for the example and the embedded cloud. */
  readonly root: string;
  readonly print: (text: string) => void;
}): Promise<void> {
  const { root, print } = options;
  const dir = await realpath(await mkdtemp(path.join(os.tmpdir(), 'imagebridge-check-')));
  const cloud = spawn(
    process.execPath,
    [path.join(root, 'shared/cli/bin/imagebridge.js'), 'local-cloud', '--data', path.join(dir, 'cloud')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const profiles = await profilesOf(cloud);
    const work = path.join(dir, 'work');
    await cp(path.join(root, 'provider/terraform/examples/quickstart'), work, { recursive: true });
    await writeFile(path.join(work, 'disk.raw'), bootable(8 * 1024 ** 2));
    const bin = path.join(dir, 'bin');
    await mkdir(bin);
    await symlink(await findTerraform(), path.join(bin, 'terraform'));
    const env = {
      PATH: bin,
      HOME: dir,
      IMAGEBRIDGE_CONFIG: profiles,
      TF_CLI_CONFIG_FILE: path.join(options.folder, 'terraform.rc'),
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
    };
    const terraform = async (...args: string[]) => {
      const startedMs = performance.now();
      try {
        await run('terraform', [...args, '-no-color'], { cwd: work, env });
      } catch (error) {
        const said = error instanceof Object && 'stdout' in error ? String(error.stdout) : '';
        throw new Error(`terraform ${args.join(' ')}: ${said}${String(error)}`);
      }
      print(`  terraform ${args.join(' ')}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    };
    await terraform('init', '-input=false');
    await terraform('apply', '-auto-approve', '-input=false');
    await terraform('plan', '-detailed-exitcode', '-input=false');
    await terraform('destroy', '-auto-approve', '-input=false');
    print('  the quick start works from the mirror, without Node on the PATH');
  } finally {
    cloud.kill('SIGTERM');
    await rm(dir, { recursive: true, force: true });
  }
}

/** Where the embedded cloud says that its profiles are. */
async function profilesOf(cloud: ChildProcess): Promise<string> {
  if (cloud.stdout === null) throw new Error('The embedded cloud has no output.');
  for await (const line of createInterface(cloud.stdout)) {
    const file = /IMAGEBRIDGE_CONFIG=(?:'([^']+)'|"([^"]+)"|(\S+))/.exec(line);
    if (file !== null) return file[1] ?? file[2] ?? file[3] ?? '';
  }
  throw new Error('The embedded cloud ended at once.');
}

async function findTerraform(): Promise<string> {
  const { stdout } = await run('which', ['terraform']);
  return stdout.split('\n')[0]?.trim() ?? '';
}

/** A disk that inspection believes in: some bytes, and the mark of a boot sector. */
function bootable(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, 'a disk to try things with ');
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}
