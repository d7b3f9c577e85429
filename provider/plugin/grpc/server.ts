// gRPC over node:http2: unary calls, and streams that are held open. No compression, no deadlines.
import { constants, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { STATUS, StatusError } from './status.ts';

/** Terraform sends values of up to 64 MB, the Go SDK allows 256 MiB: so does this. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Answers one call with the bytes of one message. The signal fires where the client gives the call up. */
export type UnaryHandler = (request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** The calls a server knows, by path: `/package.Service/Method`. */
export interface Routes {
  /** Finds who answers a call; may wait until everything is loaded. */
  unary(path: string): Promise<UnaryHandler | undefined>;
  /** Server streams that never send anything; the function is called when the client ends one. */
  readonly held: ReadonlyMap<string, () => void>;
}

/** Settings for `http2.createServer`, so that large messages do not wait for window updates. */
export const HTTP2_OPTIONS = {
  settings: { initialWindowSize: WINDOW_BYTES },
  // Megabytes; the default of 10 would refuse calls while a large message is under way.
  maxSessionMemory: 1024,
} as const;

/** Makes an HTTP/2 server answer gRPC calls. */
export function serveGrpc(server: Http2Server, routes: Routes): void {
  server.on('session', (session) => {
    session.setLocalWindowSize(WINDOW_BYTES);
    // A broken connection also ends its streams, which is where it is dealt with.
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    // Resets arrive as errors; `close` follows and is what counts.
    stream.on('error', () => {});
    const path = String(headers[constants.HTTP2_HEADER_PATH]);
    const held = routes.held.get(path);
    if (held !== undefined) hold(stream, held);
    else void answer(stream, path, routes);
  });
}

const RESPONSE_HEADERS = {
  [constants.HTTP2_HEADER_STATUS]: 200,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
} as const;

function hold(stream: ServerHttp2Stream, onEnd: () => void): void {
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.on('close', onEnd);
  stream.resume();
}

async function answer(stream: ServerHttp2Stream, path: string, routes: Routes): Promise<void> {
  const cancelled = new AbortController();
  let answered = false;
  stream.on('close', () => {
    if (!answered) cancelled.abort(new StatusError(STATUS.cancelled, 'the call was cancelled'));
  });
  try {
    const handler = await routes.unary(path);
    if (handler === undefined) {
      throw new StatusError(STATUS.unimplemented, `the method ${path} is not implemented`);
    }
    const response = await handler(await receive(stream), cancelled.signal);
    answered = true;
    if (!stream.destroyed) send(stream, response);
  } catch (error) {
    fail(stream, error);
  }
}

/** Reads the one message of a unary call. */
async function receive(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_MESSAGE_BYTES + 5) {
      throw new StatusError(
        STATUS.resourceExhausted,
        `the request is larger than ${MAX_MESSAGE_BYTES} bytes`,
      );
    }
  }
  const [only] = chunks;
  const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
  if (body.length < 5) throw new StatusError(STATUS.invalidArgument, 'the request has no message');
  if (body[0] !== 0) throw new StatusError(STATUS.unimplemented, 'compressed messages are not supported');
  if (body.readUInt32BE(1) !== body.length - 5) {
    throw new StatusError(STATUS.invalidArgument, 'the request is not exactly one message');
  }
  return body.subarray(5);
}

function send(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (message.length > MAX_MESSAGE_BYTES) {
    const text = `the response is larger than ${MAX_MESSAGE_BYTES} bytes`;
    fail(stream, new StatusError(STATUS.resourceExhausted, text));
    return;
  }
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(STATUS.ok) }));
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.write(head);
  stream.end(message);
}

/** Ends a call with a status instead of a response. */
function fail(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.headersSent) return;
  const status = error instanceof StatusError ? error.status : STATUS.internal;
  const text = error instanceof Error ? error.message : String(error);
  stream.respond(
    {
      ...RESPONSE_HEADERS,
      'grpc-status': String(status),
      // Percent-encoded UTF-8, as gRPC wants it in a header.
      'grpc-message': encodeURIComponent(text.slice(0, 1000)),
    },
    { endStream: true },
  );
  // What the client still sends would otherwise fill its window.
  stream.resume();
}
