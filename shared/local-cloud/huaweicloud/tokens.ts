// Tokens of the identity service: only their digests are kept, and they really expire.
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Collection } from '../store/collection.ts';

const tokenSchema = z.object({
  /** SHA-256 of the token, in hex. */
  digest: z.string(),
  domainId: z.string(),
  /** Absent for a token of the whole account. */
  projectId: z.string().optional(),
  expiresAtMs: z.number(),
});
export type TokenRecord = z.infer<typeof tokenSchema>;

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** The tokens that were issued. */
export class Tokens {
  readonly #records: Collection<TokenRecord>;
  readonly #lifetimeMs: number;

  constructor(folder: string, lifetimeMs: number) {
    this.#records = new Collection(folder, tokenSchema, (token) => token.digest);
    this.#lifetimeMs = lifetimeMs;
  }

  /** Makes a token. Forgets those that have expired. */
  issue(owner: { domainId: string; projectId?: string | undefined }, now: number) {
    for (const old of this.#records.values()) {
      if (old.expiresAtMs <= now) this.#records.delete(old.digest);
    }
    // The real service's tokens are long too: clients must not assume a few dozen characters.
    const token = `MII${randomBytes(768).toString('base64')}`;
    const record = this.#records.put({
      ...owner,
      digest: digestOf(token),
      expiresAtMs: now + this.#lifetimeMs,
    });
    return { token, record };
  }

  /** What a token stands for; undefined when it is unknown or has expired. */
  find(token: string, now: number): TokenRecord | undefined {
    const record = this.#records.get(digestOf(token));
    return record !== undefined && record.expiresAtMs > now ? record : undefined;
  }
}
