// How requests to the REST services prove who sends them: by a token, or signed with access keys.
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
} from '../../model/index.ts';
import { SharedTask } from '../shared-task.ts';
import { TokenCache } from '../token-cache.ts';
import { createToken, findProjectId, type IamEndpoint, passwordCredentials, type Token } from './iam.ts';
import { sdkDate, signSdk } from './signing/sdk-hmac.ts';

/** Tokens of this family are good for a day. */
const RENEW_BEFORE_MS = 10 * 60_000;

/** Adds what authenticates to the headers of one attempt. */
export type SignRequest = (request: {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}) => Record<string, string>;

/** Largest body that may be signed with access keys, in bytes: 12 MB (seed 001 §3.2). */
const MAX_SIGNED_BODY_BYTES = 12 * 1024 * 1024;

/** One identity in one project. */
export interface Authorizer {
  /** Prepares the credentials. The function given back may be called for several attempts. */
  prepare(options?: CallOptions): Promise<SignRequest>;
  /** The same without naming the project, for questions about projects. */
  prepareUnscoped(options?: CallOptions): Promise<SignRequest>;
  /** The service refused what `sign` gave: true when a new preparation may go better. */
  refused(sign: SignRequest): boolean;
  projectId(options?: CallOptions): Promise<string>;
  /** Largest body that it can vouch for, in bytes; undefined: any. */
  readonly maxBodyBytes: number | undefined;
}

/** What an authorizer is made of. */
export interface AuthorizerOptions {
  profile: HuaweicloudProfile;
  /** Name of the project. */
  project: string;
  /** Id of the project, when it is known. */
  projectId?: string | undefined;
  iam: IamEndpoint;
  clock: Clock;
}

/**
 * The way a profile authenticates: user and password when it has them, else its access keys.
 * @throws AuthenticationError when it has neither
 */
export function authorizerFor(options: AuthorizerOptions): Authorizer {
  const { profile } = options;
  const project = options.projectId === undefined ? { name: options.project } : { id: options.projectId };
  const credentials = passwordCredentials(profile, project);
  if (credentials) {
    const { iam, clock } = options;
    return new TokenAuthorizer(
      new TokenCache((signal) => createToken(iam, credentials, clock, { signal }), clock, RENEW_BEFORE_MS),
      options,
    );
  }
  if (profile.accessKey !== undefined && profile.secretKey !== undefined) {
    return new KeyAuthorizer(options);
  }
  throw new AuthenticationError({
    operation: 'sign in',
    cloud: `huaweicloud "${profile.name}"`,
    reason: 'the profile has neither user and password nor access_key and secret_key',
    hint: 'Give user, password and domain, or a pair of keys.',
  });
}

class TokenAuthorizer implements Authorizer {
  readonly maxBodyBytes = undefined;
  readonly #tokens: TokenCache<Token>;
  readonly #options: AuthorizerOptions;
  readonly #used = new WeakMap<SignRequest, Token>();
  readonly #project = new ProjectId();

  constructor(tokens: TokenCache<Token>, options: AuthorizerOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  async prepare(options: CallOptions = {}): Promise<SignRequest> {
    const token = await this.#tokens.get(options);
    const sign: SignRequest = ({ headers }) => ({ ...headers, 'x-auth-token': token.value.reveal() });
    this.#used.set(sign, token);
    return sign;
  }

  prepareUnscoped(options?: CallOptions): Promise<SignRequest> {
    return this.prepare(options);
  }

  refused(sign: SignRequest): boolean {
    const token = this.#used.get(sign);
    if (token) this.#tokens.discard(token);
    return token !== undefined;
  }

  async projectId(options: CallOptions = {}): Promise<string> {
    const { projectId, project, iam } = this.#options;
    if (projectId !== undefined) return projectId;
    return this.#project.get(async (signal) => {
      const token = await this.#tokens.get({ signal });
      if (token.projectId !== undefined) return token.projectId;
      return findProjectId(iam, project, () => ({ 'x-auth-token': token.value.reveal() }), { signal });
    }, options);
  }
}

class KeyAuthorizer implements Authorizer {
  readonly maxBodyBytes = MAX_SIGNED_BODY_BYTES;
  readonly #options: AuthorizerOptions;
  readonly #project = new ProjectId();

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  async prepare(options: CallOptions = {}): Promise<SignRequest> {
    const projectId = await this.projectId(options);
    return ({ method, url, headers, body }) =>
      this.#sign(method, url, { ...headers, 'x-project-id': projectId }, body);
  }

  async prepareUnscoped(): Promise<SignRequest> {
    return ({ method, url, headers, body }) => this.#sign(method, url, headers, body);
  }

  refused(): boolean {
    return false;
  }

  async projectId(options: CallOptions = {}): Promise<string> {
    const { projectId, project, iam } = this.#options;
    if (projectId !== undefined) return projectId;
    return this.#project.get(
      (signal) => findProjectId(iam, project, (url) => this.#sign('GET', url, {}, undefined), { signal }),
      options,
    );
  }

  #sign(
    method: string,
    url: URL,
    given: Record<string, string>,
    body: string | Uint8Array | undefined,
  ): Record<string, string> {
    const { profile, clock } = this.#options;
    const token = profile.securityToken?.reveal();
    const headers = {
      ...given,
      host: url.host,
      'x-sdk-date': sdkDate(clock.now()),
      ...(token === undefined ? {} : { 'x-security-token': token }),
    };
    const keys = { accessKey: profile.accessKey ?? '', secretKey: profile.secretKey?.reveal() ?? '' };
    return { ...headers, authorization: signSdk({ method, url, headers, body }, keys) };
  }
}

/** A project's id never changes: asked for once. */
class ProjectId {
  readonly #task = new SharedTask<string>();
  #id: string | undefined;

  async get(find: (signal: AbortSignal) => Promise<string>, options: CallOptions): Promise<string> {
    this.#id ??= await this.#task.run(find, options.signal);
    return this.#id;
  }
}
