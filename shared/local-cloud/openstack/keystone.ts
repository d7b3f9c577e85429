// Keystone v3 (seed 003 §4.2; Identity API v3): tokens, the catalogue, and what clients ask about users and projects.
import { z } from 'zod';
import { type Exchange, header, json, type Reply, readText, type Service } from '../http/exchange.ts';
import type { LocalAccount, LocalEndpoints } from '../options.ts';
import type { TokenRecord, Tokens } from './tokens.ts';

/** What Keystone needs. */
export interface KeystoneOptions {
  accounts: readonly LocalAccount[];
  tokens: Tokens;
  regions: readonly string[];
  endpoints(): LocalEndpoints;
}

class KeystoneError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, message: string) {
    super(message);
    this.status = status;
    this.title = title;
  }
}

const malformed =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';
const unauthorized = () =>
  new KeystoneError(401, 'Unauthorized', 'The request you have made requires authentication.');
const notFound = (what: string) => new KeystoneError(404, 'Not Found', `Could not find ${what}.`);

const domain = z.object({ id: z.string(), name: z.string() }).partial();
const userSchema = z.object({ id: z.string(), name: z.string(), domain, password: z.string() }).partial();
const authSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z.object({ user: userSchema }).optional(),
      token: z.object({ id: z.string() }).optional(),
      application_credential: z
        .object({ id: z.string(), name: z.string(), secret: z.string(), user: userSchema })
        .partial()
        .optional(),
    }),
    scope: z
      .union([
        z.object({ project: z.object({ id: z.string(), name: z.string(), domain }).partial() }),
        z.literal('unscoped'),
        z.object({ domain }),
        z.object({ system: z.unknown() }),
      ])
      .optional(),
  }),
});
type Auth = z.infer<typeof authSchema>['auth'];

/** Keystone for all regions. */
export function keystoneService(options: KeystoneOptions): Service {
  return async (exchange) => {
    const requestId = `req-${uuidOf(exchange.requestId)}`;
    try {
      const reply = await route(options, exchange);
      return {
        ...reply,
        headers: { vary: 'X-Auth-Token', 'x-openstack-request-id': requestId, ...reply.headers },
      };
    } catch (error) {
      if (!(error instanceof KeystoneError)) throw error;
      const { status, title, message } = error;
      return json(
        status,
        { error: { code: status, message, title } },
        {
          vary: 'X-Auth-Token',
          'x-openstack-request-id': requestId,
          ...(status === 401
            ? { 'www-authenticate': `Keystone uri="${options.endpoints().keystone}/v3"` }
            : {}),
        },
      );
    }
  };
}

/** 32 hex digits in the form of a UUID. */
export const uuidOf = (hex: string): string =>
  hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

async function route(options: KeystoneOptions, exchange: Exchange): Promise<Reply> {
  const { method } = exchange;
  const path = exchange.rawPath.replace(/\/+$/, '');
  if (path === '' && method === 'GET') {
    const location = `${options.endpoints().keystone}/v3/`;
    return json(300, { versions: { values: [version(options)] } }, { location });
  }
  if (path === '/v3' && method === 'GET') return json(200, { version: version(options) });
  if (path === '/v3/auth/tokens') {
    if (method === 'POST') return signIn(options, exchange);
    const caller = callerOf(options, exchange);
    const subject = header(exchange, 'x-subject-token') ?? '';
    const found = options.tokens.find(subject, exchange.now);
    if (
      subject === '' ||
      (found !== undefined && found.userId !== caller.userId && !isAdmin(options, caller))
    ) {
      const action = `identity:${method === 'DELETE' ? 'revoke' : 'validate'}_token`;
      throw new KeystoneError(
        403,
        'Forbidden',
        `You are not authorized to perform the requested action: ${action}.`,
      );
    }
    if (found === undefined) throw notFound('token');
    if (method === 'DELETE') {
      options.tokens.revoke(subject);
      return { status: 204 };
    }
    if (method === 'HEAD') return { status: 200, headers: { 'x-subject-token': subject } };
    if (method === 'GET') return json(200, describe(options, found, true), { 'x-subject-token': subject });
  }
  if (method === 'GET' || method === 'HEAD') {
    const caller = callerOf(options, exchange);
    const found = read(options, caller, path, exchange.query);
    if (found !== undefined) return json(200, found);
  }
  throw new KeystoneError(404, 'Not Found', 'The resource could not be found.');
}

