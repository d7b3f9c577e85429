// The functions that look at local files: inspect_file and file_sha256. They run without the provider's configuration: the
// environment says where hashes are remembered.
import { ArgumentError, defineFunction, t } from '@imagebridge/terraform-plugin';
import { core, isCoreError } from '../core.ts';
import { FACTS, findingsState, inspectionState } from '../data/inspection.ts';

const PATH = {
  name: 'path',
  type: t.string,
  description: 'Path of the file, relative to the working directory.',
} as const;

const fact = t.nullable(t.string);

const INSPECTION = t.object({
  format: t.string,
  variant: fact,
  compression: fact,
  file_size_bytes: t.number,
  virtual_size_bytes: t.number,
  boot: t.string,
  architecture: fact,
  os_type: fact,
  os_hint: fact,
  volume_label: fact,
  partition_table: fact,
  file_system: fact,
  encrypted: t.bool,
  features: t.list(t.string),
  findings: t.list(t.object({ severity: t.string, code: t.string, message: t.string, remedy: t.string })),
});

export const inspectFileFunction = defineFunction({
  summary: 'What a local image file is, found by its content.',
  description: `Gives an object:\n\n${[
    ...Object.entries(FACTS),
    [
      'findings',
      'What should be known before the file is sent: objects of `severity`, `code`, `message`, `remedy`.',
    ],
  ]
    .map(([name, text]) => `- \`${name}\`: ${text}`)
    .join('\n')}`,
  parameters: [PATH],
  returns: INSPECTION,
  async call({ args: [path], signal }) {
    const { inspectFile } = await core();
    const found = await blamed(() => inspectFile(path, { signal }));
    return { ...inspectionState(found), findings: findingsState(found.findings) };
  },
});

export const fileSha256Function = defineFunction({
  summary: 'The SHA-256 of a local file in hex.',
  description:
    'Unlike `filesha256` it takes files of any size: the file is read as a stream, and the hash is remembered by path, size ' +
    'and time of change in the state folder that the environment names (`IMAGEBRIDGE_STATE_DIR`).',
  parameters: [PATH],
  returns: t.string,
  async call({ args: [path], signal }) {
    const { fileSha256, stateDir } = await core();
    return blamed(() => fileSha256(path, { stateDir: stateDir(process.env), signal }));
  },
});

/** A failure of the core, but an interruption, is the path's fault. */
async function blamed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isCoreError(error) || error.kind === 'cancelled') throw error;
    throw new ArgumentError(0, error.message);
  }
}
