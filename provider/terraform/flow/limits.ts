// How many requests a service of each family is asked to bear where the user says nothing. Imports types of the core.
import type { CloudFamily } from '@imagebridge/core';
import type { TurnstileLimits } from './turnstile.ts';

/**
 * No family documents its limits. These keep well below what the public services answer with 429 to, and are far more than a
 * refresh needs, whose reads are shared.
 */
export const DEFAULT_LIMITS: Readonly<Record<CloudFamily, TurnstileLimits>> = {
  huaweicloud: { perSecond: 20, parallel: 10 },
  openstack: { perSecond: 40, parallel: 10 },
  ucloudstack: { perSecond: 20, parallel: 10 },
};
