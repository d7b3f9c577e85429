// The attributes of one cloud of the provider's configuration: the fields of a profile, of all families. Imports the plugin
// framework only.
import type { CloudFamily } from '@imagebridge/core';
import { type Attributes, a, validators } from '@imagebridge/terraform-plugin';
import { notBlank, positiveNumber, serviceUrl, wholeNumber } from '../validators.ts';

const text = (description: string) => a.string({ optional: true, description, validators: [notBlank] });
const flag = (description: string) => a.bool({ optional: true, description });
const secret = (description: string) =>
  a.string({ optional: true, sensitive: true, description, validators: [notBlank] });
const url = (description: string) => a.string({ optional: true, description, validators: [serviceUrl] });
const choice = (description: string, ...words: readonly string[]) =>
  a.string({
    optional: true,
    description: `${description}: ${words.map((word) => `\`${word}\``).join(', ')}.`,
    validators: [validators.oneOf(...words)],
  });

const endpoints = (description: string) =>
  a.single({
    optional: true,
    description,
    attributes: {
      iam: url('URL of the identity service (IAM); may hold `{region}`.'),
      ims: url('URL of the image service (IMS); may hold `{region}`.'),
      obs: url('URL of the object store (OBS); may hold `{region}`.'),
    },
  });

/** Which fields a family has beside those of all, and which of them say who one is. */
interface FamilyFields {
  readonly fields: Attributes;
  readonly credentials: readonly string[];
}

const project_id = text('Id of the project.');
const password = secret(
  'Password of the user. Terraform keeps the configuration of providers in plan files: use an ephemeral variable, the ' +
    'environment or a profile.',
);
const security_token = secret('Security token that belongs to temporary keys.');

const HUAWEICLOUD: FamilyFields = {
  credentials: ['user', 'password', 'access_key', 'secret_key', 'security_token'],
  fields: {
    domain: text('Huawei Cloud: account (domain) that the user belongs to.'),
    user: text('Huawei Cloud: name of the user.'),
    password,
    access_key: secret(
      'Huawei Cloud: access key; signs requests to the object store, and all requests where there is no user.',
    ),
    secret_key: secret('Huawei Cloud: secret key that belongs to `access_key`.'),
    security_token,
    project: text("Huawei Cloud: name of the project. Default: the region's name."),
    project_id,
    obs_path_style: flag(
      'Huawei Cloud: name the bucket in the path instead of the host name. Default: only where the host is an IP address or localhost.',
    ),
    staging_bucket: text(
      "Huawei Cloud: bucket that files are uploaded to before the import. Default: a name made from the project's.",
    ),
    agency_name: text('Huawei Cloud: agency (delegation) that copies across regions act under.'),
    domain_suffix: text(
      'Huawei Cloud: endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX` unless `endpoints` says otherwise.',
    ),
    endpoints: endpoints(
      'Huawei Cloud: URLs of the services, where they do not follow from `domain_suffix`.',
    ),
  },
};

const OPENSTACK: FamilyFields = {
  credentials: [
    'username',
    'user_id',
    'password',
    'token',
    'application_credential_id',
    'application_credential_name',
    'application_credential_secret',
  ],
  fields: {
    auth_url: url('OpenStack: URL of Keystone, with or without `/v3`.'),
    auth_type: choice(
      'OpenStack: how Keystone is asked. Default: by what is given. One of',
      'password',
      'token',
      'application_credential',
    ),
    username: text('OpenStack: name of the user.'),
    user_id: text('OpenStack: id of the user, instead of name and domain.'),
    user_domain_name: text('OpenStack: domain of the user, by name.'),
    user_domain_id: text('OpenStack: domain of the user, by id.'),
    password,
    token: secret('OpenStack: a token, instead of a password.'),
    application_credential_id: text('OpenStack: id of an application credential.'),
    application_credential_name: text(
      'OpenStack: name of an application credential; needs the user as well.',
    ),
    application_credential_secret: secret('OpenStack: secret of the application credential.'),
    project_name: text('OpenStack: name of the project.'),
    project_id,
    project_domain_name: text('OpenStack: domain of the project, by name.'),
    project_domain_id: text('OpenStack: domain of the project, by id.'),
    interface: choice(
      'OpenStack: which endpoint of the catalogue is used. One of',
      'public',
      'internal',
      'admin',
    ),
    image_endpoint: url(
      "OpenStack: URL of the image service instead of the catalogue's; may hold `{region}`.",
    ),
    dialect: choice(
      'OpenStack: what the service speaks. Default `upstream`. One of',
      'upstream',
      'easystack',
    ),
  },
};

