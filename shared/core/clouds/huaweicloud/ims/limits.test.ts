// What is outside the documented limits is refused before anything is sent, with the field and what is wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../model/index.ts';
import { failure, openTestCloud, type TestCloud } from '../test-cloud.ts';
import * as api from './api.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await openTestCloud(() => undefined);
});
afterAll(() => test.close());

const file = { name: 'n', image_url: 'b:k.qcow2', min_disk: 40 };
const quick = { ...file, os_version: 'v' };
const change = (path: string, value?: string, op = 'replace') => ({
  image_id: 'i',
  changes: [{ op, path, ...(value === undefined ? {} : { value }) }],
});
const long = (length: number) => 'x'.repeat(length);

/** Operation, parameters, what is said. */
const refused: [number, Record<string, unknown>, RegExp][] = [
  [14, { status: 'new' }, /status/],
  [14, { sort_key: 'owner' }, /sort_key/],
  [14, { sort_dir: 'up' }, /sort_dir/],
  [14, { limit: 0 }, /limit.*at least 1/],
  [14, { created_at: '2018-10-28T10:00:00Z' }, /created_at.*operator.*2018-10-28/],
  [14, { created_at: 'about:2018-10-28T10:00:00Z' }, /created_at.*operator/],
  [14, { __support_kvm: 'false' }, /__support_kvm/],
  [14, { colour: 'red' }, /no parameter colour/],
  [15, change('/name', long(129)), /changes\.0\.value.*1 to 128/],
  [15, change('/name', undefined, 'remove'), /cannot be removed/],
  [15, change('/__description', 'a\nb'), /changes\.0\.value.*line break/],
  [15, change('/mine'), /value is missing/],
  [15, change('/mine', 'v', 'remove'), /remove takes none/],
  [15, change('mine', 'v'), /after a slash/],
  [15, change('/status', 'active'), /does not change status/],
  [15, change('/__os_version', 'v'), /does not change __os_version/],
  [15, change('/tags', 'v'), /does not change tags/],
  [15, change('/hw_firmware_type', 'efi'), /bios or uefi/],
  [15, change('/min_ram', '2 GB'), /number of MB/],
  [15, { image_id: 'i', changes: [] }, /must hold a change/],
  [15, { image_id: '..', changes: [] }, /image_id.*no id/],
  [16, { ...file, name: ' n' }, /name.*1 to 128/],
  [16, { ...file, name: '' }, /name.*1 to 128/],
  [16, { ...file, description: long(1025) }, /description.*1024/],
  [16, { ...file, description: 'a<b' }, /description.*</],
  [16, { ...file, min_disk: 39 }, /min_disk.*40 to 1024 GB.*39/],
  [16, { ...file, min_disk: 1025 }, /min_disk.*40 to 1024 GB.*1025/],
  [16, { ...file, min_disk: undefined }, /min_disk is missing/],
  [16, { ...file, min_disk: 40.5 }, /min_disk/],
  [16, { ...file, min_ram: -1 }, /min_ram.*negative/],
  [16, { ...file, image_url: 'no-colon' }, /image_url.*<bucket>:<object>/],
  [16, { ...file, image_url: 'b:with space' }, /image_url.*without spaces/],
  [16, { ...file, image_url: 'https://b/k' }, /image_url/],
  [16, { ...file, image_url: `b:${long(1100)}` }, /1024 bytes/],
  [16, { ...file, tags: ['a.b'], image_tags: [{ key: 'k' }] }, /exclude each other/],
  [16, { ...file, tags: [`${long(37)}.b`] }, /1 to 36/],
  [16, { ...file, tags: [`a.${long(44)}`] }, /43/],
  [16, { ...file, tags: ['a.1', 'a.2'] }, /"a" occurs twice/],
  [16, { ...file, image_tags: [{ key: 'a.b' }] }, /a\.b/],
  [16, { ...file, image_tags: [{ key: '' }] }, /1 to 36/],
  [16, { ...file, type: 'IsoImage' }, /os_version/],
  [16, { ...file, is_quick_import: true }, /os_version/],
  [16, { ...file, os_type: 'BeOS' }, /os_type/],
  [16, { ...file, data_images: Array(4).fill({ image_url: 'b:d', min_disk: 1 }) }, /3 data disks/],
  [16, { ...file, data_images: [{ image_url: 'b:d', min_disk: 2049 }] }, /1 to 2048 GB/],
  [16, { name: 'n', instance_id: 's', data_images: [{ name: 'd', volume_id: 'v' }] }, /data_images/],
  [16, { name: 'n', data_images: [{ name: 'd', volume_id: 'v' }] }, /name/],
  [
    16,
    {
      data_images: [
        { name: 'd', volume_id: 'v' },
        { name: 'e', volume_id: 'v' },
      ],
    },
    /twice/,
  ],
  [16, { name: 'n', volume_id: 'v' }, /os_version is missing/],
  [17, { ...quick, min_disk: 0 }, /1 to 1024 GB/],
  [17, { ...quick, min_disk: 1025 }, /1 to 1024 GB/],
  [17, { ...file }, /os_version is missing/],
  [17, { ...quick, architecture: 'mips' }, /architecture/],
  [17, { ...file, type: 'DataImage', os_version: 'v' }, /os_version/],
  [17, { ...file, type: 'DataImage', os_type: 'Other' }, /os_type/],
  [18, { ...file, min_disk: 2049 }, /40 to 2048 GB/],
  [18, { ...file, os_version: 'v' }, /no parameter os_version/],
  [19, { name: 'n', instance_id: 's' }, /vault_id is missing/],
  [19, { name: 'n', backup_id: 'b', whole_image_type: 'CSBS' }, /whole_image_type/],
  [20, { image_id: 'i', image_url: 'k' }, /image_url/],
  [21, { image_id: 'i', bucket_url: 'b:k' }, /file_format/],
  [21, { image_id: 'i', bucket_url: 'b:k', file_format: 'raw' }, /file_format/],
  [
    21,
    { image_id: 'i', bucket_url: 'b:k', file_format: 'vhd', is_quick_export: true },
    /file_format.*forbids/,
  ],
  [22, { tag: ['arm'] }, /tag/],
  [23, { images: [], projects: ['p'] }, /images.*must name an image/],
  [24, { images: ['i'], projects: Array(129).fill('p') }, /128 projects/],
  [25, { images: ['i'], project_id: 'p', status: 'pending' }, /status/],
  [26, { image_id: 'i', name: 'a/b' }, /name.*1 to 128/],
  [27, { image_id: 'i', name: 'n', region: 'r', project_name: 'p' }, /agency_name is missing/],
  [30, { __whole_image: true }, /no parameter __whole_image/],
  [30, { 'X-Api-Version': 'Queens' }, /X-Api-Version/],
  [31, { image_id: '' }, /image_id.*must not be empty/],
  [32, { image_id: 'i', changes: [{ replace: '/a', add: '/b', value: 'v' }] }, /exactly one/],
  [32, { image_id: 'i', changes: [{ remove: '/a', value: 'v' }] }, /remove takes none/],
  [32, { image_id: 'i', changes: [{ op: 'add', path: '/a', value: 'v' }, { remove: '/b' }] }, /changes/],
  [32, change('/name', ''), /1 to 128/],
  [33, { image_id: 'i' }, /bytes/],
  [35, { visibility: 'public' }, /visibility/],
  [35, { disk_format: 'vmdk' }, /disk_format/],
  [35, { name: long(129) }, /name.*1 to 128/],
  [35, { tags: [long(256)] }, /255/],
  [35, { min_disk: 39 }, /40 to 1024 GB/],
  [38, { size_min: 'big' }, /number of bytes/],
  [43, { image_id: 'i' }, /member is missing/],
  [44, { image_id: 'i', member_id: 'p', status: 'maybe' }, /status/],
  [49, { api_version: '../v1' }, /version such as/],
  [50, { password: 'x' }, /no parameter password/],
  [52, { ...file, os_type: 'Linux' }, /os_type/],
  [52, { ...file, min_disk: 39 }, /40 to 1024 GB/],
  [52, { ...file, enterprise_project_id: 'mine' }, /enterprise_project_id/],
  [52, { name: 'n' }, /either a server or data disks/],
  [59, { image_id: 'i', changes: [] }, /must hold a change/],
];

