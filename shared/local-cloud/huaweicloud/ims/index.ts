// The image service: who calls, and which request is which operation (seed 001 chapters 5 and 6).
import { type Exchange, json, type Reply, type Service } from '../../http/exchange.ts';
import { authenticate, type Session } from '../sessions.ts';
import type { TemporaryKeys } from '../temporary-keys.ts';
import type { Tokens } from '../tokens.ts';
import { type ImsContext, type ImsOptions, visibleImage } from './context.ts';
import { copyCrossRegion, copyInRegion } from './copy.ts';
import { createImage, registerImage } from './create.ts';
import * as deprecated from './deprecated.ts';
import { errorReply, gatewayReply, ImsError, nativeErrorReply } from './errors.ts';
import { exportImage } from './export.ts';
import { createWholeImage } from './from-inventory.ts';
import { findJob } from './jobs.ts';
import { listCloudImages, listNativeImages } from './list.ts';
import * as members from './members.ts';
import { createRecord } from './native.ts';
import { listOsVersions } from './os-versions.ts';
import { createDataImage, quickImport } from './quick-import.ts';
import { schemas } from './schemas.ts';
import { deleteImage, updateImage } from './update.ts';
import { uploadImage } from './upload.ts';
import { versionsReply } from './versions.ts';
import { describeImage } from './view.ts';

type Operation = (context: ImsContext, ...parameters: string[]) => unknown;

const noContent = Symbol('204');

/** A result that goes out with 201. */
class Created {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A result that is a whole reply. */
class Whole {
  readonly reply: Reply;

