// @vitest-environment happy-dom
// A part of the window that fails: what is shown instead.
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTexts } from '../../i18n/index.ts';
import { Boundary } from './index.tsx';

beforeEach(async () => {
  await startTexts('en');
  // React tells of what it caught.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(cleanup);

function Failing({ message }: { message: string }): ReactNode {
  throw new Error(message);
}

describe('a part of the window that fails', () => {
  it('is replaced by what can be done', () => {
    const reload = vi.fn();
    render(
      <Boundary reload={reload}>
        <Failing message="nothing to see" />
      </Boundary>,
    );
    screen.getByRole('alert');
    screen.getByRole('button', { name: 'Load it again' });
    expect(reload).not.toHaveBeenCalled();
  });

  it('is loaded again when the engine has another version by now', () => {
    const reload = vi.fn();
    render(
      <Boundary reload={reload}>
        <Failing message="Failed to fetch dynamically imported module: http://127.0.0.1/assets/x.js" />
      </Boundary>,
    );
    expect(reload).toHaveBeenCalledOnce();
  });
});
