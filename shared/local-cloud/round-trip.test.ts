// From the first byte to the last deletion, over real HTTP.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imsOf, md5, obs, sha256, startTestCloud, type TestCloud, tagOf } from './testing/client.ts';

let test: TestCloud;
beforeEach(async () => {
  test = await startTestCloud();
});
afterEach(() => test.remove());

const location = '<CreateBucketConfiguration><Location>local-1</Location></CreateBucketConfiguration>';

async function uploadInParts(path: string, parts: Buffer[]): Promise<string> {
  const begun = await obs(test, 'POST', path, { query: 'uploads' });
  const uploadId = tagOf(begun.text, 'UploadId');
  const listed: string[] = [];
  for (const [index, body] of parts.entries()) {
    const query = `partNumber=${index + 1}&uploadId=${uploadId}`;
    const headers = { 'content-md5': md5(body).toString('base64') };
    const reply = await obs(test, 'PUT', path, { query, body, headers });
    expect(reply.status).toBe(200);
    expect(reply.headers.etag).toBe(`"${md5(body).toString('hex')}"`);
    listed.push(`<Part><PartNumber>${index + 1}</PartNumber><ETag>${reply.headers.etag}</ETag></Part>`);
  }
  const done = await obs(test, 'POST', path, {
    query: `uploadId=${uploadId}`,
    body: `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`,
  });
  expect(done.status).toBe(200);
  return uploadId;
}

describe('the life of an image', () => {
  it('goes from parts to a copy in another region, and leaves nothing behind', async () => {
    const content = Buffer.alloc(700_000, 'image ');
    expect((await obs(test, 'PUT', 'stage', { body: location })).status).toBe(200);
    const uploadId = await uploadInParts('stage/a/disk.raw', [
      content.subarray(0, 300_000),
      content.subarray(300_000),
    ]);
    const head = await obs(test, 'HEAD', 'stage/a/disk.raw');
    expect(head.headers['x-obs-uploadid']).toBe(uploadId);
    expect(head.headers['content-length']).toBe('700000');

    const acme = await imsOf(test);
    const created = await acme.call('POST', '/v2/cloudimages/action', {
      name: 'base',
      description: 'the base image',
      image_url: 'stage:a/disk.raw',
      min_disk: 40,
      os_version: 'Ubuntu 22.04 server 64bit',
      tags: ['team.core', 'bare'],
    });
    expect(created.status).toBe(200);
    const running = await acme.call(
      'GET',
      `/v1/${test.acme.projects['local-1']}/jobs/${created.data.job_id}`,
    );
    expect(running.data).toMatchObject({ status: 'INIT', end_time: '', job_type: 'imsImportImageJob' });
    test.clock.ms += 500;
    const half = await acme.call('GET', `/v1/cloudimages/job/${created.data.job_id}`);
    expect(half.data).toMatchObject({ status: 'RUNNING', entities: { process_percent: 0.5 } });
    const job = await acme.finish(created.data.job_id);
    expect(job).toMatchObject({ status: 'SUCCESS', error_code: null, entities: { image_name: 'base' } });
    const id: string = job.entities.image_id;

    expect((await obs(test, 'DELETE', 'stage/a/disk.raw')).status).toBe(204);
    const listed = await acme.call('GET', '/v2/cloudimages?tag=team=core&__imagetype=private&name=base');
    expect(listed.data.images).toHaveLength(1);
    expect(listed.data.images[0]).toMatchObject({
      id,
      status: 'active',
      __image_size: '700000',
      size: 0,
      min_disk: 40,
      disk_format: 'zvhd2',
      __description: 'the base image',
      __platform: 'Ubuntu',
      __os_bit: '64',
      tags: ['team=core', 'bare='],
      owner: test.acme.projects['local-1'],
    });

    const partner = await imsOf(test, test.partner);
    const partnerProject = test.partner.projects['local-1'];
    const members = { images: [id], projects: [partnerProject] };
    const shared = await acme.call('POST', '/v1/cloudimages/members', members);
    expect(await acme.finish(shared.data.job_id)).toMatchObject({
      status: 'SUCCESS',
      entities: { results: [{ image_id: id, project_id: partnerProject, status: 'success' }] },
    });
    expect((await partner.call('GET', '/v2/cloudimages?protected=false')).data.images).toHaveLength(0);
    const pending = '/v2/cloudimages?member_status=pending&visibility=shared&__imagetype=shared';
    expect((await partner.call('GET', pending)).data.images).toHaveLength(1);
    const refused = await partner.call('POST', `/v1/cloudimages/${id}/copy`, { name: 'mine' });
    expect(refused.code).toBe('IMG.0196');
    const accepted = await partner.call('PUT', '/v1/cloudimages/members', {
      images: [id],
      project_id: partnerProject,
      status: 'accepted',
    });
    expect((await partner.finish(accepted.data.job_id)).status).toBe('SUCCESS');
    expect((await partner.call('GET', '/v2/cloudimages?__imagetype=shared')).data.images[0].id).toBe(id);
    expect((await acme.call('GET', `/v2/images/${id}/members`)).data.members[0].status).toBe('accepted');

    const copied = await partner.call('POST', `/v1/cloudimages/${id}/copy`, { name: 'mine' });
    const copyId: string = (await partner.finish(copied.data.job_id)).entities.image_id;
    const copy = (await partner.call('GET', `/v2/images/${copyId}`)).data;
    expect(copy).toMatchObject({ __originalimagename: id, visibility: 'private', __image_size: '700000' });

    const crossed = await acme.call('POST', `/v1/cloudimages/${id}/cross_region_copy`, {
      name: 'base',
      region: 'local-2',
      project_name: 'local-2',
      agency_name: 'ims_copy',
    });
    const crossedId: string = (await acme.finish(crossed.data.job_id)).entities.image_id;
    const elsewhere = await imsOf(test, test.acme, 'local-2');
    expect((await elsewhere.call('GET', `/v2/images/${crossedId}`)).data).toMatchObject({
      __originalimagename: id,
      owner: test.acme.projects['local-2'],
    });

    const stored = await test.cloud.storedImages();
    expect(stored.map((image) => image.sha256)).toEqual(Array(3).fill(sha256(content)));
    const unshared = await acme.call('DELETE', '/v1/cloudimages/members', members);
    expect(await acme.finish(unshared.data.job_id)).toMatchObject({
      status: 'SUCCESS',
      entities: { results: [] },
    });
    expect((await acme.call('GET', `/v2/images/${id}`)).data.visibility).toBe('private');
    expect((await acme.call('DELETE', `/v2/images/${id}`)).status).toBe(204);
    expect((await acme.call('GET', `/v2/images/${id}`)).status).toBe(404);
    expect((await partner.call('DELETE', `/v2/images/${copyId}`)).status).toBe(204);
    expect((await elsewhere.call('DELETE', `/v2/images/${crossedId}`)).status).toBe(204);
    expect(await test.cloud.storedImages()).toEqual([]);
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
  });
});
