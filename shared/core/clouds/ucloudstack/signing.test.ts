// Vectors U1 to U16 of the wire facts: from the vendor's documents and kits, and computed.
import { describe, expect, it } from 'vitest';
import { flatten, type ParameterValue, sign, stringToSign } from './signing.ts';

const SK = '46f09bb9fab4f12dfc160dae12273d5332b5debe';
const PK = 'ucloudsomeone@example.com1296235120854146120';
const OPEN = 'openapisomeone@example.com1296235120854146120';
const host = {
  Action: 'CreateUHostInstance',
  CPU: 2,
  ChargeType: 'Month',
  DiskSpace: 10,
  ImageId: 'f43736e1-65a5-4bea-ad2e-8a46e18883c2',
  LoginMode: 'Password',
  Memory: 2048,
  Name: 'Host01',
  Password: 'VUNsb3VkLmNu',
  Quantity: 1,
  Region: 'cn-bj2',
};
const list = { Action: 'DescribeUHostInstance', Limit: 10, Region: 'cn-bj2' };
const proportion = (value: number) => ({
  Action: 'DescribeUHostInstance',
  Proportion: value,
  Region: 'cn-bj2',
});
const describeImage = {
  Action: 'DescribeImage',
  ImageIDs: ['image-3r7855j9jjjml5', 'image-77rnt1gt5ovkp0'],
  ImageType: 'Custom',
  Limit: 20,
  Offset: 0,
  Region: 'cn',
};
const importImage = {
  Action: 'ImportImage',
  BootloaderType: 'bios',
  CompanyID: 200000236,
  ImageFormat: 'qcow2',
  ImageName: '镜像-test',
  ImageSize: 40,
  ImportType: 'Local',
  OSDistribution: 'CentOS',
  OSType: 'Linux',
  OSVersion: 7,
  Region: 'cn',
  SetArch: 'x86_64',
  SupportCloudInit: false,
  SupportQGA: true,
  TagKeyValuePairs: ['dGVzdA==:dGVzdC0x'],
};
const vm = {
  Action: 'DescribeVMInstance',
  Limit: 20,
  Offset: 0,
};
const VM_PK = '1UxDcqTHEGGGviQFqlt870EbLuaSJPZOB8hZ74tL';
const VM_SK = 'tcgX3Xi_mAKpQayggnVLWzerkWB_fH1KXuk05hUrus8KSziLVyjWXwKZ80FOOldC';
const foo = { Action: 'foo', Name: 'foo', ProjectId: 'bar', Region: 'cn-bj2', SecurityToken: '42' };
const backends = Array.from({ length: 12 }, (_, i) => ['foo', 'bar', '42'][i % 3]);

const vectors: [string, Record<string, ParameterValue>, string | undefined, string, string][] = [
  ['U1', list, PK, SK, 'cba5cf5ec4d4233d206b1b54951e3787350a642f'],
  ['U2', list, 'someone@example.com1296235120854146120', SK, '4201919d267504385deb93af19e0197870fed36b'],
  ['U3', vm, VM_PK, VM_SK, '2d86e5b4186ac6e42b628f258a7037c7636c9a81'],
  ['U4', host, PK, SK, 'ad22c1e5d9571e532a9fffa2b2422d35b14b2f1e'],
  ['U5', { ...host, Zone: 'cn-bj2-04' }, PK, SK, '4f9ef5df2abab2c6fccd1e9515cb7e2df8c6bb65'],
  ['U6', { ...host, SecurityToken: 'some_stoken' }, PK, SK, 'f834b40c4d0312ae837105bcacac3ea0f6be4512'],
  [
    'U7',
    { ...host, Zone: 'cn-bj2-04', SecurityToken: 'some_stoken' },
    PK,
    SK,
    '170c480ad176a247b324eb92a2cfe536aacfbd04',
  ],
  [
    'U8',
    { Action: 'AllocateBackendBatch', Backends: backends },
    PK,
    SK,
    '6bc32642779f8cb0bb3d3f128b1c0688abf9a1a3',
  ],
  ['U9', proportion(35.0), OPEN, SK, 'e026f17a8613fc3e9eace5a6d7e5dc4528b22c89'],
  ['U10', proportion(65.722), OPEN, SK, 'f5763a30443d793499454e893f9469e7f38fe724'],
  ['U11', list, OPEN, SK, '21225896d287a006487c7007267161244953666c'],
  ['U12', { foo: 'bar' }, undefined, 'my_private_key', '634edc1bb957c0d65e5ab5494cf3b7784fbc87af'],
  ['U13', { foo: 'bar' }, 'my_public_key', 'my_private_key', 'd4411ab30953fb0bbcb1e7313081f05e4e91a394'],
  ['U14', foo, 'foo', 'bar', '94b43e973dc79aa6bcbbfa273fb7e956fbd1db0e'],
  ['U15', describeImage, PK, SK, '9cd4f3c8546dabb1ec1125bb0e7265da523d64a7'],
  ['U16', importImage, PK, SK, '4e2a3e61a4ae8f90f2a74ddbb7ced4ad2b9b6062'],
];

describe('the signature', () => {
  it.each(vectors)('%s', (_, parameters, PublicKey, privateKey, expected) => {
    expect(sign(flatten({ ...parameters, PublicKey }), privateKey)).toBe(expected);
  });

  it('is over names and raw values in the order of bytes', () => {
    expect(stringToSign(flatten({ ...describeImage, PublicKey: PK, Signature: 'not signed' }))).toBe(
      `ActionDescribeImageImageIDs.0image-3r7855j9jjjml5ImageIDs.1image-77rnt1gt5ovkp0ImageTypeCustomLimit20Offset0PublicKey${PK}Regioncn`,
    );
  });

  it('leaves empty values out and writes numbers plainly', () => {
    expect(
      flatten({ a: '', b: null, c: undefined, d: 42.0, e: 1e21, f: 1e-7, g: false, h: { i: [{ j: 1 }] } }),
    ).toEqual({ d: '42', e: '1000000000000000000000', f: '0.0000001', g: 'false', 'h.i.0.j': '1' });
  });
});
