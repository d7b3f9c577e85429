// Tokens of Keystone: only their digests are kept, and they really expire.
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Collection } from '../store/collection.ts';

const tokenSchema = z.object({
  /** SHA-256 of the token, in hex. */
  digest: z.string(),
  userId: z.string(),
  /** Absent for a token without scope. */
  projectId: z.string().optional(),
  methods: z.array(z.string()),
  issuedAtMs: z.number(),
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

  /** Makes a token. Forgets those that have expired. @param expiresAtMs of the token that this one was made from */
  issue(
    owner: Pick<TokenRecord, 'userId' | 'projectId' | 'methods'>,
    now: number,
    expiresAtMs = now + this.#lifetimeMs,
  ): { token: string; record: TokenRecord } {
    for (const old of this.#records.values()) if (old.expiresAtMs <= now) this.#records.delete(old.digest);
    const token = `gAAAAA${randomBytes(120).toString('base64url')}`;
    const record = this.#records.put({ ...owner, digest: digestOf(token), issuedAtMs: now, expiresAtMs });
    return { token, record };
  }

  /** What a token stands for; undefined when it is unknown, revoked or has expired. */
  find(token: string | undefined, now: number): TokenRecord | undefined {
    const record = token === undefined ? undefined : this.#records.get(digestOf(token));
    return record !== undefined && record.expiresAtMs > now ? record : undefined;
  }

  /** Makes a token void. */
  revoke(token: string): void {
    this.#records.delete(digestOf(token));
  }
}
