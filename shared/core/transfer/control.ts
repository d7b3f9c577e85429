// The owner's end of the control channel: answers commands, and tells watchers what happens.
import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import {
  type ControlCommand,
  type ControlRequest,
  controlVersion,
  onLines,
  parsed,
  proofOf,
  requestSchema,
  sameText,
} from './control-protocol.ts';
import type { TimelineEntry, UploadEvent, UploadSnapshot } from './types.ts';

/** Time for the asker to say what it wants, in ms. */
const handshakeMs = 5_000;
/** A watcher that has more than this unread, in bytes, gets no progress; with more than the second it is cut off. */
const unread = { calm: 64 * 1024, most: 4 * 1024 * 1024 } as const;

/** What the channel asks of the upload. */
export interface Controlled {
  /** Does what is asked; its error is told to the asker. */
  obey(command: ControlCommand): Promise<void>;
  snapshot(): UploadSnapshot;
  timeline(): readonly TimelineEntry[];
  partStates(): Uint8Array;
  subscribe(onEvent: (event: UploadEvent) => void): () => void;
}

/**
 * Answers on a held lock. One command per connection.
 * @returns tells all watchers that it is over
 */
export function serveControl(server: Server, token: string, upload: Controlled): () => void {
  const watchers = new Set<() => void>();
  server.on('connection', (socket) => {
    const nonce = randomBytes(16).toString('hex');
    socket.setTimeout(handshakeMs, () => socket.destroy());
    socket.write(lineOf({ v: controlVersion, nonce }));
    let asked = false;
    onLines(socket, (line) => {
      if (asked) return;
      asked = true;
      const request = parsed(requestSchema, line);
      if (request === undefined || !sameText(request.proof, proofOf(token, nonce, request))) {
        const message = 'The command was not understood or not allowed.';
        answer(socket, { problem: { kind: 'permission', message } });
        return;
      }
      socket.setTimeout(0);
      if (request.command === 'watch') watch(socket, upload, watchers);
      else
        obeyed(upload, request).then(
          (value) => answer(socket, value),
          (error: unknown) => answer(socket, { problem: problemOf(error) }),
        );
    });
  });
  return () => {
    for (const end of [...watchers]) end();
  };
}

const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`;

function answer(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.end(lineOf(value));
}

async function obeyed(upload: Controlled, request: ControlRequest): Promise<unknown> {
  const { command, value } = request;
  if (command === 'parts') return { parts: Buffer.from(upload.partStates()).toString('base64') };
  if (command === 'set-limit') await upload.obey({ command, bytesPerSecond: value ?? undefined });
  else if (command === 'set-priority') await upload.obey({ command, priority: value ?? 0 });
  else if (command !== 'watch') await upload.obey(command);
  return { snapshot: upload.snapshot() };
}

function watch(socket: Socket, upload: Controlled, watchers: Set<() => void>): void {
  socket.write(lineOf({ snapshot: upload.snapshot(), timeline: upload.timeline() }));
  const leave = upload.subscribe((event) => {
    // A watcher that does not read must not fill this process's memory: progress can be missed, the rest not.
    if (socket.writableLength > unread.most) socket.destroy();
    if (event.type === 'progress' && socket.writableLength > unread.calm) return;
    if (!socket.destroyed) socket.write(lineOf({ event: wireEvent(event) }));
  });
  const end = () => {
    gone();
    answer(socket, { over: true });
  };
  const gone = () => {
    leave();
    watchers.delete(end);
  };
  watchers.add(end);
  socket.on('close', gone);
}

const wireEvent = (event: UploadEvent) =>
  event.type === 'retry' ? { ...event, error: event.error.toJSON() } : event;

function problemOf(error: unknown): { kind: string; message: string } {
  const kind = error instanceof Error && 'kind' in error ? String(error.kind) : 'protocol';
  return { kind, message: error instanceof Error ? error.message : String(error) };
}
