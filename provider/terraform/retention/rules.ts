// The rules of a retention: as the core takes them, and as text, which is the id and what import takes. Pure.
import type { PruneAction, PruneRules } from '@imagebridge/core';
import { failure } from '@imagebridge/terraform-plugin';
import { isRegularExpression } from '../data/attributes.ts';
import { ACTIONS, DEFAULT_MIN_AGE_DAYS } from './schema.ts';

const DAY_MS = 86_400_000;
const TAG = 'tag.';
const FORM =
  'name_prefix=…&name_regex=…&channel=…&tag.KEY=…&keep=N&min_age_days=N&action=…&reason=…&exclude_image_id=…&include_shared=true';

/** The rules as the schema has them, wholly known. */
export interface Rules {
  readonly name_prefix: string | null;
  readonly name_regex: string | null;
  readonly with_tags: Readonly<Record<string, string>> | null;
  readonly channel: string | null;
  readonly keep: number;
  readonly min_age_days: number;
  readonly action: string;
  readonly reason: string | null;
  readonly exclude_image_ids: readonly string[] | null;
  readonly include_shared: boolean;
}

/** What may be a state after an import: what a user need not say may be null. */
export type PartialRules = { readonly [K in keyof Rules]: Rules[K] | null };

/** The rules with their defaults. Without `keep`, which the schema and an import demand, everything stays. */
export const completeRules = (rules: PartialRules): Rules => ({
  ...rules,
  keep: rules.keep ?? Number.MAX_SAFE_INTEGER,
  min_age_days: rules.min_age_days ?? DEFAULT_MIN_AGE_DAYS,
  action: rules.action ?? 'delete',
  include_shared: rules.include_shared ?? false,
});

/** The rules as the core takes them. */
export const pruneRules = (rules: Rules): PruneRules & { readonly action: PruneAction } => ({
  namePrefix: rules.name_prefix ?? undefined,
  namePattern: rules.name_regex === null ? undefined : new RegExp(rules.name_regex, 'u'),
  tags: rules.with_tags ?? undefined,
  channel: rules.channel ?? undefined,
  keep: rules.keep,
  minAgeMs: rules.min_age_days * DAY_MS,
  spare: rules.exclude_image_ids ?? [],
  force: rules.include_shared,
  action: ACTIONS.find((action) => action === rules.action) ?? 'delete',
  reason: rules.reason ?? undefined,
});

/** The rules as one text: equal rules give equal texts. */
export function rulesText(rules: Rules): string {
  const said = new URLSearchParams();
  const say = (name: string, value: string | number | null) => {
    if (value !== null) said.append(name, String(value));
  };
  say('name_prefix', rules.name_prefix);
  say('name_regex', rules.name_regex);
  say('channel', rules.channel);
  for (const [key, value] of Object.entries(rules.with_tags ?? {}).sort()) say(TAG + key, value);
  say('keep', rules.keep);
  say('min_age_days', rules.min_age_days);
  say('action', rules.action);
  say('reason', rules.reason);
  for (const id of rules.exclude_image_ids ?? []) say('exclude_image_id', id);
  if (rules.include_shared) say('include_shared', 'true');
  return said.toString();
}

/**
 * Reads what {@link rulesText} writes; `min_age_days`, `action` and all else but `keep` may be absent.
 * @throws DiagnosticError naming what is wrong
 */
export function parseRules(text: string): Rules {
  const said = new URLSearchParams(text);
  const refuse = (why: string) =>
    failure('Invalid import id', `The id must be the rules, as in ${FORM}, percent-encoded: ${why}.`);
  const known = [
    ...['name_prefix', 'name_regex', 'channel', 'keep', 'min_age_days', 'action', 'reason'],
    ...['exclude_image_id', 'include_shared'],
  ];
  const strange = [...said.keys()].find((name) => !known.includes(name) && !name.startsWith(TAG));
  if (strange !== undefined) throw refuse(`there is no rule ${JSON.stringify(strange)}`);
  const amount = (name: string, absent: number | undefined): number => {
    const value = said.get(name);
    const read = value === null ? absent : value.trim() === '' ? Number.NaN : Number(value);
    if (read === undefined || !(read >= 0)) throw refuse(`${name} must be a number from 0 on`);
    return read;
  };
  const action = said.get('action') ?? 'delete';
  if (!ACTIONS.some((one) => one === action)) throw refuse(`action must be one of ${ACTIONS.join(', ')}`);
  const regex = said.get('name_regex');
  if (regex !== null && !isRegularExpression(regex)) throw refuse('name_regex is no regular expression');
  const tags = [...said].filter(([name]) => name.startsWith(TAG));
  const excluded = said.getAll('exclude_image_id');
  return {
    name_prefix: said.get('name_prefix'),
    name_regex: regex,
    channel: said.get('channel'),
    with_tags:
      tags.length === 0
        ? null
        : Object.fromEntries(tags.map(([name, value]) => [name.slice(TAG.length), value])),
    keep: amount('keep', undefined),
    min_age_days: amount('min_age_days', DEFAULT_MIN_AGE_DAYS),
    action,
    reason: said.get('reason'),
    exclude_image_ids: excluded.length === 0 ? null : excluded,
    include_shared: said.get('include_shared') === 'true',
  };
}
