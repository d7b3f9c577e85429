// `imagebridge uploads`: the uploads of this machine, whichever face started them.
import {
  attachUpload,
  claimImage,
  cloudOfUpload,
  controlUpload,
  discardPlainUpload,
  discardPublish,
  InvalidInputError,
  isOver,
  isPlainUpload,
  isPublished,
  type JournalSummary,
  listUploads,
  openBucket,
  publishToBucket,
  readUpload,
  resumePublish,
  stateDir,
  type UploadEvent,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { openCloud, withCloud } from '../cloud.ts';
import { formatBytes } from '../format.ts';
import { printList } from '../listing.ts';
import { bytes, examples, type ProgressOptions, progressOptions } from '../options.ts';
import { type CommonOptions, EXIT, EXIT_CODES, printResult, UsageError } from '../outcome.ts';
import { modeOf, progressView, uploadLine } from '../progress.ts';
import { abortOnSignal, interruptible } from '../signals.ts';
import { addUploadsClean } from './uploads-clean.ts';

const engine = () => ({ stateDir: stateDir(process.env) });

/** Adds the commands. */
export function addUploads(program: Command): void {
  const uploads = program
    .command('uploads')
    .description('list, watch, limit, pause, resume, abort and clean up the uploads of this machine');
  const one = (name: string, description: string) =>
    uploads
      .command(name)
      .description(description)
      .argument('<id>', 'id of the upload')
      .option('--json', 'print JSON');

  examples(
    uploads
      .command('list', { isDefault: true })
      .description('list the uploads of this machine')
      .option('--unfinished', 'only those that are not over')
      .option('--json', 'print JSON'),
    'imagebridge uploads',
    'imagebridge uploads list --unfinished --json',
  ).action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions & { unfinished?: boolean }>();
    const all = await listUploads(engine());
    const shown = options.unfinished ? all.filter((upload) => !isOver(upload)) : all;
    await printList(shown, {
      json: options.json,
      headings: ['ID', 'STATE', 'DONE', 'SIZE', 'TARGET', 'FILE'],
      row: uploadRow,
      droppable: ['DONE', 'SIZE', 'TARGET'],
      none: 'no uploads',
    });
  });

  examples(
    progressOptions(
      uploads
        .command('watch')
        .description('watch an upload that another process of this machine is sending')
        .argument('[id]', 'id of the upload (default: the only one under way)')
        .option('--json', 'print how it ended as JSON'),
    ),
    'imagebridge uploads watch',
  ).action(async (id: string | undefined, _: unknown, command: Command) => {
    await watch(id ?? (await onlyActive()), command.optsWithGlobals<CommonOptions & ProgressOptions>());
  });

  examples(
    one('pause', 'pause an upload that another process of this machine is sending'),
    'imagebridge uploads pause ID',
  ).action(async (id: string, _: unknown, command: Command) => {
    await known(id);
    const snapshot = await controlUpload(id, 'pause', engine());
    const text = snapshot ? uploadLine(snapshot, 100) : `upload ${id} is not running in any process`;
    printResult(command.optsWithGlobals<CommonOptions>(), snapshot ?? { uploadId: id, active: false }, text);
  });

  examples(
    one('limit', 'change the rate of an upload that another process is sending').argument(
      '<rate>',
      'at most so many bytes per second, e.g. 20M; none takes the limit away',
      (text: string) => (text === 'none' ? undefined : bytes(text)),
    ),
    'imagebridge uploads limit ID 20M',
    'imagebridge uploads limit ID none',
  ).action(async (id: string, rate: number | undefined, _: unknown, command: Command) => {
    await limit(id, rate, command.optsWithGlobals<CommonOptions>());
  });

  examples(
    progressOptions(
      one('resume', 'go on with an upload: tells the process that has it, or does it here').option(
        '--limit-rate <rate>',
        'at most so many bytes per second, e.g. 60M',
        bytes,
      ),
    ),
    'imagebridge uploads resume ID --limit-rate 20M',
  )
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ResumeOptions>();
      const journal = await known(id);
      const snapshot = await controlUpload(id, 'resume', engine());
      if (snapshot) return printResult(options, snapshot, uploadLine(snapshot, 100));
      await resume(journal, options);
    });

  examples(
    one('abort', 'stop an upload, remove its parts from the cloud and forget it'),
    'imagebridge uploads abort ID',
  ).action(async (id: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>();
    const journal = await known(id);
    const snapshot = await controlUpload(id, 'abort', engine());
    if (!snapshot) await discard(journal, options);
    printResult(
      options,
      { uploadId: id, state: 'aborted' },
      `upload ${id} is aborted, its parts are removed`,
    );
  });

  addUploadsClean(uploads);
}

interface ResumeOptions extends CommonOptions, ProgressOptions {
  limitRate?: number;
}

