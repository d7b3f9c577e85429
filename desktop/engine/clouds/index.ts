// The clouds of the profiles: the directory that the engine's parts share, and what the window can ask of it.
import type { Clock, EngineOptions, SecretStoreOptions } from '@imagebridge/core';
import type { EngineEvent } from '@imagebridge/desktop-contract';
import type { Clouds, HandlersOf, Host, Log } from '../context.ts';
import { problemOf } from '../problem.ts';
import { openProfiles } from '../profiles/handlers.ts';
import { describeCloud } from './describe.ts';
import { Directory } from './directory.ts';
import { LocalCloudService } from './local-cloud.ts';
import { proxyResolver } from './proxy.ts';

/** What the part is given. */
export interface CloudsOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Folder of the engine's own files; the embedded cloud lies below it. */
  dataDir: string;
  engine: EngineOptions;
  clock: Clock;
  log: Log;
  emit: (event: EngineEvent) => void;
  /** Profile file. Default: as the command line has it. */
  configPath?: string | undefined;
  /** Gives the keychain's binding. Default: the installed one. */
  loadKeychain?: SecretStoreOptions['loadBinding'];
  /** How long a job of the embedded cloud takes, in ms. Default 2000. */
  localJobMs?: number | undefined;
  /** How often the profile file is looked at, in ms. Default 2000. */
  watchMs?: number | undefined;
}

/** The part that owns profiles and clouds. */
export interface CloudsPart {
  clouds: Clouds;
  handlers: HandlersOf<'profiles' | 'clouds' | 'localCloud'>;
  /** What the user should know of the profiles, as sentences. */
  warnings(): string[];
  /** True while the embedded cloud runs. */
  localRunning(): boolean;
  /** From now on the system's proxies are asked for. */
  setHost(host: Host): void;
  stop(): Promise<void>;
}

/** Opens it. A profile file that cannot be read is a warning, not an error. */
export async function openClouds(options: CloudsOptions): Promise<CloudsPart> {
  const { env, dataDir, clock, log, emit, configPath, loadKeychain, watchMs } = options;
  const proxies = proxyResolver({ clock, log });
  const isStoppedLocal = (name: string): boolean => localCloud.hasStopped(name);
  const directory = new Directory({
    ...{ env, configPath, clock, log, emit, proxies, loadKeychain, watchMs, isStoppedLocal },
  });
  const localCloud: LocalCloudService = new LocalCloudService({
    dataDir,
    log,
    jobDurationMs: options.localJobMs,
    takenNames: () => new Set(directory.profiles().flatMap(({ name, isLocal }) => (isLocal ? [] : [name]))),
    onChange: (extra) => directory.setExtra(extra),
  });
  const profiles = openProfiles(directory, clock);
  try {
    await localCloud.restore();
  } catch (error) {
    const { message } = problemOf(error);
    log.warn(message);
    directory.setExtra(undefined, [message]);
  }
  directory.watch();

  return {
    clouds: directory,
    handlers: {
      ...profiles.handlers,
      'clouds.describe': async ({ cloud, region }) =>
        describeCloud(await directory.open(cloud, region), await directory.regions(cloud)),
      'clouds.osVersions': async ({ cloud, region }, signal) => {
        const versions = await (await directory.open(cloud, region)).listOsVersions({ signal });
        return versions.map(({ platform, osVersion, osType, osDistribution, architecture }) => ({
          platform,
          osVersion,
          osType,
          ...(osDistribution === undefined ? {} : { osDistribution }),
          ...(architecture === undefined ? {} : { architecture }),
        }));
      },
      'clouds.quotas': async ({ cloud, region }, signal) => {
        const quotas = await (await directory.open(cloud, region)).getQuotas({ signal });
        return quotas.map(({ resource, used, limit }) => ({ resource, used, limit }));
      },
      'localCloud.start': async () => ({ profiles: await localCloud.start() }),
      'localCloud.stop': async () => {
        await localCloud.stop();
        return null;
      },
    },
    warnings: () => directory.warnings(),
    localRunning: () => localCloud.running,
    setHost: (host) => proxies.setHost(host),
    stop: async () => {
      profiles.stop();
      proxies.stop();
      await directory.stop();
      await localCloud.close();
    },
  };
}
