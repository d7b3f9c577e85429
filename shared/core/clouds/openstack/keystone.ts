// Keystone v3 (operation 53): signs in, reads the catalogue, finds the image service's URL. Keeps nothing.
import { z } from 'zod';
import {
  type HttpClient,
  type HttpReply,
  parseReply,
  type RequestContext,
  unexpectedReply,
} from '../../http/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Clock,
  InvalidInputError,
  NotFoundError,
  type OpenstackProfile,
  Secret,
} from '../../model/index.ts';
import { joinUrl } from '../url.ts';
import { toError } from './errors.ts';

const text = z.string();
const endpointSchema = z.looseObject({
  interface: text,
  region: text.nullish(),
  region_id: text.nullish(),
  url: text,
});

/** Body of a token answer (seed 003 §4.2; Keystone API v3). */
export const tokenSchema = z.looseObject({
  token: z.looseObject({
    expires_at: text.nullish(),
    project: z.looseObject({ id: text, name: text.nullish() }).nullish(),
    roles: z.array(z.looseObject({ name: text })).nullish(),
    catalog: z.array(z.looseObject({ type: text, endpoints: z.array(endpointSchema) })).nullish(),
  }),
});

/** A token, what it is good for, and the catalogue that came with it. */
export interface KeystoneToken {
  value: Secret;
  projectId: string | undefined;
  expiresAtMs: number;
  catalog: readonly { type: string; endpoints: readonly z.infer<typeof endpointSchema>[] }[];
  /** The answer as it came; holds no token. */
  body: z.infer<typeof tokenSchema>;
}

/** What a Keystone call needs besides its input. */
export interface Keystone {
  http: HttpClient;
  profile: OpenstackProfile;
  clock: Clock;
  context: Omit<RequestContext, 'operation'>;
}

const DEFAULT_LIFETIME_MS = 3_600_000;

/** The URL of a path of Keystone v3; the profile's URL may end in `/v3` or not. */
export function keystoneUrl(profile: OpenstackProfile, path: string): URL {
  let base: URL;
  try {
    base = new URL(profile.authUrl.replace(/\/+$/, ''));
  } catch {
    throw new InvalidInputError({
      operation: 'find Keystone',
      cloud: `openstack "${profile.name}"`,
      reason: 'auth_url is no URL',
      hint: 'It looks like https://keystone.example.com:5000/v3.',
    });
  }
  return joinUrl(base, /\/v3$/.test(base.pathname) ? path : `/v3${path}`);
}

/**
 * Signs in: `POST /v3/auth/tokens`. Making it again does no harm.
 * @throws AuthenticationError when Keystone refuses; UnavailableError, ProtocolError
 */
export async function createToken(keystone: Keystone, options: CallOptions = {}): Promise<KeystoneToken> {
  const { http, profile, clock } = keystone;
  const context = { ...keystone.context, operation: `sign in as ${identityName(profile)}` };
  const reply = await http.send({
    method: 'POST',
    url: keystoneUrl(profile, '/auth/tokens'),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ auth: authOf(profile) }),
    repeat: 'safe',
    context,
    signal: options.signal,
  });
  if (reply.status < 200 || reply.status >= 300) throw signInError(reply, context, profile);
  const value = reply.headers['x-subject-token'];
  const body = parseReply(reply, tokenSchema, context);
  if (!value) throw unexpectedReply(reply, context, 'answered without a token (X-Subject-Token)');
  const expires = Date.parse(body.token.expires_at ?? '');
  return {
    value: new Secret(value),
    projectId: body.token.project?.id,
    expiresAtMs: Number.isNaN(expires) ? clock.now() + DEFAULT_LIFETIME_MS : expires,
    catalog: body.token.catalog ?? [],
    body,
  };
}

function signInError(reply: HttpReply, context: RequestContext, profile: OpenstackProfile) {
  if (reply.headers['openstack-auth-receipt'] !== undefined) {
    return new AuthenticationError({
      ...context,
      httpStatus: reply.status,
      requestId: reply.requestId,
      reason: 'the account needs a second factor',
      hint: 'Use an application credential, or a token.',
    });
  }
  const error = toError(reply, context);
  if (error instanceof NotFoundError) {
    // Keystone says "not found" of a token that it does not know; otherwise this is no Keystone.
    return profile.authType === 'token'
      ? new AuthenticationError({ ...error.details, hint: 'The token is wrong or has ended: get a new one.' })
      : unexpectedReply(reply, context, 'answered that it knows no sign-in there');
  }
  return error instanceof AuthenticationError
    ? new AuthenticationError({
        ...error.details,
        hint: `Check user, password, domains and project of profile "${profile.name}".`,
      })
    : error;
}

