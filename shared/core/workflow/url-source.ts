// What lies behind a URL as a source, for clouds that fetch no URLs: its bytes go through this machine, with no file between.
import { HttpClient, type HttpClientOptions } from '../http/index.ts';
import { inspectSource } from '../inspect/index.ts';
import {
  type ByteSource,
  type CallOptions,
  FileChangedError,
  NotFoundError,
  ProtocolError,
  type SourceIdentity,
} from '../model/index.ts';
import type { PublishSource } from './publish-source.ts';
import { inBlocks, SequentialReader } from './sequential-reader.ts';
import { contentFingerprint } from './staging-key.ts';

/** A URL that can be published. Close it at the end. */
export interface UrlSource extends PublishSource {
  open(options?: CallOptions): Promise<ByteSource>;
  close(): Promise<void>;
}

/** What tells one state of a resource from another. */
interface Facts {
  sizeBytes: number;
  /** ETag and time of the last change, as the server words them. */
  version: string;
  mtimeMs: number;
}

/**
 * The bytes behind a URL. Nothing is asked before they are wanted.
 * @param url may grant access: messages and journals name it without its query
 */
export function urlSource(url: string, options: HttpClientOptions = {}): UrlSource {
  const http = new HttpClient(options);
  const { origin, pathname } = new URL(url);
  const path = `url:${origin}${pathname}`;
  const context = { operation: `read ${origin}${pathname}`, object: `${origin}${pathname}` };

  const get = async (startByte: number, call: CallOptions, end = '') => {
    const stream = await http.open({
      method: 'GET',
      url: new URL(url),
      secretQuery: true,
      headers: { range: `bytes=${startByte}-${end}` },
      context,
      signal: call.signal,
    });
    if (stream.ok) return stream;
    const { status } = stream.reply;
    throw new NotFoundError({
      ...context,
      httpStatus: status,
      reason: `the server answered with status ${status}`,
      hint: 'Check the URL, and whether it is still good.',
    });
  };
  const ask = async (call: CallOptions = {}): Promise<Facts> => {
    const { head, body } = await get(0, call, '0');
    for await (const _ of body) break;
    const { headers } = head;
    const [, total] = /^bytes \d+-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    const sizeBytes = Number(total ?? (head.status === 200 ? headers['content-length'] : undefined));
    if (!Number.isSafeInteger(sizeBytes))
      throw new ProtocolError({ ...context, reason: 'the server does not tell the size' });
    const changed = headers['last-modified'] ?? '';
    const mtimeMs = Date.parse(changed);
    return {
      sizeBytes,
      version: `${headers.etag ?? ''} ${changed}`,
      mtimeMs: Number.isNaN(mtimeMs) ? 0 : mtimeMs,
    };
  };
  let asked: Promise<Facts> | undefined;
  const facts = (call?: CallOptions) => {
    asked ??= ask(call);
    return asked;
  };
  const identify = async (): Promise<SourceIdentity> => {
    const { sizeBytes, mtimeMs } = await facts();
    return { path, sizeBytes, mtimeMs, inode: 0 };
  };
  const open = async (call?: CallOptions): Promise<ByteSource> => {
    const first = await facts(call);
    const reader = new SequentialReader({
      open: async (startByte, inner) => {
        const { head, body } = await get(startByte, inner);
        // A server that knows no ranges sends everything from the start.
        return head.status === 206 ? body : without(body, startByte);
      },
      short: (at) =>
        new ProtocolError({
          ...context,
          reason: `the download ended at byte ${at} of ${first.sizeBytes}`,
          retryable: true,
        }),
    });
    return {
      identity: await identify(),
      read: (startByte, into, inner) => reader.read(startByte, into, inner),
      async check(inner) {
        const now = await ask(inner);
        if (now.sizeBytes === first.sizeBytes && now.version === first.version) return;
        throw new FileChangedError({ ...context, reason: 'it has changed on the server' });
      },
      close: () => reader.close(),
    };
  };
  const reading = async <T>(
    call: CallOptions | undefined,
    work: (sizeBytes: number, read: (at: number, length: number) => Promise<Buffer>) => Promise<T>,
  ): Promise<T> => {
    const source = await open(call);
    const { sizeBytes } = source.identity;
    try {
      return await work(sizeBytes, async (at, length) => {
        const into = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - at)));
        if (into.length > 0) await source.read(at, into, call);
        return into;
      });
    } finally {
      await source.close();
    }
  };
  return {
    path,
    identify,
    open,
    inspect: (call) =>
      reading(call, async (sizeBytes, read) => ({
        path,
        fileSizeBytes: sizeBytes,
        ...(await inspectSource({ sizeBytes, read: inBlocks(sizeBytes, read) })),
      })),
    fingerprint: (call) => reading(call, (sizeBytes, read) => contentFingerprint(sizeBytes, read)),
    close: () => http.close(),
  };
}

/** The bytes after the first ones. */
async function* without(body: AsyncIterable<Uint8Array>, skippedBytes: number): AsyncGenerator<Uint8Array> {
  let left = skippedBytes;
  for await (const chunk of body) {
    if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
