// The clouds of a clouds.yaml that is at hand as text, ready to become profiles. Pure.
import { ImageBridgeError, InvalidInputError, Secret } from '../model/index.ts';
import { fieldsOfOpenstackCloud } from './openstack-cloud.ts';
import { parseProfile } from './parse-profile.ts';
import { readYaml } from './read-yaml.ts';
import { type Fields, fieldAt, isFields, secretFieldsOf, withFieldAt } from './secret-fields.ts';

/** A cloud of such a text. */
export interface ForeignCloud {
  name: string;
  /** Fields of a profile, without its secrets. */
  fields: Fields;
  /** Its secrets by field. */
  secrets: ReadonlyMap<string, Secret>;
  /** What the user should know, as sentences. */
  warnings: readonly string[];
  /** Why it cannot be used as it is. */
  problem?: ImageBridgeError | undefined;
}

/**
 * Reads the clouds of a clouds.yaml. One that cannot be used is told by its `problem`.
 * @param text of the file; no message quotes it
 * @throws InvalidInputError when it is no clouds.yaml
 */
export function parseCloudsYaml(text: string): ForeignCloud[] {
  const fail = (reason: string) =>
    new InvalidInputError({
      operation: 'read clouds.yaml',
      reason,
      hint: 'Give the text of a whole clouds.yaml: it begins with clouds:.',
    });
  const content = readYaml(text);
  if ('problem' in content) throw fail(content.problem);
  const clouds = isFields(content.value) ? content.value.clouds : undefined;
  if (!isFields(clouds)) throw fail('it has no field clouds with clouds by their names');
  return Object.entries(clouds).map(([name, cloud]) => foreignCloud(name, cloud));
}

function foreignCloud(name: string, cloud: unknown): ForeignCloud {
  const where = `cloud "${name}" of clouds.yaml`;
  const { fields, warnings } = fieldsOfOpenstackCloud(isFields(cloud) ? cloud : {}, where);
  const secrets = new Map<string, Secret>();
  let plain = fields;
  for (const field of secretFieldsOf(fields)) {
    const value = fieldAt(fields, field);
    if (value === undefined) continue;
    if (typeof value === 'string') secrets.set(field, new Secret(value));
    plain = without(plain, field);
  }
  return { name, fields: plain, secrets, warnings, problem: problemOf(name, fields) };
}

function problemOf(name: string, fields: Fields): ImageBridgeError | undefined {
  try {
    parseProfile(name, fields, 'clouds.yaml');
    return undefined;
  } catch (error) {
    if (error instanceof ImageBridgeError) return error;
    throw error;
  }
}

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(
    Object.entries(withFieldAt(fields, name, undefined)).filter(([, value]) => value !== undefined),
  );