function identityName(profile: OpenstackProfile): string {
  if (profile.authType === 'application_credential')
    return `application credential ${profile.applicationCredentialName ?? profile.applicationCredentialId ?? ''}`;
  return profile.authType === 'token' ? 'the owner of a token' : (profile.userName ?? profile.userId ?? '');
}

const named = (id: string | undefined, name: string | undefined) =>
  id === undefined ? (name === undefined ? undefined : { name }) : { id };

/** The body of a sign-in. @throws InvalidInputError naming what the profile lacks */
function authOf(profile: OpenstackProfile): unknown {
  const lacks = (what: string): never => {
    throw new InvalidInputError({
      operation: 'sign in',
      cloud: `openstack "${profile.name}"`,
      reason: `the profile has no ${what}`,
      hint: `Add ${what} to profile "${profile.name}".`,
    });
  };
  const userDomain = named(profile.userDomainId, profile.userDomainName);
  const user = profile.userId
    ? { id: profile.userId }
    : profile.userName
      ? { name: profile.userName, domain: userDomain ?? { id: 'default' } }
      : undefined;
  switch (profile.authType) {
    case 'application_credential': {
      const secret = profile.applicationCredentialSecret?.reveal() ?? lacks('application_credential_secret');
      const { applicationCredentialId: id, applicationCredentialName: name } = profile;
      // An application credential has its scope: another one would be refused.
      const credential = id
        ? { id, secret }
        : { name: name ?? lacks('application_credential_id'), user: user ?? lacks('username'), secret };
      return { identity: { methods: ['application_credential'], application_credential: credential } };
    }
    case 'token': {
      const id = profile.token?.reveal() ?? lacks('token');
      return { identity: { methods: ['token'], token: { id } }, scope: scopeOf(profile) };
    }
    case 'password': {
      const password = profile.password?.reveal() ?? lacks('password');
      const who = user ?? lacks('username');
      return {
        identity: { methods: ['password'], password: { user: { ...who, password } } },
        scope: scopeOf(profile),
      };
    }
  }
}

function scopeOf(profile: OpenstackProfile): unknown {
  if (profile.projectId) return { project: { id: profile.projectId } };
  if (!profile.projectName) return undefined;
  const domain = named(
    profile.projectDomainId ?? profile.userDomainId,
    profile.projectDomainName ?? profile.userDomainName,
  );
  return { project: { name: profile.projectName, domain: domain ?? { id: 'default' } } };
}

/**
 * The base URL of the image service in a region, without a version: the profile's own, else the catalogue's.
 * @throws InvalidInputError when the catalogue has none there, naming the regions that have one
 */
export function imageUrl(profile: OpenstackProfile, region: string, token: KeystoneToken): URL {
  const fail = (reason: string, hint: string) =>
    new InvalidInputError({
      operation: `find the image service of region ${region}`,
      cloud: `openstack "${profile.name}"`,
      reason,
      hint,
    });
  const given = profile.imageEndpoint?.replaceAll('{region}', region);
  const wanted = profile.interface ?? 'public';
  const endpoints = token.catalog
    .filter(({ type }) => type === 'image')
    .flatMap((service) => service.endpoints);
  const regionOf = (endpoint: (typeof endpoints)[number]) => endpoint.region_id ?? endpoint.region ?? '';
  const found =
    given ??
    endpoints.find((endpoint) => endpoint.interface === wanted && regionOf(endpoint) === region)?.url;
  if (found === undefined) {
    const there = [...new Set(endpoints.map((endpoint) => `${regionOf(endpoint)} (${endpoint.interface})`))];
    throw fail(
      there.length === 0
        ? 'the catalogue names no image service'
        : `the catalogue names none there for the interface ${wanted}`,
      there.length === 0
        ? 'Give image_endpoint in the profile, or sign in to a project.'
        : `There are: ${there.join(', ')}.`,
    );
  }
  let url: URL;
  try {
    url = new URL(found);
  } catch {
    throw fail('the URL of the image service is no URL', 'Give image_endpoint in the profile.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw fail(
      'the URL of the image service is neither http nor https',
      'Give image_endpoint in the profile.',
    );
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v\d+(\.\d+)?$/, '');
  url.search = '';
  url.hash = '';
  return url;
}
