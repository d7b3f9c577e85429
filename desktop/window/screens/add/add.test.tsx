// @vitest-environment happy-dom

import type { DesktopBridge, FileEntry } from '@imagebridge/desktop-contract';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { visible } from '../../kit/index.ts';
import { renderWith } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { AddProvider, useAdd } from './index.tsx';
import { crumbsOf, nameOf, parentOf, rootOf } from './paths.ts';
import { groupRefused } from './refused.tsx';

const HOSTILE = '<img src=x onerror=alert(1)>\u202Egpj.iso';

beforeEach(() => {
  fakeLayout();
  window.location.hash = '';
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  Reflect.deleteProperty(window, 'imagebridge');
});

function Buttons({ onPath }: { onPath?: (path: string | undefined) => void }) {
  const add = useAdd();
  return (
    <>
      <button type="button" onClick={() => add.pick()}>
        pick
      </button>
      <button type="button" onClick={() => void add.pickPath().then((path) => onPath?.(path))}>
        pick one
      </button>
    </>
  );
}

/** The app's side of the window, as far as adding needs it. */
function inApp(bridge: Partial<DesktopBridge>): void {
  Object.defineProperty(window, 'imagebridge', { value: bridge, configurable: true });
}

const dropOf = (files: readonly File[]) => ({ dataTransfer: { types: ['Files'], files } });
const someFiles = (count: number) => Array.from({ length: count }, (_, i) => new File([], `${i}.iso`));

describe('dropping files', () => {
  it('adds what is dropped on the app, and opens the details of a single file', async () => {
    inApp({ pathsOf: (files) => files.map(({ name }) => `/home/me/${name}`) });
    const { last } = await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
      { answers: { 'tasks.add': () => ({ added: ['t9'], refused: [] }) } },
    );
    fireEvent.dragEnter(document.body, dropOf([]));
    await screen.findByText('Drop the files to add them');
    fireEvent.drop(document.body, dropOf(someFiles(1)));
    await waitFor(() => expect(window.location.hash).toBe('#/queue?task=t9'));
    expect(last('tasks.add')).toEqual({ paths: ['/home/me/0.iso'] });
    expect(screen.queryByText('Drop the files to add them')).toBeNull();
  });

  it('sends 10,000 files in calls of a bounded size, and shows the refused ones grouped, drawing few', async () => {
    inApp({ pathsOf: (files) => files.map(({ name }) => `/home/me/${name}`) });
    const { calls, baseElement } = await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
      {
        answers: {
          'tasks.add': ({ paths }) => ({
            added: [],
            refused: paths.map((path) => ({
              path,
              problem: { kind: 'invalid', message: `${path} is a folder.`, hint: 'Add the files in it.' },
            })),
          }),
        },
      },
    );
    fireEvent.drop(document.body, dropOf(someFiles(10_000)));
    await screen.findByText('10,000 files were not added', undefined, { timeout: 10_000 });
    const adds = calls.filter(({ method }) => method === 'tasks.add');
    expect(adds.length).toBeGreaterThan(1);
    expect(screen.getAllByText(/is a folder/)).toHaveLength(1);
    screen.getByText('Add the files in it.');
    await waitFor(() => expect(baseElement.querySelectorAll('.refused-path').length).toBeGreaterThan(5));
    expect(baseElement.querySelectorAll('.refused-path').length).toBeLessThan(60);
  });

  it('does not take a drop in a browser, says why, and offers the picker', async () => {
    const { calls } = await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
      { answers: { 'files.roots': () => ({ roots: [] }) } },
    );
    fireEvent.dragEnter(document.body, dropOf([]));
    await screen.findByText('A browser does not tell where a dropped file lies');
    fireEvent.drop(document.body, dropOf(someFiles(2)));
    await screen.findByText(/A web page is given a file's content/);
    expect(calls.some(({ method }) => method === 'tasks.add')).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Choose files…' }));
    await screen.findByRole('heading', { name: 'Choose files' });
  });

  it('has an overlay that goes when the files leave the window, and ignores dragged text', async () => {
    inApp({ pathsOf: () => [] });
    await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
    );
    fireEvent.dragEnter(document.body, { dataTransfer: { types: ['text/plain'], files: [] } });
    expect(screen.queryByText('Drop the files to add them')).toBeNull();
    fireEvent.dragEnter(document.body, dropOf([]));
    fireEvent.dragLeave(document.body, dropOf([]));
    await waitFor(() => expect(screen.queryByText('Drop the files to add them')).toBeNull());
  });

  it('says so when nothing of a drop has a path', async () => {
    inApp({ pathsOf: () => [] });
    await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
    );
    act(() => void fireEvent.drop(document.body, dropOf(someFiles(1))));
    await screen.findAllByText('These have no place on disk');
  });
});

const entry = (path: string, kind: 'file' | 'folder', over: Partial<FileEntry> = {}): FileEntry => ({
  name: nameOf(path),
  path,
  kind,
  ...over,
});

const FOLDERS: Record<string, FileEntry[]> = {
  '/srv/images': [
    entry('/srv/images/b.iso', 'file', { sizeBytes: 1536 }),
    entry('/srv/images/.hidden.iso', 'file'),
    entry('/srv/images/old', 'folder'),
    { ...entry('/srv/images/h', 'file'), name: HOSTILE },
  ],
  '/srv/images/old': [entry('/srv/images/old/a 10.iso', 'file'), entry('/srv/images/old/a 9.iso', 'file')],
};

