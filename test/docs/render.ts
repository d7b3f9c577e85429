// Renders docs/operations.md and docs/verified.md from the table of operations and the notes of test runs. Pure but for
// reading the notes.
import { OPERATIONS, type OperationInfo } from '@imagebridge/core';
import { readVerified, type Server } from '../conformance/suites/verified.ts';

/** Which resources and data sources of the provider use a method of the port. */
export const TERRAFORM: Readonly<Record<string, readonly string[]>> = {
  projectId: ['imagebridge_image'],
  listImages: ['imagebridge_image', 'data.imagebridge_image'],
  getImage: ['imagebridge_image'],
  createFromObject: ['imagebridge_image'],
  updateImage: ['imagebridge_image'],
  deleteImage: ['imagebridge_image', 'imagebridge_image_copy'],
  listShares: [],
  getShare: ['imagebridge_image_share', 'imagebridge_image_share_acceptance'],
  addShare: ['imagebridge_image_share'],
  removeShare: ['imagebridge_image_share'],
  answerShare: ['imagebridge_image_share_acceptance'],
  copyImage: ['imagebridge_image_copy'],
  getJob: ['imagebridge_image', 'imagebridge_image_copy', 'imagebridge_image_share'],
};

/** Which commands use a method of the port, besides `imagebridge api`. */
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  projectId: ['push', 'profile test'],
  listImages: ['image list', 'push'],
  getImage: ['image show', 'push'],
  createFromObject: ['push'],
  updateImage: ['push'],
  getJob: ['push'],
};

const NAMES: Readonly<Record<Server, string>> = {
  embedded: 'embedded cloud',
  glance: 'real Glance',
  kit: "vendor's kit",
  vectors: 'vectors',
  live: 'live cloud',
};

const code = (text: string) => `\`${text}\``;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const by = (map: Readonly<Record<string, readonly string[]>>, operation: OperationInfo) =>
  [...new Set(operation.portMethods.flatMap((method) => map[method] ?? []))].map(code).join(', ');

/** docs/operations.md. */
export function renderOperations(): string {
  const embedded = new Set(readVerified('embedded').operations);
  const rows = OPERATIONS.map((operation) => [
    String(operation.number),
    operation.family,
    code(operation.call),
    `${operation.title}${operation.insteadUse === undefined ? '' : ` (older: use ${operation.insteadUse})`}`,
    operation.portMethods.map(code).join(', '),
    embedded.has(operation.number) ? 'yes' : 'no',
    // The resources are tested with this family only.
    operation.family === 'huaweicloud' ? by(TERRAFORM, operation) : '',
    [code(`api ${operation.number}`), by(COMMANDS, operation)].filter((text) => text !== '').join(', '),
  ]);
  return `# Operations

Every operation of the three services, by its number in their documents. Each has a typed function in the client of its
family (\`shared/core/clouds/<family>\`). *Port* names the methods of \`ImageCloud\` that use it; *embedded cloud* says
whether a test saw it answered there; *Terraform* and *CLI* say what is built on it. Made by \`npm run docs\`.

${table(['#', 'family', 'call', 'what it does', 'port', 'embedded cloud', 'Terraform', 'CLI'], rows)}
`;
}

/** docs/verified.md. */
export function renderVerified(): string {
  const servers = Object.keys(NAMES) as Server[];
  const notes = new Map(servers.map((server) => [server, readVerified(server)]));
  const head = ['#', 'family', 'call', ...servers.map((server) => NAMES[server])];
  const rows = OPERATIONS.map(({ number, family, call }) => [
    String(number),
    family,
    code(call),
    ...servers.map((server) => (notes.get(server)?.operations.includes(number) ? 'yes' : '')),
  ]);
  const none = OPERATIONS.filter(({ number }) =>
    servers.every((server) => !notes.get(server)?.operations.includes(number)),
  );
  return `# What was verified against what

A *yes* is written by a test that saw the operation work there (\`IMAGEBRIDGE_RECORD_VERIFIED=1\` with \`npm test\`,
\`npm run test:peers\` or \`npm run test:live\`). The embedded cloud is our own, written from the documents apart from the
client: it shows that client and document agree, not that a cloud does as its document says. Made by \`npm run docs\`.

${servers
  .filter((server) => notes.get(server)?.what)
  .map((server) => `- **${NAMES[server]}**: ${notes.get(server)?.what}`)
  .join('\n')}

${none.length === 0 ? 'Nothing is without any verification.' : `Not verified at all: ${none.map(({ number }) => number).join(', ')}.`}
Nothing marked *live cloud* means: no operation has been tried on a real cloud of that family yet.

${table(head, rows)}
`;
}

/** shared/core/clouds/verified.ts, which the faces read. */
export function renderVerifiedSource(): string {
  const entries = (Object.keys(NAMES) as Server[]).flatMap((server) => {
    const { operations } = readVerified(server);
    return operations.length === 0 ? [] : [`  ${JSON.stringify(NAMES[server])}: [${operations.join(', ')}],`];
  });
  return `// Which operation was seen to work against which server. Made by \`npm run docs\` from docs/verified; do not edit.

/** Numbers of operations by server: the embedded cloud, a real Glance, a vendor's kit, published vectors, a live cloud. */
export const VERIFIED: Readonly<Record<string, readonly number[]>> = {
${entries.join('\n')}
};
`;
}
