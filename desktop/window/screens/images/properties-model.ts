// The form of an image's properties, and what of it has changed. Pure.
import type { CloudView, ImageDetail } from '@imagebridge/desktop-contract';
import { absence, type Obstacle } from './actions.ts';
import type { Scope } from './place.ts';

/** A property in the form. */
export interface PropertyRow {
  /** Stays while the name is being typed. */
  row: number;
  name: string;
  value: string;
  /** Not on the image yet: its name can be typed. */
  isNew: boolean;
  /** To be removed. It stays in sight, so that it can be kept after all. */
  isRemoved: boolean;
}

/** Names of the properties that can be changed, sorted. */
export function changeable({ properties, fixedProperties = [] }: ImageDetail): string[] {
  const fixed = new Set(fixedProperties);
  return Object.keys(properties)
    .filter((name) => !fixed.has(name))
    .sort();
}

/** Why properties cannot be changed; undefined: they can. Where none can be added, those of the cloud may still be changeable. */
export function obstacleOf(cloud: CloudView, detail: ImageDetail, scope: Scope): Obstacle | undefined {
  if (scope === 'shared') return { kind: 'state', key: 'foreign' };
  const text = absence(cloud, 'customProperties');
  return text === undefined || changeable(detail).length > 0 ? undefined : { kind: 'cloud', text };
}

/** The form as the image is. */
export const rowsOf = (detail: ImageDetail): PropertyRow[] =>
  changeable(detail).map((name, row) => ({
    ...{ row, name, value: detail.properties[name] ?? '' },
    ...{ isNew: false, isRemoved: false },
  }));

/** The name as it will be: what stands around one that is typed is a slip. */
const nameOf = ({ isNew, name }: PropertyRow) => (isNew ? name.trim() : name);

/** A line that nothing was typed into counts for nothing. */
const isBlank = (row: PropertyRow) => row.isNew && nameOf(row) === '' && row.value === '';

/** What has been changed; undefined: nothing. */
export function propertyChanges(
  { properties }: ImageDetail,
  rows: readonly PropertyRow[],
): Record<string, string | null> | undefined {
  const changes = rows
    .filter((row) => row.isRemoved || (row.isNew ? !isBlank(row) : row.value !== properties[row.name]))
    .map((row): [string, string | null] => [nameOf(row), row.isRemoved ? null : row.value]);
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** What is wrong with the name of a new property. */
export type NameFault = 'empty' | 'taken';

/** Rows with a wrong name: an empty one, or one that the image or a row above has. */
export function faultsOf(
  { properties }: ImageDetail,
  rows: readonly PropertyRow[],
): ReadonlyMap<number, NameFault> {
  const faults = new Map<number, NameFault>();
  const names = new Set(Object.keys(properties));
  for (const one of rows) {
    if (!one.isNew || isBlank(one)) continue;
    const name = nameOf(one);
    if (name === '') faults.set(one.row, 'empty');
    else if (names.has(name)) faults.set(one.row, 'taken');
    names.add(name);
  }
  return faults;
}
