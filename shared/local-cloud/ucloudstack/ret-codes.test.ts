// Every return code: by the rule that leads to it, or by the fault panel where no rule here can.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, startTestCloud, type TestCloud } from '../testing/client.ts';
import { type RetCode, retCodes } from './codes.ts';
import { attachedImageId, baseImageId, inventoryOf } from './inventory.ts';
import { answerOf, callerOf, flat, operatorOf, qcow2, signed, tagPair, type Values } from './testing.ts';

const partBytes = 5 * 2 ** 20;
let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
let partner: typeof acme;
let admin: typeof acme;
/** A usable image of acme's. */
let usable = '';
/** Images of acme's in other states. */
const ids = { iso: '', waiting: '', waitingUpload: '', deleted: '', destroyed: '', locked: '' };

async function importFile(values: Values = {}): Promise<string> {
  const { ImageID, UploadID } = await acme.good('ImportImage', acme.draft(values));
  const file = qcow2(40_000);
  file.write('CD001', 32_769);
  await acme.part(ImageID, UploadID, 1, file);
  await acme.good('CompleteImageMultipartUpload', { ImageID, UploadID });
  expect((await acme.finish(ImageID)).ImageStatus).toBe('Used');
  return ImageID;
}

beforeAll(async () => {
  test = await startTestCloud({ imageQuota: 8, maxImportSizeBytes: 11 * 2 ** 20 });
  acme = callerOf(test);
  partner = callerOf(test, test.partner);
  admin = callerOf(test, operatorOf(test));
  ids.destroyed = await importFile();
  await acme.good('DeleteCustomImage', { ImageID: ids.destroyed });
  test.clock.ms += 5000;
  ids.deleted = await importFile();
  usable = await importFile();
  ids.iso = await importFile({ ImageFormat: 'iso' });
  ids.locked = await importFile({ Secret: 'abc' });
  const waiting = await acme.good('ImportImage', acme.draft());
  ids.waiting = waiting.ImageID;
  ids.waitingUpload = waiting.UploadID;
  await acme.good('DeleteCustomImage', { ImageID: ids.deleted });
});
afterAll(() => test.remove());
afterEach(() => test.cloud.faults.clear());

const vmOf = (name: string, account = test.acme) => {
  const vm = inventoryOf(account.ucloudstack.companyId, 'local-1').find((one) => one.name === name);
  if (vm === undefined) throw new Error(`no server ${name}`);
  return vm;
};
const fromVm = (values: Values): Values => ({
  ImageName: 'made',
  TagKeyValuePairs: [tagPair('a', 'b')],
  VMID: vmOf('build').id,
  ...values,
});
const update = (values: Values = {}): Values => {
  const { CompanyID, OSType, SetArch, OSDistribution, OSVersion } = acme.draft();
  return { CompanyID, ImageID: usable, OSType, SetArch, OSDistribution, OSVersion, ...values };
};
const importing = (values: Values) => acme.call('ImportImage', acme.draft(values));
const uploadOf = (values: Values = {}): Values => ({
  ImageID: ids.waiting,
  UploadID: ids.waitingUpload,
  ...values,
});

/** Posts exactly these parameters. */
async function raw(values: Values, privateKey = test.acme.ucloudstack.privateKey, sign = true) {
  const all = flat(values);
  const body = new URLSearchParams(sign ? signed(all, privateKey) : all).toString();
  return answerOf(await send(`${test.cloud.endpoints.ucloudstack}/api`, { method: 'POST', body }));
}
const known = () => ({
  Action: 'DescribeImage',
  PublicKey: test.acme.ucloudstack.publicKey,
  Region: 'local-1',
});

type Row = [code: RetCode, name: string, call: () => Promise<{ retCode: number; message: string }>];

