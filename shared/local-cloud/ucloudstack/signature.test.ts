// The verifying code against published signatures, and against signatures that are wrong by a little.
import { describe, expect, it } from 'vitest';
import { isSigned, signatureOf, signedOrder, stringToSign } from './signature.ts';

const someone = 'ucloudsomeone@example.com1296235120854146120';
const key = '46f09bb9fab4f12dfc160dae12273d5332b5debe';
const stackKey = 'tcgX3Xi_mAKpQayggnVLWzerkWB_fH1KXuk05hUrus8KSziLVyjWXwKZ80FOOldC';

const vectors: [name: string, privateKey: string, parameters: Record<string, string>, signature: string][] = [
  [
    'U3, of the documents of UCloudStack',
    stackKey,
    {
      PublicKey: '1UxDcqTHEGGGviQFqlt870EbLuaSJPZOB8hZ74tL',
      Action: 'DescribeVMInstance',
      Limit: '20',
      Offset: '0',
    },
    '2d86e5b4186ac6e42b628f258a7037c7636c9a81',
  ],
  [
    'U8, whose order is that of bytes',
    key,
    {
      PublicKey: someone,
      Action: 'AllocateBackendBatch',
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [
          `Backends.${index}`,
          ['foo', 'bar', '42'][index % 3] ?? '',
        ]),
      ),
    },
    '6bc32642779f8cb0bb3d3f128b1c0688abf9a1a3',
  ],
  [
    'U15, a list of images',
    key,
    {
      Region: 'cn',
      PublicKey: someone,
      Offset: '0',
      Limit: '20',
      ImageType: 'Custom',
      'ImageIDs.0': 'image-3r7855j9jjjml5',
      'ImageIDs.1': 'image-77rnt1gt5ovkp0',
      Action: 'DescribeImage',
    },
    '9cd4f3c8546dabb1ec1125bb0e7265da523d64a7',
  ],
  [
    'U16, an import with a Chinese name',
    key,
    {
      PublicKey: someone,
      Action: 'ImportImage',
      BootloaderType: 'bios',
      CompanyID: '200000236',
      ImageFormat: 'qcow2',
      ImageName: '镜像-test',
      ImageSize: '40',
      ImportType: 'Local',
      OSDistribution: 'CentOS',
      OSType: 'Linux',
      OSVersion: '7',
      Region: 'cn',
      SetArch: 'x86_64',
      SupportCloudInit: 'false',
      SupportQGA: 'true',
      'TagKeyValuePairs.0': 'dGVzdA==:dGVzdC0x',
    },
    '4e2a3e61a4ae8f90f2a74ddbb7ced4ad2b9b6062',
  ],
];

describe('a signature', () => {
  it.each(vectors)('is that of %s', (_, privateKey, parameters, signature) => {
    expect(signatureOf(new Map(Object.entries(parameters)), privateKey)).toBe(signature);
    expect(isSigned(new Map(Object.entries({ ...parameters, Signature: signature })), privateKey)).toBe(true);
  });

  it('is refused when anything is different', () => {
    const [, , parameters = {}, signature = ''] = vectors[3] ?? [];
    const check = (changes: Record<string, string>, privateKey = key) =>
      isSigned(new Map(Object.entries({ ...parameters, Signature: signature, ...changes })), privateKey);
    expect(check({})).toBe(true);
    expect(check({ ImageSize: '41' })).toBe(false);
    expect(check({ Extra: '1' })).toBe(false);
    expect(check({ Signature: signature.toUpperCase() })).toBe(false);
    expect(check({ Signature: signature.slice(1) })).toBe(false);
    expect(check({ Signature: '' })).toBe(false);
    expect(check({}, `${key} `)).toBe(false);
  });

  it('signs names and raw values in the order of bytes', () => {
    expect(signedOrder(['B.2', 'B.10', 'a', 'B', 'Signature', 'Z', '镜'])).toEqual([
      'B',
      'B.10',
      'B.2',
      'Z',
      'a',
      '镜',
    ]);
    expect(stringToSign(new Map(Object.entries(vectors[2]?.[2] ?? {})))).toBe(
      `ActionDescribeImageImageIDs.0image-3r7855j9jjjml5ImageIDs.1image-77rnt1gt5ovkp0ImageTypeCustomLimit20Offset0PublicKey${someone}Regioncn`,
    );
  });
});
