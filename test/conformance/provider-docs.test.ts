// The provider's documents are those of its schema, and leave nothing undescribed.
import { schemaJson } from '@imagebridge/terraform-plugin';
import { provider } from '@imagebridge/terraform-provider';
import { expect, it } from 'vitest';
import { renderProviderDocs } from '../docs/provider.ts';
import { readDocuments, readGuides, readSources } from '../docs/provider-files.ts';
import { undescribed } from '../docs/provider-schema.ts';

const schema = schemaJson(provider);

it('every attribute, block, function and parameter has a description', () => {
  expect(undescribed(schema)).toEqual([]);
});

it('provider/terraform/docs is what the schema, the examples and the guides say; otherwise: npm run docs', () => {
  const wanted = renderProviderDocs(schema, readSources());
  const found = readDocuments();
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, text] of wanted) expect(found.get(name), name).toBe(text);
});

it('pages and guides speak only of things that there are', () => {
  const { resource_schemas, data_source_schemas, ephemeral_resource_schemas } = schema;
  const known = Object.keys({ ...resource_schemas, ...data_source_schemas, ...ephemeral_resource_schemas });
  for (const [name, text] of [...readDocuments(), ...readGuides()])
    for (const [, one = ''] of text.matchAll(/\b(imagebridge_[a-z][a-z_]*)\b/g))
      expect(known, name).toContain(one);
});
