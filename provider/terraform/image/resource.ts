// imagebridge_image: an image made from a local file. Plans by content; makes, reads, changes and removes it by the core.
import type { Image, ImageChanges, ImageCloud, PublishResult } from '@imagebridge/core';
import {
  failure,
  isKnown,
  type Logger,
  type PlanModel,
  type PlannedModel,
  path,
  type StateModel,
  UNKNOWN,
} from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { parseImportId, placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { FILE_SHA256, type FilePlan, hashOf, planContent, planFile } from './content.ts';
import { publishLog } from './publish-log.ts';
import { imageSchema, isUnknownOrigin } from './schema.ts';
import { given, MARKER_TAG, stateAfter, stateNow } from './state.ts';
import { fromVersion0 } from './upgrade.ts';

type Planned = PlannedModel<typeof imageSchema>;
type State = StateModel<typeof imageSchema>;

/** How long to look at an image after an interruption, before Terraform stops waiting for the provider. */
const LAST_LOOK_MS = 5_000;

export const imageResource = defineResource({
  schema: imageSchema,

  async modifyPlan({ config, state, plan, provider, signal, diagnostics, requiresReplace }) {
    if (plan === null || config === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    if (cloud && isKnown(plan.name) && plan.name !== state?.name) await checkName(cloud, plan.name);
    const placed: PlanModel<typeof imageSchema> = { ...plan, region };
    if (!isKnown(config.source) || !isKnown(plan.source)) return placed;
    if (config.source.file === null && state === null) throw withoutSource();

    const content = await planContent(
      {
        path: config.source.file,
        given: config.source.sha256,
        recorded: state === null ? undefined : state.source.sha256,
      },
      provider,
      signal,
    );
    if (content.changed) requiresReplace(FILE_SHA256);
    const planned: PlanModel<typeof imageSchema> = {
      ...placed,
      source:
        state !== null && !content.changed && staysUnknown(state, plan)
          ? state.source
          : { file: config.source.file, sha256: content.sha256 },
    };
    if (state !== null && !content.changed) return planned;
    if (config.source.file === null) throw withoutSource();

    if (cloud) refuseWithout(cloud.capabilities.stagedUpload, 'upload a file', cloud, diagnostics);
    const file: FilePlan =
      content.present && isKnown(config.source.file)
        ? await planFile(
            config.source.file,
            {
              osVersion: config.os_version,
              diskFormat: config.disk_format,
              minDiskGiB: config.min_disk_gib,
            },
            cloud,
            signal,
          )
        : { diskFormat: UNKNOWN, minDiskGiB: UNKNOWN };
    const complete: PlanModel<typeof imageSchema> = {
      ...planned,
      disk_format: config.disk_format ?? file.diskFormat,
      min_disk_gib: config.min_disk_gib ?? file.minDiskGiB,
    };
    return complete;
  },

  async create({ plan, provider, signal, log, diagnostics, setState }) {
    const cloud = await provider.cloud(placeOf(plan));
    const { file } = plan.source;
    if (file === null) throw withoutSource();
    const progress = publishLog(log.with({ image: plan.name, file }));
    try {
      const result = await publish(cloud, plan, file, await provider.engine(), signal, progress.onEvent);
      log.info('image is ready', {
        image_id: result.image.id,
        adopted: result.adopted,
        parts: result.partsTotal,
        parts_skipped: result.partsSkipped,
        sent_bytes: result.sentBytes,
      });
      return stateAfter(plan, result.image, result.sha256, cloud.region);
    } catch (error) {
      const { imageId, sha256 } = progress.known();
      if (imageId !== undefined && isKind(error, 'cancelled')) {
        const image = await lastLook(cloud, imageId);
        if (image && image.status !== 'failed') {
          diagnostics.warning(
            'Interrupted while the image became ready',
            `Image ${imageId} exists and is recorded. The cloud goes on by itself; the next plan shows its status.`,
          );
          return stateAfter(plan, image, sha256 ?? null, cloud.region);
        }
      }
      // A failed image is recorded, so that Terraform removes it. One that may still become ready is not: it would be
      // tainted and thrown away, while the next apply finds it by its marker and goes on.
      if (imageId !== undefined && isKind(error, 'job-failed'))
        setState({ id: imageId, region: cloud.region });
      if (isKind(error, 'cancelled')) throw interrupted(file, progress.known());
      throw error;
    }
  },

  async read({ state, provider, signal, log }) {
    const cloud = await provider.cloud(placeOf(state));
    const image = await cloud.getImage(state.id, { signal });
    if (image === undefined || image.status === 'deleted') return null;
    await claim(cloud, image, signal, log);
    return stateNow(state, image, cloud.region);
  },

  async update({ state, plan, config, provider, signal }) {
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', `change image ${state.id}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const { file } = config.source;
      const sha256 = isKnown(plan.source.sha256)
        ? plan.source.sha256
        : file === null
          ? null
          : await hashOf(file, provider, until);
      refuseOtherContent(state.source.sha256, sha256);
      const changes: ImageChanges = {
        ...(plan.name === state.name ? {} : { name: plan.name }),
        ...(plan.description === state.description ? {} : { description: plan.description || null }),
        ...(plan.min_ram_mib === state.min_ram_mib ? {} : { minRamMiB: plan.min_ram_mib ?? 0 }),
      };
      const image =
        Object.keys(changes).length > 0
          ? await cloud.updateImage(state.id, changes, { signal: until })
          : await existing(cloud, state.id, until);
      return stateAfter(plan, image, sha256, cloud.region);
    });
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `delete image ${state.id}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const image = await cloud.getImage(state.id, { signal: until });
      if (image === undefined || image.status === 'deleted') return;
      if (image.protected === true)
        throw failure(
          `Image ${state.id} is protected`,
          `${cloud.family} "${cloud.name}" refuses to delete ${JSON.stringify(image.name)} while it is protected. ` +
            "Take the protection off in the cloud's console, or forget the image with a removed block.",
        );
      await cloud.deleteImage(state.id, { signal: until });
    });
  },

  upgradeState: { 0: async ({ rawState }) => fromVersion0(rawState) },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID']);
    return { id: parts[0] ?? '', cloud, region };
  },
});

const withoutSource = () =>
  failure(
    'The image has no source',
    'Nothing says what the image is to be made from. Only an image that was imported needs no source.',
    path('source'),
  );

/** True where an imported image is not changed at all: the origin that was declared meanwhile is not recorded then. */
const staysUnknown = (state: State, plan: PlanModel<typeof imageSchema>): boolean =>
  isUnknownOrigin(state.source) && isKnown(plan.source) && plan.source.sha256 !== UNKNOWN;

async function checkName(cloud: ImageCloud, name: string): Promise<void> {
  const { checkImageName } = await core();
  try {
    checkImageName(cloud, name);
  } catch (error) {
    throw at(path('name'), error);
  }
}

async function publish(
  cloud: ImageCloud,
  plan: Planned,
  path: string,
  engine: { readonly stateDir: string },
  signal: AbortSignal,
  onEvent: ReturnType<typeof publishLog>['onEvent'],
): Promise<PublishResult> {
  const { publishImage } = await core();
  return publishImage(
    cloud,
    {
      path,
      image: {
        name: plan.name,
        description: given(plan.description),
        osVersion: given(plan.os_version),
        minDiskGiB: given(plan.min_disk_gib),
        minRamMiB: given(plan.min_ram_mib),
        tags: given(plan.tags),
      },
      diskFormat: given(plan.disk_format),
      sha256: given(plan.source.sha256),
      bucket: given(plan.staging_bucket),
      importTimeoutMs: timeoutMs(plan.timeouts, 'create'),
      onEvent,
      signal,
    },
    engine,
  );
}

async function lastLook(cloud: ImageCloud, imageId: string): Promise<Image | undefined> {
  try {
    return await cloud.getImage(imageId, { signal: AbortSignal.timeout(LAST_LOOK_MS) });
  } catch {
    return undefined;
  }
}

function interrupted(file: string, known: ReturnType<ReturnType<typeof publishLog>['known']>) {
  const stored =
    known.partsTotal === undefined
      ? 'What was sent is kept.'
      : `${known.partsDone} of ${known.partsTotal} parts are stored.`;
  return failure(
    `Interrupted while uploading ${file}`,
    `The upload is paused safely. ${stored} The next apply goes on from there and sends no finished part again.`,
  );
}

/** Records on our own image that its id is in a saved state: read runs only on states that were saved. */
async function claim(cloud: ImageCloud, image: Image, signal: AbortSignal, log: Logger): Promise<void> {
  if (image.tags[MARKER_TAG] === undefined || image.status !== 'active') return;
  const { claimImage } = await core();
  if (!(await claimImage(cloud, image, { signal })))
    log.warn('the service did not take the note that this image is recorded', { image_id: image.id });
}

function refuseOtherContent(recorded: string | null, sha256: string | null): void {
  if (recorded === null || sha256 === null || recorded === sha256) return;
  throw failure(
    'The file has another content than planned',
    `The image has SHA-256 ${recorded}, the file ${sha256}. Its path was not known while planning, so the replacement could ` +
      'not be planned. Nothing was changed: apply again.',
    FILE_SHA256,
  );
}

async function existing(cloud: ImageCloud, id: string, signal: AbortSignal): Promise<Image> {
  const image = await cloud.getImage(id, { signal });
  if (image) return image;
  throw failure(
    `Image ${id} is gone`,
    'It was removed from the cloud since the plan was made. Plan and apply again.',
  );
}
