// The identity service: tokens and projects (seed 001 §9.3, §9.4 and the IAM API reference).
import { z } from 'zod';
import { type Exchange, header, json, type Reply, readText, type Service } from '../http/exchange.ts';
import { equalSecret } from '../object-store/signature.ts';
import type { LocalAccount, LocalEndpoints } from '../options.ts';
import { authenticate } from './sessions.ts';
import { type TemporaryKeys, temporaryKeyLifeSeconds } from './temporary-keys.ts';
import type { TokenRecord, Tokens } from './tokens.ts';

/** What the identity service needs. */
export interface IamOptions {
  accounts: readonly LocalAccount[];
  tokens: Tokens;
  temporaryKeys: TemporaryKeys;
  /** Known only once all ports are bound. */
  endpoints(): LocalEndpoints;
}

const maxBodyBytes = 64 << 10;
const named = z.object({ id: z.string().optional(), name: z.string().optional() });

const requestSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z
        .object({
          user: named.extend({ password: z.string(), domain: named.optional() }),
        })
        .optional(),
    }),
    scope: z.object({ project: named.optional(), domain: named.optional() }).optional(),
  }),
});

function refusal(status: number, title: string, message: string): Reply {
  return json(status, { error: { message, code: status, title } });
}

const unauthorized = (message = 'The username or password is wrong.') =>
  refusal(401, 'Unauthorized', message);

const is = (
  wanted: { id?: string | undefined; name?: string | undefined } | undefined,
  id: string,
  name: string,
) =>
  wanted !== undefined &&
  (wanted.id !== undefined ? wanted.id === id : wanted.name !== undefined && wanted.name === name);

/** The identity service. */
export function iamService(options: IamOptions): Service {
  return (exchange) => {
    switch (`${exchange.method} ${exchange.rawPath}`) {
      case 'POST /v3/auth/tokens':
        return issueToken(options, exchange);
      case 'GET /v3/projects':
      case 'GET /v3/auth/projects':
        return listProjects(options, exchange);
      case 'POST /v3.0/OS-CREDENTIAL/securitytokens':
        return issueTemporaryKey(options, exchange);
      default:
        return refusal(404, 'Not Found', 'The embedded cloud does not have this operation.');
    }
  };
}

/** `POST /v3/auth/tokens` (seed 001 operation 50): the password method, for a project or for the account. */
async function issueToken(options: IamOptions, exchange: Exchange): Promise<Reply> {
  let body: unknown;
  try {
    body = JSON.parse(await readText(exchange, maxBodyBytes));
  } catch {
    return refusal(400, 'Bad Request', 'The request body is not JSON.');
  }
  const request = requestSchema.safeParse(body);
  if (!request.success) return refusal(400, 'Bad Request', 'The request body is invalid.');
  const { identity, scope } = request.data.auth;
  const user = identity.password?.user;
  if (identity.methods.join() !== 'password' || user === undefined) {
    return refusal(400, 'Bad Request', 'Only the password method is available.');
  }
  if (user.id === undefined && user.domain === undefined) {
    return refusal(400, 'Bad Request', 'user.domain is missing.');
  }
  const account = options.accounts.find(
    (candidate) =>
      is(user, candidate.userId, candidate.user) &&
      (user.domain === undefined || is(user.domain, candidate.domainId, candidate.domain)),
  );
  if (account === undefined || !equalSecret(user.password, account.password)) return unauthorized();
  const project = projectOf(account, scope?.project);
  if (scope?.project !== undefined && project === undefined) {
    return unauthorized('The project does not exist, or the user has no access to it.');
  }
  if (scope?.domain !== undefined && !is(scope.domain, account.domainId, account.domain)) {
    return unauthorized('The user has no access to the domain.');
  }
  const { token, record } = options.tokens.issue(
    { domainId: account.domainId, projectId: project?.id },
    exchange.now,
  );
  const withCatalog = exchange.query.get('nocatalog') === null;
  return json(
    201,
    {
      token: describe(
        account,
        project,
        record,
        exchange.now,
        withCatalog ? catalog(options.endpoints()) : [],
      ),
    },
    { 'x-subject-token': token },
  );
}

