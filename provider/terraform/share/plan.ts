// What planning the sharing resources has in common. Asks no cloud for anything.
import type { Capabilities } from '@imagebridge/core';
import type { ModifyPlanRequest, Unknown } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { type PlaceInPlan, placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';

interface Placed {
  readonly cloud: string | null | Unknown;
  readonly region: string | null | Unknown;
}

/** Plans where a share is, and refuses it where the cloud has no such thing. */
export async function planSharing(
  request: Pick<ModifyPlanRequest<never, Connections>, 'provider' | 'diagnostics' | 'requiresReplace'>,
  state: { readonly cloud: string | null } | null,
  plan: Placed,
  ability: keyof Capabilities & ('share' | 'shareAcceptance'),
): Promise<PlaceInPlan> {
  const { provider, diagnostics, requiresReplace } = request;
  const place = await planPlace(provider, plan);
  replaceOnOtherCloud(provider, state, plan, requiresReplace);
  const what = ability === 'share' ? 'share an image' : 'accept a share';
  if (place.cloud) refuseWithout(place.cloud.capabilities[ability], what, place.cloud, diagnostics);
  return place;
}

/** The cloud of a share that is there. */
export const cloudOf = (provider: Connections, state: Parameters<typeof placeOf>[0]) =>
  provider.cloud(placeOf(state));
