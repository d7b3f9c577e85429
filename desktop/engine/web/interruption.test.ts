import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { awaitInterruption } from './interruption.ts';

it('one Ctrl-C ends in good order, a second one at once; what npm repeats is no second one', async () => {
  const source = new EventEmitter();
  let time = 0;
  let hurried = 0;
  const stop = awaitInterruption(
    source,
    () => {
      hurried++;
    },
    () => time,
  );
  source.emit('SIGINT');
  await stop.wanted;
  time = 100;
  source.emit('SIGINT');
  expect(hurried).toBe(0);
  time = 2000;
  source.emit('SIGTERM');
  expect(hurried).toBe(1);
  stop.release();
  expect(source.listenerCount('SIGINT')).toBe(0);
});
