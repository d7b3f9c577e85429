// imagebridge_image_share_acceptance: the receiver's answer to a share.
import type { ImageCloud, Share } from '@imagebridge/core';
import { failure, isKnown, type PlanModel, path } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { kept, known } from '../known.ts';
import { parseImportId } from '../place.ts';
import { cloudOf, planSharing } from './plan.ts';
import { shareAcceptanceSchema } from './schema.ts';

export const shareAcceptanceResource = defineResource({
  schema: shareAcceptanceSchema,

  async modifyPlan(request) {
    const { config, state, plan, signal } = request;
    if (plan === null) return undefined;
    const { cloud, region } = await planSharing(request, state, plan, 'shareAcceptance');
    const receiver = config?.project_id ?? null;
    if (cloud && isKnown(receiver) && receiver !== null && receiver !== state?.project_id)
      await refuseOtherProject(cloud, receiver, signal);
    // A share that was rejected from outside differs from this, and is accepted again.
    const planned: PlanModel<typeof shareAcceptanceSchema> = { ...plan, region, status: 'accepted' };
    return planned;
  },

  async create({ plan, provider, signal }) {
    const cloud = await cloudOf(provider, plan);
    const receiver = known(plan.project_id);
    if (receiver !== undefined) await refuseOtherProject(cloud, receiver, signal);
    const share = await accept(cloud, plan.image_id, 'create', plan.timeouts, signal);
    return {
      ...plan,
      id: plan.image_id,
      region: kept(plan.region, cloud.region),
      project_id: kept(plan.project_id, share.projectId),
      status: 'accepted',
    };
  },

  async read({ state, provider, signal }) {
    const cloud = await cloudOf(provider, state);
    const limitMs = timeoutMs(state.timeouts, 'read');
    const what = `read the share of image ${state.id}`;
    return within(limitMs, 'timeouts.read', what, signal, async (until) => {
      const projectId = await cloud.projectId({ signal: until });
      const share = await cloud.getShare(state.id, projectId, { signal: until });
      if (share === undefined) return null;
      return {
        ...state,
        image_id: state.id,
        region: state.region ?? cloud.region,
        project_id: projectId,
        status: share.status,
      };
    });
  },

  async update({ state, plan, provider, signal }) {
    const cloud = await cloudOf(provider, state);
    if (state.status !== 'accepted') await accept(cloud, state.id, 'update', plan.timeouts, signal);
    return {
      ...plan,
      id: state.id,
      region: kept(plan.region, state.region),
      project_id: kept(plan.project_id, state.project_id),
      status: 'accepted',
    };
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    const what = `reject the share of image ${state.id}`;
    await within(limitMs, 'timeouts.delete', what, signal, async (until) => {
      const { answerShare } = await core();
      try {
        const options = { signal: until, timeoutMs: limitMs };
        await answerShare(await cloudOf(provider, state), state.id, 'rejected', options);
      } catch (error) {
        // The owner has ended the share, or deleted the image: there is nothing left to reject.
        if (!isKind(error, 'not-found')) throw error;
      }
    });
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID']);
    return { id: parts[0] ?? '', cloud, region };
  },
});

async function accept(
  cloud: ImageCloud,
  imageId: string,
  operation: 'create' | 'update',
  timeouts: Parameters<typeof timeoutMs>[0],
  signal: AbortSignal,
): Promise<Share> {
  const { answerShare } = await core();
  const limitMs = timeoutMs(timeouts, operation);
  const what = `accept the share of image ${imageId}`;
  return within(limitMs, `timeouts.${operation}`, what, signal, (until) =>
    answerShare(cloud, imageId, 'accepted', { signal: until, timeoutMs: limitMs }),
  );
}

/** Only the receiving project can accept: told before the service is asked, which would answer "403" or "not found". */
async function refuseOtherProject(cloud: ImageCloud, receiver: string, signal: AbortSignal): Promise<void> {
  const own = await cloud.projectId({ signal });
  if (own === receiver) return;
  throw failure(
    'The share is for another project',
    `${cloud.family} "${cloud.name}" acts in project ${own}, and the share is to be accepted by project ${receiver}. Name ` +
      'the cloud whose credentials belong to the receiving project in `cloud`, or correct `project_id`.',
    path('project_id'),
  );
}
