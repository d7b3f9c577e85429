// `imagebridge image download`: an image becomes a local file.
import path from 'node:path';
import { type DownloadProgress, downloadToFile, findImage, type ImageCloud } from '@imagebridge/core';
import type { Command } from 'commander';
import { openCloud } from '../cloud.ts';
import { formatBytes, formatDuration } from '../format.ts';
import {
  type CloudCommandOptions,
  cloudOptions,
  examples,
  IMAGE_ARGUMENT,
  type ProgressOptions,
  progressOptions,
} from '../options.ts';
import { EXIT_CODES, printResult } from '../outcome.ts';
import {
  barLine,
  bytesDetail,
  ETA_ROOM,
  lineSink,
  modeOf,
  type ProgressSink,
  rateDetail,
} from '../progress.ts';
import { RateMeter } from '../rate.ts';
import { interruptible } from '../signals.ts';

interface DownloadOptions extends CloudCommandOptions, ProgressOptions {}

/** Adds the command below `image`. */
export function addImageDownload(image: Command): void {
  examples(
    progressOptions(
      cloudOptions(
        image
          .command('download')
          .description('download an image to a file, and verify it')
          .argument('<image>', IMAGE_ARGUMENT)
          .argument('<file>', 'where to; it must not exist yet'),
      ),
    ),
    'imagebridge image download channel:debian-12-stable ./debian-12.qcow2 --cloud prod',
  )
    .addHelpText(
      'after',
      `
Until it is whole and verified it is FILE.part. Ctrl-C pauses; the same command goes on where it stopped.
${EXIT_CODES}`,
    )
    .action(async (text: string, file: string, _: unknown, command: Command) => {
      await download(text, file, command.optsWithGlobals<DownloadOptions>());
    });
}

async function download(text: string, file: string, options: DownloadOptions): Promise<void> {
  const view = downloadView(path.basename(file), options);
  const say = (line: string) => {
    view.end();
    process.stderr.write(`${line}\n`);
  };
  let cloud: ImageCloud | undefined;
  try {
    await interruptible(
      async (signal) => {
        cloud = await openCloud(options);
        const { id } = await findImage(cloud, text, { signal });
        const got = await downloadToFile(cloud, {
          imageId: id,
          path: file,
          signal,
          onProgress: view.onProgress,
          onNote: view.onNote,
        });
        view.end();
        const how = got.verified
          ? `${got.verified.algorithm} verified`
          : 'the service tells no checksum, so only the size is verified';
        printResult(
          options,
          { imageId: id, cloud: cloud.name, region: cloud.region, ...got },
          `${got.path} has image ${id} (${formatBytes(got.sizeBytes)}, ${how}; SHA-256 ${got.sha256})`,
        );
      },
      () => say('pausing … (Ctrl-C again stops at once)'),
      () => say(`paused; what came so far is in ${file}.part. To go on, run the same command again`),
    );
  } finally {
    view.end();
    await cloud?.close();
  }
}

interface DownloadView {
  onProgress(progress: DownloadProgress): void;
  onNote(text: string): void;
  end(): void;
}

/** Shows a download. */
export function downloadView(
  name: string,
  options: ProgressOptions,
  sink: ProgressSink = process.stderr,
  now: () => number = Date.now,
): DownloadView {
  const mode = modeOf(options, sink);
  const lines = lineSink(sink, now);
  let meter: RateMeter | undefined;
  let nextMs = 0;
  const lineOf = ({ gotBytes, sizeBytes, state }: DownloadProgress, columns: number) => {
    if (state === 'downloading') meter ??= new RateMeter(gotBytes, now());
    const rate = state === 'downloading' ? meter?.add(gotBytes, now()) : undefined;
    const eta =
      rate === undefined || rate <= 0
        ? 'ETA …'
        : `ETA ${formatDuration(((sizeBytes - gotBytes) / rate) * 1000)}`;
    const details = [
      bytesDetail(gotBytes, sizeBytes),
      ...(state === 'checking' ? [] : [rateDetail(rate ?? 0)]),
      { text: state === 'checking' ? 'checking what is there' : eta, room: ETA_ROOM, rank: 0 },
    ];
    return barLine(name, sizeBytes === 0 ? 1 : gotBytes / sizeBytes, details, columns);
  };
  const note = (text: string) => {
    if (mode === 'json') sink.write(`${JSON.stringify({ type: 'note', text })}\n`);
    else if (mode !== 'none') lines.note(text);
  };
  return {
    onProgress(progress) {
      if (mode === 'none') return;
      if (progress.retry) {
        const { error, waitMs } = progress.retry;
        note(`trying again in ${formatDuration(waitMs)}: ${error.message}`);
        return;
      }
      if (mode === 'line') return lines.draw([lineOf(progress, sink.columns ?? 80)]);
      const last = progress.state === 'downloading' && progress.gotBytes === progress.sizeBytes;
      if (now() < nextMs && !last) return;
      const intervalMs = mode === 'json' ? 1000 : options.progressInterval * 1000;
      nextMs = now() + intervalMs;
      if (mode === 'json') sink.write(`${JSON.stringify({ type: 'download', ...progress })}\n`);
      else sink.write(`${lineOf(progress, 120)}\n`);
    },
    onNote: note,
    end: lines.clear,
  };
}
