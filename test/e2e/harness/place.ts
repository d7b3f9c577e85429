// A work place for real flows: files, an embedded cloud with faults, and the web variant's engine as a process of its own that
// can be killed and comes back on the same port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type LocalCloud, type RequestLogEntry, startLocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import { makeQcow2, pseudoRandom } from '../../fixtures/qcow2.ts';

/** The built web variant. IMAGEBRIDGE_WEB_JS names another build: for runs while this one is being built anew. */
const WEB =
  process.env.IMAGEBRIDGE_WEB_JS ||
  fileURLToPath(new URL('../../../desktop/engine/dist/web.js', import.meta.url));
const START_MS = 20_000;

const ready = z.object({ url: z.string() });

/** What is running, and where. */
export interface Place {
  readonly dir: string;
  /** The folder that the picker shows. */
  readonly files: string;
  readonly env: NodeJS.ProcessEnv;
  /** The embedded cloud; its profiles are `local`, `local-openstack`, `local-ucloudstack`, and `partner…`. Absent until `startCloud`. */
  cloud(): LocalCloud;
  /** Every request that the cloud has answered. May be emptied. */
  readonly requests: RequestLogEntry[];
  /** Starts the cloud, on the ports it had. */
  startCloud(): Promise<LocalCloud>;
  stopCloud(): Promise<void>;
  /** Starts the engine, on the port it had. Returns a link. */
  startEngine(args?: readonly string[]): Promise<string>;
  /** Another link to the engine that runs. */
  link(): Promise<string>;
  /** SIGKILL: no good-bye. */
  killEngine(): Promise<void>;
  /** SIGTERM: in good order. Returns the exit code. */
  stopEngine(): Promise<number | null>;
  enginePid(): number;
  /** What the engine has printed. */
  said(): string;
  /** Makes a bootable qcow2 of that much data. Returns its path. */
  qcow2(name: string, dataBytes: number): Promise<string>;
  /** Makes a raw disk with a boot sector. Returns its path. */
  raw(name: string, sizeBytes: number): Promise<string>;
  close(): Promise<void>;
}

/** How it is made. */
export interface PlaceOptions {
  /** Profiles of an embedded cloud that the test has in hand. Default true; false: as on the first day, with no profile. */
  withCloud?: boolean;
  jobDurationMs?: number;
}

/** Makes a place. Nothing of the machine's user gets into it, and nothing is left of it. */
export async function makePlace(options: PlaceOptions = {}): Promise<Place> {
  const { withCloud = true, jobDurationMs = 300 } = options;
  const dir = await realpath(await mkdtemp(path.join(os.tmpdir(), 'imagebridge-e2e-')));
  const at = (name: string) => path.join(dir, name);
  const files = at('files');
  for (const name of ['files', 'state', 'config', 'home']) mkdirSync(at(name));
  const { PATH, LANG, TMPDIR, IMAGEBRIDGE_WINDOW_DIR } = process.env;
  const env: NodeJS.ProcessEnv = {
    PATH,
    LANG,
    TMPDIR,
    IMAGEBRIDGE_WINDOW_DIR,
    HOME: at('home'),
    IMAGEBRIDGE_CONFIG: at('config/profiles.yaml'),
    IMAGEBRIDGE_STATE_DIR: at('state'),
    IMAGEBRIDGE_SECRET_STORE: 'file',
    IMAGEBRIDGE_SECRETS_FILE: at('config/secrets.json'),
  };
  const requests: RequestLogEntry[] = [];
  let cloud: LocalCloud | undefined;
  let child: ChildProcess | undefined;
  let port = 0;
  let printed = '';

  /** Starts the web variant and reads the link that it prints; where it runs already, it prints one to that and ends. */
  async function run(args: readonly string[]) {
    const all = [
      '--json',
      '--no-open',
      '--port',
      String(port),
      '--root',
      files,
      '--data',
      at('data'),
      ...args,
    ];
    const started = spawn(process.execPath, [WEB, ...all], {
      env,
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithThisProcess(started);
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const lines = createInterface({ input: started.stdout });
    const signal = AbortSignal.timeout(START_MS);
    const first = once(lines, 'line', { signal }).then(([line]) => String(line));
    const ended = once(lines, 'close', { signal }).then(() => {
      throw new Error(`The engine ended: ${printed}`);
    });
    ended.catch(() => {});
    const link = ready.parse(JSON.parse(await Promise.race([first, ended]))).url;
    return { started, link, lines };
  }

  const place: Place = {
    dir,
    files,
    env,
    requests,
    cloud() {
      if (cloud === undefined) throw new Error('The cloud does not run.');
      return cloud;
    },
    async startCloud() {
      cloud = await startLocalCloud({
        dataDir: at('cloud'),
        jobDurationMs,
        onRequest: (entry) => requests.push(entry),
      });
      if (!existsSync(at('config/profiles.yaml')))
        copyFileSync(cloud.profilesPath, at('config/profiles.yaml'));
      return cloud;
    },
    async stopCloud() {
      await cloud?.close();
      cloud = undefined;
    },
    async startEngine(args = []) {
      const { started, link, lines } = await run(args);
      child = started;
      port = Number(new URL(link).port);
      lines.on('line', (line) => {
        printed += `${line}\n`;
      });
      return link;
    },
    link: async () => (await run([])).link,
    async killEngine() {
      await ended(child, 'SIGKILL');
    },
    async stopEngine() {
      await ended(child, 'SIGTERM');
      return child?.exitCode ?? null;
    },
    enginePid: () => child?.pid ?? 0,
    said: () => printed,
    async qcow2(name, dataBytes) {
      const file = path.join(files, name);
      await makeQcow2(file, { dataBytes, seed: name });
      return file;
    },
    async raw(name, sizeBytes) {
      const bytes = pseudoRandom(name, 0, sizeBytes);
      if (sizeBytes >= 512) bytes.writeUInt16LE(0xaa55, 510);
      const file = path.join(files, name);
      await writeFile(file, bytes);
      return file;
    },
    async close() {
      await ended(child, 'SIGKILL');
      await place.stopCloud();
      await rm(dir, { recursive: true, force: true });
    },
  };
  if (withCloud) await place.startCloud();
  return place;
}

/** An engine must not outlive the tests, also when those are killed: a shell waits for the end of this process. */
function endWithThisProcess(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const guard = spawn('sh', ['-c', `read _; kill -9 ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.once('exit', () => guard.kill('SIGKILL'));
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** Waits until something holds, asking again and again. @throws Error with what was seen last */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (value: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > endMs)
      throw new Error(`${what} did not come: last seen ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
