// What is filled into the form of a profile, and what becomes of it. Pure: no React, no engine.
import {
  type Family,
  PROFILE_FORMS,
  type ProfileDetail,
  type ProfileField,
  type ProfileForm,
  SIGN_IN_WAYS,
} from '@imagebridge/desktop-contract';

/** The form as it stands. */
export interface Draft {
  name: string;
  family: Family;
  /** Way to sign in, of `SIGN_IN_WAYS`. */
  way: string;
  /** By the names of fields; new secrets too. */
  values: Readonly<Record<string, string>>;
  /** Stored secrets that shall be taken away. */
  removed: readonly string[];
  makeDefault: boolean;
}

/** The profile that is being changed, as it was. */
export interface Origin {
  way: string;
  fields: Readonly<Record<string, string>>;
  secrets: ProfileDetail['secrets'];
}

/** What is wrong with a field; texts are below `invalid.`. */
export type Mistake = 'required' | 'url' | 'number' | 'name' | 'taken';
/** By field; `name` is the profile's name. */
export type Mistakes = Readonly<Record<string, Mistake>>;

/** Names that the profile file takes. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,99}$/u;

/** Fields that are seen with a way to sign in, in the order of the form. */
export function fieldsOf(family: Family, way: string): readonly ProfileField[] {
  return PROFILE_FORMS[family].filter(
    ({ group }) => group === 'main' || group === 'advanced' || group === `way:${way}`,
  );
}

/** The way to sign in that a profile has; the first one where it does not tell. */
export function wayOf(family: Family, names: readonly string[]): string {
  // A credential may be named instead of given by its id; the form does not have that field, and leaves it alone.
  const has = (name: string) => names.includes(name);
  const ways = SIGN_IN_WAYS[family];
  const ofWay = (way: string) => PROFILE_FORMS[family].filter(({ group }) => group === `way:${way}`);
  const whole = ways.find((way) => ofWay(way).every(({ name, required }) => !required || has(name)));
  const begun = ways.find((way) => ofWay(way).some(({ name, required }) => required && has(name)));
  return whole ?? begun ?? ways[0] ?? '';
}

/** An empty form. */
export function newDraft(family: Family, taken: readonly string[]): Draft {
  return {
    name: freeName(family, taken),
    family,
    way: SIGN_IN_WAYS[family][0] ?? '',
    values: {},
    removed: [],
    makeDefault: false,
  };
}

/** The form of a profile that is there. Secrets are not in it: nobody outside of the engine has them. */
export function editDraft(detail: ProfileDetail, family: Family): { draft: Draft; origin: Origin } {
  const way = wayOf(family, [...Object.keys(detail.fields), ...detail.secrets.map(({ field }) => field)]);
  return {
    draft: {
      name: detail.profile.name,
      family,
      way,
      values: knownValues(detail, family),
      removed: [],
      makeDefault: detail.profile.isDefault,
    },
    origin: { way, fields: detail.fields, secrets: detail.secrets },
  };
}

/** A form with the settings of another profile, but without its secrets; and what no form has of it. */
export function copyDraft(
  detail: ProfileDetail,
  family: Family,
  taken: readonly string[],
): { draft: Draft; left: string[] } {
  const { draft } = editDraft(detail, family);
  return {
    draft: {
      ...draft,
      name: freeName(detail.profile.name.replace(/^clouds\.yaml:/, ''), taken),
      makeDefault: false,
    },
    left: Object.keys(detail.fields).filter((name) => !Object.hasOwn(draft.values, name)),
  };
}

function knownValues(detail: ProfileDetail, family: Family): Record<string, string> {
  const plain = PROFILE_FORMS[family].filter(({ kind }) => kind !== 'secret').map(({ name }) => name);
  return Object.fromEntries(Object.entries(detail.fields).filter(([name]) => plain.includes(name)));
}

