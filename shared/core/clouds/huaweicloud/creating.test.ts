// What the adapter makes of requests to create, change, copy and export: the calls, and the refusals before them.
import { afterEach, describe, expect, it } from 'vitest';
import { InvalidInputError, RefusedError, UnavailableError, UnsupportedError } from '../../model/index.ts';
import { answer, failure, openTestCloud, type Script, type TestCloud } from './test-cloud.ts';

let test: TestCloud | undefined;
afterEach(async () => {
  await test?.close();
  test = undefined;
});

const GIB = 1024 ** 3;
const OS = 'CentOS 7.0 64bit';
const object = { name: 'n', bucket: 'b', key: 'k', diskFormat: 'raw' };

/** Starts jobs, and has one image. */
const service =
  (image: object = {}): Script =>
  (request, response) => {
    if (request.url.startsWith('/v3/')) return undefined;
    const isImage = request.url === '/v2/images/i-1' || request.url === '/v2/cloudimages/i-1';
    if (isImage) return answer(response, 200, { id: 'i-1', name: 'n', status: 'active', ...image });
    return answer(response, 200, { job_id: 'j-1' });
  };
async function open(script: Script = service()): Promise<TestCloud> {
  test = await openTestCloud(script);
  return test;
}
/** The last request as `METHOD path`, and its body. */
function last({ received }: TestCloud): [string, unknown] {
  const request = received.at(-1);
  return [`${request?.method} ${request?.url}`, JSON.parse(request?.body.toString() || 'null')];
}
const sentNothing = (t: TestCloud) => expect(t.received).toHaveLength(0);

