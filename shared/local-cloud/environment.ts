// Ready settings for clients of the embedded cloud: ours, and other people's. Pure.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { loadAccounts } from './accounts.ts';
import { LocalCloudError } from './failure.ts';
import type { LocalAccount, LocalCloud, LocalEndpoints, LocalRegionEndpoints } from './options.ts';

/** What settings are made of. */
export type LocalCloudFacts = Pick<LocalCloud, 'endpoints' | 'accounts' | 'profilesPath'>;

/** Variables for one kind of client, with what they are for. */
export interface ClientSettings {
  /** E.g. `openstack`. */
  client: string;
  note: string;
  variables: Record<string, string>;
}

/**
 * Settings for one account in one region. They hold secrets.
 * @param account domain: `acme`, `partner` or `operator`
 * @throws LocalCloudError when there is no such account or region
 */
export function clientSettings(
  { endpoints, accounts, profilesPath }: LocalCloudFacts,
  account: string,
  region: string,
): ClientSettings[] {
  const owner = accounts.find(({ domain }) => domain === account);
  const services = endpoints.regions[region];
  if (owner === undefined) {
    throw new LocalCloudError(
      `There is no account ${account}: ${accounts.map((one) => one.domain).join(', ')}.`,
    );
  }
  if (services === undefined) {
    throw new LocalCloudError(`There is no region ${region}: ${Object.keys(endpoints.regions).join(', ')}.`);
  }
  return [
    {
      client: 'imagebridge',
      note: 'profiles local, partner and operator, also with -openstack, -easystack and -ucloudstack',
      variables: { IMAGEBRIDGE_CONFIG: profilesPath },
    },
    ...families(owner, endpoints, region),
    ...stores(owner, services, region),
  ];
}

function families(owner: LocalAccount, endpoints: LocalEndpoints, region: string): ClientSettings[] {
  const { openstack, ucloudstack } = owner;
  return [
    {
      client: 'huaweicloud',
      note: 'the image service and the object store have other addresses than in the cloud: use the profiles file',
      variables: {
        HW_REGION_NAME: region,
        HW_DOMAIN_NAME: owner.domain,
        HW_USER_NAME: owner.user,
        HW_USER_PASSWORD: owner.password,
        HW_ACCESS_KEY: owner.accessKey,
        HW_SECRET_KEY: owner.secretKey,
        HW_PROJECT_ID: owner.projects[region] ?? '',
        HW_AUTH_URL: `${endpoints.iam}/v3`,
      },
    },
    {
      client: 'openstack',
      note: 'the openstack and glance commands, and OpenStack kits',
      variables: {
        OS_AUTH_URL: `${endpoints.keystone}/v3`,
        OS_USERNAME: openstack.userName,
        OS_PASSWORD: openstack.password,
        OS_PROJECT_NAME: openstack.projectName,
        OS_USER_DOMAIN_NAME: openstack.domainName,
        OS_PROJECT_DOMAIN_NAME: openstack.domainName,
        OS_REGION_NAME: region,
        OS_IDENTITY_API_VERSION: '3',
      },
    },
    {
      client: 'ucloudstack',
      note: 'the action API',
      variables: {
        UCLOUDSTACK_ENDPOINT: `${endpoints.ucloudstack}/api`,
        UCLOUDSTACK_REGION: region,
        UCLOUDSTACK_PUBLIC_KEY: ucloudstack.publicKey,
        UCLOUDSTACK_PRIVATE_KEY: ucloudstack.privateKey,
        UCLOUDSTACK_COMPANY_ID: String(ucloudstack.companyId),
        UCLOUDSTACK_PROJECT_ID: ucloudstack.projectId,
      },
    },
  ];
}

function stores(owner: LocalAccount, { obs }: LocalRegionEndpoints, region: string): ClientSettings[] {
  return [
    {
      client: 'aws',
      note: 'version 1 of the aws command does not read AWS_ENDPOINT_URL: add --endpoint-url "$AWS_ENDPOINT_URL"',
      variables: {
        AWS_ACCESS_KEY_ID: owner.accessKey,
        AWS_SECRET_ACCESS_KEY: owner.secretKey,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: obs,
      },
    },
    {
      client: 'rclone',
      note: 'a remote named local: rclone lsd local:',
      variables: {
        RCLONE_CONFIG_LOCAL_TYPE: 's3',
        RCLONE_CONFIG_LOCAL_PROVIDER: 'Other',
        RCLONE_CONFIG_LOCAL_ENDPOINT: obs,
        RCLONE_CONFIG_LOCAL_ACCESS_KEY_ID: owner.accessKey,
        RCLONE_CONFIG_LOCAL_SECRET_ACCESS_KEY: owner.secretKey,
        RCLONE_CONFIG_LOCAL_FORCE_PATH_STYLE: 'true',
      },
    },
  ];
}

/** How the services were served last. Directories of older versions say nothing: `http`. */
export const schemeSchema = z.enum(['http', 'https']).default('http');
const stateSchema = z.object({ ports: z.record(z.string(), z.number()), scheme: schemeSchema });

/**
 * What a directory's running cloud is reached by, for another process.
 * @throws LocalCloudError when nothing was ever served from there
 */
export function readLocalCloud(dataDir: string, host = '127.0.0.1'): LocalCloudFacts {
  const folder = resolve(dataDir);
  let text: string;
  try {
    text = readFileSync(join(folder, 'state.json'), 'utf8');
  } catch {
    throw new LocalCloudError(`${folder} holds no embedded cloud.`);
  }
  const { ports, scheme } = stateSchema.parse(JSON.parse(text));
  const url = (name: string) => `${scheme}://${host}:${ports[name] ?? 0}`;
  const regions = Object.keys(ports).flatMap((name) => (name.startsWith('ims.') ? [name.slice(4)] : []));
  return {
    endpoints: {
      iam: url('iam'),
      keystone: url('keystone'),
      ucloudstack: url('ucloudstack'),
      control: `http://${host}:${ports.control ?? 0}`,
      regions: Object.fromEntries(
        regions.map((region) => [
          region,
          {
            ims: url(`ims.${region}`),
            obs: url(`obs.${region}`),
            glance: url(`glance.${region}`),
            ucloudstackS3: url(`ucloudstack-s3.${region}`),
          },
        ]),
      ),
    },
    accounts: loadAccounts(join(folder, 'accounts.json'), regions),
    profilesPath: join(folder, 'profiles.yaml'),
  };
}