/** Goes on with an upload in this process. */
async function resume(journal: JournalSummary, options: ResumeOptions): Promise<void> {
  const view = progressView(modeOf(options), process.stderr, {
    intervalMs: options.progressInterval * 1000,
  });
  const how = { limitBytesPerSecond: options.limitRate };
  try {
    await interruptible(
      async (signal) => {
        if (isPlainUpload(journal)) {
          const store = storeOf(journal);
          try {
            const { bucket, key } = journal.target;
            const sent = await publishToBucket(
              {
                ...how,
                path: journal.file.path,
                to: { store, bucket, key },
                signal,
                onEvent: (event) => view.onEvent({ type: 'upload', event }),
              },
              engine(),
            );
            view.end();
            return printResult(
              options,
              sent,
              `${sent.url} has ${journal.file.path} (${formatBytes(sent.sizeBytes)})`,
            );
          } finally {
            await store.close();
          }
        }
        const cloud = await openCloud({ ...cloudOfUpload(journal), config: options.config });
        try {
          const connectTo = (place: { cloud: string; region: string }) =>
            openCloud({ ...place, config: options.config });
          const request = {
            ...how,
            uploadId: journal.uploadId,
            connectTo,
            signal,
            onEvent: view.onEvent,
          };
          const published = await resumePublish(cloud, request, engine());
          await claimImage(cloud, published.image, { signal, stateDir: engine().stateDir });
          view.end();
          const { image } = published;
          const where = `${cloud.name}/${cloud.region}`;
          printResult(
            options,
            { ...published, cloud: cloud.name, region: cloud.region },
            `image ${image.id} ${JSON.stringify(image.name)} is ${image.status} in ${where} (${formatBytes(published.sizeBytes)})`,
          );
        } finally {
          await cloud.close();
        }
      },
      () => {
        view.end();
        process.stderr.write('pausing safely … (Ctrl-C again stops at once)\n');
      },
      () => {
        view.end();
        process.stderr.write('paused. To go on, run the same command again\n');
      },
    );
  } finally {
    view.end();
  }
}

async function discard(journal: JournalSummary, options: CommonOptions): Promise<void> {
  if (isPlainUpload(journal)) {
    const store = storeOf(journal);
    try {
      return await discardPlainUpload(store, journal.uploadId, engine());
    } finally {
      await store.close();
    }
  }
  await withCloud({ ...cloudOfUpload(journal), config: options.config }, (cloud) =>
    discardPublish(cloud, journal.uploadId, engine()),
  );
}

/** The bucket service of an upload that is to become no image; its keys come from the environment. */
const storeOf = ({ target }: JournalSummary) =>
  openBucket({ endpoint: target.cloud.slice('s3:'.length), region: target.region });

/** So many of the moments before are told to who comes late. */
const EARLIER_MOMENTS = 5;

/** Shows an upload of another process until it has ended there. */
async function watch(id: string, options: CommonOptions & ProgressOptions): Promise<void> {
  await known(id);
  const mode = modeOf(options);
  const view = progressView(mode, process.stderr, { intervalMs: options.progressInterval * 1000 });
  const { signal, release } = abortOnSignal();
  try {
    const upload = await attachUpload(id, engine());
    if (upload !== undefined) {
      signal.addEventListener('abort', () => upload.leave());
      if (signal.aborted) upload.leave();
      for (const { at, text } of upload.timeline().slice(-EARLIER_MOMENTS))
        view.onEvent({ type: 'note', text: `${new Date(at).toISOString().slice(11, 19)}Z ${text}` });
      const first: UploadEvent = { type: 'progress', at: Date.now(), snapshot: upload.snapshot() };
      view.onEvent({ type: 'upload', event: first });
      for await (const event of upload.events) view.onEvent({ type: 'upload', event });
    }
    view.end();
    if (signal.aborted) {
      process.stderr.write('stopped watching; the upload goes on\n');
      process.exitCode = EXIT.paused;
      return;
    }
    const journal = await known(id);
    printResult(options, journal, `upload ${id}: ${shownState(journal)}`);
    if (journal.state === 'attention') process.exitCode = EXIT.failed;
  } finally {
    view.end();
    release();
  }
}

/** Changes the limit of the rate of an upload that another process is sending. */
async function limit(id: string, rate: number | undefined, options: CommonOptions): Promise<void> {
  await known(id);
  const upload = await attachUpload(id, engine());
  if (upload === undefined) throw new UsageError(`Upload ${id} is not running in any process.`);
  try {
    await upload.setLimit(rate);
  } finally {
    upload.leave();
  }
  const what = rate === undefined ? 'has no limit' : `is limited to ${formatBytes(rate)}/s`;
  printResult(options, { uploadId: id, limitBytesPerSecond: rate ?? null }, `upload ${id} ${what}`);
}

async function onlyActive(): Promise<string> {
  const active = (await listUploads(engine())).filter((upload) => upload.active);
  const [only, ...others] = active;
  if (only === undefined) throw new UsageError('No upload is under way on this machine.');
  if (others.length === 0) return only.uploadId;
  throw new UsageError(
    `${active.length} uploads are under way: name one of ${active.map((one) => one.uploadId).join(', ')}.`,
  );
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
  if (upload.state === 'uploaded')
    return isPublished(upload) ? 'published' : isPlainUpload(upload) ? 'uploaded' : 'uploaded, not imported';
  return ['planned', 'uploading', 'verifying', 'completing', 'importing'].includes(upload.state)
    ? 'interrupted'
    : upload.state;
}

function uploadRow(upload: JournalSummary): string[] {
  const { target } = upload;
  return [
    upload.uploadId,
    shownState(upload),
    upload.partsTotal > 0 ? `${upload.partsDone}/${upload.partsTotal}` : '',
    formatBytes(upload.file.sizeBytes),
    isPlainUpload(upload) ? `s3://${target.bucket}/${target.key}` : `${target.cloud}/${target.region}`,
    upload.file.path,
  ];
}
