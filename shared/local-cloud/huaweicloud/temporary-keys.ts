// Temporary access keys (IAM API reference, `POST /v3.0/OS-CREDENTIAL/securitytokens`). Kept in memory only, because a
// secret that is good for minutes need not lie on disk: a restart ends them.
import { randomBytes } from 'node:crypto';

/** An access key that ends, and that is good only together with its security token. Secret: never print it. */
export interface TemporaryKey {
  accessKey: string;
  secretKey: string;
  /** Goes with every request, in `X-Security-Token` or `x-obs-security-token`. */
  securityToken: string;
  domainId: string;
  /** Absent for a key of the whole account. */
  projectId?: string | undefined;
  expiresAtMs: number;
}

/** Shortest and longest life of a temporary key, in seconds. */
export const temporaryKeyLifeSeconds = { min: 900, max: 86_400 } as const;

/** The temporary keys that were issued. */
export class TemporaryKeys {
  readonly #clock: { now(): number };
  readonly #keys = new Map<string, TemporaryKey>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  /** Makes a key. Forgets those that have expired. */
  issue(owner: { domainId: string; projectId?: string | undefined }, lifeSeconds: number): TemporaryKey {
    const now = this.#clock.now();
    for (const [name, { expiresAtMs }] of this.#keys) if (expiresAtMs <= now) this.#keys.delete(name);
    const key: TemporaryKey = {
      ...owner,
      accessKey: `HST${randomBytes(13).toString('hex').toUpperCase().slice(0, 17)}`,
      secretKey: randomBytes(30).toString('base64url'),
      securityToken: randomBytes(384).toString('base64'),
      expiresAtMs: now + lifeSeconds * 1000,
    };
    this.#keys.set(key.accessKey, key);
    return key;
  }

  /** The key with this access key; undefined when it is unknown or has expired. */
  lookup(accessKey: string): TemporaryKey | undefined {
    const key = this.#keys.get(accessKey);
    return key !== undefined && key.expiresAtMs > this.#clock.now() ? key : undefined;
  }

  /** The key that a security token belongs to; undefined when it is unknown or has expired. */
  ofToken(securityToken: string): TemporaryKey | undefined {
    const now = this.#clock.now();
    return [...this.#keys.values()].find(
      (key) => key.securityToken === securityToken && key.expiresAtMs > now,
    );
  }
}
