// An embedded cloud for a test file, and places of their own for its tests. For vitest only.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalCloud, type RequestLogEntry, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { openPlace, type Place, type TestPlace } from './place.ts';

/** What a test file works with. */
export interface TestWorld {
  /** Folder of the whole file. */
  readonly root: string;
  readonly cloud: LocalCloud;
  readonly requests: RequestLogEntry[];
  /** Parts that the cloud has taken. */
  sentParts(): number;
  /** So many parts get through; the others wait until the faults are cleared, or are cut. */
  holdParts(after: number): void;
  folder(): Promise<string>;
  /** Opens tasks; closed after the test. */
  open(place?: Partial<TestPlace>): Promise<Place>;
}

/** Starts the embedded cloud of a test file. */
export function testWorld(): TestWorld {
  // On a machine that is busy with other things, too.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  let root = '';
  let cloud: LocalCloud | undefined;
  const requests: RequestLogEntry[] = [];
  const places: Place[] = [];
  const running = (): LocalCloud => {
    if (cloud === undefined) throw new Error('the cloud is not started');
    return cloud;
  };
  beforeAll(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'imagebridge-tasks-')));
    cloud = await startLocalCloud({
      dataDir: path.join(root, 'cloud'),
      jobDurationMs: 100,
      onRequest: (entry) => void requests.push(entry),
    });
  });
  afterEach(async () => {
    running().faults.clear();
    for (const place of places.splice(0)) await place.close();
    requests.length = 0;
  });
  afterAll(async () => {
    await cloud?.close();
    await rm(root, { recursive: true, force: true });
  });
  const isPart = ({ method, path: asked, status }: RequestLogEntry) =>
    method === 'PUT' && asked.includes('partNumber') && status === 200;
  const world: TestWorld = {
    get root() {
      return root;
    },
    get cloud() {
      return running();
    },
    requests,
    sentParts: () => requests.filter(isPart).length,
    holdParts(after) {
      const which = { method: 'PUT', path: 'partNumber=', after, count: Number.POSITIVE_INFINITY };
      running().faults.add({ ...which, action: { kind: 'delay', ms: 60_000 } });
    },
    folder: () => mkdtemp(path.join(root, 'place-')),
    async open(given = {}) {
      const dir = given.dir ?? (await world.folder());
      const place = await openPlace({ profilesPath: running().profilesPath, ...given, dir });
      places.push(place);
      return place;
    },
  };
  return world;
}
