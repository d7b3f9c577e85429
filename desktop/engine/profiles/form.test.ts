// The form of a profile and the profile file agree; what the form does not know stays.
import { type ProfileDescription, parseProfile, SECRET_FIELDS } from '@imagebridge/core';
import { PROFILE_FORMS, type ProfileForm, SIGN_IN_WAYS } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { flatFields, profileOfForm } from './form.ts';

const FAMILIES = ['ucloudstack', 'huaweicloud', 'openstack'] as const;

/** Values that are right for a field. */
const sample = ({ name, kind, choices }: (typeof PROFILE_FORMS)['openstack'][number]): string => {
  if (kind === 'url') return 'https://x.example';
  if (kind === 'flag') return 'true';
  if (kind === 'number') return '200000236';
  return choices?.[0] ?? (name === 'proxy' ? 'http://p.example:3128' : `text-of-${name}`);
};

/** A form of one way to sign in, with all of its fields and all that are advanced. */
function fullForm(family: (typeof FAMILIES)[number], way: string, more?: string): ProfileForm {
  const fields = PROFILE_FORMS[family].filter(
    ({ group }) => group === 'main' || group === 'advanced' || group === `way:${way}`,
  );
  const of = (isSecret: boolean) =>
    Object.fromEntries(
      fields
        .filter(({ kind }) => (kind === 'secret') === isSecret)
        .map((field) => [field.name, sample(field)]),
    );
  return { name: 'x', family, fields: { ...of(false), ...(more ? { [more]: 'y' } : {}) }, secrets: of(true) };
}

async function resolved(form: ProfileForm) {
  const { fields, readSecrets, secretFields = [] } = profileOfForm(form, undefined);
  const secrets = (await readSecrets?.(secretFields)) ?? new Map();
  const withSecrets: Record<string, unknown> = { ...fields };
  for (const [name, secret] of secrets) withSecrets[name] = secret.reveal();
  return parseProfile('x', withSecrets);
}

describe.each(FAMILIES)('the form of %s', (family) => {
  it.each(SIGN_IN_WAYS[family])('has only fields that the core reads, signing in by %s', async (way) => {
    expect(await resolved(fullForm(family, way))).toMatchObject({ family });
    await expect(resolved(fullForm(family, way, 'regoin'))).rejects.toThrow('regoin is unknown');
  });

  it('marks exactly the secrets of the core as secret', () => {
    const marked = PROFILE_FORMS[family].filter(({ kind }) => kind === 'secret').map(({ name }) => name);
    // The transport of parts is in no form: it is set by hand.
    const secrets = SECRET_FIELDS[family].filter((name) => !name.includes('.'));
    expect(marked.toSorted()).toEqual(secrets.toSorted());
  });

  it('offers choices that the core takes', async () => {
    for (const { name, choices } of PROFILE_FORMS[family]) {
      for (const choice of choices ?? []) {
        const form = fullForm(family, SIGN_IN_WAYS[family][0] ?? '');
        await resolved({ ...form, fields: { ...form.fields, [name]: choice } });
      }
    }
  });
});

const old = (
  family: string,
  fields: Record<string, unknown>,
  secrets: readonly string[],
): ProfileDescription => ({
  name: 'x',
  family,
  region: 'r',
  kind: 'file',
  source: '/p.yaml',
  isDefault: false,
  fields: { family, ...fields, ...Object.fromEntries(secrets.map((name) => [name, '***'])) },
  secrets: secrets.map((field) => ({ field, kind: 'keychain', place: 'a box' })),
  problem: undefined,
});
const form = (
  family: ProfileForm['family'],
  fields: Record<string, string>,
  secrets: Record<string, string> = {},
): ProfileForm => ({ name: 'x', family, fields, secrets });

