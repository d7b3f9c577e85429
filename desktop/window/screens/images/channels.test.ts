// Channels that the marks on an image tell.
import { expect, it } from 'vitest';
import { channelsOf } from './channels.ts';

it('reads the channels of an image, and not those that a copy inherited', () => {
  const image = { id: 'i-1', tags: { imagebridge_channel_canary: 'former', team: 'current' } };
  const properties = {
    imagebridge_channel_stable: 'current',
    imagebridge_channel_old: 'none',
    imagebridge_marked: 'i-1',
  };
  expect(channelsOf(image, properties)).toEqual([
    { channel: 'canary', state: 'former' },
    { channel: 'stable', state: 'current' },
  ]);
  expect(channelsOf({ ...image, id: 'i-2' }, properties)).toEqual([]);
  expect(channelsOf({ id: 'i-3', tags: {} })).toEqual([]);
});
