// One account in one region and project: endpoints, credentials, transports. What the parts of the adapter share.
import type { HttpClient } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
} from '../../model/index.ts';
import type { AccessKeys } from '../object-store/obs.ts';
import { obsSigner } from '../object-store/signer.ts';
import { ObsTransport } from '../object-store/transport.ts';
import { type Authorizer, authorizerFor } from './auth.ts';
import { endpointOf, type Service, usesPathStyle } from './endpoints.ts';
import { isThrottled, toError } from './errors.ts';
import { createToken, type IamEndpoint, passwordCredentials, type Token } from './iam.ts';
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
      auth: this.auth,
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
    return this.auth.projectId(options);
  }

  /** IAM. */
  get iam(): IamEndpoint {
    const base = endpointOf(this.profile, 'iam', this.region);
    return { http: this.#parts.http, base, context: this.#context('iam') };
  }

  /**
   * A new token of the profile's user for the session's project.
   * @param catalog whether the answer shall hold the catalogue of the services
   * @throws AuthenticationError when the profile has no user and password
   */
  async signIn(catalog: boolean, options?: CallOptions): Promise<Token> {
    const id = this.#knownProjectId();
    const project = id === undefined ? { name: this.project } : { id };
    const credentials = passwordCredentials(this.profile, project);
    if (credentials) return createToken(this.iam, credentials, this.#parts.clock, options, catalog);
    throw new AuthenticationError({
      operation: 'sign in',
      cloud: this.label,
      reason: 'the profile has no user and password, and a token is given for them only',
      hint: 'Give user, password and domain; requests can be signed with access keys without a token.',
    });
  }

  /** What proves who sends a request. */
  get auth(): Authorizer {
    this.#auth ??= authorizerFor({
      profile: this.profile,
      project: this.project,
      projectId: this.#knownProjectId(),
      iam: this.iam,
      clock: this.#parts.clock,
    });
    return this.#auth;
  }

  /** A project's id belongs to one region and project: elsewhere it is asked for. */
  #knownProjectId(): string | undefined {
    const { profile } = this;
    const ownProject = profile.regions[profile.region]?.project ?? profile.project ?? profile.region;
    return this.region === profile.region && this.project === ownProject ? profile.projectId : undefined;
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