describe('a form over an earlier profile', () => {
  it('keeps secrets that are not named, what no form has, and what is unchanged', () => {
    const before = old(
      'ucloudstack',
      {
        endpoint: 'https://x.example/api?token=***',
        region: 'r',
        company_id: 5,
        part_transport: { kind: 's3', secret_key: '***' },
        regions: { 'a.b': { download_url: 'https://d.example' } },
        limits: 'extended',
        mistyped: '***',
      },
      ['private_key', 'proxy'],
    );
    const { fields, keep, secretFields } = profileOfForm(
      form('ucloudstack', {
        endpoint: 'https://x.example/api?token=***',
        region: 'r-2',
        company_id: '5',
        limits: '',
      }),
      before,
    );
    expect(fields).toEqual({ family: 'ucloudstack', region: 'r-2' });
    expect(keep?.toSorted()).toEqual([
      'company_id',
      'endpoint',
      'part_transport',
      'private_key',
      'proxy',
      'regions',
    ]);
    expect(secretFields).toEqual([]);
  });

  it('takes a secret away that is given as an empty text, and replaces one that is given', () => {
    const before = old('ucloudstack', {}, ['private_key', 'proxy']);
    const made = profileOfForm(form('ucloudstack', {}, { proxy: '', private_key: 'new' }), before);
    expect(made.keep).toEqual([]);
    expect(made.secretFields).toEqual(['private_key']);
  });

  it('drops the secrets of a way to sign in that is left', () => {
    const password = old('openstack', { username: 'u', auth_type: 'password', user_domain_id: 'd' }, [
      'password',
    ]);
    const credential = form(
      'openstack',
      { application_credential_id: 'i' },
      { application_credential_secret: 's' },
    );
    expect(profileOfForm(credential, password).keep).toEqual(['user_domain_id']);
    const token = old('openstack', { application_credential_name: 'n' }, ['token']);
    expect(profileOfForm(form('openstack', { username: 'u' }, { password: 'p' }), token).keep).toEqual([]);
    expect(profileOfForm(form('openstack', {}), token).keep).toEqual(['token']);
    const keys = old('huaweicloud', {}, ['password', 'secret_key', 'security_token']);
    expect(profileOfForm(form('huaweicloud', { user: 'u' }), keys).keep).toEqual(['password']);
  });

  it('takes nothing over from another family', () => {
    const before = old('openstack', { region: 'r' }, ['password']);
    expect(profileOfForm(form('huaweicloud', { region: 'r', user: 'u' }), before)).toMatchObject({
      keep: [],
      fields: { region: 'r', user: 'u' },
    });
  });

  it('names the domain that is there everywhere', () => {
    const fields = { username: 'u', project_name: 'p', project_domain_name: 'Mine' };
    expect(profileOfForm(form('openstack', fields), undefined).fields).toMatchObject({
      user_domain_name: 'Default',
      project_domain_name: 'Mine',
    });
    const before = old('openstack', { user_domain_id: 'd' }, []);
    expect(profileOfForm(form('openstack', { username: 'u' }), before).fields).toEqual({
      family: 'openstack',
      username: 'u',
    });
  });

  it('refuses a secret among the plain fields without repeating it, but for a variable', () => {
    const fields = { password: 'topsecret' };
    expect(() => profileOfForm(form('openstack', fields), undefined)).toThrow(
      'the field password is a secret',
    );
    expect(() => profileOfForm(form('openstack', fields), undefined)).not.toThrow('topsecret');
    const variable = `\${PASSWORD}`;
    expect(profileOfForm(form('openstack', { password: variable }), undefined).fields).toMatchObject({
      password: variable,
    });
    expect(() => profileOfForm(form('openstack', { '__proto__.x': 'y' }), undefined)).toThrow(
      'no name of a field',
    );
  });
});

it('fields are shown flat, without secrets and without what is hidden', () => {
  const { fields, secrets } = old(
    'huaweicloud',
    { region: 'r', obs_path_style: true, endpoints: { obs: 'https://o' }, passwort: '***' },
    ['password'],
  );
  expect(flatFields({ fields, secrets })).toEqual({
    region: 'r',
    obs_path_style: 'true',
    'endpoints.obs': 'https://o',
  });
});