/** A name that is not taken: the wish, or the wish with a number. */
export function freeName(wish: string, taken: readonly string[]): string {
  const base = NAME.test(wish) ? wish.slice(0, 96) : 'cloud';
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}

/** Another family: the way to sign in begins anew, and fields that both have keep their values. */
export function withFamily(draft: Draft, family: Family, taken: readonly string[]): Draft {
  const hadOwnName = draft.name !== freeName(draft.family, taken);
  return {
    ...draft,
    family,
    name: hadOwnName ? draft.name : freeName(family, taken),
    way: SIGN_IN_WAYS[family][0] ?? '',
  };
}

/** What is wrong with a form. @param taken names that a new profile cannot have; undefined: it is not new */
export function mistakesOf(
  draft: Draft,
  origin: Origin | undefined,
  taken: readonly string[] | undefined,
): Mistakes {
  const mistakes: Record<string, Mistake> = {};
  if (taken !== undefined) {
    const name = draft.name.trim();
    if (name === '') mistakes.name = 'required';
    else if (!NAME.test(name)) mistakes.name = 'name';
    else if (taken.includes(name)) mistakes.name = 'taken';
  }
  for (const field of fieldsOf(draft.family, draft.way)) {
    const mistake = mistakeOf(field, draft, origin);
    if (mistake !== undefined) mistakes[field.name] = mistake;
  }
  return mistakes;
}

function mistakeOf(field: ProfileField, draft: Draft, origin: Origin | undefined): Mistake | undefined {
  const value = (draft.values[field.name] ?? '').trim();
  if (value === '') {
    const isKept = field.kind === 'secret' && isStored(field.name, draft, origin);
    return field.required && !isKept ? 'required' : undefined;
  }
  // What stands in the file stays as it stands there; it may be redacted here.
  if (value === origin?.fields[field.name]) return undefined;
  if ((field.kind === 'url' || field.name === 'proxy') && !isUrl(value)) return 'url';
  if (field.kind === 'number' && !/^\d{1,15}$/.test(value) && !hasVariable(value)) return 'number';
  return undefined;
}

/** True while a stored secret stays. */
export function isStored(name: string, draft: Draft, origin: Origin | undefined): boolean {
  return origin?.secrets.some(({ field }) => field === name) === true && !draft.removed.includes(name);
}

const hasVariable = (text: string) => /\$\{\w+\}/.test(text);

/** An http(s) address; `${VARIABLE}` and `{region}` may stand in it. */
function isUrl(text: string): boolean {
  if (/^\$\{\w+\}$/.test(text)) return true;
  const filled = text.replaceAll(/\$?\{\w+\}/g, 'x');
  return URL.canParse(filled) && /^https?:$/.test(new URL(filled).protocol);
}

/** What the engine is given. What the form does not show of the profile stays, unless another way to sign in is chosen. */
export function formOf(draft: Draft, origin: Origin | undefined): ProfileForm {
  const { family, way, values, removed } = draft;
  const isSameWay = origin !== undefined && origin.way === way;
  const inForm = new Set(PROFILE_FORMS[family].map(({ name }) => name));
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(origin?.fields ?? {})) {
    // Nested settings that no form has belong to no way to sign in.
    if (isSameWay || (!inForm.has(name) && name.includes('.'))) fields[name] = value;
  }
  const secrets: Record<string, string> = {};
  for (const field of fieldsOf(family, way)) {
    const value = values[field.name] ?? '';
    if (field.kind === 'secret') {
      if (value !== '') secrets[field.name] = value;
      else if (removed.includes(field.name)) secrets[field.name] = '';
      continue;
    }
    const text = value.trim();
    const isDefault = text === (field.kind === 'flag' ? 'false' : field.choices?.[0]);
    const wasThere = origin !== undefined && Object.hasOwn(origin.fields, field.name);
    if (text === '' || (isDefault && !wasThere)) delete fields[field.name];
    else fields[field.name] = text;
  }
  return { name: draft.name.trim(), family, fields, secrets };
}
