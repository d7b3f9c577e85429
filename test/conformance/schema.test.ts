// The schema that the constructs are generated from is the provider's own.
import { readFile } from 'node:fs/promises';
import { schemaJson } from '@imagebridge/terraform-plugin';
import { provider } from '@imagebridge/terraform-provider';
import { expect, it } from 'vitest';

it('provider/cdktf/schema.json is what the provider says; otherwise: npm run schema -w @imagebridge/cdktf, then generate', async () => {
  const committed: unknown = JSON.parse(
    await readFile(new URL('../../provider/cdktf/schema.json', import.meta.url), 'utf8'),
  );
  const own: unknown = JSON.parse(JSON.stringify(schemaJson(provider)));
  expect(committed).toEqual(own);
});
