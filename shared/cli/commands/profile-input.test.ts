// Asking for secrets: on a terminal nothing is shown, elsewhere lines are counted.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { PausedByUser, UsageError } from '../outcome.ts';
import { confirm, readSecrets } from './profile-input.ts';

function fakeTerminal(isTTY: boolean) {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => raw.push(on) });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, output, raw, shown: () => shown };
}

const revealed = (secrets: Awaited<ReturnType<typeof readSecrets>>) =>
  [...secrets].map(([field, secret]) => [field, secret.reveal()]);

it('asks on a terminal, one after the other, and shows nothing', async () => {
  const terminal = fakeTerminal(true);
  const reading = readSecrets(['password', 'token'], terminal);
  terminal.input.write('wrong\u0015hunter');
  terminal.input.write('3\u007f2\r');
  await new Promise((resolve) => setTimeout(resolve, 20));
  terminal.input.write('\u001b[200~tök en\u001b[201~\n');
  expect(revealed(await reading)).toEqual([
    ['password', 'hunter2'],
    ['token', 'tök en'],
  ]);
  expect(terminal.shown()).toBe('password: \ntoken: \n');
  expect(terminal.raw).toEqual([true, false, true, false]);
});

it('ends at Ctrl-C, with the terminal as it was', async () => {
  const terminal = fakeTerminal(true);
  const reading = readSecrets(['password'], terminal);
  terminal.input.write('abc\u0003');
  await expect(reading).rejects.toBeInstanceOf(PausedByUser);
  expect(terminal.raw).toEqual([true, false]);
});

it('reads a line per secret elsewhere, and keeps blanks', async () => {
  const terminal = fakeTerminal(false);
  terminal.input.end('one\r\n two \n');
  expect(revealed(await readSecrets(['a', 'b'], terminal))).toEqual([
    ['a', 'one'],
    ['b', ' two '],
  ]);
  expect(terminal.shown()).toBe('');
});

it.each([
  ['one', ['a', 'b'], 'one line per --set-secret (a, b), not 1'],
  ['one\ntwo\n', ['a'], 'one line per --set-secret (a), not 2'],
  ['\n', ['a'], 'The secret a is empty'],
  ['x', ['a', 'a'], '--set-secret a is given twice'],
])('refuses %j for %j', async (text, fields, message) => {
  const terminal = fakeTerminal(false);
  terminal.input.end(text);
  const reading = readSecrets(fields, terminal);
  await expect(reading).rejects.toBeInstanceOf(UsageError);
  await expect(reading).rejects.toThrow(message);
});

it.each([
  ['y\n', true],
  ['YES\n', true],
  ['\n', false],
  ['yo\n', false],
])('takes %j for %s', async (answer, expected) => {
  const terminal = fakeTerminal(true);
  terminal.input.write(answer);
  expect(await confirm('Sure?', terminal)).toBe(expected);
  expect(terminal.shown()).toBe('Sure? [y/N] ');
});

it('takes the end of input for no', async () => {
  const terminal = fakeTerminal(true);
  terminal.input.end();
  expect(await confirm('Sure?', terminal)).toBe(false);
});
