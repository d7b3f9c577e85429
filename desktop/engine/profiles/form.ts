// Between the form of a profile (flat texts, secrets apart) and the fields of the profile file. Pure.
import { InvalidInputError, type NewProfile, type ProfileDescription, Secret } from '@imagebridge/core';
import { PROFILE_FORMS, type ProfileForm } from '@imagebridge/desktop-contract';

// What the core shows instead of a value that may be secret.
const HIDDEN = '***';
const VARIABLE = /^\$\{[A-Za-z_]\w*\}$/;

/** Secrets that are of use only together with one of some fields. Those not named stand for themselves. */
const PARTNERS: Readonly<Record<ProfileForm['family'], Readonly<Record<string, readonly string[]>>>> = {
  ucloudstack: {},
  huaweicloud: {
    password: ['user'],
    secret_key: ['access_key'],
    security_token: ['access_key'],
  },
  openstack: {
    password: ['username', 'user_id'],
    application_credential_secret: ['application_credential_id', 'application_credential_name'],
  },
};

/** Fields that are in no form, and of use only together with a secret. */
const NEEDS_SECRET: Readonly<Record<string, string>> = {
  application_credential_name: 'application_credential_secret',
};

/** Secret that an OpenStack profile's `auth_type` wants. */
const SECRET_OF_AUTH_TYPE: Readonly<Record<string, string>> = {
  password: 'password',
  token: 'token',
  application_credential: 'application_credential_secret',
};

/** Fields by flat names, as texts, without secrets and without what is hidden. */
export function flatFields(
  description: Pick<ProfileDescription, 'fields' | 'secrets'>,
): Record<string, string> {
  const secrets = new Set(description.secrets.map(({ field }) => field));
  const flat: Record<string, string> = {};
  const walk = (value: unknown, name: string): void => {
    if (secrets.has(name) || name === 'family' || value === null || value === undefined || value === HIDDEN)
      return;
    if (isMap(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`);
    } else flat[name] = String(value);
  };
  walk(description.fields, '');
  return flat;
}

/**
 * What the core is to write for a form. What the form does not know of an earlier profile of the same family stays: secrets
 * that are not named, and fields that are in no form. A secret that is given as an empty text goes.
 * @param old the profile of this name in the file, where there is one
 * @throws InvalidInputError when a secret stands among the plain fields
 */
export function profileOfForm(form: ProfileForm, old: ProfileDescription | undefined): NewProfile {
  const known = new Map(PROFILE_FORMS[form.family].map((field) => [field.name, field]));
  const before = old?.family === form.family ? old : undefined;
  const shown = before === undefined ? {} : flatFields(before);
  const fields: Record<string, unknown> = { family: form.family };
  const keep: string[] = [];
  for (const [name, text] of Object.entries(form.fields)) {
    if (text === '' || name === 'family') continue;
    if (known.get(name)?.kind === 'secret' && !VARIABLE.test(text)) throw secretAmongFields(form.name, name);
    // What is shown may be redacted, or have another type in the file: unchanged, it stays as it stands there.
    if (Object.hasOwn(shown, name) && shown[name] === text) keep.push(name);
    else setField(fields, name, typedValue(known.get(name)?.kind, text));
  }
  if (form.family === 'openstack') addDomains(fields, before, keep);
  const given = new Map(Object.entries(form.secrets).filter(([, text]) => text !== ''));
  const keptSecrets = (before?.secrets ?? [])
    .map(({ field }) => field)
    .filter((field) => !Object.hasOwn(form.secrets, field) && hasPartner(form, field));
  const secretNames = new Set([...keptSecrets, ...given.keys()]);
  keep.push(...keptSecrets, ...fieldsOfNoForm(before, known, secretNames));
  return {
    fields,
    keep,
    secretFields: [...given.keys()],
    readSecrets: async () => new Map([...given].map(([field, text]) => [field, new Secret(text)] as const)),
  };
}

/** Names are unique only inside a domain; where nobody set up others, it is this one. */
function addDomains(
  fields: Record<string, unknown>,
  before: ProfileDescription | undefined,
  keep: readonly string[],
): void {
  const has = (name: string) => Object.hasOwn(fields, name) || keep.includes(name);
  for (const [name, owner] of [
    ['username', 'user'],
    ['project_name', 'project'],
  ] as const) {
    const id = `${owner}_domain_id`;
    const isNamed = has(`${owner}_domain_name`) || has(id) || before?.fields[id] !== undefined;
    if (has(name) && !isNamed) fields[`${owner}_domain_name`] = 'Default';
  }
}

function hasPartner(form: ProfileForm, secret: string): boolean {
  const partners = PARTNERS[form.family][secret];
  const isGiven = (name: string) => (form.fields[name] ?? '') !== '';
  // A token stands alone, beside no other way to sign in.
  if (form.family === 'openstack' && secret === 'token')
    return !Object.values(PARTNERS.openstack).flat().some(isGiven);
  return partners === undefined || partners.some(isGiven);
}

/** Top-level fields of an earlier profile that no form has, as far as they still make sense. */
function fieldsOfNoForm(
  old: ProfileDescription | undefined,
  known: ReadonlyMap<string, unknown>,
  secrets: ReadonlySet<string>,
): string[] {
  const inForm = new Set([...known.keys()].map((name) => name.split('.')[0]));
  return Object.entries(old?.fields ?? {}).flatMap(([name, value]) => {
    if (name === 'family' || inForm.has(name) || value === HIDDEN || value === null) return [];
    const wanted = name === 'auth_type' ? SECRET_OF_AUTH_TYPE[String(value)] : NEEDS_SECRET[name];
    return wanted === undefined || secrets.has(wanted) ? [name] : [];
  });
}

function typedValue(kind: string | undefined, text: string): unknown {
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind === 'number' && /^\d{1,15}$/.test(text)) return Number(text);
  return text;
}

function setField(fields: Record<string, unknown>, name: string, value: unknown): void {
  const [first = '', ...rest] = name.split('.');
  if (first === '' || first === '__proto__') {
    throw new InvalidInputError({ operation: `set the field ${name}`, reason: 'this is no name of a field' });
  }
  if (rest.length === 0) {
    fields[first] = value;
    return;
  }
  const there = fields[first];
  const inner: Record<string, unknown> = isMap(there) ? { ...there } : {};
  setField(inner, rest.join('.'), value);
  fields[first] = inner;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const secretAmongFields = (profile: string, field: string) =>
  new InvalidInputError({
    operation: `save profile "${profile}"`,
    reason: `the field ${field} is a secret`,
    hint: `Give it as a secret; a plain field may only name a variable of the environment: \${VARIABLE}.`,
  });
