// What an entry of `clouds` stands for: a profile, or settings of its own. Pure.
import type { CloudFamily } from '@imagebridge/core';
import { FAMILY_FIELDS } from './cloud-schema.ts';

/** Values by name, as Terraform hands an object over. */
export type Values = Readonly<Record<string, unknown>>;

/** True for an object, and no list. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for the name of a family. */
export const isFamily = (value: unknown): value is CloudFamily =>
  typeof value === 'string' && Object.hasOwn(FAMILY_FIELDS, value);

/** An entry, with its parts apart; what is null is left out. */
export interface CloudEntry {
  /** The name of a profile; undefined where none is given. */
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Settings of the account, as a profile has them, the region not among them. */
  readonly settings: Values;
  readonly requestsPerSecond: number | undefined;
  readonly parallelRequests: number | undefined;
}

/** Takes an entry apart. Values may be unknown: they count as given. */
export function readEntry(entry: Values): CloudEntry {
  const { profile, region, requests_per_second, parallel_requests, ...settings } = withoutNulls(entry);
  return {
    profile: typeof profile === 'string' ? profile : undefined,
    region: typeof region === 'string' ? region : undefined,
    settings,
    requestsPerSecond: numberOf(requests_per_second),
    parallelRequests: numberOf(parallel_requests),
  };
}

/** True where the settings say who one is; nothing is taken from the environment then. */
export function hasCredentials(settings: Values): boolean {
  const { family } = settings;
  const names = isFamily(family) ? [FAMILY_FIELDS[family]] : Object.values(FAMILY_FIELDS);
  return names.some(({ credentials }) => credentials.some((name) => Object.hasOwn(settings, name)));
}

/** The environment's fields under those that are given; nested ones one by one. */
export function mergeFields(environment: Values, given: Values): Values {
  const merged: Record<string, unknown> = { ...environment };
  for (const [name, value] of Object.entries(given)) {
    const before = merged[name];
    merged[name] = isValues(before) && isValues(value) ? { ...before, ...value } : value;
  }
  return merged;
}

/** A number that is known and given. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

function withoutNulls(value: Values): Values {
  const kept: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === null || item === undefined) continue;
    kept.push([key, isValues(item) ? withoutNulls(item) : item]);
  }
  return Object.fromEntries(kept);
}
