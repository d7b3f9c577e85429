// The form of a profile as data: what is wrong, what is sent, what stays.
import type { ProfileDetail } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import {
  copyDraft,
  type Draft,
  editDraft,
  formOf,
  freeName,
  mistakesOf,
  newDraft,
  wayOf,
  withFamily,
} from './form-model.ts';

const huawei = (over: Partial<ProfileDetail> = {}): ProfileDetail => ({
  profile: {
    name: 'east',
    family: 'huaweicloud',
    region: 'r-1',
    source: 'file',
    place: '/p.yaml',
    isDefault: false,
    editable: true,
    isLocal: false,
  },
  fields: { region: 'r-1', domain: 'acme', user: 'ada', 'regions.r-2.project': 'other' },
  secrets: [{ field: 'password', kind: 'keychain', place: 'the keychain of this system' }],
  ...over,
});
const edited = (detail = huawei()) => editDraft(detail, 'huaweicloud');
const set = (draft: Draft, values: Record<string, string>): Draft => ({
  ...draft,
  values: { ...draft.values, ...values },
});

describe('what is wrong with a form', () => {
  it('are fields that are missing', () => {
    expect(mistakesOf(newDraft('ucloudstack', []), undefined, [])).toEqual({
      endpoint: 'required',
      region: 'required',
      public_key: 'required',
      private_key: 'required',
    });
  });

  it('is nothing where a secret is kept, unless it is taken away', () => {
    const { draft, origin } = edited();
    expect(mistakesOf(draft, origin, undefined)).toEqual({});
    expect(mistakesOf({ ...draft, removed: ['password'] }, origin, undefined)).toEqual({
      password: 'required',
    });
  });

  it('depends on the way to sign in', () => {
    const { draft, origin } = edited();
    expect(mistakesOf({ ...draft, way: 'keys' }, origin, undefined)).toEqual({
      access_key: 'required',
      secret_key: 'required',
    });
  });

  it.each([
    ['not an address', 'url'],
    ['ftp://x.example', 'url'],
    ['x.example/api', 'url'],
    ['https://x.example/api', undefined],
    [' http://10.0.0.1:8080 ', undefined],
    [`\${ENDPOINT}`, undefined],
    ['https://obs.{region}.example', undefined],
  ])('an address may be %j: %s', (endpoint, mistake) => {
    const draft = set(newDraft('ucloudstack', []), { endpoint });
    expect(mistakesOf(draft, undefined, []).endpoint).toBe(mistake);
  });

  it('is not what already stands in the file, and not what is empty', () => {
    const detail = huawei({ fields: { ...huawei().fields, 'endpoints.obs': '***' } });
    const { draft, origin } = edited(detail);
    expect(mistakesOf(draft, origin, undefined)).toEqual({});
    expect(mistakesOf(set(draft, { 'endpoints.obs': '****' }), origin, undefined)).toEqual({
      'endpoints.obs': 'url',
    });
  });

  it.each([
    ['', 'required'],
    ['   ', 'required'],
    ['-x', 'name'],
    ['a/b', 'name'],
    ['<b>', 'name'],
    ['a'.repeat(101), 'name'],
    ['east', 'taken'],
    ['东部 2', undefined],
  ])('a name may be %j: %s', (name, mistake) => {
    expect(mistakesOf({ ...newDraft('openstack', []), name }, undefined, ['east']).name).toBe(mistake);
  });

  it('are letters where digits are wanted', () => {
    const draft = set(newDraft('ucloudstack', []), { company_id: '12a' });
    expect(mistakesOf(draft, undefined, []).company_id).toBe('number');
  });
});

describe('what is sent', () => {
  it('is what was filled in, without what has its default', () => {
    const draft = set(newDraft('ucloudstack', []), {
      endpoint: ' https://x.example ',
      region: 'r',
      public_key: 'pub',
      private_key: ' with spaces ',
      request_form: 'form',
      return_codes: 'v1',
      insecure: 'false',
      proxy: '',
    });
    expect(formOf(draft, undefined)).toEqual({
      name: 'ucloudstack',
      family: 'ucloudstack',
      fields: { endpoint: 'https://x.example', region: 'r', public_key: 'pub', return_codes: 'v1' },
      secrets: { private_key: ' with spaces ' },
    });
  });

  it('names no secret that stays, empties one that goes, and keeps what the form does not show', () => {
    const detail = huawei({
      fields: { ...huawei().fields, access_key: 'AK', insecure: 'true' },
      secrets: ['password', 'secret_key', 'proxy'].map((field) => ({ field, kind: 'file', place: 'p' })),
    });
    const { draft, origin } = edited(detail);
    const changed = set({ ...draft, removed: ['proxy'] }, { insecure: 'false', project: 'p', domain: '' });
    expect(formOf(changed, origin)).toEqual({
      name: 'east',
      family: 'huaweicloud',
      fields: {
        region: 'r-1',
        user: 'ada',
        access_key: 'AK',
        project: 'p',
        insecure: 'false',
        'regions.r-2.project': 'other',
      },
      secrets: { proxy: '' },
    });
  });

  it('has nothing of a way to sign in that is left', () => {
    const { draft, origin } = edited();
    const changed = set({ ...draft, way: 'keys' }, { access_key: 'AK', secret_key: 'sk' });
    expect(formOf(changed, origin)).toEqual({
      name: 'east',
      family: 'huaweicloud',
      fields: { region: 'r-1', access_key: 'AK', 'regions.r-2.project': 'other' },
      secrets: { secret_key: 'sk' },
    });
  });
});

it('finds the way to sign in that a profile has', () => {
  expect(wayOf('huaweicloud', ['access_key', 'secret_key'])).toBe('keys');
  expect(wayOf('huaweicloud', ['access_key', 'secret_key', 'domain', 'user', 'password'])).toBe('password');
  expect(wayOf('openstack', ['application_credential_name', 'application_credential_secret'])).toBe(
    'application_credential',
  );
  expect(wayOf('openstack', ['token'])).toBe('token');
  expect(wayOf('openstack', [])).toBe('password');
});

it('copies settings under a free name, without secrets, and names what it leaves', () => {
  const { draft, left } = copyDraft(huawei(), 'huaweicloud', ['east']);
  expect(draft).toMatchObject({ name: 'east-2', values: { region: 'r-1', user: 'ada' }, makeDefault: false });
  expect(left).toEqual(['regions.r-2.project']);
  expect(formOf(draft, undefined).secrets).toEqual({});
});

it('gives names that are free and legal', () => {
  expect(freeName('openstack', [])).toBe('openstack');
  expect(freeName('openstack', ['openstack', 'openstack-2'])).toBe('openstack-3');
  expect(freeName('<b>', [])).toBe('cloud');
});

it('changes the family with the name that nobody has chosen', () => {
  const draft = newDraft('openstack', []);
  expect(withFamily(draft, 'huaweicloud', [])).toMatchObject({ name: 'huaweicloud', way: 'password' });
  expect(withFamily({ ...draft, name: 'mine' }, 'huaweicloud', []).name).toBe('mine');
});
