// What each wire function sends (method, path, query, headers, body), and how it takes the documented answer; as a table of
// operations called by number, so that the table of operations is tested with it.
import { afterEach, describe, expect, it } from 'vitest';
import { HUAWEICLOUD_OPERATIONS } from '../operations.ts';
import { answer, openTestCloud, PROJECT_ID, type TestCloud } from '../test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

const ID = '33ad552d-1149-471c-8190-ff6776174a00';
const SERVER = '877a2cda-ba63-4e1e-b95f-e67e48b6129a';
const JOB = { job_id: '8a12fc664fb4daa3014fb4e581380005' };
/** A native image as seed 001 §6.1.2 shows it, cut short. */
const IMAGE = {
  schema: '/v2/schemas/image',
  min_disk: 100,
  created_at: '2018-09-06T14:03:27Z',
  __image_source_type: 'uds',
  container_format: 'bare',
  file: `/v2/images/${ID}/file`,
  updated_at: '2018-09-06T15:17:33Z',
  protected: true,
  checksum: 'd41d8cd98f00b204e9800998ecf8427e',
  id: ID,
  __isregistered: 'true',
  min_ram: 2048,
  __lazyloading: 'True',
  owner: '1bed856811654c1cb661a6ca845ebc77',
  __os_type: 'Linux',
  __imagetype: 'gold',
  visibility: 'public',
  virtual_env_type: 'FusionCompute',
  tags: [],
  __platform: 'CentOS',
  size: 0,
  __os_bit: '64',
  __os_version: 'CentOS 7.3 64bit',
  name: 'CentOS 7.3 64bit vivado',
  self: `/v2/images/${ID}`,
  disk_format: 'zvhd2',
  virtual_size: null,
  status: 'active',
};
const MEMBER = {
  status: 'accepted',
  created_at: '2016-09-01T02:05:14Z',
  updated_at: '2016-09-01T02:07:11Z',
  image_id: ID,
  member_id: 'edc89b490d7d4392898e19b2deb34797',
  schema: '/v2/schemas/member',
};
const VERSIONS = {
  versions: [
    {
      status: 'CURRENT',
      id: 'v2.2',
      links: [{ href: 'https://image.az1.dc1.domainname.com/v2/', rel: 'self' }],
    },
  ],
};
const SCHEMA = { name: 'member', properties: { status: { enum: ['pending', 'accepted', 'rejected'] } } };

interface Case {
  number: number;
  /** Where an operation has several cases. */
  variant?: string;
  parameters: Record<string, unknown>;
  bytes?: string;
  sent: { call: string; body?: unknown; headers?: Record<string, string> };
  status?: number;
  reply?: unknown;
  /** Default: data equal to `reply`. */
  gives?: unknown;
}

/** The order of a query has no meaning, except among the values of one name. */
function sortQuery(call: string): string {
  const [path = '', query = ''] = call.split('?');
  const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='));
  return `${path}?${query
    .split('&')
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
    .join('&')}`;
}

const create = '/v2/cloudimages/action';
const json = { 'content-type': 'application/json' };
const PATCH_V21 = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
const PATCH_V20 = { 'content-type': 'application/openstack-images-v2.0-json-patch' };

