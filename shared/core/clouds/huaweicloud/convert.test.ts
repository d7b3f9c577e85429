// The service's words in all their variants, read into the model.
import { describe, expect, it } from 'vitest';
import { timeOf, toImage, toJob, toOsVersions } from './convert.ts';
import { imageSchema, jobSchema, osVersionsSchema, quotaSchema } from './ims/schemas.ts';
import { readTags, tagProblem } from './tags.ts';

describe('images', () => {
  it('reads the documented fields, and keeps the others', () => {
    const image = toImage(
      imageSchema.parse({
        id: 'i-1',
        name: 'base',
        status: 'active',
        visibility: 'private',
        owner: 'p-1',
        disk_format: 'zvhd2',
        __image_size: '449261568',
        size: 2,
        checksum: 'd41d8cd98f00b204e9800998ecf8427e',
        min_disk: 40,
        min_ram: '1024',
        __os_type: 'Linux',
        __os_version: ' CentOS 7.0 64bit',
        __description: 'ready',
        tags: ['env.prod', 'stage=live', 'bare'],
        __originalimagename: 'i-0',
        protected: 'False',
        created_at: '2018-09-06T14:03:27Z',
        update_at: '2018-09-06T15:00:00',
        __support_kvm: 'true',
        __whole_image: false,
        max_ram: null,
        later: { a: 1 },
      }),
    );
    expect(image).toEqual({
      id: 'i-1',
      name: 'base',
      status: 'active',
      rawStatus: 'active',
      description: 'ready',
      ownerId: 'p-1',
      visibility: 'private',
      diskFormat: 'zvhd2',
      sizeBytes: 449_261_568,
      minDiskGiB: 40,
      minRamMiB: 1024,
      osType: 'Linux',
      osVersion: 'CentOS 7.0 64bit',
      architecture: undefined,
      tags: { env: 'prod', stage: 'live', bare: '' },
      sourceImageId: 'i-0',
      protected: false,
      createdAt: new Date('2018-09-06T14:03:27Z'),
      updatedAt: new Date('2018-09-06T15:00:00Z'),
      properties: {
        size: '2',
        checksum: 'd41d8cd98f00b204e9800998ecf8427e',
        __support_kvm: 'true',
        __whole_image: 'false',
        later: '{"a":1}',
      },
    });
  });

  it.each([
    ['queued', 'pending'],
    ['saving', 'importing'],
    ['killed', 'failed'],
    ['pending_delete', 'deleted'],
    ['checking', 'unknown'],
  ])('reads the status %s as %s', (raw, status) => {
    expect(toImage({ id: 'i', status: raw })).toMatchObject({ status, rawStatus: raw });
  });

  it('gets by with an id alone, and knows no size from "0"', () => {
    expect(toImage({ id: 'i', __image_size: '0' })).toMatchObject({ id: 'i', name: '', status: 'unknown' });
    expect(toImage({ id: 'i', __image_size: '0' }).sizeBytes).toBeUndefined();
  });

  it('says that a shared image is shared', () => {
    expect(toImage({ id: 'i', visibility: 'private', __imagetype: 'shared' }).visibility).toBe('shared');
  });
});

describe('tags', () => {
  it('ends a key at the first dot or equals sign', () => {
    expect(readTags(['a.b.c', 'd=e.f', 'g.', '.h', '', 7])).toEqual({ a: 'b.c', d: 'e.f', g: '' });
    expect(Object.entries(readTags(['__proto__.x']))).toEqual([['__proto__', 'x']]);
  });

  it('knows the rule', () => {
    expect(tagProblem({ env: 'v1.2', 环境: '' })).toBeUndefined();
    expect(tagProblem({ 'a.b': 'c' })).toContain('"a.b"');
    expect(tagProblem({ a: 'x'.repeat(44) })).toContain('up to 43');
  });
});

