import { expect, it } from 'vitest';
import { visible, visibleText } from './visible.ts';

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

it('keeps the lines of a text', () => {
  expect(visibleText('a\r\n\tb\u202ec\n\u0007')).toBe('a\r\n\tb⟨U+202E⟩c\n⟨U+0007⟩');
});
