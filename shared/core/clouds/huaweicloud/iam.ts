// The wire client of IAM: password tokens, projects (operations 50 and 51), temporary keys. Holds tokens in memory only.
import { z } from 'zod';
import { type HttpClient, parseReply, type RequestContext, unexpectedReply } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
  InvalidInputError,
  NotFoundError,
  Secret,
} from '../../model/index.ts';
import { encodeQuery } from '../encode.ts';
import { joinUrl } from '../url.ts';
import { isThrottled, toError } from './errors.ts';

/** A token and what it is good for. */
export interface Token {
  value: Secret;
  /** Absent when the answer does not tell. */
  projectId?: string | undefined;
  /** Good for a day (seed 001 §3.2). */
  expiresAtMs: number;
  /** The answer as it came; the token is not in it. */
  body: unknown;
}

/** Who signs in, and to which project. */
export interface PasswordCredentials {
  user: string;
  password: Secret;
  domain: string;
  /** The project's id when it is known, else its name. */
  project: { id: string } | { name: string };
}

/** What an IAM call needs besides its input. */
export interface IamEndpoint {
  http: HttpClient;
  base: URL;
  context: Omit<RequestContext, 'operation'>;
}

const DEFAULT_LIFETIME_MS = 60 * 60 * 1000;

const tokenSchema = z.looseObject({
  token: z.looseObject({
    expires_at: z.string().optional(),
    project: z.looseObject({ id: z.string() }).optional(),
  }),
});

const projectsSchema = z.looseObject({
  projects: z.array(
    z.looseObject({
      /** What `project_id` in paths means. */
      id: z.string(),
      /** The region's name for its own project. */
      name: z.string(),
      enabled: z.boolean().optional().catch(undefined),
    }),
  ),
});

const securityTokenSchema = z.looseObject({
  credential: z.looseObject({
    access: z.string().min(1),
    secret: z.string().min(1),
    securitytoken: z.string().min(1),
    expires_at: z.string().optional(),
  }),
});

/**
 * Operation 50, `POST /v3/auth/tokens`: signs in by password. Making it again does no harm.
 * @param catalog whether the answer shall hold the catalogue of the services, which is long
 * @throws AuthenticationError, UnavailableError, ProtocolError
 */
export async function createToken(
  iam: IamEndpoint,
  credentials: PasswordCredentials,
  clock: Clock,
  options: CallOptions = {},
  catalog = false,
): Promise<Token> {
  const context = { ...iam.context, operation: `sign in as ${credentials.domain}/${credentials.user}` };
  const reply = await iam.http.send({
    method: 'POST',
    url: joinUrl(iam.base, '/v3/auth/tokens', catalog ? '' : 'nocatalog=true'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: {
              name: credentials.user,
              password: credentials.password.reveal(),
              domain: { name: credentials.domain },
            },
          },
        },
        scope: { project: credentials.project },
      },
    }),
    repeat: 'safe',
    isThrottled,
    context,
    signal: options.signal,
  });
  if (reply.status < 200 || reply.status >= 300) throw toError(reply, context);
  const value = reply.headers['x-subject-token'];
  const body = parseReply(reply, tokenSchema, context);
  const { token } = body;
  if (!value) throw unexpectedReply(reply, context, 'answered without a token (X-Subject-Token)');
  const expires = Date.parse(token.expires_at ?? '');
  return {
    value: new Secret(value),
    projectId: token.project?.id,
    expiresAtMs: Number.isNaN(expires) ? clock.now() + DEFAULT_LIFETIME_MS : expires,
    body,
  };
}

/** Request of operation 51 (seed 001 §9.4; the filter is IAM's own). */
export const listProjectsRequest = z.strictObject({
  /** The whole name. Default: all projects. */
  name: z.string().min(1, 'must not be empty').optional(),
});

/**
 * Operation 51, `GET /v3/projects`: the projects of the account.
 * @param headersFor gives the headers that authenticate a GET of a URL
 * @throws the errors of `toError`
 */
