// One request and its reply, as the services see them. Imports node:http types only.
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { readChunks } from '../store/blobs.ts';

/** A reply that a service wants to be sent. */
export interface Reply {
  status: number;
  headers?: Record<string, string> | undefined;
  /** Text, or a stream of exactly `sizeBytes` bytes. */
  body?: string | { sizeBytes: number; read(): AsyncIterable<Buffer> } | undefined;
}

/** A request that a service is to answer. */
export interface Exchange {
  readonly method: string;
  /** Path as sent, percent-encoding included. */
  readonly rawPath: string;
  /** Query as sent, without the question mark. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** 32 hex digits, the service's own id of this request. */
  readonly requestId: string;
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly now: number;
  readonly region: string | undefined;
  /** The body as it arrives; a fault may slow or cut it. Read it at most once. */
  readonly body: Readable;
  /** The services report what they read of the body here. */
  addBytesIn(count: number): void;
  /** The failure that the next job is to suffer, if any. Asking uses it up. */
  takeJobFailure(): { code: string; reason: string } | undefined;
  /** A job that this request starts is never to end. */
  readonly stallsJob?: boolean | undefined;
  /** A part that this request brings is to be acknowledged, but not kept. */
  readonly losesPart?: boolean | undefined;
}

/** Answers the requests of one service. What it throws becomes a 500. */
export type Service = (exchange: Exchange) => Reply | Promise<Reply>;

/** The request's body is larger than the service takes. */
export class BodyTooLargeError extends Error {}

/**
 * Reads a whole body that is known to be small.
 * @throws BodyTooLargeError beyond `maxBytes`
 */
export async function readText(exchange: Exchange, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  await readChunks(exchange.body, (chunk) => {
    exchange.addBytesIn(chunk.length);
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    return undefined;
  });
  if (size > maxBytes) throw new BodyTooLargeError();
  return Buffer.concat(chunks).toString('utf8');
}

/** A header that has one value, or undefined. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A reply with a JSON body. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** An id of 32 hex digits, the form of most ids of the services. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}
