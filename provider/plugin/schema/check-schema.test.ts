// Schemas that Terraform would refuse.
import { describe, expect, it } from 'vitest';
import { a } from './attribute.ts';
import { type SchemaKind, schemaProblems } from './check-schema.ts';
import { b, type Schema, schema } from './schema.ts';
import { t } from './type.ts';

const text = a.string({ optional: true });
const secret = a.string({ optional: true, writeOnly: true });
const any = a.value(t.dynamic, { optional: true });

describe('a schema', () => {
  it.each<[string, SchemaKind, Schema]>([
    [
      'values of every kind',
      'resource',
      schema({
        attributes: { id: text, secret, any, list: a.nestedList({ optional: true, attributes: { secret } }) },
        blocks: { disk: b.list({ attributes: { any, secret } }), port: b.set({ attributes: { text } }) },
      }),
    ],
    ["words of another kind's own", 'provider', schema({ attributes: { count: text, provider: text } })],
  ])('may have %s', (_what, kind, good) => {
    expect(schemaProblems(good, kind)).toEqual([]);
  });

  it.each<[string, SchemaKind, Schema, string]>([
    ["a word of Terraform's own", 'resource', schema({ attributes: { count: text } }), '"count" is a word'],
    ['alias in a provider', 'provider', schema({ blocks: { alias: b.single({}) } }), '"alias" is a word'],
    ['a name with capitals', 'resource', schema({ attributes: { diskSize: text } }), '"diskSize" is no name'],
    [
      'a name with capitals inside',
      'data source',
      schema({ blocks: { disk: b.list({ attributes: { Size: text } }) } }),
      '"disk.Size" is no name',
    ],
    [
      'an attribute and a block of one name',
      'resource',
      schema({ attributes: { disk: text }, blocks: { disk: b.list({}) } }),
      '"disk" is both an attribute and a block',
    ],
    [
      'a write-only value in a data source',
      'data source',
      schema({ attributes: { secret } }),
      '"secret" cannot',
    ],
    [
      'a write-only value deep in a set',
      'resource',
      schema({ blocks: { port: b.set({ blocks: { key: b.single({ attributes: { secret } }) } }) } }),
      '"port.key.secret" cannot be write-only',
    ],
    [
      'values of any type in a set',
      'resource',
      schema({ attributes: { bag: a.nestedSet({ optional: true, attributes: { any } }) } }),
      '"bag" is a set, which cannot hold values of any type',
    ],
  ])('may not have %s', (_what, kind, bad, problem) => {
    expect(schemaProblems(bad, kind)).toEqual([expect.stringContaining(problem)]);
  });
});
