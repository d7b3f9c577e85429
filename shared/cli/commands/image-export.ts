// `imagebridge image export`: the cloud writes an image into a bucket.
import { findImage, waitForJob } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { jobView, type WaitCommandOptions, waitOptions } from '../jobs.ts';
import { type CloudCommandOptions, cloudOptions, examples, IMAGE_ARGUMENT } from '../options.ts';
import { printResult } from '../outcome.ts';

interface ExportOptions extends CloudCommandOptions, WaitCommandOptions {
  bucket: string;
  key?: string;
  diskFormat?: string;
  quick?: boolean;
  wait: boolean;
}

const EXTENSION: Readonly<Record<string, string>> = { raw: 'img' };

/** Adds the command below `image`. */
export function addImageExport(image: Command): void {
  examples(
    waitOptions(
      cloudOptions(
        image
          .command('export')
          .description('let the cloud write an image into a bucket of its region')
          .argument('<image>', IMAGE_ARGUMENT),
      )
        .requiredOption('--bucket <name>', 'the bucket')
        .option('--key <key>', 'name of the object, which must not exist yet (default: from the image)')
        .option('--disk-format <format>', 'format of the file (default: qcow2; none with --quick)')
        .option('--quick', 'the fast way without conversion, the only one for large images')
        .option('--no-wait', 'do not wait until it is written'),
    ),
    'imagebridge image export ID --bucket backup --key debian-12.qcow2 --disk-format qcow2',
    'imagebridge image export name:big --bucket backup --quick',
  ).action(async (text: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<ExportOptions>();
    let jobId: string | undefined;
    await withCloud(
      options,
      async (cloud, signal) => {
        const { id, name } = await findImage(cloud, text, { signal });
        const diskFormat = options.diskFormat ?? (options.quick ? undefined : 'qcow2');
        const extension = EXTENSION[diskFormat ?? ''] ?? diskFormat ?? 'zvhd2';
        const key = options.key ?? `${name.replace(/[^A-Za-z0-9._-]+/g, '-')}.${extension}`;
        const { bucket, quick } = options;
        const request = { imageId: id, bucket, key, diskFormat, quick };
        const ref = await cloud.exportImage(request, { signal });
        jobId = ref.id;
        const data = { imageId: id, bucket, key, jobId };
        if (!options.wait)
          return printResult(options, data, `exporting image ${id} to ${bucket}/${key} (job ${ref.id})`);
        const what = `export image ${id} to ${bucket}/${key}`;
        const view = jobView(what, options);
        try {
          await waitForJob(cloud, ref, what, { ...view.wait, signal });
        } finally {
          view.end();
        }
        printResult(options, data, `image ${id} is in ${bucket}/${key}`);
      },
      () =>
        jobId === undefined
          ? 'interrupted'
          : `interrupted; the cloud goes on. To wait again: imagebridge job wait ${jobId}`,
    );
  });
}
