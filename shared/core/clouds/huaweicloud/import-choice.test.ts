// Which way of importing fits which file, and what is said of files that none fits.
import { describe, expect, it } from 'vitest';
import { type ImportQuestion, InvalidInputError, RefusedError } from '../../model/index.ts';
import { chooseImport } from './import-choice.ts';

const GIB = 1024 ** 3;
const CLOUD = 'huaweicloud "prod"';
const OS = 'CentOS 7.0 64bit';
const caught = (question: ImportQuestion): unknown => {
  try {
    return chooseImport(question, CLOUD);
  } catch (error) {
    return error;
  }
};

describe('the choice', () => {
  it.each([
    ['a small disk', { diskFormat: 'qcow2', sizeBytes: GIB }, 'ordinary', 'A qcow2 file with 1 GiB is taken'],
    ['128 GiB exactly', { diskFormat: 'vmdk', sizeBytes: 128 * GIB }, 'ordinary', 'with 128 GiB'],
    ['an unknown size', { diskFormat: 'raw' }, 'ordinary', 'of unknown size'],
    ['a byte more', { diskFormat: 'raw', sizeBytes: 128 * GIB + 1, osVersion: OS }, 'quick', 'bitmap'],
    ['ZVHD2 of 1 TiB', { diskFormat: 'zvhd2', sizeBytes: 1024 * GIB, osVersion: OS }, 'quick', '1024 GiB'],
    ['an ISO', { diskFormat: 'iso', sizeBytes: GIB, osVersion: OS }, 'iso', 'install'],
    ['a data disk', { diskFormat: 'qcow2', sizeBytes: GIB, dataDisk: true }, 'data-disk', 'data disk'],
    [
      'a large data disk',
      { diskFormat: 'raw', sizeBytes: 200 * GIB, dataDisk: true },
      'quick-data-disk',
      'quick',
    ],
    [
      'the user’s own',
      { diskFormat: 'raw', sizeBytes: GIB, osVersion: OS, method: 'quick' },
      'quick',
      'asked',
    ],
    ['a registration', { diskFormat: 'iso', sizeBytes: GIB, method: 'register' }, 'register', 'asked'],
  ])('for %s', (_, question, method, reason) => {
    const choice = chooseImport(question, CLOUD);
    expect(choice).toMatchObject({ method, route: 'bucket' });
    expect(choice.reason).toContain(reason);
    expect(choice.reason).toMatch(/^[A-Z].*\.$/);
  });

  it('says of a RAW file, and of no other, that it needs its bitmap', () => {
    const large = { sizeBytes: 200 * GIB, osVersion: OS };
    expect(chooseImport({ ...large, diskFormat: 'raw' }, CLOUD).reason).toContain('bitmap');
    expect(chooseImport({ ...large, diskFormat: 'zvhd2' }, CLOUD).reason).not.toContain('bitmap');
  });
});

describe('the refusal', () => {
  it.each([
    [
      'a large qcow2',
      { diskFormat: 'qcow2', sizeBytes: 129 * GIB, osVersion: OS },
      /129 GiB.*Convert it to RAW/,
    ],
    ['a large vmdk of data', { diskFormat: 'vmdk', sizeBytes: 129 * GIB, dataDisk: true }, /ZVHD2/],
    ['more than 1 TiB', { diskFormat: 'raw', sizeBytes: 1025 * GIB, osVersion: OS }, /at most 1024 GiB/],
    ['a large ISO', { diskFormat: 'iso', sizeBytes: 129 * GIB, osVersion: OS }, /at most 128 GiB/],
    ['a large file without a system', { diskFormat: 'raw', sizeBytes: 129 * GIB }, /needs an os_version/],
    ['an ISO without a system', { diskFormat: 'iso', sizeBytes: GIB, osVersion: ' ' }, /needs an os_version/],
    ['an ISO of data', { diskFormat: 'iso', dataDisk: true }, /takes no ISO file/],
    ['another format', { diskFormat: 'ova', sizeBytes: GIB }, /format ova cannot be imported.*qemu-img/],
  ])('of %s says what to do', (_, question, message) => {
    const error = caught(question);
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toMatch(message);
    expect((error as RefusedError).details).toMatchObject({ cloud: CLOUD, hint: expect.any(String) });
  });

  it.each([
    ['quick', { diskFormat: 'qcow2', osVersion: OS }, /RAW files with a bitmap and ZVHD2.*this one is qcow2/],
    ['quick', { diskFormat: 'raw' }, /needs an os_version/],
    ['quick', { diskFormat: 'raw', osVersion: OS, dataDisk: true }, /for system disks/],
    ['quick-data-disk', { diskFormat: 'raw', dataDisk: false }, /for data disks/],
    ['ordinary', { diskFormat: 'raw', sizeBytes: 129 * GIB }, /at most 128 GiB/],
    ['ordinary', { diskFormat: 'iso', osVersion: OS }, /takes no ISO file.*method iso/],
    ['iso', { diskFormat: 'qcow2', osVersion: OS }, /only iso/],
    ['register', { diskFormat: 'raw', sizeBytes: 129 * GIB }, /at most 128 GiB/],
    ['teleport', { diskFormat: 'raw' }, /no import method "teleport".*ordinary, quick, iso, data-disk/],
  ])('of the user’s method %s for %j', (method, question, message) => {
    const error = caught({ ...question, method });
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(String(error)).toMatch(message);
  });
});
