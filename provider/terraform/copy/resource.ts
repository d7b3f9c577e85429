// imagebridge_image_copy: a copy of an image in its region or in another one.
import type { Image, ImageChanges, ImageCloud } from '@imagebridge/core';
import {
  failure,
  isKnown,
  type PlanModel,
  type PlannedModel,
  path,
  type StateModel,
  UNKNOWN,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import type { Connections } from '../config/connections.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { parseImportId, placeOf, planPlace, replaceOnOtherCloud } from '../place.ts';
import { copySchema } from './schema.ts';

type Planned = PlannedModel<typeof copySchema>;
type State = StateModel<typeof copySchema>;

export const copyResource = defineResource({
  schema: copySchema,

  async modifyPlan({ state, plan, provider, requiresReplace }) {
    if (plan === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    const target = isKnown(plan.target_region) && plan.target_region !== null ? plan.target_region : region;
    if (cloud && isKnown(plan.name) && (state === null || plan.name !== state.name))
      await check(cloud, { name: plan.name, agency_name: plan.agency_name }, target);
    const planned: PlanModel<typeof copySchema> = { ...plan, region, target_region: target };
    return planned;
  },

  async create({ plan, provider, signal, log, setState }) {
    const { copyImage } = await core();
    const cloud = await provider.cloud(placeOf(plan));
    const region = known(plan.target_region) ?? cloud.region;
    let imageId: string | undefined;
    try {
      const { image, adopted } = await copyImage(
        cloud,
        {
          sourceImageId: plan.source_image_id,
          name: plan.name,
          description: plan.description ?? undefined,
          region,
          projectName: plan.target_project ?? undefined,
          agencyName: plan.agency_name ?? undefined,
        },
        {
          signal,
          timeoutMs: timeoutMs(plan.timeouts, 'create'),
          onImageId: (id) => {
            imageId = id;
          },
          onJob: (job) => log.info('copying', { job: job.id, status: job.status, progress: job.progress }),
        },
      );
      log.info('the copy is ready', { image_id: image.id, region, adopted });
      return stateAfter(plan, image, cloud.region, region);
    } catch (error) {
      // A failed copy is recorded, so that Terraform removes it; an unfinished one is found again by the next apply.
      if (imageId !== undefined && isKind(error, 'job-failed'))
        setState({ id: imageId, region: cloud.region, target_region: region });
      if (isKind(error, 'cancelled'))
        throw failure(
          `Interrupted while copying image ${plan.source_image_id}`,
          'The cloud goes on with the copy by itself. The next apply finds it by its name and source, and makes no second one.',
        );
      throw error;
    }
  },

  async read({ state, provider, signal, log }) {
    const target = await targetOf(provider, state);
    const image = await target.getImage(state.id, { signal });
    if (image === undefined || image.status === 'deleted') return null;
    // Kept on the copy itself: a note in the private state would make a refresh-only plan report a change.
    const { claimImage, isClaimed } = await core();
    if (image.status === 'active' && !isClaimed(image)) {
      if (!(await claimImage(target, image, { signal })))
        log.warn('the service did not take the note that this image is recorded', { image_id: image.id });
    }
    const source = state.source_image_id ?? image.sourceImageId;
    if (source === undefined)
      throw failure(
        `Image ${image.id} is no copy`,
        `The cloud names no image that ${JSON.stringify(image.name)} was copied from. Import it as imagebridge_image instead.`,
      );
    return {
      ...state,
      ...reported(image),
      id: image.id,
      source_image_id: source,
      name: image.name,
      description: image.description || (state.description === '' ? '' : null),
      region: state.region ?? target.region,
      target_region: state.target_region ?? target.region,
    };
  },

  async update({ state, plan, provider, signal }) {
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', `change image ${state.id}`, signal, async (until) => {
      const target = await targetOf(provider, state);
      const changes: ImageChanges = {
        ...(plan.name === state.name ? {} : { name: plan.name }),
        ...(plan.description === state.description ? {} : { description: plan.description || null }),
      };
      const image =
        Object.keys(changes).length > 0
          ? await target.updateImage(state.id, changes, { signal: until })
          : await target.getImage(state.id, { signal: until });
      if (image === undefined)
        throw failure(
          `Image ${state.id} is gone`,
          'It was removed from the cloud since the plan was made. Plan and apply again.',
        );
      return stateAfter(plan, image, state.region ?? target.region, state.target_region ?? target.region);
    });
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `delete image ${state.id}`, signal, async (until) => {
      const target = await targetOf(provider, state);
      await target.deleteImage(state.id, { signal: until });
    });
  },

  async importState({ id }) {
    const [cloud, region, targetRegion, imageId, ...rest] = id.split('/');
    if (cloud && region && targetRegion && imageId && rest.length === 0)
      return { id: imageId, cloud, region, target_region: targetRegion };
    const found = parseImportId(id, ['IMAGE_ID']);
    return {
      id: found.parts[0] ?? '',
      cloud: found.cloud,
      region: found.region,
      target_region: found.region,
    };
  },
});

const known = <V>(value: V | null | Unknown): V | undefined =>
  value === null || value === UNKNOWN ? undefined : value;

async function check(
  cloud: ImageCloud,
  { name, agency_name }: { readonly name: string; readonly agency_name: string | null | Unknown },
  target: string | null | Unknown,
): Promise<void> {
  const { checkCopy, checkImageName } = await core();
  try {
    checkImageName(cloud, name);
  } catch (error) {
    throw at(path('name'), error);
  }
  try {
    // An agency that is not known yet is believed to be there.
    const agencyName = isKnown(agency_name) ? (agency_name ?? undefined) : 'unknown';
    checkCopy(cloud, { name, region: known(target), agencyName });
  } catch (error) {
    throw at(path('target_region'), error);
  }
}

/** The cloud in the region of the copy. */
async function targetOf(
  provider: Connections,
  state: {
    readonly cloud: string | null;
    readonly region: string | null;
    readonly target_region: string | null;
    readonly target_project: string | null;
  },
): Promise<ImageCloud> {
  const home = await provider.cloud(placeOf(state));
  const { target_region: region, target_project: project } = state;
  return region === null || region === home.region ? home : home.inRegion(region, project ?? undefined);
}

const reported = (image: Image) => ({
  status: image.status,
  size_bytes: image.sizeBytes ?? null,
  min_disk_gib: image.minDiskGiB ?? null,
  stored_format: image.diskFormat ?? null,
  owner_id: image.ownerId ?? null,
  os_version: image.osVersion ?? null,
  created_at: image.createdAt?.toISOString() ?? null,
});

/** The state after a create or update: every planned value as it was planned, the others as the cloud has them. */
function stateAfter(plan: Planned, image: Image, region: string, targetRegion: string): State {
  const actual = reported(image);
  const kept = <V>(planned: V | Unknown, otherwise: V): V => (planned === UNKNOWN ? otherwise : planned);
  return {
    ...plan,
    id: image.id,
    region: kept(plan.region, region),
    target_region: kept(plan.target_region, targetRegion),
    status: kept(plan.status, actual.status),
    size_bytes: kept(plan.size_bytes, actual.size_bytes),
    min_disk_gib: kept(plan.min_disk_gib, actual.min_disk_gib),
    stored_format: kept(plan.stored_format, actual.stored_format),
    owner_id: kept(plan.owner_id, actual.owner_id),
    os_version: kept(plan.os_version, actual.os_version),
    created_at: kept(plan.created_at, actual.created_at),
  };
}
