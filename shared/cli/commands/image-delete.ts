// `imagebridge image delete`: removes images, after a question.
import { ConflictError, findImage, type Image, ImageBridgeError, type ImageCloud } from '@imagebridge/core';
import type { Command } from 'commander';
import { withCloud } from '../cloud.ts';
import { requireConsent } from '../consent.ts';
import { type CloudCommandOptions, cloudOptions, examples, IMAGE_ARGUMENT } from '../options.ts';
import { EXIT_CODES, errorData, exitCodeOfMany, printError, printResult } from '../outcome.ts';

interface DeleteOptions extends CloudCommandOptions {
  yes?: boolean;
  ignoreMissing?: boolean;
}

interface Outcome {
  id: string;
  name?: string;
  outcome: 'deleted' | 'missing' | 'failed';
  error?: unknown;
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
  const outcomes: Outcome[] = [];
  const images: Image[] = [];
  for (const text of new Set(texts)) {
    try {
      const image = await findImage(cloud, text, { signal });
      refuseProtected(image);
      if (!images.some(({ id }) => id === image.id)) images.push(image);
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      if (error.kind === 'not-found' && options.ignoreMissing)
        outcomes.push({ id: text, outcome: 'missing' });
      else outcomes.push({ id: text, outcome: 'failed', error });
    }
  }
  if (images.length > 0) {
    const names = images.map((one) => `${one.id} ${JSON.stringify(one.name)}`).join(', ');
    await requireConsent(`Delete ${names} from ${cloud.name}/${cloud.region}?`, options, signal);
  }
  for (const { id, name } of images) {
    try {
      await cloud.deleteImage(id, { signal });
      outcomes.push({ id, name, outcome: 'deleted' });
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      outcomes.push({ id, name, outcome: 'failed', error });
    }
  }
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  for (const { error } of failed) printError(error, false);
  printResult(
    options,
    outcomes.map(({ error, ...rest }) => (error === undefined ? rest : { ...rest, error: errorData(error) })),
    outcomes
      .filter(({ outcome }) => outcome !== 'failed')
      .map(
        ({ id, name, outcome }) =>
          `image ${id}${name === undefined ? '' : ` ${JSON.stringify(name)}`} is ${outcome}`,
      )
      .join('\n'),
  );
  process.exitCode = exitCodeOfMany(
    outcomes.length,
    failed.map(({ error }) => error),
  );
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
