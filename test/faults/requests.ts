// What a request is about, as the proxy tells by method, path and query. Pure.
import type { What } from './plan.ts';

/** Services of the embedded cloud that clients reach through the proxy. */
export type ServiceName = 'iam' | 'ims' | 'obs' | 'keystone' | 'glance' | 'ucloudstack' | 'ucloudstack-s3';

/** A request as it was told apart. */
export interface Sight {
  service: ServiceName;
  what: What;
  method: string;
  /** Path and query, as sent. */
  target: string;
  uploadId?: string | undefined;
  partNumber?: number | undefined;
}

const ACTIONS: Record<string, What> = {
  ImportImage: 'import',
  CompleteImageMultipartUpload: 'complete',
  AbortImageMultipartUpload: 'abort',
  DescribeImage: 'look',
};

/** Tells what a request is. @param body of requests whose body says it (the action API); else empty */
export function sightOf(service: ServiceName, method: string, target: string, body: string): Sight {
  const [path = '', search = ''] = target.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const uploadId = query.get('uploadId') ?? undefined;
  const number = query.get('partNumber');
  const sight = { service, method, target, ...(uploadId === undefined ? {} : { uploadId }) };
  if (number !== null) return { ...sight, what: 'part', partNumber: Number(number) };
  return { ...sight, what: whatOf(service, method, path, query, body) };
}

function whatOf(
  service: ServiceName,
  method: string,
  path: string,
  query: URLSearchParams,
  body: string,
): What {
  switch (service) {
    case 'iam':
    case 'keystone':
      return /\/auth\/tokens$/.test(path) && method === 'POST' ? 'token' : 'other';
    case 'obs':
    case 'ucloudstack-s3':
      if (query.has('uploads')) return method === 'POST' ? 'initiate' : 'list-uploads';
      if (query.has('uploadId')) {
        return ({ GET: 'list-parts', POST: 'complete', DELETE: 'abort' } as const)[method] ?? 'other';
      }
      // One segment is a bucket.
      return method === 'HEAD' && path.split('/').filter(Boolean).length > 1 ? 'head' : 'other';
    case 'ims':
      if (path.includes('/jobs/')) return 'job';
      return method === 'POST' && /\/(action|quickimport\/file)$/.test(path) ? 'import' : 'other';
    case 'glance':
      if (path.endsWith('/file') && method === 'PUT') return 'data';
      if (path.endsWith('/stage') && method === 'PUT') return 'data';
      if (path.endsWith('/import') && method === 'POST') return 'import';
      if (/\/images\/?$/.test(path) && method === 'POST') return 'create';
      return /\/images\/[^/]+$/.test(path) && method === 'GET' ? 'look' : 'other';
    case 'ucloudstack': {
      const action =
        query.get('Action') ??
        /"Action"\s*:\s*"(\w+)"|(?:^|&)Action=(\w+)/.exec(body)?.slice(1).find(Boolean);
      return ACTIONS[action ?? ''] ?? 'other';
    }
  }
}