function projectOf(account: LocalAccount, wanted: z.infer<typeof named> | undefined) {
  const [name, id] = Object.entries(account.projects).find(([key, value]) => is(wanted, value, key)) ?? [];
  return name === undefined || id === undefined ? undefined : { id, name };
}

/** Microseconds and Z, as the service prints times. */
const stamp = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z');

function describe(
  account: LocalAccount,
  project: { id: string; name: string } | undefined,
  record: TokenRecord,
  now: number,
  entries: unknown[],
) {
  const domain = { id: account.domainId, name: account.domain };
  return {
    expires_at: stamp(record.expiresAtMs),
    issued_at: stamp(now),
    methods: ['password'],
    catalog: entries,
    roles: [{ id: '0', name: 'te_admin' }],
    user: { id: account.userId, name: account.user, domain, password_expires_at: '' },
    ...(project === undefined ? { domain } : { project: { ...project, domain } }),
  };
}

function catalog(endpoints: LocalEndpoints): unknown[] {
  const entry = (type: string, name: string, url: (region: string) => string) => ({
    id: `local-${name}`,
    type,
    name,
    endpoints: Object.keys(endpoints.regions).map((region) => ({
      id: `local-${name}-${region}`,
      interface: 'public',
      region,
      region_id: region,
      url: url(region),
    })),
  });
  return [
    entry('identity', 'iam', () => `${endpoints.iam}/v3`),
    entry('image', 'ims', (region) => endpoints.regions[region]?.ims ?? ''),
    entry('object', 'obs', (region) => endpoints.regions[region]?.obs ?? ''),
  ];
}

/** `GET /v3/projects?name=` (seed 001 operation 51). */
async function listProjects(options: IamOptions, exchange: Exchange): Promise<Reply> {
  const caller = await authenticate(exchange, options);
  if ('refusal' in caller) return unauthorized(caller.refusal);
  const { account } = caller.session;
  const name = exchange.query.get('name');
  const self = `${options.endpoints().iam}/v3/projects`;
  const projects = Object.entries(account.projects)
    .filter(([project]) => name === null || project === name)
    .map(([project, id]) => ({
      id,
      name: project,
      domain_id: account.domainId,
      parent_id: account.domainId,
      is_domain: false,
      enabled: true,
      description: '',
      links: { self: `${self}/${id}` },
    }));
  return json(200, { projects, links: { self, next: null, previous: null } });
}

const temporaryKeySchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      token: z
        .object({ id: z.string().optional(), duration_seconds: z.number().int().optional() })
        .optional(),
    }),
  }),
});

/** `POST /v3.0/OS-CREDENTIAL/securitytokens`: a temporary access key for the bearer of a token. */
async function issueTemporaryKey(options: IamOptions, exchange: Exchange): Promise<Reply> {
  let body: unknown;
  try {
    body = JSON.parse(await readText(exchange, maxBodyBytes));
  } catch {
    return refusal(400, 'Bad Request', 'The request body is not JSON.');
  }
  const request = temporaryKeySchema.safeParse(body);
  if (!request.success || request.data.auth.identity.methods.join() !== 'token') {
    return refusal(400, 'Bad Request', 'Only the token method is available.');
  }
  const { id, duration_seconds = temporaryKeyLifeSeconds.min } = request.data.auth.identity.token ?? {};
  const { min, max } = temporaryKeyLifeSeconds;
  if (duration_seconds < min || duration_seconds > max) {
    return refusal(400, 'Bad Request', `duration_seconds must be between ${min} and ${max}.`);
  }
  const token = options.tokens.find(id ?? header(exchange, 'x-auth-token') ?? '', exchange.now);
  if (token === undefined) return unauthorized('The token is missing, unknown or expired.');
  const { domainId, projectId } = token;
  const key = options.temporaryKeys.issue({ domainId, projectId }, duration_seconds);
  return json(201, {
    credential: {
      access: key.accessKey,
      secret: key.secretKey,
      securitytoken: key.securityToken,
      expires_at: stamp(key.expiresAtMs),
    },
  });
}
