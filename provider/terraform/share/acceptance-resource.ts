// imagebridge_image_share_acceptance: the receiver's answer to a share.
import type { ImageCloud, Share } from '@imagebridge/core';
import { isKnown, type PlanModel } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { parseImportId, placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { shareAcceptanceSchema } from './schema.ts';

export const shareAcceptanceResource = defineResource({
  schema: shareAcceptanceSchema,

  async modifyPlan({ state, plan, provider, diagnostics, requiresReplace }) {
    if (plan === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    if (cloud) refuseWithout(cloud.capabilities.shareAcceptance, 'accept a share', cloud, diagnostics);
    // A share that was rejected from outside differs from this, and is accepted again.
    const planned: PlanModel<typeof shareAcceptanceSchema> = { ...plan, region, status: 'accepted' };
    return planned;
  },

  async create({ plan, provider, signal }) {
    const cloud = await provider.cloud(placeOf(plan));
    const share = await accept(cloud, plan.image_id, signal, timeoutMs(plan.timeouts, 'create'));
    const region = isKnown(plan.region) && plan.region !== null ? plan.region : cloud.region;
    return { ...plan, id: plan.image_id, region, project_id: share.projectId, status: 'accepted' };
  },

  async read({ state, provider, signal }) {
    const cloud = await provider.cloud(placeOf(state));
    const projectId = await cloud.projectId({ signal });
    const share = await cloud.getShare(state.id, projectId, { signal });
    if (share === undefined) return null;
    return {
      ...state,
      image_id: state.id,
      region: state.region ?? cloud.region,
      project_id: projectId,
      status: share.status,
    };
  },

  async update({ state, plan, provider, signal }) {
    const cloud = await provider.cloud(placeOf(state));
    const share = await accept(cloud, state.id, signal, timeoutMs(plan.timeouts, 'update'));
    const region = isKnown(plan.region) && plan.region !== null ? plan.region : cloud.region;
    return {
      ...plan,
      id: state.id,
      region,
      project_id: isKnown(plan.project_id) ? plan.project_id : share.projectId,
      status: 'accepted',
    };
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(
      limitMs,
      'timeouts.delete',
      `reject the share of image ${state.id}`,
      signal,
      async (until) => {
        const { answerShare } = await core();
        const cloud = await provider.cloud(placeOf(state));
        try {
          await answerShare(cloud, state.id, 'rejected', { signal: until, timeoutMs: limitMs });
        } catch (error) {
          // The owner has ended the share, or deleted the image: there is nothing left to reject.
          if (!isKind(error, 'not-found')) throw error;
        }
      },
    );
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID']);
    return { id: parts[0] ?? '', cloud, region };
  },
});

async function accept(
  cloud: ImageCloud,
  imageId: string,
  signal: AbortSignal,
  limitMs: number,
): Promise<Share> {
  const { answerShare } = await core();
  return answerShare(cloud, imageId, 'accepted', { signal, timeoutMs: limitMs });
}
