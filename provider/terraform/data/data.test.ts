// The pure parts of the data sources: choosing one image, matching, sorting.
import type { Image, ImageCloud } from '@imagebridge/core';
import { describe, expect, it } from 'vitest';
import { choose } from './image.ts';
import { sorted } from './images.ts';
import { matcher, type Search } from './search.ts';

const image: Image = {
  id: 'i-1',
  name: 'base',
  status: 'active',
  rawStatus: 'active',
  tags: { team: 'web', bare: '' },
  properties: { imagebridge_sha256: 'a'.repeat(64), arch: 'arm' },
  createdAt: new Date('2026-01-02T03:04:05Z'),
};

describe('choose', () => {
  const older = { ...image, id: 'i-0', createdAt: new Date('2025-01-01T00:00:00Z') };
  const search = { name: 'base', scope: null, with_tags: { team: 'web' }, most_recent: null, region: 'r' };

  it('takes the only one, or the newest where that is wanted', () => {
    expect(choose([image], search, 'x').id).toBe('i-1');
    expect(choose([older, image], { ...search, most_recent: true }, 'x').id).toBe('i-1');
  });

  it('lists the candidates otherwise', () => {
    const detail = (text: RegExp) =>
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ detail: expect.stringMatching(text) })],
      });
    expect(() => choose([older, image], search, 'x')).toThrow(
      detail(/name "base", with_tags {"team":"web"}\. Candidates[\s\S]*i-1 .*\n {2}i-0 [\s\S]*most_recent/),
    );
    expect(() => choose([], search, 'x')).toThrow(detail(/Looked for name "base"/));
    const many = Array.from({ length: 13 }, (_, n) => ({ ...image, id: `n-${n}` }));
    expect(() => choose(many, search, 'x')).toThrow(detail(/and 3 more/));
  });
});

describe('matcher', () => {
  const any: Search = {
    name: null,
    status: null,
    visibility: null,
    owner_id: null,
    os_type: null,
    os_distribution: null,
    os_version: null,
    architecture: null,
    disk_format: null,
    sha256: null,
    name_prefix: null,
    name_regex: null,
    scope: null,
    with_tags: null,
    with_properties: null,
    channel: null,
    hidden: null,
    retired: null,
  };
  // Only these two are asked for.
  const cloud = { region: 'r', projectId: async () => 'p' } as unknown as ImageCloud;
  const matches = async (search: Partial<Search>, one: Image = image) =>
    (await matcher(cloud, { ...any, ...search }, new AbortController().signal))(one);

  it.each<[Partial<Search>, boolean]>([
    [{}, true],
    [{ name: 'base', name_prefix: 'ba', name_regex: '^.a', status: 'active' }, true],
    [{ name_regex: '^ase' }, false],
    [{ status: 'failed' }, false],
    [{ with_tags: { team: 'web', bare: '' } }, true],
    [{ with_tags: { team: 'web', other: '' } }, false],
    [{ with_properties: { arch: 'arm' } }, true],
    [{ with_properties: { toString: 'x' } }, false],
    [{ architecture: 'arm' }, false],
    [{ sha256: 'a'.repeat(64) }, true],
    [{ sha256: 'b'.repeat(64) }, false],
    [{ channel: 'stable' }, false],
    [{ retired: false }, true],
    [{ retired: true }, false],
  ])('%j: %s', async (search, expected) => expect(await matches(search)).toBe(expected));

  it('knows a content by the marker where the cloud keeps no properties', async () => {
    const { markerOf } = await import('@imagebridge/core');
    const content = 'c'.repeat(64);
    const marker = markerOf({ region: 'r', projectId: 'p', name: 'base', content });
    const marked = { ...image, properties: {}, tags: { 'imagebridge-marker': marker } };
    expect(await matches({ sha256: content }, marked)).toBe(true);
    expect(await matches({ sha256: 'b'.repeat(64) }, marked)).toBe(false);
    expect(await matches({ sha256: content }, { ...marked, name: 'other' })).toBe(false);
  });

  it('knows who is in a channel, and who is retired', async () => {
    const former = {
      ...image,
      properties: { imagebridge_channel_stable: 'former', imagebridge_deprecated: '2026-02-01T00:00:00Z' },
    };
    expect(await matches({ channel: 'stable', retired: true }, former)).toBe(true);
    expect(await matches({ channel: 'beta' }, former)).toBe(false);
    await expect(matches({ channel: 'no name' })).rejects.toThrow(/no name/);
  });
});

describe('sorted', () => {
  const of = (...names: string[]) => names.map((name, n) => ({ ...image, id: `i-${n}`, name, sizeBytes: n }));
  it('orders by each field, both ways, and equal ones by their ids', () => {
    const names = (sort: string) =>
      sorted(of('b', 'a', 'c'), sort)
        .map(({ name }) => name)
        .join('');
    expect(names('name:asc')).toBe('abc');
    expect(names('name:desc')).toBe('cba');
    expect(names('size_bytes:desc')).toBe('cab');
    expect(names('created_at:desc')).toBe('bac');
  });
});
