// imagebridge_channel: a name that points at an image. The core promotes; here are plans, drift and what a plan promised.
import type { CallOptions, Image, ImageCloud } from '@imagebridge/core';
import {
  type Diagnostics,
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
import { core } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { parseImportId, placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { channelSchema } from './schema.ts';

type Planned = PlannedModel<typeof channelSchema>;
type State = StateModel<typeof channelSchema>;

const SETTLED = 'settled';

export const channelResource = defineResource({
  schema: channelSchema,

  async modifyPlan({ state, plan, provider, signal, diagnostics, requiresReplace }) {
    if (plan === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    const planned: PlanModel<typeof channelSchema> = {
      ...plan,
      id: plan.name,
      region,
      status: SETTLED,
    };
    if (cloud) {
      const { updateTags, customProperties } = cloud.capabilities;
      refuseWithout(
        updateTags === true || customProperties,
        'promote an image to a channel',
        cloud,
        diagnostics,
      );
      if (diagnostics.hasErrors) return undefined;
    }
    if (state !== null && plan.image_id === state.image_id && state.status === SETTLED) {
      const { previous_image_id, promoted_at } = state;
      return { ...planned, previous_image_id, promoted_at };
    }
    if (cloud && isKnown(plan.name)) {
      if (isKnown(plan.image_id)) await checkedImage(cloud, plan.image_id, plan.name, { signal });
      if (state === null) await tellOfOther(cloud, plan.name, plan.image_id, diagnostics, signal);
    }
    const moved: PlanModel<typeof channelSchema> = {
      ...planned,
      previous_image_id: UNKNOWN,
      promoted_at: UNKNOWN,
    };
    return moved;
  },

  async create({ plan, provider, signal }) {
    const limitMs = timeoutMs(plan.timeouts, 'create');
    return within(limitMs, 'timeouts.create', `promote to channel ${plan.name}`, signal, async (until) =>
      promoted(await provider.cloud(placeOf(plan)), plan, until),
    );
  },

  async read({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'read');
    return within(limitMs, 'timeouts.read', `look at channel ${state.id}`, signal, async (until) => {
      const { readChannel } = await core();
      const cloud = await provider.cloud(placeOf(state));
      const channel = await readChannel(cloud, state.id, { signal: until });
      const { current } = channel;
      if (current === undefined) return null;
      const same = state.image_id === current.id;
      return {
        ...state,
        name: state.id,
        image_id: current.id,
        region: state.region ?? cloud.region,
        // What was found then is no drift when it is removed later.
        previous_image_id: same ? state.previous_image_id : (channel.previous?.id ?? null),
        promoted_at: await promotionTime(current, state.id),
        status: channel.settled ? SETTLED : 'unsettled',
      };
    });
  },

  async update({ state, plan, provider, signal }) {
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', `promote to channel ${state.id}`, signal, async (until) => {
      const { promoted_at, previous_image_id } = plan;
      // Only `timeouts`, or another name of the same cloud.
      if (isKnown(promoted_at) && isKnown(previous_image_id))
        return {
          ...plan,
          id: state.id,
          region: isKnown(plan.region) ? plan.region : state.region,
          status: SETTLED,
          promoted_at,
          previous_image_id,
        };
      const cloud = await provider.cloud(placeOf(state));
      await refuseOther(cloud, plan, state.image_id, until);
      return promoted(cloud, plan, until);
    });
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `clear channel ${state.id}`, signal, async (until) => {
      const { clearChannel } = await core();
      await clearChannel(await provider.cloud(placeOf(state)), state.id, { signal: until });
    });
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['CHANNEL']);
    return { id: parts[0] ?? '', cloud, region };
  },
});

const where = (cloud: ImageCloud) => `${cloud.family} "${cloud.name}" (${cloud.region})`;

async function promoted(cloud: ImageCloud, plan: Planned, signal: AbortSignal): Promise<State> {
  const { promoteImage } = await core();
  const image = await checkedImage(cloud, plan.image_id, plan.name, { signal, fresh: true });
  const done = await promoteImage(cloud, image, plan.name, { signal });
  return {
    ...plan,
    id: plan.name,
    region: isKnown(plan.region) && plan.region !== null ? plan.region : cloud.region,
    previous_image_id: done.previous?.id ?? null,
    promoted_at: await promotionTime(done.image, plan.name),
    status: SETTLED,
  };
}

/** The image, which must be there and may be promoted. */
async function checkedImage(
  cloud: ImageCloud,
  imageId: string,
  channel: string,
  options: CallOptions,
): Promise<Image> {
  const { checkPromotion } = await core();
  const image = await cloud.getImage(imageId, options);
  if (image === undefined || image.status === 'deleted')
    throw failure(
      `There is no image ${imageId} on ${where(cloud)}`,
      "A channel points at one of the project's own images. Check the id, the region and the project.",
      path('image_id'),
    );
  try {
    checkPromotion(cloud, image, channel);
  } catch (error) {
    throw at(path('image_id'), error);
  }
  return image;
}

/** A channel that somebody else made is taken over, but not unseen. */
async function tellOfOther(
  cloud: ImageCloud,
  channel: string,
  imageId: string | Unknown,
  diagnostics: Diagnostics,
  signal: AbortSignal,
): Promise<void> {
  const { readChannel } = await core();
  const { current } = await readChannel(cloud, channel, { signal });
  if (current === undefined || current.id === imageId) return;
  diagnostics.warning(
    `Channel ${channel} is there already`,
    `On ${where(cloud)} it points at image ${shown(current)}. Applying this plan promotes another one. To take the ` +
      `channel over as it is, import it: terraform import ADDRESS ${cloud.name}/${cloud.region}/${channel}`,
    path('name'),
  );
}

/**
 * Somebody else's promotion since the plan was made is not undone unseen.
 * @param seen what the plan's refresh found
 */
async function refuseOther(
  cloud: ImageCloud,
  plan: Planned,
  seen: string,
  signal: AbortSignal,
): Promise<void> {
  const { readChannel } = await core();
  const { current } = await readChannel(cloud, plan.name, { signal });
  if (current === undefined || current.id === seen || current.id === plan.image_id) return;
  throw failure(
    `Channel ${plan.name} has moved since the plan was made`,
    `On ${where(cloud)} it points at image ${shown(current)} now. Nothing was changed: plan and apply again.`,
    path('image_id'),
  );
}

const shown = (image: Image) => `${image.id} ${JSON.stringify(image.name)}`;

async function promotionTime(image: Image, channel: string): Promise<string | null> {
  const { markIn } = await core();
  return markIn(image, channel)?.promotedAt?.toISOString() ?? null;
}
