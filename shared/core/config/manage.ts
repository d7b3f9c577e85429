// Adds, changes and removes profiles of the file, with the secrets that belong to them.
import {
  ImageBridgeError,
  InvalidInputError,
  type Profile,
  type Secret,
  type SecretStore,
} from '../model/index.ts';
import { deleteProfile, setFields, writeProfile } from './edit-file.ts';
import type { Environment } from './interpolate.ts';
import { nearest } from './nearest.ts';
import { checkFields, openEntry, storedFieldsOf } from './resolve.ts';
import {
  type Fields,
  fieldAt,
  isFields,
  mergeFields,
  secretFieldsOf,
  secretKind,
  withFieldAt,
} from './secret-fields.ts';
import type { Entry } from './sources.ts';

/** What is needed of the loaded profiles. */
export interface ManageContext {
  path: string;
  env: Environment;
  store: SecretStore;
  /** The profiles that the file has. */
  clouds: Fields;
}

/** What a new profile is made of. */
export interface NewProfile {
  /** With the names of the profile file. A secret field may only be `${VARIABLE}`. */
  fields: Fields;
  /** Fields whose secrets go to the store. */
  secretFields?: readonly string[] | undefined;
  /** Gives these secrets, by field; called when everything else is found to be right. */
  readSecrets?: ((fields: readonly string[]) => Promise<ReadonlyMap<string, Secret>>) | undefined;
  /** Replaces a profile of this name. */
  overwrite?: boolean | undefined;
  /** Fields of the replaced profile that stay as they stand there, secrets too; `fields` wins. Nested ones with a dot. */
  keep?: readonly string[] | undefined;
  /** This profile is used when none is named. */
  makeDefault?: boolean | undefined;
}

/** What is to be written, found to be right. */
interface Prepared {
  /** The profile of this name before. */
  old: unknown;
  fields: Fields;
  /** The secrets that go to the store, by field. */
  secrets: ReadonlyMap<string, Secret>;
}

/**
 * Writes a profile.
 * @returns where its secrets are kept, as sentences
 * @throws InvalidInputError when it is there already, or a field is wrong; LocalFileError. Nothing has changed then.
 */
export async function addProfile(context: ManageContext, name: string, given: NewProfile): Promise<string[]> {
  const { path, store } = context;
  const { old, fields, secrets } = await prepare(context, name, given);
  const places: string[] = [];
  const change = writeProfile(path, name, fields, given.makeDefault === true);
  const replaced: (() => Promise<unknown>)[] = [];
  try {
    for (const [field, secret] of secrets) {
      const before = storedFieldsOf(old).includes(field) ? await store.get(name, field) : undefined;
      places.push(await store.set(name, field, secret));
      replaced.push(() => (before ? store.set(name, field, before.secret) : store.remove(name, field)));
    }
  } catch (error) {
    change.undo();
    // What cannot be put back is told by the profile itself, which then does not work; the first error counts.
    for (const putBack of replaced) await putBack().catch(() => undefined);
    throw error;
  }
  const stale = storedFieldsOf(old).filter((field) => !storedFieldsOf(fields).includes(field));
  return [...places, ...(await forget(store, name, stale)).left];
}

/**
 * The profile that `addProfile` would write, with its secrets. Writes nothing.
 * @throws as `addProfile`
 */
export async function previewProfile(
  context: ManageContext,
  name: string,
  given: NewProfile,
): Promise<Profile> {
  const { path, env, store } = context;
  const { fields, secrets } = await prepare(context, name, given);
  const entry: Entry = { name, kind: 'file', source: path, fields, warnings: [] };
  return openEntry(entry, env, {
    ...store,
    get: async (profile, field) => {
      const secret = secrets.get(field);
      return secret === undefined ? store.get(profile, field) : { secret, place: 'what was given' };
    },
  });
}

async function prepare(context: ManageContext, name: string, given: NewProfile): Promise<Prepared> {
  const { path, env, clouds } = context;
  const fail = (reason: string, hint: string) =>
    new InvalidInputError({ operation: `add cloud "${name}" to ${path}`, reason, hint });
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,99}$/u.test(name)) {
    throw fail('this is no name', 'Use up to 100 letters, digits, dots, @, - and _.');
  }
  const old = Object.hasOwn(clouds, name) ? clouds[name] : undefined;
  if (old !== undefined && given.overwrite !== true) {
    throw fail('it is there already', 'Choose another name, or replace it with --force.');
  }
  const secretFields = secretFieldsOf(given.fields);
  const literal = secretFields.find((field) => secretKind(fieldAt(given.fields, field)) === 'text');
  if (literal !== undefined) {
    throw fail(
      `the field ${literal} is a secret`,
      `Give it with --set-secret ${literal}, or name a variable: \${VARIABLE}.`,
    );
  }
  const kept = (given.keep ?? []).reduce<Fields>((found, field) => {
    const value = fieldAt(old, field);
    return value === undefined ? found : withFieldAt(found, field, value);
  }, {});
  let fields = mergeFields(kept, given.fields);
  const wanted = given.secretFields ?? [];
  for (const field of wanted) {
    if (!secretFields.includes(field)) {
      const meant = nearest(field, secretFields);
      throw fail(
        `the field ${field} is no secret of this family`,
        meant ? `Did you mean ${meant}?` : `Secrets: ${secretFields.join(', ')}.`,
      );
    }
    fields = withFieldAt(fields, field, { stored: true });
  }
  checkFields(name, fields, env, path);
  const secrets = wanted.length === 0 ? undefined : await given.readSecrets?.(wanted);
  const lacking = wanted.find((field) => !secrets?.has(field));
  if (lacking !== undefined) throw fail(`the secret ${lacking} was not given`, 'Give it.');
  return { old, fields, secrets: secrets ?? new Map() };
}

/**
 * Records settings in a profile of the file, e.g. what a probe found.
 * @param settings by field; nested ones with a dot
 * @throws InvalidInputError when a field is wrong; LocalFileError
 */
export function recordSettings(context: ManageContext, name: string, settings: Fields): void {
  const old = Object.hasOwn(context.clouds, name) ? context.clouds[name] : undefined;
  let fields = isFields(old) ? old : {};
  for (const [field, value] of Object.entries(settings)) fields = withFieldAt(fields, field, value);
  checkFields(name, fields, context.env, context.path);
  setFields(context.path, name, settings);
}

/** What became of the stored secrets of a profile that was removed. */
export interface RemovedSecrets {
  /** Names of the fields whose secrets are removed. */
  removed: string[];
  /** Why others are still there, as sentences. */
  left: string[];
}

/**
 * Removes a profile and the secrets that the store has of it.
 * @throws InvalidInputError, LocalFileError when the file cannot be changed
 */
export async function removeProfile(context: ManageContext, name: string): Promise<RemovedSecrets> {
  const fields = Object.hasOwn(context.clouds, name) ? context.clouds[name] : undefined;
  deleteProfile(context.path, name);
  return forget(context.store, name, storedFieldsOf(fields));
}

/** A store that fails does not stand in the way of a profile that is to go. */
async function forget(store: SecretStore, name: string, fields: readonly string[]): Promise<RemovedSecrets> {
  const result: RemovedSecrets = { removed: [], left: [] };
  for (const field of fields) {
    try {
      if (await store.remove(name, field)) result.removed.push(field);
    } catch (error) {
      if (!(error instanceof ImageBridgeError)) throw error;
      result.left.push(error.message);
    }
  }
  return result;
}
