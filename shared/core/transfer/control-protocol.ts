// The words of the control channel: JSON lines over the endpoint that is the upload's lock. No command carries a
// secret: the owner's token proves itself in a keyed digest of a fresh nonce, and never travels.
// The owner greets with its version and a nonce; the asker sends one command; the owner answers with one line, or, to
// `watch`, with many.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { ImageBridgeError } from '../model/index.ts';
import {
  fileSchema,
  momentSchema,
  noteKind,
  problemSchema,
  stateSchema,
  targetSchema,
} from './journal-records.ts';
import type { UploadEvent, UploadSnapshot } from './types.ts';

/** Version of the protocol. 1: one command, one answer. 2: arguments, `watch`. An owner understands older askers. */
export const controlVersion = 2;

/** Longest line in characters; whoever sends more is cut off. */
const longestLine = 1024 * 1024;

/** What a process can be asked to do with an upload it owns, besides watching it. */
export type ControlCommand =
  | 'pause'
  | 'resume'
  | 'abort'
  | 'status'
  /** Bytes per second; undefined: no limit. */
  | { command: 'set-limit'; bytesPerSecond: number | undefined }
  /** Among the uploads that share a budget with it. */
  | { command: 'set-priority'; priority: number };

/** A request as a phrase, for errors. */
export function phraseOf(command: ControlRequest['command'], uploadId: string): string {
  switch (command) {
    case 'pause':
      return `pause upload ${uploadId}`;
    case 'resume':
      return `resume upload ${uploadId}`;
    case 'abort':
      return `abort upload ${uploadId}`;
    case 'set-limit':
      return `set the limit of upload ${uploadId}`;
    case 'set-priority':
      return `set the priority of upload ${uploadId}`;
    default:
      return `watch upload ${uploadId}`;
  }
}

/** The first line, from the owner. */
export const helloSchema = z.object({ v: z.number().default(1), nonce: z.string() });

/** The second line, from the asker. */
export const requestSchema = z.object({
  command: z.enum(['pause', 'resume', 'abort', 'status', 'set-limit', 'set-priority', 'parts', 'watch']),
  /** A number, or null, for the commands that need one. */
  value: z.number().nullable().optional(),
  proof: z.string(),
});

/** The second line, without its proof. */
export type ControlRequest = Omit<z.infer<typeof requestSchema>, 'proof'>;

const bottleneck = z.enum(['disk', 'hash', 'network', 'server', 'throttle']);

const snapshotSchema = z.object({
  uploadId: z.string(),
  state: stateSchema,
  work: z.object({ text: z.string(), fraction: z.number().optional() }).optional(),
  file: fileSchema,
  target: targetSchema,
  route: z.enum(['bucket', 'parts', 'stream']).optional(),
  resumable: z.boolean().optional(),
  partSizeBytes: z.number(),
  partsTotal: z.number(),
  partsDone: z.number(),
  partsSkipped: z.number(),
  confirmedBytes: z.number(),
  underWayBytes: z.number().optional(),
  sentBytes: z.number(),
  bytesPerSecond: z.number(),
  etaMs: z.number().optional(),
  sha256: z.string().optional(),
  hashedBytes: z.number(),
  parallelParts: z.number().optional(),
  bottleneck: bottleneck.optional().catch(undefined),
  stalledMs: z.number().optional(),
  problem: problemSchema.optional(),
}) satisfies z.ZodType<UploadSnapshot>;

const kinds = z.enum([
  'authentication',
  'permission',
  'not-found',
  'conflict',
  'quota',
  'invalid-input',
  'throttled',
  'unavailable',
  'job-failed',
  'unsupported',
  'integrity',
  'file-changed',
  'local-file',
  'busy',
  'refused',
  'protocol',
  'cancelled',
]);

const errorSchema = z
  .object({
    kind: kinds,
    operation: z.string(),
    cloud: z.string().optional(),
    object: z.string().optional(),
    reason: z.string().optional(),
    code: z.string().optional(),
    serviceMessage: z.string().optional(),
    httpStatus: z.number().optional(),
    requestId: z.string().optional(),
    hint: z.string().optional(),
    retryable: z.boolean().optional(),
    retryAfterMs: z.number().optional(),
  })
  .transform(({ kind, ...details }) => new ImageBridgeError(kind, details));

const common = { at: z.number(), snapshot: snapshotSchema };
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), ...common }),
  z.object({ type: z.literal('progress'), ...common }),
  z.object({
    type: z.literal('retry'),
    ...common,
    partNumber: z.number().optional(),
    attempt: z.number(),
    waitMs: z.number(),
    error: errorSchema,
  }),
  z.object({ type: z.literal('note'), ...common, text: z.string() }),
  z.object({ type: z.literal('stalled'), ...common, stalledMs: z.number() }),
]) satisfies z.ZodType<UploadEvent>;

const entry = z.object({ at: z.number(), kind: noteKind, text: z.string(), moment: momentSchema });

/** An answer, and the lines that follow it for a watcher. */
export const answerSchema = z.union([
  z.object({ problem: problemSchema }),
  z.object({ snapshot: snapshotSchema, timeline: z.array(entry).optional() }),
  /** One byte of `partState` for each part, in base64. */
  z.object({ parts: z.base64() }),
  z.object({ event: eventSchema }),
  /** The owner has let go of the upload. */
  z.object({ over: z.literal(true) }),
]);

/** One line from the owner, after the greeting. */
export type ControlAnswer = z.infer<typeof answerSchema>;

/** The digest that proves the knowledge of the token. */
export function proofOf(token: string, nonce: string, { command, value }: ControlRequest): string {
  const text = value === undefined ? `${nonce} ${command}` : `${nonce} ${command} ${value}`;
  return createHmac('sha256', token).update(text).digest('hex');
}

/** Compares without telling by its time where they differ. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Calls back with each whole line; ends a connection that sends too much. */
export function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    rest += text;
    for (let feed = rest.indexOf('\n'); feed !== -1; feed = rest.indexOf('\n')) {
      const line = rest.slice(0, feed);
      rest = rest.slice(feed + 1);
      take(line);
    }
    if (rest.length > longestLine) socket.destroy();
  });
}

/** What a line says; undefined when it is not understood. */
export function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
