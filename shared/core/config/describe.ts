// A profile as it may be shown: without secrets, with the place of each. Reads the secret store only.
import { redactText, redactUrl } from '../http/index.ts';
import { ImageBridgeError, type SecretStore } from '../model/index.ts';
import type { Environment } from './interpolate.ts';
import { FAMILIES, familyOf } from './parse-profile.ts';
import { checkFields } from './resolve.ts';
import { type Fields, fieldAt, isFields, secretFieldsOf, secretKind } from './secret-fields.ts';
import type { Entry, SourceKind } from './sources.ts';

/** A profile in a list. Nothing of it is checked. */
export interface ProfileSummary {
  name: string;
  /** As it stands in the source; undefined when it is missing. */
  family: string | undefined;
  region: string | undefined;
  kind: SourceKind;
  /** Path, or `the environment`. */
  source: string;
  /** True: this one is used when none is named. */
  isDefault: boolean;
}

/** Where a secret is. */
export interface ShownSecret {
  field: string;
  /**
   * `file`: the one of the secret store; `profile`: as text in the profile itself; `variable`: the profile names one of the
   * environment; `missing`: the store should have it; `unreadable`: the store cannot be read.
   */
  kind: 'keychain' | 'file' | 'profile' | 'variable' | 'missing' | 'unreadable';
  /** In words. */
  place: string;
  /** Path of the file, source of the profile, or name of the variable. */
  name?: string | undefined;
}

/** A profile in full, without its secrets. */
export interface ProfileDescription extends ProfileSummary {
  /** The fields as they stand in the source; secrets are `***`. */
  fields: Fields;
  secrets: readonly ShownSecret[];
  /** Why the profile cannot be used; undefined when it can, as far as that shows without asking the cloud. */
  problem: string | undefined;
}

const HIDDEN = '***';

/** The entry as a line of a list. */
export function summarize(entry: Entry, isDefault: boolean): ProfileSummary {
  const { name, kind, source, fields } = entry;
  const word = (field: string) => {
    const value = fieldAt(fields, field);
    return typeof value === 'string' ? redactText(value) : undefined;
  };
  return { name, family: word('family'), region: word('region'), kind, source, isDefault };
}

/** The entry in full. */
export async function describeEntry(
  entry: Entry,
  isDefault: boolean,
  env: Environment,
  store: SecretStore,
): Promise<ProfileDescription> {
  const secrets: ShownSecret[] = [];
  let missing: string | undefined;
  for (const field of secretFieldsOf(entry.fields)) {
    const value = fieldAt(entry.fields, field);
    const kind = entry.kind === 'file' ? secretKind(value) : value === undefined ? 'absent' : 'text';
    if (kind === 'absent') continue;
    if (kind === 'variable') {
      const name = String(value).slice(2, -1);
      secrets.push({ field, kind, place: `the environment variable ${String(value)}`, name });
    } else if (kind === 'stored') {
      const { problem, ...where } = await placeOf(store, entry.name, field);
      missing ??= problem;
      secrets.push({ field, ...where });
    } else secrets.push({ field, kind: 'profile', place: entry.source, name: entry.source });
  }
  const fields = isFields(entry.fields) ? entry.fields : {};
  return {
    ...summarize(entry, isDefault),
    fields: shown(fields),
    secrets,
    problem: problemOf(entry, fields, env) ?? missing,
  };
}

async function placeOf(
  store: SecretStore,
  profile: string,
  field: string,
): Promise<Omit<ShownSecret, 'field'> & { problem?: string }> {
  try {
    const stored = await store.get(profile, field);
    if (stored !== undefined) {
      const { place, path } = stored;
      return path === undefined ? { kind: 'keychain', place } : { kind: 'file', place, name: path };
    }
    return {
      kind: 'missing',
      place: 'missing in the secret store',
      problem: `the secret ${field} is not in the secret store`,
    };
  } catch (error) {
    if (!(error instanceof ImageBridgeError)) throw error;
    return {
      kind: 'unreadable',
      place: 'the secret store, which cannot be read',
      problem: error.message,
    };
  }
}

function problemOf(entry: Entry, fields: Fields, env: Environment): string | undefined {
  try {
    checkFields(entry.name, fields, entry.kind === 'file' ? env : selfNamed(fields), entry.source);
    return undefined;
  } catch (error) {
    if (!(error instanceof ImageBridgeError)) throw error;
    const { reason, hint } = error.details;
    return [reason, hint].filter(Boolean).join('. ');
  }
}

/** Variables under which `${X}` means itself: texts of the environment and of clouds.yaml are no templates. */
function selfNamed(fields: Fields): Environment {
  const names = JSON.stringify(fields).matchAll(/\$\{([A-Za-z_]\w*)\}/g);
  return Object.fromEntries([...names].map(([text, name]) => [name, text]));
}

/** Fields that may be shown. An unknown field may be a mistyped secret. */
function shown(fields: Fields): Fields {
  const family = familyOf(fields.family);
  const known = family === undefined ? ['family', 'region'] : FAMILIES[family].knownFields([]);
  const secretFields = secretFieldsOf(fields);
  const clean = (value: unknown, path: string): unknown => {
    if (secretFields.includes(path)) return secretKind(value) === 'variable' ? value : HIDDEN;
    // Only what may hold a secret is rewritten: a URL comes back with its {region} escaped.
    if (typeof value === 'string') return /:\/\/[^/]*@|\?/.test(value) ? redactUrl(value) : redactText(value);
    if (Array.isArray(value)) return HIDDEN;
    if (!isFields(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, clean(inner, `${path}.${name}`)]),
    );
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, known.includes(name) ? clean(value, name) : HIDDEN]),
  );
}
