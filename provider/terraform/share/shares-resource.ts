// imagebridge_image_shares: all projects that an image is shared with.
import type { ImageCloud } from '@imagebridge/core';
import type { PlanModel } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { kept } from '../known.ts';
import { parseImportId } from '../place.ts';
import { cloudOf, planSharing } from './plan.ts';
import { sharesSchema } from './schema.ts';

export const sharesResource = defineResource({
  schema: sharesSchema,

  async modifyPlan(request) {
    const { state, plan } = request;
    if (plan === null) return undefined;
    const { region } = await planSharing(request, state, plan, 'share');
    const planned: PlanModel<typeof sharesSchema> = { ...plan, region };
    return planned;
  },

  async create({ plan, provider, signal, log, setState }) {
    const cloud = await cloudOf(provider, plan);
    // Should the rest fail, what was shared until then is ended by a destroy.
    setState({ id: plan.image_id, region: cloud.region });
    const limitMs = timeoutMs(plan.timeouts, 'create');
    const what = `share image ${plan.image_id}`;
    await within(limitMs, 'timeouts.create', what, signal, async (until) => {
      const { setShares } = await core();
      const options = { signal: until, timeoutMs: limitMs };
      const { added, removed } = await setShares(cloud, plan.image_id, plan.project_ids, options);
      log.info('the image is shared', {
        image_id: plan.image_id,
        added: added.length,
        removed: removed.length,
      });
    });
    return { ...plan, id: plan.image_id, region: kept(plan.region, cloud.region) };
  },

  async read({ state, provider, signal }) {
    const cloud = await cloudOf(provider, state);
    const limitMs = timeoutMs(state.timeouts, 'read');
    const what = `read the shares of image ${state.id}`;
    const projects = await within(limitMs, 'timeouts.read', what, signal, (until) =>
      projectsOf(cloud, state.id, until),
    );
    if (projects === undefined) return null;
    return { ...state, image_id: state.id, project_ids: projects, region: state.region ?? cloud.region };
  },

  async update({ state, plan, provider, signal, log, setState }) {
    const cloud = await cloudOf(provider, state);
    const limitMs = timeoutMs(plan.timeouts, 'update');
    const what = `change the shares of image ${state.id}`;
    await within(limitMs, 'timeouts.update', what, signal, async (until) => {
      const { setShares } = await core();
      try {
        const options = { signal: until, timeoutMs: limitMs };
        const { added, removed } = await setShares(cloud, state.id, plan.project_ids, options);
        log.info('the shares are changed', {
          image_id: state.id,
          added: added.length,
          removed: removed.length,
        });
      } catch (error) {
        const projects = await projectsOf(cloud, state.id, AbortSignal.timeout(LAST_LOOK_MS)).catch(
          () => undefined,
        );
        if (projects !== undefined) setState({ project_ids: projects });
        throw error;
      }
    });
    return { ...plan, id: state.id, region: kept(plan.region, state.region) };
  },

  async delete({ state, provider, signal }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    const what = `end the shares of image ${state.id}`;
    await within(limitMs, 'timeouts.delete', what, signal, async (until) => {
      const { setShares } = await core();
      try {
        await setShares(await cloudOf(provider, state), state.id, [], { signal: until, timeoutMs: limitMs });
      } catch (error) {
        // With the image, its shares are gone.
        if (!isKind(error, 'not-found')) throw error;
      }
    });
  },

  async importState({ id }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID']);
    return { id: parts[0] ?? '', cloud, region };
  },
});

/** How long to look at the shares after a failure, before Terraform stops waiting for the provider. */
const LAST_LOOK_MS = 5_000;

/** The projects that an image is shared with; undefined when there is no such image. */
async function projectsOf(
  cloud: ImageCloud,
  imageId: string,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const projects: string[] = [];
  try {
    for await (const share of cloud.listShares(imageId, { signal })) projects.push(share.projectId);
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
  // Some services answer with an empty list for what is not there.
  if (projects.length === 0 && (await cloud.getImage(imageId, { signal })) === undefined) return undefined;
  return projects;
}
