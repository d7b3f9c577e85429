// `npm run docs`: writes the documents that are made from code.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaJson } from '@imagebridge/terraform-plugin';
import { provider } from '@imagebridge/terraform-provider';
import { renderProviderDocs } from './provider.ts';
import { readSources, writeDocuments } from './provider-files.ts';
import { renderOperations, renderVerified, renderVerifiedSource } from './render.ts';

// From the bundle in test/dist.
const docs = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
writeFileSync(docs('operations.md'), renderOperations());
writeFileSync(docs('verified.md'), renderVerified());
writeFileSync(
  fileURLToPath(new URL('../../shared/core/clouds/verified.ts', import.meta.url)),
  renderVerifiedSource(),
);
writeDocuments(renderProviderDocs(schemaJson(provider), readSources()));
process.stdout.write('docs/operations.md, docs/verified.md and provider/terraform/docs are written\n');
