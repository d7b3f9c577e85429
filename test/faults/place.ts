// Where runs happen: a folder, an embedded cloud of its own, the proxy before it, and a small disk that can be filled.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudFacts, CloudProcess } from './cloud-process.ts';
import { FaultProxy } from './proxy.ts';
import type { ServiceName } from './requests.ts';
import { ObjectStore } from './stored.ts';

/** A disk of a few hundred KiB. */
export interface SmallDisk {
  readonly dir: string;
  fill(): void;
  free(): void;
}

/** A place for runs, one after the other. */
export interface Place {
  readonly dir: string;
  readonly cloud: CloudProcess;
  readonly proxy: FaultProxy;
  readonly store: ObjectStore;
  /** Absent where this user may not mount one. */
  readonly disk: SmallDisk | undefined;
  /** Profiles that lead through the proxy. */
  readonly profilesPath: string;
  close(): Promise<void>;
}

/** Makes a place. */
export async function makePlace(): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'imagebridge-faults-'));
  const cloud = new CloudProcess(join(dir, 'cloud'));
  const proxy = new FaultProxy();
  const disk = mountDisk(join(dir, 'disk'));
  const cleanUp = () => {
    if (disk !== undefined) execFileSync('umount', ['--lazy', disk.dir]);
    rmSync(dir, { recursive: true, force: true });
  };
  // A mounted disk must not outlive this process, however it ends.
  process.once('exit', cleanUp);
  const close = async () => {
    process.off('exit', cleanUp);
    await cloud.kill();
    await proxy.close();
    cleanUp();
  };
  try {
    await cloud.start();
    const ports = portsOf(cloud.facts);
    let text = readFileSync(cloud.facts.profilesPath, 'utf8');
    for (const [name, port] of Object.entries(ports) as [ServiceName, number][]) {
      text = text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${await proxy.add(name, port)}`);
    }
    const profilesPath = join(dir, 'profiles.yaml');
    writeFileSync(profilesPath, text, { mode: 0o600 });
    cloud.onRestart = (facts) => proxy.retarget(portsOf(facts));
    return { dir, cloud, proxy, store: new ObjectStore(() => cloud.facts), disk, profilesPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const portsOf = ({ endpoints }: CloudFacts) =>
  Object.fromEntries(
    Object.entries(endpoints).map(([name, url]) => [name, Number(new URL(url).port)]),
  ) as Record<ServiceName, number>;

function mountDisk(dir: string): SmallDisk | undefined {
  try {
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    fill() {
      const file = openSync(filler, 'w');
      try {
        const page = Buffer.alloc(4096);
        for (;;) writeSync(file, page);
      } catch {
        // It is full now.
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
  };
}
