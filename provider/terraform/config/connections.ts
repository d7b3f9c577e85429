// The clouds of one provider process: found by name, opened on first use, kept by name and region.
import { createHash } from 'node:crypto';
import type { CopyRequest, EngineOptions, ImageCloud, TransferBudget } from '@imagebridge/core';
import {
  type ConfigModel,
  type Diagnostics,
  failure,
  isKnown,
  isWhollyKnown,
  type Logger,
  path,
} from '@imagebridge/terraform-plugin';
import { core } from '../core.ts';
import { AccountFlow } from '../flow/flow.ts';
import { DEFAULT_LIMITS } from '../flow/limits.ts';
import { requestGate } from '../flow/request-gate.ts';
import { Written } from '../flow/written.ts';
import type { providerSchema } from './schema.ts';
import {
  type CloudEntry,
  hasCredentials,
  isFamily,
  isValues,
  mergeFields,
  numberOf,
  readEntry,
} from './settings.ts';

/** The provider's configuration as Terraform hands it over; values may be unknown while planning. */
export type ProviderConfig = ConfigModel<typeof providerSchema>;

/** Environment variables that matter here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where an object lives, as a resource says it. */
export interface Place {
  /** As the resource names it; null means the default. */
  readonly cloud: string | null;
  /** Null means the cloud's own region. */
  readonly region: string | null;
}

/** What the upload engine needs of this machine; all uploads of the process share one budget. */
export interface ProviderEngine extends EngineOptions {
  readonly budget: TransferBudget;
}

/** Most parts under way at once where the user says nothing: two uploads at full speed, or many that share. */
const PARALLEL_PARTS = 32;

/**
 * Opens clouds lazily and keeps them. One object per configured provider. Every cloud it gives shares reads, paces requests and
 * queues copies with all others of this process; see `flow/`.
 */
export class Connections {
  readonly #config: ProviderConfig;
  /** The environment of the process, as the configuration was read with it. */
  readonly environment: Environment;
  readonly #log: Pick<Logger, 'info'> | undefined;
  readonly #open = new Map<string, Promise<ImageCloud>>();
  readonly #written = new Written();
  readonly #warnings = new Set<string>();
  readonly #told = new Set<string>();
  readonly #whenSaved: ((signal: AbortSignal) => Promise<void>)[] = [];
  #engine: Promise<ProviderEngine> | undefined;

  /**
   * @param config the provider's configuration
   * @param env the process's environment
   * @param log gets what is going on
   */
  constructor(config: ProviderConfig, env: Environment, log?: Pick<Logger, 'info'>) {
    this.#config = config;
    this.environment = env;
    this.#log = log;
  }

  /** Tags that all objects with tags get; undefined while they are known only after apply. */
  get defaultTagsIfKnown(): Readonly<Record<string, string>> | undefined {
    const { default_tags: tags } = this.#config;
    if (tags === null) return {};
    if (!isKnown(tags)) return undefined;
    const known = Object.entries(tags).filter((entry): entry is [string, string] => isKnown(entry[1]));
    return known.length === Object.keys(tags).length ? Object.fromEntries(known) : undefined;
  }

  /** Tags that all objects with tags get. @throws DiagnosticError while they are known only after apply */
  get defaultTags(): Readonly<Record<string, string>> {
    const tags = this.defaultTagsIfKnown;
    if (tags === undefined) throw notKnownYet();
    return tags;
  }

  /**
   * The name that a resource's `cloud` stands for.
   * @returns undefined for the profiles file's own default
   */
  nameOf(cloud: string | null): string | undefined {
    if (cloud !== null) return cloud;
    const { default_cloud: configured, clouds } = this.#config;
    if (typeof configured === 'string') return configured;
    const names = isValues(clouds) ? Object.keys(clouds) : [];
    if (names.length < 2) return names[0];
    return this.environment.IMAGEBRIDGE_CLOUD || undefined;
  }

  /** False while it is known only after apply which cloud a resource's `cloud` stands for, or how it is reached. */
  knows(cloud: string | null): boolean {
    const { default_cloud: configured, config_file: file, clouds } = this.#config;
    if (!isKnown(file) || !isKnown(clouds) || (cloud === null && !isKnown(configured))) return false;
    const name = this.nameOf(cloud);
    return (
      name === undefined || clouds === null || !Object.hasOwn(clouds, name) || isWhollyKnown(clouds[name])
    );
  }

