// What an image of Glance is in the words of the model, and how tags are written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toImage, wireStatus } from './convert.ts';
import { imageSchema, memberSchema } from './glance/schemas.ts';
import { readTags, tagProblem, writeTag } from './tags.ts';

const image = (wire: object) => toImage(imageSchema.parse({ id: 'i-1', ...wire }));

describe('an image', () => {
  it('is told in full', () => {
    expect(
      image({
        name: 'cirros',
        status: 'active',
        visibility: 'public',
        size: 13_287_936,
        virtual_size: null,
        checksum: 'EB9139E4942121F22BBC2AFC0400B2A4',
        os_hash_algo: 'sha512',
        os_hash_value: 'ABCD',
        os_hidden: false,
        disk_format: 'QCOW2',
        container_format: 'bare',
        min_disk: 1,
        min_ram: 64,
        owner: 'p-1',
        protected: true,
        tags: ['stage=dev', 'bare', 'a=b=c', '=x'],
        created_at: '2026-01-02T03:04:05Z',
        updated_at: '2026-01-03T03:04:05Z',
        description: 'text',
        os_type: 'linux',
        os_distro: 'ubuntu',
        os_version: '22.04',
        architecture: 'x86_64',
        hw_firmware_type: 'uefi',
        locations: [{ URI: 'file:///x', metadata: {} }],
        own: 'value',
        self: '/v2/images/i-1',
        file: '/v2/images/i-1/file',
        schema: '/v2/schemas/image',
      }),
    ).toEqual({
      id: 'i-1',
      name: 'cirros',
      status: 'active',
      rawStatus: 'active',
      description: 'text',
      ownerId: 'p-1',
      visibility: 'public',
      diskFormat: 'qcow2',
      sizeBytes: 13_287_936,
      minDiskGiB: 1,
      minRamMiB: 64,
      osType: 'linux',
      osDistribution: 'ubuntu',
      osVersion: '22.04',
      architecture: 'x86_64',
      bootMode: 'uefi',
      tags: { stage: 'dev', bare: '', a: 'b=c', '=x': '' },
      protected: true,
      checksums: { md5: 'eb9139e4942121f22bbc2afc0400b2a4', sha512: 'abcd' },
      createdAt: new Date('2026-01-02T03:04:05Z'),
      updatedAt: new Date('2026-01-03T03:04:05Z'),
      failureReason: undefined,
      properties: {
        container_format: 'bare',
        os_hidden: 'false',
        locations: '[{"URI":"file:///x","metadata":{}}]',
        own: 'value',
      },
    });
  });

  it('of seed 003 is read too: update_at, no multihash, numbers and booleans as texts', () => {
    const found = image({
      status: 'queued',
      size: null,
      checksum: null,
      min_disk: '40',
      min_ram: '1024',
      protected: 'False',
      update_at: '2021-02-03T04:05:06',
    });
    expect(found).toMatchObject({
      name: '',
      status: 'pending',
      minDiskGiB: 40,
      minRamMiB: 1024,
      protected: false,
      updatedAt: new Date('2021-02-03T04:05:06Z'),
    });
    expect(found.checksums).toBeUndefined();
    expect(found.sizeBytes).toBeUndefined();
  });

  it.each([
    ['queued', 'pending'],
    ['saving', 'importing'],
    ['uploading', 'importing'],
    ['importing', 'importing'],
    ['active', 'active'],
    ['deactivated', 'deactivated'],
    ['killed', 'failed'],
    ['deleted', 'deleted'],
    ['pending_delete', 'deleted'],
    ['toString', 'unknown'],
    ['constructor', 'unknown'],
  ])('that is %s is %s', (raw, status) => {
    expect(image({ status: raw })).toMatchObject({ status, rawStatus: raw });
  });

  it('has a word of the service only where one word stands for a status', () => {
    expect(wireStatus('pending')).toBe('queued');
    expect(wireStatus('failed')).toBe('killed');
    expect(wireStatus('importing')).toBeUndefined();
    expect(wireStatus('deleted')).toBeUndefined();
    expect(wireStatus('unknown')).toBeUndefined();
  });

  it('prefers the newer name of the architecture', () => {
    expect(image({ architecture: 'x86_64', hw_architecture: 'aarch64' }).architecture).toBe('aarch64');
  });

  it('never breaks on fields of other types, and always has its id', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'name',
            'status',
            'size',
            'tags',
            'protected',
            'min_disk',
            'checksum',
            'created_at',
            'x',
          ),
          fc.anything(),
        ),
        (wire) => {
          expect(image({ ...wire, id: 'i-1' }).id).toBe('i-1');
        },
      ),
    );
  });

  it('without an id is none; nor is a member without one', () => {
    expect(imageSchema.safeParse({ name: 'x' }).success).toBe(false);
    expect(imageSchema.safeParse({ id: '' }).success).toBe(false);
    expect(memberSchema.safeParse({ status: 'pending' }).success).toBe(false);
  });
});

describe('tags', () => {
  it('come back as they were written', () => {
    const key = fc.string({ minLength: 1, maxLength: 100 }).filter((text) => !text.includes('='));
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ maxLength: 100 })), (tags) => {
        if (tagProblem(tags) !== undefined) return;
        const wire = Object.entries(tags).map(([name, value]) => writeTag(name, value));
        expect(readTags(wire)).toEqual(tags);
      }),
    );
  });

  it('have 255 characters at most, sign included', () => {
    expect(tagProblem({ k: 'v'.repeat(253) })).toBeUndefined();
    expect(tagProblem({ k: 'v'.repeat(254) })).toContain('256 characters, and 255 are allowed');
    expect(tagProblem({ '': 'x' })).toContain('empty');
  });
});
