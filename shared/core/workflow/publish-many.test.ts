import { expect, it } from 'vitest';
import { nameOfFile } from './publish-many.ts';

it.each([
  ['/a/b/disk.qcow2', 'disk'],
  ['ubuntu-22.04.qcow2', 'ubuntu-22.04'],
  ['ubuntu-22.04', 'ubuntu-22.04'],
  ['disk.raw.xz', 'disk'],
  ['debian 12 (netinst).iso', 'debian-12-netinst'],
  ['.qcow2', 'image'],
])('an image of %s is called %s', (file, name) => expect(nameOfFile(file)).toBe(name));