const cases: Case[] = [
  {
    number: 14,
    parameters: {
      __imagetype: 'gold',
      visibility: 'public',
      protected: true,
      tag: 'a=b',
      created_at: 'lt:2018-10-28T10:00:00Z',
      limit: 1,
      marker: ID,
    },
    sent: {
      call: `GET /v2/cloudimages?__imagetype=gold&visibility=public&protected=true&tag=a%3Db&created_at=lt%3A2018-10-28T10%3A00%3A00Z&limit=1&marker=${ID}`,
    },
    reply: { images: [IMAGE] },
  },
  {
    number: 15,
    parameters: {
      image_id: ID,
      changes: [
        { op: 'replace', path: '/name', value: 'ims_test' },
        { op: 'add', path: '/hw_firmware_type', value: 'uefi' },
        { op: 'remove', path: '/mine' },
      ],
    },
    sent: {
      call: `PATCH /v2/cloudimages/${ID}`,
      headers: json,
      body: [
        { op: 'replace', path: '/name', value: 'ims_test' },
        { op: 'add', path: '/hw_firmware_type', value: 'uefi' },
        { op: 'remove', path: '/mine' },
      ],
    },
    reply: IMAGE,
  },
  {
    number: 16,
    variant: 'a, a server',
    parameters: { name: 'ims_test', description: '云服务器制作镜像', instance_id: SERVER, tags: ['aaa.111'] },
    sent: {
      call: `POST ${create}`,
      headers: json,
      body: { name: 'ims_test', description: '云服务器制作镜像', instance_id: SERVER, tags: ['aaa.111'] },
    },
    reply: JOB,
  },
  {
    number: 16,
    variant: 'a, data disks',
    parameters: {
      data_images: [
        { name: 'ims_data', volume_id: 'c5dfbd0c-bf0a-4798-a453-61dc6b54aa30', tags: ['aaa.111', 'bbb.333'] },
      ],
    },
    sent: {
      call: `POST ${create}`,
      body: {
        data_images: [
          {
            name: 'ims_data',
            volume_id: 'c5dfbd0c-bf0a-4798-a453-61dc6b54aa30',
            tags: ['aaa.111', 'bbb.333'],
          },
        ],
      },
    },
    reply: JOB,
  },
  {
    number: 16,
    variant: 'b, a file with data disks',
    parameters: {
      name: 'ims_test_file',
      image_url: 'ims-image:centos70.qcow2',
      os_version: ' CentOS 7.0 64bit',
      min_disk: 40,
      is_quick_import: true,
      image_tags: [{ key: 'key2', value: 'value2' }],
      data_images: [{ image_url: 'ims-image:data.zvhd2', min_disk: 2048, is_quick_import: true }],
    },
    sent: {
      call: `POST ${create}`,
      body: {
        name: 'ims_test_file',
        image_url: 'ims-image:centos70.qcow2',
        os_version: 'CentOS 7.0 64bit',
        min_disk: 40,
        is_quick_import: true,
        image_tags: [{ key: 'key2', value: 'value2' }],
        data_images: [{ image_url: 'ims-image:data.zvhd2', min_disk: 2048, is_quick_import: true }],
      },
    },
    reply: JOB,
  },
  {
    number: 16,
    variant: 'c, a volume',
    parameters: { name: 'ims_test', volume_id: SERVER, type: 'ECS', os_version: 'CentOS 7.0 64bit' },
    sent: {
      call: `POST ${create}`,
      body: { name: 'ims_test', volume_id: SERVER, type: 'ECS', os_version: 'CentOS 7.0 64bit' },
    },
    reply: JOB,
  },
  {
    number: 16,
    variant: 'd, an ISO file',
    parameters: {
      name: 'iso',
      image_url: 'b:k.iso',
      min_disk: 40,
      type: 'IsoImage',
      os_version: 'CentOS 7.0 64bit',
    },
    sent: {
      call: `POST ${create}`,
      body: {
        name: 'iso',
        image_url: 'b:k.iso',
        min_disk: 40,
        type: 'IsoImage',
        os_version: 'CentOS 7.0 64bit',
      },
    },
    reply: JOB,
  },
  {
    number: 17,
    variant: 'a system disk',
    parameters: {
      name: 'ims_test_file',
      image_url: 'ims-image:centos70.zvhd2',
      os_version: 'CentOS 7.0 64bit',
      min_disk: 1024,
      type: 'ECS',
      architecture: 'arm',
      tags: ['aaa.111', 'bbb.333', 'ccc.444'],
    },
    sent: {
      call: 'POST /v2/cloudimages/quickimport/action',
      body: {
        name: 'ims_test_file',
        image_url: 'ims-image:centos70.zvhd2',
        os_version: 'CentOS 7.0 64bit',
        min_disk: 1024,
        type: 'ECS',
        architecture: 'arm',
        tags: ['aaa.111', 'bbb.333', 'ccc.444'],
      },
    },
    reply: JOB,
  },
  {
    number: 17,
    variant: 'a data disk',
    parameters: {
      name: 'd',
      image_url: 'ims-image:data.zvhd2',
      os_type: 'Linux',
      min_disk: 1,
      type: 'DataImage',
    },
    sent: {
      call: 'POST /v2/cloudimages/quickimport/action',
      body: {
        name: 'd',
        image_url: 'ims-image:data.zvhd2',
        os_type: 'Linux',
        min_disk: 1,
        type: 'DataImage',
      },
    },
    reply: JOB,
  },
  {
    number: 18,
    parameters: {
      name: 'd',
      os_type: 'Windows',
      image_url: 'b:k.qcow2',
      min_disk: 2048,
      cmk_id: 'key-1',
      image_tags: [{ key: 'k' }],
    },
    sent: {
      call: 'POST /v1/cloudimages/dataimages/action',
      body: {
        name: 'd',
        os_type: 'Windows',
        image_url: 'b:k.qcow2',
        min_disk: 2048,
        cmk_id: 'key-1',
        image_tags: [{ key: 'k' }],
      },
    },
    reply: JOB,
  },
  {
    number: 19,
    variant: 'a server',
    parameters: { name: 'instance_whole_image', instance_id: SERVER, vault_id: 'de9fcf45', max_ram: 4096 },
    sent: {
      call: 'POST /v1/cloudimages/wholeimages/action',
      body: { name: 'instance_whole_image', instance_id: SERVER, vault_id: 'de9fcf45', max_ram: 4096 },
    },
    reply: JOB,
  },
  {
    number: 19,
    variant: 'a backup',
    parameters: { name: 'backup_whole_image', backup_id: '9b27efab-4a17-4c06-bfa2-3e0cf021d3c3' },
    sent: {
      call: 'POST /v1/cloudimages/wholeimages/action',
      body: {
        name: 'backup_whole_image',
        backup_id: '9b27efab-4a17-4c06-bfa2-3e0cf021d3c3',
        whole_image_type: 'CBR',
      },
    },
    reply: JOB,
  },
  {
    number: 20,
    parameters: { image_id: ID, image_url: 'ims-image:centos70.qcow2' },
    sent: { call: `PUT /v1/cloudimages/${ID}/upload`, body: { image_url: 'ims-image:centos70.qcow2' } },
    reply: JOB,
  },
  {
    number: 21,
    variant: 'with conversion',
    parameters: { image_id: ID, bucket_url: 'ims-image:export.zvhd', file_format: 'zvhd' },
    sent: {
      call: `POST /v1/cloudimages/${ID}/file`,
      body: { bucket_url: 'ims-image:export.zvhd', file_format: 'zvhd' },
    },
    reply: JOB,
  },
  {
    number: 21,
    variant: 'the quick way',
    parameters: { image_id: ID, bucket_url: 'ims-image:export', is_quick_export: true },
    sent: {
      call: `POST /v1/cloudimages/${ID}/file`,
      body: { bucket_url: 'ims-image:export', is_quick_export: true },
    },
    reply: JOB,
  },
  {
    number: 22,
    parameters: { tag: ['kvm', 'uefi'] },
    sent: { call: 'GET /v1/cloudimages/os_version?tag=kvm&tag=uefi' },
    reply: [
      {
        platform: 'CentOS',
        version_list: [
          {
            platform: 'CentOS',
            os_version_key: 'CentOS 7.2 64bit',
            os_version: 'CentOS 7.2 64bit',
            os_bit: 64,
            os_type: 'Linux',
          },
        ],
      },
    ],
  },
  {
    number: 23,
    parameters: { images: [ID], projects: ['p-1', 'p-2'] },
    sent: {
      call: 'DELETE /v1/cloudimages/members',
      headers: json,
      body: { images: [ID], projects: ['p-1', 'p-2'] },
    },
    reply: JOB,
  },
  {
    number: 24,
    parameters: { images: [ID, 'i-2'], projects: ['p-1'] },
    sent: { call: 'POST /v1/cloudimages/members', body: { images: [ID, 'i-2'], projects: ['p-1'] } },
    reply: JOB,
  },
  {
    number: 25,
    parameters: { images: [ID], project_id: 'p-1', status: 'accepted', vault_id: 'v-1' },
    sent: {
      call: 'PUT /v1/cloudimages/members',
      body: { images: [ID], project_id: 'p-1', status: 'accepted', vault_id: 'v-1' },
    },
    reply: JOB,
  },
  {
    number: 26,
    parameters: { image_id: ID, name: 'copy', description: 'd', cmk_id: 'key-2' },
    sent: {
      call: `POST /v1/cloudimages/${ID}/copy`,
      body: { name: 'copy', description: 'd', cmk_id: 'key-2' },
    },
    reply: JOB,
  },
  {
    number: 27,
    parameters: {
      image_id: ID,
      name: 'copy',
      region: 'ae-ad-2',
      project_name: 'p',
      agency_name: 'ag',
      vault_id: 'v-1',
    },
    sent: {
      call: `POST /v1/cloudimages/${ID}/cross_region_copy`,
      body: { name: 'copy', region: 'ae-ad-2', project_name: 'p', agency_name: 'ag', vault_id: 'v-1' },
    },
    reply: JOB,
  },
  {
    number: 28,
    parameters: {},
    sent: { call: 'GET /v1/cloudimages/quota' },
    reply: { quotas: { resources: [{ type: 'image', used: 0, quota: 20, min: 1, max: 1000 }] } },
  },
  {
    number: 29,
    variant: 'the project of the profile',
    parameters: { job_id: 'j-1' },
    sent: { call: `GET /v1/${PROJECT_ID}/jobs/j-1` },
    reply: {
      status: 'SUCCESS',
      entities: { image_id: ID, process_percent: 0.2 },
      job_id: 'j-1',
      job_type: 'createImageByInstance',
      begin_time: '04-Jun-2015 18:11:06:586',
      end_time: '',
      error_code: null,
      fail_reason: null,
    },
  },
  {
    number: 29,
    variant: 'another project',
    parameters: { job_id: 'j-1', project_id: 'p-9' },
    sent: { call: 'GET /v1/p-9/jobs/j-1' },
    reply: { status: 'INIT', job_id: 'j-1', entities: [{ image_id: ID }] },
  },
  {
    number: 30,
    parameters: { limit: 25, name: 'a b', 'X-Api-Version': 'Q' },
    sent: { call: 'GET /v2/images?limit=25&name=a%20b', headers: { 'x-api-version': 'Q' } },
    reply: {
      first: '/v2/images?limit=25',
      next: `/v2/images?limit=25&marker=${ID}`,
      schema: '/v2/schemas/images',
      images: [IMAGE],
    },
  },
  {
    number: 31,
    parameters: { image_id: ID },
    sent: { call: `GET /v2/images/${ID}` },
    reply: IMAGE,
  },
  {
    number: 32,
    variant: 'v2.1',
    parameters: { image_id: ID, changes: [{ op: 'replace', path: '/name', value: 'test01' }] },
    sent: {
      call: `PATCH /v2/images/${ID}`,
      headers: PATCH_V21,
      body: [{ op: 'replace', path: '/name', value: 'test01' }],
    },
    reply: IMAGE,
  },
  {
    number: 32,
    variant: 'v2.0',
    parameters: { image_id: ID, changes: [{ replace: '/name', value: 'test01' }, { remove: '/mine' }] },
    sent: {
      call: `PATCH /v2/images/${ID}`,
      headers: PATCH_V20,
      body: [{ replace: '/name', value: 'test01' }, { remove: '/mine' }],
    },
    reply: IMAGE,
  },
  {
    number: 33,
    parameters: { image_id: ID },
    bytes: 'the bytes of a disk',
    sent: {
      call: `PUT /v2/images/${ID}/file`,
      headers: { 'content-type': 'application/octet-stream', 'content-length': '19' },
      body: 'the bytes of a disk',
    },
    status: 204,
    gives: {},
  },
  {
    number: 34,
    variant: 'without a body',
    parameters: { image_id: ID },
    sent: { call: `DELETE /v2/images/${ID}`, body: '' },
    status: 204,
    gives: {},
  },
  {
    number: 34,
    variant: 'with its backup',
    parameters: { image_id: ID, delete_backup: true },
    sent: {
      call: `DELETE /v2/images/${ID}`,
      headers: { 'content-length': '22' },
      body: { delete_backup: true },
    },
    status: 204,
    gives: {},
  },
  {
    number: 35,
    parameters: {
      __os_version: 'Ubuntu 14.04 server 64bit',
      container_format: 'bare',
      disk_format: 'zvhd2',
      min_disk: 100,
      min_ram: 1024,
      name: 'test',
      tags: ['test=testvalue', 'image=imagevalue'],
      visibility: 'private',
      protected: false,
    },
    sent: {
      call: 'POST /v2/images',
      body: {
        __os_version: 'Ubuntu 14.04 server 64bit',
        container_format: 'bare',
        disk_format: 'zvhd2',
        min_disk: 100,
        min_ram: 1024,
        name: 'test',
        tags: ['test=testvalue', 'image=imagevalue'],
        visibility: 'private',
        protected: false,
      },
    },
    status: 201,
    reply: { ...IMAGE, status: 'queued', properties: {} },
  },
  {
    number: 36,
    parameters: { image_id: ID },
    sent: { call: `DELETE /v1.1/images/${ID}` },
    status: 200,
    gives: {},
  },
  {
    number: 38,
    parameters: { size_min: '1', 'changes-since': '2016-01-01T00:00:00Z', status: 'active' },
    sent: {
      call: 'GET /v1.1/images/detail?size_min=1&changes-since=2016-01-01T00%3A00%3A00Z&status=active',
    },
    reply: { images: [{ id: ID, is_public: false, deleted_at: null, properties: {} }] },
  },
  { number: 39, parameters: {}, sent: { call: 'GET /v2/schemas/image' }, reply: SCHEMA },
  { number: 40, parameters: {}, sent: { call: 'GET /v2/schemas/images' }, reply: SCHEMA },
  { number: 41, parameters: {}, sent: { call: 'GET /v2/schemas/member' }, reply: SCHEMA },
  { number: 42, parameters: {}, sent: { call: 'GET /v2/schemas/members' }, reply: SCHEMA },
  {
    number: 43,
    parameters: { image_id: ID, member: 'p-1' },
    sent: { call: `POST /v2/images/${ID}/members`, body: { member: 'p-1' } },
    reply: { ...MEMBER, status: 'pending' },
  },
  {
    number: 44,
    parameters: { image_id: ID, member_id: 'p-1', status: 'rejected', vault_id: 'v-1' },
    sent: {
      call: `PUT /v2/images/${ID}/members/p-1`,
      body: { status: 'rejected', vault_id: 'v-1' },
    },
    reply: MEMBER,
  },
  {
    number: 45,
    parameters: { image_id: ID, member_id: 'p-1' },
    sent: { call: `GET /v2/images/${ID}/members/p-1` },
    reply: MEMBER,
  },
  {
    number: 46,
    parameters: { image_id: ID },
    sent: { call: `GET /v2/images/${ID}/members` },
    reply: { members: [MEMBER], schema: '/v2/schemas/members' },
  },
  {
    number: 47,
    parameters: { image_id: ID, member_id: 'p-1' },
    sent: { call: `DELETE /v2/images/${ID}/members/p-1` },
    status: 204,
    gives: {},
  },
  { number: 48, parameters: {}, sent: { call: 'GET /' }, status: 300, reply: VERSIONS },
  {
    number: 49,
    parameters: { api_version: 'v2.0' },
    sent: { call: 'GET /v2.0' },
    status: 300,
    reply: VERSIONS,
  },
  {
    number: 52,
    variant: 'a server',
    parameters: { name: 'ims_test', instance_id: SERVER, enterprise_project_id: '0' },
    sent: {
      call: `POST ${create}`,
      body: { name: 'ims_test', instance_id: SERVER, enterprise_project_id: '0' },
    },
    reply: JOB,
  },
  {
    number: 52,
    variant: 'a file',
    parameters: { name: 'f', image_url: 'b:k.qcow2', min_disk: 1024, type: 'FusionCompute' },
    sent: {
      call: `POST ${create}`,
      body: { name: 'f', image_url: 'b:k.qcow2', min_disk: 1024, type: 'FusionCompute' },
    },
    reply: JOB,
  },
  {
    number: 59,
    parameters: { image_id: ID, changes: [{ add: '/mine', value: 'v' }] },
    sent: { call: `PATCH /v2/images/${ID}`, headers: PATCH_V20, body: [{ add: '/mine', value: 'v' }] },
    reply: IMAGE,
  },
];

