// Runs the bundled command in processes of its own, against an embedded cloud of the test. The bundle is made from the
// sources once per test file, so that it is never stale.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@imagebridge/core';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '@imagebridge/local-cloud';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error has matched. @throws Error when the command ends before */
  sees(pattern: RegExp): Promise<void>;
}

/** A place to run commands in: a folder, an embedded cloud, an environment. Close it at the end. */
export interface CommandPlace {
  readonly dir: string;
  readonly cloud: LocalCloud;
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** The bundled command's own file. */
  readonly script: string;
  /** Writes a file that inspection takes for a raw disk with a boot sector. Returns its path. */
  disk(name: string, sizeBytes: number, seed?: number): Promise<string>;
  /** Makes an image of the profile `local-openstack` with the bytes of a file, without the command. Returns its id. */
  glanceImage(name: string, file: string): Promise<string>;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Runs with --json; gives what was printed. @throws Error when the code is not the expected one */
  json(args: readonly string[], code?: number): Promise<unknown>;
  close(): Promise<void>;
}

let places = 0;

/** Makes the place. */
export async function makePlace(options: Omit<LocalCloudOptions, 'dataDir'> = {}): Promise<CommandPlace> {
  const outdir = path.join(here, 'dist', `test-${process.pid}-${++places}`);
  // Two levels below the package, as the real one: it finds its package.json there.
  await build({
    entryPoints: [path.join(here, 'imagebridge.ts')],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    splitting: true,
    logLevel: 'warning',
  });
  const dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'imagebridge-command-')));
  const stateDir = path.join(dir, 'state');
  mkdirSync(stateDir);
  const cloud = await startLocalCloud({ jobDurationMs: 150, ...options, dataDir: path.join(dir, 'cloud') });
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(IMAGEBRIDGE_|HW_|OS_|UCLOUDSTACK_|AWS_|NO_COLOR|FORCE_COLOR)/.test(name),
    ),
  );
  const env = {
    ...clean,
    HOME: dir,
    IMAGEBRIDGE_CONFIG: cloud.profilesPath,
    IMAGEBRIDGE_STATE_DIR: stateDir,
    IMAGEBRIDGE_CLOUD: 'local',
  };
  const script = path.join(outdir, 'imagebridge.js');
  const start = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Running => {
    const child = spawn(process.execPath, [script, ...args], {
      env: { ...env, ...more },
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    const watchers = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const look of watchers) look();
    });
    const ended = once(child, 'close').then(
      ([code]): Ended => ({ code: typeof code === 'number' ? code : null, stdout, stderr }),
    );
    return {
      child,
      ended,
      sees: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (pattern.test(stderr)) resolve();
          };
          watchers.add(look);
          look();
          void ended.then(({ code }) =>
            reject(new Error(`it ended with ${code} before ${pattern}: ${stderr}`)),
          );
        }),
    };
  };
  return {
    dir,
    cloud,
    stateDir,
    env,
    script,
    async disk(name, sizeBytes, seed = 1) {
      const bytes = Buffer.alloc(sizeBytes);
      // Not compressible, and the same each time.
      for (let i = 0, state = seed; i + 4 <= sizeBytes; i += 4) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        bytes.writeUInt32LE(state, i);
      }
      if (sizeBytes >= 512) bytes.writeUInt16LE(0xaa55, 510);
      const file = path.join(dir, name);
      await writeFile(file, bytes);
      return file;
    },
    async glanceImage(name, file) {
      const glance = await connect({ cloud: 'local-openstack', configPath: cloud.profilesPath, env });
      try {
        const sizeBytes = statSync(file).size;
        const open = () => createReadStream(file);
        const { id } = await glance.uploadStream({ name, diskFormat: 'raw', sizeBytes, open });
        return id.replace(/^[a-z]+:/, '');
      } finally {
        await glance.close();
      }
    },
    start,
    run: (args, more) => start(args, more).ended,
    async json(args, code = 0) {
      const ended = await start([...args, '--json']).ended;
      if (ended.code !== code)
        throw new Error(
          `imagebridge ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}${ended.stdout}`,
        );
      return JSON.parse(ended.stdout);
    },
    async close() {
      await cloud.close();
      rmSync(dir, { recursive: true, force: true });
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}
