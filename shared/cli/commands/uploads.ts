// `imagebridge uploads`: the uploads of this machine, whichever face started them.

import {
  controlUpload,
  discardPublish,
  InvalidInputError,
  isPublished,
  type JournalSummary,
  listUploads,
  readUpload,
  stateDir,
} from '@imagebridge/core';
import { type Command, Option } from 'commander';
import { openCloud } from '../cloud.ts';
import { formatBytes, table } from '../format.ts';
import { type CommonOptions, printResult } from '../outcome.ts';
import { uploadLine } from '../progress.ts';
import { bytes, runPublish } from './push.ts';

const engine = () => ({ stateDir: stateDir(process.env) });

/** Adds the commands. */
export function addUploads(program: Command): void {
  const uploads = program
    .command('uploads')
    .description('list, pause, resume and abort the uploads of this machine');

  uploads
    .command('list', { isDefault: true })
    .description('list the uploads of this machine')
    .option('--json', 'print JSON')
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const list = await listUploads(engine());
      printResult(options, list, list.length === 0 ? 'no uploads' : uploadTable(list));
    });

  uploads
    .command('pause')
    .description('pause an upload that another process of this machine is sending')
    .argument('<id>', 'id of the upload')
    .option('--json', 'print JSON')
    .action(async (id: string, _: unknown, command: Command) => {
      await known(id);
      const snapshot = await controlUpload(id, 'pause', engine());
      const text = snapshot ? uploadLine(snapshot, 100) : `upload ${id} is not running in any process`;
      printResult(
        command.optsWithGlobals<CommonOptions>(),
        snapshot ?? { uploadId: id, active: false },
        text,
      );
    });

  uploads
    .command('resume')
    .description('go on with an upload: tells the process that has it, or does it here')
    .argument('<id>', 'id of the upload')
    .option('--limit-rate <rate>', 'at most so many bytes per second, e.g. 60M', bytes)
    .addOption(
      new Option('--progress <how>').choices(['auto', 'line', 'log', 'json', 'none']).default('auto'),
    )
    .option('--json', 'print the result as JSON on stdout')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { progress: 'auto'; limitRate?: number }>();
      const journal = await known(id);
      const snapshot = await controlUpload(id, 'resume', engine());
      if (snapshot) return printResult(options, snapshot, uploadLine(snapshot, 100));
      await runPublish(
        { uploadId: id, limitBytesPerSecond: options.limitRate },
        { ...options, cloud: journal.target.cloud, region: journal.target.region },
      );
    });

  uploads
    .command('abort')
    .description('stop an upload, remove its parts from the cloud and forget it')
    .argument('<id>', 'id of the upload')
    .option('--json', 'print JSON')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const journal = await known(id);
      const snapshot = await controlUpload(id, 'abort', engine());
      if (!snapshot) {
        const cloud = await openCloud({ ...journal.target, config: options.config });
        try {
          await discardPublish(cloud, id, engine());
        } finally {
          await cloud.close();
        }
      }
      printResult(
        options,
        { uploadId: id, state: 'aborted' },
        `upload ${id} is aborted, its parts are removed`,
      );
    });
}

async function known(id: string): Promise<JournalSummary> {
  const journal = await readUpload(id, engine());
  if (journal) return journal;
  throw new InvalidInputError({
    operation: `find upload ${id}`,
    reason: 'this machine has no such upload',
    hint: 'imagebridge uploads list shows them.',
  });
}

/** The journal's state in the user's words: an upload that nobody works on was interrupted, not paused. */
function shownState(upload: JournalSummary): string {
  if (upload.active) return `${upload.state} (running)`;
  if (upload.state === 'uploaded') return isPublished(upload) ? 'published' : 'uploaded, not imported';
  return ['planned', 'uploading', 'verifying', 'completing'].includes(upload.state)
    ? 'interrupted'
    : upload.state;
}

function uploadTable(list: readonly JournalSummary[]): string {
  return table([
    ['ID', 'STATE', 'DONE', 'SIZE', 'CLOUD', 'FILE'],
    ...list.map((upload) => [
      upload.uploadId,
      shownState(upload),
      `${upload.partsDone}/${upload.partsTotal}`,
      formatBytes(upload.file.sizeBytes),
      `${upload.target.cloud}/${upload.target.region}`,
      upload.file.path,
    ]),
  ]);
}
