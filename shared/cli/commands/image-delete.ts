// `imagebridge image delete`: removes images, after a question.
import {
  ConflictError,
  findImage,
  type Image,
  type ImageBridgeError,
  type ImageCloud,
  NotFoundError,
} from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { requireConsent } from '../consent.ts';
import { attemptEach, errorsOf } from '../many.ts';
import { type CloudCommandOptions, cloudOptions, examples, IMAGE_ARGUMENT } from '../options.ts';
import { EXIT_CODES, errorData, exitCodeOfMany, printResult } from '../outcome.ts';

interface DeleteOptions extends CloudCommandOptions {
  yes?: boolean;
  ignoreMissing?: boolean;
}

/** Adds the command below `image`. */
export function addImageDelete(image: Command): void {
  examples(
    cloudOptions(image.command('delete').description('delete images').argument('<image...>', IMAGE_ARGUMENT))
      .option('-y, --yes', 'do not ask; needed where nobody can be asked')
      .option('--ignore-missing', 'an image that is gone already is no failure'),
    'imagebridge image delete ID',
    'imagebridge image delete ID1 ID2 --yes --ignore-missing',
  )
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (texts: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<DeleteOptions>();
      await withCloud(options, (cloud, signal) => deleteImages(cloud, texts, options, signal));
    });
}

async function deleteImages(
  cloud: ImageCloud,
  texts: readonly string[],
  options: DeleteOptions,
  signal: AbortSignal,
): Promise<void> {
  const missing: string[] = [];
  const found = await attemptEach(new Set(texts), async (text) => {
    try {
      const image = await findImage(cloud, text, { signal });
      refuseProtected(image);
      return image;
    } catch (error) {
      if (!(error instanceof NotFoundError) || !options.ignoreMissing) throw error;
      missing.push(text);
      return undefined;
    }
  });
  const images = new Map(found.flatMap(({ result }) => (result ? [[result.id, result] as const] : [])));
  if (images.size > 0) {
    const names = [...images.values()].map(({ id, name }) => `${id} ${JSON.stringify(name)}`).join(', ');
    await requireConsent(`Delete ${names} from ${cloud.name}/${cloud.region}?`, options, signal);
  }
  const deleted = await attemptEach(images.values(), ({ id }) => cloud.deleteImage(id, { signal }));

  const failed = (id: string, error: ImageBridgeError) => ({
    id,
    outcome: 'failed',
    error: errorData(error),
  });
  const outcomes = [
    ...missing.map((id) => ({ id, outcome: 'missing' })),
    ...found.flatMap(({ item, error }) => (error ? [failed(item, error)] : [])),
    ...deleted.map(({ item: { id, name }, error }) =>
      error ? { ...failed(id, error), name } : { id, name, outcome: 'deleted' },
    ),
  ];
  printResult(
    options,
    outcomes,
    outcomes
      .flatMap(({ id, outcome }) => (outcome === 'failed' ? [] : [`image ${id} is ${outcome}`]))
      .join('\n'),
  );
  process.exitCode = exitCodeOfMany(outcomes.length, [...errorsOf(found), ...errorsOf(deleted)]);
}

function refuseProtected(image: Image): void {
  if (!image.protected) return;
  throw new ConflictError({
    operation: `delete image ${image.id}`,
    object: image.id,
    reason: 'it is protected',
    hint: `Take the protection away first: imagebridge image unprotect ${image.id}.`,
  });
}
