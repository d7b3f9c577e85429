// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderWith } from '../testing/fake-engine.tsx';
import { Cut, endingAt } from './cut.tsx';

afterEach(cleanup);

const ending = (text: string) => {
  const at = endingAt(text);
  return at === undefined ? undefined : text.slice(at);
};

describe('a name in one line', () => {
  it.each([
    ['ubuntu-24.04.qcow2', undefined],
    ['', undefined],
    ['ubuntu-24.04-live-server-2026-11-21.qcow2', '-11-21.qcow2'],
    ['内部基础镜像-生产环境-十一月.qcow2', '十一月.qcow2'],
    [`${'长'.repeat(30)}.img`, '长长长长.img'],
    // What letters and marks are made of is not taken apart.
    [`${'x'.repeat(30)}👩‍💻34567890.b`, '👩‍💻34567890.b'],
    [`${'x'.repeat(30)}⟨U+202E⟩fdp.exe`, '⟨U+202E⟩fdp.exe'],
    ['/home/ada/.config/imagebridge/profiles.yaml', '/profiles.yaml'],
    ['C:\\Users\\ada\\Downloads\\disk.vhdx', '\\disk.vhdx'],
    ['⟨'.padEnd(40, 'x'), 'x'.repeat(12)],
  ])('%s ends with %s', (text, end) => {
    expect(ending(text)).toBe(end);
  });

  it('has its whole as its name and its tooltip, and shows what it hides', async () => {
    const name = `${'x'.repeat(40)}\u202E.qcow2`;
    await renderWith(
      <button type="button">
        <Cut text={name} />
      </button>,
    );
    const whole = `${'x'.repeat(40)}⟨U+202E⟩.qcow2`;
    const button = screen.getByRole('button', { name: whole });
    expect(button.querySelector('.cut')?.getAttribute('title')).toBe(whole);
    expect(button.querySelectorAll('[aria-hidden]')).toHaveLength(2);
  });
});
