// A target over loopback HTTP, and the server of it in front of any other target. For tests across processes only.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { z } from 'zod';
import {
  type CallOptions,
  CancelledError,
  ImageBridgeError,
  type MultipartTarget,
  NotFoundError,
  type PartUpload,
  type RemoteObject,
  type RemotePart,
  UnavailableError,
} from '../../model/index.ts';

const remotePart = z.object({ partNumber: z.number(), sizeBytes: z.number(), etag: z.string() });
const remoteObject = z.object({ sizeBytes: z.number(), etag: z.string(), uploadId: z.string().optional() });

/** Speaks to the server of `serveTarget`. */
export class HttpTarget implements MultipartTarget {
  readonly locator = { cloud: 'http', region: 'loopback', bucket: 'bucket', key: 'disk.img' };
  readonly limits = {
    minPartSizeBytes: 1,
    maxPartSizeBytes: 5 * 1024 ** 3,
    maxParts: 10_000,
    maxObjectSizeBytes: 48 * 1024 ** 4,
  };
  readonly etagIsMd5 = true;
  readonly #base: string;
  readonly #agent = new Agent({ connections: 8 });

  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}`;
  }

  async #call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    options: CallOptions = {},
    body?: string | AsyncIterable<Uint8Array>,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    try {
      const { signal } = options;
      const reply = await request(this.#base + path, {
        method,
        dispatcher: this.#agent,
        headers,
        ...(signal ? { signal } : {}),
        // Undici takes any async iterable as a body; its types name only streams.
        ...(body === undefined ? {} : { body: body as string }),
      });
      const text = await reply.body.text();
      if (reply.statusCode === 404) {
        throw new NotFoundError({ operation: method, code: 'NoSuchUpload', httpStatus: 404 });
      }
      if (reply.statusCode >= 300) {
        throw new UnavailableError({ operation: method, httpStatus: reply.statusCode, retryable: true });
      }
      return text === '' ? undefined : JSON.parse(text);
    } catch (cause) {
      if (cause instanceof ImageBridgeError) throw cause;
      if (options.signal?.aborted)
        throw new CancelledError({ operation: method, reason: 'it was cancelled' });
      throw new UnavailableError({ operation: method, reason: String(cause), retryable: true, cause });
    }
  }

  async initiate(options?: CallOptions): Promise<string> {
    return z.string().parse(await this.#call('POST', '/initiate', options));
  }
  async findUploads(options?: CallOptions): Promise<string[]> {
    return z.array(z.string()).parse(await this.#call('GET', '/uploads', options));
  }
  async uploadPart(part: PartUpload, options?: CallOptions): Promise<{ etag: string }> {
    const headers = {
      'content-md5': Buffer.from(part.md5).toString('base64'),
      'content-length': String(part.sizeBytes),
    };
    const path = `/part?id=${part.uploadId}&n=${part.partNumber}`;
    return z.object({ etag: z.string() }).parse(await this.#call('PUT', path, options, part.body(), headers));
  }
  async *listParts(uploadId: string, options?: CallOptions): AsyncGenerator<RemotePart> {
    yield* z.array(remotePart).parse(await this.#call('GET', `/parts?id=${uploadId}`, options));
  }
  async complete(uploadId: string, parts: readonly RemotePart[], options?: CallOptions): Promise<void> {
    await this.#call('POST', `/complete?id=${uploadId}`, options, JSON.stringify(parts));
  }
  async abort(uploadId: string, options?: CallOptions): Promise<void> {
    await this.#call('DELETE', `/upload?id=${uploadId}`, options);
  }
  async head(options?: CallOptions): Promise<RemoteObject | undefined> {
    const reply = await this.#call('GET', '/head', options);
    return reply === undefined ? undefined : remoteObject.parse(reply);
  }
  async *read(): AsyncGenerator<Uint8Array> {}
  async remove(): Promise<void> {}
  /** Closes connections. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}

async function answer(target: MultipartTarget, req: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  const id = url.searchParams.get('id') ?? '';
  const route = `${req.method} ${url.pathname}`;
  if (route === 'POST /initiate') return await target.initiate();
  if (route === 'GET /uploads') return await target.findUploads();
  if (route === 'GET /head') return await target.head();
  if (route === 'DELETE /upload') return await target.abort(id);
  if (route === 'GET /parts') {
    const parts: RemotePart[] = [];
    for await (const part of target.listParts(id)) parts.push(part);
    return parts;
  }
  if (route === 'POST /complete') {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk));
    return await target.complete(id, z.array(remotePart).parse(JSON.parse(Buffer.concat(chunks).toString())));
  }
  const md5 = Buffer.from(String(req.headers['content-md5']), 'base64');
  const sizeBytes = Number(req.headers['content-length']);
  const partNumber = Number(url.searchParams.get('n'));
  return await target.uploadPart({ uploadId: id, partNumber, sizeBytes, md5, body: () => req }, { signal });
}

/** Serves a target on loopback. */
export async function serveTarget(
  target: MultipartTarget,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    // A client that goes away ends its call.
    const gone = new AbortController();
    req.on('error', () => {});
    res.on('close', () => gone.abort());
    answer(target, req, gone.signal).then(
      (value) => res.end(value === undefined ? '' : JSON.stringify(value)),
      (error: unknown) => {
        res.statusCode = error instanceof NotFoundError ? 404 : 500;
        res.end();
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
