// `npm run docs`: writes the documents that are made from code.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderOperations, renderVerified, renderVerifiedSource } from './render.ts';

// From the bundle in test/dist.
const docs = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
writeFileSync(docs('operations.md'), renderOperations());
writeFileSync(docs('verified.md'), renderVerified());
writeFileSync(
  fileURLToPath(new URL('../../shared/core/clouds/verified.ts', import.meta.url)),
  renderVerifiedSource(),
);
process.stdout.write('docs/operations.md and docs/verified.md are written\n');