describe('each operation', () => {
  it.each(cases.map((row) => ({ ...row, label: `${row.number}${row.variant ? ` (${row.variant})` : ''}` })))(
    '$label sends what is documented, and gives the answer as it came',
    async (row) => {
      const { number, parameters, sent, status = 200, reply } = row;
      test = await openTestCloud((request, response) => {
        if (request.url.startsWith('/v3/')) return undefined;
        if (reply !== undefined) return answer(response, status, reply);
        response.writeHead(status);
        response.end();
        return true;
      });
      const content = Buffer.from(row.bytes ?? '');
      const bytes = {
        sizeBytes: content.byteLength,
        open: async function* () {
          yield content.subarray(0, 3);
          yield content.subarray(3);
        },
      };
      const input = row.bytes === undefined ? { parameters } : { parameters, bytes };
      const got = await test.cloud.callOperation(number, input);
      expect(got).toEqual(row.gives ?? { data: reply });
      expect(test.calls().map(sortQuery)).toEqual([sortQuery(sent.call)]);
      const [request] = test.received.filter(({ url }) => !url.startsWith('/v3/'));
      expect(request?.headers).toMatchObject({ 'x-auth-token': 'token-1', ...sent.headers });
      const text = request?.body.toString() ?? '';
      const body = typeof sent.body === 'object' ? JSON.parse(text) : text;
      expect(body).toEqual(sent.body ?? '');
    },
  );

  it('is in the table with its call as the documents write it', async () => {
    test = await openTestCloud(() => undefined);
    const numbers = [...Array.from({ length: 39 }, (_, index) => index + 14), 59];
    expect(HUAWEICLOUD_OPERATIONS.map(({ number }) => number)).toEqual(numbers);
    const covered = new Set([...cases.map(({ number }) => number), 37, 50, 51]);
    expect([...covered].sort((a, b) => a - b)).toEqual(numbers);
    for (const { number, sent } of cases) {
      const { call } = HUAWEICLOUD_OPERATIONS.find((known) => known.number === number) ?? { call: '' };
      const pattern = call.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '[^/]+');
      expect(sent.call.replace(/\?.*/, '')).toMatch(new RegExp(`^${pattern}$`));
    }
  });

  it('has its parameters by their names on the wire', () => {
    for (const { number, call, parameters } of HUAWEICLOUD_OPERATIONS) {
      const named = [...call.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
      const names = parameters.map(({ name }) => name);
      expect(names, String(number)).toEqual(expect.arrayContaining(named));
      const used = cases.filter((row) => row.number === number).flatMap((row) => Object.keys(row.parameters));
      expect(names, String(number)).toEqual(expect.arrayContaining(used));
    }
    const list = HUAWEICLOUD_OPERATIONS.find(({ number }) => number === 14)?.parameters;
    expect(list).toContainEqual({ name: 'limit', type: 'integer', required: false });
    expect(list).toContainEqual({
      name: 'sort_dir',
      type: 'string',
      required: false,
      values: ['asc', 'desc'],
    });
    const patch = HUAWEICLOUD_OPERATIONS.find(({ number }) => number === 32)?.parameters;
    expect(patch).toEqual([
      { name: 'image_id', type: 'string', required: true },
      { name: 'changes', type: 'object[]', required: true },
    ]);
  });
});

