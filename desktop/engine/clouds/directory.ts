// The profiles of this user and of the embedded cloud, and the clouds they lead to. Notices when the files change.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Clock,
  connectProfile,
  type ImageCloud,
  InvalidInputError,
  loadProfiles,
  openSecretStore,
  type Profile,
  type ProfileDescription,
  type Profiles,
  profilesPath,
  Secret,
  type SecretPlace,
  type SecretStoreOptions,
  secretPlace,
  UnavailableError,
} from '@imagebridge/core';
import { type EngineEvent, family, type ProfileView } from '@imagebridge/desktop-contract';
import type { Clouds, Log } from '../context.ts';
import { problemOf } from '../problem.ts';
import { endpointOf, regionsOf } from './endpoints.ts';
import { CloudPool, sameProfile } from './pool.ts';
import type { ProxyResolver } from './proxy.ts';

/** Where the directory finds everything. */
export interface DirectoryOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Path of the profile file. Default: as the command line has it. */
  configPath?: string | undefined;
  clock: Clock;
  log: Log;
  emit: (event: EngineEvent) => void;
  proxies: ProxyResolver;
  /** Gives the keychain's binding. Default: the installed one. */
  loadKeychain?: SecretStoreOptions['loadBinding'];
  /** How often the files are looked at, in ms. Default 2000. */
  watchMs?: number | undefined;
  /** True for a profile of the embedded cloud while that does not run. */
  isStoppedLocal?: (name: string) => boolean;
}

/** Profiles that are there besides those of the user: the embedded cloud's. */
export interface ExtraProfiles {
  views: readonly ProfileView[];
  regions: readonly string[];
  open(name: string): Promise<Profile>;
  describe(name: string): Promise<ProfileDescription>;
}

type ConnectOptions = NonNullable<Parameters<typeof connectProfile>[2]>;

const WATCH_MS = 2_000;
// A clouds.yaml may come to be in many places: they are looked through now and then only.
const STALE_MS = 30_000;

