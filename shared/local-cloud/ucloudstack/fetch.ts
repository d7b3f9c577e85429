// Fetches what a remote import names. Opens connections to this machine only, and says why when it will not.
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { BlobStore, Segment } from '../store/blobs.ts';

const idleMs = 60_000;
const maxRedirects = 5;

/** A fetch that did not work; the message goes to the image's `Reason`. It never repeats the URL. */
export class FetchError extends Error {}

/** What a fetch needs. */
export interface FetchOptions {
  blobs: BlobStore;
  maxBytes: number;
  signal: AbortSignal;
  /** Called with 0 to 1 when the size is known. */
  onShare(share: number): void;
}

/** Why a URL will not be fetched here; undefined when it will. */
export function refusalOf(url: URL): string | undefined {
  if (url.protocol === 'ftp:') return '本地云不支持 ftp，请使用 http 或 https';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return '只支持 http、https 和 ftp';
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return '本地云只从本机下载镜像';
  return undefined;
}

/**
 * Downloads into the store of blobs; the result belongs to nobody yet.
 * @throws FetchError
 */
export async function fetchBlob(address: URL, options: FetchOptions): Promise<Segment> {
  try {
    const reply = await open(address, options.signal);
    const total = Number(reply.headers['content-length'] ?? Number.NaN);
    if (total > options.maxBytes) {
      reply.destroy();
      throw new FetchError('镜像文件超出大小上限');
    }
    let received = 0;
    const { segment } = await options.blobs.receive(reply, (count) => {
      received += count;
      if (received > options.maxBytes) reply.destroy(new FetchError('镜像文件超出大小上限'));
      if (total > 0) options.onShare(received / total);
    });
    if (segment.sizeBytes > 0) return segment;
    options.blobs.discard(segment);
    throw new FetchError('镜像文件是空的');
  } catch (error) {
    if (error instanceof FetchError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new FetchError(`下载镜像失败${code}`);
  }
}

async function open(address: URL, signal: AbortSignal): Promise<IncomingMessage> {
  let url = address;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const refusal = refusalOf(url);
    if (refusal !== undefined) throw new FetchError(refusal);
    const reply = await request(url, signal);
    const { statusCode = 0 } = reply;
    if (statusCode === 200) return reply;
    reply.destroy();
    const { location } = reply.headers;
    if (statusCode < 300 || statusCode > 399 || location === undefined || !URL.canParse(location, url.href)) {
      throw new FetchError(`下载镜像失败: HTTP ${statusCode}`);
    }
    url = new URL(location, url);
  }
  throw new FetchError('下载镜像失败: 重定向过多');
}

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const outgoing = get(url, { signal, agent: false }, resolve);
    // A download must not keep a process alive that has nothing else to do.
    outgoing.on('socket', (socket) => socket.unref());
    outgoing.setTimeout(idleMs, () => outgoing.destroy(new FetchError('下载镜像超时')));
    outgoing.on('error', reject);
  });
}