describe('an answer that does not matter', () => {
  it('may be anything', async () => {
    test = await openTestCloud((request, response) => {
      if (request.url.startsWith('/v3/')) return undefined;
      response.end('{"deleted":');
      return true;
    });
    const reply = await test.cloud.callOperation(36, { parameters: { image_id: ID } });
    expect(reply).toEqual({ data: '{"deleted":' });
  });
});

describe('operation 37', () => {
  it('reads the headers of the documented sample', async () => {
    test = await openTestCloud((request, response) => {
      if (request.url.startsWith('/v3/')) return undefined;
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=UTF-8',
        'Content-Length': '0',
        'X-Image-Meta-Id': '3c3d1d01-b48a-4639-8a88-08be3b9b5d78',
        'X-Image-Meta-Deleted': 'False',
        'X-Image-Meta-Container_format': 'bare',
        'X-Image-Meta-Created_at': '2016-05-22T06:04:20.425843',
        'X-Image-Meta-Is_public': 'True',
        Etag: '64d7c1cd2b6f60c92c14662941cb7913',
      });
      response.end();
      return true;
    });
    const reply = await test.cloud.callOperation(37, { parameters: { image_id: ID } });
    expect(test.calls()).toEqual([`HEAD /v1/images/${ID}`]);
    expect(reply).toEqual({
      headers: {
        'x-image-meta-id': '3c3d1d01-b48a-4639-8a88-08be3b9b5d78',
        'x-image-meta-deleted': 'False',
        'x-image-meta-container_format': 'bare',
        'x-image-meta-created_at': '2016-05-22T06:04:20.425843',
        'x-image-meta-is_public': 'True',
        etag: '64d7c1cd2b6f60c92c14662941cb7913',
      },
    });
  });
});

