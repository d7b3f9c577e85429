// The forms of profiles, by family, as data: names are those of the profile file. Labels are in the window's languages
// below `profileField.`. `desktop/engine` compares the names with what the core reads.
import type { Family } from './views/profile.ts';

/** A field of a profile's form. */
export interface ProfileField {
  /** Name in the profile file, nested ones with a dot. */
  name: string;
  kind: 'text' | 'url' | 'secret' | 'choice' | 'flag' | 'number' | 'file';
  /** Of a choice, the first one is the default. */
  choices?: readonly string[];
  required?: boolean;
  /** Shown with these groups open: `main` always, the others folded. `way:…` belongs to a way to sign in. */
  group: 'main' | 'advanced' | `way:${string}`;
  placeholder?: string;
}

/** Ways to sign in, by family: each shows the fields of its group. The first one is the default. */
export const SIGN_IN_WAYS: Readonly<Record<Family, readonly string[]>> = {
  ucloudstack: ['keys'],
  huaweicloud: ['password', 'keys'],
  openstack: ['password', 'application_credential', 'token'],
};

const connection: readonly ProfileField[] = [
  { name: 'proxy', kind: 'secret', group: 'advanced', placeholder: 'http://proxy.example.com:3128' },
  { name: 'ca_file', kind: 'file', group: 'advanced' },
  { name: 'insecure', kind: 'flag', group: 'advanced' },
];

/** Fields by family, in the order of the form. */
export const PROFILE_FORMS: Readonly<Record<Family, readonly ProfileField[]>> = {
  ucloudstack: [
    {
      name: 'endpoint',
      kind: 'url',
      required: true,
      group: 'main',
      placeholder: 'https://console.example.com/api',
    },
    { name: 'region', kind: 'text', required: true, group: 'main', placeholder: 'cn' },
    { name: 'public_key', kind: 'text', required: true, group: 'way:keys' },
    { name: 'private_key', kind: 'secret', required: true, group: 'way:keys' },
    { name: 'company_id', kind: 'number', group: 'advanced' },
    { name: 'project_id', kind: 'text', group: 'advanced' },
    { name: 'security_token', kind: 'secret', group: 'advanced' },
    { name: 'request_form', kind: 'choice', choices: ['form', 'json', 'get'], group: 'advanced' },
    { name: 'return_codes', kind: 'choice', choices: ['v2', 'v1'], group: 'advanced' },
    { name: 'limits', kind: 'choice', choices: ['documented', 'extended'], group: 'advanced' },
    { name: 'download_url', kind: 'url', group: 'advanced' },
    ...connection,
  ],
  huaweicloud: [
    { name: 'region', kind: 'text', required: true, group: 'main', placeholder: 'cn-north-4' },
    { name: 'domain', kind: 'text', required: true, group: 'way:password' },
    { name: 'user', kind: 'text', required: true, group: 'way:password' },
    { name: 'password', kind: 'secret', required: true, group: 'way:password' },
    { name: 'access_key', kind: 'text', required: true, group: 'way:keys' },
    { name: 'secret_key', kind: 'secret', required: true, group: 'way:keys' },
    { name: 'security_token', kind: 'secret', group: 'way:keys' },
    { name: 'project', kind: 'text', group: 'main' },
    { name: 'staging_bucket', kind: 'text', group: 'main' },
    { name: 'project_id', kind: 'text', group: 'advanced' },
    { name: 'agency_name', kind: 'text', group: 'advanced' },
    { name: 'domain_suffix', kind: 'text', group: 'advanced', placeholder: 'myhuaweicloud.com' },
    { name: 'endpoints.iam', kind: 'url', group: 'advanced' },
    { name: 'endpoints.ims', kind: 'url', group: 'advanced' },
    { name: 'endpoints.obs', kind: 'url', group: 'advanced' },
    { name: 'obs_path_style', kind: 'flag', group: 'advanced' },
    ...connection,
  ],
  openstack: [
    {
      name: 'auth_url',
      kind: 'url',
      required: true,
      group: 'main',
      placeholder: 'https://keystone.example.com:5000/v3',
    },
    { name: 'region', kind: 'text', required: true, group: 'main', placeholder: 'RegionOne' },
    { name: 'username', kind: 'text', required: true, group: 'way:password' },
    { name: 'password', kind: 'secret', required: true, group: 'way:password' },
    { name: 'user_domain_name', kind: 'text', group: 'way:password', placeholder: 'Default' },
    { name: 'project_name', kind: 'text', group: 'way:password' },
    { name: 'project_domain_name', kind: 'text', group: 'way:password', placeholder: 'Default' },
    { name: 'application_credential_id', kind: 'text', required: true, group: 'way:application_credential' },
    {
      name: 'application_credential_secret',
      kind: 'secret',
      required: true,
      group: 'way:application_credential',
    },
    { name: 'token', kind: 'secret', required: true, group: 'way:token' },
    { name: 'project_id', kind: 'text', group: 'advanced' },
    { name: 'dialect', kind: 'choice', choices: ['upstream', 'easystack'], group: 'advanced' },
    { name: 'interface', kind: 'choice', choices: ['public', 'internal', 'admin'], group: 'advanced' },
    { name: 'image_endpoint', kind: 'url', group: 'advanced' },
    ...connection,
  ],
};
