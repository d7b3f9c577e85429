// imagebridge_image: a machine image. Reads, changes and removes it by the core; planning and making have files of their own.
import type { Image, ImageChanges, ImageCloud } from '@imagebridge/core';
import { failure } from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import { core } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { parseImportId, placeOf } from '../place.ts';
import { isProtected } from '../protection.ts';
import { noteRewritten } from '../rewritten.ts';
import { claim } from './claim.ts';
import { createImageResource } from './create.ts';
import { changesBetween, type Fact, withoutUntold } from './fields.ts';
import { planImage } from './plan.ts';
import { imageSchema } from './schema.ts';
import {
  noteDeclared,
  noteImage,
  type Planned,
  type State,
  stateAfter,
  stateNow,
  undeclared,
} from './state.ts';
import { fromVersion0 } from './upgrade.ts';
import { validateImage } from './validate.ts';

export const imageResource = defineResource({
  schema: imageSchema,

  async validateConfig({ config, diagnostics }) {
    validateImage(config, diagnostics);
  },

  modifyPlan: planImage,

  create: createImageResource,

  async read({ state, provider, signal, log, privateState }) {
    const limitMs = timeoutMs(state.timeouts, 'read');
    return within(limitMs, 'timeouts.read', `read image ${state.id}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const image = await cloud.getImage(state.id, { signal: until });
      if (image === undefined || image.status === 'deleted') return null;
      await claim(cloud, image, provider, until, log);
      return stateNow(state, image, cloud, provider, privateState);
    });
  },

  async update({ state, plan, config, provider, signal, privateState }) {
    const limitMs = timeoutMs(plan.timeouts, 'update');
    return within(limitMs, 'timeouts.update', `change image ${state.id}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const image = await change(cloud, state, plan, undeclared(privateState, config), until);
      const changed = stateAfter(plan, image, state.source.sha256, cloud, provider);
      noteImage(privateState, changed, image, cloud);
      noteDeclared(privateState, config);
      return changed;
    });
  },

  async delete({ state, provider, signal, log }) {
    const limitMs = timeoutMs(state.timeouts, 'delete');
    if (state.on_destroy === 'retain') {
      log.info('the image stays in the cloud, as on_destroy says', { image_id: state.id });
      return;
    }
    await within(limitMs, 'timeouts.delete', `delete image ${state.id}`, signal, async (until) => {
      const cloud = await provider.cloud(placeOf(state));
      const image = await cloud.getImage(state.id, { signal: until, fresh: true });
      if (image === undefined || image.status === 'deleted') return;
      if (state.on_destroy === 'deactivate') {
        if (image.status !== 'deactivated') await cloud.setActive(state.id, false, { signal: until });
        return;
      }
      if (image.protected === true) throw isProtected(cloud, image);
      await cloud.deleteImage(state.id, { signal: until });
    });
  },

  upgradeState: { 0: async ({ rawState }) => fromVersion0(rawState) },

  async importState({ id, privateState }) {
    const { cloud, region, parts } = parseImportId(id, ['IMAGE_ID']);
    // An image that is imported is as the cloud tells it.
    noteRewritten(privateState, {}, {});
    return { id: parts[0] ?? '', cloud, region };
  },
});

/** Brings the image from the state to the plan. */
async function change(
  cloud: ImageCloud,
  state: State,
  plan: Planned,
  forgotten: readonly Fact[],
  signal: AbortSignal,
): Promise<Image> {
  const { id } = state;
  const { whyFixed } = await core();
  const isFixed = (field: keyof ImageChanges) => whyFixed(cloud, field) !== undefined;
  const changes = withoutUntold(changesBetween(state, plan, forgotten), state, isFixed);
  const active = plan.active ?? true;
  const toggles = active !== (state.active ?? true);
  if (toggles) await cloud.setActive(id, active, { signal });
  const isEmpty = Object.keys(changes).length === 0;
  const image = isEmpty
    ? await cloud.getImage(id, { signal, fresh: toggles })
    : await cloud.updateImage(id, changes, { signal });
  if (image) return image;
  throw failure(
    `Image ${id} is gone`,
    'It was removed from the cloud since the plan was made. Plan and apply again.',
  );
}
