// The embedded cloud inside the engine: for trying things out without an account. Its profiles stay in its own folder.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BusyError,
  InvalidInputError,
  LocalFileError,
  loadProfiles,
  type Profile,
  type Profiles,
} from '@imagebridge/core';
import { family, type ProfileView } from '@imagebridge/desktop-contract';
import type { LocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import type { Log } from '../context.ts';
import { writeWhole } from '../files/write-file.ts';
import { problemOf } from '../problem.ts';
import type { ExtraProfiles } from './directory.ts';

/** What the service is given. */
export interface LocalCloudServiceOptions {
  dataDir: string;
  log: Log;
  /** Names that profiles of the user have. */
  takenNames(): ReadonlySet<string>;
  /** Told the profiles while it runs, and undefined when it stops. */
  onChange(extra: ExtraProfiles | undefined): void;
  /** How long an import or a copy takes, in ms. Default 2000. */
  jobDurationMs?: number | undefined;
}

/** Profiles that are shown: two accounts that can share with each other, and an administrator of base images. */
const SHOWN = [
  'local',
  'local-openstack',
  'local-ucloudstack',
  'partner',
  'partner-openstack',
  'partner-ucloudstack',
  'operator-ucloudstack',
];

/** What follows a name that a profile of the user has. */
const EMBEDDED = ' (embedded)';

const NATURAL_JOB_MS = 2_000;

const memorySchema = z.object({ running: z.boolean() });

/** Runs the embedded cloud, and remembers whether it was on. */
export class LocalCloudService {
  readonly #options: LocalCloudServiceOptions;
  readonly #folder: string;
  readonly #memoryPath: string;
  #cloud: LocalCloud | undefined;
  #views: readonly ProfileView[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LocalCloudServiceOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, 'local-cloud');
    this.#memoryPath = join(options.dataDir, 'local-cloud.json');
  }

  get running(): boolean {
    return this.#cloud !== undefined;
  }

  /**
   * Starts it; with the same folder it has the ports of the last time, as far as they are free.
   * @returns the names of its profiles
   * @throws BusyError when another process serves the folder; LocalFileError
   */
  start(): Promise<string[]> {
    return this.#inTurn(async () => {
      if (this.#cloud === undefined) await this.#start();
      await this.#remember(true);
      return this.#views.map(({ name }) => name);
    });
  }

  /** Stops it; what is in it stays. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#close();
      await this.#remember(false);
    });
  }

  /** True for a profile that it would have if it ran. */
  hasStopped(name: string): boolean {
    if (this.running || !existsSync(join(this.#folder, 'profiles.yaml'))) return false;
    return SHOWN.includes(name.replace(EMBEDDED, ''));
  }

  /** Starts it if it was on when the engine ended. */
  async restore(): Promise<void> {
    if (await this.#wasRunning()) await this.start();
  }

  /** Closes it without forgetting that it was on. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  /** One thing after the other: starting twice starts once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #start(): Promise<void> {
    const { jobDurationMs = NATURAL_JOB_MS, onChange, takenNames } = this.#options;
    try {
      // Loaded when it is wanted: most users never do.
      const { startLocalCloud } = await import('@imagebridge/local-cloud');
      this.#cloud = await startLocalCloud({ dataDir: this.#folder, jobDurationMs });
    } catch (cause) {
      throw startFailed(this.#folder, cause);
    }
    const extra = extraProfiles(this.#cloud, takenNames());
    this.#views = extra.views;
    onChange(extra);
  }

  async #close(): Promise<void> {
    const cloud = this.#cloud;
    if (cloud === undefined) return;
    this.#cloud = undefined;
    this.#views = [];
    this.#options.onChange(undefined);
    await cloud.close();
  }

  async #remember(running: boolean): Promise<void> {
    try {
      if (!running) return await rm(this.#memoryPath, { force: true });
      await writeWhole(
        this.#memoryPath,
        `${JSON.stringify({ running })}\n`,
        'whether the embedded cloud runs',
      );
    } catch (error) {
      this.#options.log.warn(problemOf(error).message);
    }
  }

  async #wasRunning(): Promise<boolean> {
    try {
      return memorySchema.parse(JSON.parse(await readFile(this.#memoryPath, 'utf8'))).running;
    } catch {
      return false;
    }
  }
}

function startFailed(folder: string, cause: unknown): Error {
  if (!(cause instanceof Error && cause.name === 'LocalCloudError')) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    return new LocalFileError({
      operation: 'start the embedded cloud',
      object: folder,
      reason: code ?? 'its data cannot be used',
      hint: 'Check that the folder can be written; or move it away, and the embedded cloud begins anew.',
      cause,
    });
  }
  return new BusyError({
    operation: 'start the embedded cloud',
    object: folder,
    reason: cause.message,
    hint: 'End the other program that runs it, then try again.',
    cause,
  });
}

/** The running cloud's profiles, under names that the user does not have. */
function extraProfiles(cloud: LocalCloud, taken: ReadonlySet<string>): ExtraProfiles {
  // Its own file says everything; no variable has a say in it.
  const profiles: Profiles = loadProfiles({ path: cloud.profilesPath, env: {} });
  const byName = new Map(SHOWN.map((name) => [taken.has(name) ? name + EMBEDDED : name, name]));
  const inFile = (name: string): string => {
    const found = byName.get(name);
    if (found !== undefined) return found;
    throw new InvalidInputError({
      operation: `find cloud "${name}"`,
      reason: 'the embedded cloud has none of it',
    });
  };
  const summaries = new Map(profiles.list().map((summary) => [summary.name, summary]));
  const views = [...byName].flatMap(([name, file]): ProfileView[] => {
    const summary = summaries.get(file);
    if (summary === undefined) return [];
    return [
      {
        name,
        family: family.parse(summary.family),
        ...(summary.region === undefined ? {} : { region: summary.region }),
        source: 'file',
        place: summary.source,
        isDefault: false,
        editable: false,
        isLocal: true,
      },
    ];
  });
  return {
    views,
    regions: Object.keys(cloud.endpoints.regions),
    open: async (name): Promise<Profile> => ({ ...(await profiles.open(inFile(name))), name }),
    describe: async (name) => ({ ...(await profiles.describe(inFile(name))), name }),
  };
}
