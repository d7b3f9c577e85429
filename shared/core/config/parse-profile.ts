// Turns plain values (of a file, of the environment, of Terraform) into a profile, or says which field is wrong.
import type { z } from 'zod';
import { type CloudFamily, InvalidInputError, type Profile } from '../model/index.ts';
import type { FamilyReader } from './families/fields.ts';
import { huaweicloud } from './families/huaweicloud.ts';
import { openstack } from './families/openstack.ts';
import { ucloudstack } from './families/ucloudstack.ts';
import { nearest } from './nearest.ts';

/** How profiles are read, by family. */
export const FAMILIES: Readonly<Record<CloudFamily, FamilyReader>> = { ucloudstack, huaweicloud, openstack };

const NAMES = Object.keys(FAMILIES);

/** The text as the name of a family; undefined when it is none. */
export const familyOf = (value: unknown): CloudFamily | undefined =>
  value === 'ucloudstack' || value === 'huaweicloud' || value === 'openstack' ? value : undefined;

/** Names of the secret fields of a profile, by family; nested ones with a dot. */
export const SECRET_FIELDS: Readonly<Record<CloudFamily, readonly string[]>> = {
  ucloudstack: ucloudstack.secretFields,
  huaweicloud: huaweicloud.secretFields,
  openstack: openstack.secretFields,
};

/**
 * Makes a profile from plain values with the names of the profile file.
 * @param name the profile's name
 * @param values the fields
 * @param source where they come from, for messages: a path, `the environment`, `the provider configuration`
 * @throws InvalidInputError naming the source, the cloud and the field; never showing a value
 */
export function parseProfile(name: string, values: unknown, source?: string): Profile {
  const fail = (reason: string, hint?: string) =>
    new InvalidInputError({
      operation: `read cloud "${name}"${source === undefined ? '' : ` of ${source}`}`,
      reason,
      hint,
    });
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw fail('its fields are missing', 'A cloud needs at least the fields family and region.');
  }
  const given = 'family' in values ? values.family : undefined;
  const family = familyOf(given);
  if (family === undefined) {
    const meant = typeof given === 'string' ? nearest(given, NAMES) : undefined;
    throw fail(
      given === undefined ? 'the field family is missing' : 'the field family names no known family',
      `${meant ? `Did you mean ${meant}? ` : ''}Families: ${NAMES.join(', ')}.`,
    );
  }
  const reader = FAMILIES[family];
  const result = reader.read(name, values);
  if ('profile' in result) return result.profile;
  if ('missing' in result) throw fail(`the field ${result.missing} is missing`);
  throw fail(...describeIssue(result.issue, reader, values));
}

function describeIssue(issue: z.core.$ZodIssue, reader: FamilyReader, values: unknown): [string, string?] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = reader.knownFields(path);
    const unknown = issue.keys[0] ?? '';
    const meant = nearest(unknown, known);
    const field = [...path, unknown].join('.');
    return [
      `the field ${field} is unknown`,
      meant ? `Did you mean ${[...path, meant].join('.')}?` : `Known fields: ${known.join(', ')}.`,
    ];
  }
  const field = path.join('.');
  if (path.length > 0 && valueAt(values, path) === undefined) return [`the field ${field} is missing`];
  if (issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record')) {
    return [`the field ${field} must hold fields by their names`];
  }
  return [`the field ${field} ${issue.message}`];
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  let value = values;
  for (const part of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? Object.entries(value).find(([name]) => name === part)?.[1]
        : undefined;
  }
  return value;
}
