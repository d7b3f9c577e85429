// How each path is walked: the client's command, and what is found in the cloud afterwards. One small entry per path.
import { writeFile } from 'node:fs/promises';
import { makeQcow2, pseudoRandom } from '../fixtures/qcow2.ts';
import type { ClientSpec } from './client-process.ts';
import type { Place } from './place.ts';
import type { PathName, Scenario } from './plan.ts';

/** What a run works on. */
export interface Task {
  scenario: Scenario;
  place: Place;
  /** Name of the image, or key of the object. */
  name: string;
  file: string;
  stateDir: string;
  sabotage?: string | undefined;
  /** Staged objects that were there before. */
  stagedBefore?: ReadonlySet<string> | undefined;
}

/** What is in the cloud under the name of a run. */
export interface Found {
  /** SHA-256 of the stored bytes of each finished object or image. */
  sha256s: (string | undefined)[];
  /** Status of each image of that name that never got its bytes. */
  unready: string[];
  /** What else was left in the cloud. */
  problems: string[];
}

/** One path. */
export interface Path {
  /** What stands at the end, for sentences. */
  noun: 'object' | 'image';
  makeFile(path: string, scenario: Scenario): Promise<void>;
  push(task: Task): Omit<ClientSpec, 'jumpMs' | 'isHasty'>;
  /** Goes on with an upload by its id; absent where the client has no such command. */
  resume?(task: Task, uploadId: string): Omit<ClientSpec, 'jumpMs' | 'isHasty'>;
  /** Gives an upload up, whether a process works on it or not. */
  abort(task: Task, uploadId: string): Omit<ClientSpec, 'jumpMs' | 'isHasty'>;
  find(task: Task): Promise<Found>;
}

const BUCKET = 'faults';

async function makeRaw(path: string, { seed, sizeBytes }: Scenario): Promise<void> {
  const bytes = pseudoRandom(String(seed), 0, sizeBytes);
  // A boot sector, as inspection expects of a disk.
  bytes.writeUInt16LE(0xaa55, 510);
  await writeFile(path, bytes);
}

const environment = ({ place, stateDir }: Task): NodeJS.ProcessEnv => ({
  ...process.env,
  IMAGEBRIDGE_CONFIG: place.profilesPath,
  IMAGEBRIDGE_STATE_DIR: stateDir,
});

/** The command that finds unfinished uploads which no journal knows, and removes them. */
export const removeOrphans = (task: Task, bucket: string) => ({
  script: 'command' as const,
  args: `uploads orphans --cloud local --bucket ${bucket} --older-than 0s --foreign --remove --yes --json`.split(
    ' ',
  ),
  env: environment(task),
});

const engine = (task: Task, act: 'push' | 'abort', uploadId?: string) => ({
  script: 'engine' as const,
  args: [
    JSON.stringify({
      act,
      file: task.file,
      bucket: BUCKET,
      key: task.name,
      stateDir: task.stateDir,
      uploadId,
      partSizeBytes: task.scenario.partSizeBytes,
      parallelParts: task.scenario.parallelParts,
      sabotage: task.sabotage,
    }),
  ],
  env: environment(task),
});

const bucket: Path = {
  noun: 'object',
  makeFile: makeRaw,
  push: (task) => engine(task, 'push'),
  abort: (task, uploadId) => engine(task, 'abort', uploadId),
  async find({ place, name }) {
    const sha256 = await place.store.sha256(BUCKET, name);
    return { sha256s: sha256 === undefined ? [] : [sha256], unready: [], problems: [] };
  },
};

function publish(
  family: string,
  profile: string,
  makeFile: Path['makeFile'],
  facts: readonly string[] = [],
): Path {
  return {
    noun: 'image',
    makeFile,
    push: (task) => ({
      script: 'command',
      args: [
        'push',
        task.file,
        '--to',
        profile,
        '--name',
        task.name,
        '--part-size',
        String(task.scenario.partSizeBytes),
        '--parallel',
        String(task.scenario.parallelParts),
        '--progress',
        'none',
        '--json',
        ...facts,
      ],
      env: environment(task),
    }),
    resume: (task, uploadId) => ({
      script: 'command',
      args: ['uploads', 'resume', uploadId, '--progress', 'none', '--json'],
      env: environment(task),
    }),
    abort: (task, uploadId) => ({
      script: 'command',
      args: ['uploads', 'abort', uploadId, '--json'],
      env: environment(task),
    }),
    async find({ place, name, stagedBefore = new Set() }) {
      const mine = (await place.cloud.images()).filter(
        (image) => image.family === family && image.name === name,
      );
      const done = mine.filter(({ status }) => READY.has(status));
      const unready = mine.filter((image) => !done.includes(image)).map(({ status }) => status);
      const problems: string[] = [];
      const staged = (await stagedObjects(place)).filter((key) => !stagedBefore.has(key));
      if (staged.length > 0) problems.push(`${staged.length} staged objects are left: ${staged.join(', ')}`);
      return { sha256s: done.map(({ sha256 }) => sha256), unready, problems };
    },
  };
}

const READY = new Set(['active', 'Used', 'Available']);

/** Keys of all objects but those of the path `bucket`. */
export async function stagedObjects(place: Place): Promise<string[]> {
  const names: string[] = [];
  for (const name of await place.store.buckets()) {
    if (name !== BUCKET) names.push(...(await place.store.keys(name)));
  }
  return names;
}

/** All paths. */
export const PATH: Readonly<Record<PathName, Path>> = {
  bucket,
  huaweicloud: publish('huaweicloud', 'local', makeRaw),
  openstack: publish('openstack', 'local-openstack', makeRaw),
  ucloudstack: publish(
    'ucloudstack',
    'local-ucloudstack',
    async (path, { seed, sizeBytes }) => {
      await makeQcow2(path, { dataBytes: sizeBytes, seed: String(seed) });
    },
    '--os-type Linux --os-distribution Ubuntu --os-version 22.04 --architecture x86_64'.split(' '),
  ),
};