/** See `Clouds`; and what the handlers of profiles need besides. */
export class Directory implements Clouds {
  readonly path: string;
  readonly #options: DirectoryOptions;
  readonly #pool: CloudPool;
  readonly #listeners = new Set<() => void>();
  #loaded: Profiles | undefined;
  #loadError: unknown;
  #signature = '';
  #foreign: readonly string[] = [];
  #loadedAt = 0;
  #extra: ExtraProfiles | undefined;
  #notes: readonly string[] = [];
  #told = '';
  #comparing: Promise<void> = Promise.resolve();
  #watching: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.path = resolve(options.configPath ?? profilesPath(options.env));
    this.#pool = new CloudPool(async (name) => {
      const profile = await this.profile(name);
      const opened = { profile, home: await this.connect(profile) };
      this.#tell();
      return opened;
    });
    this.#load();
    this.#told = this.#picture();
  }

  async open(cloud: string, region?: string): Promise<ImageCloud> {
    this.#look();
    await this.#comparing;
    return this.#pool.get(cloud, region);
  }

  profiles(): readonly ProfileView[] {
    this.#look();
    return this.#views();
  }

  forget(cloud: string): void {
    this.#pool.drop(cloud);
  }

  dropConnections(): void {
    this.#pool.dropAll();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the user should know, as sentences. */
  warnings(): string[] {
    const broken = this.#loadError === undefined ? [] : [problemOf(this.#loadError).message];
    const hidden = (this.#loaded?.names ?? [])
      .filter((name) => this.isLocal(name))
      .map((name) => `The profile "${name}" of ${this.path} is hidden while the embedded cloud runs.`);
    return [...broken, ...(this.#loaded?.warnings ?? []), ...this.#notes, ...hidden];
  }

  /** Profiles of the embedded cloud; undefined while it does not run. Its opened clouds are closed. */
  setExtra(extra: ExtraProfiles | undefined, notes: readonly string[] = []): void {
    for (const { name } of [...(this.#extra?.views ?? []), ...(extra?.views ?? [])]) this.#pool.drop(name);
    this.#extra = extra;
    this.#notes = notes;
    this.#tell();
  }

  /** Regions that can be named with a profile, its own first. @throws as `profile` */
  async regions(name: string): Promise<string[]> {
    const named = regionsOf((await this.#pool.profileOf(name)) ?? (await this.profile(name)));
    return [...new Set([...named, ...(this.isLocal(name) ? (this.#extra?.regions ?? []) : [])])];
  }

  /** True for a profile of the embedded cloud. */
  isLocal(name: string): boolean {
    return this.#extra?.views.some((view) => view.name === name) ?? false;
  }

  /** The profile with its secrets. @throws InvalidInputError, LocalFileError; UnavailableError when the embedded cloud has it, and does not run */
  async profile(name: string): Promise<Profile> {
    if (this.#extra !== undefined && this.isLocal(name)) return this.#extra.open(name);
    const user = this.#user();
    if (!user.names.includes(name) && this.#options.isStoppedLocal?.(name))
      throw new UnavailableError({
        operation: `find cloud "${name}"`,
        reason: 'the try-out cloud does not run',
        hint: 'Start it under Clouds: what waits for it then goes on.',
      });
    return user.open(name);
  }

  /** One profile in full, without secrets. @throws InvalidInputError */
  async describe(name: string): Promise<{ view: ProfileView; description: ProfileDescription }> {
    this.#look();
    const description =
      this.#extra !== undefined && this.isLocal(name)
        ? await this.#extra.describe(name)
        : await this.#user().describe(name);
    const view = this.#views().find((one) => one.name === description.name);
    if (view !== undefined) return { view, description };
    throw new InvalidInputError({ operation: `find cloud "${name}"`, reason: 'it is gone' });
  }

  /** Opens the cloud of a profile that need not be saved; close it. Sends nothing to the cloud. */
  async connect(profile: Profile, options: ConnectOptions = {}): Promise<ImageCloud> {
    const { env, clock, proxies } = this.#options;
    const asks = !profile.proxy && !this.isLocal(profile.name);
    const proxy = asks ? await proxies.resolve(endpointOf(profile)) : undefined;
    return connectProfile(
      proxy === undefined ? profile : { ...profile, proxy: new Secret(proxy) },
      undefined,
      {
        env,
        clock,
        ...options,
      },
    );
  }

  /**
   * The user's profiles, to change them.
   * @param allowFile false: secrets go to the keychain or are refused
   * @throws InvalidInputError when the file is no file of profiles; LocalFileError
   */
  editable(allowFile: boolean): Profiles {
    const secretStore = openSecretStore({ ...this.#storeOptions(), allowFile });
    return loadProfiles({ path: this.path, mustExist: false, env: this.#options.env, secretStore });
  }

  /** Where secrets would be kept. */
  secretPlace(): Promise<SecretPlace> {
    return secretPlace(this.#storeOptions());
  }

  /** Reads the files again, closes clouds whose profile has changed, and tells what is new. */
  refresh(): void {
    if (this.#stopped) return;
    this.#load();
    this.#comparing = this.#comparing.then(() => this.#compare());
    this.#tell();
  }

  /** Looks at the files from now on. */
  watch(): void {
    this.#watching = setInterval(() => this.#look(), this.#options.watchMs ?? WATCH_MS).unref();
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#watching);
    await this.#comparing;
    await this.#pool.close();
  }

  #storeOptions(): SecretStoreOptions {
    const { env, loadKeychain } = this.#options;
    return { env, scope: this.path, loadBinding: loadKeychain };
  }

  /** @throws what loading threw, where nothing could be loaded so far */
  #user(): Profiles {
    if (this.#loaded !== undefined) return this.#loaded;
    throw this.#loadError;
  }

  /** A file that cannot be read leaves what was read before, and is warned of. */
  #load(): void {
    // Taken first: what is written while it is read is seen at the next look.
    const own = signatureOf(this.path);
    this.#signature = [own, ...this.#foreign.map(signatureOf)].join();
    this.#loadedAt = this.#options.clock.now();
    try {
      this.#loaded = this.editable(true);
      this.#loadError = undefined;
    } catch (error) {
      this.#loadError = error;
    }
    const files = this.#loaded
      ?.list()
      .flatMap(({ kind, source }) => (kind === 'clouds.yaml' ? [source] : []));
    const foreign = [...new Set(files)];
    if (foreign.join() === this.#foreign.join()) return;
    this.#foreign = foreign;
    this.#signature = [own, ...foreign.map(signatureOf)].join();
  }

  /** Reads the files again where they have changed. */
  #look(): void {
    if (this.#stopped) return;
    if (this.#signatures() !== this.#signature) {
      this.refresh();
    } else if (this.#options.clock.now() - this.#loadedAt > STALE_MS) {
      this.#load();
      this.#tell();
    }
  }

  /** Changes whenever one of the files is written, or comes to be. */
  #signatures(): string {
    return [this.path, ...this.#foreign].map(signatureOf).join();
  }

  #views(): ProfileView[] {
    const found = (this.#loaded?.list() ?? []).filter(({ name }) => !this.isLocal(name));
    const own = found.map(
      ({ name, family: word, region, kind, source, isDefault }): ProfileView => ({
        name,
        ...(family.safeParse(word).success ? { family: family.parse(word) } : {}),
        ...(region === undefined ? {} : { region }),
        source: kind,
        place: source,
        isDefault,
        editable: kind === 'file',
        isLocal: false,
      }),
    );
    const local = this.#extra?.views ?? [];
    return [...own, ...local.map((view, index) => ({ ...view, isDefault: own.length === 0 && index === 0 }))];
  }

  #picture(): string {
    return JSON.stringify([this.#views(), this.warnings()]);
  }

  #tell(): void {
    const picture = this.#picture();
    if (this.#stopped || picture === this.#told) return;
    this.#told = picture;
    this.#options.emit({ type: 'profiles', profiles: this.#views(), warnings: this.warnings() });
    for (const listener of this.#listeners) listener();
  }

  /** Closes the clouds whose profile is another one now, or is gone. A file that cannot be read closes nothing. */
  async #compare(): Promise<void> {
    if (this.#loadError !== undefined) return;
    for (const name of this.#pool.names()) {
      if (this.isLocal(name)) continue;
      const before = await this.#pool.profileOf(name);
      const now = await this.profile(name).catch(() => undefined);
      if (before && (now === undefined || !sameProfile(before, now))) this.#pool.drop(name);
    }
  }
}

/** Changes whenever a file is written; empty when there is none. */
function signatureOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return [mtimeMs, size, ino].join(' ');
  } catch {
    return '';
  }
}
