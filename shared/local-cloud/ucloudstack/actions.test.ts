// What the actions do: listings, images from servers, clones, changes, and how images go away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../testing/client.ts';
import { baseImageId, inventoryOf } from './inventory.ts';
import { osCatalogue } from './os-versions.ts';
import { callerOf, operatorOf, qcow2, tagPair, type Values } from './testing.ts';

let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
let partner: typeof acme;
let admin: typeof acme;
beforeEach(async () => {
  test = await startTestCloud();
  acme = callerOf(test);
  partner = callerOf(test, test.partner);
  admin = callerOf(test, operatorOf(test));
});
afterEach(() => test.remove());

const namesOf = (data: { Infos: { Name: string }[] }) => data.Infos.map((info) => info.Name);
const stopped = (account = test.acme) =>
  inventoryOf(account.ucloudstack.companyId, 'local-1').filter((vm) => vm.status === 'Stopped');

/** An image of a server, finished. */
async function made(name: string, vm = stopped()[0], caller = acme): Promise<string> {
  const values = { ImageName: name, TagKeyValuePairs: [tagPair('k', 'v')], VMID: vm?.id };
  const { ImageID } = await caller.good('CreateCustomImage', values);
  expect((await caller.finish(ImageID)).ImageStatus).toBe('Used');
  return ImageID;
}

describe('DescribeImage', () => {
  it('has every field of the model', async () => {
    const before = Math.floor(test.clock.ms / 1000);
    const vm = stopped()[0];
    const id = await made('server-1');
    const { CreateTime, UpdateTime, ...info } = await acme.image(id);
    expect([CreateTime, UpdateTime]).toEqual([before, before + 1]);
    expect(info).toEqual({
      Name: 'server-1',
      Remark: '',
      Region: 'local-1',
      RegionAlias: 'local-1',
      CompanyID: test.acme.ucloudstack.companyId,
      CompanyName: 'acme',
      Email: 'acme@example.com',
      ProjectID: test.acme.ucloudstack.projectId,
      ProjectName: 'default',
      Reason: '',
      Tags: [{ Key: 'k', Value: 'v' }],
      ImageName: 'server-1',
      ImageDescription: '',
      Remarkable: true,
      ImageID: id,
      ImageType: 'Custom',
      ImageFormat: 'qcow2',
      ImageStatus: 'Used',
      ImageSize: 40,
      OSType: 'Linux',
      OSName: 'CentOS 7.9 x86_64',
      OSDistribution: 'CentOS',
      SetArch: 'x86_64',
      CanVGPU: false,
      SupportHotplug: true,
      PreparePrecent: 100,
      SupportQGA: true,
      SupportCloudInit: true,
      Encrypted: false,
      ImportType: '',
      BootloaderType: 'bios',
      BoundVMSetIDs: [],
      BoundVMIDs: [],
      ImageFrom: `${vm?.id}-boot`,
    });
  });

  it('pages by Limit from Offset, the newest first, ten unless told otherwise', async () => {
    for (let index = 0; index < 12; index += 1) {
      await acme.good('ImportImage', acme.draft({ ImageName: `n${index}` }));
      test.clock.ms += 1000;
    }
    const custom = { ImageType: 'Custom' };
    const first = await acme.good('DescribeImage', custom);
    expect([first.TotalCount, namesOf(first).length, namesOf(first)[0]]).toEqual([12, 10, 'n11']);
    const middle = await acme.good('DescribeImage', { ...custom, Limit: 3, Offset: 2 });
    expect([middle.TotalCount, namesOf(middle)]).toEqual([12, ['n9', 'n8', 'n7']]);
    expect(namesOf(await acme.good('DescribeImage', { ...custom, Limit: 100, Offset: 10 }))).toEqual([
      'n1',
      'n0',
    ]);
    expect((await acme.good('DescribeImage', { ...custom, Offset: 12 })).Infos).toEqual([]);
  });

  it('filters by ids, keyword, type, format, status and project, all at once', async () => {
    const a = await made('web-a');
    const b = (await acme.good('ImportImage', acme.draft({ ImageName: 'db', ImageDescription: 'Web 库' })))
      .ImageID;
    const c = (await acme.good('ImportImage', acme.draft({ ImageName: 'cd', ImageFormat: 'iso' }))).ImageID;
    const idsOf = async (values: Parameters<typeof acme.good>[1]) =>
      (await acme.good('DescribeImage', { Limit: 100, ImageType: 'Custom', ...values })).Infos.map(
        (info: { ImageID: string }) => info.ImageID,
      );
    expect((await idsOf({})).sort()).toEqual([a, b, c].sort());
    expect((await idsOf({ ImageIDs: [c, a] })).sort()).toEqual([a, c].sort());
    expect((await idsOf({ ImageIDs: `${c},${a}` })).sort()).toEqual([a, c].sort());
    expect((await idsOf({ Keyword: 'WEB' })).sort()).toEqual([a, b].sort());
    expect(await idsOf({ Keyword: c.slice(6) })).toEqual([c]);
    expect(await idsOf({ ImageFormat: 'iso' })).toEqual([c]);
    expect((await idsOf({ Status: ['WaitUploading', 'Failed'] })).sort()).toEqual([b, c].sort());
    expect(await idsOf({ Status: ['Used'], Keyword: 'web' })).toEqual([a]);
    expect(await idsOf({ ProjectIDs: ['project-x'] })).toEqual([]);
    expect(await idsOf({ ProjectIDs: ['project-x', test.acme.ucloudstack.projectId] })).toHaveLength(3);
    expect((await acme.good('DescribeImage', { ImageType: 'Base' })).TotalCount).toBe(4);
  });

  it("shows a tenant its own images and the base images, and an administrator everybody's", async () => {
    const id = await made('mine');
    expect(await partner.image(id)).toBeUndefined();
    expect(await callerOf(test, test.acme, 'local-2').image(id)).toBeUndefined();
    expect((await partner.good('DescribeImage')).TotalCount).toBe(4);
    expect((await admin.image(id)).Name).toBe('mine');
    const { companyId } = test.acme.ucloudstack;
    const all = { ImageType: 'Custom' };
    expect(namesOf(await admin.good('DescribeImage', { ...all, CompanyID: companyId }))).toEqual(['mine']);
    const own = operatorOf(test).ucloudstack.companyId;
    expect(namesOf(await admin.good('DescribeImage', { ...all, CompanyID: own }))).toEqual(['attached']);
  });
});