  constructor(reply: Reply) {
    this.reply = reply;
  }
}

/** An operation that answers with nothing. */
const silent =
  (work: (context: ImsContext, id: string) => unknown): Operation =>
  async (context, id = '') => {
    await work(context, id);
    return noContent;
  };

/** Method and path; each `*` is a parameter. */
const routes: [pattern: string, operation: Operation][] = [
  ['GET /v2/cloudimages', listCloudImages],
  ['POST /v2/cloudimages/action', createImage],
  ['POST /v2/cloudimages/quickimport/action', quickImport],
  ['POST /v1/cloudimages/dataimages/action', createDataImage],
  ['POST /v1/cloudimages/wholeimages/action', createWholeImage],
  ['POST /v1/cloudimages/*/file', (context, id = '') => exportImage(context, id)],
  ['PATCH /v2/cloudimages/*', (context, id = '') => updateImage(context, id)],
  ['GET /v1/cloudimages/os_version', ({ exchange }) => listOsVersions(exchange.query.getAll('tag'))],
  ['GET /v1/cloudimages/quota', quota],
  ['POST /v1/cloudimages/members', members.addMembers],
  ['PUT /v1/cloudimages/members', members.answerShares],
  ['DELETE /v1/cloudimages/members', members.removeMembers],
  ['POST /v1/cloudimages/*/copy', (context, id = '') => copyInRegion(context, id)],
  ['POST /v1/cloudimages/*/cross_region_copy', (context, id = '') => copyCrossRegion(context, id)],
  ['PUT /v1/cloudimages/*/upload', (context, id = '') => registerImage(context, id)],
  ['GET /v1/cloudimages/job/*', (context, id = '') => showJob(context, context.projectId, id)],
  ['GET /v1/*/jobs/*', (context, projectId = '', id = '') => showJob(context, projectId, id)],
  ['GET /v2/images', listNativeImages],
  ['POST /v2/images', async (context) => new Created(await createRecord(context))],
  ['GET /v2/images/*', (context, id = '') => describeImage(visibleImage(context, id, 404))],
  ['PATCH /v2/images/*', (context, id = '') => updateImage(context, id, true)],
  ['DELETE /v2/images/*', silent(deleteImage)],
  ['PUT /v2/images/*/file', silent(uploadImage)],
  ['DELETE /v1.1/images/*', silent(deprecated.softDeleteImage)],
  ['HEAD /v1/images/*', (context, id = '') => new Whole(deprecated.headImage(context, id))],
  ['GET /v1.1/images/detail', deprecated.listDetails],
  ['GET /v2/schemas/image', () => schemas.image],
  ['GET /v2/schemas/images', () => schemas.images],
  ['GET /v2/schemas/member', () => schemas.member],
  ['GET /v2/schemas/members', () => schemas.members],
  ['GET /v2/images/*/members', (context, id = '') => members.listMembers(context, id)],
  ['POST /v2/images/*/members', (context, id = '') => members.addMember(context, id)],
  ['GET /v2/images/*/members/*', (context, id = '', who = '') => members.showMember(context, id, who)],
  ['PUT /v2/images/*/members/*', (context, id = '', who = '') => members.answerShare(context, id, who)],
  [
    'DELETE /v2/images/*/members/*',
    (context, id = '', who = '') => {
      members.removeMember(context, id, who);
      return noContent;
    },
  ],
];

function quota({ store, region, projectId, imageQuota }: ImsContext): unknown {
  const used = store.images().filter((i) => i.region === region && i.projectId === projectId).length;
  return { quotas: { resources: [{ type: 'image', used, quota: imageQuota, min: 1, max: 1000 }] } };
}

function showJob({ store, projectId, region, exchange }: ImsContext, wanted: string, id: string): unknown {
  if (wanted !== projectId) throw new ImsError('IMG.0030');
  const job = findJob(store, { projectId, region }, id, exchange.now);
  if (job === undefined) throw new ImsError('IMG.0031', 404);
  return job;
}

function find(method: string, path: string): { operation: Operation; parameters: string[] } | undefined {
  const words = path.split('/');
  for (const [pattern, operation] of routes) {
    const [wantedMethod, wantedPath = ''] = pattern.split(' ');
    const wanted = wantedPath.split('/');
    if (wantedMethod !== method || wanted.length !== words.length) continue;
    if (!wanted.every((word, index) => word === '*' || word === words[index])) continue;
    return {
      operation,
      parameters: words.filter((_, index) => wanted[index] === '*').map(decodeURIComponent),
    };
  }
  return undefined;
}

/** Calls that OpenStack's own image service has, too: they refuse in XML. */
const isNative = ({ rawPath }: Exchange) => /^\/v(1|1\.1|2)\/(images|schemas)(\/|$)/.test(rawPath);

/** The image service of one region. */
export function imsService(
  options: ImsOptions & { region: string; tokens: Tokens; temporaryKeys: TemporaryKeys },
): Service {
  return async (exchange) => {
    options.jobs.settle(exchange.now);
    const versions = versionsReply(exchange);
    if (versions !== undefined) return versions;
    const caller = await authenticate(exchange, options);
    if ('refusal' in caller) {
      const [status, code] = caller.tooLarge ? [413, 'APIG.0201'] : [401, 'APIG.0301'];
      return gatewayReply(status, code, caller.refusal, exchange.requestId);
    }
    try {
      return await run(options, caller.exchange, caller.session);
    } catch (error) {
      if (error instanceof ImsError) return isNative(exchange) ? nativeErrorReply(error) : errorReply(error);
      throw error;
    }
  };
}

async function run(
  options: ImsOptions & { region: string },
  exchange: Exchange,
  { account, projectId: given }: Session,
): Promise<Reply> {
  let found: ReturnType<typeof find>;
  try {
    found = find(exchange.method, exchange.rawPath.replace(/\/$/, ''));
  } catch {
    throw new ImsError('IMG.0001');
  }
  if (found === undefined) {
    const message = 'The API does not exist or has not been published in the environment';
    return gatewayReply(404, 'APIG.0101', message, exchange.requestId);
  }
  const projectId = account.projects[options.region];
  // A token of the whole account, or of another region's project, is not good for this region's images.
  if (projectId === undefined || given !== projectId) throw new ImsError('IMG.0030');
  const result = await found.operation({ ...options, exchange, account, projectId }, ...found.parameters);
  if (result === noContent) return { status: 204 };
  if (result instanceof Whole) return result.reply;
  return result instanceof Created ? json(201, result.value) : json(200, result);
}
