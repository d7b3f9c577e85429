// One account in one region: the token, the catalogue, the image service. What the parts of the adapter share.
import type { HttpClient } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type OpenstackProfile,
} from '../../model/index.ts';
import { TokenCache } from '../token-cache.ts';
import { GlanceTransport } from './glance/transport.ts';
import { createToken, imageUrl, type Keystone, type KeystoneToken } from './keystone.ts';

// keystoneauth renews at 120 s too.
const RENEW_BEFORE_MS = 120_000;
const LONG_WORK_MS = 30 * 60_000;

/** The identity that clouds of several regions share: one token for all. */
export class Identity {
  readonly keystone: Keystone;
  readonly #tokens: TokenCache<KeystoneToken>;

  constructor(parts: { profile: OpenstackProfile; http: HttpClient; clock: Clock }) {
    const { profile } = parts;
    this.keystone = {
      ...parts,
      context: {
        cloud: `openstack "${profile.name}"`,
        endpointHint: `Check auth_url in profile "${profile.name}".`,
      },
    };
    this.#tokens = new TokenCache(
      (signal) => createToken(this.keystone, { signal }),
      parts.clock,
      RENEW_BEFORE_MS,
    );
  }

  /** A token that is good for a while yet. */
  token(options?: CallOptions): Promise<KeystoneToken> {
    return this.#tokens.get(options);
  }

  /** A token that was made just now, unless one has half an hour yet: for work that takes long. */
  async fresh(options?: CallOptions): Promise<void> {
    const token = await this.#tokens.get(options);
    if (token.expiresAtMs - this.keystone.clock.now() > LONG_WORK_MS) return;
    this.#tokens.discard(token);
    await this.#tokens.get(options);
  }

  /** Forgets a token, so that the next call gets a new one. */
  discard(token: KeystoneToken): void {
    this.#tokens.discard(token);
  }
}

/** Made without sending anything. */
export class Session {
  readonly profile: OpenstackProfile;
  readonly region: string;
  /** The cloud's name in messages. */
  readonly label: string;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly glance: GlanceTransport;
  /** Import methods of the service, once it has told them. Kept: asking again for each file would be waste. */
  importMethods: readonly string[] | undefined;

  constructor(parts: {
    profile: OpenstackProfile;
    http: HttpClient;
    clock: Clock;
    region: string;
    identity: Identity;
  }) {
    const { profile, region, identity } = parts;
    this.profile = profile;
    this.region = region;
    this.identity = identity;
    this.clock = parts.clock;
    this.label = `openstack "${profile.name}"`;
    this.glance = new GlanceTransport({
      http: parts.http,
      identity,
      base: (token) => imageUrl(profile, region, token),
      context: {
        cloud: this.label,
        endpointHint: `Check the image endpoint of region ${region} in the catalogue, or image_endpoint in profile "${profile.name}".`,
      },
    });
  }

  /**
   * Id of the project that the token is scoped to.
   * @throws AuthenticationError when it is scoped to none
   */
  async projectId(options?: CallOptions): Promise<string> {
    const { projectId } = await this.identity.token(options);
    if (projectId !== undefined) return projectId;
    throw new AuthenticationError({
      operation: 'find the project',
      cloud: this.label,
      reason: 'the token is not scoped to a project',
      hint: `Set project_name or project_id in profile "${this.profile.name}".`,
    });
  }
}
