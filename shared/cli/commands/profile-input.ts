// Asks for secrets and answers: on a terminal without echo, else from standard input. Secrets never come as arguments.
import { Secret } from '@imagebridge/core';
import { PausedByUser, UsageError } from '../outcome.ts';

/** Where is asked and answered. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean | undefined; setRawMode?: (raw: boolean) => unknown };
  output: NodeJS.WritableStream;
}

/** The terminal of this process. Questions go to stderr: stdout is for results. */
export const terminal: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Reads secrets: asked for one after the other on a terminal, else one line each from standard input.
 * @throws UsageError when standard input has another number of lines, or a line is empty
 */
export async function readSecrets(
  fields: readonly string[],
  { input, output }: Terminal = terminal,
): Promise<Map<string, Secret>> {
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) throw new UsageError(`--set-secret ${twice} is given twice.`);
  if (fields.length === 0) return new Map();
  const texts: string[] = [];
  if (input.isTTY) {
    for (const field of fields) texts.push(await askHidden(`${field}: `, { input, output }));
  } else {
    const lines = (await readAll(input)).replace(/\r?\n$/, '').split(/\r?\n/);
    if (lines.length !== fields.length) {
      throw new UsageError(
        `Standard input must have one line per --set-secret (${fields.join(', ')}), not ${lines.length}.`,
      );
    }
    texts.push(...lines);
  }
  const empty = fields.find((_, index) => texts[index] === '');
  if (empty !== undefined) throw new UsageError(`The secret ${empty} is empty.`);
  return new Map(fields.map((field, index) => [field, new Secret(texts[index] ?? '')]));
}

/** Asks a question that is answered with yes or no; anything but yes is no. */
export async function confirm(question: string, { input, output }: Terminal = terminal): Promise<boolean> {
  output.write(`${question} [y/N] `);
  const answer = await readLine(input);
  return /^y(es)?$/i.test(answer.trim());
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** A line that the terminal echoes and edits by itself. */
function readLine(input: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const end = () => {
      input.off('data', onData);
      input.off('end', end);
      input.pause();
      resolve(text.split('\n')[0] ?? '');
    };
    const onData = (chunk: Buffer | string) => {
      text += chunk.toString();
      if (text.includes('\n')) end();
    };
    input.on('data', onData);
    input.on('end', end);
    input.resume();
  });
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

/** A line that is not shown. */
function askHidden(question: string, { input, output }: Terminal): Promise<string> {
  output.write(question);
  input.setRawMode?.(true);
  return new Promise((resolve, reject) => {
    const chars: string[] = [];
    const end = (settle: () => void) => {
      input.off('data', onData);
      input.off('end', onEnd);
      input.setRawMode?.(false);
      input.pause();
      output.write('\n');
      settle();
    };
    const onEnd = () => end(() => resolve(chars.join('')));
    const onData = (chunk: Buffer | string) => {
      // Marks that terminals put around pasted text are no part of it.
      const text = chunk.toString().replaceAll('\u001b[200~', '').replaceAll('\u001b[201~', '');
      for (const char of text) {
        if (char === '\r' || char === '\n' || char === CTRL_D) return onEnd();
        if (char === CTRL_C) return end(() => reject(new PausedByUser()));
        if (char === '\u007f' || char === '\b') chars.pop();
        else if (char === CTRL_U) chars.length = 0;
        else if (char >= ' ') chars.push(char);
      }
    };
    input.on('data', onData);
    input.on('end', onEnd);
    input.resume();
  });
}
