// What the service would refuse is refused here, before anything is sent: names, tags, properties, numbers. Pure.
import { type ImageChanges, InvalidInputError } from '../../model/index.ts';
import type { Session } from './session.ts';
import { tagProblem } from './tags.ts';

/** Characters of a name, of a tag and of a property's name (Glance v2). */
const MAX_NAME = 255;
/** Bytes of a property's value: the column is a MySQL TEXT. */
const MAX_VALUE_BYTES = 65_535;
/** Tags, and properties, of one image (Glance: image_tag_quota, image_property_quota). */
const MAX_COUNT = 128;
/** Largest min_disk and min_ram. */
const MAX_INTEGER = 2_147_483_647;

/** Fields that the service sets itself, or that have a field of their own: no properties of the user's. */
const RESERVED = new Set([
  ...['id', 'name', 'status', 'visibility', 'size', 'virtual_size', 'checksum', 'owner', 'protected', 'tags'],
  ...[
    'created_at',
    'updated_at',
    'deleted_at',
    'deleted',
    'self',
    'file',
    'schema',
    'first',
    'next',
    'stores',
  ],
  ...['os_hash_algo', 'os_hash_value', 'direct_url', 'locations', 'location', 'min_disk', 'min_ram'],
]);

const count = (text: string) => [...text].length;

/**
 * Refuses a description, or changes, that the service would refuse.
 * @throws InvalidInputError with the limit and the value
 */
export function checkLimits(
  session: Pick<Session, 'label'>,
  operation: string,
  image: Omit<ImageChanges, 'tags' | 'properties'> & {
    tags?: Readonly<Record<string, string | null>> | undefined;
    properties?: Readonly<Record<string, string | null>> | undefined;
  },
): void {
  const reason =
    nameProblem(image.name) ??
    valueProblem('description', image.description) ??
    numberProblem('min_disk', image.minDiskGiB) ??
    numberProblem('min_ram', image.minRamMiB) ??
    tagProblem(image.tags ?? {}) ??
    countProblem('tags', image.tags) ??
    propertiesProblem(image.properties ?? {}) ??
    countProblem('properties', image.properties);
  if (reason !== undefined) throw new InvalidInputError({ operation, cloud: session.label, reason });
}

function nameProblem(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name === '') return 'the name is empty';
  if (name.includes('\0')) return 'the name holds a NUL character';
  return count(name) > MAX_NAME
    ? `the name has ${count(name)} characters, and ${MAX_NAME} are allowed`
    : undefined;
}

function valueProblem(what: string, value: string | null | undefined): string | undefined {
  const bytes = Buffer.byteLength(value ?? '');
  return bytes > MAX_VALUE_BYTES
    ? `the ${what} has ${bytes} bytes, and ${MAX_VALUE_BYTES} are allowed`
    : undefined;
}

function numberProblem(what: string, value: number | undefined): string | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= MAX_INTEGER))
    return undefined;
  return `${what} is ${value}, and a whole number from 0 to ${MAX_INTEGER} is allowed`;
}

function propertiesProblem(properties: Readonly<Record<string, string | null>>): string | undefined {
  for (const [name, value] of Object.entries(properties)) {
    if (name === '') return 'the name of a property is empty';
    if (count(name) > MAX_NAME)
      return `the property name "${name.slice(0, 40)}…" has ${count(name)} characters, and ${MAX_NAME} are allowed`;
    if (name.startsWith('os_glance'))
      return `the property name ${name} begins with os_glance, which is the service's own`;
    if (RESERVED.has(name)) return `${name} is a field of the image, and no property of one's own`;
    const problem = valueProblem(`property ${name}`, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function countProblem(what: string, values: Readonly<Record<string, string | null>> | undefined) {
  const kept = Object.values(values ?? {}).filter((value) => value !== null).length;
  return kept > MAX_COUNT ? `there are ${kept} ${what}, and ${MAX_COUNT} are allowed` : undefined;
}
