// One account in one region and project: endpoints, credentials, transports. What the parts of the adapter share.
import type { HttpClient } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
  NotFoundError,
} from '../../model/index.ts';
import type { AccessKeys } from '../object-store/obs.ts';
import { obsSigner } from '../object-store/signer.ts';
import { ObsTransport } from '../object-store/transport.ts';
import { type Authorizer, authorizerFor } from './auth.ts';
import { endpointOf, type Service, usesPathStyle } from './endpoints.ts';
import { isThrottled, toError } from './errors.ts';
import { ImsTransport } from './ims/transport.ts';

/** What a session is made of. */
export interface SessionParts {
  profile: HuaweicloudProfile;
  http: HttpClient;
  clock: Clock;
  region: string;
  /** Name of the project in the region. */
  project: string;
}

/** Made without sending anything; a service's part is made when it is first used. */
export class Session {
  readonly profile: HuaweicloudProfile;
  readonly region: string;
  readonly project: string;
  /** The cloud's name in messages. */
  readonly label: string;
  readonly #parts: SessionParts;
  #auth: Authorizer | undefined;
  #ims: ImsTransport | undefined;
  #obs: ObsTransport | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.profile = parts.profile;
    this.region = parts.region;
    this.project = parts.project;
    this.label = `huaweicloud "${parts.profile.name}"`;
  }

  /** The image service. */
  get ims(): ImsTransport {
    this.#ims ??= new ImsTransport({
      http: this.#parts.http,
      base: endpointOf(this.profile, 'ims', this.region),
      auth: this.#authorizer(),
      context: this.#context('ims'),
    });
    return this.#ims;
  }

  /** The object store. */
  get obs(): ObsTransport {
    const base = endpointOf(this.profile, 'obs', this.region);
    this.#obs ??= new ObsTransport({
      http: this.#parts.http,
      base,
      pathStyle: usesPathStyle(this.profile, base),
      signer: obsSigner(() => keysOf(this.profile, this.label), this.#parts.clock),
      errors: { isThrottled, toError },
      context: this.#context('obs'),
    });
    return this.#obs;
  }

  /** Id of the session's project. */
  projectId(options?: CallOptions): Promise<string> {
    return this.#authorizer().projectId(options);
  }

  #authorizer(): Authorizer {
    const { profile, http, clock } = this.#parts;
    // A project's id belongs to one region and project: elsewhere it is asked for.
    const ownProject = profile.regions[profile.region]?.project ?? profile.project ?? profile.region;
    const own = this.region === profile.region && this.project === ownProject;
    this.#auth ??= authorizerFor({
      profile,
      project: this.project,
      projectId: own ? profile.projectId : undefined,
      iam: { http, base: endpointOf(profile, 'iam', this.region), context: this.#context('iam') },
      clock,
    });
    return this.#auth;
  }

  #context(service: Service): { cloud: string; endpointHint: string } {
    const endpoint = endpointOf(this.profile, service, this.region);
    return {
      cloud: this.label,
      endpointHint: `Check the ${service} endpoint ${endpoint.origin} (region ${this.region}) in profile "${this.profile.name}".`,
    };
  }
}

/** @throws AuthenticationError when the profile has no keys, which the object store needs */
function keysOf(profile: HuaweicloudProfile, cloud: string): AccessKeys {
  const { accessKey, secretKey, securityToken } = profile;
  if (accessKey === undefined || secretKey === undefined) {
    throw new AuthenticationError({
      operation: 'use the object store',
      cloud,
      reason: `the profile "${profile.name}" has no access_key and secret_key, which the object store needs`,
      hint: 'Create an access key for the user and add both to the profile.',
    });
  }
  return { accessKey, secretKey: secretKey.reveal(), securityToken: securityToken?.reveal() };
}

/** Gives undefined instead of the error that something is not there. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
