// Units of copies: kinds and import ids.
import { UNKNOWN } from '@imagebridge/terraform-plugin';
import { describe, expect, it } from 'vitest';
import type { Connections } from '../config/connections.ts';
import { parseCopyId } from './import-id.ts';
import { kindOf } from './kind.ts';

const provider = (defaultCloud: string | null = 'home') =>
  // Only the names of clouds are asked for.
  ({ nameOf: (cloud: string | null) => cloud ?? defaultCloud ?? undefined }) satisfies Pick<
    Connections,
    'nameOf'
  >;

const declared = {
  cloud: null,
  target_cloud: null,
  to_base_image: null,
  to_stores: null,
  via: null,
};

describe('the kind of a copy', () => {
  it.each([
    ['region', {}],
    ['region', { target_cloud: 'home' }],
    ['region', { to_base_image: false }],
    ['across', { target_cloud: 'other' }],
    ['across', { via: 'stream' }],
    ['base', { to_base_image: true }],
    ['stores', { to_stores: ['fast'] }],
    [undefined, { target_cloud: UNKNOWN }],
    [undefined, { to_stores: UNKNOWN }],
  ] as const)('is %s for %o', (kind, more) => {
    expect(kindOf(provider(), { ...declared, ...more })).toBe(kind);
  });
});

describe('an import id', () => {
  const nothing = {
    cloud: null,
    region: null,
    target_cloud: null,
    target_region: null,
    target_project: null,
    to_stores: null,
    to_base_image: null,
  };
  it.each([
    ['id', { ...nothing, id: 'id' }],
    ['east/r-1/id', { ...nothing, id: 'id', cloud: 'east', region: 'r-1', target_region: 'r-1' }],
    ['east/r-1/r-2/id', { ...nothing, id: 'id', cloud: 'east', region: 'r-1', target_region: 'r-2' }],
    [
      'east/r-1/r-2@team/id',
      { ...nothing, id: 'id', cloud: 'east', region: 'r-1', target_region: 'r-2', target_project: 'team' },
    ],
    [
      'east/r-1/source/west/w-1/id',
      {
        ...nothing,
        id: 'id',
        cloud: 'east',
        region: 'r-1',
        source_image_id: 'source',
        target_cloud: 'west',
        target_region: 'w-1',
      },
    ],
    ['id:fast,slow', { ...nothing, id: 'id', source_image_id: 'id', to_stores: ['fast', 'slow'] }],
    ['id:base', { ...nothing, id: 'id', to_base_image: true }],
  ])('%s is understood', (text, expected) => {
    expect(parseCopyId(text)).toEqual(expected);
  });

  it.each(['', 'a/b', 'a//id', 'a/b/c/d/id', 'id:', 'id:a:b', '/r/id'])('%j is refused', (text) => {
    expect(() => parseCopyId(text)).toThrow('Invalid import id');
  });
});