export async function listProjects(
  iam: IamEndpoint,
  request: z.input<typeof listProjectsRequest>,
  headersFor: (url: URL) => Record<string, string>,
  options: CallOptions = {},
): Promise<z.infer<typeof projectsSchema>> {
  const { name } = request;
  const context = {
    ...iam.context,
    operation: name === undefined ? 'list the projects' : `find the project ${name}`,
  };
  const url = joinUrl(iam.base, '/v3/projects', name === undefined ? '' : encodeQuery([['name', name]]));
  const reply = await iam.http.send({
    method: 'GET',
    url,
    headers: () => headersFor(url),
    isThrottled,
    context,
    signal: options.signal,
  });
  if (reply.status < 200 || reply.status >= 300) throw toError(reply, context);
  return parseReply(reply, projectsSchema, context);
}

/**
 * The id of a project by its name (operation 51).
 * @param headersFor gives the headers that authenticate a GET of a URL
 * @throws NotFoundError when the account has no such project
 */
export async function findProjectId(
  iam: IamEndpoint,
  name: string,
  headersFor: (url: URL) => Record<string, string>,
  options: CallOptions = {},
): Promise<string> {
  const { projects } = await listProjects(iam, { name }, headersFor, options);
  const project = projects.find((candidate) => candidate.name === name);
  if (project) return project.id;
  throw new NotFoundError({
    ...iam.context,
    operation: `find the project ${name}`,
    reason: 'the account has no project of this name',
    hint: 'Check project and region of the profile.',
  });
}

/** A pair of keys that ends by itself, with the token that belongs to it. */
export interface TemporaryKeys {
  accessKey: string;
  secretKey: Secret;
  /** Sent with every signed request: `X-Security-Token`, and `x-obs-security-token` to the object store. */
  securityToken: Secret;
  expiresAtMs: number;
}

/** Shortest and longest life of temporary keys, in seconds. */
const KEY_LIFE_S = { min: 900, max: 86_400 };

/**
 * `POST /v3.0/OS-CREDENTIAL/securitytokens`: temporary keys for what a token may do.
 * @param durationS how long they are good, in seconds; 900 (the service's default) to 86400
 * @throws InvalidInputError for another duration; the errors of `toError`
 */
export async function createTemporaryKeys(
  iam: IamEndpoint,
  token: Secret,
  clock: Clock,
  durationS: number = KEY_LIFE_S.min,
  options: CallOptions = {},
): Promise<TemporaryKeys> {
  const context = { ...iam.context, operation: 'get temporary keys' };
  if (!Number.isInteger(durationS) || durationS < KEY_LIFE_S.min || durationS > KEY_LIFE_S.max) {
    throw new InvalidInputError({
      ...context,
      reason: `keys can be good for ${KEY_LIFE_S.min} to ${KEY_LIFE_S.max} seconds (given: ${durationS})`,
    });
  }
  const reply = await iam.http.send({
    method: 'POST',
    url: joinUrl(iam.base, '/v3.0/OS-CREDENTIAL/securitytokens'),
    headers: { 'content-type': 'application/json', 'x-auth-token': token.reveal() },
    body: JSON.stringify({
      auth: { identity: { methods: ['token'], token: { duration_seconds: durationS } } },
    }),
    repeat: 'safe',
    isThrottled,
    context,
    signal: options.signal,
  });
  if (reply.status < 200 || reply.status >= 300) throw toError(reply, context);
  const { credential } = parseReply(reply, securityTokenSchema, context);
  const expires = Date.parse(credential.expires_at ?? '');
  return {
    accessKey: credential.access,
    secretKey: new Secret(credential.secret),
    securityToken: new Secret(credential.securitytoken),
    expiresAtMs: Number.isNaN(expires) ? clock.now() + durationS * 1000 : expires,
  };
}

/**
 * What a profile signs in with.
 * @throws AuthenticationError naming the field that is missing
 */
export function passwordCredentials(
  profile: HuaweicloudProfile,
  project: { id: string } | { name: string },
): PasswordCredentials | undefined {
  if (profile.user === undefined || profile.password === undefined) return undefined;
  if (profile.domain === undefined) {
    throw new AuthenticationError({
      operation: 'sign in',
      cloud: `huaweicloud "${profile.name}"`,
      reason: 'the profile has a user but no domain',
      hint: 'Give the name of the account as domain.',
    });
  }
  return { user: profile.user, password: profile.password, domain: profile.domain, project };
}