describe('jobs', () => {
  const read = (wire: unknown) => toJob(jobSchema.parse(wire), 'j-1');

  it('reads a running job', () => {
    const job = read({
      status: 'RUNNING',
      job_type: 'imsImportImageJob',
      begin_time: '2024-11-06T06:19:43.195Z',
      end_time: '',
      error_code: null,
      fail_reason: null,
      entities: { process_percent: 0.2, current_task: 'x' },
    });
    expect(job).toMatchObject({ id: 'j-1', status: 'running', progress: 0.2, imageIds: [] });
    expect(job.startedAt).toEqual(new Date('2024-11-06T06:19:43.195Z'));
    expect(job.endedAt).toBeUndefined();
  });

  it.each([
    ['on top', { image_id: 'i-1', sub_jobs_result: [{ entities: { image_id: 'i-2' } }] }, ['i-1']],
    [
      'of the sub-jobs',
      { sub_jobs_result: [{ entities: { image_id: 'i-2' } }, { entities: { image_id: 'i-3' } }] },
      ['i-2', 'i-3'],
    ],
    ['of the results', { results: [{ image_id: 'i-4', status: 'success' }] }, ['i-4']],
    ['of an array', [{ image_id: 'i-5' }], ['i-5']],
    ['absent', {}, []],
  ])('finds the image ids %s', (_, entities, ids) => {
    const job = read({ status: 'success', entities });
    expect(job.status).toBe('succeeded');
    expect(job.imageIds).toEqual(ids);
    expect(job.progress).toBe(1);
  });

  it('gets by without entities', () => {
    expect(read({ status: 'INIT' })).toMatchObject({ status: 'queued', imageIds: [] });
    expect(read({ status: 'INIT', entities: null }).status).toBe('queued');
    expect(read({ status: 'INIT', entities: [] }).status).toBe('queued');
  });

  it('tells why it failed, sub-jobs included', () => {
    const job = read({
      status: 'FAIL',
      job_id: 'j-9',
      error_code: 'IMG.0057',
      fail_reason: 'The image file is empty.',
      entities: {
        sub_jobs_result: [
          { status: 'FAIL', job_id: 'j-10', error_code: 'IMG.0072', fail_reason: 'bad format', entities: {} },
          { status: 'SUCCESS', job_id: 'j-11', entities: { image_id: 'i' } },
        ],
      },
    });
    expect(job).toMatchObject({
      id: 'j-9',
      status: 'failed',
      errorCode: 'IMG.0057',
      failureReason: 'The image file is empty.; sub-job j-10 failed: IMG.0072 bad format',
    });
  });

  it('is failed when the one share it is about was refused', () => {
    const job = read({
      status: 'SUCCESS',
      entities: { results: [{ image_id: 'i', project_id: 'p', status: 'fail' }] },
    });
    expect(job).toMatchObject({ status: 'failed', failureReason: 'image i with project p: fail' });
  });

  it('goes on waiting for a status that it does not know', () => {
    expect(read({ status: 'PAUSED' }).status).toBe('running');
  });

  it('reads percents above one as percents', () => {
    expect(read({ status: 'RUNNING', entities: { process_percent: '45' } }).progress).toBe(0.45);
  });
});

describe('times', () => {
  it.each([
    ['04-Jun-2015 18:11:06:586', '2015-06-04T18:11:06.586Z'],
    ['2024-11-06T06:19:43.195Z', '2024-11-06T06:19:43.195Z'],
    ['2018-10-28 10:00:00', '2018-10-28T10:00:00.000Z'],
    ['2018-10-28T10:00:00.123456', '2018-10-28T10:00:00.123Z'],
  ])('reads %s', (text, iso) => {
    expect(timeOf(text)?.toISOString()).toBe(iso);
  });

  it.each(['', 'soon', '04-Foo-2015 18:11:06:586', null, 5])('reads %s as absent', (value) => {
    expect(timeOf(value)).toBeUndefined();
  });
});

describe('catalogues', () => {
  it('reads the operating systems', () => {
    const wire = [
      {
        platform: 'CentOS',
        version_list: [
          {
            platform: 'CentOS',
            os_version_key: 'CentOS 7.0 64bit',
            os_version: 'CentOS 7.0 64bit',
            os_bit: 64,
            os_type: 'Linux',
          },
          { os_version: 'CentOS 6.10 32bit', os_bit: '32', os_type: 'Linux' },
        ],
      },
    ];
    expect(toOsVersions(osVersionsSchema.parse(wire))).toEqual([
      { platform: 'CentOS', osVersion: 'CentOS 7.0 64bit', osType: 'Linux', bits: 64 },
      { platform: 'CentOS', osVersion: 'CentOS 6.10 32bit', osType: 'Linux', bits: 32 },
    ]);
  });

  it('reads quotas whose numbers are texts', () => {
    const wire = { quotas: { resources: [{ type: 'image', used: '2', quota: 20, min: 1, max: 1000 }] } };
    expect(quotaSchema.parse(wire).quotas.resources[0]).toMatchObject({ used: 2, quota: 20 });
  });
});
