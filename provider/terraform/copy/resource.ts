// imagebridge_image_copy: a copy of an image, made by its cloud or brought to another one.
import type { Image, ImageCloud } from '@imagebridge/core';
import { failure, type PrivateState } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import type { Connections } from '../config/connections.ts';
import { core, isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { noteClaim } from '../image/claim.ts';
import { changesBetween } from '../image/fields.ts';
import { placeOf } from '../place.ts';
import { isProtected } from '../protection.ts';
import { noteRewritten } from '../rewritten.ts';
import { parseCopyId } from './import-id.ts';
import { validateCopy } from './kind.ts';
import { makeCopy } from './make.ts';
import { fieldsOf, planCopy } from './plan.ts';
import { copySchema } from './schema.ts';
import { noteCopy, type Places, type State, type Stub, stateAfter, stateNow } from './state.ts';

export const copyResource = defineResource({
  schema: copySchema,

  validateConfig: async ({ config, diagnostics }) => validateCopy(config, diagnostics),

  modifyPlan: planCopy,

  async create({ plan, provider, privateState, signal, log, setState }) {
    let imageId: string | undefined;
    try {
      const { image, target, places } = await makeCopy(plan, {
        provider,
        signal,
        log,
        onImageId: (id) => {
          imageId = id;
        },
      });
      if (plan.to_stores === null) provider.whenSaved((end) => noteClaim(target, image, provider, end, log));
      return noted(privateState, stateAfter(plan, image, places), image);
    } catch (error) {
      // A failed copy is recorded, so that Terraform removes it; an unfinished one is found again by the next apply.
      if (imageId !== undefined && plan.to_stores === null && isKind(error, 'job-failed'))
        setState({ id: imageId });
      if (isKind(error, 'cancelled'))
        throw failure(
          `Interrupted while copying image ${plan.source_image_id}`,
          'What was begun is kept, and a cloud that copies by itself goes on. The next apply goes on from there, and makes no ' +
            'second copy.',
        );
      throw error;
    }
  },

  async read({ state, provider, privateState, signal, log }) {
    const limitMs = timeoutMs(state.timeouts, 'read');
    return within(limitMs, 'timeouts.read', `read image ${state.id}`, signal, async (until) => {
      const { target, places } = await placesOf(provider, state);
      const image = await target.getImage(state.id, { signal: until });
      if (image === undefined || image.status === 'deleted') return null;
      const { whyFixed } = await core();
      // Read runs only on states that were saved: nobody may adopt the copy any more.
      if (state.to_stores === null && image.status === 'active')
        await noteClaim(target, image, provider, until, log);
      if (state.source_image_id === null && image.sourceImageId === undefined) throw noCopy(image);
      const fixed = {
        description: whyFixed(target, 'description') !== undefined,
        tags: whyFixed(target, 'tags') !== undefined,
      };
      return stateNow(state, image, { provider, privateState, places, fixed });
    });
  },

  async update({ state, plan, provider, privateState, signal, log }) {
    const { to_stores: stores } = plan;
    if (stores !== null) {
      const added = stores.filter((store) => !state.to_stores?.includes(store));
      if (added.length > 0) {
        const { image, places } = await makeCopy(plan, { provider, signal, log, onImageId: () => {} });
        return noted(privateState, stateAfter(plan, image, places), image);
      }
    }
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', `change image ${state.id}`, signal, async (until) => {
      const { target, places } = await placesOf(provider, state);
      const changes = stores === null ? changesBetween(fieldsOf(state), fieldsOf(plan)) : {};
      const image =
        Object.keys(changes).length > 0
          ? await target.updateImage(state.id, changes, { signal: until })
          : await target.getImage(state.id, { signal: until });
      if (image === undefined)
        throw failure(
          `Image ${state.id} is gone`,
          'It was removed from the cloud since the plan was made. Plan and apply again.',
        );
      return noted(privateState, stateAfter(plan, image, places), image);
    });
  },

  async delete({ state, provider, signal, log }) {
    const onDestroy = state.to_stores === null ? (state.on_destroy ?? 'delete') : 'retain';
    if (onDestroy === 'retain') {
      log.info('the copy stays in the cloud', { image_id: state.id });
      return;
    }
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `remove image ${state.id}`, signal, async (until) => {
      const { target } = await placesOf(provider, state);
      const image = await target.getImage(state.id, { signal: until });
      if (image === undefined || image.status === 'deleted') return;
      if (onDestroy === 'deactivate') await target.setActive(state.id, false, { signal: until });
      else if (image.protected === true) throw isProtected(target, image);
      else await target.deleteImage(state.id, { signal: until });
    });
  },

  async importState({ id, privateState }) {
    // A copy that is imported is as the cloud tells it.
    noteRewritten(privateState, {}, {});
    return parseCopyId(id);
  },
});

function noted(privateState: PrivateState, state: State, image: Image): State {
  noteCopy(privateState, state, image);
  return state;
}

/** The cloud that a copy is in, and the regions of source and copy. */
async function placesOf(
  provider: Connections,
  state: Pick<State, 'cloud' | 'region' | 'target_cloud' | 'target_region' | 'target_project'> | Stub,
): Promise<{ target: ImageCloud; places: Places }> {
  const home = await provider.cloud(placeOf(state));
  const { target_cloud: other, target_region: region, target_project: project } = state;
  const target =
    other === null
      ? region === null || region === home.region
        ? home
        : home.inRegion(region, project ?? undefined)
      : await provider.cloud({ cloud: other, region });
  return { target, places: { region: home.region, targetRegion: target.region } };
}

const noCopy = (image: Image) =>
  failure(
    `Image ${image.id} is no copy`,
    `The cloud names no image that ${JSON.stringify(image.name)} was copied from. Import it as imagebridge_image; or, where it ` +
      'came from another cloud, as CLOUD/REGION/SOURCE_IMAGE_ID/TARGET_CLOUD/TARGET_REGION/ID.',
  );
