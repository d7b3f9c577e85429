// From the fields of a source to a profile: variables, stored secrets, checks. Reads the secret store only.
import { InvalidInputError, type Profile, type SecretStore } from '../model/index.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { parseProfile } from './parse-profile.ts';
import { type Fields, fieldAt, isFields, secretFieldsOf, secretKind, withFieldAt } from './secret-fields.ts';
import type { Entry } from './sources.ts';

/** Names of the fields whose secret the store has. */
export const storedFieldsOf = (fields: unknown): string[] =>
  secretFieldsOf(fields).filter((name) => secretKind(fieldAt(fields, name)) === 'stored');

/**
 * The profile of an entry without stored secrets.
 * @throws InvalidInputError when a field is wrong, or its secret is in the store
 */
export function resolveEntry(entry: Entry, env: Environment): Profile {
  const [stored] = storedFieldsOf(entry.fields);
  if (stored !== undefined) {
    throw new InvalidInputError({
      operation: `read cloud "${entry.name}" of ${entry.source}`,
      reason: `the secret ${stored} is in the secret store, which is not read here`,
      hint: `Name an environment variable in the file instead: ${stored}: \${VARIABLE}.`,
    });
  }
  return parseProfile(entry.name, valuesOf(entry, env), entry.source);
}

/**
 * The profile of an entry, with its stored secrets.
 * @throws InvalidInputError when a field is wrong, or the store has no such secret; LocalFileError
 */
export async function openEntry(entry: Entry, env: Environment, store: SecretStore): Promise<Profile> {
  let fields = valuesOf(entry, env);
  for (const name of entry.kind === 'file' ? storedFieldsOf(entry.fields) : []) {
    const stored = await store.get(entry.name, name);
    if (stored === undefined) {
      throw new InvalidInputError({
        operation: `read cloud "${entry.name}" of ${entry.source}`,
        reason: `the secret ${name} is not in the secret store of this machine and user`,
        hint: `Store it: imagebridge profile add ${entry.name} --force --set-secret ${name} …; or write ${name}: \${VARIABLE} into the file.`,
      });
    }
    if (isFields(fields)) fields = withFieldAt(fields, name, stored.secret.reveal());
  }
  return parseProfile(entry.name, fields, entry.source);
}

/** What comes from elsewhere than our file is not text of ours: a $ in a password means itself. */
function valuesOf(entry: Entry, env: Environment): unknown {
  if (entry.kind !== 'file') return entry.fields;
  return interpolate(entry.fields, env, `cloud "${entry.name}" of ${entry.source}`);
}

// Stands for a secret whose text is not at hand; a proxy must look like one.
const PLACEHOLDER = 'placeholder';
const PROXY_PLACEHOLDER = 'http://placeholder.invalid';

/**
 * Checks fields that are about to be written: as far as that goes without their secrets.
 * @throws InvalidInputError when a field is wrong or missing
 */
export function checkFields(name: string, fields: Fields, env: Environment, source: string): Profile {
  let known = fields;
  for (const field of secretFieldsOf(fields)) {
    const kind = secretKind(fieldAt(fields, field));
    if (kind !== 'stored' && kind !== 'variable') continue;
    known = withFieldAt(known, field, field === 'proxy' ? PROXY_PLACEHOLDER : PLACEHOLDER);
  }
  return parseProfile(name, interpolate(known, env, `cloud "${name}" of ${source}`), source);
}