const pickerAnswers = {
  'files.roots': () => ({ roots: [entry('/srv/images', 'folder')] }),
  'files.list': ({ path }: { path: string }) => {
    const entries = FOLDERS[path];
    if (entries === undefined) throw new Error(`${path} is not allowed`);
    return { path, entries, truncated: false };
  },
};

describe('the picker of a browser', () => {
  it('goes through folders by the keyboard and adds what was chosen in several', async () => {
    const user = userEvent.setup();
    const { last } = await renderWith(
      <AddProvider>
        <Buttons />
      </AddProvider>,
      { answers: { ...pickerAnswers, 'tasks.add': () => ({ added: ['a', 'b'], refused: [] }) } },
    );
    await user.click(screen.getByText('pick'));
    const list = await screen.findByRole('list', { name: 'Content of the folder' });
    const names = (await within(list).findAllByRole('button')).map((button) => button.textContent);
    expect(names[0]).toContain('old');
    expect(names.join()).not.toContain('.hidden');
    expect(names.join()).toContain(visible(HOSTILE));
    expect(document.querySelector('.picker img')).toBeNull();

    within(list).getAllByRole('button')[0]?.focus();
    await user.keyboard('{End}{Enter}');
    screen.getByText('1 file chosen');
    await user.keyboard('{Home}{Enter}');
    await screen.findByText('a 9.iso');
    const inner = within(screen.getByRole('list', { name: 'Content of the folder' })).getAllByRole('button');
    expect(inner.map((button) => button.textContent)).toEqual(['a 9.iso', 'a 10.iso']);
    inner[0]?.focus();
    await user.keyboard(' {ArrowDown} ');
    await user.click(screen.getByRole('button', { name: 'Add 3 files' }));
    await waitFor(() =>
      expect(last('tasks.add')).toEqual({
        paths: ['/srv/images/b.iso', '/srv/images/old/a 9.iso', '/srv/images/old/a 10.iso'],
      }),
    );

    // It opens where it was last.
    await user.click(screen.getByText('pick'));
    await screen.findByText('a 9.iso');
    await user.click(screen.getByRole('button', { name: 'One folder up' }));
    await screen.findByText('b.iso');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
  });

  it('filters, shows hidden files, and takes a pasted path', async () => {
    const user = userEvent.setup();
    const told: (string | undefined)[] = [];
    await renderWith(
      <AddProvider>
        <Buttons onPath={(path) => told.push(path)} />
      </AddProvider>,
      { answers: pickerAnswers },
    );
    await user.click(screen.getByText('pick one'));
    await screen.findByText('b.iso');
    await user.click(screen.getByRole('checkbox', { name: 'Show hidden files' }));
    screen.getByText('.hidden.iso');
    await user.type(screen.getByRole('searchbox'), 'B.ISO');
    expect(screen.queryByText('.hidden.iso')).toBeNull();
    await user.type(screen.getByLabelText('Or type a path'), '/etc/passwd');
    await user.click(screen.getByRole('button', { name: 'Go' }));
    await screen.findByText('/etc/passwd is not allowed');
    await user.clear(screen.getByLabelText('Or type a path'));
    await user.type(screen.getByLabelText('Or type a path'), '"/srv/images/old/a 9.iso"{Enter}');
    await screen.findByText('1 file chosen');
    await user.click(screen.getByRole('button', { name: 'Use this file' }));
    await waitFor(() => expect(told).toEqual(['/srv/images/old/a 9.iso']));
  });
});

describe('paths and refusals', () => {
  it.each([
    [
      '/',
      '/srv/a b',
      [
        ['/', '/'],
        ['srv', '/srv'],
        ['a b', '/srv/a b'],
      ],
    ],
    ['/srv', '/srv', [['/srv', '/srv']]],
    [
      'C:\\images',
      'C:\\images\\x',
      [
        ['C:\\images', 'C:\\images'],
        ['x', 'C:\\images\\x'],
      ],
    ],
    ['/srv', '/srv2/x', [['x', '/srv2/x']]],
  ])('below %s, %s has its crumbs', (root, path, crumbs) => {
    expect(crumbsOf(path, { name: root, path: root }).map(({ name, path: at }) => [name, at])).toEqual(
      crumbs,
    );
  });

  it('finds parent and root', () => {
    expect(parentOf('/srv/images/')).toBe('/srv');
    expect(parentOf('/srv')).toBe('/');
    expect(parentOf('x')).toBeUndefined();
    const roots = ['/srv', '/srv/images', '/home'].map((path) => ({ name: path, path }));
    expect(rootOf('/srv/images/x', roots)?.path).toBe('/srv/images');
    expect(rootOf('/etc', roots)).toBeUndefined();
  });

  it('groups refusals that differ by the path only', () => {
    const groups = groupRefused(
      ['/a/one', '/a/two', '/b/three'].map((path, i) => ({
        path,
        problem: { kind: 'x', message: i < 2 ? `${path} is empty.` : 'No such file.' },
      })),
      ({ message }) => ({ message, whole: message, brief: message }),
    );
    expect(groups.map(({ reason, paths }) => [reason, paths.length])).toEqual([
      ['… is empty.', 2],
      ['No such file.', 1],
    ]);
  });
});