const rows: Row[] = [
  [3, 'no name', () => importing({ ImageName: undefined })],
  [3, 'an empty name', () => importing({ ImageName: '' })],
  [3, 'no tags', () => importing({ TagKeyValuePairs: [] })],
  [3, 'no format', () => importing({ ImageFormat: undefined })],
  [3, 'no way of import', () => importing({ ImportType: undefined })],
  [3, 'no OSType', () => importing({ OSType: undefined })],
  [3, 'no SetArch', () => importing({ SetArch: undefined })],
  [3, 'no OSDistribution', () => importing({ OSDistribution: undefined })],
  [3, 'no OSVersion', () => importing({ OSVersion: undefined })],
  [3, 'no LoadURL', () => importing({ ImportType: 'Remote' })],
  [3, 'no VMID', () => acme.call('CreateCustomImage', fromVm({ VMID: undefined }))],
  [3, 'no tags of a server', () => acme.call('CreateCustomImage', fromVm({ TagKeyValuePairs: [] }))],
  [3, 'no DestImageName', () => admin.call('CloneCustomImageToBaseImage', { SourceImageID: usable })],
  [3, 'no SourceImageID', () => admin.call('CloneCustomImageToBaseImage', { DestImageName: 'a' })],
  [3, 'no image to delete', () => acme.call('DeleteCustomImage')],
  [3, 'no base image to delete', () => admin.call('DeleteBaseImage')],
  [3, 'no image to abort', () => acme.call('AbortCustomImage')],
  [3, 'no image to download', () => acme.call('GetImageDownloadURL')],
  [3, 'no upload to complete', () => acme.call('CompleteImageMultipartUpload', { ImageID: usable })],
  [3, 'no image to complete', () => acme.call('CompleteImageMultipartUpload', { UploadID: 'a' })],
  [3, 'no facts to update', () => acme.call('UpdateImage', update({ OSVersion: undefined }))],
  [4, 'a long name', () => importing({ ImageName: '名'.repeat(51) })],
  [4, 'a space in a name', () => importing({ ImageName: 'a b' })],
  [4, 'a slash in a name', () => importing({ ImageName: 'a/b' })],
  [4, 'a tag that is no pair', () => importing({ TagKeyValuePairs: ['dGVzdA=='] })],
  [4, 'a tag that is not encoded', () => importing({ TagKeyValuePairs: ['a b:c d'] })],
  [4, 'a tag without a key', () => importing({ TagKeyValuePairs: [tagPair('', 'v')] })],
  [4, 'a tag that is not UTF-8', () => importing({ TagKeyValuePairs: ['/w==:/w=='] })],
  [4, 'a size with a fraction', () => importing({ ImageSize: 1.5 })],
  [4, 'a boolean that is none', () => importing({ SupportQGA: 'yes' })],
  [4, 'a LoadURL that is none', () => importing({ ImportType: 'Remote', LoadURL: 'disk.qcow2' })],
  [4, 'a CompanyID that is no number', () => acme.call('DescribeImage', { CompanyID: 'acme' })],
  [101, 'no action', () => raw({ ...known(), Action: undefined })],
  [102, 'no region', () => raw({ ...known(), Region: undefined })],
  [103, 'no public key', () => raw({ ...known(), PublicKey: undefined })],
  [104, 'no signature', () => raw(known(), '', false)],
  [107, 'no CompanyID of an import', () => importing({ CompanyID: undefined })],
  [107, 'no CompanyID of an update', () => acme.call('UpdateImage', update({ CompanyID: undefined }))],
  [107, 'no CompanyID of an abort', () => acme.call('AbortImageMultipartUpload', uploadOf())],
  [109, 'a wrong private key', () => raw(known(), 'wrong')],
  [109, 'an unknown public key', () => raw({ ...known(), PublicKey: 'nobody' })],
  [109, 'a changed parameter', () => raw({ ...known(), Signature: 'f'.repeat(40) }, '', false)],
  [110, 'an unknown action', () => acme.call('DescribeNothing')],
  [110, 'a name that objects have', () => acme.call('constructor')],
  [111, 'a clone by a tenant', () => acme.call('CloneCustomImageToBaseImage', { SourceImageID: usable })],
  [111, 'a base image deleted by a tenant', () => acme.call('DeleteBaseImage', { ImageID: baseImage() })],
  [111, 'a base image changed by a tenant', () => acme.call('UpdateImage', update({ ImageID: baseImage() }))],
  [113, 'a page of none', () => acme.call('DescribeImage', { Limit: 0 })],
  [113, 'a page too large', () => acme.call('DescribeImage', { Limit: 101 })],
  [113, 'a start before the first', () => acme.call('DescribeImageOSVersions', { Offset: -1 })],
  [113, 'an unknown type', () => acme.call('DescribeImage', { ImageType: 'base' })],
  [113, 'an unknown format to look for', () => acme.call('DescribeImage', { ImageFormat: 'raw' })],
  [113, 'an unknown way of import', () => importing({ ImportType: 'Mail' })],
  [113, 'an unknown boot mode', () => importing({ BootloaderType: 'grub' })],
  [113, 'a web address in the description', () => importing({ ImageDescription: 'see HTTP://a' })],
  [113, 'a script in the description', () => importing({ ImageDescription: '<script>' })],
  [113, 'a long description', () => importing({ ImageDescription: '说'.repeat(101) })],
  [113, 'the same tag twice', () => importing({ TagKeyValuePairs: [tagPair('a', '1'), tagPair('a', '2')] })],
  [113, 'an unknown OSType', () => importing({ OSType: 'Plan9' })],
  [113, 'an unknown SetArch', () => importing({ SetArch: 'arm' })],
  [113, 'an unknown OSDistribution', () => importing({ OSDistribution: 'Ubuntu TencentOS' })],
  [113, 'an unknown OSVersion', () => importing({ OSVersion: '77' })],
  [113, 'an unknown OSVersion in an update', () => acme.call('UpdateImage', update({ OSVersion: '77' }))],
  [113, 'a LoadURL by ftp', () => importing({ ImportType: 'Remote', LoadURL: 'ftp://127.0.0.1/a' })],
  [113, 'a LoadURL by file', () => importing({ ImportType: 'Remote', LoadURL: 'file:///etc/passwd' })],
  [113, 'a LoadURL elsewhere', () => importing({ ImportType: 'Remote', LoadURL: 'http://example.com/a' })],
  [113, 'an upload without parts', () => acme.call('CompleteImageMultipartUpload', uploadOf())],
  [114, 'the CompanyID of another', () => acme.call('DescribeImage', { CompanyID: company(test.partner) })],
  [114, 'an import for another', () => importing({ CompanyID: company(test.partner) })],
  [200, 'another upload', () => acme.call('CompleteImageMultipartUpload', uploadOf({ UploadID: 'x' }))],
  [200, 'a project of another', () => importing({ ProjectID: test.partner.ucloudstack.projectId })],
  [200, 'a disk of another server', () => acme.call('CreateCustomImage', fromVm({ DiskID: 'disk-x' }))],
  [200, 'an unknown storage set', () => acme.call('CreateCustomImage', fromVm({ StorageSetType: 'x' }))],
  [
    201,
    'completing what has no upload',
    () => acme.call('CompleteImageMultipartUpload', uploadOf({ ImageID: usable })),
  ],
  [201, 'a download of an encrypted image', () => acme.call('GetImageDownloadURL', { ImageID: ids.locked })],
  [202, 'stopping what is made', () => acme.call('AbortCustomImage', { ImageID: usable })],
  [204, 'deleting twice', () => acme.call('DeleteCustomImage', { ImageID: ids.deleted })],
  [204, 'a deleted image', () => acme.call('GetImageDownloadURL', { ImageID: ids.deleted })],
  [205, 'a destroyed image', () => acme.call('DeleteCustomImage', { ImageID: ids.destroyed })],
  [209, 'deleting what the cloud came with', () => admin.call('DeleteBaseImage', { ImageID: baseImage() })],
  [1000, 'an unknown image', () => acme.call('GetImageDownloadURL', { ImageID: 'image-none' })],
  [1000, "another's image", () => partner.call('GetImageDownloadURL', { ImageID: usable })],
  [
    1000,
    'an image of another region',
    () => callerOf(test, test.acme, 'local-2').call('GetImageDownloadURL', { ImageID: usable }),
  ],
  [1000, 'a base image as a custom one', () => acme.call('DeleteCustomImage', { ImageID: baseImage() })],
  [1000, 'a custom image as a base one', () => admin.call('DeleteBaseImage', { ImageID: usable })],
  [
    1001,
    'a download of what is not there yet',
    () => acme.call('GetImageDownloadURL', { ImageID: ids.waiting }),
  ],
  [
    1001,
    'an update of what is not there yet',
    () => acme.call('UpdateImage', update({ ImageID: ids.waiting })),
  ],
  [
    1001,
    'a clone of what is not there yet',
    () => admin.call('CloneCustomImageToBaseImage', { SourceImageID: ids.waiting, DestImageName: 'a' }),
  ],
  [1002, 'deleting what is being uploaded', () => acme.call('DeleteCustomImage', { ImageID: ids.waiting })],
  [1003, 'a format that is not taken', () => importing({ ImageFormat: 'vmdk' })],
  [
    1003,
    'a clone of an ISO file',
    () => admin.call('CloneCustomImageToBaseImage', { SourceImageID: ids.iso, DestImageName: 'a' }),
  ],
  [1004, 'an unknown server', () => acme.call('CreateCustomImage', fromVm({ VMID: 'vm-none' }))],
  [
    1004,
    "another's server",
    () => acme.call('CreateCustomImage', fromVm({ VMID: vmOf('build', test.partner).id })),
  ],
  [1005, 'a server that restarts', () => acme.call('CreateCustomImage', fromVm({ VMID: vmOf('batch').id }))],
  [1006, 'a broken server', () => acme.call('CreateCustomImage', fromVm({ VMID: vmOf('broken').id }))],
  [
    1008,
    'deleting an image that is attached',
    () => admin.call('DeleteCustomImage', { ImageID: attachedImageId(company(operatorOf(test)), 'local-1') }),
  ],
  [1014, 'a running server', () => acme.call('CreateCustomImage', fromVm({ VMID: vmOf('web').id }))],
  [
    1016,
    'a server that is being made into an image',
    async () => {
      const made = await acme.good('CreateCustomImage', fromVm({}));
      const again = await acme.call('CreateCustomImage', fromVm({}));
      await acme.good('AbortCustomImage', { ImageID: made.ImageID });
      return again;
    },
  ],
  [1017, 'an image that is too large', () => importing({ ImageSize: 2001 })],
  [
    1017,
    'a file that is too large',
    async () => {
      const upload = await acme.good('ImportImage', acme.draft());
      const part = Buffer.alloc(partBytes);
      for (const number of [1, 2, 3]) await acme.part(upload.ImageID, upload.UploadID, number, part);
      const { ImageID, UploadID } = upload;
      const answer = await acme.call('CompleteImageMultipartUpload', { ImageID, UploadID });
      await acme.good('AbortImageMultipartUpload', { ImageID, CompanyID: company(test.acme) });
      return answer;
    },
  ],
  [
    1018,
    'a system that there is for another architecture only',
    () => importing({ OSVersion: '6', SetArch: 'aarch64' }),
  ],
  [
    1019,
    'a storage set without room',
    () => acme.call('CreateCustomImage', fromVm({ StorageSetType: 'StorageSetFull' })),
  ],
  [12000, 'an unknown region', () => raw({ ...known(), Region: 'mars' })],
  [
    17005,
    'one image too many',
    async () => {
      for (let left = 20; left > 0; left -= 1) {
        const answer = await importing({});
        if (answer.retCode !== 0) return answer;
      }
      throw new Error('the quota has no effect');
    },
  ],
  [27001, 'an unknown tenant', () => admin.call('DescribeImage', { CompanyID: 5 })],
];

const company = (account: typeof test.acme) => account.ucloudstack.companyId;
const baseImage = () => baseImageId('local-1', 'CentOS-7.9-x86_64');

describe('a return code by its rule', () => {
  it.each(rows)('%i: %s', async (code, _, call) => {
    const answer = await call();
    expect(answer.retCode).toBe(code);
    expect(answer.message.startsWith(retCodes[code])).toBe(true);
  });
});

const byRule = new Set<number>(rows.map(([code]) => code));
const others = Object.entries(retCodes).filter(([code]) => !byRule.has(Number(code)));

describe('a return code by the fault panel', () => {
  it('is only what has no rule here', () => {
    expect(others.map(([code]) => Number(code))).toEqual([
      2, 106, 112, 199, 208, 550, 559, 560, 1020, 1023, 23001,
    ]);
  });

  it.each(others)('%s: %s', async (code, message) => {
    const body = JSON.stringify({ Action: 'DescribeImageResponse', RetCode: Number(code), Message: message });
    test.cloud.faults.add({ service: 'ucloudstack', action: { kind: 'status', status: 200, body } });
    expect((await acme.call('DescribeImage')).data).toEqual(JSON.parse(body));
    expect((await acme.call('DescribeImage')).retCode).toBe(0);
  });
});
