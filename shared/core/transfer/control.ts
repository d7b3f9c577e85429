// The control channel: small JSON lines over the endpoint that is the upload's lock. No command carries a secret:
// the owner's token proves itself in a keyed digest of a fresh nonce, and never travels.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { ProtocolError, UnavailableError } from '../model/index.ts';
import { fileSchema, problemSchema, stateSchema, targetSchema } from './journal-records.ts';
import { systemCode } from './source-file.ts';
import type { UploadSnapshot } from './types.ts';

/** What a process can be asked to do with an upload it owns. */
export type ControlCommand = 'pause' | 'resume' | 'abort' | 'status';

const commandSchema = z.object({
  command: z.enum(['pause', 'resume', 'abort', 'status']),
  proof: z.string(),
});

const snapshotSchema = z.object({
  uploadId: z.string(),
  state: stateSchema,
  file: fileSchema,
  target: targetSchema,
  partSizeBytes: z.number(),
  partsTotal: z.number(),
  partsDone: z.number(),
  partsSkipped: z.number(),
  confirmedBytes: z.number(),
  sentBytes: z.number(),
  bytesPerSecond: z.number(),
  etaMs: z.number().optional(),
  sha256: z.string().optional(),
  hashedBytes: z.number(),
  problem: problemSchema.optional(),
});

const helloSchema = z.object({ nonce: z.string() });
const answerSchema = z.union([z.object({ snapshot: snapshotSchema }), z.object({ problem: problemSchema })]);

const longestLine = 64 * 1024;
const handshakeMs = 5_000;
const answerMs = 120_000;

const proofOf = (token: string, nonce: string, command: string) =>
  createHmac('sha256', token).update(`${nonce} ${command}`).digest('hex');

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Calls back with each whole line; ends a connection that sends too much. */
function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    rest += text;
    if (rest.length > longestLine) socket.destroy();
    for (let feed = rest.indexOf('\n'); feed !== -1; feed = rest.indexOf('\n')) {
      const line = rest.slice(0, feed);
      rest = rest.slice(feed + 1);
      take(line);
    }
  });
}

function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * Answers commands on a held lock. One command per connection.
 * @param act does what is asked and gives the snapshot after it; its error is told to the asker
 */
export function serveControl(
  server: Server,
  token: string,
  act: (command: ControlCommand) => Promise<UploadSnapshot>,
): void {
  server.on('connection', (socket) => {
    const nonce = randomBytes(16).toString('hex');
    const answer = (value: unknown) => {
      if (!socket.destroyed) socket.end(`${JSON.stringify(value)}\n`);
    };
    socket.setTimeout(handshakeMs, () => socket.destroy());
    socket.write(`${JSON.stringify({ nonce })}\n`);
    let asked = false;
    onLines(socket, (line) => {
      if (asked) return;
      asked = true;
      const command = parsed(commandSchema, line);
      if (command === undefined || !sameText(command.proof, proofOf(token, nonce, command.command))) {
        answer({
          problem: { kind: 'permission', message: 'The command was not understood or not allowed.' },
        });
        return;
      }
      socket.setTimeout(0);
      act(command.command).then(
        (snapshot) => answer({ snapshot }),
        (error: unknown) => answer({ problem: problemOf(error) }),
      );
    });
  });
}

function problemOf(error: unknown): { kind: string; message: string } {
  const kind = error instanceof Error && 'kind' in error ? String(error.kind) : 'protocol';
  return { kind, message: error instanceof Error ? error.message : String(error) };
}

/**
 * Sends a command to the process that owns an upload.
 * @returns the snapshot after it; undefined when nobody is there
 * @throws UnavailableError when the owner refuses, fails or does not answer; ProtocolError when it is not understood
 */
export function sendCommand(
  address: string,
  token: string,
  command: ControlCommand,
): Promise<UploadSnapshot | undefined> {
  const operation = `${command === 'status' ? 'ask for the status of' : command} the upload`;
  return new Promise((resolve, reject) => {
    const socket = connect({ path: address });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new UnavailableError({ operation, reason, retryable: true }));
    };
    let greeted = false;
    socket.setTimeout(handshakeMs, () => fail('the process that owns it does not answer'));
    socket.on('error', (error) => {
      const nobody = ['ECONNREFUSED', 'ENOENT'].includes(systemCode(error) ?? '');
      if (nobody) resolve(undefined);
      else fail(`the connection to the process that owns it failed (${systemCode(error) ?? 'unknown'})`);
    });
    socket.on('close', () => fail('the process that owns it closed the connection'));
    onLines(socket, (line) => {
      if (!greeted) {
        greeted = true;
        const nonce = parsed(helloSchema, line)?.nonce;
        if (nonce === undefined) return fail('the process that owns it speaks another language');
        socket.setTimeout(answerMs);
        socket.write(`${JSON.stringify({ command, proof: proofOf(token, nonce, command) })}\n`);
        return;
      }
      const answer = parsed(answerSchema, line);
      if (answer === undefined) {
        reject(
          new ProtocolError({
            operation,
            reason: 'the answer of the process that owns it is not understood',
          }),
        );
      } else if ('problem' in answer) {
        const reason = `the process that owns it says: ${answer.problem.message}`;
        reject(new UnavailableError({ operation, reason, code: answer.problem.kind }));
      } else {
        resolve(answer.snapshot);
      }
      socket.destroy();
    });
  });
}