describe('DescribeBaseImage', () => {
  it('tells who may use them', async () => {
    const all = await acme.good('DescribeBaseImage');
    expect([all.TotalCount, all.Infos.length]).toEqual([4, 4]);
    const id = baseImageId('local-1', 'Ubuntu-22.04-x86_64');
    expect((await acme.good('DescribeBaseImage', { ImageIDs: [id] })).Infos).toEqual([
      {
        Region: 'local-1',
        ImageID: id,
        Name: 'Ubuntu-22.04-x86_64',
        Description: '',
        CreateTime: 1748736000,
        UpdateTime: 1748736000,
        Permission: 'all',
      },
    ]);
  });
});

describe('DescribeImageOSVersions', () => {
  it('pages through the catalogue', async () => {
    const found: { ImageOSID: string; Status: string; OSDistribution: string; SetArch: string }[] = [];
    for (let total = 1; found.length < total; ) {
      const page = await acme.good('DescribeImageOSVersions', { Limit: 7, Offset: found.length });
      total = page.TotalCount;
      expect(page.Infos.length).toBe(Math.min(7, total - found.length));
      found.push(...page.Infos);
    }
    expect(found.length).toBe(osCatalogue.length);
    expect(new Set(found.map((entry) => entry.ImageOSID)).size).toBe(found.length);
    for (const name of ['CentOS', 'Ubuntu', 'Debian', 'OpenEuler', 'Windows']) {
      expect(found.map((entry) => entry.OSDistribution)).toContain(name);
    }
    expect(new Set(found.map((entry) => entry.SetArch))).toEqual(new Set(['x86_64', 'aarch64']));
    const wanted = found[3]?.ImageOSID ?? '';
    const one = await acme.good('DescribeImageOSVersions', { ImageOSIDs: [wanted] });
    expect([one.TotalCount, one.Infos]).toEqual([1, [found[3]]]);
    expect((await acme.good('DescribeImageOSVersions')).Infos).toHaveLength(10);
  });

  it('has only systems that an import takes', async () => {
    for (const { type, arch, distribution, version } of osCatalogue) {
      const os = { OSType: type, SetArch: arch, OSDistribution: distribution, OSVersion: version };
      const { ImageID, CompanyID } = { ...(await acme.good('ImportImage', acme.draft(os))), ...acme.draft() };
      await acme.good('AbortImageMultipartUpload', { ImageID, CompanyID });
    }
  });
});

