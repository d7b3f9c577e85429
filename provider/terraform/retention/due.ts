// What is due by the rules of a retention, noted in the private state by whoever looked last: Terraform plans anew while it applies, and
// only what a refresh recorded is the same in both plans. Pure.
import type { PruneVerdict } from '@imagebridge/core';
import type { PrivateState } from '@imagebridge/terraform-plugin';

const KEY = 'due';

interface Line {
  readonly image_id: string;
  readonly name: string;
  readonly reason: string;
}

/** What is to go, and what stays. */
export interface Due {
  readonly retiring: readonly (Line & { readonly action: string })[];
  readonly keeping: readonly Line[];
}

/** What a plan of the core says. */
export function dueOf(verdicts: readonly PruneVerdict[]): Due {
  const line = ({ image, reason }: PruneVerdict): Line => ({ image_id: image.id, name: image.name, reason });
  const goes = ({ action }: PruneVerdict) => action !== 'keep';
  return {
    retiring: verdicts.filter(goes).map((verdict) => ({ ...line(verdict), action: verdict.action })),
    keeping: verdicts.filter((verdict) => !goes(verdict)).map(line),
  };
}

/** Notes what is due; nothing where nothing is, so that a refresh then changes nothing. */
export function noteDue(privateState: PrivateState, due: Due): void {
  if (due.retiring.length > 0) privateState.set(KEY, due);
  else privateState.delete(KEY);
}

/** What was noted last; empty where nothing is due. */
export const notedDue = (privateState: PrivateState): Due =>
  privateState.get(KEY, parse) ?? { retiring: [], keeping: [] };

function parse(json: unknown): Due {
  const { retiring, keeping } = object(json);
  return {
    retiring: list(retiring).map((one) => ({ ...lineFrom(one), action: textOf(object(one).action) })),
    keeping: list(keeping).map(lineFrom),
  };
}

const lineFrom = (json: unknown): Line => {
  const { image_id, name, reason } = object(json);
  return { image_id: textOf(image_id), name: textOf(name), reason: textOf(reason) };
};

const broken = () => new TypeError('the private state of the retention is not what it wrote: refresh it');

function object(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw broken();
  return Object.fromEntries(Object.entries(json));
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw broken();
  return json;
}

function textOf(json: unknown): string {
  if (typeof json !== 'string') throw broken();
  return json;
}
