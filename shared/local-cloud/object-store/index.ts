// The object store: which request is which operation.
import type { Exchange, Reply, Service } from '../http/exchange.ts';
import type { LocalAccount } from '../options.ts';
import * as buckets from './buckets.ts';
import type { ObsContext } from './context.ts';
import { errorReply, ObsError } from './errors.ts';
import * as multipart from './multipart.ts';
import * as objects from './objects.ts';
import { withVerifiedBody } from './payload.ts';
import type { ObsStore } from './records.ts';
import { authenticate } from './signature.ts';
import { isV4, verifyV4 } from './signature-v4.ts';
import { targetOf } from './target.ts';

/** What the object store of one region needs. */
export interface ObsOptions {
  region: string;
  defaultRegion: string;
  store: ObsStore;
  accounts: readonly LocalAccount[];
  /** Lets time take effect on image imports. */
  settle(now: number): void;
}

/** The object store of one region. */
export function obsService(options: ObsOptions): Service {
  return async (exchange) => {
    try {
      const { bucket, key, signedPath } = targetOf(exchange);
      const { account, vendor, exchange: verified } = identify(exchange, signedPath, options);
      const context: ObsContext = {
        ...options,
        exchange: verified,
        account,
        vendor,
        settle: () => options.settle(exchange.now),
      };
      const reply = await route(context, bucket, key);
      return {
        ...reply,
        headers: {
          ...(typeof reply.body === 'string' ? { 'content-type': 'application/xml' } : {}),
          [`x-${vendor}-request-id`]: exchange.requestId,
          'x-obs-id-2': 'local',
          server: 'OBS',
          ...reply.headers,
        },
      };
    } catch (error) {
      if (error instanceof ObsError) return errorReply(error, exchange.requestId, exchange.rawPath);
      throw error;
    }
  };
}

/** Who asks, and the request with a body that is verified while it is read. */
function identify(exchange: Exchange, signedPath: string, { accounts, store }: ObsOptions) {
  if (!isV4(exchange)) return { ...authenticate(exchange, signedPath, accounts), exchange };
  const signed = verifyV4(exchange, accounts);
  // The small bodies of other requests are looked at in any case.
  const look = exchange.method !== 'PUT' || store.objectBytes !== 'discard-unchecked';
  const verified = withVerifiedBody(exchange, signed, look);
  return { account: signed.account, vendor: 'amz' as const, exchange: verified };
}

/** The answer to a body that ended early on a connection that is still open for writing. */
export function shortBodyReply(requestId: string): Reply {
  const error = new ObsError(400, 'IncompleteBody', 'The body is shorter than its Content-Length.');
  return errorReply(error, requestId, '');
}

function route(
  context: ObsContext,
  bucket: string | undefined,
  key: string | undefined,
): Reply | Promise<Reply> {
  const { exchange } = context;
  if (bucket === undefined) {
    if (exchange.method === 'GET') return buckets.listBuckets(context);
  } else if (key === undefined) {
    const operation = bucketOperation(exchange);
    if (operation !== undefined) return operation(context, bucket);
  } else {
    const operation = objectOperation(exchange);
    if (operation !== undefined) return operation(context, bucket, key);
  }
  throw new ObsError(405, 'MethodNotAllowed', 'The embedded cloud does not have this operation.');
}

function bucketOperation({ method, query }: Exchange) {
  if (method === 'GET' && query.has('uploads')) return multipart.listUploads;
  if (method === 'GET' && query.has('location')) return buckets.bucketLocation;
  if (method === 'GET' && query.get('list-type') === '2') return buckets.listObjectsV2;
  return {
    PUT: buckets.createBucket,
    HEAD: buckets.headBucket,
    DELETE: buckets.deleteBucket,
    GET: buckets.listObjects,
  }[method];
}

function objectOperation({ method, query }: Exchange) {
  if (method === 'POST' && query.has('uploads')) return multipart.initiateUpload;
  if (query.has('uploadId')) {
    return {
      PUT: multipart.uploadPart,
      GET: multipart.listParts,
      POST: multipart.completeUpload,
      DELETE: multipart.abortUpload,
    }[method];
  }
  return {
    PUT: objects.putObject,
    HEAD: objects.headObject,
    GET: objects.getObject,
    DELETE: objects.deleteObject,
  }[method];
}
