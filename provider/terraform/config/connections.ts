// The clouds of one provider process: found by name, opened on first use, kept by name and region.
import type { EngineOptions, ImageCloud } from '@imagebridge/core';
import { type ConfigModel, failure, isKnown, isWhollyKnown, path } from '@imagebridge/terraform-plugin';
import { core } from '../core.ts';
import type { providerSchema } from './schema.ts';

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

/** Opens clouds lazily and keeps them. One object per configured provider. */
export class Connections {
  readonly #config: ProviderConfig;
  /** The environment of the process, as the configuration was read with it. */
  readonly environment: Environment;
  readonly #onWarning: (text: string) => void;
  readonly #open = new Map<string, Promise<ImageCloud>>();

  /**
   * @param config the provider's configuration
   * @param env the process's environment
   * @param onWarning gets what the user should know, as sentences
   */
  constructor(config: ProviderConfig, env: Environment, onWarning: (text: string) => void = () => {}) {
    this.#config = config;
    this.environment = env;
    this.#onWarning = onWarning;
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

  /** False while the configuration holds values that are known only after apply: then no cloud can be asked. */
  get ready(): boolean {
    return isWhollyKnown(this.#config);
  }

  /**
   * The name that a resource's `cloud` stands for.
   * @returns undefined for the profiles file's own default
   */
  nameOf(cloud: string | null): string | undefined {
    if (cloud !== null) return cloud;
    const { default_cloud: configured, clouds } = this.#config;
    if (typeof configured === 'string') return configured;
    const names = isObject(clouds) ? Object.keys(clouds) : [];
    return names.length === 1 ? names[0] : undefined;
  }

  /**
   * The cloud a resource lives in. Opens no connection by itself.
   * @throws DiagnosticError when the configuration is not known yet, or ambiguous; errors of the core for a profile that
   *   is missing or wrong
   */
  cloud(place: Place): Promise<ImageCloud> {
    const name = this.nameOf(place.cloud);
    return this.#once(JSON.stringify([name, place.region]), async () => {
      if (place.region === null) return this.#connect(name);
      const home = await this.cloud({ ...place, region: null });
      return home.region === place.region ? home : home.inRegion(place.region);
    });
  }

  /** As {@link cloud}, but undefined where the provider's configuration is not known yet. */
  async cloudIfKnown(place: Place): Promise<ImageCloud | undefined> {
    return this.ready ? this.cloud(place) : undefined;
  }

  /** What the upload engine needs of this machine. */
  async engine(): Promise<EngineOptions> {
    const { state_dir: configured } = this.#config;
    if (typeof configured === 'string') return { stateDir: configured };
    const { stateDir } = await core();
    return { stateDir: stateDir(this.environment) };
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

  async #connect(name: string | undefined): Promise<ImageCloud> {
    if (!this.ready) throw notKnownYet();
    const { connect, connectProfile, parseProfile } = await core();
    const shared = { env: this.environment, onWarning: this.#onWarning };
    const configPath = typeof this.#config.config_file === 'string' ? this.#config.config_file : undefined;
    const entry = name === undefined ? undefined : this.#entry(name);
    if (entry === undefined) {
      this.#refuseAmbiguous(name);
      return connect({ cloud: name, configPath, ...shared });
    }
    const { profile, ...settings } = withoutNulls(entry);
    if (Object.keys(settings).some((key) => key !== 'region'))
      return connectProfile(
        parseProfile(name ?? '', settings, 'the provider configuration'),
        undefined,
        shared,
      );
    return connect({
      cloud: typeof profile === 'string' ? profile : name,
      region: typeof settings.region === 'string' ? settings.region : undefined,
      configPath,
      ...shared,
    });
  }

  #entry(name: string): Readonly<Record<string, unknown>> | undefined {
    const { clouds } = this.#config;
    if (!isObject(clouds) || !Object.hasOwn(clouds, name)) return undefined;
    const entry = clouds[name];
    return isObject(entry) ? entry : undefined;
  }

  #refuseAmbiguous(name: string | undefined): void {
    const { clouds } = this.#config;
    if (name !== undefined || !isObject(clouds) || Object.keys(clouds).length < 2) return;
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNulls(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === null || item === undefined) continue;
    kept.push([key, isObject(item) ? withoutNulls(item) : item]);
  }
  return Object.fromEntries(kept);
}
