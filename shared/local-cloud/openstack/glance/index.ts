// The image service of one region: who asks, and which request is which call.
import { type Exchange, header, type Reply, type Service } from '../../http/exchange.ts';
import type { LocalAccount } from '../../options.ts';
import { uuidOf } from '../keystone.ts';
import type { Tokens } from '../tokens.ts';
import type { GlanceContext } from './context.ts';
import * as data from './data.ts';
import { errorReply, GlanceError } from './errors.ts';
import * as images from './images.ts';
import { importImage, settle } from './imports.ts';
import * as info from './info.ts';
import { listImages } from './list.ts';
import * as members from './members.ts';
import type { ImageStore } from './records.ts';

/** What the image service of a region needs. */
export interface GlanceOptions {
  region: string;
  accounts: readonly LocalAccount[];
  tokens: Tokens;
  store: ImageStore;
  keystoneUrl(): string;
  clock: { now(): number };
  jobDurationMs: number;
  maxImageSizeBytes: number;
}

type Call = (context: GlanceContext, id: string, more: string) => Reply | Promise<Reply>;

const calls: readonly [method: string, path: RegExp, call: Call][] = [
  ['GET', /^\/v2\/images$/, (context) => listImages(context)],
  ['POST', /^\/v2\/images$/, (context) => images.createImage(context)],
  ['GET', /^\/v2\/images\/([^/]+)$/, images.showImage],
  ['PATCH', /^\/v2\/images\/([^/]+)$/, images.patchImage],
  ['DELETE', /^\/v2\/images\/([^/]+)$/, images.deleteImage],
  ['GET', /^\/v2\/images\/([^/]+)\/file$/, data.downloadData],
  ['PUT', /^\/v2\/images\/([^/]+)\/file$/, (context, id) => data.uploadData(context, id, 'file')],
  ['PUT', /^\/v2\/images\/([^/]+)\/stage$/, (context, id) => data.uploadData(context, id, 'stage')],
  ['POST', /^\/v2\/images\/([^/]+)\/import$/, importImage],
  ['GET', /^\/v2\/images\/([^/]+)\/tasks$/, info.tasks],
  ['PUT', /^\/v2\/images\/([^/]+)\/tags\/([^/]+)$/, images.changeTag],
  ['DELETE', /^\/v2\/images\/([^/]+)\/tags\/([^/]+)$/, images.changeTag],
  [
    'POST',
    /^\/v2\/images\/([^/]+)\/actions\/deactivate$/,
    (context, id) => images.setActive(context, id, false),
  ],
  [
    'POST',
    /^\/v2\/images\/([^/]+)\/actions\/reactivate$/,
    (context, id) => images.setActive(context, id, true),
  ],
  ['GET', /^\/v2\/images\/([^/]+)\/members$/, members.listMembers],
  ['POST', /^\/v2\/images\/([^/]+)\/members$/, members.addMember],
  ['GET', /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, members.showMember],
  ['PUT', /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, members.answerMember],
  ['DELETE', /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, members.removeMember],
  ['GET', /^\/v2\/schemas\/([^/]+)$/, (_, name) => info.schema(name)],
  ['GET', /^\/v2\/info\/([^/]+)$/, info.info],
];

/** The image service of one region. */
export function glanceService(options: GlanceOptions): Service {
  return async (exchange) => {
    const requestId = `req-${uuidOf(exchange.requestId)}`;
    const answered = (reply: Reply): Reply => ({
      ...reply,
      headers: { 'x-openstack-request-id': requestId, ...reply.headers },
    });
    try {
      const host = header(exchange, 'host') ?? '';
      const path = exchange.rawPath.replace(/\/+$/, '');
      if (exchange.method === 'GET' && path === '') return info.versions(host, 300);
      if (exchange.method === 'GET' && path === '/versions') return info.versions(host, 200);
      if (path === '/healthcheck')
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' };
      const context = contextOf(options, exchange);
      await settle(options.store, options.region, exchange.now);
      return answered(await route(context, path));
    } catch (error) {
      if (error instanceof GlanceError) return answered(errorReply(error, exchange));
      throw error;
    }
  };
}

function contextOf(options: GlanceOptions, exchange: Exchange): GlanceContext {
  const token = options.tokens.find(header(exchange, 'x-auth-token'), exchange.now);
  const account = options.accounts.find(({ openstack }) => openstack.userId === token?.userId);
  if (token?.projectId === undefined || account === undefined) {
    throw new GlanceError(
      401,
      'This server could not verify that you are authorized to access the document you requested. Either you ' +
        'supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply ' +
        'the credentials required.',
      { 'www-authenticate': `Keystone uri="${options.keystoneUrl()}/v3"` },
    );
  }
  return {
    ...options,
    exchange,
    account,
    projectId: token.projectId,
    isAdmin: account.openstack.roles.includes('admin'),
  };
}

function route(context: GlanceContext, path: string): Reply | Promise<Reply> {
  const { method } = context.exchange;
  const allowed: string[] = [];
  for (const [wanted, pattern, call] of calls) {
    const found = pattern.exec(path);
    if (found === null) continue;
    allowed.push(wanted);
    if (wanted !== method) continue;
    const [id = '', more = ''] = found.slice(1).map(decode);
    return call(context, id, more);
  }
  throw allowed.length > 0
    ? new GlanceError(405, `The method ${method} is not allowed for this resource.`, {
        allow: allowed.join(', '),
      })
    : new GlanceError(404, 'The resource could not be found.');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GlanceError(400, 'The path is not percent-encoded UTF-8.');
  }
}