describe('operations 50 and 51', () => {
  it('give a token that is wrapped, and the projects', async () => {
    test = await openTestCloud((request, response) =>
      request.url.startsWith('/v3/projects')
        ? answer(response, 200, { projects: [{ id: 'p-1', name: 'r-1', parent_id: 'd' }], links: {} })
        : undefined,
    );
    const token = await test.cloud.callOperation(50, { parameters: {} });
    expect(token.data).toMatchObject({ token: { methods: ['password'], project: { id: PROJECT_ID } } });
    expect(String(token.headers?.['x-subject-token'])).not.toContain('token-1');
    expect(JSON.stringify(token)).not.toContain('token-1');
    await test.cloud.callOperation(50, { parameters: { nocatalog: false } });
    const projects = await test.cloud.callOperation(51, { parameters: { name: 'r 1' } });
    expect(projects.data).toEqual({ projects: [{ id: 'p-1', name: 'r-1', parent_id: 'd' }], links: {} });
    const urls = test.received.map(({ method, url }) => `${method} ${url}`);
    expect(urls).toEqual([
      'POST /v3/auth/tokens?nocatalog=true',
      'POST /v3/auth/tokens',
      'POST /v3/auth/tokens?nocatalog=true',
      'GET /v3/projects?name=r%201',
    ]);
    expect(test.received.at(-1)?.headers['x-auth-token']).toBe('token-3');
  });
});