function version({ endpoints }: KeystoneOptions) {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${endpoints().keystone}/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}

async function signIn(options: KeystoneOptions, exchange: Exchange): Promise<Reply> {
  const { tokens } = options;
  let body: unknown;
  try {
    body = JSON.parse(await readText(exchange, 1 << 20));
  } catch {
    throw new KeystoneError(400, 'Bad Request', `Expecting to find valid JSON in request body. ${malformed}`);
  }
  const parsed = authSchema.safeParse(body);
  if (!parsed.success) {
    throw new KeystoneError(
      400,
      'Bad Request',
      `Invalid input: ${parsed.error.issues[0]?.path.join('.') ?? 'auth'}`,
    );
  }
  const { auth } = parsed.data;
  const { account, expiresAtMs } = identify(options, auth, exchange.now);
  const projectId = scopeOf(options, account, auth);
  const owner = { userId: account.openstack.userId, projectId, methods: auth.identity.methods };
  const { token, record } = tokens.issue(owner, exchange.now, expiresAtMs);
  const withCatalog = !exchange.query.has('nocatalog');
  return json(201, describe(options, record, withCatalog), { 'x-subject-token': token });
}

function identify(
  { accounts, tokens }: KeystoneOptions,
  { identity }: Auth,
  now: number,
): { account: LocalAccount; expiresAtMs?: number } {
  const [method] = identity.methods;
  const known = method === 'password' || method === 'token' || method === 'application_credential';
  if (!known || identity[method] === undefined) {
    throw new KeystoneError(400, 'Bad Request', `Expecting to find ${method} in identity. ${malformed}`);
  }
  if (method === 'password') {
    const user = identity.password?.user;
    const account = accounts.find(({ openstack }) => isUser(openstack, user));
    if (account === undefined || account.openstack.password !== user?.password) throw unauthorized();
    return { account };
  }
  if (method === 'token') {
    const record = tokens.find(identity.token?.id, now);
    const account = accounts.find(({ openstack }) => openstack.userId === record?.userId);
    if (record === undefined || account === undefined) throw unauthorized();
    return { account, expiresAtMs: record.expiresAtMs };
  }
  const given = identity.application_credential;
  const account = accounts.find(({ openstack }) => {
    const { id, name } = openstack.applicationCredential;
    return given?.id === undefined ? given?.name === name && isUser(openstack, given?.user) : given.id === id;
  });
  if (account === undefined || account.openstack.applicationCredential.secret !== given?.secret) {
    throw unauthorized();
  }
  return { account };
}

function isUser(account: LocalAccount['openstack'], user: z.infer<typeof userSchema> | undefined): boolean {
  if (user?.id !== undefined) return user.id === account.userId;
  if (user?.name !== account.userName) return false;
  return user.domain?.id === account.domainId || user.domain?.name === account.domainName;
}

function scopeOf({ accounts }: KeystoneOptions, account: LocalAccount, auth: Auth): string | undefined {
  const { openstack } = account;
  const byCredential = auth.identity.methods.includes('application_credential');
  if (auth.scope !== undefined && byCredential) {
    throw new KeystoneError(401, 'Unauthorized', 'Application credentials cannot request a scope.');
  }
  // Without a scope the token is for the user's default project.
  if (auth.scope === undefined) return openstack.projectId;
  if (auth.scope === 'unscoped') return undefined;
  if (!('project' in auth.scope)) throw unauthorized();
  const { id, name, domain: of } = auth.scope.project;
  const project = accounts.find(({ openstack: one }) =>
    id === undefined
      ? name === one.projectName && (of?.id === one.domainId || of?.name === one.domainName)
      : id === one.projectId,
  );
  // A project that the user has no role in looks as if it did not exist.
  if (project?.openstack.projectId !== openstack.projectId) throw unauthorized();
  return openstack.projectId;
}

function callerOf({ tokens }: KeystoneOptions, exchange: Exchange): TokenRecord {
  const record = tokens.find(header(exchange, 'x-auth-token'), exchange.now);
  if (record === undefined) throw unauthorized();
  return record;
}

