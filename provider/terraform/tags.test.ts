// Tags with and without the provider's default tags.
import { UNKNOWN } from '@imagebridge/terraform-plugin';
import { describe, expect, it } from 'vitest';
import { Connections } from './config/connections.ts';
import { providerConfig } from './config/testing.ts';
import { planTagsAll, readTags, settledTags, tagChanges } from './tags.ts';

const provider = new Connections(providerConfig({ default_tags: { env: 'prod', team: 'web' } }), {});
const undecided = new Connections(providerConfig({ default_tags: { env: UNKNOWN } }), {});

describe('tags', () => {
  it('are planned together with the default tags, which they win over', () => {
    expect(planTagsAll(provider, null)).toEqual({ env: 'prod', team: 'web' });
    expect(planTagsAll(provider, { team: 'db', x: UNKNOWN })).toEqual({
      env: 'prod',
      team: 'db',
      x: UNKNOWN,
    });
    expect(planTagsAll(provider, UNKNOWN)).toBe(UNKNOWN);
    expect(planTagsAll(undecided, { team: 'db' })).toBe(UNKNOWN);
    expect(() => undecided.defaultTags).toThrow('not known yet');
  });

  it.each([
    ['only defaults', null, { env: 'prod', team: 'web' }, null],
    ['one of the own tags has the value of a default', { env: 'prod' }, { env: 'prod' }, { env: 'prod' }],
    ['an import with a tag of its own', null, { env: 'prod', x: '1' }, { x: '1' }],
    ['a default that was changed in the cloud', null, { env: 'test' }, { env: 'test' }],
    ['a tag that was removed in the cloud', { x: '1' }, { env: 'prod' }, {}],
  ])('are read back: %s', (_, recorded, remote, tags) => {
    const read = readTags(provider, recorded, {
      ...remote,
      'imagebridge-marker': 'm',
      imagebridge_channel_a: '1',
    });
    expect(read).toEqual({ tags, tags_all: remote });
  });

  it('are settled once the plan has left none of them open', () => {
    expect(settledTags({ a: '1' })).toEqual({ a: '1' });
    expect(settledTags(null)).toBeNull();
    expect(settledTags(UNKNOWN)).toBeUndefined();
    expect(settledTags({ a: '1', b: UNKNOWN })).toBeUndefined();
  });

  it('are changed one by one', () => {
    expect(tagChanges({ a: '1', b: '2' }, { b: '3', c: '4' })).toEqual({ a: null, b: '3', c: '4' });
    expect(tagChanges({ a: '1' }, { a: '1' })).toBeUndefined();
    expect(tagChanges({ a: '1' }, null)).toEqual({ a: null });
  });
});