describe('from an object', () => {
  it('sends what an ordinary import keeps', async () => {
    const t = await open();
    await t.cloud.createFromObject({
      ...object,
      kmsKeyId: 'key-1',
      osType: 'linux',
      osVersion: OS,
      architecture: 'aarch64',
      bootMode: 'uefi',
      protected: false,
      visibility: 'private',
      properties: {},
    });
    expect(last(t)).toEqual([
      'POST /v2/cloudimages/action',
      {
        name: 'n',
        image_url: 'b:k',
        os_type: 'Linux',
        os_version: OS,
        min_disk: 40,
        cmk_id: 'key-1',
        architecture: 'arm',
      },
    ]);
  });

  it('takes the quick way for large files, with a disk larger than the file', async () => {
    const t = await open();
    await t.cloud.createFromObject({ ...object, sizeBytes: 200 * GIB, osVersion: OS, tags: { env: 'x' } });
    expect(last(t)).toEqual([
      'POST /v2/cloudimages/quickimport/action',
      {
        name: 'n',
        image_url: 'b:k',
        os_version: OS,
        min_disk: 201,
        image_tags: [{ key: 'env', value: 'x' }],
      },
    ]);
    await t.cloud.createFromObject({ ...object, sizeBytes: GIB, osVersion: OS, method: 'quick' });
    expect(last(t)[1]).toMatchObject({ min_disk: 40 });
  });

  it('makes images of data disks, also of large ones', async () => {
    const t = await open();
    await t.cloud.createFromObject({ ...object, dataDisk: true, osType: 'Windows', kmsKeyId: 'key-1' });
    expect(last(t)).toEqual([
      'POST /v1/cloudimages/dataimages/action',
      { name: 'n', image_url: 'b:k', os_type: 'Windows', min_disk: 40, cmk_id: 'key-1' },
    ]);
    await t.cloud.createFromObject({ ...object, dataDisk: true, sizeBytes: 129 * GIB, minDiskGiB: 500 });
    expect(last(t)).toEqual([
      'POST /v2/cloudimages/quickimport/action',
      { name: 'n', image_url: 'b:k', min_disk: 500, type: 'DataImage' },
    ]);
  });

  it('registers: makes a record, then fills it', async () => {
    const t = await open((request, response) => {
      if (request.url === '/v2/images') return answer(response, 201, { id: 'i-7', status: 'queued' });
      return service()(request, response);
    });
    const ref = await t.cloud.createFromObject({
      ...object,
      diskFormat: 'vmdk',
      method: 'register',
      protected: true,
      osVersion: OS,
      tags: { env: 'prod' },
      minRamMiB: 512,
    });
    expect(ref).toEqual({ id: 'j-1' });
    expect(t.calls()).toEqual(['POST /v2/images', 'PUT /v1/cloudimages/i-7/upload']);
    expect(JSON.parse(t.received.at(-2)?.body.toString() ?? '')).toEqual({
      name: 'n',
      __os_version: OS,
      disk_format: 'zvhd2',
      protected: true,
      tags: ['env=prod'],
      min_ram: 512,
      min_disk: 40,
    });
    expect(last(t)[1]).toEqual({ image_url: 'b:k' });
  });

  it('leaves no record behind when it cannot be filled', async () => {
    const t = await open((request, response) => {
      if (request.url === '/v2/images') return answer(response, 201, { id: 'i-7', status: 'queued' });
      if (request.url.endsWith('/upload')) return answer(response, 400, { error_code: 'IMG.0057' });
      if (request.method === 'DELETE') return answer(response, 400, { error_code: 'IMG.0090' });
      return undefined;
    });
    const error = await failure(t.cloud.createFromObject({ ...object, method: 'register' }));
    expect(error).toMatchObject({ details: { code: 'IMG.0057', object: 'i-7' } });
    expect(t.calls().slice(0, 3)).toEqual([
      'POST /v2/images',
      'PUT /v1/cloudimages/i-7/upload',
      'DELETE /v2/images/i-7',
    ]);
  });

  it.each([
    [{ diskFormat: 'qcow2', sizeBytes: 129 * GIB, osVersion: OS }, RefusedError, /Convert it to RAW/],
    [{ method: 'teleport' }, InvalidInputError, /no import method/],
    [{ minDiskGiB: 30 }, InvalidInputError, /40 to 1024 GB \(given: 30\)/],
    [{ method: 'quick', osVersion: OS, sizeBytes: 50 * GIB, minDiskGiB: 50 }, InvalidInputError, /51 GiB/],
    [{ method: 'quick', osVersion: OS, kmsKeyId: 'k' }, UnsupportedError, /kmsKeyId.*copy the image/],
    [{ method: 'quick', osVersion: OS, minRamMiB: 1 }, UnsupportedError, /minRamMiB.*update/],
    [{ dataDisk: true, osVersion: OS }, UnsupportedError, /osVersion/],
    [{ dataDisk: true, osType: 'Other' }, InvalidInputError, /Linux or Windows/],
    [{ osType: 'BeOS' }, InvalidInputError, /"BeOS".*Linux, Windows, Other/],
    [{ osDistribution: 'Ubuntu' }, UnsupportedError, /os_version names it/],
    [{ architecture: 'mips' }, InvalidInputError, /neither x86 nor arm/],
    [{ bootMode: 'uefi' }, UnsupportedError, /boots by BIOS.*update once the image is active/],
    [{ architecture: 'arm', bootMode: 'bios' }, UnsupportedError, /boots by UEFI/],
    [{ visibility: 'public' }, UnsupportedError, /Share the image/],
    [{ protected: true }, UnsupportedError, /method register/],
    [{ properties: { a: 'b' } }, UnsupportedError, /properties.*update/],
    [{ method: 'register', description: 'd' }, UnsupportedError, /description.*update/],
    [{ key: 'a b' }, InvalidInputError, /without spaces/],
  ] as const)('refuses %j before anything is sent', async (changes, type, message) => {
    const t = await open();
    const error = await failure(t.cloud.createFromObject({ ...object, ...changes }));
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain('huaweicloud "prod"');
    sentNothing(t);
  });
});

describe('from servers, volumes and backups', () => {
  it('sends operation 16a', async () => {
    const t = await open();
    await t.cloud.createFromServer({ name: 'n', serverId: 's-1', minRamMiB: 1, tags: { a: 'b' } });
    expect(last(t)).toEqual([
      'POST /v2/cloudimages/action',
      { name: 'n', instance_id: 's-1', min_ram: 1, image_tags: [{ key: 'a', value: 'b' }] },
    ]);
  });

  it('sends operation 16c, and 16a for a data disk', async () => {
    const t = await open();
    await t.cloud.createFromVolume({ name: 'n', volumeId: 'v-1', osVersion: OS });
    expect(last(t)[1]).toEqual({ name: 'n', volume_id: 'v-1', os_version: OS });
    await t.cloud.createFromVolume({ name: 'n', volumeId: 'v-1', dataDisk: true, tags: { a: 'b', c: '' } });
    expect(last(t)[1]).toEqual({ data_images: [{ name: 'n', volume_id: 'v-1', tags: ['a.b', 'c.'] }] });
  });

  it('sends operation 19', async () => {
    const t = await open();
    await t.cloud.createFromBackup({ name: 'n', backupId: 'b-1' });
    expect(last(t)).toEqual([
      'POST /v1/cloudimages/wholeimages/action',
      { name: 'n', backup_id: 'b-1', whole_image_type: 'CBR' },
    ]);
    await t.cloud.createFromWholeServer({ name: 'n', serverId: 's-1', vaultId: 'v-1', description: 'd' });
    expect(last(t)[1]).toEqual({ name: 'n', description: 'd', instance_id: 's-1', vault_id: 'v-1' });
  });

  it('refuses what these calls do not take', async () => {
    const t = await open();
    const { cloud } = t;
    const errors = await Promise.all([
      failure(cloud.createFromServer({ name: 'n', serverId: 's', diskId: 'd' })),
      failure(cloud.createFromServer({ name: 'n', serverId: 's', osVersion: OS })),
      failure(cloud.createFromVolume({ name: 'n', volumeId: 'v' })),
      failure(cloud.createFromVolume({ name: 'n', volumeId: 'v', dataDisk: true, minRamMiB: 1 })),
      failure(cloud.createFromWholeServer({ name: 'n', serverId: 's' })),
    ]);
    expect(errors.map(String)).toEqual([
      expect.stringMatching(/does not take diskId.*from the volume/),
      expect.stringMatching(/does not take osVersion/),
      expect.stringMatching(/needs an os_version/),
      expect.stringMatching(/does not take minRamMiB/),
      expect.stringMatching(/needs the vault/),
    ]);
    sentNothing(t);
  });
});

