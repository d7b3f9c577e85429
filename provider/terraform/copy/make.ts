// Making a copy, and bringing it to its declared description. Goes on with what an interrupted apply began.
import type { Image, ImageChanges, ImageCloud, Job } from '@imagebridge/core';
import type { Logger } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { changesBetween, descriptionOf } from '../image/fields.ts';
import { known } from '../known.ts';
import { placeOf } from '../place.ts';
import { withoutOwnTags } from '../tags.ts';
import { type CopyKind, kindOf } from './kind.ts';
import { fieldsOf, viaOf } from './plan.ts';
import type { Places, Planned } from './state.ts';

/** What making a copy needs besides its plan. */
export interface Making {
  readonly provider: Connections;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Told of the id as soon as it is known, which may be before the copy is usable. */
  onImageId(imageId: string): void;
}

/** Makes the copy, or goes on with it, and returns it as it is in the end. */
export async function makeCopy(
  plan: Planned,
  making: Making,
): Promise<{ image: Image; target: ImageCloud; places: Places }> {
  const { provider, signal, log } = making;
  const home = await provider.cloud(placeOf(plan));
  const kind = kindOf(provider, plan) ?? 'region';
  const made =
    kind === 'across' ? await bringAcross(plan, home, making) : await copy(kind, plan, home, making);
  const { image, target, adopted } = made;
  log.info('the copy is ready', { image_id: image.id, region: target.region, adopted });
  const described = kind === 'stores' ? image : await describe(plan, image, target, signal);
  return { image: described, target, places: { region: home.region, targetRegion: target.region } };
}

interface Made {
  image: Image;
  target: ImageCloud;
  adopted: boolean;
}

/** A copy that the cloud makes by itself. */
async function copy(kind: CopyKind, plan: Planned, home: ImageCloud, making: Making): Promise<Made> {
  const { copyImage } = await core();
  const { provider, signal, log, onImageId } = making;
  const region = kind === 'region' ? (known(plan.target_region) ?? home.region) : home.region;
  const beside = kind !== 'stores' && region === home.region;
  const name = known(plan.name) ?? (await nameOfCopy(home, plan.source_image_id, beside, signal));
  const { stateDir } = await provider.engine();
  return copyImage(
    home,
    {
      sourceImageId: plan.source_image_id,
      name,
      description: plan.description ?? undefined,
      region,
      projectName: plan.target_project ?? undefined,
      agencyName: plan.agency_name ?? undefined,
      vaultId: plan.vault_id ?? undefined,
      kmsKeyId: plan.kms_key_id ?? undefined,
      toBaseImage: kind === 'base' ? true : undefined,
      toStores: kind === 'stores' ? (plan.to_stores ?? []) : undefined,
    },
    {
      signal,
      stateDir,
      timeoutMs: timeoutMs(plan.timeouts, 'create'),
      onImageId,
      onJob: (job) => report(log, job),
    },
  );
}

const report = (log: Logger, job: Job) =>
  log.info('copying', { job: job.id, status: job.status, progress: job.progress });

/** The name of the source, or one beside it where both lie together. */
async function nameOfCopy(
  home: ImageCloud,
  sourceId: string,
  beside: boolean,
  signal: AbortSignal,
): Promise<string> {
  // Where there is no such image, the copying itself says so.
  const name = (await home.getImage(sourceId, { signal }))?.name ?? sourceId;
  return beside ? `${name}-copy` : name;
}

/** A copy that another cloud fetches, or that goes through this machine. */
async function bringAcross(plan: Planned, home: ImageCloud, making: Making): Promise<Made> {
  const { copyAcross } = await core();
  const { provider, signal, log, onImageId } = making;
  const target = await provider.cloud({
    cloud: plan.target_cloud ?? plan.cloud,
    region: known(plan.target_region) ?? null,
  });
  // The facts of the system are taken over from the source, and its name where the other cloud has another place for it.
  const { protected: _, name: __, ...image } = descriptionOf(fieldsOf(plan));
  const beside = target.name === home.name && target.region === home.region;
  const name =
    known(plan.name) ?? (beside ? await nameOfCopy(home, plan.source_image_id, beside, signal) : undefined);
  const made = await copyAcross(
    home,
    target,
    {
      sourceImageId: plan.source_image_id,
      // What is not declared is not taken over: the copy would differ from its declaration.
      image: { ...image, description: plan.description ?? '', ...(name === undefined ? {} : { name }) },
      via: viaOf(plan.via),
      bucket: plan.staging_bucket ?? undefined,
      importTimeoutMs: timeoutMs(plan.timeouts, 'create'),
      signal,
      onEvent: (event) => {
        if (event.type === 'image-id') onImageId(event.imageId);
        if (event.type === 'note') log.info(event.text);
        if (event.type === 'import') report(log, event.job);
        if (event.type === 'upload')
          log.debug('sending', {
            parts_done: event.event.snapshot.partsDone,
            parts: event.event.snapshot.partsTotal,
          });
      },
    },
    await provider.engine(),
  );
  return { image: made.image, target, adopted: made.adopted };
}

/** Gives the copy what the call that made it did not take, and takes away what it inherited undeclared. */
async function describe(
  plan: Planned,
  image: Image,
  target: ImageCloud,
  signal: AbortSignal,
): Promise<Image> {
  const { whyFixed } = await core();
  const before = fieldsOf({
    ...plan,
    description: image.description ?? null,
    tags_all: withoutOwnTags(image.tags),
    properties: image.properties,
    protected: image.protected ?? null,
  });
  const wanted = fieldsOf({ ...plan, properties: { ...image.properties, ...plan.properties } });
  const changes: ImageChanges = changesBetween(before, wanted);
  for (const field of Object.keys(changes) as (keyof ImageChanges)[]) {
    // What the cloud does not change stays as the copying made it.
    if (whyFixed(target, field, Object.keys(plan.properties ?? {})) !== undefined) delete changes[field];
  }
  return Object.keys(changes).length === 0 ? image : target.updateImage(image.id, changes, { signal });
}
