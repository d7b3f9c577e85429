// What tests of profiles share: right forms for an embedded cloud.
import type { ProfileForm } from '@imagebridge/desktop-contract';
import type { LocalCloud } from '@imagebridge/local-cloud';

/** The cloud's first account. */
export function firstAccount(cloud: LocalCloud): LocalCloud['accounts'][number] {
  const [first] = cloud.accounts;
  if (first === undefined) throw new Error('there is no account');
  return first;
}

/** The cloud's first region, with its addresses. */
export function firstRegion(
  cloud: LocalCloud,
): LocalCloud['endpoints']['regions'][string] & { name: string } {
  const [first] = Object.entries(cloud.endpoints.regions);
  if (first === undefined) throw new Error('there is no region');
  return { name: first[0], ...first[1] };
}

/** A right form for the embedded cloud, as somebody fills it in. */
export function rightForm(cloud: LocalCloud, family: ProfileForm['family']): ProfileForm {
  const acme = firstAccount(cloud);
  const region = firstRegion(cloud);
  const { fields, secrets } = {
    openstack: {
      fields: {
        auth_url: `${cloud.endpoints.keystone}/v3`,
        region: region.name,
        username: acme.openstack.userName,
        project_name: acme.openstack.projectName,
      },
      secrets: { password: acme.openstack.password },
    },
    huaweicloud: {
      fields: {
        region: region.name,
        domain: acme.domain,
        user: acme.user,
        access_key: acme.accessKey,
        obs_path_style: 'true',
        'endpoints.iam': cloud.endpoints.iam,
        'endpoints.ims': region.ims,
        'endpoints.obs': region.obs,
      },
      secrets: { password: acme.password, secret_key: acme.secretKey },
    },
    ucloudstack: {
      fields: {
        endpoint: `${cloud.endpoints.ucloudstack}/api`,
        region: region.name,
        public_key: acme.ucloudstack.publicKey,
        company_id: String(acme.ucloudstack.companyId),
        project_id: acme.ucloudstack.projectId,
      },
      secrets: { private_key: acme.ucloudstack.privateKey },
    },
  }[family];
  return { name: 'mine', family, fields, secrets };
}
