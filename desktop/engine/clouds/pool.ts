// Clouds that are open: each profile once, with its regions, shared by all who ask. Knows no profiles by itself.
import { createHash } from 'node:crypto';
import { type ImageCloud, type Profile, Secret } from '@imagebridge/core';

/** A profile's cloud that is open. */
export interface OpenedCloud {
  profile: Profile;
  /** In the profile's own region; closing it closes those of the other regions too. */
  home: ImageCloud;
}

interface Entry {
  opening: Promise<OpenedCloud>;
  regions: Map<string, ImageCloud>;
}

/** Shares clouds by the names of their profiles. */
export class CloudPool {
  readonly #open: (name: string) => Promise<OpenedCloud>;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Set<Promise<void>>();

  /** @param open opens the cloud of a profile; sends nothing */
  constructor(open: (name: string) => Promise<OpenedCloud>) {
    this.#open = open;
  }

  /** @throws whatever opening throws */
  async get(name: string, region?: string): Promise<ImageCloud> {
    for (;;) {
      const entry = this.#entry(name);
      const { home } = await entry.opening;
      // It may have been dropped while it was being opened.
      if (this.#entries.get(name) !== entry) continue;
      if (region === undefined || region === home.region) return home;
      const cloud = entry.regions.get(region) ?? home.inRegion(region);
      entry.regions.set(region, cloud);
      return cloud;
    }
  }

  /** Names of those that are open. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The profile that a cloud was opened with; undefined when it is not open. */
  async profileOf(name: string): Promise<Profile | undefined> {
    const opened = await this.#entries.get(name)?.opening.catch(() => undefined);
    return opened?.profile;
  }

  /** Closes a cloud in all its regions; calls under way fail. */
  drop(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    const closing = entry.opening
      .then(({ home }) => home.close())
      .catch(() => {})
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Closes all. */
  dropAll(): void {
    for (const name of this.names()) this.drop(name);
  }

  /** Closes all, and resolves when they are closed. */
  async close(): Promise<void> {
    this.dropAll();
    await Promise.all(this.#closing);
  }

  #entry(name: string): Entry {
    const known = this.#entries.get(name);
    if (known) return known;
    const entry: Entry = { opening: this.#open(name), regions: new Map() };
    this.#entries.set(name, entry);
    entry.opening.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    return entry;
  }
}

/** True when two profiles are the same, secrets included. */
export const sameProfile = (a: Profile, b: Profile): boolean => digestOf(a) === digestOf(b);

/** Of all that a profile holds; a digest, so that no secret lies about as text. */
function digestOf(profile: Profile): string {
  const hash = createHash('sha256');
  const add = (value: unknown): void => {
    if (value instanceof Secret) hash.update(`s${JSON.stringify(value.reveal())}`);
    else if (typeof value === 'object' && value !== null) {
      hash.update('{');
      for (const [name, inner] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(JSON.stringify(name));
        add(inner);
      }
      hash.update('}');
    } else hash.update(`v${JSON.stringify(value) ?? ''}`);
  };
  add(profile);
  return hash.digest('hex');
}