const UCLOUDSTACK: FamilyFields = {
  credentials: ['public_key', 'private_key', 'security_token'],
  fields: {
    endpoint: url('UCloudStack: URL of the API, path included.'),
    public_key: secret('UCloudStack: public key.'),
    private_key: secret('UCloudStack: private key.'),
    security_token,
    company_id: a.number({
      optional: true,
      description: 'UCloudStack: id of the tenant (CompanyID).',
      validators: [wholeNumber(1)],
    }),
    project_id,
    request_form: choice(
      'UCloudStack: how requests are written. Default `form`. One of',
      'form',
      'json',
      'get',
    ),
    return_codes: choice('UCloudStack: generation of the return codes. Default `v2`. One of', 'v1', 'v2'),
    limits: choice(
      'UCloudStack: what names and formats the cloud takes. Default `documented`. One of',
      'documented',
      'extended',
    ),
    download_url: url(
      'UCloudStack: URL that downloads begin with, up to and including `/download`; may hold `{region}`.',
    ),
    part_transport: a.single({
      optional: true,
      description:
        'UCloudStack: how the parts of an upload travel. No document describes it: this is experimental.',
      attributes: {
        kind: choice('The kind', 's3'),
        endpoint: url(
          'URL of the S3 service, up to and including the path before the bucket; may hold `{region}`.',
        ),
        key_template: text(
          'Object key; may hold `{image_id}`, `{upload_id}`, `{image_name}`. Default `{image_id}`.',
        ),
        signer: choice('How requests are signed. Default `sigv4`. One of', 'sigv4', 'obs', 'none'),
        access_key: secret('Access key of the S3 service.'),
        secret_key: secret('Secret key that belongs to `access_key`.'),
        signing_region: text('Name of the region in the signature. Default `us-east-1`.'),
      },
    }),
  },
};

/** The fields of each family. */
export const FAMILY_FIELDS: Readonly<Record<CloudFamily, FamilyFields>> = {
  huaweicloud: HUAWEICLOUD,
  openstack: OPENSTACK,
  ucloudstack: UCLOUDSTACK,
};

/** What a region may say differently, by family. */
export const REGION_FIELDS: Readonly<Record<CloudFamily, Attributes>> = {
  huaweicloud: {
    endpoints: endpoints('Huawei Cloud: URLs of the services in that region.'),
    project: text("Huawei Cloud: name of the project in that region. Default: the region's name."),
    staging_bucket: text('Huawei Cloud: staging bucket in that region.'),
  },
  openstack: {},
  ucloudstack: {
    download_url: url('UCloudStack: URL that downloads begin with in that region.'),
    part_endpoint: url('UCloudStack: URL of the part transport in that region.'),
  },
};

/** Limits of the requests of an account; they belong to this provider, not to a profile. */
export const requestLimits = (whose: string, otherwise: string) => ({
  requests_per_second: a.number({
    optional: true,
    description: `Most requests per second to one service of ${whose}. ${otherwise}`,
    validators: [positiveNumber],
  }),
  parallel_requests: a.number({
    optional: true,
    description: `Most requests under way at once to one service of ${whose}. ${otherwise}`,
    validators: [wholeNumber(1)],
  }),
});

/**
 * One entry of `clouds`. Typed as attributes of any name, because the fields are handed on to the core as they are, which checks
 * them; types of seventy attributes in six models would say the same in thousands of lines.
 */
export const cloudAttributes: Attributes = {
  profile: text(
    'Name of a profile in the profiles file. Excludes all other settings but `region` and the limits.',
  ),
  family: choice(
    'Family of the cloud; needed unless a profile is meant. One of',
    'huaweicloud',
    'openstack',
    'ucloudstack',
  ),
  region: text('Region that is used where a resource names none.'),
  proxy: secret(
    'Proxy for all requests, e.g. `http://proxy.example:3128`. Default: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`.',
  ),
  ca_file: text("File (PEM) with certificates of authorities to trust besides the system's."),
  insecure: flag(
    'True: certificates are not checked. Everybody on the way can then read and change what is sent.',
  ),
  ...HUAWEICLOUD.fields,
  ...OPENSTACK.fields,
  ...UCLOUDSTACK.fields,
  regions: a.nestedMap({
    optional: true,
    description: 'Huawei Cloud and UCloudStack: what differs in a region, by its name.',
    attributes: { ...REGION_FIELDS.huaweicloud, ...REGION_FIELDS.ucloudstack },
  }),
  ...requestLimits('this cloud', "Default: the provider's."),
};

/** Fields of all families. */
export const SHARED_FIELDS = ['family', 'region', 'proxy', 'ca_file', 'insecure', 'regions'];
