import { PassThrough } from 'node:stream';
import { CancelledError } from '@imagebridge/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { terminal } from './commands/profile-input.ts';
import { requireConsent } from './consent.ts';
import { UsageError } from './outcome.ts';

const real = { ...terminal };
let asked = '';
beforeEach(() => {
  asked = '';
  const output = new PassThrough();
  output.on('data', (text) => {
    asked += String(text);
  });
  terminal.output = output;
});
afterEach(() => {
  Object.assign(terminal, real);
});

/** A terminal where this is typed. */
function type(text: string): void {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.write(text);
  terminal.input = input;
}

it('goes on when the answer is yes', async () => {
  type('y\n');
  await requireConsent('Delete it?', {});
  expect(asked).toBe('Delete it? [y/N] ');
});

it.each(['n\n', '\n', 'sure\n'])('stops when the answer is %j', async (answer) => {
  type(answer);
  await expect(requireConsent('Delete it?', {})).rejects.toBeInstanceOf(CancelledError);
});

it('stops at Ctrl-C', async () => {
  type('');
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  await expect(requireConsent('Delete it?', {}, controller.signal)).rejects.toBeInstanceOf(CancelledError);
});

it('asks nobody with --yes, and demands it where nobody can be asked', async () => {
  await requireConsent('Delete it?', { yes: true });
  expect(asked).toBe('');
  terminal.input = new PassThrough();
  await expect(requireConsent('Delete it?', {})).rejects.toBeInstanceOf(UsageError);
});