describe('requests outside the limits', () => {
  it.each(refused)('are refused: operation %i with %j', async (number, parameters, message) => {
    const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
    const error = await failure(test.cloud.callOperation(number, { parameters: given }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as Error).message.replace(/the parameter /, '')).toMatch(message);
    expect(test.received).toHaveLength(0);
  });

  it('are refused by the typed functions too, with the cloud', async () => {
    const { ims } = test.session;
    const errors = await Promise.all([
      failure(api.importFile(ims, { ...file, min_disk: 5000 })),
      failure(api.showImage(ims, { image_id: '.' })),
      failure(
        api.uploadNativeImage(
          ims,
          { image_id: 'i' },
          {
            sizeBytes: 2 * 1024 ** 3,
            open: () => {
              throw new Error('it must not be opened');
            },
          },
        ),
      ),
    ]);
    expect(errors.map(String)).toEqual([
      'InvalidInputError: Could not create image n from b:k.qcow2 on huaweicloud "prod": min_disk: must be 40 to 1024 GB (given: 5000). Correct it and try again; nothing was sent.',
      'InvalidInputError: Could not read image . on huaweicloud "prod": image_id: is no id (given: "."). Correct it and try again; nothing was sent.',
      'InvalidInputError: Could not send the file of image i on huaweicloud "prod": the file has 2147483648 bytes, and this call takes less than 2147483648. Put the file into a bucket and create the image from the object.',
    ]);
    expect(test.received).toHaveLength(0);
  });
});

describe('what is just inside', () => {
  it.each([
    [api.importFileRequest, { ...file, min_disk: 1024, description: long(1024), name: long(128) }],
    [api.importFileRequest, { ...file, tags: [`${long(36)}.${long(43)}`, 'plain', 'a.b.c'] }],
    [api.quickImportRequest, { ...quick, min_disk: 1 }],
    [api.importDataFileRequest, { ...file, min_disk: 2048 }],
    [api.createRecordRequest, { tags: [long(255)] }],
    [api.createRecordRequest, {}],
    [api.listCloudImagesRequest, { updated_at: 'neq:2018-10-28 10:00:00' }],
  ])('passes %#', (schema, request) => {
    expect(schema.safeParse(request).error).toBeUndefined();
  });
});
