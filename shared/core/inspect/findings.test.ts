import { expect, it } from 'vitest';
import { info, nameFiles } from './findings.ts';

const named = (remedy: string, path = '/a/disk.vmdk') =>
  nameFiles(info('code', 'Message.', remedy), path).remedy;

it('names the file and one beside it, with the ending of its format', () => {
  expect(named('Do: qemu-img convert -O qcow2 IN OUT.')).toBe(
    'Do: qemu-img convert -O qcow2 /a/disk.vmdk /a/disk.new.qcow2.',
  );
  expect(named('qemu-img convert -O raw IN OUT, or qemu-img convert -O vpc -o x=y IN OUT')).toBe(
    'qemu-img convert -O raw /a/disk.vmdk /a/disk.new.raw, or qemu-img convert -O vpc -o x=y /a/disk.vmdk /a/disk.new.vhd',
  );
  expect(named('xz -dk IN')).toBe('xz -dk /a/disk.vmdk');
});

it('quotes for a shell, and takes nothing in a name for a pattern', () => {
  expect(named('--opts file=IN,x', "/a b/$& it's")).toBe("--opts file='/a b/$& it'\\''s',x");
});

it('leaves words alone', () =>
  expect(named('Look INSIDE: IN-place, WITHOUT')).toBe('Look INSIDE: IN-place, WITHOUT'));
