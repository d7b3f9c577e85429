// How far the way of an image into another cloud is, by the events of the core.
import type { PublishEvent } from '@imagebridge/core';
import { expect, it } from 'vitest';
import { publishProgress } from './run-order.ts';

type Upload = Extract<PublishEvent, { type: 'upload' }>;

const upload = (snapshot: object): PublishEvent =>
  ({ type: 'upload', event: { snapshot } as Upload['event'] }) satisfies PublishEvent;
const file = { sizeBytes: 200 };

it('tells bytes as numbers while they are sent, and takes them away in the steps after', () => {
  const sent = publishProgress(upload({ confirmedBytes: 50, file }));
  expect(sent).toEqual({ doneBytes: 50, totalBytes: 200, fraction: 0.25, text: undefined });
  const none = { doneBytes: undefined, totalBytes: undefined };
  const work = { text: 'reads the file', fraction: 0.5 };
  expect({ ...sent, ...publishProgress(upload({ confirmedBytes: 0, file, work })) }).toEqual({
    ...none,
    fraction: 0.5,
    text: 'reads the file',
  });
  const job = { id: 'j', status: 'running' as const, imageIds: [] };
  expect({ ...sent, ...publishProgress({ type: 'import', job }) }).toEqual({
    ...none,
    fraction: undefined,
    text: 'job j: running',
  });
  expect(publishProgress(upload({ confirmedBytes: 0, file: { sizeBytes: 0 } })).fraction).toBe(1);
});