const accountOf = ({ accounts }: KeystoneOptions, userId: string) =>
  accounts.find(({ openstack }) => openstack.userId === userId)?.openstack;

const isAdmin = (options: KeystoneOptions, token: TokenRecord) =>
  accountOf(options, token.userId)?.roles.includes('admin') === true;

const isoMicros = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z');

function describe(options: KeystoneOptions, token: TokenRecord, withCatalog: boolean) {
  const account = accountOf(options, token.userId);
  const ofDomain = { id: account?.domainId, name: account?.domainName };
  const scope =
    token.projectId === undefined
      ? {}
      : {
          project: { id: account?.projectId, name: account?.projectName, domain: ofDomain },
          is_domain: false,
          roles: account?.roles.map((name) => ({ id: `role-${name}`, name })),
          ...(withCatalog ? { catalog: catalog(options) } : {}),
        };
  return {
    token: {
      methods: token.methods,
      user: { domain: ofDomain, id: account?.userId, name: account?.userName, password_expires_at: null },
      audit_ids: [token.digest.slice(0, 22)],
      expires_at: isoMicros(token.expiresAtMs),
      issued_at: isoMicros(token.issuedAtMs),
      ...scope,
    },
  };
}

function catalog({ regions, endpoints }: KeystoneOptions) {
  const { keystone, regions: services } = endpoints();
  const service = (type: string, name: string, urlOf: (region: string) => string) => ({
    type,
    name,
    id: `service-${type}`,
    endpoints: regions.flatMap((region) =>
      ['public', 'internal', 'admin'].map((kind) => ({
        id: `${type}-${region}-${kind}`,
        interface: kind,
        region,
        region_id: region,
        url: urlOf(region),
      })),
    ),
  });
  return [
    service('identity', 'keystone', () => `${keystone}/v3/`),
    service('image', 'glance', (region) => services[region]?.glance ?? ''),
  ];
}

/** What clients read besides tokens; undefined: no such page. */
function read(options: KeystoneOptions, caller: TokenRecord, path: string, query: URLSearchParams): unknown {
  const admin = isAdmin(options, caller);
  const visible = options.accounts
    .map((one) => one.openstack)
    .filter((one) => admin || one.userId === caller.userId);
  const projects = visible.map(({ projectId, projectName, domainId }) => ({
    id: projectId,
    name: projectName,
    domain_id: domainId,
    parent_id: domainId,
    is_domain: false,
    enabled: true,
    description: '',
    links: {},
  }));
  const users = visible.map(({ userId, userName, domainId }) => ({
    id: userId,
    name: userName,
    domain_id: domainId,
    enabled: true,
    links: {},
  }));
  const named = <T extends { name: string }>(list: readonly T[]) => {
    const name = query.get('name');
    return list.filter((one) => name === null || one.name === name);
  };
  const [, kind = '', id] = /^\/v3\/(?:auth\/)?(\w+)(?:\/([^/]+))?$/.exec(path) ?? [];
  // Members may not look around: clients then take the id that they were given for what it is.
  const own = [caller.projectId, caller.userId, undefined].includes(id);
  const listing = id === undefined && !path.startsWith('/v3/auth/');
  if (!admin && (kind === 'projects' || kind === 'users') && (!own || listing)) {
    const action = `identity:${listing ? 'list' : 'get'}_${listing ? kind : kind.slice(0, -1)}`;
    throw new KeystoneError(
      403,
      'Forbidden',
      `You are not authorized to perform the requested action: ${action}.`,
    );
  }
  const one = <T extends { id: string; name: string }>(list: readonly T[], what: string) => {
    const found = list.find((item) => item.id === id);
    if (found === undefined) throw notFound(`${what}: ${id}`);
    return found;
  };
  switch (kind) {
    case 'projects':
      return id === undefined
        ? { projects: named(projects), links: {} }
        : { project: one(projects, 'project') };
    case 'users':
      return id === undefined ? { users: named(users), links: {} } : { user: one(users, 'user') };
    case 'domains': {
      const domains = [{ id: 'default', name: 'Default', enabled: true, description: '', links: {} }];
      return id === undefined ? { domains: named(domains), links: {} } : { domain: one(domains, 'domain') };
    }
    case 'catalog':
      return { catalog: catalog(options) };
    default:
      return undefined;
  }
}
