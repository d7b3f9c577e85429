// The accounts of the cloud: made once, kept in the data directory with mode 0600.
import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { newId } from './http/exchange.ts';
import type {
  LocalAccount,
  LocalEndpoints,
  LocalOpenstackAccount,
  LocalRegionEndpoints,
  LocalUcloudstackAccount,
} from './options.ts';
import { readJsonFile, writeJsonFile, writeTextFile } from './store/json-file.ts';

const accountSchema = z.object({
  domain: z.string(),
  domainId: z.string(),
  user: z.string(),
  userId: z.string(),
  password: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  projects: z.record(z.string(), z.string()),
  // Absent in what an older version wrote.
  openstack: z
    .object({
      domainId: z.string(),
      domainName: z.string(),
      userId: z.string(),
      userName: z.string(),
      password: z.string(),
      projectId: z.string(),
      projectName: z.string(),
      roles: z.array(z.string()),
      applicationCredential: z.object({ id: z.string(), name: z.string(), secret: z.string() }),
    })
    .optional(),
  ucloudstack: z
    .object({
      companyId: z.number(),
      companyName: z.string(),
      email: z.string(),
      projectId: z.string(),
      publicKey: z.string(),
      privateKey: z.string(),
      admin: z.boolean(),
    })
    .optional(),
});

/** Domains of the accounts, with the name of their profiles. */
const profileNames: Readonly<Record<string, string>> = {
  acme: 'local',
  partner: 'partner',
  operator: 'operator',
};

/** Loads the accounts, or makes them; adds a project for each region that is new. */
export function loadAccounts(path: string, regions: readonly string[]): LocalAccount[] {
  const known = readJsonFile(path, z.array(accountSchema)) ?? [];
  const domains = Object.keys(profileNames);
  const accounts = domains
    .map((domain, index) => ({ ...newAccount(domain, index), ...known.find((one) => one.domain === domain) }))
    .map((account) => ({
      ...account,
      openstack: account.openstack ?? newOpenstackAccount(account.domain),
      ucloudstack:
        account.ucloudstack ?? newUcloudstackAccount(account.domain, domains.indexOf(account.domain)),
      projects: {
        ...Object.fromEntries(regions.map((region) => [region, newId()])),
        ...account.projects,
      },
    }));
  writeJsonFile(path, accounts, 0o600);
  return accounts;
}

function newAccount(domain: string, index: number): LocalAccount {
  return {
    domain,
    domainId: newId(),
    user: `${domain}-admin`,
    userId: newId(),
    password: randomBytes(18).toString('base64url'),
    accessKey: randomText('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 20),
    secretKey: randomText('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 40),
    projects: {},
    openstack: newOpenstackAccount(domain),
    ucloudstack: newUcloudstackAccount(domain, index),
  };
}

const secretText = () => randomBytes(18).toString('base64url');

function newOpenstackAccount(domain: string): LocalOpenstackAccount {
  return {
    domainId: 'default',
    domainName: 'Default',
    userId: newId(),
    userName: `${domain}-user`,
    password: secretText(),
    projectId: newId(),
    projectName: domain,
    roles: domain === 'operator' ? ['admin', 'member', 'reader'] : ['member', 'reader'],
    applicationCredential: { id: newId(), name: `${domain}-credential`, secret: secretText() },
  };
}

function newUcloudstackAccount(domain: string, index: number): LocalUcloudstackAccount {
  return {
    companyId: 200000236 + index,
    companyName: domain,
    email: `${domain}@example.com`,
    projectId: `project-${randomText('abcdefghijklmnopqrstuvwxyz0123456789', 14)}`,
    publicKey: randomBytes(30).toString('base64url'),
    privateKey: randomBytes(48).toString('base64url'),
    admin: domain === 'operator',
  };
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

type Fields = { [name: string]: string | number | boolean | Fields };

/** What the profile file is made of. */
export interface ProfileFacts {
  accounts: readonly LocalAccount[];
  regions: readonly string[];
  endpoints: LocalEndpoints;
  /** File of the certificate that clients must trust. */
  caFile?: string | undefined;
}

/** Writes the profile file for clients: one profile per account and family. */
export function writeProfiles(path: string, { accounts, regions, endpoints, caFile }: ProfileFacts): void {
  const clouds: Fields = {};
  for (const account of accounts) {
    const name = profileNames[account.domain] ?? account.domain;
    const region = regions[0] ?? '';
    clouds[name] = huaweiFields(account, region, endpoints);
    clouds[`${name}-openstack`] = openstackFields(account.openstack, region, endpoints);
    clouds[`${name}-easystack`] = {
      ...openstackFields(account.openstack, region, endpoints),
      dialect: 'easystack',
    };
    clouds[`${name}-ucloudstack`] = ucloudstackFields(account, region, endpoints);
  }
  if (caFile !== undefined) {
    for (const [name, fields] of Object.entries(clouds)) {
      if (typeof fields === 'object') clouds[name] = { ...fields, ca_file: caFile };
    }
  }
  const lines = ['# Written by the embedded cloud at each start.', ...yaml({ default: 'local', clouds }, '')];
  writeTextFile(path, `${lines.join('\n')}\n`, 0o600);
}

function huaweiFields(account: LocalAccount, region: string, endpoints: LocalEndpoints): Fields {
  return {
    family: 'huaweicloud',
    region,
    domain: account.domain,
    user: account.user,
    password: account.password,
    access_key: account.accessKey,
    secret_key: account.secretKey,
    obs_path_style: true,
    regions: perRegion(endpoints, ({ ims, obs }) => ({ endpoints: { iam: endpoints.iam, ims, obs } })),
  };
}

function openstackFields(account: LocalOpenstackAccount, region: string, endpoints: LocalEndpoints): Fields {
  return {
    family: 'openstack',
    region,
    auth_url: `${endpoints.keystone}/v3`,
    username: account.userName,
    user_domain_name: account.domainName,
    password: account.password,
    project_name: account.projectName,
    project_domain_name: account.domainName,
  };
}

function ucloudstackFields(account: LocalAccount, region: string, endpoints: LocalEndpoints): Fields {
  const { publicKey, privateKey, companyId, projectId } = account.ucloudstack;
  return {
    family: 'ucloudstack',
    region,
    endpoint: `${endpoints.ucloudstack}/api`,
    public_key: publicKey,
    private_key: privateKey,
    company_id: companyId,
    project_id: projectId,
    part_transport: {
      kind: 's3',
      endpoint: endpoints.regions[region]?.ucloudstackS3 ?? '',
      key_template: '{image_id}',
      signer: 'sigv4',
      access_key: account.accessKey,
      secret_key: account.secretKey,
    },
    regions: perRegion(endpoints, ({ ucloudstackS3 }) => ({
      download_url: `${ucloudstackS3}/s3/download`,
      part_endpoint: ucloudstackS3,
    })),
  };
}

const perRegion = (endpoints: LocalEndpoints, fields: (services: LocalRegionEndpoints) => Fields): Fields =>
  Object.fromEntries(
    Object.entries(endpoints.regions).map(([region, services]) => [region, fields(services)]),
  );

/** A JSON string is a YAML string, so only plain words go without quotes. */
function yaml(fields: Fields, indent: string): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const key = `${indent}${/^[a-z][a-z_-]*$/.test(name) ? name : JSON.stringify(name)}:`;
    if (typeof value === 'object') return [key, ...yaml(value, `${indent}  `)];
    const plain = ['family', 'default'].includes(name) && typeof value === 'string';
    return [`${key} ${plain ? value : JSON.stringify(value)}`];
  });
}