describe('CreateCustomImage', () => {
  it('goes through WaitMaking and Making, and can be stopped', async () => {
    const values = { ImageName: 'made', TagKeyValuePairs: [tagPair('k', 'v')], VMID: stopped()[0]?.id };
    const { ImageID } = await acme.good('CreateCustomImage', values);
    expect(await acme.image(ImageID)).toMatchObject({ ImageStatus: 'WaitMaking', PreparePrecent: 0 });
    test.clock.ms += 990;
    expect(await acme.image(ImageID)).toMatchObject({ ImageStatus: 'Making', PreparePrecent: 99 });
    await acme.good('AbortCustomImage', { ImageID });
    expect((await acme.image(ImageID)).ImageStatus).toBe('Deleting');
    test.clock.ms += 3001;
    expect(await acme.image(ImageID)).toBeUndefined();
    expect(await test.cloud.storedImages()).toEqual([]);
  });

  it('takes a data disk when one is named, and the architecture of the server', async () => {
    const [build, edge] = stopped();
    const values = { ImageName: 'data', TagKeyValuePairs: [tagPair('k', 'v')] };
    const disk = build?.disks[1];
    const first = { ...values, VMID: build?.id, DiskID: disk?.id, StorageSetType: 'StorageSetNPVK' };
    const { ImageID } = await acme.good('CreateCustomImage', first);
    expect(await acme.finish(ImageID)).toMatchObject({ ImageSize: 100, ImageFrom: disk?.id });
    const second = await acme.good('CreateCustomImage', { ...values, VMID: edge?.id });
    expect(await acme.finish(second.ImageID)).toMatchObject({ SetArch: 'aarch64', BootloaderType: 'uefi' });
    const digests = (await test.cloud.storedImages()).map((image) => image.sha256);
    expect(new Set(digests).size).toBe(2);
  });

  it('can be made to fail', async () => {
    const action = { kind: 'fail-job', code: '1019', reason: '存储集群空间不足' } as const;
    test.cloud.faults.add({ service: 'ucloudstack', action });
    const values = { ImageName: 'made', TagKeyValuePairs: [tagPair('k', 'v')], VMID: stopped()[0]?.id };
    const { ImageID } = await acme.good('CreateCustomImage', values);
    expect(await acme.finish(ImageID)).toMatchObject({ ImageStatus: 'Failed', Reason: '存储集群空间不足' });
    expect(test.cloud.faults.list()).toEqual([]);
    await acme.good('DeleteCustomImage', { ImageID });
  });
});

describe('CloneCustomImageToBaseImage', () => {
  it('makes an image for everybody, which only an administrator can delete', async () => {
    const source = await made('source');
    const values = { SourceImageID: source, DestImageName: 'for-all' };
    const { DestImageID } = await admin.good('CloneCustomImageToBaseImage', values);
    expect((await admin.image(DestImageID)).ImageStatus).toBe('WaitMaking');
    expect(await admin.finish(DestImageID)).toMatchObject({
      ImageStatus: 'Used',
      ImageType: 'Base',
      Name: 'for-all',
      ImageFrom: source,
      ImageSize: 40,
    });
    expect((await partner.image(DestImageID)).Name).toBe('for-all');
    const listed = await partner.good('DescribeBaseImage', { ImageIDs: [DestImageID] });
    expect(listed.Infos).toMatchObject([{ Name: 'for-all', Permission: 'all' }]);
    await acme.good('DeleteCustomImage', { ImageID: source });
    test.clock.ms += 5000;
    const stored = await test.cloud.storedImages();
    expect(stored).toMatchObject([{ id: DestImageID, sha256: expect.stringMatching(/^[\da-f]{64}$/) }]);
    await admin.good('DeleteBaseImage', { ImageID: DestImageID });
    test.clock.ms += 5000;
    expect(await partner.image(DestImageID)).toBeUndefined();
    expect(await test.cloud.storedImages()).toEqual([]);
  });
});

describe('UpdateImage', () => {
  it('changes the system, and keeps what is not said', async () => {
    const id = await made('image');
    const facts = { OSType: 'Linux', SetArch: 'aarch64', OSDistribution: 'Ubuntu', OSVersion: '22.04' };
    const common = { CompanyID: test.acme.ucloudstack.companyId, ImageID: id };
    const changed = {
      Name: 'image',
      OSName: 'Ubuntu 22.04 aarch64',
      OSDistribution: 'Ubuntu',
      SetArch: 'aarch64',
    };
    const after = async (values: Values) => {
      await acme.good('UpdateImage', { ...common, ...facts, ...values });
      const { SupportQGA, SupportCloudInit, BootloaderType, ...info } = await acme.image(id);
      expect(info).toMatchObject(changed);
      return [SupportQGA, SupportCloudInit, BootloaderType];
    };
    expect(await after({})).toEqual([true, true, 'bios']);
    expect(await after({ SupportQGA: false, BootloaderType: 'uefi' })).toEqual([false, true, 'uefi']);
    expect(await after({ SupportCloudInit: false })).toEqual([false, false, 'uefi']);
    expect(await after({ SupportQGA: true })).toEqual([true, false, 'uefi']);
  });
});

describe('DeleteCustomImage', () => {
  it('takes an image away in steps, and its bytes with it', async () => {
    const { ImageID, UploadID } = await acme.good('ImportImage', acme.draft());
    await acme.part(ImageID, UploadID, 1, qcow2(1000));
    await acme.good('CompleteImageMultipartUpload', { ImageID, UploadID });
    await acme.finish(ImageID);
    const { companyId } = test.acme.ucloudstack;
    await admin.good('DeleteCustomImage', { ImageID, CompanyID: companyId });
    const statusAfter = async (ms: number) => {
      test.clock.ms += ms;
      return (await acme.image(ImageID))?.ImageStatus;
    };
    expect(await statusAfter(0)).toBe('Deleting');
    expect(await statusAfter(999)).toBe('Deleting');
    expect(await statusAfter(1)).toBe('Deleted');
    expect(await statusAfter(1999)).toBe('Deleted');
    expect(await statusAfter(1)).toBeUndefined();
    expect(await test.cloud.storedImages()).toEqual([]);
    const { retCode } = await acme.call('DeleteCustomImage', { ImageID });
    expect(retCode).toBe(205);
  });
});
