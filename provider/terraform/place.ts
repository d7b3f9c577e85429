// Where a resource lives: planning its region, following its cloud's name, reading import ids. Talks to no service.
import type { ImageCloud } from '@imagebridge/core';
import {
  type AttributePath,
  type Diagnostics,
  failure,
  isKnown,
  path,
  UNKNOWN,
  type Unknown,
} from '@imagebridge/terraform-plugin';
import type { Connections } from './config/connections.ts';
import { at } from './diagnose.ts';

interface PlannedPlace {
  readonly cloud: string | null | Unknown;
  readonly region: string | null | Unknown;
}

/** What planning a place came to. */
export interface PlaceInPlan {
  /** Undefined where the provider's configuration, or the place, is known only after apply. */
  readonly cloud: ImageCloud | undefined;
  readonly region: string | null | Unknown;
}

/**
 * Finds the cloud of a planned object, and its region where the user named none.
 * @throws DiagnosticError at `cloud` when there is no such cloud
 */
export async function planPlace(provider: Connections, plan: PlannedPlace): Promise<PlaceInPlan> {
  if (!isKnown(plan.cloud)) return { cloud: undefined, region: plan.region };
  const region = isKnown(plan.region) ? plan.region : null;
  try {
    const cloud = await provider.cloudIfKnown({ cloud: plan.cloud, region });
    return { cloud, region: region ?? cloud?.region ?? UNKNOWN };
  } catch (error) {
    throw at(path('cloud'), error);
  }
}

/** Plans a replacement when `cloud` was changed to a name of another cloud. */
export function replaceOnOtherCloud(
  provider: Connections,
  state: { readonly cloud: string | null } | null,
  plan: PlannedPlace,
  requiresReplace: (at: ReturnType<typeof path>) => void,
): void {
  if (state === null || plan.cloud === state.cloud) return;
  // What is not known yet is believed to be the same cloud: else every first plan would replace.
  if (isKnown(plan.cloud) && !(provider.knows(plan.cloud) && provider.knows(state.cloud))) return;
  if (!isKnown(plan.cloud) || provider.nameOf(plan.cloud) !== provider.nameOf(state.cloud))
    requiresReplace(path('cloud'));
}

/** The region of an object in a complete or partial state. */
export const placeOf = (state: {
  readonly cloud: string | null;
  readonly region: string | null | Unknown;
}) => ({ cloud: state.cloud, region: isKnown(state.region) ? state.region : null });

/**
 * Splits an import id: the object's own parts, optionally after `CLOUD/REGION/`.
 * @param own names of the object's own parts, for the message
 * @throws DiagnosticError when the number of parts is another, or one is empty
 */
export function parseImportId(
  id: string,
  own: readonly string[],
): { cloud: string | null; region: string | null; parts: string[] } {
  const all = id.split('/').map((part) => part.trim());
  const hasPlace = all.length === own.length + 2;
  if ((!hasPlace && all.length !== own.length) || all.includes('')) {
    const form = own.join('/');
    throw failure(
      'Invalid import id',
      `The id must be ${form} or CLOUD/REGION/${form}; got ${JSON.stringify(id)}.`,
    );
  }
  const [cloud, region] = hasPlace ? all : [];
  return { cloud: cloud ?? null, region: region ?? null, parts: hasPlace ? all.slice(2) : all };
}

/**
 * Refuses at plan time what the cloud declares that it cannot do.
 * @param where the attribute to point at
 */
export function refuseWithout(
  capability: true | string,
  what: string,
  cloud: ImageCloud,
  diagnostics: Diagnostics,
  where: AttributePath = path('cloud'),
): void {
  if (capability === true) return;
  diagnostics.error(
    `Could not ${what} on ${cloud.family} "${cloud.name}"`,
    `This cloud does not offer it.\n\n${capability}`,
    where,
  );
}
