// Who may come in: a token that works once, sessions in a cookie, and the names and origins that are ours. Touches
// web-sessions.json, which holds digests only, so that a window comes back by itself after a restart.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '@imagebridge/core';
import { z } from 'zod';
import type { Log } from '../context.ts';
import { writeWhole } from '../files/write-file.ts';

const MAX_SESSIONS = 50;
const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
/** How precisely the last use of a session is remembered. */
const TOUCH_MS = 3_600_000;

const sessionsSchema = z.array(z.object({ digest: z.string(), usedAtMs: z.number() }));
type StoredSession = z.infer<typeof sessionsSchema>[number];

/** What access is decided by. */
export interface AccessOptions {
  dataDir: string;
  clock: Clock;
  log: Log;
  /** Part of the cookie's name: cookies are shared by all ports of a host. */
  port: number;
  /** Host names, besides those of this machine itself, under which browsers may come. */
  names: readonly string[];
  /** Origins of a proxy with TLS in front, e.g. `https://upload.example.com`. */
  origins: readonly string[];
}

/** Tokens, sessions, names and origins. */
export class Access {
  readonly cookieName: string;
  /** With it a later start on the same data folder asks for a new link. */
  readonly linkKey = secret();
  readonly #options: AccessOptions;
  readonly #path: string;
  readonly #names: ReadonlySet<string>;
  /** The digest of the only token that is good. */
  #token: string | undefined;
  #sessions: StoredSession[];
  #saving: Promise<void> = Promise.resolve();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.cookieName = `imagebridge-${options.port}`;
    this.#path = join(options.dataDir, 'web-sessions.json');
    const foreign = options.origins.map((origin) => new URL(origin).hostname);
    this.#names = new Set(['127.0.0.1', 'localhost', '[::1]', ...options.names, ...foreign]);
    this.#sessions = read(this.#path);
  }

  /** A new token. The one before is no longer good. */
  mint(): string {
    const token = secret();
    this.#token = digestOf(token);
    return token;
  }

  /** Exchanges a token for a session, once. Undefined when it is wrong or used. */
  redeem(token: string): string | undefined {
    if (this.#token === undefined || !same(digestOf(token), this.#token)) return undefined;
    this.#token = undefined;
    const session = secret();
    this.#sessions.push({ digest: digestOf(session), usedAtMs: this.#options.clock.now() });
    this.#sessions = this.#sessions.slice(-MAX_SESSIONS);
    this.#save();
    return session;
  }

  /** True when the request carries a session of ours. */
  hasSession(headers: IncomingHttpHeaders): boolean {
    const found = this.#sessionOf(headers);
    if (found === undefined) return false;
    const nowMs = this.#options.clock.now();
    if (nowMs - found.usedAtMs > TOUCH_MS) {
      found.usedAtMs = nowMs;
      this.#save();
    }
    return true;
  }

  /** True when a later start of the same user asks for a link. */
  hasLinkKey(headers: IncomingHttpHeaders): boolean {
    return same(digestOf(headers.authorization ?? ''), digestOf(`Bearer ${this.linkKey}`));
  }

  /** Only names of this machine itself: another name that leads here is that of a page which tries (DNS rebinding). */
  isOurHost(headers: IncomingHttpHeaders): boolean {
    const { host } = headers;
    if (host === undefined || !URL.canParse(`http://${host}`)) return false;
    const { hostname, pathname, username } = new URL(`http://${host}`);
    return pathname === '/' && username === '' && this.#names.has(hostname);
  }

  /** True for a page that came from here: the same host and port as it is asked under, or the proxy in front. */
  isOurOrigin(headers: IncomingHttpHeaders): boolean {
    const { origin, host } = headers;
    return origin !== undefined && (origin === `http://${host}` || this.#options.origins.includes(origin));
  }

  /** Ends when what was changed is on disk. */
  saved(): Promise<void> {
    return this.#saving;
  }

  #sessionOf(headers: IncomingHttpHeaders): StoredSession | undefined {
    const oldest = this.#options.clock.now() - SESSION_LIFE_MS;
    for (const pair of (headers.cookie ?? '').split(';')) {
      const [name, value = ''] = pair.trim().split('=', 2);
      if (name !== this.cookieName) continue;
      const digest = digestOf(value);
      const found = this.#sessions.find((one) => same(one.digest, digest));
      if (found !== undefined && found.usedAtMs > oldest) return found;
    }
    return undefined;
  }

  #save(): void {
    const text = `${JSON.stringify(this.#sessions)}\n`;
    this.#saving = this.#saving
      .then(() => writeWhole(this.#path, text, 'the sessions of browsers'))
      .catch((thrown: unknown) => {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        this.#options.log.warn(`${why} Windows will need a new link after a restart.`);
      });
  }
}

function read(path: string): StoredSession[] {
  try {
    return sessionsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? [];
  } catch {
    return [];
  }
}

const secret = () => randomBytes(32).toString('base64url');
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
