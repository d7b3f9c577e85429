// imagebridge_image_share: one image shared with one project.
import { isKnown, type PlanModel, UNKNOWN } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { parseImportId, placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { shareSchema } from './schema.ts';

export const shareResource = defineResource({
  schema: shareSchema,

  async modifyPlan({ state, plan, provider, diagnostics, requiresReplace }) {
    if (plan === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    if (cloud) refuseWithout(cloud.capabilities.share, 'share an image', cloud, diagnostics);
    const planned: PlanModel<typeof shareSchema> = { ...plan, region };
    return planned;
  },

  async create({ plan, provider, signal }) {
    const { shareImage } = await core();
    const cloud = await provider.cloud(placeOf(plan));
    const { image_id: imageId, project_id: projectId } = plan;
    const share = await shareImage(cloud, imageId, projectId, {
      signal,
      timeoutMs: timeoutMs(plan.timeouts, 'create'),
    });
    const region = isKnown(plan.region) && plan.region !== null ? plan.region : cloud.region;
    return { ...plan, id: `${imageId}/${projectId}`, region, status: share.status };
  },

  async read({ state, provider, signal }) {
    const [imageId = '', projectId = ''] = state.id.split('/');
    const cloud = await provider.cloud(placeOf(state));
    const share = await cloud.getShare(imageId, projectId, { signal });
    if (share === undefined) return null;
    return {
      ...state,
      image_id: imageId,
      project_id: projectId,
      region: state.region ?? cloud.region,
      status: share.status,
    };
  },

  /** Only `timeouts`, or another name of the same cloud, change in place: nothing is sent. */
  async update({ state, plan }) {
    const kept = <V>(planned: V | typeof UNKNOWN, before: V): V => (planned === UNKNOWN ? before : planned);
    return {
      ...plan,
      id: state.id,
      region: kept(plan.region, state.region),
      status: kept(plan.status, state.status),
    };
  },

  async delete({ state, provider, signal }) {
    const { unshareImage } = await core();
    const [imageId = '', projectId = ''] = state.id.split('/');
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `end the share of image ${imageId}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      await unshareImage(cloud, imageId, projectId, { signal: until, timeoutMs: limitMs });
    });
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID', 'PROJECT_ID']);
    return { id: parts.join('/'), cloud, region };
  },
});
