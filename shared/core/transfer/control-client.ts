// The asker's end of the control channel: sends a command to the process that owns an upload, or watches it.
import { connect } from 'node:net';
import { ProtocolError, UnavailableError } from '../model/index.ts';
import {
  answerSchema,
  type ControlAnswer,
  type ControlRequest,
  helloSchema,
  onLines,
  parsed,
  proofOf,
} from './control-protocol.ts';
import { systemCode } from './source-file.ts';

const handshakeMs = 5_000;
const answerMs = 120_000;

/** A conversation: what is told line by line, and its end. */
export interface Conversation {
  /**
   * Settles when it is over. Resolves with true when the owner ended it, with false when nobody is there.
   * @throws UnavailableError when the owner refuses, fails, dies or does not answer; ProtocolError
   */
  ended: Promise<boolean>;
  /** Leaves. */
  leave(): void;
}

/**
 * Asks the owner of an upload.
 * @param onAnswer gets each line; one for all commands but `watch`
 */
export function converse(
  address: string,
  token: string,
  request: ControlRequest,
  onAnswer: (answer: ControlAnswer) => void,
): Conversation {
  const operation = operationOf(request);
  const socket = connect({ path: address });
  const ended = new Promise<boolean>((resolve, reject) => {
    const fail = (reason: string) => {
      socket.destroy();
      reject(new UnavailableError({ operation, reason, retryable: true }));
    };
    let greeted = false;
    let answered = false;
    socket.setTimeout(handshakeMs, () => fail('the process that owns it does not answer'));
    socket.on('error', (error) => {
      const nobody = ['ECONNREFUSED', 'ENOENT'].includes(systemCode(error) ?? '');
      if (nobody) resolve(false);
      else fail(`the connection to the process that owns it failed (${systemCode(error) ?? 'unknown'})`);
    });
    socket.on('close', () => fail('the process that owns it closed the connection'));
    onLines(socket, (line) => {
      if (!greeted) {
        greeted = true;
        const hello = parsed(helloSchema, line);
        if (hello === undefined) return fail('the process that owns it speaks another language');
        const old = hello.v < 2 && !['pause', 'resume', 'abort', 'status'].includes(request.command);
        if (old) return fail('the process that owns it is of an older version, which cannot do this');
        socket.setTimeout(answerMs);
        socket.write(`${JSON.stringify({ ...request, proof: proofOf(token, hello.nonce, request) })}\n`);
        return;
      }
      const answer = parsed(answerSchema, line);
      if (answer === undefined) {
        // A newer owner may have more to tell than this version knows.
        if (request.command === 'watch' && answered) return;
        const reason = 'the answer of the process that owns it is not understood';
        reject(new ProtocolError({ operation, reason }));
        socket.destroy();
      } else if ('problem' in answer) {
        const reason = `the process that owns it says: ${answer.problem.message}`;
        reject(new UnavailableError({ operation, reason, code: answer.problem.kind }));
        socket.destroy();
      } else {
        answered = true;
        socket.setTimeout(0);
        const over = 'over' in answer || request.command !== 'watch';
        if (!('over' in answer)) onAnswer(answer);
        if (over) resolve(true);
        if (over) socket.destroy();
      }
    });
  });
  return { ended, leave: () => socket.destroy() };
}

function operationOf({ command }: ControlRequest): string {
  if (command === 'status' || command === 'parts') return 'ask for the status of the upload';
  if (command === 'set-limit') return 'limit the rate of the upload';
  if (command === 'set-priority') return 'change the priority of the upload';
  return `${command} the upload`;
}

/**
 * Sends a command to the process that owns an upload.
 * @returns its answer; undefined when nobody is there
 * @throws UnavailableError when the owner refuses, fails or does not answer; ProtocolError when it is not understood
 */
export async function sendCommand(
  address: string,
  token: string,
  request: ControlRequest,
): Promise<ControlAnswer | undefined> {
  let answer: ControlAnswer | undefined;
  await converse(address, token, request, (given) => {
    answer = given;
  }).ended;
  return answer;
}
