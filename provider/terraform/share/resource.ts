// imagebridge_image_share: one image shared with one project.
import type { PlanModel } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { kept } from '../known.ts';
import { parseImportId } from '../place.ts';
import { cloudOf, planSharing } from './plan.ts';
import { shareSchema } from './schema.ts';

export const shareResource = defineResource({
  schema: shareSchema,

  async modifyPlan(request) {
    const { state, plan } = request;
    if (plan === null) return undefined;
    const { region } = await planSharing(request, state, plan, 'share');
    const planned: PlanModel<typeof shareSchema> = { ...plan, region };
    return planned;
  },

  async create({ plan, provider, signal }) {
    const { shareImage } = await core();
    const cloud = await cloudOf(provider, plan);
    const { image_id: imageId, project_id: projectId } = plan;
    const limitMs = timeoutMs(plan.timeouts, 'create');
    const what = `share image ${imageId} with project ${projectId}`;
    await within(limitMs, 'timeouts.create', what, signal, (until) =>
      shareImage(cloud, imageId, projectId, { signal: until, timeoutMs: limitMs }),
    );
    return { ...plan, id: `${imageId}/${projectId}`, region: kept(plan.region, cloud.region) };
  },

  async read({ state, provider, signal }) {
    const [imageId, projectId] = partsOf(state.id);
    const cloud = await cloudOf(provider, state);
    const limitMs = timeoutMs(state.timeouts, 'read');
    const share = await within(
      limitMs,
      'timeouts.read',
      `read the share of image ${imageId}`,
      signal,
      (until) => cloud.getShare(imageId, projectId, { signal: until }),
    );
    if (share === undefined) return null;
    return { ...state, image_id: imageId, project_id: projectId, region: state.region ?? cloud.region };
  },

  /** Only `timeouts`, or another name of the same cloud, change in place: nothing is sent. */
  update: async ({ state, plan }) => ({ ...plan, id: state.id, region: kept(plan.region, state.region) }),

  async delete({ state, provider, signal }) {
    const { unshareImage } = await core();
    const [imageId, projectId] = partsOf(state.id);
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `end the share of image ${imageId}`, signal, async (until) =>
      unshareImage(await cloudOf(provider, state), imageId, projectId, {
        signal: until,
        timeoutMs: limitMs,
      }),
    );
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID', 'PROJECT_ID']);
    return { id: parts.join('/'), cloud, region };
  },
});

function partsOf(id: string): [imageId: string, projectId: string] {
  const [imageId = '', projectId = ''] = id.split('/');
  return [imageId, projectId];
}
