// Faults that change what a request does: lost parts, expired tokens, stuck jobs. And the settings for other clients.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientSettings, readLocalCloud } from './environment.ts';
import { LocalCloudError } from './failure.ts';
import { inventoryOf } from './huaweicloud/inventory.ts';
import { imsOf, obs, startTestCloud, type TestCloud } from './testing/client.ts';

let test: TestCloud;
beforeEach(async () => {
  test = await startTestCloud();
});
afterEach(() => test.remove());

describe('faults', () => {
  it('acknowledge a part and lose it', async () => {
    await obs(test, 'PUT', 'box');
    const begun = await obs(test, 'POST', 'box/parts', { query: 'uploads' });
    const uploadId = /<UploadId>([^<]+)/.exec(begun.text)?.[1] ?? '';
    test.cloud.faults.add({ service: 'obs', path: 'partNumber=1', action: { kind: 'lose-part' } });
    const send = () =>
      obs(test, 'PUT', 'box/parts', { query: `partNumber=1&uploadId=${uploadId}`, body: 'part' });
    const list = async () => (await obs(test, 'GET', 'box/parts', { query: `uploadId=${uploadId}` })).text;
    expect(await send()).toMatchObject({ status: 200, headers: { etag: expect.any(String) } });
    expect(await list()).not.toContain('<PartNumber>');
    await send();
    expect(await list()).toContain('<PartNumber>1<');
  });

  it('expire a token for one request', async () => {
    const acme = await imsOf(test, test.acme);
    test.cloud.faults.add({ service: 'ims', action: { kind: 'expire-token' } });
    expect((await acme.call('GET', '/v1/cloudimages/quota')).status).toBe(401);
    expect((await acme.call('GET', '/v1/cloudimages/quota')).status).toBe(200);
  });

  it('let a job run for ever', async () => {
    const acme = await imsOf(test, test.acme);
    const project = test.acme.projects['local-1'] ?? '';
    const server = inventoryOf(project, 'local-1').servers.find(({ name }) => name === 'build');
    test.cloud.faults.add({ service: 'ims', action: { kind: 'stuck-job' } });
    const make = (name: string) =>
      acme.call('POST', '/v2/cloudimages/action', { name, instance_id: server?.id });
    const stuck = await make('stuck');
    test.clock.ms += 24 * 3_600_000 - 60_000;
    const later = await acme.call('GET', `/v1/${project}/jobs/${stuck.data.job_id}`);
    expect(['INIT', 'RUNNING']).toContain(later.data.status);
    expect(later.data.end_time).toBe('');
  });
});

describe('settings for clients', () => {
  it('are the same from the running cloud and from its folder', () => {
    const own = clientSettings(test.cloud, 'acme', 'local-2');
    expect(clientSettings(readLocalCloud(test.dataDir), 'acme', 'local-2')).toEqual(own);
    expect(own.map(({ client }) => client)).toEqual([
      'imagebridge',
      'huaweicloud',
      'openstack',
      'ucloudstack',
      'aws',
      'rclone',
    ]);
    const aws = own.find(({ client }) => client === 'aws')?.variables;
    expect(aws?.AWS_ENDPOINT_URL).toBe(test.cloud.endpoints.regions['local-2']?.obs);
  });

  it('name what does not exist', () => {
    expect(() => clientSettings(test.cloud, 'nobody', 'local-1')).toThrow(/acme, partner, operator/);
    expect(() => clientSettings(test.cloud, 'acme', 'nowhere')).toThrow(LocalCloudError);
    expect(() => readLocalCloud(`${test.dataDir}/none`)).toThrow(/holds no embedded cloud/);
  });
});