describe('changing', () => {
  it('changes the boot mode, and nothing when it is so already', async () => {
    const t = await open();
    await t.cloud.updateImage('i-1', { bootMode: 'bios' });
    expect(t.calls()).toEqual(['GET /v2/images/i-1']);
    await t.cloud.updateImage('i-1', { bootMode: 'uefi' });
    expect(last(t)).toEqual([
      'PATCH /v2/cloudimages/i-1',
      [{ op: 'add', path: '/hw_firmware_type', value: 'uefi' }],
    ]);
    await t.close();
    const uefi = await open(service({ hw_firmware_type: 'UEFI', __platform: 'CentOS' }));
    await uefi.cloud.updateImage('i-1', { bootMode: 'uefi', osDistribution: 'CentOS' });
    expect(uefi.calls()).toEqual(['GET /v2/images/i-1']);
    await uefi.cloud.updateImage('i-1', { bootMode: 'bios' });
    expect(last(uefi)[1]).toEqual([{ op: 'replace', path: '/hw_firmware_type', value: 'bios' }]);
  });

  it.each([
    [{ osVersion: 'Debian' }, /os_version/],
    [{ osType: 'Windows' }, /os_type/],
    [{ architecture: 'arm' }, /architecture/],
    [{ minDiskGiB: 50 }, /min_disk/],
    [{ protected: true }, /protected.*method register/],
    [{ visibility: 'public' }, /visibility.*Share/],
    [{ tags: { env: 'test' } }, /tags \(env\).*when the image is made/],
    [{ tags: { env: null } }, /tags/],
  ])('refuses %j, which no call changes', async (changes, message) => {
    const t = await open(service({ min_disk: 40, __os_version: OS, tags: ['env.prod'] }));
    const error = await failure(t.cloud.updateImage('i-1', { name: 'new', ...changes }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(String(error)).toMatch(message);
    expect(t.calls()).toEqual(['GET /v2/images/i-1']);
  });

  it('takes for granted what the image has already', async () => {
    const t = await open(service({ min_disk: 40, __os_version: OS, tags: ['env.prod'], protected: true }));
    const same = { minDiskGiB: 40, osVersion: OS, tags: { env: 'prod', gone: null }, protected: true };
    await t.cloud.updateImage('i-1', { ...same, visibility: 'private' });
    expect(t.calls()).toEqual(['GET /v2/images/i-1']);
  });
});

describe('copying', () => {
  it('encrypts inside the region, and names the vault in another', async () => {
    const t = await open();
    await t.cloud.copyImage({ sourceImageId: 'i-1', name: 'c', kmsKeyId: 'key-1' });
    expect(last(t)).toEqual(['POST /v1/cloudimages/i-1/copy', { name: 'c', cmk_id: 'key-1' }]);
    const request = { sourceImageId: 'i-1', name: 'c', region: 'r-2', agencyName: 'ag' };
    await t.cloud.copyImage({ ...request, vaultId: 'v-1', projectName: 'p' });
    expect(last(t)[1]).toEqual({
      name: 'c',
      region: 'r-2',
      project_name: 'p',
      agency_name: 'ag',
      vault_id: 'v-1',
    });
  });

  it.each([
    [{ toBaseImage: true }, /Copy the image inside the region/],
    [{ toStores: ['s'] }, /Copy the image to another region/],
    [{ vaultId: 'v' }, /not copied inside its region/],
    [{ region: 'r-2', agencyName: 'a', kmsKeyId: 'k' }, /not encrypted.*copy the copy/],
  ])('refuses %j', async (changes, message) => {
    const t = await open();
    const error = await failure(t.cloud.copyImage({ sourceImageId: 'i-1', name: 'c', ...changes }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(String(error)).toMatch(message);
    sentNothing(t);
  });
});

describe('exporting', () => {
  const target = { imageId: 'i-1', bucket: 'b', key: 'k' };
  const sized = (sizeBytes: number) => service({ __image_size: String(sizeBytes) });

  it('converts small images, and exports large ones as they are', async () => {
    const t = await open(sized(GIB));
    await t.cloud.exportImage({ ...target, diskFormat: 'qcow2' });
    expect(last(t)).toEqual(['POST /v1/cloudimages/i-1/file', { bucket_url: 'b:k', file_format: 'qcow2' }]);
    await t.cloud.exportImage({ ...target, quick: true });
    expect(last(t)[1]).toEqual({ bucket_url: 'b:k', is_quick_export: true });
    await t.close();
    const large = await open(sized(200 * GIB));
    await large.cloud.exportImage(target);
    expect(last(large)[1]).toEqual({ bucket_url: 'b:k', is_quick_export: true });
  });

  it.each([
    [GIB, {}, InvalidInputError, /Give one of qcow2, vhd, zvhd, vmdk/],
    [GIB, { diskFormat: 'raw' }, InvalidInputError, /not as raw/],
    [GIB, { diskFormat: 'vhd', quick: true }, InvalidInputError, /does not convert/],
    [129 * GIB, { diskFormat: 'qcow2' }, RefusedError, /129\.0 GiB.*Leave the format out/],
    [129 * GIB, { diskFormat: 'qcow2', quick: false }, RefusedError, /more than 128 GiB/],
    [1024 * GIB, { quick: true }, RefusedError, /below 1 TiB/],
  ] as const)('refuses of %d bytes %j', async (size, changes, type, message) => {
    const t = await open(sized(size));
    const error = await failure(t.cloud.exportImage({ ...target, ...changes }));
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toMatch(message);
    expect(t.calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
  });
});

describe('what the service says of itself', () => {
  it('gives schemas and versions', async () => {
    const t = await open((request, response) => {
      if (request.url === '/') {
        return answer(response, 300, { versions: [{ id: 'v2.2', status: 'CURRENT' }, { id: 'v1.0' }] });
      }
      return request.url.startsWith('/v2/schemas/')
        ? answer(response, 200, { name: request.url.slice(12), properties: {} })
        : undefined;
    });
    for (const name of ['image', 'images', 'member', 'members']) {
      expect(await t.cloud.getSchema(name)).toEqual({ name, properties: {} });
    }
    expect(await failure(t.cloud.getSchema('task'))).toBeInstanceOf(InvalidInputError);
    expect(await t.cloud.listVersions()).toEqual([
      { id: 'v2.2', status: 'CURRENT' },
      { id: 'v1.0', status: 'unknown' },
    ]);
  });

  it('is refused where the family has nothing, naming what works', async () => {
    const t = await open();
    const { cloud } = t;
    const absences: [Promise<unknown>, RegExp][] = [
      [cloud.downloadImage('i'), /Export the image to a bucket, and read the object/],
      [cloud.getDownloadUrl('i'), /Export the image to a bucket, and sign a URL/],
      [cloud.createFromUrl({ name: 'n', url: 'http://h/', diskFormat: 'raw' }), /Put the file into a bucket/],
      [cloud.uploadParts({ name: 'n', diskFormat: 'raw', sizeBytes: 1 }), /staging bucket/],
      [cloud.cancelCreate('i'), /Wait until the job ends/],
      [cloud.setActive('i', false), /Delete the image/],
    ];
    for (const [work, message] of absences) {
      const error = await failure(work);
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(String(error)).toMatch(message);
    }
    expect(await failure(cloud.callOperation(53, { parameters: {} }))).toBeInstanceOf(InvalidInputError);
    sentNothing(t);
  });

  it('does not start a copy twice when the answer is lost', async () => {
    const t = await open((request, response) => {
      if (!request.url.endsWith('/copy')) return undefined;
      response.socket?.destroy();
      return true;
    });
    const error = await failure(t.cloud.copyImage({ sourceImageId: 'i-1', name: 'c' }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(t.calls()).toEqual(['POST /v1/cloudimages/i-1/copy']);
  });
});
