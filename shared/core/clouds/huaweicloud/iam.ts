// IAM: password tokens and the id of the project (operations 50 and 51). Holds tokens in memory only.
import { z } from 'zod';
import { type HttpClient, parseReply, type RequestContext, unexpectedReply } from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  type HuaweicloudProfile,
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
  expiresAtMs: number;
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
  projects: z.array(z.looseObject({ id: z.string(), name: z.string() })),
});

/**
 * Signs in by password (operation 50, `POST /v3/auth/tokens`). Making it again does no harm.
 * @throws AuthenticationError, UnavailableError, ProtocolError
 */
export async function createToken(
  iam: IamEndpoint,
  credentials: PasswordCredentials,
  clock: Clock,
  options: CallOptions = {},
): Promise<Token> {
  const context = { ...iam.context, operation: `sign in as ${credentials.domain}/${credentials.user}` };
  const reply = await iam.http.send({
    method: 'POST',
    url: joinUrl(iam.base, '/v3/auth/tokens', 'nocatalog=true'),
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
  const { token } = parseReply(reply, tokenSchema, context);
  if (!value) throw unexpectedReply(reply, context, 'answered without a token (X-Subject-Token)');
  const expires = Date.parse(token.expires_at ?? '');
  return {
    value: new Secret(value),
    projectId: token.project?.id,
    expiresAtMs: Number.isNaN(expires) ? clock.now() + DEFAULT_LIFETIME_MS : expires,
  };
}

/**
 * The id of a project by its name (operation 51, `GET /v3/projects?name=`).
 * @param headersFor gives the headers that authenticate a GET of a URL
 * @throws NotFoundError when the account has no such project
 */
export async function findProjectId(
  iam: IamEndpoint,
  name: string,
  headersFor: (url: URL) => Record<string, string>,
  options: CallOptions = {},
): Promise<string> {
  const context = { ...iam.context, operation: `find the project ${name}` };
  const url = joinUrl(iam.base, '/v3/projects', encodeQuery([['name', name]]));
  const reply = await iam.http.send({
    method: 'GET',
    url,
    headers: () => headersFor(url),
    isThrottled,
    context,
    signal: options.signal,
  });
  if (reply.status < 200 || reply.status >= 300) throw toError(reply, context);
  const { projects } = parseReply(reply, projectsSchema, context);
  const project = projects.find((candidate) => candidate.name === name);
  if (project) return project.id;
  throw new NotFoundError({
    ...context,
    reason: 'the account has no project of this name',
    hint: 'Check project and region of the profile.',
  });
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
