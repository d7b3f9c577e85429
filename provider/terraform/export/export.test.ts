// Units of exports: import ids.
import { expect, it } from 'vitest';
import { parseExportId } from './import-id.ts';

const nothing = { cloud: null, region: null, object: null, file: null, disk_format: null };

it.each([
  [
    'image:bucket/key.qcow2',
    {
      ...nothing,
      id: 'bucket/key.qcow2',
      image_id: 'image',
      object: { bucket: 'bucket', key: 'key.qcow2' },
      disk_format: 'qcow2',
    },
  ],
  [
    'east/r-1/image:bucket/deep/er/key',
    {
      ...nothing,
      cloud: 'east',
      region: 'r-1',
      id: 'bucket/deep/er/key',
      image_id: 'image',
      object: { bucket: 'bucket', key: 'deep/er/key' },
    },
  ],
  ['image:file:/a/b.qcow2', { ...nothing, id: '/a/b.qcow2', image_id: 'image', file: '/a/b.qcow2' }],
])('the import id %s is understood', (text, expected) => {
  expect(parseExportId(text)).toEqual(expected);
});

it.each(['', 'image', 'image:', 'image:bucket', 'image:file:', 'east/image:b/k', '/r/i:b/k'])(
  'the import id %j is refused',
  (text) => {
    expect(() => parseExportId(text)).toThrow('Invalid import id');
  },
);