  /**
   * The cloud a resource lives in. Opens no connection by itself.
   * @throws DiagnosticError when the configuration is not known yet, or ambiguous; errors of the core for a profile that
   *   is missing or wrong
   */
  cloud(place: Place): Promise<ImageCloud> {
    const name = this.nameOf(place.cloud);
    return this.#once(JSON.stringify([name, place.region]), async () => {
      if (place.region === null) return this.#connect(place.cloud);
      const home = await this.cloud({ ...place, region: null });
      return home.region === place.region ? home : home.inRegion(place.region);
    });
  }

  /** As {@link cloud}, but undefined where the provider's configuration is not known yet. */
  async cloudIfKnown(place: Place): Promise<ImageCloud | undefined> {
    return this.knows(place.cloud) ? this.cloud(place) : undefined;
  }

  /** What the upload engine needs of this machine. */
  engine(): Promise<ProviderEngine> {
    this.#engine ??= this.#makeEngine();
    return this.#engine;
  }

  /** Leaves something to do for the moment when Terraform has had all answers and nobody has interrupted it. */
  whenSaved(work: (signal: AbortSignal) => Promise<void>): void {
    this.#whenSaved.push(work);
  }

  /** Does what was left for the end. @throws the first error, once all of it was tried */
  async finish(signal: AbortSignal): Promise<void> {
    const done = await Promise.allSettled(this.#whenSaved.splice(0).map((work) => work(signal)));
    for (const result of done) if (result.status === 'rejected') throw result.reason;
  }

  /** Adds what the user should know of the clouds that were opened, each thing once. */
  tellWarnings(diagnostics: Diagnostics): void {
    for (const text of this.#warnings) {
      if (this.#told.has(text)) continue;
      this.#told.add(text);
      diagnostics.warning('About the configured clouds', text);
    }
  }

  async #makeEngine(): Promise<ProviderEngine> {
    const {
      state_dir: configured,
      upload_limit_bytes_per_second: limit,
      upload_parallel_parts: parts,
    } = this.#config;
    const { stateDir, TransferBudget } = await core();
    return {
      stateDir: typeof configured === 'string' ? configured : stateDir(this.environment),
      // Terraform lets one run at a time change a state: what the same folder began is this configuration's own, also
      // where the machine, or its disk, is another one than last time.
      origin: createHash('sha256').update(`terraform ${process.cwd()}`).digest('hex').slice(0, 24),
      budget: new TransferBudget({
        limitBytesPerSecond: numberOf(limit),
        parallelParts: numberOf(parts) ?? PARALLEL_PARTS,
      }),
    };
  }

  #once(key: string, open: () => Promise<ImageCloud>): Promise<ImageCloud> {
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const opening = open();
    this.#open.set(key, opening);
    // A failure is not kept: in debug mode the process outlives it, and the user may repair the profile meanwhile.
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  async #connect(cloud: string | null): Promise<ImageCloud> {
    if (!this.knows(cloud)) throw notKnownYet();
    const name = this.nameOf(cloud);
    const entry = name === undefined ? undefined : this.#entry(name);
    if (entry === undefined) this.#refuseAmbiguous(name);

    const { CancelledError, systemClock } = await core();
    const cancelled = () =>
      new CancelledError({ operation: 'wait for the cloud', reason: 'it was cancelled' });
    let opened: ImageCloud | undefined;
    const gate = requestGate(() => this.#limits(opened, entry), systemClock, cancelled);
    opened = await this.#openCloud(name, entry, gate);
    const { family } = opened;
    const flow = new AccountFlow({
      written: this.#written,
      clock: systemClock,
      cancelled,
      onCopyWaits: ({ name: copy, region }: CopyRequest) =>
        this.#log?.info('a copy waits until one of five others has ended', { family, copy, region }),
    });
    return flow.around(opened);
  }

  async #openCloud(
    name: string | undefined,
    entry: CloudEntry | undefined,
    gate: ReturnType<typeof requestGate>,
  ): Promise<ImageCloud> {
    const { connect, connectProfile, parseProfile } = await core();
    const { config_file: file } = this.#config;
    const shared = { env: this.environment, gate };
    if (entry !== undefined && entry.profile === undefined && Object.keys(entry.settings).length > 0) {
      const profile = parseProfile(name ?? '', await this.#fields(entry), 'the provider configuration');
      if (profile.insecure === true) this.#warnings.add(insecureWarning(profile.name));
      return connectProfile(profile, undefined, shared);
    }
    return connect({
      cloud: entry?.profile ?? name,
      region: entry?.region,
      configPath: typeof file === 'string' ? file : undefined,
      onWarning: (text) => this.#warnings.add(text),
      ...shared,
    });
  }

  /** The fields of a profile that an entry stands for. */
  async #fields({ settings, region }: CloudEntry) {
    const given = region === undefined ? settings : { ...settings, region };
    if (!isFamily(settings.family) || hasCredentials(settings)) return given;
    const { profilesFromEnvironment } = await core();
    const [found] = profilesFromEnvironment({ ...this.environment, IMAGEBRIDGE_FAMILY: settings.family });
    return mergeFields(found?.fields ?? {}, given);
  }

  #limits(opened: ImageCloud | undefined, entry: CloudEntry | undefined) {
    const { requests_per_second: perSecond, parallel_requests: parallel } = this.#config;
    const otherwise = DEFAULT_LIMITS[opened?.family ?? 'huaweicloud'];
    return {
      perSecond: entry?.requestsPerSecond ?? numberOf(perSecond) ?? otherwise.perSecond,
      parallel: entry?.parallelRequests ?? numberOf(parallel) ?? otherwise.parallel,
    };
  }

  #entry(name: string): CloudEntry | undefined {
    const { clouds } = this.#config;
    if (!isValues(clouds) || !Object.hasOwn(clouds, name)) return undefined;
    const entry = clouds[name];
    return isValues(entry) ? readEntry(entry) : undefined;
  }

  #refuseAmbiguous(name: string | undefined): void {
    const { clouds } = this.#config;
    if (name !== undefined || !isValues(clouds) || Object.keys(clouds).length < 2) return;
    throw failure(
      'No cloud was named',
      `The provider has ${Object.keys(clouds).length} clouds (${Object.keys(clouds).join(', ')}) and no default_cloud. ` +
        'Set `cloud` in the resource, or `default_cloud` in the provider.',
      path('cloud'),
    );
  }
}

const notKnownYet = () =>
  failure(
    'The provider configuration is not known yet',
    'It depends on values that are decided during apply, and this operation needs the cloud now. ' +
      'Apply what it depends on first (terraform apply -target=…), or use values that are known.',
  );

const insecureWarning = (name: string): string =>
  `CERTIFICATES ARE NOT CHECKED for cloud "${name}" (insecure in the provider configuration): anybody on the way can read ` +
  'and change what is sent, credentials too. Name the authority of the cloud with ca_file instead.';
