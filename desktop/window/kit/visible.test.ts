import { expect, it } from 'vitest';
import { visible } from './visible.ts';

it.each([
  ['ubuntu-24.04 (final).qcow2', 'ubuntu-24.04 (final).qcow2'],
  ['镜像.iso', '镜像.iso'],
  ['مثال.raw', 'مثال.raw'],
  ['invoice\u202efdp.exe', 'invoice⟨U+202E⟩fdp.exe'],
  ['two\nlines\t.raw', 'two⟨U+000A⟩lines⟨U+0009⟩.raw'],
  ['a\u200bb', 'a⟨U+200B⟩b'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['a\u200d', 'a⟨U+200D⟩'],
])('%j is shown as %j', (name, shown) => {
  expect(visible(name)).toBe(shown);
});
